"""Distributions of vectors and matrices, by SciPy's own multivariate densities or formulas of the literature."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import gammaln

from tests.reference.oracle.kit import GROUP, HN, N, X, Y, case, pos, real, simplex

PAIRS = [[1.0, 2.0], [0.5, 0.2], [0.1, -1.0], [2.0, 1.0]]
COVARIANCE = [[2.0, 0.6], [0.6, 1.0]]
COUNTS = [[3, 0, 1], [2, 2, 2], [0, 1, 4]]


def correlation(rng):
    r = rng.uniform(-0.8, 0.8)
    return np.array([[1.0, r], [r, 1.0]])


def covariance(rng):
    draws = rng.normal(size=(2, 6)) * [[2.0], [0.5]]
    return draws @ draws.T


def correlation_of_three(rng):
    draws = rng.normal(size=(3, 8))
    return np.corrcoef(draws)


def factor(rng):
    return np.linalg.cholesky(correlation_of_three(rng))


def lkj(matrix, eta):
    """Log density of a correlation matrix by the normaliser of Lewandowski, Kurowicka and Joe (2009), theorem 5."""
    d = len(matrix)
    log_c = 0.0
    for k in range(1, d):
        shape = eta + (d - 1 - k) / 2
        log_c += (2 * eta - 2 + d - k) * (d - k) * np.log(2)
        log_c += (d - k) * (2 * gammaln(shape) - gammaln(2 * shape))
    return (eta - 1) * np.linalg.slogdet(matrix)[1] - log_c


def lkj_cholesky(lower, eta):
    """That of its factor: the density of the matrix times the Jacobian, the product of the diagonal's powers."""
    d = len(lower)
    powers = np.array([d - k for k in range(1, d + 1)])
    return lkj(lower @ lower.T, eta) + (powers * np.log(np.diag(lower))).sum()


@case("y_n ~ MultiNormal(m, V)\nm_k ~ Normal(0, 2) for k in 1..2\n", {"y": PAIRS, "V": COVARIANCE}, m=real(2))
def by_covariance(p, d):
    return stats.multivariate_normal(p["m"], d["V"]).logpdf(d["y"]).sum() + N(p["m"], 0, 2)


@case(
    "y_n ~ MultiNormal(mean = 0, sd = s, corr = R)\ns_k ~ Half-Normal(0, 1) for k in 1..2\nR ~ LKJ(2)\n",
    {"y": PAIRS},
    s=pos(2),
    R=correlation,
)
def by_sd_and_corr(p, d):
    covariance = p["R"] * np.outer(p["s"], p["s"])
    return stats.multivariate_normal(np.zeros(2), covariance).logpdf(d["y"]).sum() + HN(p["s"]) + lkj(p["R"], 2)


@case(
    "y_n ~ MultiNormal(0, V)\nV ~ InverseWishart(nu, S)\nS ~ Wishart(df = 3, V = T)\nnu ~ Normal(9, 0.5)\n",
    {"y": PAIRS, "T": COVARIANCE},
    V=covariance,
    S=covariance,
    nu=lambda rng: rng.normal(9, 0.5),
)
def covariances(p, d):
    own = stats.invwishart(p["nu"], p["S"]).logpdf(p["V"]) + stats.wishart(3, d["T"]).logpdf(p["S"])
    return stats.multivariate_normal(np.zeros(2), p["V"]).logpdf(d["y"]).sum() + own + N(p["nu"], 9, 0.5)


@case(
    "y_n ~ MultiNormal(0, V)\nV ~ Flat() where V is a covariance matrix\n"
    "z_n ~ MultiNormal(0, R)\nR ~ Flat() where R is a correlation matrix\n",
    {"y": PAIRS, "z": PAIRS},
    V=covariance,
    R=correlation,
)
def flat_matrices(p, d):
    # Correlations between two variates are uniform on an interval of length two.
    return sum(stats.multivariate_normal(np.zeros(2), p[k]).logpdf(PAIRS).sum() for k in ("V", "R")) - np.log(2)


@case(
    "y_n ~ MultiNormal((a, a * x_n), diag(s) * R * diag(s))\na ~ Normal(0, 1)\n"
    "s_k ~ Half-Normal(0, 1) for k in 1..2\nR ~ LKJ(3.5)\n",
    {"y": PAIRS, "x": X[:4]},
    a=real(),
    s=pos(2),
    R=correlation,
)
def by_product(p, d):
    covariance = np.diag(p["s"]) @ p["R"] @ np.diag(p["s"])
    each = [
        stats.multivariate_normal([p["a"], p["a"] * x], covariance).logpdf(y)
        for x, y in zip(d["x"], d["y"], strict=True)
    ]
    return sum(each) + N(p["a"]) + HN(p["s"]) + lkj(p["R"], 3.5)


@case("y_n ~ MultiNormal(mean = 1, cholesky = L)\nL ~ LKJCholesky(1.7)\n", {"y": np.ones((2, 3)).tolist()}, L=factor)
def by_factor(p, d):
    covariance = p["L"] @ p["L"].T
    return stats.multivariate_normal(np.ones(3), covariance).logpdf(d["y"]).sum() + lkj_cholesky(p["L"], 1.7)


@case("y_i ~ Normal(R[1, 3], 1)\nR ~ LKJ(2)\nx_k ~ Normal(R[2, k], 1) for k in 1..3\n", {"y": Y, "x": X[:3]},
      R=correlation_of_three)  # fmt: skip
def correlations_of_three(p, d):
    return N(d["y"], p["R"][0, 2]) + N(d["x"], p["R"][1]) + lkj(p["R"], 2)


@case(
    "y_n ~ MultiStudentT(df, m, V)\nm_k ~ Normal(0, 2) for k in 1..2\ndf ~ Gamma(2, 0.1)\n",
    {"y": PAIRS, "V": COVARIANCE},
    m=real(2),
    df=lambda rng: rng.uniform(2, 20),
)
def heavy_tails(p, d):
    joint = stats.multivariate_t(p["m"], d["V"], df=p["df"]).logpdf(d["y"]).sum()
    return joint + N(p["m"], 0, 2) + stats.gamma.logpdf(p["df"], 2, scale=10)


@case(
    "c_n ~ DirichletMultinomial(total_n, a)\na_k ~ Gamma(2, 1) for k in 1..3\n",
    {"c": COUNTS, "total": [4, 6, 5]},
    a=pos(3),
)
def overdispersed_counts(p, d):
    each = stats.dirichlet_multinomial(p["a"], d["total"]).logpmf(d["c"])
    return each.sum() + stats.gamma.logpdf(p["a"], 2).sum()


@case("c_n ~ Multinomial(total_n, q)\nq ~ Dirichlet(1, 2, 0.5)\n", {"c": COUNTS, "total": [4, 6, 5]}, q=simplex(3))
def plain_counts(p, d):
    each = [stats.multinomial(sum(row), p["q"]).logpmf(row) for row in d["c"]]
    return sum(each) + stats.dirichlet([1, 2, 0.5]).logpdf(p["q"])


@case(
    "y_i ~ Normal(a[g[i]] + b[g[i]] * x_i, 1)\n"
    "(a_j, b_j) ~ MultiNormal((ma, mb), diag(s) * R * diag(s))\n"
    "ma, mb ~ Normal(0, 1)\ns_k ~ Half-Normal(0, 1) for k in 1..2\nR ~ LKJ(2)\n",
    {"y": Y, "x": X, "g": GROUP},
    a_b_joint=real(3, 2),
    ma=real(),
    mb=real(),
    s=pos(2),
    R=correlation,
)
def effects_together(p, d):
    a, b = p["a_b_joint"].T
    g = d["g"] - 1
    covariance = np.diag(p["s"]) @ p["R"] @ np.diag(p["s"])
    effects = stats.multivariate_normal([p["ma"], p["mb"]], covariance).logpdf(p["a_b_joint"]).sum()
    total = N(d["y"], a[g] + b[g] * d["x"]) + effects + N(p["ma"]) + N(p["mb"]) + HN(p["s"])
    return total + lkj(p["R"], 2)
