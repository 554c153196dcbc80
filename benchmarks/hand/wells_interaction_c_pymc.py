"""Logistic regression: the answers enter through X' y, which leaves one softplus a row."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt


def build_model(data):
    dist, arsenic, switched = (np.asarray(data[name], float) for name in ("dist", "arsenic", "switched"))
    c_dist, c_arsenic = (dist - dist.mean()) / 100, arsenic - arsenic.mean()
    columns = [c_dist, c_arsenic, c_dist * c_arsenic]
    sums = [column @ switched for column in columns]
    with pm.Model(check_bounds=False) as model:
        alpha = pm.Flat("alpha")
        beta = pm.Flat("beta", shape=3)
        slopes = [beta[k] for k in range(3)]
        eta = alpha + sum(slope * column for slope, column in zip(slopes, columns, strict=True))
        answers = switched.sum() * alpha + sum(slope * total for slope, total in zip(slopes, sums, strict=True))
        pm.Potential("likelihood", answers - pt.sum(pt.softplus(eta)))
    return model
