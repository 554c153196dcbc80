"""Vectors that are observed or constrained together, and sums of vectors: regressions side by side, vector series."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tests.reference.oracle.kit import COUNTS, N, X, Y, case, real

SERIES = [[0.1, 0.2], [0.4, -0.2], [0.3, 0.3], [1.0, 0.5], [0.7, 0.1]]
V = [[1.0, 0.2], [0.2, 2.0]]


def MVN(x, mean, cov):
    return sum(stats.multivariate_normal.logpdf(one, mu, cov) for one, mu in zip(x, mean, strict=True))


@case(
    "(y_n, z_n) ~ MultiNormal((a + b * x_n, c + d * w_n), V)\na, b, c, d ~ Normal(0, 1)\n",
    {"y": Y, "z": X, "x": X, "w": COUNTS, "V": V},
    a=real(),
    b=real(),
    c=real(),
    d=real(),
)
def side_by_side(p, d):
    mean = np.c_[p["a"] + p["b"] * d["x"], p["c"] + p["d"] * d["w"]]
    return MVN(np.c_[d["y"], d["z"]], mean, d["V"]) + sum(N(p[k]) for k in "abcd")


@case(
    "X_i * B - y_i ~ MultiNormal(0, V)\nB_{j,k} ~ Normal(0, 1) for j in 1..2, k in 1..2\n",
    {"y": SERIES[:3], "X": [[1.0, 0.2], [0.3, 1.0], [2.0, 1.0]], "V": V},
    B=real(2, 2),
)
def residual_vectors(p, d):
    return MVN(d["X"] @ p["B"] - d["y"], np.zeros((3, 2)), d["V"]) + N(p["B"])


@case("phi - W * phi ~ MultiNormal(0, V)\nphi_k ~ Normal(0, 1)\n", {"W": [[1.0, 0.2], [0.3, 1.0]], "V": V}, phi=real(2))
def soft_vector(p, d):
    return MVN([p["phi"] - d["W"] @ p["phi"]], [np.zeros(2)], d["V"]) + N(p["phi"])


@case(
    """
y_t ~ MultiNormal(c + sum(A_p * y_{t-p} for p in 1..P), V) for t in P+1..T
c_k ~ Normal(0, 1)
A_{p,j,k} ~ Normal(0, 0.5) for p in 1..P, j in 1..2, k in 1..2
""",
    {"y": SERIES, "P": 2, "V": V},
    c=real(2),
    A=real(2, 2, 2),
)
def vector_autoregression(p, d):
    y, (one, two) = d["y"], p["A"]
    return MVN(y[2:], p["c"] + y[1:-1] @ one.T + y[:-2] @ two.T, d["V"]) + N(p["c"]) + N(p["A"], 0, 0.5)


@case(
    "y_i ~ Normal(eta_i, 1)\neta = sum(X_p * beta_p for p in 1..2)\nbeta_p ~ Normal(0, 1)\n",
    {"y": [0.1, 0.2, 0.3], "X": [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]},
    beta=real(2),
)
def sum_of_columns(p, d):
    return N(d["y"], p["beta"] @ d["X"]) + N(p["beta"])


@case(
    """
y_n ~ Normal(rise[g[n]] * x_n + base[g[n]], 1)
(log(rise_j), base_j) ~ MultiNormal((m, 0), V)
(z_n, log(w_n)) ~ MultiNormal((m, m), V)
m ~ Normal(0, 1)
""",
    {"y": Y, "x": X, "g": [1, 2, 2, 3, 1], "z": X, "w": [0.5, 1.5, 2.0, 0.2, 1.0], "V": V},
    log_rise_base_joint=real(3, 2),
    m=real(),
)
def by_their_links(p, d):
    both, j = p["log_rise_base_joint"], d["g"] - 1
    seen = np.c_[d["z"], np.log(d["w"])]
    prior = MVN(both, np.tile([p["m"], 0.0], (3, 1)), d["V"]) + MVN(seen, np.full((5, 2), p["m"]), d["V"])
    return N(d["y"], np.exp(both[j, 0]) * d["x"] + both[j, 1]) + prior + N(p["m"])
