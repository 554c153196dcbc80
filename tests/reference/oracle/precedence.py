"""What binds more strongly: signs, powers, quotients, comparisons in a row, logic; and how numbers are written."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from tests.reference.oracle.kit import (
    COUNTS,
    GA,
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
