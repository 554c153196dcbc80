"""Links and what arguments mean: other outcomes than normal ones, named arguments, parameters that are derived."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit

from tests.reference.oracle.kit import (
    BE,
    BI,
    COUNTS,
    EX,
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
)


@case(
    """
y_i ~ Poisson(lambda_i)
log(lambda_i) = log(exposure_i) + alpha[site_i] + x_i * beta
alpha_j ~ Normal(mu, sigma_alpha)
mu ~ Normal(0, 1)
beta ~ Normal(0, 1)
sigma_alpha ~ Exponential(2)
""",
    {"y": COUNTS, "exposure": [1.0, 2.0, 3.0, 1.0, 2.0], "site": GROUP, "x": X},
    alpha=real(3),
    mu=real(),
    beta=real(),
    sigma_alpha=pos(),
)
def pois(p, d):
    return (
        PO(d["y"], d["exposure"] * np.exp(p["alpha"][d["site"] - 1] + d["x"] * p["beta"]))
        + N(p["alpha"], p["mu"], p["sigma_alpha"])
        + N(p["mu"])
        + N(p["beta"])
        + EX(p["sigma_alpha"], 2)
    )


@case(
    """
y_i ~ Bernoulli(p_i)
probit(p_i) = a + b * x_i
a, b ~ Normal(0, 1)
z_i ~ Binomial(10, q_i)
cloglog(q_i) = a - b * x_i
""",
    {"y": [0, 1, 1, 0, 1], "z": COUNTS, "x": X},
    a=real(),
    b=real(),
)
def probit(p, d):
    e = p["a"] + p["b"] * d["x"]
    f = p["a"] - p["b"] * d["x"]
    return BE(d["y"], stats.norm.cdf(e)) + BI(d["z"], 10, 1 - np.exp(-np.exp(f))) + N(p["a"]) + N(p["b"])


@case(
    """
y_i ~ Gamma(mean = exp(a + b*x_i), sd = s)
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": [1.0, 2.0, 0.5, 3.0, 1.0], "x": X},
    a=real(),
    b=real(),
    s=pos(),
)
def gam(p, d):
    m = np.exp(p["a"] + p["b"] * d["x"])
    return GA(d["y"], m**2 / p["s"] ** 2, m / p["s"] ** 2) + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
y_i ~ Student-t(nu, mu, s)
nu ~ Gamma(2, 0.1)
mu = 2 * m
m ~ Normal(1, 1)
s ~ Half-t(3, 0, 2.5)
""",
    {"y": Y},
    nu=pos(),
    m=real(),
    s=pos(),
)
def halft(p, d):
    return (
        stats.t.logpdf(d["y"], p["nu"], 2 * p["m"], p["s"]).sum()
        + GA(p["nu"], 2, 0.1)
        + N(p["m"], 1, 1)
        + np.log(2)
        + stats.t.logpdf(p["s"], 3, 0, 2.5)
    )


@case(
    """
alpha ~ Normal(0, 100)
beta ~ Normal(0, 100)
sigma2 ~ Inverse-Gamma(0.001, 0.001)
sigma = sqrt(sigma2)
y_i ~ Normal(alpha + beta * (x_i - xbar), sigma)
xbar = mean(x)
""",
    {"y": Y, "x": X},
    alpha=real(),
    beta=real(),
    sigma2=pos(),
)
def bugs(p, d):
    return (
        N(d["y"], p["alpha"] + p["beta"] * (d["x"] - d["x"].mean()), np.sqrt(p["sigma2"]))
        + N(p["alpha"], 0, 100)
        + N(p["beta"], 0, 100)
        + stats.invgamma.logpdf(p["sigma2"], 0.001, scale=0.001)
    )


@case(
    """
y_i ~ Normal(mean = m, var = v)
m ~ Normal(0, precision = 4)
v ~ Inverse-Gamma(shape = 3, scale = 2)
""",
    {"y": Y},
    m=real(),
    v=pos(),
)
def named(p, d):
    return N(d["y"], p["m"], np.sqrt(p["v"])) + N(p["m"], 0, 0.5) + stats.invgamma.logpdf(p["v"], 3, scale=2)


@case(
    """
y_i ~ Normal(f_i, s)
f_i = a * exp(-b * t_i) + c
a, b, c ~ Half-Normal(5)
s ~ Half-Cauchy(1)
""",
    {"y": Y, "t": [1.0, 2.0, 3.0, 4.0, 5.0]},
    a=pos(),
    b=pos(),
    c=pos(),
    s=pos(),
)
def decay(p, d):
    return N(d["y"], p["a"] * np.exp(-p["b"] * d["t"]) + p["c"], p["s"]) + sum(HN(p[k], 5) for k in "abc") + HC(p["s"])


@case(
    """
y_i ~ Binomial(n_i, p_i)
p_i = c + (1 - c) * inv_logit(b * (x_i - thr))
c ~ Beta(2, 8) where c < 0.5
b ~ LogNormal(0, 1)
thr ~ Student-t(3, 0, 1)
""",
    {"y": COUNTS, "n": [5] * 5, "x": X},
    c=between(0.05, 0.45),
    b=pos(),
    thr=real(),
)
def psycho(p, d):
    pr = p["c"] + (1 - p["c"]) * expit(p["b"] * (d["x"] - p["thr"]))
    return (
        BI(d["y"], 5, pr)
        + stats.beta.logpdf(p["c"], 2, 8)
        + stats.lognorm.logpdf(p["b"], 1)
        + stats.t.logpdf(p["thr"], 3)
    )


@case(
    """
y_i ~ Poisson(n_i * exp(a + phi[c_i]))
phi_k ~ Normal(0, tau)
tau = 1 / sqrt(prec)
prec ~ Gamma(0.01, 0.01)
a ~ Flat()
""",
    {"y": COUNTS, "n": [1.0, 2.0, 3.0, 4.0, 5.0], "c": GROUP},
    phi=real(3),
    prec=pos(),
    a=real(),
)
def precis(p, d):
    return (
        PO(d["y"], d["n"] * np.exp(p["a"] + p["phi"][d["c"] - 1]))
        + N(p["phi"], 0, 1 / np.sqrt(p["prec"]))
        + GA(p["prec"], 0.01, 0.01)
    )
