"""Mixtures, truncation, censoring, links, designs, functions, groups of different sizes."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit, logsumexp

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
    rising,
    simplex,
    unit,
)


@case(
    """
y_i ~ Normal(sum(z_{i,k} for k in 1..3) + sum(b_k for k in 1..2), 1)
b_k ~ Normal(0, 1) for k in 1..2
""",
    {"y": [1.0, 2.0], "z": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]},
    b=real(2),
)
def two_k(p, d):
    return N(d["y"], d["z"].sum(1) + p["b"].sum()) + N(p["b"])


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
y_i ~ Normal(th_i, 1)
th_i = a + b*(x_i - c)  if x_i > c
     = a  otherwise smoothly(3)
a, b, c ~ Normal(0, 1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    c=real(),
)
def smooth(p, d):
    w = expit(3 * (d["x"] - p["c"]))
    th = w * (p["a"] + p["b"] * (d["x"] - p["c"])) + (1 - w) * p["a"]
    return N(d["y"], th) + sum(N(p[k]) for k in "abc")


@case(
    """
y_i ~ Normal(th_i, 1)
th_i = a  if x_i < c
     = b  otherwise smoothly(3)
a, b, c ~ Normal(0, 1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    c=real(),
)
def smooth_lt(p, d):
    w = expit(3 * (p["c"] - d["x"]))
    th = w * p["a"] + (1 - w) * p["b"]
    return N(d["y"], th) + sum(N(p[k]) for k in "abc")


@case(
    """
def f(x, a) = a * x^2
def g(x) = f(x + 1, a = x)
y_i ~ Normal(f(x_i - 1, b) + g(c), 1)
b, c ~ Normal(0, 1)
""",
    {"y": Y, "x": X},
    b=real(),
    c=real(),
)
def fns(p, d):
    return N(d["y"], p["b"] * (d["x"] - 1) ** 2 + p["c"] * (p["c"] + 1) ** 2) + N(p["b"]) + N(p["c"])


@case(
    """
y_i ~ Normal(a + b*z_i, s)
z_i = (x_i - mean(x)) / sd(x)
a ~ Normal(mean(y), 2*sd(y))
b ~ Normal(0, 2.5 * sd(y))
s ~ Exponential(1/sd(y))
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    s=pos(),
)
def scaled(p, d):
    x, y = d["x"], d["y"]
    z = (x - x.mean()) / x.std(ddof=1)
    sy = y.std(ddof=1)
    return N(y, p["a"] + p["b"] * z, p["s"]) + N(p["a"], y.mean(), 2 * sy) + N(p["b"], 0, 2.5 * sy) + EX(p["s"], 1 / sy)


@case(
    """
y_i ~ Normal(X_i * beta, s)
design X = treatment(1, f, x)
beta_{p} ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X, "f": ["b", "a", "c", "a", "b"]},
    beta=real(4),
    s=pos(),
)
def des(p, d):
    f = d["f"]
    X = np.c_[np.ones(5), f == "b", f == "c", d["x"]]
    return N(d["y"], X @ p["beta"], p["s"]) + N(p["beta"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(X_i * beta, s)
design X = treatment(f * x)
beta_{p} ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X, "f": ["b", "a", "c", "a", "b"]},
    beta=real(5),
    s=pos(),
)
def desint(p, d):
    f = d["f"]
    b, c = (f == "b") * 1.0, (f == "c") * 1.0
    x = d["x"]
    X = np.c_[b, c, x, b * x, c * x]
    return N(d["y"], X @ p["beta"], p["s"]) + N(p["beta"]) + HN(p["s"])


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
y_i ~ Categorical(logits = eta_i)
eta_i = (0, a1 + b1*x_i, a2 + b2*x_i)
a1, a2, b1, b2 ~ Normal(0, 1)
""",
    {"y": GROUP, "x": X},
    a1=real(),
    a2=real(),
    b1=real(),
    b2=real(),
)
def multinom_stack(p, d):
    e = np.c_[np.zeros(5), p["a1"] + p["b1"] * d["x"], p["a2"] + p["b2"] * d["x"]]
    return (e - logsumexp(e, axis=1)[:, None])[np.arange(5), d["y"] - 1].sum() + sum(
        N(p[k]) for k in ("a1", "a2", "b1", "b2")
    )


@case(
    """
τ ~ Half-Normal(0, 5²)
yᵢ ∼ Normal(θ₁·xᵢ² − θ₀ ÷ 2, τ)
θ₁, θ₀ ~ Normal(0, √4)
""",
    {"y": Y, "x": X},
    tau=pos(),
    theta_1=real(),
    theta_0=real(),
)
def uni(p, d):
    return (
        N(d["y"], p["theta_1"] * d["x"] ** 2 - p["theta_0"] / 2, p["tau"])
        + HN(p["tau"], 25)
        + N(p["theta_1"], 0, 2)
        + N(p["theta_0"], 0, 2)
    )


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
y_i ~ Normal(N * mu, s)
mu ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "N": 5},
    mu=real(),
    s=pos(),
)
def nsize(p, d):
    return N(d["y"], 5 * p["mu"], p["s"]) + N(p["mu"]) + HN(p["s"])


@case(
    """
y_m ~ Normal(mu + sum(w_r * u_r for r in members_m), 1)
u_r ~ Normal(0, 1)
mu ~ Flat()
""",
    {"y": [1.0, 2.0, 3.0], "members": [[1, 3], [2], [1, 2, 3, 4]], "w": [0.1, 0.2, 0.3, 0.4]},
    u=real(4),
    mu=real(),
)
def ragged(p, d):
    G = [[0, 2], [1], [0, 1, 2, 3]]
    return N(d["y"], p["mu"] + np.array([(d["w"][k] * p["u"][k]).sum() for k in G])) + N(p["u"])


@case(
    """
phi_i ~ Flat()
y_i ~ Poisson(exp(b + phi_i * s))
log_density += -0.5 * sum((phi[n1[k]] - phi[n2[k]])^2 for k in 1..E)
sum(phi) ~ Normal(0, 0.001 * N)
b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": COUNTS, "n1": [1, 2, 3, 4], "n2": [2, 3, 4, 5], "E": 4, "N": 5},
    phi=lambda r: r.normal(size=5) * 0.01,
    b=real(),
    s=pos(),
)
def icar(p, d):
    f = p["phi"]
    return (
        PO(d["y"], np.exp(p["b"] + f * p["s"]))
        - 0.5 * ((f[d["n1"] - 1] - f[d["n2"] - 1]) ** 2).sum()
        + N(f.sum(), 0, 0.005)
        + N(p["b"])
        + HN(p["s"])
    )


@case(
    """
y_i ~ Normal(sum(beta_p * X_{i,p} for p in 1..P), s)
beta_p ~ Normal(0, tau * lam_p) non-centered
lam_p ~ Half-Cauchy(1)
tau ~ Half-Cauchy(s)
s ~ Half-Normal(1)
""",
    {"y": [1.0, 2.0, 0.4], "X": [[1.0, 2.0], [0.0, 1.0], [2.0, 3.0]]},
    beta=real(2),
    lam=pos(2),
    tau=pos(),
    s=pos(),
)
def hs(p, d):
    return (
        N(d["y"], d["X"] @ p["beta"], p["s"])
        + N(p["beta"], 0, p["tau"] * p["lam"])
        + HC(p["lam"])
        + HC(p["tau"], p["s"])
        + HN(p["s"])
    )


@case(
    """
y_t ~ Normal(a[month[t]] + b * t, s)
a_m ~ Normal(0, 1) for m in 1..12
b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "month": [1, 2, 3, 11, 12]},
    a=real(12),
    b=real(),
    s=pos(),
)
def months(p, d):
    return N(d["y"], p["a"][d["month"] - 1] + p["b"] * np.arange(1, 6), p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(a + b*t_i, s)
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "t": X},
    a=real(),
    b=real(),
    s=pos(),
)
def t_data(p, d):
    return N(d["y"], p["a"] + p["b"] * d["t"], p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
k_i ~ Binomial(n_i, p_i)
logit(p_i) = a + m * (i - 3)
a, m ~ Normal(0, 1)
""",
    {"k": COUNTS, "n": [5, 5, 5, 5, 5]},
    a=real(),
    m=real(),
)
def letters_names(p, d):
    return BI(d["k"], 5, expit(p["a"] + p["m"] * (np.arange(1, 6) - 3))) + N(p["a"]) + N(p["m"])


@case(
    """
y_i ~ Normal(mu_i, s)
mu_i = a + b[1]*x_i + b[2]*x_i^2 + b[3] * (x_i > 1) * x_i
a ~ Normal(0, 1)
b[1] ~ Normal(0, 1)
b[2] ~ Normal(0, 2)
b[3] ~ Cauchy(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(3),
    s=pos(),
)
def lit_defs(p, d):
    x, b = d["x"], p["b"]
    return (
        N(d["y"], p["a"] + b[0] * x + b[1] * x**2 + b[2] * (x > 1) * x, p["s"])
        + N(p["a"])
        + N(b[0])
        + N(b[1], 0, 2)
        + stats.cauchy.logpdf(b[2])
        + HN(p["s"])
    )


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
