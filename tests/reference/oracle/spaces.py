"""Vectors that sum to zero, and unit vectors.

Normals that sum to zero are, in coordinates along any orthonormal basis of the plane of such vectors, independent
normals, one fewer than there are elements: here along the rows of a Helmert matrix.
"""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.linalg import helmert

from tests.reference.oracle.kit import GROUP, HN, N, X, Y, case, direction, pos, real, zero_sum


def on_plane(x, sd):
    """Return the log density of normals of mean zero, given that those along the last axis sum to zero."""
    return N(x @ helmert(np.shape(x)[-1]).T, 0, sd)


@case(
    """
y_i ~ Normal(mu + a[g[i]], s)
a_j ~ Normal(0, tau) where a sums to zero
mu ~ Normal(0, 5)
tau, s ~ Half-Normal(1)
""",
    {"y": Y, "g": GROUP},
    a=zero_sum(3),
    mu=real(),
    tau=pos(),
    s=pos(),
)
def zerosum(p, d):
    return (
        N(d["y"], p["mu"] + p["a"][d["g"] - 1], p["s"])
        + on_plane(p["a"], p["tau"])
        + N(p["mu"], 0, 5)
        + HN(p["tau"])
        + HN(p["s"])
    )


@case(
    """
y_i ~ Normal(e[1, g[i]] + e[2, g[i]] * x_i + b[g[i]], 1)
e_{k,j} ~ Normal(0, omega_k) for k in 1..2 sum-to-zero
b ~ ZeroSumNormal(sd = omega_1)
omega_k ~ Half-Normal(2)
""",
    {"y": Y, "x": X, "g": GROUP},
    e=zero_sum(2, 3),
    b=zero_sum(3),
    omega=pos(2),
)
def zerosumrows(p, d):
    e, at = p["e"], d["g"] - 1
    return (
        N(d["y"], e[0, at] + e[1, at] * d["x"] + p["b"][at])
        + on_plane(e[0], p["omega"][0])
        + on_plane(e[1], p["omega"][1])
        + on_plane(p["b"], p["omega"][0])
        + HN(p["omega"], 2)
    )


@case(
    """
y_i ~ Normal(a[g[i]] + b[g[i]] + c[g[i]], 1)
a_j ~ StudentT(4, 0, 2) where a is sum-to-zero
b_j ~ Normal(0, j) where b sums to zero
c ~ Flat() where c sums to zero
""",
    {"y": Y, "g": GROUP},
    a=zero_sum(3),
    b=zero_sum(3),
    c=zero_sum(3),
)
def zerosumothers(p, d):
    at = d["g"] - 1
    mean = p["a"][at] + p["b"][at] + p["c"][at]
    return N(d["y"], mean) + stats.t.logpdf(p["a"], 4, 0, 2).sum() + N(p["b"], 0, [1, 2, 3])


@case(
    """
y_i ~ Normal(X_i * u, s)
u ~ Flat() where u is a unit vector
s ~ Half-Normal(1)
""",
    {"y": Y, "X": [[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 0.5, 1.0], [0.3, -1.0, 0.2], [1.0, 1.0, 1.0]]},
    u=direction(3),
    s=pos(),
)
def unitvec(p, d):
    return N(d["y"], d["X"] @ p["u"], p["s"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(u[g[i], 1] * x_i + u[g[i], 2], 1)
u_{j,k} ~ Normal(k - 1, 0.5) for k in 1..2 where u is a unit vector
""",
    {"y": Y, "x": X, "g": GROUP},
    u=direction(3, 2),
)
def unitvecs(p, d):
    at = d["g"] - 1
    return N(d["y"], p["u"][at, 0] * d["x"] + p["u"][at, 1]) + N(p["u"], [0, 1], 0.5)
