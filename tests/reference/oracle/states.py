"""Recursions of several elements at a time: values that are learned, groups that infect each other, linear dynamics."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import logsumexp, softmax

from tests.reference.oracle.kit import COUNTS, GA, HN, PO, N, X, Y, case, pos, real, simplex, unit


@case(
    """
c_t ~ Categorical(logits = b * Q_t)
Q_{1,k} = 0
Q_{t,k} = Q_{t-1,k} + a * (c_{t-1} = k) * (r_{t-1} + 0.9 * max(Q_{t-1}) - Q_{t-1,k}) for t in 2..T, k in 1..3
a ~ Beta(2, 2)
b ~ Gamma(2, 1)
""",
    {"c": [1, 3, 2, 2], "r": [1.0, 0.0, 1.0, 0.0]},
    a=unit(),
    b=pos(),
)
def values_learned(p, d):
    value, total = np.zeros(3), 0.0
    for chosen, reward in zip(d["c"] - 1, d["r"], strict=True):
        total += p["b"] * value[chosen] - logsumexp(p["b"] * value)
        value = value + p["a"] * (np.arange(3) == chosen) * (reward + 0.9 * value.max() - value)
    return total + stats.beta.logpdf(p["a"], 2, 2) + GA(p["b"], 2, 1)


@case(
    """
y_{t,g} ~ Poisson(new_{t,g} + 0.01)
S_{1,g} = 0.99 * size_g
I_{1,g} = 0.01 * size_g
force_{t,g} = sum(beta_{g,h} * I_{t,h} / size_h for h in 1..2)
new_{t,g} = S_{t,g} * (1 - exp(-force_{t,g}))
S_{t,g} = S_{t-1,g} - new_{t-1,g} for t in 2..T, g in 1..2
I_{t,g} = 0.7 * I_{t-1,g} + new_{t-1,g} for t in 2..T, g in 1..2
beta_{g,h} ~ Half-Normal(1) for g in 1..2, h in 1..2
""",
    {"y": [[1, 2], [2, 1], [3, 1]], "size": [100.0, 200.0]},
    beta=pos(2, 2),
)
def groups_that_mix(p, d):
    healthy, ill, means = 0.99 * d["size"], 0.01 * d["size"], []
    for _ in range(3):
        new = healthy * (1 - np.exp(-p["beta"] @ (ill / d["size"])))
        means.append(new + 0.01)
        healthy, ill = healthy - new, 0.7 * ill + new
    return PO(d["y"], np.array(means)) + HN(p["beta"])


@case(
    """
y_t ~ Normal(C · x_t, 1)
x_1 = start
x_t = A * x_{t-1} + B * u_t for t in 2..T
start_k ~ Normal(0, 1) for k in 1..2
C_k ~ Normal(0, 1)
A_{j,k} ~ Normal(0, 0.5) for j in 1..2, k in 1..2
B_k ~ Normal(0, 1)
""",
    {"y": Y, "u": X},
    start=real(2),
    C=real(2),
    A=real(2, 2),
    B=real(2),
)
def linear_dynamics(p, d):
    x = p["start"]
    means = [p["C"] @ x]
    for u in d["u"][1:]:
        x = p["A"] @ x + p["B"] * u
        means.append(p["C"] @ x)
    return N(d["y"], np.array(means)) + N(p["start"]) + N(p["C"]) + N(p["A"], 0, 0.5) + N(p["B"])


@case(
    """
lp_{t,k} = y_t * log(rate_k) - rate_k - lgamma(y_t + 1)
a_{1,k} = log(p_k) + lp_{1,k}
a_{t,k} = log_sum_exp(a_{t-1,j} + log(P_{t,j,k}) for j in 1..K) + lp_{t,k} for t in 2..T
P_{t,j} = softmax(c_{j,k} + w_{j,k} * x_t for k in 1..K)
log_density += log_sum_exp(a_T)
p ~ Dirichlet(1, 1)
c_{j,k}, w_{j,k} ~ Normal(0, 2) for j in 1..K, k in 1..K
rate_k ~ Gamma(2, 1) for k in 1..K
""",
    {"y": COUNTS, "x": X, "K": 2},
    p=simplex(2),
    c=real(2, 2),
    w=real(2, 2),
    rate=pos(2),
)
def transitions_that_change(p, d):
    moves = softmax(p["c"] + p["w"] * d["x"][:, None, None], axis=2)
    emitted = stats.poisson.logpmf(d["y"][:, None], p["rate"])
    reached = np.log(p["p"]) + emitted[0]
    for t in range(1, 5):
        reached = logsumexp(reached[:, None] + np.log(moves[t]), axis=0) + emitted[t]
    return logsumexp(reached) + N(p["c"], 0, 2) + N(p["w"], 0, 2) + GA(p["rate"], 2, 1)
