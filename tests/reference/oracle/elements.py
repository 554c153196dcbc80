"""Elements by number: columns and components that a spec writes one by one, and sizes that follow from them."""

from __future__ import annotations

from scipy import stats

from tests.reference.oracle.kit import (
    COUNTS,
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
y_i ~ Normal(mu_i, s)
mu_i = a + b[1]*x_i + b[2]*x_i^2 + b[3] * (x_i > 1) * x_i
a ~ Normal(0, 1)
b[1] ~ Normal(0, 1)
b[2] ~ Normal(0, 2)
b[3] ~ Cauchy(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(3),
    s=pos(),
)
def lit_defs(p, d):
    x, b = d["x"], p["b"]
    return (
        N(d["y"], p["a"] + b[0] * x + b[1] * x**2 + b[2] * (x > 1) * x, p["s"])
        + N(p["a"])
        + N(b[0])
        + N(b[1], 0, 2)
        + stats.cauchy.logpdf(b[2])
        + HN(p["s"])
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
y_i ~ Normal(m_{i,1} + m_{i,2}, s)
m_{i,1} = a * x_i
m_{i,2} = b
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    s=pos(),
)
def litdef2(p, d):
    return N(d["y"], p["a"] * d["x"] + p["b"], p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


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
