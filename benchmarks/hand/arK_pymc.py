"""As in kidscore_interaction_pymc.py: the lagged values are data, so the likelihood is a regression."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt


def build_model(data):
    y, lags = np.asarray(data["y"], float), int(data["K"])
    observed = y[lags:]
    design = np.column_stack([np.ones_like(observed), *(y[lags - k : -k] for k in range(1, lags + 1))])
    q, r = np.linalg.qr(design)
    z = q.T @ observed
    rss = np.sum((observed - q @ z) ** 2)
    with pm.Model(check_bounds=False) as model:
        alpha = pm.Normal("alpha", 0, 10)
        beta = pm.Normal("beta", 0, 10, shape=lags)
        sigma = pm.HalfCauchy("sigma", 2.5)
        squares = rss + pt.sum((z - r[:, 0] * alpha - r[:, 1:] @ beta) ** 2)
        pm.Potential("likelihood", -observed.size * pt.log(sigma) - 0.5 * squares / sigma**2)
    return model
