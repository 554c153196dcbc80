"""Effects of one set of groups, and what is summed up or measured of them."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tests.reference.oracle.kit import (
    BI,
    COUNTS,
    GROUP,
    HN,
    N,
    X,
    Y,
    between,
    case,
    pos,
    real,
    unit,
)


@case(
    """
y_i ~ Normal(a[g[i]], s_g[g[i]])
a_j ~ Normal(0, 1)
s_g_j ~ Half-Normal(1)
""",
    {"y": Y, "g": GROUP},
    a=real(3),
    s_g=pos(3),
)
def under(p, d):
    return N(d["y"], p["a"][d["g"] - 1], p["s_g"][d["g"] - 1]) + N(p["a"]) + HN(p["s_g"])


@case(
    """
S_i ~ Binomial(n_i, p[g[i]])
p_j ~ Beta(phi * kappa, (1 - phi) * kappa)
phi ~ Uniform(0, 1)
kappa ~ Pareto(1, 1.5)
""",
    {"S": COUNTS, "n": [5, 5, 5, 6, 7], "g": GROUP},
    p=unit(3),
    phi=unit(),
    kappa=between(1.1, 5),
)
def pareto(p, d):
    return (
        BI(d["S"], d["n"], p["p"][d["g"] - 1])
        + stats.beta.logpdf(p["p"], p["phi"] * p["kappa"], (1 - p["phi"]) * p["kappa"]).sum()
        + stats.pareto.logpdf(p["kappa"], 1.5, scale=1)
    )


@case(
    """
x_i ~ Normal(mu_x, s_x)
xo_i ~ Normal(x_i, 0.5)
y_i ~ Normal(a + b*x_i, s)
a, b, mu_x ~ Normal(0, 1)
s, s_x ~ Half-Normal(1)
""",
    {"y": Y, "xo": X},
    x=real(5),
    a=real(),
    b=real(),
    mu_x=real(),
    s=pos(),
    s_x=pos(),
)
def mes(p, d):
    return (
        N(p["x"], p["mu_x"], p["s_x"])
        + N(d["xo"], p["x"], 0.5)
        + N(d["y"], p["a"] + p["b"] * p["x"], p["s"])
        + sum(N(p[k]) for k in ("a", "b", "mu_x"))
        + HN(p["s"])
        + HN(p["s_x"])
    )


@case(
    """
y_i ~ Normal(a_0 + a_x * x_i + a_g[g_i], s_y)
a_0, a_x ~ Normal(0, 1)
a_g[j] ~ Normal(0, 1)
s_y ~ Half-Normal(1)
""",
    {"y": Y, "x": X, "g": GROUP},
    a_0=real(),
    a_x=real(),
    a_g=real(3),
    s_y=pos(),
)
def a_x(p, d):
    return (
        N(d["y"], p["a_0"] + p["a_x"] * d["x"] + p["a_g"][d["g"] - 1], p["s_y"])
        + N(p["a_0"])
        + N(p["a_x"])
        + N(p["a_g"])
        + HN(p["s_y"])
    )


@case(
    """
y_i ~ Normal(a[g[i]], exp(ls))
a_j = mu + exp(lt) * e_j
e_j ~ Normal(0, 1)
lt, ls ~ Uniform(-3, 3)
mu ~ Flat()
""",
    {"y": Y, "g": GROUP},
    e=real(3),
    mu=real(),
    ls=real(),
    lt=real(),
)
def explt(p, d):
    return N(d["y"], (p["mu"] + np.exp(p["lt"]) * p["e"])[d["g"] - 1], np.exp(p["ls"])) + N(p["e"]) - 2 * np.log(6)


@case(
    """
y_j ~ Normal(b * w_j, 1)
w_j = sum(x_i * v_i for i in 1..5 if g_i == j) for j in 1..3
b ~ Normal(0, 1)
""",
    {"y": [1.0, 2.0, 3.0], "x": X, "v": COUNTS, "g": GROUP},
    b=real(),
)
def aggr(p, d):
    w = np.array([(d["x"] * d["v"])[d["g"] == j].sum() for j in (1, 2, 3)])
    return N(d["y"], p["b"] * w) + N(p["b"])
