"""Series whose values depend on those before: lags, walks, seasons, panels."""

from __future__ import annotations

import numpy as np

from tests.reference.oracle.kit import HN, N, X, Y, between, case, pos, real


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
y_t ~ Normal(x_t, 1)
z ~ Normal(2 * x_T + w_T + w_1, 1)
x_1 ~ Normal(0, 1)
x_t ~ Normal(x_{t-1}, 1) for t in 2..T
w_t ~ Normal(0, 1) for t in 1..T
w_T ~ Normal(3, 1)
""",
    {"y": Y, "z": 1.0, "T": 5},
    x=real(5),
    w=real(5),
    w_T=real(),
)
def last_of_a_range_unless_it_has_a_statement(p, d):
    x = p["x"]
    return (
        N(d["y"], x)
        + N(d["z"], 2 * x[-1] + p["w_T"] + p["w"][0])
        + N(x[0])
        + N(x[1:], x[:-1])
        + N(p["w"])
        + N(p["w_T"], 3)
    )
