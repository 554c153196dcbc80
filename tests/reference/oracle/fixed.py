"""Unknowns some elements of which are fixed: a reference level, a discrimination of one, a walk that starts at zero."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, log_softmax

from tests.reference.oracle.kit import BE, GROUP, HN, N, X, Y, case, pos, real


@case(
    "y_i ~ Normal(a[g[i]], 1)\na_1 = 0\na_k ~ Normal(x_k, s) for k in 2..3\ns ~ Half-Normal(0, 1)\n",
    {"y": Y, "g": GROUP, "x": X[:3]},
    a_free=real(2),
    s=pos(),
)
def reference_level(p, d):
    a = np.array([0.0, *p["a_free"]])
    return N(d["y"], a[d["g"] - 1]) + N(p["a_free"], d["x"][1:], p["s"]) + HN(p["s"])


@case(
    "y_{i,j} ~ Bernoulli(inv_logit(s_j * t_i))\nt_i ~ Normal(0, 1)\ns[3] = 1\ns_j ~ Half-Normal(0, 2) for j in 1..2\n",
    {"y": [[1, 0, 1], [0, 0, 1], [1, 1, 0], [1, 0, 0]]},
    s_free=pos(2),
    t=real(4),
)
def discrimination(p, d):
    s = np.array([*p["s_free"], 1.0])
    return BE(d["y"], expit(np.outer(p["t"], s))) + N(p["t"]) + HN(p["s_free"], 2)


@case(
    "y_i ~ Categorical(logits = eta_i)\neta_{i,k} = X_i * B_k for k in 1..3\nB_{1,p} = 0\n"
    "B_{k,p} ~ Normal(0, 1.5) for k in 2..3\n",
    {"y": [1, 2, 3, 3, 2], "X": [[1, 0.5], [0.2, 0.3], [0.4, -1], [1, 1], [0.5, -0.5]]},
    B_free=real(2, 2),
)
def reference_category(p, d):
    B = np.vstack([np.zeros(2), p["B_free"]])
    each = log_softmax(d["X"] @ B.T, axis=1)
    return each[np.arange(5), d["y"] - 1].sum() + N(p["B_free"], 0, 1.5)


@case(
    "y_t ~ Normal(x_t, 1)\nx_1 = 0\nx_t ~ Normal(x_{t-1}, s) for t in 2..T\ns ~ Half-Normal(0, 1)\n",
    {"y": Y},
    x_free=real(4),
    s=pos(),
)
def walk_from_zero(p, d):
    x = np.array([0.0, *p["x_free"]])
    return N(d["y"], x) + N(x[1:], x[:-1], p["s"]) + HN(p["s"])
