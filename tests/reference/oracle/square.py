"""Functions of square matrices, outer products, and products with arrays of simplexes."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tests.reference.oracle.kit import GA, HN, PO, N, between, case, pos, real, simplex

W = [[0, 1, 0], [1, 0, 1], [0, 1, 0]]


def MVN(x, cov):
    return stats.multivariate_normal.logpdf(x, np.zeros(len(x)), cov)


def DI(rows, concentration):
    return sum(stats.dirichlet.logpdf(row, concentration) for row in rows)


@case(
    """
log_density += -0.5 * trace(S * inverse(C)) - 0.5 * log(det(C)) - log_det(C)
C = outer(w, w) + diag(s)
w_i ~ Normal(0, 1)
s_i ~ Half-Normal(1)
""",
    {"S": [[1.0, 0.2], [0.2, 2.0]]},
    w=real(2),
    s=pos(2),
)
def scatter(p, d):
    cov = np.outer(p["w"], p["w"]) + np.diag(p["s"])
    term = -0.5 * np.trace(d["S"] @ np.linalg.inv(cov)) - 1.5 * np.linalg.slogdet(cov)[1]
    return term + N(p["w"]) + HN(p["s"])


@case(
    """
phi ~ MultiNormal(mean = 0, precision = tau * (diag(n) - alpha * W))
n_i = sum(W_{i,j} for j in 1..3)
y_i ~ Poisson(exp(phi_i))
tau ~ Gamma(2, 2)
alpha ~ Uniform(0, 1)
""",
    {"y": [1, 2, 3], "W": W},
    phi=real(3),
    tau=pos(),
    alpha=between(0.1, 0.9),
)
def neighbours(p, d):
    precision = p["tau"] * (np.diag(d["W"].sum(1)) - p["alpha"] * d["W"])
    return MVN(p["phi"], np.linalg.inv(precision)) + PO(d["y"], np.exp(p["phi"])) + GA(p["tau"], 2, 2)


@case(
    "y_i ~ Normal(trace(A[i]) + det(A[i]) + b, 1)\nA_{i,j,k} ~ Normal(0, 1) for j in 1..2, k in 1..2\n"
    "b ~ Normal(0, 1)\n",
    {"y": [1.0, 2.0, 3.0]},
    A=real(3, 2, 2),
    b=real(),
)
def matrix_for_each(p, d):
    return N(d["y"], np.trace(p["A"], axis1=1, axis2=2) + np.linalg.det(p["A"]) + p["b"]) + N(p["A"]) + N(p["b"])


@case(
    """
w_n ~ Categorical(theta[doc[n]] * phi)
theta_m ~ Dirichlet(1, 2) for m in 1..2
phi_k ~ Dirichlet(1, 1, 2) for k in 1..2
""",
    {"w": [1, 2, 3, 1, 2], "doc": [1, 1, 1, 2, 2]},
    theta=simplex(2, 2),
    phi=simplex(2, 3),
)
def words(p, d):
    share = (p["theta"] @ p["phi"])[d["doc"] - 1]
    return np.log(share[np.arange(5), d["w"] - 1]).sum() + DI(p["theta"], [1, 2]) + DI(p["phi"], [1, 1, 2])


@case(
    "y_t ~ Normal(a + x[T], 1)\nx_t ~ Normal(0, 1)\na ~ Normal(0, 1)\n",
    {"y": [1.0, 2.0, 0.5], "T": 3},
    x=real(3),
    a=real(),
)
def last_element(p, d):
    return N(d["y"], p["a"] + p["x"][-1]) + N(p["x"]) + N(p["a"])
