"""Logistic regression by log(1 + exp(x)) = (x + |x|) / 2 + log(1 + exp(-|x|)): the linear part needs sums over the
answers alone, and the last a single logarithm for a product over 500 rows (no factor is above 2)."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt

ROWS = 500


def build_model(data):
    dist, arsenic, switched = (np.asarray(data[name], float) for name in ("dist", "arsenic", "switched"))
    c_dist, c_arsenic = (dist - dist.mean()) / 100, arsenic - arsenic.mean()
    design = np.column_stack([c_dist, c_arsenic, c_dist * c_arsenic])
    sums = (switched - 0.5) @ design
    whole = dist.size - dist.size % ROWS
    with pm.Model(check_bounds=False) as model:
        alpha = pm.Flat("alpha")
        beta = pm.Flat("beta", shape=3)
        size = pt.abs(alpha + design @ beta)
        factors = 1 + pt.exp(-size)
        products = [
            pt.prod(factors[:whole].reshape((-1, ROWS)), axis=1, no_zeros_in_input=True),
            pt.prod(factors[whole:], no_zeros_in_input=True)[None],
        ]
        logs = pt.sum(pt.log(pt.concatenate(products)))
        pm.Potential("likelihood", np.sum(switched - 0.5) * alpha + pt.sum(sums * beta) - 0.5 * pt.sum(size) - logs)
    return model
