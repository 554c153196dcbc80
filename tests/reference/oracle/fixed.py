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


@case(
    """
y_{n,j} ~ Normal(L_j * f_n, 1)
f_{n,k} ~ Normal(0, 1) for k in 1..2
L_{1,2} = 0
L_{1,1} ~ Half-Normal(0, 1)
L_{2,2} ~ Half-Normal(0, 2)
L_{2,1} ~ Normal(0, 1)
L_{j,k} ~ Normal(0, s) for j in 3..4, k in 1..2
s ~ Half-Normal(0, 1)
""",
    {"y": [[1.0, 2.0, 3.0, 0.5], [0.5, 0.3, 0.1, 0.4], [0.2, 1.0, 0.3, 2.0]]},
    f=real(3, 2),
    L_free_1=pos(),
    L_free_2=pos(),
    L_free_3=real(),
    L_free_4=real(2, 2),
    s=pos(),
)
def triangular_loadings(p, d):
    L = np.vstack([[p["L_free_1"], 0], [p["L_free_3"], p["L_free_2"]], p["L_free_4"]])
    prior = HN(p["L_free_1"]) + HN(p["L_free_2"], 2) + N(p["L_free_3"]) + N(p["L_free_4"], 0, p["s"]) + HN(p["s"])
    return N(d["y"], p["f"] @ L.T) + N(p["f"]) + prior


@case(
    """
y_{i,t} ~ Normal(a_i * f_t, 1)
f_t ~ Normal(0, 1)
a_1 ~ Half-Normal(0, 1)
a_i ~ Normal(a_{i-1}, 1) for i in 2..N
""",
    {"y": [[1.0, 2.0], [0.5, 0.3], [0.2, 1.0]], "N": 3},
    f=real(2),
    a_free_1=pos(),
    a_free_2=real(2),
)
def first_positive(p, d):
    a = np.array([p["a_free_1"], *p["a_free_2"]])
    return N(d["y"], np.outer(a, p["f"])) + N(p["f"]) + HN(a[0]) + N(a[1:], a[:-1])


@case(
    """
y_i ~ Normal(a[g[i]], s)
a_j ~ Normal(0, 1) for j in 1..2
a_3 = -a_1 - a_2
s ~ Half-Normal(0, 1)
""",
    {"y": Y, "g": GROUP},
    a_free=real(2),
    s=pos(),
)
def last_by_the_others(p, d):
    a = np.r_[p["a_free"], -p["a_free"].sum()]
    return N(d["y"], a[d["g"] - 1], p["s"]) + N(p["a_free"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(a[g[i]], s)
a_j ~ Normal(0, 1) for j in 2..3
a_1 = 0
a_4 = a_3
s ~ Half-Normal(0, 1)
""",
    {"y": Y, "g": [1, 2, 3, 4, 1]},
    a_free=real(2),
    s=pos(),
)
def both_ends_fixed(p, d):
    a = np.r_[0, p["a_free"], p["a_free"][1]]
    return N(d["y"], a[d["g"] - 1], p["s"]) + N(p["a_free"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(b[1] + b[2] * x_i + c * b[3], 1)
b[k] ~ Normal(0, 10) for k in 1..2
b[3] ~ Normal(1, 1)
c = sum(b_k for k in 1..3)
""",
    {"y": Y, "x": X},
    b=real(3),
)
def range_before_an_element(p, d):
    b = p["b"]
    return N(d["y"], b[0] + b[1] * d["x"] + b.sum() * b[2]) + N(b[:2], 0, 10) + N(b[2], 1)
