"""Counts that nobody saw, summed out over all that they may be: N-mixtures, copies of a gene, steps."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import logsumexp

from tests.reference.oracle.kit import COUNTS, GROUP, N, X, case, pos, real, unit

SEEN = [[3, 2, 4], [0, 1, 0], [5, 6, 3], [0, 0, 0]]


@case(
    "y_{s,v} ~ Binomial(n_s, p)\nn_s ~ Poisson(lambda_s) truncated to [0, 30]\nlog(lambda_s) = a + b * x_s\n"
    "p ~ Uniform(0, 1)\na, b ~ Normal(0, 1)\ntotal = sum(n_s for s in 1..S)\n",
    {"y": SEEN, "x": X[:4]},
    p=unit(),
    a=real(),
    b=real(),
)
def abundance(p, d):
    total = N(p["a"]) + N(p["b"])
    counts = np.arange(31)
    for x, row in zip(d["x"], d["y"], strict=True):
        prior = stats.poisson.pmf(counts, np.exp(p["a"] + p["b"] * x))
        seen = stats.binom.pmf(row[:, None], counts, p["p"]).prod(axis=0)
        total += np.log((prior * seen).sum() / prior.sum())
    return total


@case(
    "y_i ~ Poisson(r * copies[g[i]])\ncopies_j ~ Binomial(2, q)\nq ~ Uniform(0, 1)\nr ~ Exponential(1)\n",
    {"y": COUNTS, "g": GROUP},
    q=unit(),
    r=pos(),
)
def copies(p, d):
    total = -p["r"]
    for j in (1, 2, 3):
        mine = d["y"][d["g"] == j]
        each = [stats.binom.logpmf(k, 2, p["q"]) + stats.poisson.logpmf(mine, p["r"] * k).sum() for k in range(3)]
        total += logsumexp(each)
    return total


@case(
    "y_i ~ Normal(m * step_i, 1)\nstep_i ~ DiscreteUniform(-3, 4)\nm ~ Normal(0, 1)\n",
    {"y": X},
    m=real(),
)
def steps(p, d):
    each = stats.norm.logpdf(d["y"][:, None], p["m"] * np.arange(-3, 5), 1)
    return (logsumexp(each, axis=1) - np.log(8)).sum() + N(p["m"])


@case(
    "y_i ~ Binomial(n_i + 1, p)\nlog_density += logp(Poisson(m), 2 * n_i - y_i)\np ~ Beta(2, 2)\nm ~ Gamma(2, 1)\n",
    {"y": COUNTS, "n": [3, 4, 2, 6, 5]},
    p=unit(),
    m=pos(),
)
def computed_trials(p, d):
    left = 2 * d["n"] - d["y"]
    seen = stats.binom.logpmf(d["y"], d["n"] + 1, p["p"]).sum() + stats.poisson.logpmf(left, p["m"]).sum()
    return seen + stats.beta.logpdf(p["p"], 2, 2) + stats.gamma.logpdf(p["m"], 2)
