"""Effects of pairs and cells: rows and columns, persons and items, opponents, two factors."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit

from tests.reference.oracle.kit import (
    BE,
    EX,
    GROUP,
    HN,
    N,
    Y,
    case,
    pos,
    real,
)


@case(
    """
y_ij ~ Normal(mu + a_i + b_j, s)
a_i ~ Normal(0, 1)
b_j ~ Normal(0, 2)
mu ~ Normal(0, 10)
s ~ Exponential(1)
""",
    {"y": [[1.0, 2.0, 3.0], [0.0, 1.0, 0.5]]},
    a=real(2),
    b=real(3),
    mu=real(),
    s=pos(),
)
def twoway(p, d):
    return (
        N(d["y"], p["mu"] + p["a"][:, None] + p["b"][None, :], p["s"])
        + N(p["a"])
        + N(p["b"], 0, 2)
        + N(p["mu"], 0, 10)
        + EX(p["s"])
    )


@case(
    """
y_ji ~ Normal(a_i + b_j, s)
a_i ~ Normal(0, 1)
b_j ~ Normal(0, 2)
s ~ Exponential(1)
""",
    {"y": [[1.0, 2.0, 3.0], [0.0, 1.0, 0.5]]},
    a=real(3),
    b=real(2),
    s=pos(),
)
def twoway_t(p, d):
    return N(d["y"], p["b"][:, None] + p["a"][None, :], p["s"]) + N(p["a"]) + N(p["b"], 0, 2) + EX(p["s"])


@case(
    """
y_i ~ Normal(m[g_i, h_i], s)
m_{j,k} = a_j + b_k + c * j * k
a_j ~ Normal(0, 1)
b_k ~ Normal(0, 1)
c ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "g": GROUP, "h": [1, 2, 1, 2, 2]},
    a=real(3),
    b=real(2),
    c=real(),
    s=pos(),
)
def cellm(p, d):
    m = p["a"][:, None] + p["b"][None] + p["c"] * np.outer([1, 2, 3], [1, 2])
    return N(d["y"], m[d["g"] - 1, d["h"] - 1], p["s"]) + N(p["a"]) + N(p["b"]) + N(p["c"]) + HN(p["s"])


@case(
    """
r_i ~ Bernoulli(inv_logit(a[item[i]] * (theta[person[i]] - b[item[i]])))
theta_j ~ Normal(0, 1)
a_k ~ LogNormal(0, 0.5)
b_k ~ Normal(mu_b, s_b)
mu_b ~ Normal(0, 2)
s_b ~ Half-Normal(2)
""",
    {"r": [0, 1, 1, 0, 1], "item": [1, 2, 1, 2, 2], "person": GROUP},
    theta=real(3),
    a=pos(2),
    b=real(2),
    mu_b=real(),
    s_b=pos(),
)
def irt(p, d):
    i, j = d["item"] - 1, d["person"] - 1
    return (
        BE(d["r"], expit(p["a"][i] * (p["theta"][j] - p["b"][i])))
        + N(p["theta"])
        + stats.lognorm.logpdf(p["a"], 0.5).sum()
        + N(p["b"], p["mu_b"], p["s_b"])
        + N(p["mu_b"], 0, 2)
        + HN(p["s_b"], 2)
    )


@case(
    """
y_ij ~ Normal(theta_i, s_j)
theta_i ~ Normal(0, 1)
s_j ~ Half-Normal(1)
x_j ~ Normal(0, s_j)
""",
    {"y": [[1.0, 2.0, 3.0], [0.0, 1.0, 0.5]], "x": [1.0, 2.0, 3.0]},
    theta=real(2),
    s=pos(3),
)
def hetero(p, d):
    return N(d["y"], p["theta"][:, None], p["s"]) + N(p["theta"]) + HN(p["s"]) + N(d["x"], 0, p["s"])


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
y_i ~ Bernoulli(inv_logit(th[w[i]] - th[l[i]]))
th_j ~ Normal(0, s)
s ~ Half-Normal(1)
sum(th_j for j in 1..3) ~ Normal(0, 0.01)
""",
    {"y": [1, 1, 0, 1], "w": [1, 2, 3, 1], "l": [2, 3, 1, 3]},
    th=lambda r: r.normal(size=3) * 0.02,
    s=pos(),
)
def bt(p, d):
    return (
        BE(d["y"], expit(p["th"][d["w"] - 1] - p["th"][d["l"] - 1]))
        + N(p["th"], 0, p["s"])
        + HN(p["s"])
        + N(p["th"].sum(), 0, 0.01)
    )
