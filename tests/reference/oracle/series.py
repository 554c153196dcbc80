"""Series: lags, recursions over one name and several, walks, panels."""

from __future__ import annotations

import numpy as np

from tests.reference.oracle.kit import (
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
y_t ~ Normal(s_t + m_t, sd)
s_0 ~ Normal(0, 10)
s_t ~ Normal(s_{t-1} + b * u_t, tau) for t in 1..T
m_0 = b
m_t = 0.5 * m_{t-1} + t * u_t for t in 1..T
b ~ Normal(0, 1)
sd, tau ~ Half-Normal(1)
""",
    {"y": Y, "u": X},
    s=real(6),
    b=real(),
    sd=pos(),
    tau=pos(),
)
def from_zero(p, d):
    s, b, m = p["s"], p["b"], [p["b"]]
    for t, u in enumerate(d["u"], 1):
        m.append(0.5 * m[-1] + t * u)
    walk = N(s[0], 0, 10) + N(s[1:], s[:-1] + b * d["u"], p["tau"])
    return N(d["y"], s[1:] + np.array(m[1:]), p["sd"]) + walk + N(b) + HN(p["sd"]) + HN(p["tau"])


@case(
    """
y_i ~ Normal(beta_0 + sum(beta_k * x_{i,k} for k in 1..K), 1)
z_i ~ Normal(sum(c_k * w_i^k for k in 0..2) + c[g_i] + c[0], 1)
q_k ~ Normal(c_k * v_k + k, 1) for k in 0..2
r_j ~ Normal(e_j * (j - 1), 1) for j in -1..1
beta_0 ~ Normal(0, 10)
beta_k ~ Normal(0, 1) for k in 1..K
c_k ~ Normal(0, 1 / (k + 1)) for k in 0..2
e_j ~ Normal(j, 1) for j in -1..1
""",
    {
        "y": Y, "x": [[1.0, 2.0], [0.0, 1.0], [2.0, 3.0], [1.0, 1.0], [0.5, 0.1]], "z": X, "w": Y,
        "g": [0, 2, 1, 0, 2], "q": [1.0, 2.0, 0.5], "v": [0.3, 1.0, 2.0], "r": [1.0, 0.0, 2.0],
    },
    beta=real(3),
    c=real(3),
    e=real(3),
)  # fmt: skip
def other_origins(p, d):
    beta, c, e, k = p["beta"], p["c"], p["e"], np.arange(3)
    powers = d["w"][:, None] ** k
    return (
        N(d["y"], beta[0] + d["x"] @ beta[1:])
        + N(d["z"], powers @ c + c[d["g"]] + c[0])
        + N(d["q"], c * d["v"] + k)
        + N(d["r"], e * (k - 2))
        + N(beta[0], 0, 10) + N(beta[1:]) + N(c, 0, 1 / (k + 1)) + N(e, k - 1)
    )  # fmt: skip


@case(
    """
y_t ~ Normal(chi_t, 1)
chi[T] = 1
chi_t = 1 - phi_t + x_t * phi_t * chi_{t+1} for t in T-1..1
z_{i,t} ~ Normal(h_{i,t}, 1)
h_{i,5} = c_i
h_{i,t} = a * t + b * h_{i,t+1} + sum(phi_k for k in 1..t) for t in 1..4
phi_t ~ Beta(2, 1) for t in 1..T-1
a, b ~ Normal(0, 1)
c_i ~ Normal(0, 1)
""",
    {"y": Y, "x": X, "z": [Y, X]},
    phi=unit(4),
    a=real(),
    b=real(),
    c=real(2),
)
def from_the_end(p, d):
    phi, chi, h = p["phi"], [1.0], [p["c"]]
    for t in range(4, 0, -1):
        chi.insert(0, 1 - phi[t - 1] + d["x"][t - 1] * phi[t - 1] * chi[0])
        h.insert(0, p["a"] * t + p["b"] * h[0] + phi[:t].sum())
    known = N(d["y"], np.array(chi)) + N(d["z"], np.array(h).T)
    return known + np.log(2 * phi).sum() + N(p["a"]) + N(p["b"]) + N(p["c"])
