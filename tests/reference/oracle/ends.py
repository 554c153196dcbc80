"""The last element, picked by the size that ranges stop short of: a reference level, a rest, a sum to zero by hand."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tests.reference.oracle.kit import GROUP, HN, N, X, Y, case, pos, real, unit

PICKS = {"y": Y, "g": [1, 2, 4, 3, 1], "K": 4}


@case(
    "y_i ~ Normal(a[g[i]] + b * x_i, s_K)\na_k ~ Normal(0, 2) for k in 1..K-1\na_K = 0      [the reference]\n"
    "b ~ Normal(0, 1)\ns_K ~ Half-Normal(0, 1)\n",
    {**PICKS, "x": X},
    a_free=real(3),
    b=real(),
    s_K=pos(),
)
def last_is_the_reference(p, d):
    a = np.r_[p["a_free"], 0]
    return N(d["y"], a[d["g"] - 1] + p["b"] * d["x"], p["s_K"]) + N(p["a_free"], 0, 2) + N(p["b"]) + HN(p["s_K"])


@case(
    "y_i ~ Normal(a[g[i]], 1)\na[k] ~ Normal(0, 2) for k in 1..K-1\na[K] = -sum(a[k] for k in 1..K-1)\n",
    PICKS,
    a_free=real(3),
)
def last_takes_the_sum_away(p, d):
    a = np.r_[p["a_free"], -p["a_free"].sum()]
    return N(d["y"], a[d["g"] - 1]) + N(p["a_free"], 0, 2)


@case(
    "y_i ~ Normal(a[g[i]], 1)\na[1] = 0\na[k] = b * x_k for k in 2..K-1\na[K] = a[K-1] + a[1] + b\nb ~ Normal(0, 1)\n",
    {**PICKS, "x": X[:4]},
    b=real(),
)
def first_and_last(p, d):
    x = d["x"]
    return N(d["y"], (p["b"] * np.array([0, x[1], x[2], x[2] + 1]))[d["g"] - 1]) + N(p["b"])


@case(
    "y_{i,j} ~ Categorical(p_i)\np_{i,k} = exp(-b_i * k) / 8 for k in 1..K-1\n"
    "p_{i,K} = 1 - sum(p_{i,k} for k in 1..K-1)\nb_i ~ Exponential(1)\n",
    {"y": [[1, 2, 4], [3, 3, 1]], "K": 4},
    b=pos(2),
)
def rest_of_each_row(p, d):
    first = np.exp(-p["b"][:, None] * np.arange(1, 4)) / 8
    each = np.c_[first, 1 - first.sum(axis=1)]
    return np.log(np.take_along_axis(each, d["y"] - 1, axis=1)).sum() - p["b"].sum()


@case(
    "y_i ~ Categorical(p)\np_1 = v_1\np_k = v_k * p_{k-1} * (1 - v_{k-1}) / v_{k-1} for k in 2..K-1\n"
    "p_K = 1 - sum(p_k for k in 1..K-1)\nv_k ~ Beta(1, 2) for k in 1..K-1\n",
    {"y": [1, 2, 4, 3], "K": 4},
    v=unit(3),
)
def broken_stick(p, d):
    v = p["v"]
    pieces = v * np.r_[1, np.cumprod(1 - v)[:-1]]
    return np.log(np.r_[pieces, 1 - pieces.sum()][d["y"] - 1]).sum() + stats.beta.logpdf(v, 1, 2).sum()


@case(
    "y_i ~ Normal(m[z_i], s)\nz_i ~ Categorical(w)\nw ~ Dirichlet(1, 1)\nm_2 = m_1 + d\nm_1 ~ Normal(0, 10)\n"
    "d ~ Half-Normal(0, 3)\ns ~ Half-Normal(0, 1)\n",
    {"y": Y},
    w=lambda rng: rng.dirichlet([2, 2]),
    m_free=real(),
    d=pos(),
    s=pos(),
)
def known_by_number_alone(p, d):
    m = p["m_free"] + np.array([0, p["d"]])
    each = p["w"] * stats.norm.pdf(d["y"][:, None], m, p["s"])
    return np.log(each.sum(axis=1)).sum() + N(p["m_free"], 0, 10) + HN(p["d"], 3) + HN(p["s"])


@case(
    "y_i ~ Normal(sign_{g[i]} * b, 1)\nsign_1 = 1\nsign_2 = -1\nsign_3 = 0.5\nb ~ Normal(sign_2, 1)\n",
    {"y": Y, "g": GROUP},
    b=real(),
)
def constants_by_number(p, d):
    return N(d["y"], np.array([1, -1, 0.5])[d["g"] - 1] * p["b"]) + N(p["b"], -1)


@case(
    "y_i ~ Normal(b * obs_t_i + sd_k[i], 1)\nb ~ Normal(0, 1)\n",
    {"y": Y, "obs_t": X, "sd_k": Y},
    b=real(),
)
def columns_that_end_like_an_index(p, d):
    return N(d["y"], p["b"] * d["obs_t"] + d["sd_k"]) + N(p["b"])
