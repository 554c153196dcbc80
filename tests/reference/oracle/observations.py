"""Mixtures, truncation, bounds, censoring, weights and zeros of their own."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import logsumexp

from tests.reference.oracle.kit import (
    COUNTS,
    GA,
    GROUP,
    HC,
    HN,
    PO,
    N,
    X,
    Y,
    between,
    case,
    pos,
    real,
    rising,
    simplex,
    unit,
)


@case(
    """
y_n ~ Mixture(w, Normal(mu_k, s_k))
w ~ Dirichlet(1, 2, 3)
mu_k ~ Normal(0, 5) for k in 1..3 ordered
s_k ~ Half-Normal(0, 1) for k in 1..3
""",
    {"y": Y},
    w=simplex(3),
    mu=rising(3),
    s=pos(3),
)
def mix(p, d):
    l = stats.norm.logpdf(d["y"][:, None], p["mu"], p["s"]) + np.log(p["w"])
    return logsumexp(l, axis=1).sum() + stats.dirichlet.logpdf(p["w"], [1, 2, 3]) + N(p["mu"], 0, 5) + HN(p["s"])


@case(
    """
y_n ~ Mixture((1 - e, e), Student-t(4, mu, s), Uniform(-10, 10))
e ~ Beta(1, 9)
mu ~ Cauchy(0, 2)
s ~ Half-Cauchy(1)
""",
    {"y": Y},
    e=unit(),
    mu=real(),
    s=pos(),
)
def mix2(p, d):
    l = np.stack(
        [np.log(1 - p["e"]) + stats.t.logpdf(d["y"], 4, p["mu"], p["s"]), np.log(p["e"]) + np.full(5, -np.log(20))]
    )
    return (
        logsumexp(l, axis=0).sum() + stats.beta.logpdf(p["e"], 1, 9) + stats.cauchy.logpdf(p["mu"], 0, 2) + HC(p["s"])
    )


@case(
    """
y_i ~ Normal(mu, s) truncated to [lo, ]
mu ~ Normal(0, 1)
s ~ Half-Normal(1)
lo = -1
""",
    {"y": Y},
    mu=real(),
    s=pos(),
)
def trunc(p, d):
    return N(d["y"], p["mu"], p["s"]) - 5 * stats.norm.logsf(-1, p["mu"], p["s"]) + N(p["mu"]) + HN(p["s"])


@case(
    """
t_i ~ Exponential(rate_i) censored above c_i
log(rate_i) = a + b*x_i
a, b ~ Normal(0, 2)
""",
    {"t": [1.0, 2.0, 0.5, 3.0, 1.0], "c": [2.0, 2.0, 1.0, 3.0, 1.0], "x": X},
    a=real(),
    b=real(),
)
def cens(p, d):
    r = np.exp(p["a"] + p["b"] * d["x"])
    ce = d["t"] >= d["c"]
    return np.where(ce, -r * d["t"], np.log(r) - r * d["t"]).sum() + N(p["a"], 0, 2) + N(p["b"], 0, 2)


@case(
    """
t_i ~ Weibull(k, exp(a)) if d_i = 1
log_density += -(t_i / exp(a))^k if d_i = 0
k ~ Gamma(2, 1)
a ~ Normal(0, 2)
""",
    {"t": [1.0, 2.0, 0.5, 3.0, 1.0], "d": [1, 0, 1, 1, 0]},
    a=real(),
    k=pos(),
)
def weib_manual(p, d):
    ev = d["d"] == 1
    return (
        stats.weibull_min.logpdf(d["t"][ev], p["k"], scale=np.exp(p["a"])).sum()
        + (-((d["t"][~ev] / np.exp(p["a"])) ** p["k"])).sum()
        + GA(p["k"], 2, 1)
        + N(p["a"], 0, 2)
    )


@case(
    """
y_i ~ NegBinomial(exp(a), phi) weighted by w_i
a ~ Normal(0, 1)
phi ~ Inverse-Gamma(2, 3)
""",
    {"y": COUNTS, "w": [1.0, 0.5, 2.0, 1.0, 0.0]},
    a=real(),
    phi=pos(),
)
def nb(p, d):
    m, f = np.exp(p["a"]), p["phi"]
    return (
        (d["w"] * stats.nbinom.logpmf(d["y"], f, f / (f + m))).sum() + N(p["a"]) + stats.invgamma.logpdf(f, 2, scale=3)
    )


@case(
    """
y_i ~ ZeroInflated(pi, Poisson(m))
pi ~ Beta(1, 1)
m ~ Gamma(2, 1)
u_i ~ Hurdle(pi, Poisson(m))
""",
    {"y": COUNTS, "u": COUNTS},
    pi=unit(),
    m=pos(),
)
def zi(p, d):
    y = d["y"]
    P = stats.poisson.pmf(y, p["m"])
    a = np.where(y == 0, np.log(p["pi"] + (1 - p["pi"]) * P), np.log((1 - p["pi"]) * P)).sum()
    b = np.where(y == 0, np.log(p["pi"]), np.log((1 - p["pi"]) * P / (1 - np.exp(-p["m"])))).sum()
    return a + b + GA(p["m"], 2, 1)


@case(
    """
y_i ~ Normal(a, s)
a ~ Normal(0, 1) where a > 0
s ~ Normal(0, 2) truncated to [0.1, 5]
""",
    {"y": Y},
    a=pos(),
    s=between(0.2, 3.0),
)
def bound_trunc(p, d):
    return (
        N(d["y"], p["a"], p["s"])
        + N(p["a"])
        + stats.norm.logpdf(p["s"], 0, 2)
        - np.log(stats.norm.cdf(2.5) - stats.norm.cdf(0.05))
    )


@case(
    """
y_i ~ Normal(m, s) truncated to [l_i, u_i]
m ~ Normal(0, 1)
s ~ Half-Normal(1) truncated to [, 4]
""",
    {"y": Y, "l": [-2.0] * 5, "u": [3.0, 2.0, 4.0, 3.0, 2.0]},
    m=real(),
    s=between(0.2, 3),
)
def trunc2(p, d):
    return (
        N(d["y"], p["m"], p["s"])
        - np.log(stats.norm.cdf(d["u"], p["m"], p["s"]) - stats.norm.cdf(d["l"], p["m"], p["s"])).sum()
        + N(p["m"])
        + HN(p["s"])
        - np.log(2 * stats.norm.cdf(4) - 1)
    )


@case(
    """
y_i ~ Poisson(r) truncated to [1, ]
r ~ Gamma(2, 1)
""",
    {"y": [1, 2, 3]},
    r=pos(),
)
def zt(p, d):
    return PO(d["y"], p["r"]) - 3 * np.log(1 - np.exp(-p["r"])) + GA(p["r"], 2, 1)


@case(
    """
y_i ~ Normal(mu, s) censored below 0 weighted by w_i
mu ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": [0.0, 1.0, 2.0, 0.0], "w": [1.0, 2.0, 3.0, 4.0]},
    mu=real(),
    s=pos(),
)
def tobit(p, d):
    y = d["y"]
    return (
        (d["w"] * np.where(y <= 0, stats.norm.logcdf(0, p["mu"], p["s"]), stats.norm.logpdf(y, p["mu"], p["s"]))).sum()
        + N(p["mu"])
        + HN(p["s"])
    )


@case(
    """
y_n ~ Mixture(theta[g[n]], Normal(mu_k, 1))
theta_j ~ Dirichlet(a, a)
mu_k ~ Normal(0, 5) for k in 1..2
a ~ Gamma(2, 1)
""",
    {"y": Y, "g": GROUP},
    theta=simplex(3, 2),
    mu=real(2),
    a=pos(),
)
def gmix(p, d):
    l = logsumexp(np.log(p["theta"][d["g"] - 1]) + stats.norm.logpdf(d["y"][:, None], p["mu"], 1), axis=1).sum()
    return l + sum(stats.dirichlet.logpdf(t, [p["a"]] * 2) for t in p["theta"]) + N(p["mu"], 0, 5) + GA(p["a"], 2, 1)


@case(
    """
y_n ~ Mixture((q, 1-q), Poisson(exp(a + b*x_n)), Poisson(m))
q ~ Beta(1, 1)
a, b ~ Normal(0, 1)
m ~ Gamma(2, 1)
""",
    {"y": COUNTS, "x": X},
    q=unit(),
    a=real(),
    b=real(),
    m=pos(),
)
def pmix(p, d):
    l = np.stack(
        [
            np.log(p["q"]) + stats.poisson.logpmf(d["y"], np.exp(p["a"] + p["b"] * d["x"])),
            np.log(1 - p["q"]) + stats.poisson.logpmf(d["y"], p["m"]),
        ]
    )
    return logsumexp(l, axis=0).sum() + N(p["a"]) + N(p["b"]) + GA(p["m"], 2, 1)


@case(
    """
y_i ~ Normal(mu, s) where s in [0.1, 5]
mu ~ Normal(0, 10) where mu > 0
s ~ Flat()
""",
    {"y": Y},
    mu=pos(),
    s=between(0.2, 4),
)
def where_s(p, d):
    return N(d["y"], p["mu"], p["s"]) + N(p["mu"], 0, 10)


@case(
    """
y_i ~ Normal(m, s)
m ~ Mixture((0.9, 0.1), Normal(0, 0.1), Normal(0, 10))
s ~ Half-Student-t(3, 2.5)
""",
    {"y": Y},
    m=real(),
    s=pos(),
)
def spike(p, d):
    m = p["m"]
    return (
        N(d["y"], m, p["s"])
        + np.log(0.9 * stats.norm.pdf(m, 0, 0.1) + 0.1 * stats.norm.pdf(m, 0, 10))
        + np.log(2)
        + stats.t.logpdf(p["s"], 3, 0, 2.5)
    )
