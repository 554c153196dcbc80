"""Terms by expressions: a density of what stands on the left, and terms that are added."""

from __future__ import annotations

import numpy as np

from tests.reference.oracle.kit import (
    COUNTS,
    HC,
    HN,
    PO,
    N,
    case,
    pos,
    real,
)


@case(
    """
phi_i ~ Flat()
y_i ~ Poisson(exp(b + phi_i * s))
log_density += -0.5 * sum((phi[n1[k]] - phi[n2[k]])^2 for k in 1..E)
sum(phi) ~ Normal(0, 0.001 * N)
b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": COUNTS, "n1": [1, 2, 3, 4], "n2": [2, 3, 4, 5], "E": 4, "N": 5},
    phi=lambda r: r.normal(size=5) * 0.01,
    b=real(),
    s=pos(),
)
def icar(p, d):
    f = p["phi"]
    return (
        PO(d["y"], np.exp(p["b"] + f * p["s"]))
        - 0.5 * ((f[d["n1"] - 1] - f[d["n2"] - 1]) ** 2).sum()
        + N(f.sum(), 0, 0.005)
        + N(p["b"])
        + HN(p["s"])
    )


@case(
    """
y_i ~ Normal(sum(beta_p * X_{i,p} for p in 1..P), s)
beta_p ~ Normal(0, tau * lam_p) non-centered
lam_p ~ Half-Cauchy(1)
tau ~ Half-Cauchy(s)
s ~ Half-Normal(1)
""",
    {"y": [1.0, 2.0, 0.4], "X": [[1.0, 2.0], [0.0, 1.0], [2.0, 3.0]]},
    beta=real(2),
    lam=pos(2),
    tau=pos(),
    s=pos(),
)
def hs(p, d):
    return (
        N(d["y"], d["X"] @ p["beta"], p["s"])
        + N(p["beta"], 0, p["tau"] * p["lam"])
        + HC(p["lam"])
        + HC(p["tau"], p["s"])
        + HN(p["s"])
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
