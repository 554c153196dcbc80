"""As in wells_interaction_c_pymc.py: sums over persons and over items, and one logarithm for the answers to an item."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt


def build_model(data):
    y = np.asarray(data["y"], float)
    items, persons = y.shape
    if persons > 1000:
        raise ValueError("a product of as many factors as there are persons may overflow")
    signed = y - 0.5
    right = signed.sum(axis=1)
    with pm.Model(check_bounds=False) as model:
        sigma_theta = pm.HalfCauchy("sigma_theta", 2)
        theta = pm.Normal("theta", 0, sigma_theta, shape=persons)
        sigma_a = pm.HalfCauchy("sigma_a", 2)
        a = pm.LogNormal("a", 0, sigma_a, shape=items)
        mu_b = pm.Normal("mu_b", 0, 5)
        sigma_b = pm.HalfCauchy("sigma_b", 2)
        b = pm.Normal("b", mu_b, sigma_b, shape=items)
        size = pt.abs(a[:, None] * (theta - b[:, None]))
        answers = pt.sum(a * (signed @ theta - right * b))
        logs = pt.sum(pt.log(pt.prod(1 + pt.exp(-size), axis=1, no_zeros_in_input=True)))
        pm.Potential("likelihood", answers - 0.5 * pt.sum(size) - logs)
    return model
