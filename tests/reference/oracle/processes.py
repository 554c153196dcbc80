"""Gaussian processes: unknown functions, and functions observed with noise."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tests.reference.oracle.kit import HN, PO, N, X, Y, case, pos, real

D = np.abs(np.subtract.outer(X, X))


def MVN(x, mean, cov):
    return stats.multivariate_normal(np.broadcast_to(mean, len(cov)), cov).logpdf(x)


@case(
    """
k_i ~ Poisson(exp(f_i))
f ~ GaussianProcess(m, exp_quad(x, alpha = a, length = l))
m ~ Normal(0, 1)
a ~ Half-Normal(1)
l ~ Half-Normal(1)
""",
    {"k": [3, 0, 2, 1, 4], "x": X},
    f=real(5),
    m=real(),
    a=pos(),
    l=pos(),
)
def gp_counts(p, d):
    cov = p["a"] ** 2 * np.exp(-(D**2) / (2 * p["l"] ** 2)) + 1e-6 * np.eye(5)
    return PO(d["k"], np.exp(p["f"])) + MVN(p["f"], p["m"], cov) + N(p["m"]) + HN(p["a"]) + HN(p["l"])


@case(
    """
y ~ GP(line, matern52(x, a, 2) + periodic(x, alpha = 1, length = l, period = 3), noise = s)
line_i = b * x_i
b ~ Normal(0, 1)
a ~ Half-Normal(1)
l ~ Half-Normal(1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    b=real(),
    a=pos(),
    l=pos(),
    s=pos(),
)
def gp_noise(p, d):
    r = np.sqrt(5) * D / 2
    cov = p["a"] ** 2 * (1 + r + r**2 / 3) * np.exp(-r)
    cov = cov + np.exp(-2 * np.sin(np.pi * D / 3) ** 2 / p["l"] ** 2) + p["s"] ** 2 * np.eye(5)
    return MVN(d["y"], p["b"] * d["x"], cov) + N(p["b"]) + HN(p["a"]) + HN(p["l"]) + HN(p["s"])


@case(
    """
y_ij ~ Normal(f_ij, 0.5)
f_i ~ GP(0, matern32(x, a, l_i) * exponential(x, 1, 2), jitter = 0.01) for i in 1..2
a ~ Half-Normal(1)
l_i ~ Half-Normal(1)
""",
    {"y": [Y, X], "x": X},
    f=real(2, 5),
    a=pos(),
    l=pos(2),
)
def gp_groups(p, d):
    total = N(d["y"], p["f"], 0.5) + HN(p["a"]) + HN(p["l"])
    for f, scale in zip(p["f"], p["l"], strict=True):
        r = np.sqrt(3) * D / scale
        cov = p["a"] ** 2 * (1 + r) * np.exp(-r) * np.exp(-D / 2) + 0.01 * np.eye(5)
        total += MVN(f, 0, cov)
    return total
