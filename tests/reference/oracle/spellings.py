"""Names with numbers, expressions on the left, recursions over two names, precedence, products."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit, softmax

from tests.reference.oracle.kit import BI, COUNTS, GA, GROUP, HC, HN, PO, N, X, Y, between, case, pos, real, unit


@case(
    """
y_i ~ Normal(b_0 + b_1 * x_1_i + b_2 * x_2_i, s)
b_0, b_1, b_2 ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x_1": X, "x_2": COUNTS},
    b_0=real(),
    b_1=real(),
    b_2=real(),
    s=pos(),
)
def x12(p, d):
    return (
        N(d["y"], p["b_0"] + p["b_1"] * d["x_1"] + p["b_2"] * d["x_2"], p["s"])
        + sum(N(p[k]) for k in ("b_0", "b_1", "b_2"))
        + HN(p["s"])
    )


@case(
    """
y_i ~ Normal(b_1 * x_{i,1} + b_2 * x_{i,2}, s)
b_1, b_2 ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x_1": X, "x_2": COUNTS},
    b_1=real(),
    b_2=real(),
    s=pos(),
)
def x12m(p, d):
    return (
        N(d["y"], p["b_1"] * d["x_1"] + p["b_2"] * d["x_2"], p["s"]) + sum(N(p[k]) for k in ("b_1", "b_2")) + HN(p["s"])
    )


@case(
    """
log(y_i) ~ Normal(mu, s)
mu ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": [1.0, 2.0, 3.0]},
    mu=real(),
    s=pos(),
)
def loglhs(p, d):
    return N(np.log(d["y"]), p["mu"], p["s"]) + N(p["mu"]) + HN(p["s"])


@case(
    """
y_t - phi * y_{t-1} ~ Normal(0, s) for t in 2..T
phi ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y},
    phi=real(),
    s=pos(),
)
def difflhs(p, d):
    return N(d["y"][1:] - p["phi"] * d["y"][:-1], 0, p["s"]) + N(p["phi"]) + HN(p["s"])


@case(
    """
u_i - u_j ~ Normal(0, 1) for i in 1..3, j in 1..3
y_i ~ Normal(u_i, 1)
u_i ~ Normal(0, 3)
""",
    {"y": [1.0, 2.0, 3.0]},
    u=real(3),
)
def pairlhs(p, d):
    u = p["u"]
    return N(u[:, None] - u[None]) + N(d["y"], u) + N(u, 0, 3)


@case(
    """
y_i ~ Normal(th_i, s)
th_i = sum(K_ij * a_j for j in 1..N)
K_ij = exp(-0.5 * (x_i - x_j)^2 / l^2)
a_j ~ Normal(0, 1)
l ~ Inverse-Gamma(3, 2)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X, "N": 5},
    a=real(5),
    l=pos(),
    s=pos(),
)
def kernel(p, d):
    x = d["x"]
    K = np.exp(-0.5 * (x[:, None] - x) ** 2 / p["l"] ** 2)
    return N(d["y"], K @ p["a"], p["s"]) + N(p["a"]) + stats.invgamma.logpdf(p["l"], 3, scale=2) + HN(p["s"])


@case(
    """
y_i ~ Normal(max(a, b, x_i) + min(a, x_i) + fmax(a, b), 1)
a, b ~ Normal(0, 1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
)
def maxes(p, d):
    return (
        N(d["y"], np.maximum(max(p["a"], p["b"]), d["x"]) + np.minimum(p["a"], d["x"]) + max(p["a"], p["b"]))
        + N(p["a"])
        + N(p["b"])
    )


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


@case(
    """
y_i ~ Normal(mu + d[sex[i], grp[i]], s)
d[1, j] ~ Normal(0, 1)
d[2, j] ~ Normal(1, 2)
mu ~ Flat()
s ~ Half-Normal(1)
""",
    {"y": Y, "sex": [1, 2, 1, 2, 1], "grp": GROUP},
    d=real(2, 3),
    mu=real(),
    s=pos(),
)
def partial_lit(p, d):
    D = p["d"]
    return N(d["y"], p["mu"] + D[d["sex"] - 1, d["grp"] - 1], p["s"]) + N(D[0]) + N(D[1], 1, 2) + HN(p["s"])


@case(
    """
y_t ~ Normal(mu_t, s)
mu_1 = a
mu_2 = a + b
mu_t = mu_{t-1} + 0.5 * mu_{t-2} * b for t in 3..T
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y},
    a=real(),
    b=real(),
    s=pos(),
)
def rec2(p, d):
    m = [float(p["a"]), float(p["a"] + p["b"])]
    for _t in range(2, 5):
        m.append(m[-1] + 0.5 * m[-2] * float(p["b"]))
    return N(d["y"], np.array(m), p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
y_t ~ Normal(l_t + q_t, s)
l_1 = l0
q_1 = 0
l_t = l_{t-1} + q_{t-1} + al * (y_{t-1} - l_{t-1} - q_{t-1}) for t in 2..T
q_t = q_{t-1} + be * (l_t - l_{t-1}) for t in 2..T
l0 ~ Normal(0, 1)
al, be ~ Uniform(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y},
    l0=real(),
    al=unit(),
    be=unit(),
    s=pos(),
)
def holt(p, d):
    y = d["y"]
    l = [float(p["l0"])]
    q = [0.0]
    for t in range(1, 5):
        l.append(l[-1] + q[-1] + p["al"] * (y[t - 1] - l[-1] - q[-1]))
        q.append(q[-1] + p["be"] * (l[-1] - l[-2]))
    return N(y, np.array(l) + np.array(q), p["s"]) + N(p["l0"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(a_g[i], s)
a_g_i = m + e[g[i]]
e_j ~ Normal(0, t)
m ~ Normal(0, 1)
s, t ~ Half-Normal(1)
""",
    {"y": Y, "g": GROUP},
    e=real(3),
    m=real(),
    s=pos(),
    t=pos(),
)
def tname(p, d):
    return N(d["y"], p["m"] + p["e"][d["g"] - 1], p["s"]) + N(p["e"], 0, p["t"]) + N(p["m"]) + HN(p["s"]) + HN(p["t"])


@case(
    """
y_i ~ Normal(alpha_{g_i} + beta_{g_i} * (x_i - mean(x)), sigma_{g_i})
alpha_j ~ Normal(mu_alpha, sigma_alpha)
beta_j ~ Normal(mu_beta, sigma_beta)
sigma_j ~ Half-Cauchy(0, 2)
mu_alpha, mu_beta ~ Normal(0, 10)
sigma_alpha, sigma_beta ~ Uniform(0, 100)
""",
    {"y": Y, "x": X, "g": GROUP},
    alpha=real(3),
    beta=real(3),
    sigma=pos(3),
    mu_alpha=real(),
    mu_beta=real(),
    sigma_alpha=pos(),
    sigma_beta=pos(),
)
def sharednames(p, d):
    g = d["g"] - 1
    return (
        N(d["y"], p["alpha"][g] + p["beta"][g] * (d["x"] - d["x"].mean()), p["sigma"][g])
        + N(p["alpha"], p["mu_alpha"], p["sigma_alpha"])
        + N(p["beta"], p["mu_beta"], p["sigma_beta"])
        + HC(p["sigma"], 2)
        + N(p["mu_alpha"], 0, 10)
        + N(p["mu_beta"], 0, 10)
        - 2 * np.log(100)
    )


@case(
    """
y_i ~ Normal(a * x_i / b / c + a - b + c - a * -x_i ^ 2 ^ 0.5 / 2 * c, 1)
a, b, c ~ Gamma(2, 1)
""",
    {"y": COUNTS, "x": [1.0, 2.0, 3.0, 4.0, 5.0]},
    a=pos(),
    b=pos(),
    c=pos(),
)
def prec5(p, d):
    a, b, c, x = p["a"], p["b"], p["c"], d["x"]
    return N(d["y"], ((a * x) / b) / c + a - b + c - ((a * -(x ** (2**0.5))) / 2) * c) + sum(
        GA(p[k], 2, 1) for k in "abc"
    )


@case(
    """
y_i ~ Normal(a * (x_i > 0 and not x_i > 1) + b * (not g_i = 2 or x_i < 0), 1)
a, b ~ Normal(0, 1)
""",
    {"y": Y, "x": X, "g": GROUP},
    a=real(),
    b=real(),
)
def nots(p, d):
    x, g = d["x"], d["g"]
    return N(d["y"], p["a"] * ((x > 0) & ~(x > 1)) + p["b"] * (~(g == 2) | (x < 0))) + N(p["a"]) + N(p["b"])


@case(
    """
y_i ~ Normal(a * (2 >= g_i > 1) + a * (1 != g_i), 1)
a ~ Normal(0, 1)
""",
    {"y": Y, "g": GROUP},
    a=real(),
)
def chain2(p, d):
    g = d["g"]
    return N(d["y"], p["a"] * ((g <= 2) & (g > 1)) + p["a"] * (g != 1)) + N(p["a"])


@case(
    """
y_i ~ Normal(mu_i, s)
mu_i = X_i * b + Z_i * u[g[i]]
b_p ~ Normal(0, 5) for p in 1..P
u_{j,q} ~ Normal(0, tau_q)
tau_q ~ Half-Normal(1)
s ~ Half-Normal(1)
""",
    {"y": Y, "g": GROUP, "X": [[1.0, 2.0, 0.0]] * 3 + [[0.0, 1.0, 3.0]] * 2, "Z": [[1.0, 0.5]] * 2 + [[1.0, -1.0]] * 3},
    b=real(3),
    u=real(3, 2),
    tau=pos(2),
    s=pos(),
)
def lmm(p, d):
    return (
        N(d["y"], d["X"] @ p["b"] + (d["Z"] * p["u"][d["g"] - 1]).sum(1), p["s"])
        + N(p["b"], 0, 5)
        + N(p["u"], 0, p["tau"])
        + HN(p["tau"])
        + HN(p["s"])
    )


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


@case(
    """
y_n ~ Normal(f[site[n], year[n]], s)
f_{j,t} = a_j + w_t
w_1 = 0
w_t = w_{t-1} + d_t for t in 2..4
d_t ~ Normal(0, 1) for t in 1..4
a_j ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "site": GROUP, "year": [1, 2, 3, 4, 4]},
    d=real(4),
    a=real(3),
    s=pos(),
)
def yeareff(p, d):
    w = np.r_[0, np.cumsum(p["d"][1:])]
    return N(d["y"], p["a"][d["site"] - 1] + w[d["year"] - 1], p["s"]) + N(p["d"]) + N(p["a"]) + HN(p["s"])


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


@case(
    """
v = (x - mean(x)) / (2 * sd(x))
q_i = x_i^2 - mean(x_k^2 for k in 1..5)
y_i ~ Normal(a + b * v_i + c * q_i, s)
a, b, c ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    c=real(),
    s=pos(),
)
def scaledw(p, d):
    x = d["x"]
    v = (x - x.mean()) / (2 * x.std(ddof=1))
    q = x**2 - (x**2).mean()
    return N(d["y"], p["a"] + p["b"] * v + p["c"] * q, p["s"]) + sum(N(p[k]) for k in "abc") + HN(p["s"])


@case(
    """
y_i ~ Normal(mu_i, s)
mu_i = a if arm_i = 1 and t_i > 1
     = b if arm_i = 2
     = c otherwise
a, b, c ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "arm": [1, 2, 1, 2, 1], "t": [1.0, 2.0, 3.0, 1.0, 2.0]},
    a=real(),
    b=real(),
    c=real(),
    s=pos(),
)
def pw3(p, d):
    return (
        N(d["y"], np.select([(d["arm"] == 1) & (d["t"] > 1), d["arm"] == 2], [p["a"], p["b"]], p["c"]), p["s"])
        + sum(N(p[k]) for k in "abc")
        + HN(p["s"])
    )


@case(
    """
y_i ~ Normal(w · X_i, 1)
w = softmax(0, a)
a_k ~ Normal(0, 1) for k in 1..2
""",
    {"y": [1.0, 2.0], "X": [[1.0, 2.0, 3.0], [0.0, 1.0, 5.0]]},
    a=real(2),
)
def softw(p, d):
    w = softmax(np.r_[0, p["a"]])
    return N(d["y"], d["X"] @ w) + N(p["a"])


@case(
    """
y_i ~ Normal(cs[g[i]], 1)
cs = cumsum(d)
d_k ~ Half-Normal(1) for k in 1..3
""",
    {"y": Y, "g": GROUP},
    d=pos(3),
)
def cumd(p, d):
    return N(d["y"], np.cumsum(p["d"])[d["g"] - 1]) + HN(p["d"])


@case(
    """
y_i ~ Normal(sum(exp(a_j) * b_{g[i],j} for j in 1..2) / sum(exp(a_j) for j in 1..2), s)
a_j ~ Normal(0, 1)
b_{k,j} ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "g": GROUP},
    a=real(2),
    b=real(3, 2),
    s=pos(),
)
def wavg(p, d):
    w = np.exp(p["a"])
    return N(d["y"], (p["b"] @ w)[d["g"] - 1] / w.sum(), p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])
