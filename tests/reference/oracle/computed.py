"""What is computed before: scaled columns, designs, bases, functions of the spec."""

from __future__ import annotations

import numpy as np

from tests.reference.oracle.kit import (
    EX,
    GROUP,
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
