"""Several levels: groups in groups, predictors of groups, effects that vary with a group."""

from __future__ import annotations

import numpy as np

from tests.reference.oracle.kit import (
    EX,
    GROUP,
    HC,
    HN,
    N,
    X,
    Y,
    case,
    pos,
    real,
)


@case(
    """
y_n ~ Normal(a[class[n]] + b*x_n, s)
a_j ~ Normal(c[school[j]], ta)
c_k ~ Normal(g0 + g1*u_k, tc)
b, g0, g1 ~ Normal(0, 2)
s, ta, tc ~ Half-Normal(0, 1)
""",
    dict(y=Y, x=X, school=[1, 1, 2], u=[0.2, -0.5], **{"class": GROUP}),
    a=real(3),
    c=real(2),
    b=real(),
    g0=real(),
    g1=real(),
    s=pos(),
    ta=pos(),
    tc=pos(),
)
def multi(p, d):
    return (
        N(d["y"], p["a"][d["class"] - 1] + p["b"] * d["x"], p["s"])
        + N(p["a"], p["c"][d["school"] - 1], p["ta"])
        + N(p["c"], p["g0"] + p["g1"] * d["u"], p["tc"])
        + sum(N(p[k], 0, 2) for k in ("b", "g0", "g1"))
        + sum(HN(p[k]) for k in ("s", "ta", "tc"))
    )


@case(
    """
y_n ~ Normal(c[school[class[n]]], 1)
c_k ~ Normal(0, 1)
""",
    dict(y=Y, school=[1, 1, 2], **{"class": GROUP}),
    c=real(2),
)
def deep(p, d):
    return N(d["y"], p["c"][d["school"][d["class"] - 1] - 1]) + N(p["c"])


@case(
    """
y_i ~ Normal(mu + a[r[i]] + b[c[i]] + ab[r[i], c[i]], s)
a_j ~ Normal(0, sa)
b_k ~ Normal(0, sb)
ab_{j,k} ~ Normal(0, sab)
mu ~ Flat()
s, sa, sb, sab ~ Half-Cauchy(0, 2.5)
""",
    {"y": Y, "r": [1, 2, 1, 2, 2], "c": [1, 1, 2, 3, 3]},
    mu=real(),
    a=real(2),
    b=real(3),
    ab=real(2, 3),
    s=pos(),
    sa=pos(),
    sb=pos(),
    sab=pos(),
)
def crossed(p, d):
    r, c = d["r"] - 1, d["c"] - 1
    return (
        N(d["y"], p["mu"] + p["a"][r] + p["b"][c] + p["ab"][r, c], p["s"])
        + N(p["a"], 0, p["sa"])
        + N(p["b"], 0, p["sb"])
        + N(p["ab"], 0, p["sab"])
        + sum(HC(p[k], 2.5) for k in ("s", "sa", "sb", "sab"))
    )


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
