"""log(theta f1 + (1 - theta) f2) = log(theta f1) + softplus(d), where d is quadratic in y: the first sum needs the mean
and the variance of y alone."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc.distributions.transforms import ordered


def build_model(data):
    y = np.asarray(data["y"], float)
    n, centre = y.size, y.mean()
    squares, y2 = np.sum((y - centre) ** 2), y**2
    with pm.Model(check_bounds=False) as model:
        mu = pm.Normal("mu", 0, 2, shape=2, transform=ordered, initval=np.array([-1.0, 1.0]))
        sigma = pm.HalfNormal("sigma", 2, shape=2)
        theta = pm.Beta("theta", 5, 5)
        p1, p2 = sigma[0] ** -2, sigma[1] ** -2
        at_zero = pt.log(sigma[0] / sigma[1]) + pt.log((1 - theta) / theta) + 0.5 * (p1 * mu[0] ** 2 - p2 * mu[1] ** 2)
        d = at_zero + (p2 * mu[1] - p1 * mu[0]) * y + 0.5 * (p1 - p2) * y2
        first = n * pt.log(theta / sigma[0]) - 0.5 * p1 * (squares + n * (centre - mu[0]) ** 2)
        pm.Potential("likelihood", first + pt.sum(pt.softplus(d)))
    return model
