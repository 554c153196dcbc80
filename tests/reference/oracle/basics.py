"""Regressions, several levels, products, series and running sums."""

from __future__ import annotations

import numpy as np

from tests.reference.oracle.kit import EX, GROUP, HC, HN, N, X, Y, between, case, pos, real


@case(
    """
y_i ~ Normal(x[i,1]*b1 + x[i,2]*b2, 1)
b1, b2 ~ Normal(0, 1)
""",
    {"y": [1.0, 2.0], "x": [[1.0, 2.0], [3.0, 4.0]]},
    b1=real(),
    b2=real(),
)
def lit_cols(p, d):
    return N(d["y"], d["x"][:, 0] * p["b1"] + d["x"][:, 1] * p["b2"]) + N(p["b1"]) + N(p["b2"])


@case(
    """
y_i ~ Normal(beta[1] + beta[2] * x_i, sigma)
beta_k ~ Flat()
sigma ~ Half-Flat()
""",
    {"y": Y, "x": X},
    beta=real(2),
    sigma=pos(),
)
def size_lit(p, d):
    return N(d["y"], p["beta"][0] + p["beta"][1] * d["x"], p["sigma"])


@case(
    """
y_i ~ Normal(m, 1) if g_i = 1
    ~ Normal(m, 2) if g_i = 0
m ~ Normal(0,1)
""",
    {"y": Y, "g": [0, 1, 1, 0, 1]},
    m=real(),
)
def pieces01(p, d):
    return N(d["y"], p["m"], np.where(d["g"] == 1, 1, 2)) + N(p["m"])


@case(
    """
y_i ~ Normal(th_i, 1)
th_i = m if g_i = 1
     = 2*m if g_i = 2
     = 3*m if g_i = 3
m ~ Normal(0,1)
""",
    {"y": Y, "g": GROUP},
    m=real(),
)
def pieces123(p, d):
    return N(d["y"], p["m"] * d["g"]) + N(p["m"])


@case(
    """
y_i ~ Normal(-x_i^2 * b + 2 / 4 * b - b / 2 * 3 + 2^-b, s)
b ~ Normal(0, 1e-1)
s ~ Half-Normal(95%)
""",
    {"y": Y, "x": X},
    b=real(),
    s=pos(),
)
def prec(p, d):
    b = p["b"]
    return N(d["y"], -(d["x"] ** 2) * b + 0.5 * b - (b / 2) * 3 + 2.0 ** (-b), p["s"]) + N(b, 0, 0.1) + HN(p["s"], 0.95)


@case(
    """
y_i ~ Normal(m * (0 < x_i < 1 or not x_i > 0 and g_i = 2) + 2^3^0.5*m - -m, 1)
m ~ Normal(0,1)
""",
    {"y": Y, "x": X, "g": GROUP},
    m=real(),
)
def bools(p, d):
    x, g = d["x"], d["g"]
    c = ((x > 0) & (x < 1)) | ((~(x > 0)) & (g == 2))
    m = p["m"]
    return N(d["y"], m * c + 2 ** (3**0.5) * m + m) + N(m)


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
y_t ~ Normal(mu + sum(phi_k * (y_{t-k} - mu) for k in 1..K), s) for t in K+1..T
mu ~ Normal(0, 1)
phi_k ~ Normal(0, 0.5) for k in 1..2
s ~ Half-Normal(1)
""",
    {"y": [1.0, 2.0, 1.5, 0.5, 0.2, 0.9], "K": 2},
    mu=real(),
    phi=real(2),
    s=pos(),
)
def arK(p, d):
    y = d["y"]
    m = np.array([p["mu"] + sum(p["phi"][k - 1] * (y[t - k] - p["mu"]) for k in (1, 2)) for t in range(2, 6)])
    return N(y[2:], m, p["s"]) + N(p["mu"]) + N(p["phi"], 0, 0.5) + HN(p["s"])


@case(
    """
y_t ~ Normal(a + b*y_{t-1}, s) for t in 2..T
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": [1.0, 2.0, 1.5, 0.5, 0.2, 0.9]},
    a=real(),
    b=real(),
    s=pos(),
)
def ar1(p, d):
    y = d["y"]
    return N(y[1:], p["a"] + p["b"] * y[:-1], p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
y_t ~ Normal(x_t, s)
x_1 ~ Normal(0, 10)
x_2 ~ Normal(x_1, 5)
x_t ~ Normal(2*x_{t-1} - x_{t-2}, q) for t in 3..T
s, q ~ Half-Normal(1)
""",
    {"y": [1.0, 2.0, 1.5, 0.5, 0.2, 0.9]},
    x=real(6),
    s=pos(),
    q=pos(),
)
def rw2(p, d):
    x = p["x"]
    return (
        N(d["y"], x, p["s"])
        + N(x[0], 0, 10)
        + N(x[1], x[0], 5)
        + N(x[2:], 2 * x[1:-1] - x[:-2], p["q"])
        + HN(p["s"])
        + HN(p["q"])
    )


@case(
    """
y_t ~ Normal(s_t, 1)
s_t ~ Normal(-sum(s_{t-k} for k in 1..3), w) for t in 4..T
s_t ~ Normal(0, 1) for t in 1..3
w ~ Half-Normal(1)
""",
    {"y": [1.0, 2.0, 1.5, 0.5, 0.2, 0.9]},
    s=real(6),
    w=pos(),
)
def seasonal(p, d):
    s = p["s"]
    return (
        N(d["y"], s)
        + N(s[:3])
        + sum(N(s[t], -(s[t - 1] + s[t - 2] + s[t - 3]), p["w"]) for t in range(3, 6))
        + HN(p["w"])
    )


@case(
    """
y_t ~ Normal(mu, s_t)
s_1 = s0
s_t = sqrt(a + b*(y_{t-1}-mu)^2 + c*s_{t-1}^2) for t in 2..T
mu ~ Normal(0, 1)
a ~ Half-Normal(1)
b ~ Uniform(0, 1)
c ~ Uniform(0, 1 - b)
s0 ~ Half-Normal(1)
""",
    {"y": [1.0, 2.0, 1.5, 0.5, 0.2, 0.9]},
    mu=real(),
    a=pos(),
    b=between(0.1, 0.3),
    c=between(0.1, 0.5),
    s0=pos(),
)
def garch(p, d):
    y = d["y"]
    s = [float(p["s0"])]
    for t in range(1, 6):
        s.append(np.sqrt(p["a"] + p["b"] * (y[t - 1] - p["mu"]) ** 2 + p["c"] * s[-1] ** 2))
    return N(y, p["mu"], np.array(s)) + N(p["mu"]) + HN(p["a"]) + 0 + np.log(1 / (1 - p["b"])) + HN(p["s0"])


@case(
    """
y_t ~ Normal(mu + theta*e_{t-1}, s) for t in 2..T
y_1 ~ Normal(mu, s)
e_1 = y_1 - mu
e_t = y_t - (mu + theta*e_{t-1}) for t in 2..T
mu, theta ~ Normal(0,1)
s ~ Half-Normal(1)
""",
    {"y": [1.0, 2.0, 0.4, 0.6]},
    mu=real(),
    theta=real(),
    s=pos(),
)
def ma1(p, d):
    y = d["y"]
    e = [y[0] - p["mu"]]
    tot = N(y[0], p["mu"], p["s"])
    for t in range(1, 4):
        m = p["mu"] + p["theta"] * e[-1]
        tot += N(y[t], m, p["s"])
        e.append(y[t] - m)
    return tot + N(p["mu"]) + N(p["theta"]) + HN(p["s"])


@case(
    """
y ~ Normal(X * beta, s)
beta_p ~ Normal(0, 1) for p in 1..2
s ~ Half-Normal(1)
""",
    {"y": [1.0, 2.0, 0.4], "X": [[1.0, 2.0], [0.0, 1.0], [2.0, 3.0]]},
    beta=real(2),
    s=pos(),
)
def matvec(p, d):
    return N(d["y"], d["X"] @ p["beta"], p["s"]) + N(p["beta"]) + HN(p["s"])


@case(
    """
y ~ Normal(alpha + X * beta, s)
beta_p ~ Normal(0, 1) for p in 1..P
alpha ~ Flat()
s ~ Half-Normal(1)
""",
    {"y": [1.0, 2.0, 0.4], "X": [[1.0, 2.0], [0.0, 1.0], [2.0, 3.0]]},
    beta=real(2),
    alpha=real(),
    s=pos(),
)
def matvec2(p, d):
    return N(d["y"], p["alpha"] + d["X"] @ p["beta"], p["s"]) + N(p["beta"]) + HN(p["s"])


@case(
    """
y_ij ~ Normal(A_i · B_j, 1)
A_{i,k} ~ Normal(0, 1) for k in 1..2
B_{j,k} ~ Normal(0, 2)
""",
    {"y": [[1.0, 2.0, 3.0], [0.0, 1.0, 0.5]]},
    A=real(2, 2),
    B=real(3, 2),
)
def factorization(p, d):
    return N(d["y"], p["A"] @ p["B"].T) + N(p["A"]) + N(p["B"], 0, 2)


@case(
    """
y_t ~ Normal(sum(step_k for k in 1..t), 1)
step_t ~ Normal(0, 1)
""",
    {"y": Y},
    step=real(5),
)
def cumul(p, d):
    return N(d["y"], np.cumsum(p["step"])) + N(p["step"])


@case(
    """
y_t ~ Normal(sum(w_k * sum(step_j for j in k..t) for k in 1..t), 1)
step_t ~ Normal(0, 1)
w_t ~ Normal(0, 1)
""",
    {"y": Y},
    step=real(5),
    w=real(5),
)
def nested_dep(p, d):
    m = [sum(p["w"][k] * p["step"][k : t + 1].sum() for k in range(t + 1)) for t in range(5)]
    return N(d["y"], np.array(m)) + N(p["step"]) + N(p["w"])


@case(
    """
y_t ~ Normal(sum(step_k for k in 1..t-1), 1)
step_t ~ Normal(0, 1) for t in 1..T
""",
    {"y": Y},
    step=real(5),
)
def cumul_excl(p, d):
    return N(d["y"], np.r_[0, np.cumsum(p["step"])[:-1]]) + N(p["step"])


@case(
    """
y_t ~ Normal(mean(x_k for k in t-2..t), 1) for t in 3..T
x_t ~ Normal(0, 1)
""",
    {"y": Y},
    x=real(5),
)
def window(p, d):
    return N(d["y"][2:], np.array([p["x"][t - 2 : t + 1].mean() for t in range(2, 5)])) + N(p["x"])


@case(
    """
y_t ~ Normal(sum(x_k for k in t+1..T), 1) for t in 1..T-1
x_t ~ Normal(0, 1) for t in 1..T
""",
    {"y": Y},
    x=real(5),
)
def tail(p, d):
    return N(d["y"][:4], np.array([p["x"][t + 1 :].sum() for t in range(4)])) + N(p["x"])
