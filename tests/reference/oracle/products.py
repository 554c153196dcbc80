"""Vectors and matrices: products, rows and columns, reductions, functions of whole vectors."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import logsumexp, softmax

from tests.reference.oracle.kit import (
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
y_i ~ Normal(sum(z_{i,k} for k in 1..3) + sum(b_k for k in 1..2), 1)
b_k ~ Normal(0, 1) for k in 1..2
""",
    {"y": [1.0, 2.0], "z": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]},
    b=real(2),
)
def two_k(p, d):
    return N(d["y"], d["z"].sum(1) + p["b"].sum()) + N(p["b"])


@case(
    """
y_i ~ Categorical(logits = eta_i)
eta_i = (0, a1 + b1*x_i, a2 + b2*x_i)
a1, a2, b1, b2 ~ Normal(0, 1)
""",
    {"y": GROUP, "x": X},
    a1=real(),
    a2=real(),
    b1=real(),
    b2=real(),
)
def multinom_stack(p, d):
    e = np.c_[np.zeros(5), p["a1"] + p["b1"] * d["x"], p["a2"] + p["b2"] * d["x"]]
    return (e - logsumexp(e, axis=1)[:, None])[np.arange(5), d["y"] - 1].sum() + sum(
        N(p[k]) for k in ("a1", "a2", "b1", "b2")
    )


@case(
    """
y_m ~ Normal(mu + sum(w_r * u_r for r in members_m), 1)
u_r ~ Normal(0, 1)
mu ~ Flat()
""",
    {"y": [1.0, 2.0, 3.0], "members": [[1, 3], [2], [1, 2, 3, 4]], "w": [0.1, 0.2, 0.3, 0.4]},
    u=real(4),
    mu=real(),
)
def ragged(p, d):
    G = [[0, 2], [1], [0, 1, 2, 3]]
    return N(d["y"], p["mu"] + np.array([(d["w"][k] * p["u"][k]).sum() for k in G])) + N(p["u"])


@case(
    """
y ~ Normal(a + b*x, s)
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    s=pos(),
)
def vec(p, d):
    return N(d["y"], p["a"] + p["b"] * d["x"], p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(sum(X_i) * b + max(X_i) + mean(X) + prod(X_i), 1)
b ~ Normal(0, 1)
""",
    {"y": [1.0, 2.0], "X": [[1.0, 2.0], [3.0, 4.0]]},
    b=real(),
)
def rowsum(p, d):
    X = d["X"]
    return N(d["y"], X.sum(1) * p["b"] + X.max(1) + X.mean() + X.prod(1)) + N(p["b"])


@case(
    """
y_j ~ Normal(sum(X_{i,j} * w_i for i in 1..2) + b, 1)
w_i ~ Normal(0, 1)
b ~ Normal(0, 1)
""",
    {"y": [1.0, 2.0, 3.0], "X": [[1.0, 2.0, 0.0], [3.0, 4.0, -1.0]]},
    b=real(),
    w=real(2),
)
def colsum(p, d):
    return N(d["y"], d["X"].T @ p["w"] + p["b"]) + N(p["w"]) + N(p["b"])


@case(
    """
y_j ~ Normal(Xt_j * w, 1)
Xt = transpose(X)
w_i ~ Normal(0, 1)
""",
    {"y": [1.0, 2.0, 3.0], "X": [[1.0, 2.0, 0.0], [3.0, 4.0, -1.0]]},
    w=real(2),
)
def transp(p, d):
    return N(d["y"], d["X"].T @ p["w"]) + N(p["w"])


@case(
    """
y_i ~ Normal(x_i * A * x_i, 1)
A_{k,l} ~ Normal(0, 1) for k in 1..2, l in 1..2
""",
    {"y": [1.0, 2.0, 3.0], "x": [[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]]},
    A=real(2, 2),
)
def quad(p, d):
    return N(d["y"], np.einsum("ik,kl,il->i", d["x"], p["A"], d["x"])) + N(p["A"])


@case(
    """
y_i ~ Normal(th_i, s)
th_i = sum(K_ij * a_j for j in 1..N)
K_ij = exp(-0.5 * (x_i - x_j)^2 / l^2)
a_j ~ Normal(0, 1)
l ~ Inverse-Gamma(3, 2)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X, "N": 5},
    a=real(5),
    l=pos(),
    s=pos(),
)
def kernel(p, d):
    x = d["x"]
    K = np.exp(-0.5 * (x[:, None] - x) ** 2 / p["l"] ** 2)
    return N(d["y"], K @ p["a"], p["s"]) + N(p["a"]) + stats.invgamma.logpdf(p["l"], 3, scale=2) + HN(p["s"])


@case(
    """
y_i ~ Normal(max(a, b, x_i) + min(a, x_i) + fmax(a, b), 1)
a, b ~ Normal(0, 1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
)
def maxes(p, d):
    return (
        N(d["y"], np.maximum(max(p["a"], p["b"]), d["x"]) + np.minimum(p["a"], d["x"]) + max(p["a"], p["b"]))
        + N(p["a"])
        + N(p["b"])
    )


@case(
    """
y_i ~ Normal(w · X_i, 1)
w = softmax(0, a)
a_k ~ Normal(0, 1) for k in 1..2
""",
    {"y": [1.0, 2.0], "X": [[1.0, 2.0, 3.0], [0.0, 1.0, 5.0]]},
    a=real(2),
)
def softw(p, d):
    w = softmax(np.r_[0, p["a"]])
    return N(d["y"], d["X"] @ w) + N(p["a"])


@case(
    """
y_i ~ Normal(cs[g[i]], 1)
cs = cumsum(d)
d_k ~ Half-Normal(1) for k in 1..3
""",
    {"y": Y, "g": GROUP},
    d=pos(3),
)
def cumd(p, d):
    return N(d["y"], np.cumsum(p["d"])[d["g"] - 1]) + HN(p["d"])


@case(
    """
y_i ~ Normal(sum(exp(a_j) * b_{g[i],j} for j in 1..2) / sum(exp(a_j) for j in 1..2), s)
a_j ~ Normal(0, 1)
b_{k,j} ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "g": GROUP},
    a=real(2),
    b=real(3, 2),
    s=pos(),
)
def wavg(p, d):
    w = np.exp(p["a"])
    return N(d["y"], (p["b"] @ w)[d["g"] - 1] / w.sum(), p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(x[i, ] * b + mean(x[, k_i]), s)
z ~ Normal(x[, 2] + w[, 1], s)
x_{i,j} ~ Normal(0, 1) for i in 1..5, j in 1..3
b_j ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "z": X, "k": [1, 3, 2, 1, 3], "w": [[0.5, 1.0], [2.0, 0.0], [1.5, 1.0], [0.1, 0.2], [3.0, 1.0]]},
    x=real(5, 3),
    b=real(3),
    s=pos(),
)
def rows_and_columns(p, d):
    x = p["x"]
    means = x @ p["b"] + x.mean(0)[d["k"] - 1]
    return N(d["y"], means, p["s"]) + N(d["z"], x[:, 1] + d["w"][:, 0], p["s"]) + N(x) + N(p["b"]) + HN(p["s"])
