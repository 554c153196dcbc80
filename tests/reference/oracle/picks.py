"""Members picked by text, by columns that count from 0, and by other names of columns; running products."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import logsumexp

from tests.reference.oracle.kit import GROUP, HN, N, X, Y, case, pos, real, unit


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
y_i ~ Normal(m_{i,1} + m_{i,2}, s)
m_{i,1} = a * x_i
m_{i,2} = b
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    s=pos(),
)
def litdef2(p, d):
    return N(d["y"], p["a"] * d["x"] + p["b"], p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(sum(sum(w_{j,k} for k in 1..j) * v_j for j in 1..3), s)
w_{j,k} ~ Normal(0, 1) for j in 1..3, k in 1..3
v_j ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y},
    w=real(3, 3),
    v=real(3),
    s=pos(),
)
def tri(p, d):
    return (
        N(d["y"], sum(p["w"][j, : j + 1].sum() * p["v"][j] for j in range(3)), p["s"])
        + N(p["w"])
        + N(p["v"])
        + HN(p["s"])
    )


@case(
    """
y_i ~ Normal(prod(1 - h_k for k in 1..i), s) for i in 1..5
h_i ~ Beta(2, 2)
s ~ Half-Normal(1)
""",
    {"y": Y},
    h=unit(5),
    s=pos(),
)
def surv(p, d):
    return N(d["y"], np.cumprod(1 - p["h"]), p["s"]) + stats.beta.logpdf(p["h"], 2, 2).sum() + HN(p["s"])


@case(
    """
y_i ~ Normal(sum(w_k * mu_k for k in 1..3), s)
w_1 = v_1
w_k = v_k * prod(1 - v_j for j in 1..k-1) for k in 2..3
v_k ~ Beta(1, 2) for k in 1..3
mu_k ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y},
    v=unit(3),
    mu=real(3),
    s=pos(),
)
def stick(p, d):
    w = p["v"] * np.r_[1, np.cumprod(1 - p["v"])[:-1]]
    return N(d["y"], (w * p["mu"]).sum(), p["s"]) + stats.beta.logpdf(p["v"], 1, 2).sum() + N(p["mu"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(max(u_k for k in 1..i), s) for i in 1..5
u_i ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y},
    u=real(5),
    s=pos(),
)
def runmax(p, d):
    return N(d["y"], np.maximum.accumulate(p["u"]), p["s"]) + N(p["u"]) + HN(p["s"])


@case(
    """
y_t ~ Normal(mean(u_k for k in 1..t-1), s) for t in 2..5
u_t ~ Normal(0, 1) for t in 1..5
s ~ Half-Normal(1)
""",
    {"y": Y},
    u=real(5),
    s=pos(),
)
def runmean(p, d):
    return N(d["y"][1:], (np.cumsum(p["u"]) / np.arange(1, 6))[:-1], p["s"]) + N(p["u"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(a, s) for i in 1..N
x_k ~ Normal(a, s) for k in 1..K
a ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": [1.0, 2.0], "N": 5, "K": 2},
    a=real(),
    s=pos(),
)
def NK(p, d):
    return N(d["y"], p["a"], p["s"]) + N(d["x"], p["a"], p["s"]) + N(p["a"]) + HN(p["s"])


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
y_i ~ Normal(a[f[i]] + b[h[i]], 1)
a_j ~ Normal(0, 1)
b_k ~ Normal(0, a[1]^2 + 1)
""",
    {"y": Y, "f": ["z", "q", "z", "m", "q"], "h": ["u", "t", "t", "u", "u"]},
    a=real(3),
    b=real(2),
)
def two_factors(p, d):
    return (
        N(d["y"], p["a"][np.array([2, 1, 2, 0, 1])] + p["b"][np.array([1, 0, 0, 1, 1])])
        + N(p["a"])
        + N(p["b"], 0, p["a"][0] ** 2 + 1)
    )


@case(
    """
y_i ~ Normal(a[home[i]] - a[away[i]], 1)
a_j ~ Normal(0, 1)
""",
    {"y": Y, "home": ["C", "B", "C", "A", "B"], "away": ["D", "C", "A", "B", "A"]},
    a=real(4),
)
def teams(p, d):
    def ix(v):
        return np.array(["ABCD".index(t) for t in v])

    return N(d["y"], p["a"][ix(d["home"])] - p["a"][ix(d["away"])]) + N(p["a"])


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


@case(
    """
y_ijk ~ Normal(a_i + b_ij, s)
a_i ~ Normal(0, 1)
b_ij ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": np.arange(12.0).reshape(2, 3, 2).tolist()},
    a=real(2),
    b=real(2, 3),
    s=pos(),
)
def threeway(p, d):
    return N(d["y"], p["a"][:, None, None] + p["b"][:, :, None], p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])
