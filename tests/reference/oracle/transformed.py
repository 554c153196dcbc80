"""Distributions of transformed quantities: of the logit of an unknown, of the logarithm of data; counts of trials."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit

from tests.reference.oracle.kit import BI, EX, GROUP, HN, N, X, case, pos, real, unit

POSITIVE = [0.4, 2.0, 1.3, 0.9, 7.5]


@case(
    "k_i ~ Binomial(8, p[g[i]])\nlogit(p_j) ~ Normal(m, s)\nm ~ Normal(0, 1)\ns ~ Half-Normal(0, 1)\n",
    {"k": [3, 0, 8, 5, 1], "g": GROUP},
    logit_p=real(3),
    m=real(),
    s=pos(),
)
def logit_of_unknowns(p, d):
    total = BI(d["k"], 8, expit(p["logit_p"])[d["g"] - 1]) + N(p["logit_p"], p["m"], p["s"])
    return total + N(p["m"]) + HN(p["s"])


@case("y_i ~ Normal(x_i, tau)\nlog(tau) ~ StudentT(4, 0, 1)\n", {"y": POSITIVE, "x": X}, log_tau=real())
def log_of_a_scale(p, d):
    return N(d["y"], d["x"], np.exp(p["log_tau"])) + stats.t.logpdf(p["log_tau"], 4)


@case(
    "z_i = (log(y_i) - shift) / 2\nshift = mean(x)\nz_i ~ Normal(a + b * x_i, 1)\na, b ~ Normal(0, 1)\n",
    {"y": POSITIVE, "x": X},
    a=real(),
    b=real(),
)
def computed_outcome(p, d):
    z = (np.log(d["y"]) - d["x"].mean()) / 2
    return N(z, p["a"] + p["b"] * d["x"]) + N(p["a"]) + N(p["b"])


@case("log(y_i) ~ Normal(a, 2)\na ~ Normal(0, 1)\n", {"y": POSITIVE}, a=real())
def log_of_data(p, d):
    return N(np.log(d["y"]), p["a"], 2) + N(p["a"])


@case("y_i ~ Geometric(p)\np ~ Beta(mean = 0.3, precision = 4)\n", {"y": [1, 3, 1, 12, 2]}, p=unit())
def trials(p, d):
    return stats.geom.logpmf(d["y"], p["p"]).sum() + stats.beta.logpdf(p["p"], 1.2, 2.8)


@case(
    """
y_{i,j} ~ Normal(m_j, s_j)
s_j^2 ~ Inverse-Gamma(2, v)
1 / v ~ Gamma(2, 1)
m_j ~ Normal(0, t)
t^-2 ~ Gamma(2, 3)
sum(m) ~ StudentT(nu, 0, r)
nu - 1 ~ Exponential(0.5)
r^3 ~ LogNormal(0, 1)
w_i^2 ~ Gamma(2, 1)
""",
    {"y": [[1.0, -0.5], [2.2, 0.4], [1.9, 0.3]], "w": [0.5, -1.5, 2.0]},
    m=real(2),
    s_squared=pos(2),
    inverse_v=pos(),
    inverse_t_squared=pos(),
    power_of_r=pos(),
    shifted_nu=pos(),
)
def powers(p, d):
    v, t, r = 1 / p["inverse_v"], p["inverse_t_squared"] ** -0.5, p["power_of_r"] ** (1 / 3)
    scales = stats.invgamma.logpdf(p["s_squared"], 2, scale=v).sum() + stats.lognorm.logpdf(p["power_of_r"], 1)
    scales += stats.gamma.logpdf(p["inverse_v"], 2) + stats.gamma.logpdf(p["inverse_t_squared"], 2, scale=1 / 3)
    scales += EX(p["shifted_nu"], 0.5)
    seen = N(d["y"], p["m"], np.sqrt(p["s_squared"])) + stats.gamma.logpdf(d["w"] ** 2, 2).sum()
    return seen + N(p["m"], 0, t) + stats.t.logpdf(p["m"].sum(), p["shifted_nu"] + 1, 0, r) + scales


@case(
    """
log(n_i) ~ Normal(m, 1)
y_i ~ Poisson(n_i)
1 / k ~ Gamma(2, 1)
m ~ Normal(0, k)
t_i - 1 ~ Poisson(r)
z_i ~ Binomial(t_i, 0.3)
r ~ Gamma(2, 1)
""",
    {"y": [2, 0, 3], "t": [1, 3, 4], "z": [1, 2, 0]},
    log_n_value=real(3),
    inverse_k_value=pos(),
    m=real(),
    r=pos(),
)
def names_that_are_letters(p, d):
    seen = stats.poisson.logpmf(d["y"], np.exp(p["log_n_value"])).sum() + stats.poisson.logpmf(d["t"] - 1, p["r"]).sum()
    priors = N(p["log_n_value"], p["m"]) + N(p["m"], 0, 1 / p["inverse_k_value"])
    priors += stats.gamma.logpdf([p["inverse_k_value"], p["r"]], 2).sum()
    return seen + priors + stats.binom.logpmf(d["z"], d["t"], 0.3).sum()
