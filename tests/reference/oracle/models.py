"""Models as applied statisticians write them: cells, panels, growth, items, change points."""

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
    unit,
)


@case(
    """
y ~ Normal(a + b*x, s)
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    s=pos(),
)
def vec(p, d):
    return N(d["y"], p["a"] + p["b"] * d["x"], p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(a + b*xbar[g[i]], s)
xbar_j = sum(x_i * (g_i == j) for i in 1..N) / sum((g_i == j) for i in 1..N) for j in 1..3
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X, "g": GROUP},
    a=real(),
    b=real(),
    s=pos(),
)
def groupmean(p, d):
    xb = np.array([d["x"][d["g"] == j].mean() for j in (1, 2, 3)])
    return N(d["y"], p["a"] + p["b"] * xb[d["g"] - 1], p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


def groupmean_if(p, d):
    return groupmean(p, d)


case(
    """
y_i ~ Normal(a + b*xbar[g[i]], s)
xbar_j = mean(x_i for i in 1..N if g_i == j) for j in 1..3
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X, "g": GROUP},
    a=real(),
    b=real(),
    s=pos(),
)(groupmean_if)


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
y_{i,t} ~ Normal(a_i + b_i * t, s)
a_i ~ Normal(0, 1)
b_i ~ Normal(0, 2)
s ~ Half-Normal(1)
""",
    {"y": [[1.0, 2.0, 3.0], [2.0, 4.0, 5.0]]},
    a=real(2),
    b=real(2),
    s=pos(),
)
def growth(p, d):
    return (
        N(d["y"], p["a"][:, None] + p["b"][:, None] * np.arange(1, 4), p["s"])
        + N(p["a"])
        + N(p["b"], 0, 2)
        + HN(p["s"])
    )


@case(
    """
y_{i,t} ~ Normal(rho * y_{i,t-1} + a_i, s) for t in 2..T
a_i ~ Normal(0, 1)
rho ~ Uniform(-1, 1)
s ~ Half-Normal(1)
""",
    {"y": [[1.0, 2.0, 3.0], [2.0, 4.0, 5.0]]},
    a=real(2),
    rho=between(-0.9, 0.9),
    s=pos(),
)
def panel(p, d):
    return N(d["y"][:, 1:], p["rho"] * d["y"][:, :-1] + p["a"][:, None], p["s"]) + N(p["a"]) + np.log(0.5) + HN(p["s"])


@case(
    """
y_{i,t} ~ Normal(x_{i,t}, s)
x_{i,1} ~ Normal(0, 5)
x_{i,t} ~ Normal(x_{i,t-1}, q) for t in 2..3
s, q ~ Half-Normal(1)
""",
    {"y": [[1.0, 2.0, 3.0], [2.0, 4.0, 5.0]]},
    x=real(2, 3),
    s=pos(),
    q=pos(),
)
def panel_rw(p, d):
    return (
        N(d["y"], p["x"], p["s"])
        + N(p["x"][:, 0], 0, 5)
        + N(p["x"][:, 1:], p["x"][:, :-1], p["q"])
        + HN(p["s"])
        + HN(p["q"])
    )


@case(
    """
y_t ~ Normal(m_t, 1)
m_1 = m0
m_t = 0.5*m_{t-1} + e_t for t in 2..T
e_t ~ Normal(0, 1) for t in 1..T
m0 ~ Normal(0, 5)
""",
    {"y": Y},
    m0=real(),
    e=real(5),
)
def recur(p, d):
    m = [float(p["m0"])]
    for t in range(1, 5):
        m.append(0.5 * m[-1] + p["e"][t])
    return N(d["y"], np.array(m)) + N(p["e"]) + N(p["m0"], 0, 5)


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
y_i ~ Normal(sum(X_i) * b + max(X_i) + mean(X) + prod(X_i), 1)
b ~ Normal(0, 1)
""",
    {"y": [1.0, 2.0], "X": [[1.0, 2.0], [3.0, 4.0]]},
    b=real(),
)
def rowsum(p, d):
    X = d["X"]
    return N(d["y"], X.sum(1) * p["b"] + X.max(1) + X.mean() + X.prod(1)) + N(p["b"])


@case(
    """
y_j ~ Normal(sum(X_{i,j} * w_i for i in 1..2) + b, 1)
w_i ~ Normal(0, 1)
b ~ Normal(0, 1)
""",
    {"y": [1.0, 2.0, 3.0], "X": [[1.0, 2.0, 0.0], [3.0, 4.0, -1.0]]},
    b=real(),
    w=real(2),
)
def colsum(p, d):
    return N(d["y"], d["X"].T @ p["w"] + p["b"]) + N(p["w"]) + N(p["b"])


@case(
    """
y_j ~ Normal(Xt_j * w, 1)
Xt = transpose(X)
w_i ~ Normal(0, 1)
""",
    {"y": [1.0, 2.0, 3.0], "X": [[1.0, 2.0, 0.0], [3.0, 4.0, -1.0]]},
    w=real(2),
)
def transp(p, d):
    return N(d["y"], d["X"].T @ p["w"]) + N(p["w"])


@case(
    """
y_i ~ Normal(x_i * A * x_i, 1)
A_{k,l} ~ Normal(0, 1) for k in 1..2, l in 1..2
""",
    {"y": [1.0, 2.0, 3.0], "x": [[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]]},
    A=real(2, 2),
)
def quad(p, d):
    return N(d["y"], np.einsum("ik,kl,il->i", d["x"], p["A"], d["x"])) + N(p["A"])


@case(
    """
y_i ~ Normal(mu, s) if g_i = 1
    ~ Student-t(3, mu, s) if g_i = 2
    ~ Laplace(mu, s) otherwise
mu ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "g": GROUP},
    mu=real(),
    s=pos(),
)
def pd3(p, d):
    y, m, s = d["y"], p["mu"], p["s"]
    return (
        np.select(
            [d["g"] == 1, d["g"] == 2],
            [stats.norm.logpdf(y, m, s), stats.t.logpdf(y, 3, m, s)],
            stats.laplace.logpdf(y, m, s),
        ).sum()
        + N(m)
        + HN(s)
    )


@case(
    """
y_i ~ Normal(mu_i, s)
mu_i = a if x_i < 0
     = b if 0 <= x_i < 1
     = c if x_i >= 1
a, b, c ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    c=real(),
    s=pos(),
)
def cover3(p, d):
    x = d["x"]
    return (
        N(d["y"], np.where(x < 0, p["a"], np.where(x < 1, p["b"], p["c"])), p["s"])
        + sum(N(p[k]) for k in "abc")
        + HN(p["s"])
    )


@case(
    """
y_i ~ Normal(a / b * c - d_0 - e - -f^2, 1)
a, c, d_0, e, f ~ Normal(0, 1)
b ~ Gamma(2, 3)
""",
    {"y": Y},
    a=real(),
    b=pos(),
    c=real(),
    d_0=real(),
    e=real(),
    f=real(),
)
def prec2(p, d):
    return (
        N(d["y"], (p["a"] / p["b"]) * p["c"] - p["d_0"] - p["e"] + p["f"] ** 2)
        + sum(N(p[k]) for k in ("a", "c", "d_0", "e", "f"))
        + GA(p["b"], 2, 3)
    )


@case(
    """
y_i ~ Normal(a^-b*c + 2^b^2 + (-a)^2 + a**2/2, 1)
a ~ Gamma(2, 1)
b, c ~ Normal(0, 1)
""",
    {"y": Y},
    a=pos(),
    b=real(),
    c=real(),
)
def prec3(p, d):
    a, b, c = p["a"], p["b"], p["c"]
    return N(d["y"], a ** (-b) * c + 2 ** (b**2) + a**2 + a * a / 2) + GA(a, 2, 1) + N(b) + N(c)


@case(
    """
y_i ~ Normal(1e-3 * a + 5% * b + .5 * 1E2 * a + 1/2*b, 1)
a, b ~ Normal(0, 1)
""",
    {"y": Y},
    a=real(),
    b=real(),
)
def nums(p, d):
    return N(d["y"], 0.001 * p["a"] + 0.05 * p["b"] + 50 * p["a"] + 0.5 * p["b"]) + N(p["a"]) + N(p["b"])


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
y_{i} ~ Normal(alpha_{district[i]} + beta_{district[i]} * urban_i, s)
alpha_j ~ Normal(ma, sa)
beta_j ~ Normal(mb, sb)
ma, mb ~ Normal(0, 1)
sa, sb, s ~ Exponential(1)
""",
    {"y": Y, "urban": [0, 1, 0, 1, 1], "district": [1, 2, 4, 2, 1]},
    alpha=real(4),
    beta=real(4),
    ma=real(),
    mb=real(),
    sa=pos(),
    sb=pos(),
    s=pos(),
)
def gaps(p, d):
    g = d["district"] - 1
    return (
        N(d["y"], p["alpha"][g] + p["beta"][g] * d["urban"], p["s"])
        + N(p["alpha"], p["ma"], p["sa"])
        + N(p["beta"], p["mb"], p["sb"])
        + N(p["ma"])
        + N(p["mb"])
        + sum(EX(p[k]) for k in ("s", "sa", "sb"))
    )


@case(
    """
y_i ~ Normal(mu, s) for i in 2..4
y_i ~ Normal(2*mu, s) for i in 5..N
y_1 ~ Normal(0, s)
mu ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "N": 5},
    mu=real(),
    s=pos(),
)
def ranges(p, d):
    y = d["y"]
    return N(y[1:4], p["mu"], p["s"]) + N(y[4], 2 * p["mu"], p["s"]) + N(y[0], 0, p["s"]) + N(p["mu"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(mu, s)
n = count(y)
mu ~ Normal(0, 1 / sqrt(n))
s ~ Half-Normal(0, max(y) - min(y))
""",
    {"y": Y},
    mu=real(),
    s=pos(),
)
def counted(p, d):
    y = d["y"]
    return N(y, p["mu"], p["s"]) + N(p["mu"], 0, 1 / np.sqrt(5)) + HN(p["s"], np.ptp(y))


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
y_t ~ Poisson(exp(a)) if t <= tau_0
    ~ Poisson(exp(b)) otherwise
a, b ~ Normal(0, 1)
""",
    {"y": COUNTS, "tau_0": 2},
    a=real(),
    b=real(),
)
def change(p, d):
    return PO(d["y"], np.exp(np.where(np.arange(1, 6) <= 2, p["a"], p["b"]))) + N(p["a"]) + N(p["b"])


@case(
    """
log_density += log_sum_exp(lp_k for k in 1..T)
lp_k = -log(T) + sum(y_t * log(e) - e for t in 1..k) + sum(y_t * log(l) - l for t in k+1..T) for k in 1..T
e, l ~ Exponential(1)
""",
    {"y": COUNTS, "T": 5},
    e=pos(),
    l=pos(),
)
def coal(p, d):
    y = d["y"]
    e, l = p["e"], p["l"]
    lp = [-np.log(5) + (y[:k] * np.log(e) - e).sum() + (y[k:] * np.log(l) - l).sum() for k in range(1, 6)]
    return logsumexp(lp) + EX(e) + EX(l)


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
