"""Ranges that depend on other indices, lags, pieces, precedence, functions."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit, logsumexp

from tests.reference.oracle.kit import BE, COUNTS, GA, GROUP, HN, PO, N, X, Y, between, case, pos, real, simplex, unit


@case(
    """
y_t ~ Normal(sum(w_k * x_{t-k+1} for k in 1..3), 1) for t in 3..T
w_k ~ Normal(0, 1) for k in 1..3
""",
    {"y": Y, "x": X},
    w=real(3),
)
def dlag(p, d):
    m = [sum(p["w"][k] * d["x"][t - k] for k in range(3)) for t in range(2, 5)]
    return N(d["y"][2:], np.array(m)) + N(p["w"])


@case(
    """
y_t ~ Normal(sum(a^(t-s) * x_s for s in 1..t), 1)
a ~ Uniform(0, 1)
""",
    {"y": Y, "x": X},
    a=unit(),
)
def adstock(p, d):
    m = [sum(p["a"] ** (t - s) * d["x"][s] for s in range(t + 1)) for t in range(5)]
    return N(d["y"], np.array(m))


@case(
    """
y_{i,j} ~ Normal(0, exp(-abs(u_i - u_j)) + s) for i in 1..3, j in 1..i-1
s ~ Half-Normal(1)
u_i ~ Normal(0, 1)
""",
    {"y": [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.5, 0.2, 0.0]]},
    s=pos(),
    u=real(3),
)
def lower(p, d):
    t = 0
    for i in range(3):
        for j in range(i):
            t += N(d["y"][i, j], 0, np.exp(-abs(p["u"][i] - p["u"][j])) + p["s"])
    return t + HN(p["s"]) + N(p["u"])


@case(
    """
y_{i,j} ~ Bernoulli(inv_logit(a - (z_i - z_j)^2)) for i in 1..3, j in i+1..3
a ~ Normal(0, 1)
z_i ~ Normal(0, 1)
""",
    {"y": [[0, 1, 1], [0, 0, 0], [1, 1, 1]]},
    a=real(),
    z=real(3),
)
def latent_space(p, d):
    t = 0
    for i in range(3):
        for j in range(i + 1, 3):
            t += BE(d["y"][i, j], expit(p["a"] - (p["z"][i] - p["z"][j]) ** 2))
    return t + N(p["a"]) + N(p["z"])


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


@case(
    """
y_i ~ Normal(mu_i, s)
mu_i = sum(beta_{g[i],p} * X_{i,p} for p in 1..P)
beta_{j,p} ~ Normal(gamma_p, tau_p)
gamma_p ~ Normal(0, 1)
tau_p ~ Half-Normal(1)
s ~ Half-Normal(1)
""",
    {"y": Y, "g": GROUP, "X": [[1.0, 2.0]] * 3 + [[0.0, 1.0]] * 2},
    beta=real(3, 2),
    gamma=real(2),
    tau=pos(2),
    s=pos(),
)
def hreg(p, d):
    return (
        N(d["y"], (p["beta"][d["g"] - 1] * d["X"]).sum(1), p["s"])
        + N(p["beta"], p["gamma"], p["tau"])
        + N(p["gamma"])
        + HN(p["tau"])
        + HN(p["s"])
    )


@case(
    """
y_i ~ Normal(X_i * beta_{g[i]}, s)
beta_{j,p} ~ Normal(U_j * Gamma_p, tau_p)
Gamma_{p,q} ~ Normal(0, 1)
tau_p ~ Half-Normal(1)
s ~ Half-Normal(1)
""",
    {
        "y": Y,
        "g": GROUP,
        "X": [[1.0, 2.0]] * 3 + [[0.0, 1.0]] * 2,
        "U": [[1.0, 0.0, 1.0], [1.0, 1.0, 2.0], [1.0, -1.0, 0.5]],
    },
    beta=real(3, 2),
    Gamma=real(2, 3),
    tau=pos(2),
    s=pos(),
)
def hreg2(p, d):
    return (
        N(d["y"], (p["beta"][d["g"] - 1] * d["X"]).sum(1), p["s"])
        + N(p["beta"], d["U"] @ p["Gamma"].T, p["tau"])
        + N(p["Gamma"])
        + HN(p["tau"])
        + HN(p["s"])
    )


@case(
    """
y_i ~ Normal(inv_logit(a)*x_i + max(a, 0) + min(x_i, 1) + step(x_i - 1) + log1p_exp(a), s)
a ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    a=real(),
    s=pos(),
)
def funcs(p, d):
    a, x = p["a"], d["x"]
    return (
        N(d["y"], expit(a) * x + max(a, 0) + np.minimum(x, 1) + (x >= 1) + np.log1p(np.exp(a)), p["s"])
        + N(a)
        + HN(p["s"])
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
y_{i} ~ Normal(mu_i, s)
mu_i = a + b * x_i + u[id[i]]
u_j ~ Normal(0, su)
a ~ Normal(0, 1)
b ~ Normal(0, 1)
s, su ~ Half-Student-t(3, 0, 2.5)
""",
    {"y": Y, "x": X, "id": GROUP},
    u=real(3),
    a=real(),
    b=real(),
    s=pos(),
    su=pos(),
)
def idname(p, d):
    def ht(v):
        return np.log(2) + stats.t.logpdf(v, 3, 0, 2.5)

    return (
        N(d["y"], p["a"] + p["b"] * d["x"] + p["u"][d["id"] - 1], p["s"])
        + N(p["u"], 0, p["su"])
        + N(p["a"])
        + N(p["b"])
        + ht(p["s"])
        + ht(p["su"])
    )


@case(
    """
mu ~ Normal(0, 1)
s ~ Half-Normal(1)
y_i ~ Normal(mu, s)     if not (g_i = 1 or x_i > 1) and x_i != 0
    ~ Normal(-mu, s)    otherwise
""",
    {"y": Y, "x": X, "g": GROUP},
    mu=real(),
    s=pos(),
)
def notand(p, d):
    c = ~((d["g"] == 1) | (d["x"] > 1)) & (d["x"] != 0)
    return N(d["y"], np.where(c, p["mu"], -p["mu"]), p["s"]) + N(p["mu"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(a, s) if x_i > 0 or g_i = 2 and x_i < -1
    ~ Normal(b, s) otherwise
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X, "g": GROUP},
    a=real(),
    b=real(),
    s=pos(),
)
def orand(p, d):
    c = (d["x"] > 0) | ((d["g"] == 2) & (d["x"] < -1))
    return N(d["y"], np.where(c, p["a"], p["b"]), p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(a * (1 < g_i <= 2) + 3 * -a ^ 2, 1)
a ~ Normal(0, 1)
""",
    {"y": Y, "x": X, "g": GROUP},
    a=real(),
)
def chain(p, d):
    return N(d["y"], p["a"] * ((d["g"] > 1) & (d["g"] <= 2)) - 3 * p["a"] ** 2) + N(p["a"])


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
def lin(a, b, x) = a + b * x
y_i ~ Normal(lin(b, a, x_i) + lin(x_i, 1, 2), 1)
a, b ~ Normal(0, 1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
)
def hyg(p, d):
    return N(d["y"], p["b"] + p["a"] * d["x"] + d["x"] + 2) + N(p["a"]) + N(p["b"])


@case(
    """
def dev(v) = sum((v_i - mean(v))^2 for i in 1..5)
y_i ~ Normal(a[g[i]] * x_i, 1)
a_j ~ Normal(0, 1 / dev(x))
""",
    {"y": Y, "x": X, "g": GROUP},
    a=real(3),
)
def devf(p, d):
    return N(d["y"], p["a"][d["g"] - 1] * d["x"]) + N(p["a"], 0, 1 / ((d["x"] - d["x"].mean()) ** 2).sum())


@case(
    """
def prev(v, t) = v_{t-1}
y_t ~ Normal(phi * prev(y, t), s) for t in 2..T
phi ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y},
    phi=real(),
    s=pos(),
)
def prevf(p, d):
    return N(d["y"][1:], p["phi"] * d["y"][:-1], p["s"]) + N(p["phi"]) + HN(p["s"])


@case(
    """
def prev(v, k) = v_{k-1}
y_t ~ Normal(phi * prev(x, t + 1) + prev(x, t), s) for t in 2..T
phi ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    phi=real(),
    s=pos(),
)
def prevf2(p, d):
    return N(d["y"][1:], p["phi"] * d["x"][1:] + d["x"][:-1], p["s"]) + N(p["phi"]) + HN(p["s"])


@case(
    """
y_t ~ Normal(l_t, s)
l_t = l0 + sum(e_k for k in 1..t) + sum(sum(d_j for j in 1..k) for k in 1..t)
e_t ~ Normal(0, 1)
d_t ~ Normal(0, 1)
l0 ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y},
    e=real(5),
    d=real(5),
    l0=real(),
    s=pos(),
)
def i2(p, d):
    return (
        N(d["y"], p["l0"] + np.cumsum(p["e"]) + np.cumsum(np.cumsum(p["d"])), p["s"])
        + N(p["e"])
        + N(p["d"])
        + N(p["l0"])
        + HN(p["s"])
    )


@case(
    """
y_t ~ Normal(l_t + c_t, s)
l_1 ~ Normal(0, 5)
l_t ~ Normal(l_{t-1} + b_{t-1}, 0.1) for t in 2..T
b_1 ~ Normal(0, 1)
b_t ~ Normal(b_{t-1}, 0.2) for t in 2..T
c_t = a * sin(2 * pi * t / 12)
a ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y},
    l=real(5),
    b=real(5),
    a=real(),
    s=pos(),
)
def llt(p, d):
    l, b = p["l"], p["b"]
    return (
        N(d["y"], l + p["a"] * np.sin(2 * np.pi * np.arange(1, 6) / 12), p["s"])
        + N(l[0], 0, 5)
        + N(l[1:], l[:-1] + b[:-1], 0.1)
        + N(b[0])
        + N(b[1:], b[:-1], 0.2)
        + N(p["a"])
        + HN(p["s"])
    )


@case(
    """
y_i ~ Normal(eta_i, s)
eta_i = alpha + sum(b_k * (x_i - knot_k)^3 * (x_i > knot_k) for k in 1..K)
b_k ~ Normal(0, tau)
alpha ~ Normal(0, 1)
tau, s ~ Half-Normal(1)
""",
    {"y": Y, "x": X, "knot": [0.0, 1.0]},
    b=real(2),
    alpha=real(),
    tau=pos(),
    s=pos(),
)
def spline(p, d):
    x = d["x"][:, None]
    k = d["knot"]
    return (
        N(d["y"], p["alpha"] + (p["b"] * (x - k) ** 3 * (x > k)).sum(1), p["s"])
        + N(p["b"], 0, p["tau"])
        + N(p["alpha"])
        + HN(p["tau"])
        + HN(p["s"])
    )


@case(
    """
x_{m,k} ~ Bernoulli(p_{m}) where x is observed
logit(p_m) = a + eps_m
eps_m ~ Normal(0, s)
a ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"x": [[0, 1, 1], [1, 0, 0]]},
    a=real(),
    eps=real(2),
    s=pos(),
)
def occ(p, d):
    return BE(d["x"], expit(p["a"] + p["eps"])[:, None]) + N(p["eps"], 0, p["s"]) + N(p["a"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(mu_{it[i]}, s)
mu_j ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "it": GROUP},
    mu=real(3),
    s=pos(),
)
def itcol(p, d):
    return N(d["y"], p["mu"][d["it"] - 1], p["s"]) + N(p["mu"]) + HN(p["s"])


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


@case(
    """
y_i ~ Normal(a_i, s_i)
a_i ~ Normal(mean(a0_j for j in 1..2), 1)
a0_j ~ Normal(0, 1) for j in 1..2
s_i = exp(sum(g_{i,j} * h_j for j in 1..2) / sum(g_{i,j} for j in 1..2))
h_j ~ Normal(0, 1)
""",
    {"y": [1.0, 2.0, 3.0], "g": [[1.0, 2.0], [3.0, 1.0], [1.0, 1.0]]},
    a=real(3),
    a0=real(2),
    h=real(2),
)
def misc(p, d):
    g = d["g"]
    return N(d["y"], p["a"], np.exp(g @ p["h"] / g.sum(1))) + N(p["a"], p["a0"].mean()) + N(p["a0"]) + N(p["h"])
