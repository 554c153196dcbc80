"""Trials with equal predictors are one binomial observation, and the shocks enter through X' y."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt


def build_model(data):
    y = np.asarray(data["y"])
    shock = np.cumsum(y, axis=1) - y
    avoid = np.cumsum(1 - y, axis=1) - (1 - y)
    pairs = np.column_stack([avoid.ravel(), shock.ravel()])
    cells, cell = np.unique(pairs, axis=0, return_inverse=True)
    trials = np.bincount(cell).astype(float)
    avoids, shocks = cells.T.astype(float)
    sums = np.array([y.sum(), (avoid * y).sum(), (shock * y).sum()], float)
    with pm.Model(check_bounds=False) as model:
        beta = pm.Normal("beta", 0, 100, shape=3)
        eta = beta[0] + beta[1] * avoids + beta[2] * shocks
        pm.Potential("likelihood", pt.sum(sums * beta) - pt.sum(trials * pt.softplus(eta)))
    return model
