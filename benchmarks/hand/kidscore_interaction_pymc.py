"""The data enter through the least-squares fit: |y - X beta|^2 = |z - R beta|^2 + rss, with X = Q R and z = Q' y."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt


def build_model(data):
    score, hs, iq = (np.asarray(data[name], float) for name in ("kid_score", "mom_hs", "mom_iq"))
    design = np.column_stack([np.ones_like(hs), hs, iq, hs * iq])
    q, r = np.linalg.qr(design)
    z = q.T @ score
    rss = np.sum((score - q @ z) ** 2)
    with pm.Model(check_bounds=False) as model:
        beta = pm.Flat("beta", shape=4)
        sigma = pm.HalfCauchy("sigma", 2.5)
        squares = rss + pt.sum((z - r @ beta) ** 2)
        pm.Potential("likelihood", -score.size * pt.log(sigma) - 0.5 * squares / sigma**2)
    return model
