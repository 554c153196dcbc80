"""The forward algorithm as a product of 2 x 2 matrices, transition times densities, taken in pairs: seven products of
whole arrays in place of a hundred steps. Densities are relative to that of the likelier state, so that no factor is
above one, and the products are scaled up half way."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc.distributions.transforms import Chain, log, ordered


def halves_first(steps):
    """Return the order in which pairs of neighbours are `x[k], x[k + n / 2]`, and so are pairs of their products."""
    order = np.array([0])
    while order.size < steps:
        order = np.concatenate([2 * order, 2 * order + 1])
    return order


def build_model(data):
    y = np.asarray(data["y"], float)
    order = halves_first(y.size)
    real = np.arange(order.size) < y.size
    used = real[order].astype(float)
    moves = (real & (np.arange(order.size) > 0))[order].astype(float)  # no transition before the first observation
    seen = np.where(real, np.pad(y, (0, order.size - y.size)), 0.0)[order]
    with pm.Model(check_bounds=False) as model:
        theta1 = pm.Dirichlet("theta1", np.ones(2))
        theta2 = pm.Dirichlet("theta2", np.ones(2))
        mu = pm.Normal("mu", [3.0, 10.0], 1, transform=Chain([log, ordered]), initval=np.array([3.0, 10.0]))
        d = (mu[1] - mu[0]) * (seen - 0.5 * (mu[0] + mu[1]) * used)
        positive = pt.maximum(d, 0)
        densities = pt.stack([pt.exp(-positive), pt.exp(d - positive)])
        transition = pt.stack([theta1, theta2])
        stays = np.eye(2)[:, :, None] * (1 - moves)
        product = (transition[:, :, None] * moves + stays) * densities[None]
        scale = 0.0
        for level in range(order.size.bit_length() - 1):
            half = order.size >> (level + 1)
            first, second = product[:, :, :half], product[:, :, half:]
            product = pt.sum(first[:, :, None] * second[None], axis=1)
            if half == 8:
                total = pt.sum(product, axis=(0, 1))
                product, scale = product / total, pt.sum(pt.log(total))
        base = pt.sum(positive) - 0.5 * pt.sum((y - mu[0]) ** 2)
        pm.Potential("likelihood", pt.log(pt.sum(product)) + scale + base)
    return model
