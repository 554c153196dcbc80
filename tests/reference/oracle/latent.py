"""Discrete unknowns, summed out over all of their values: alone, with many observations each, by several statements."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit, logsumexp

from tests.reference.oracle.kit import COUNTS, GROUP, HN, N, X, Y, case, pos, real, simplex, unit

SEEN = [[1, 0, 0], [0, 0, 0], [1, 1, 0], [0, 0, 0]]


@case(
    "y_i ~ Normal(mu[z_i], 0.7)\nz_i ~ Categorical(w)\nw ~ Dirichlet(1, 2, 3)\nmu_k ~ Normal(0, 2) for k in 1..3\n",
    {"y": Y},
    w=simplex(3),
    mu=real(3),
)
def component(p, d):
    each = stats.norm.logpdf(d["y"][:, None], p["mu"], 0.7) + np.log(p["w"])
    return logsumexp(each, axis=1).sum() + stats.dirichlet.logpdf(p["w"], [1, 2, 3]) + N(p["mu"], 0, 2)


@case(
    "y_{s,v} ~ Bernoulli(here_s * p)\nhere_s ~ Bernoulli(psi_s)\nlogit(psi_s) = a + b * x_s\n"
    "a, b ~ Normal(0, 1)\np ~ Uniform(0, 1)\nsites = sum(here_s for s in 1..S)\n",
    {"y": SEEN, "x": X[:4]},
    a=real(),
    b=real(),
    p=unit(),
)
def occupied(p, d):
    psi = expit(p["a"] + p["b"] * d["x"])
    total = N(p["a"]) + N(p["b"])
    for one, row in zip(psi, d["y"], strict=True):
        found = one * np.prod(np.where(row == 1, p["p"], 1 - p["p"]))
        total += np.log(found + (1 - one) * (row.sum() == 0))
    return total


@case(
    "y_n ~ Poisson(rate[z[g[n]]])\nx_j ~ Normal(b * (z_j = 2), 1)\nz_j ~ Categorical(w, 1 - w)\nw ~ Uniform(0, 1)\n"
    "rate_k ~ Half-Normal(0, 3) for k in 1..2\nb ~ Normal(0, 1)\n",
    {"y": COUNTS, "g": GROUP, "x": X[:3]},
    w=unit(),
    rate=lambda rng: rng.uniform(0.5, 4, size=2),
    b=real(),
)
def classes(p, d):
    total = HN(p["rate"], 3) + N(p["b"])
    for j in range(3):
        mine = d["y"][d["g"] == j + 1]
        terms = [
            np.log(weight) + stats.poisson.logpmf(mine, p["rate"][k]).sum() + stats.norm.logpdf(d["x"][j], k * p["b"])
            for k, weight in enumerate((p["w"], 1 - p["w"]))
        ]
        total += logsumexp(terms)
    return total


@case(
    "y_i ~ Normal(m_i, 1) if on = 1\n    ~ StudentT(4, m_i, 2) otherwise\n"
    "m_i = a + b * x_i * on\non ~ Bernoulli(inv_logit(c))\na, b, c ~ Normal(0, 1)\n",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    c=real(),
)
def one_for_all(p, d):
    off = stats.t.logpdf(d["y"], 4, p["a"], 2).sum() + np.log(expit(-p["c"]))
    on = N(d["y"], p["a"] + p["b"] * d["x"]) + np.log(expit(p["c"]))
    return np.logaddexp(off, on) + N(p["a"]) + N(p["b"]) + N(p["c"])


@case(
    "y_n ~ Normal(b * z[school[g[n]]], 1)\nz_j ~ Bernoulli(0.4)\nb ~ Normal(0, 1)\n",
    {"y": Y, "g": GROUP, "school": [2, 1, 2]},
    b=real(),
)
def members_of_members(p, d):
    school = np.asarray(d["school"])[d["g"] - 1]
    total = N(p["b"])
    for j in (1, 2):
        mine = d["y"][school == j]
        total += np.logaddexp(np.log(0.6) + N(mine), np.log(0.4) + N(mine, p["b"]))
    return total


@case(
    "y_{i,j} ~ Bernoulli(p[z_i, j])\nz_i ~ Categorical(logits = a)\na_k ~ Normal(0, 1) for k in 1..2\n"
    "p_{k,j} ~ Beta(2, 2) for k in 1..2, j in 1..3\n",
    {"y": SEEN},
    a=real(2),
    p=unit(2, 3),
)
def items(p, d):
    log_w = p["a"] - logsumexp(p["a"])
    each = stats.bernoulli.logpmf(d["y"][:, None, :], p["p"]).sum(axis=2)
    return logsumexp(log_w + each, axis=1).sum() + N(p["a"]) + stats.beta.logpdf(p["p"], 2, 2).sum()


@case(
    "y_n ~ MultiNormal(mu[z_n], Sigma[z_n])\nz_n ~ Categorical(w)\nw ~ Dirichlet(1, 1)\n"
    "Sigma_k = diag(s_k) * R * diag(s_k) for k in 1..2\nmu_{k,d} ~ Normal(0, 3) for k in 1..2, d in 1..2\n"
    "s_{k,d} ~ Half-Normal(0, 1) for k in 1..2, d in 1..2\n",
    {"y": [[0.1, 0.2], [1.0, -1.0], [2.0, 0.5]], "R": [[1.0, 0.3], [0.3, 1.0]]},
    w=simplex(2),
    mu=real(2, 2),
    s=pos(2, 2),
)
def vectors_of_components(p, d):
    each = [
        np.log(w) + stats.multivariate_normal.logpdf(d["y"], mu, np.outer(s, s) * d["R"])
        for w, mu, s in zip(p["w"], p["mu"], p["s"], strict=True)
    ]
    return logsumexp(each, axis=0).sum() + N(p["mu"], 0, 3) + HN(p["s"])
