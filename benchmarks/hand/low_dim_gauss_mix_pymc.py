"""log(theta f1 + (1 - theta) f2) = log(theta f1) + log(1 + exp(d)), where d is quadratic in y. With
log(1 + exp(d)) = (d + |d|) / 2 + log(1 + exp(-|d|)) most of it needs sums of y and y^2 alone, and a product over 500
observations has one logarithm (no factor is above 2)."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc.distributions.transforms import ordered

ROWS = 500


def build_model(data):
    y = np.asarray(data["y"], float)
    n, centre = y.size, y.mean()
    squares, y2 = np.sum((y - centre) ** 2), y**2
    whole = n - n % ROWS
    with pm.Model(check_bounds=False) as model:
        mu = pm.Normal("mu", 0, 2, shape=2, transform=ordered, initval=np.array([-1.0, 1.0]))
        sigma = pm.HalfNormal("sigma", 2, shape=2)
        theta = pm.Beta("theta", 5, 5)
        p1, p2 = sigma[0] ** -2, sigma[1] ** -2
        d0 = pt.log(sigma[0] / sigma[1]) + pt.log((1 - theta) / theta) + 0.5 * (p1 * mu[0] ** 2 - p2 * mu[1] ** 2)
        d1, d2 = p2 * mu[1] - p1 * mu[0], 0.5 * (p1 - p2)
        size = pt.abs(d0 + d1 * y + d2 * y2)
        factors = 1 + pt.exp(-size)
        logs = pt.sum(pt.log(pt.prod(factors[:whole].reshape((-1, ROWS)), axis=1, no_zeros_in_input=True)))
        if whole < n:
            logs += pt.log(pt.prod(factors[whole:], no_zeros_in_input=True))
        first = n * pt.log(theta / sigma[0]) - 0.5 * p1 * (squares + n * (centre - mu[0]) ** 2)
        halves = 0.5 * (n * d0 + y.sum() * d1 + y2.sum() * d2 + pt.sum(size))
        pm.Potential("likelihood", first + halves + logs)
    return model
