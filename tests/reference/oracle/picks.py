"""Members picked by text, by columns that count from 0, and by other names of columns."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

from tests.reference.oracle.kit import (
    GROUP,
    HN,
    N,
    X,
    Y,
    case,
    pos,
    real,
)


@case(
    """
y_i ~ Normal(a[f[i]], 1)
a_j ~ Normal(0, s)
s ~ Half-Normal(1)
""",
    {"y": Y, "f": ["b", "a", "c", "a", "b"]},
    a=real(3),
    s=pos(),
)
def strfac(p, d):
    return N(d["y"], p["a"][np.array([1, 0, 2, 0, 1])]) + N(p["a"], 0, p["s"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(a[z_i + 1], s)
a_j ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "z": [0, 1, 1, 2, 0]},
    a=real(3),
    s=pos(),
)
def zero_ids(p, d):
    return N(d["y"], p["a"][d["z"]], p["s"]) + N(p["a"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(a[z_i + 1], s)
a_j ~ Normal(0, 1) for j in 1..3
s ~ Half-Normal(1)
""",
    {"y": Y, "z": [0, 1, 1, 2, 0]},
    a=real(3),
    s=pos(),
)
def zero_ids2(p, d):
    return N(d["y"], p["a"][d["z"]], p["s"]) + N(p["a"]) + HN(p["s"])


@case(
    """
county = county_idx
y_i ~ Normal(a[county[i]], 1)
a_j ~ Normal(0, 2)
""",
    {"y": Y, "county_idx": GROUP},
    a=real(3),
)
def alias(p, d):
    return N(d["y"], p["a"][d["county_idx"] - 1]) + N(p["a"], 0, 2)


@case(
    """
county_i = county_idx_i
y_i ~ Normal(a[county[i]], 1)
a_j ~ Normal(0, 2)
""",
    {"y": Y, "county_idx": GROUP},
    a=real(3),
)
def alias_i(p, d):
    return N(d["y"], p["a"][d["county_idx"] - 1]) + N(p["a"], 0, 2)


@case(
    """
y_i ~ Normal(m[g_i, h_i] + f[h_i, g_i], s)
m_{j,k} ~ Normal(0, 1) for j in 1..3, k in 1..2
f_{k,j} = 2 * m_{j,k}
s ~ Half-Normal(1)
""",
    {"y": Y, "g": GROUP, "h": [1, 2, 1, 2, 2]},
    m=real(3, 2),
    s=pos(),
)
def tr_index(p, d):
    return N(d["y"], 3 * p["m"][d["g"] - 1, d["h"] - 1], p["s"]) + N(p["m"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(a + b * (x_i - x[1]), s)
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    s=pos(),
)
def xb1dat(p, d):
    return N(d["y"], p["a"] + p["b"] * (d["x"] - d["x"][0]), p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
choice_i ~ Categorical(logits = eta_i)
eta_{i,1} = 0
eta_{i,2} = a + b * x_i
eta_{i,3} = c
a, b, c ~ Normal(0, 1)
""",
    {"choice": ["car", "bus", "walk", "bus", "car"], "x": X},
    a=real(),
    b=real(),
    c=real(),
)
def choice_txt(p, d):
    e = np.c_[np.zeros(5), p["a"] + p["b"] * d["x"], np.full(5, p["c"])]
    k = np.array([["bus", "car", "walk"].index(t) for t in d["choice"]])
    return (e - logsumexp(e, axis=1)[:, None])[np.arange(5), k].sum() + N(p["a"]) + N(p["b"]) + N(p["c"])


@case(
    """
j in schools
y_i ~ Normal(a[school[i]], 1)
a_j ~ Normal(u_j, 1)
""",
    {"y": Y, "school": ["B", "A", "B", "C", "C"], "schools": ["C", "A", "B"], "u": [10.0, 20.0, 30.0]},
    a=real(3),
)
def lab_join(p, d):
    return N(d["y"], p["a"][[2, 1, 2, 0, 0]]) + N(p["a"], d["u"])


@case(
    """
j in schools
y_i ~ Normal(a[s[i]], 1)
a_j ~ Normal(u_j, 1)
""",
    {"y": Y, "s": ["B", "A", "B", "C", "C"], "school": ["C", "A", "B"], "u": [10.0, 20.0, 30.0]},
    a=real(3),
)
def lab_join2(p, d):
    return N(d["y"], p["a"][[2, 1, 2, 0, 0]]) + N(p["a"], d["u"])
