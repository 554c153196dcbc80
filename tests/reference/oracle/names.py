"""Names that look like something else: letters, sizes and functions that are names of data or of unknowns."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit, logsumexp

from tests.reference.oracle.kit import (
    BE,
    BI,
    COUNTS,
    EX,
    GROUP,
    HN,
    PO,
    N,
    X,
    Y,
    case,
    pos,
    real,
)


@case(
    """
τ ~ Half-Normal(0, 5²)
yᵢ ∼ Normal(θ₁·xᵢ² − θ₀ ÷ 2, τ)
θ₁, θ₀ ~ Normal(0, √4)
""",
    {"y": Y, "x": X},
    tau=pos(),
    theta_1=real(),
    theta_0=real(),
)
def uni(p, d):
    return (
        N(d["y"], p["theta_1"] * d["x"] ** 2 - p["theta_0"] / 2, p["tau"])
        + HN(p["tau"], 25)
        + N(p["theta_1"], 0, 2)
        + N(p["theta_0"], 0, 2)
    )


@case(
    """
y_i ~ Normal(N * mu, s)
mu ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "N": 5},
    mu=real(),
    s=pos(),
)
def nsize(p, d):
    return N(d["y"], 5 * p["mu"], p["s"]) + N(p["mu"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(a + b*t_i, s)
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "t": X},
    a=real(),
    b=real(),
    s=pos(),
)
def t_data(p, d):
    return N(d["y"], p["a"] + p["b"] * d["t"], p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
k_i ~ Binomial(n_i, p_i)
logit(p_i) = a + m * (i - 3)
a, m ~ Normal(0, 1)
""",
    {"k": COUNTS, "n": [5, 5, 5, 5, 5]},
    a=real(),
    m=real(),
)
def letters_names(p, d):
    return BI(d["k"], 5, expit(p["a"] + p["m"] * (np.arange(1, 6) - 3))) + N(p["a"]) + N(p["m"])


@case(
    """
y_i ~ Normal(a, s) for i in 1..N
x_k ~ Normal(a, s) for k in 1..K
a ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": [1.0, 2.0], "N": 5, "K": 2},
    a=real(),
    s=pos(),
)
def NK(p, d):
    return N(d["y"], p["a"], p["s"]) + N(d["x"], p["a"], p["s"]) + N(p["a"]) + HN(p["s"])


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


@case(
    """
y_i ~ Normal(a_g[i], s)
a_g_i = m + e[g[i]]
e_j ~ Normal(0, t)
m ~ Normal(0, 1)
s, t ~ Half-Normal(1)
""",
    {"y": Y, "g": GROUP},
    e=real(3),
    m=real(),
    s=pos(),
    t=pos(),
)
def tname(p, d):
    return N(d["y"], p["m"] + p["e"][d["g"] - 1], p["s"]) + N(p["e"], 0, p["t"]) + N(p["m"]) + HN(p["s"]) + HN(p["t"])


@case(
    "y_t ~ Poisson(rate_t)\nrate_t = early if t < s\n       = late otherwise\ns ~ DiscreteUniform(1, T)\n"
    "early ~ Exponential(r_e)\nlate ~ Exponential(r_l)\n",
    {"y": COUNTS, "T": 5, "r_e": 1.5, "r_l": 0.5},
    early=pos(),
    late=pos(),
)
def number_that_ends_like_an_index(p, d):
    y = d["y"]
    each = [PO(y[: s - 1], p["early"]) + PO(y[s - 1 :], p["late"]) for s in range(1, 6)]
    return logsumexp(each) - np.log(5) + EX(p["early"], 1.5) + EX(p["late"], 0.5)


@case(
    "y_t ~ Normal(x_t, s)\nx_1 ~ Normal(y_1, 5)\nx_t ~ Normal(x_{t-1}, |y_{t-1}|) for t in 2..n\ns ~ Half-Normal(1)\n",
    {"y": Y, "n": 5, "t": [9, 9, 9, 9, 9], "i": [1, 2]},
    x=real(5),
    s=pos(),
)
def size_called_like_an_index(p, d):
    x = p["x"]
    return N(d["y"], x, p["s"]) + N(x[0], d["y"][0], 5) + N(x[1:], x[:-1], abs(d["y"][:-1])) + HN(p["s"])
