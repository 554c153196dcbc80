"""The answers enter through their sums over persons and over items, which leaves one softplus an answer."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt


def build_model(data):
    y = np.asarray(data["y"], float)
    items, persons = y.shape
    right = y.sum(axis=1)
    with pm.Model(check_bounds=False) as model:
        sigma_theta = pm.HalfCauchy("sigma_theta", 2)
        theta = pm.Normal("theta", 0, sigma_theta, shape=persons)
        sigma_a = pm.HalfCauchy("sigma_a", 2)
        a = pm.LogNormal("a", 0, sigma_a, shape=items)
        mu_b = pm.Normal("mu_b", 0, 5)
        sigma_b = pm.HalfCauchy("sigma_b", 2)
        b = pm.Normal("b", mu_b, sigma_b, shape=items)
        eta = a[:, None] * (theta - b[:, None])
        answers = pt.sum(a * (y @ theta - right * b))
        pm.Potential("likelihood", answers - pt.sum(pt.softplus(eta)))
    return model
