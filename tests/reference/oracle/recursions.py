"""Definitions by earlier elements or by later ones, of one name or of several that take turns."""

from __future__ import annotations

import numpy as np

from tests.reference.oracle.kit import HN, N, X, Y, between, case, pos, real, unit


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
