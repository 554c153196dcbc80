"""Counts and truths that are computed: events of a counting process, captures of an animal, sums of comparisons."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit

from tests.reference.oracle.kit import BE, GA, PO, N, X, Y, case, pos, real, unit

CAUGHT = [[1, 0, 1], [0, 1, 0], [1, 1, 1], [0, 0, 0], [0, 0, 0]]
COX = {"seen": [3, 4, 6], "ended": [1, 0, 1], "z": [-0.5, 0.5, 0.5], "t": [1, 3, 5, 7], "M": 3}


@case(
    "died_{i,j} ~ Poisson(risk_{i,j} * exp(b * z_i) * h_j)\nrisk_{i,j} = (seen_i >= t_j)\n"
    "died_{i,j} = risk_{i,j} * (t_{j+1} > seen_i) * ended_i\n"
    "h_j ~ Gamma(0.1 * (t_{j+1} - t_j), 0.1) for j in 1..M\nb ~ Normal(0, 10)\n",
    COX,
    h=pos(3),
    b=real(),
)
def counting_process(p, d):
    t = d["t"]
    risk = (d["seen"][:, None] >= t[:-1]).astype(float)
    died = risk * (t[1:] > d["seen"][:, None]) * d["ended"][:, None]
    rates = risk * np.exp(p["b"] * d["z"])[:, None] * p["h"]
    return PO(died, rates) + GA(p["h"], 0.1 * np.diff(t), 0.1) + N(p["b"], 0, 10)


@case(
    "y_{i,j} ~ Bernoulli(inv_logit(a_i - c_j + b)) for i in 1..N, j in 1..K-1\na_i ~ Normal(0, 1)\n"
    "b ~ Normal(sum(c_j for j in 1..K-1) + sum(u_j for j in 1..K), 1)\n",
    {"y": [[1, 0, 0], [0, 1, 0]], "c": [0.1, 0.3, 0.5], "u": X[:4], "K": 4},
    a=real(2),
    b=real(),
)
def as_short_as_its_range(p, d):
    # The outcome and `c` have an element fewer than `u`.
    return BE(d["y"], expit(p["a"][:, None] - d["c"] + p["b"])) + N(p["a"]) + N(p["b"], d["c"].sum() + d["u"].sum())


def present(share, each, caught):
    """Return the log density of animals that are part of the population with a probability."""
    seen = np.log(share) + each
    return np.where(caught > 0, seen, np.logaddexp(seen, np.log1p(-share))).sum()


@case(
    "s_i ~ Binomial(T, z_i * p_i)\ns_i = sum(y_{i,t} for t in 1..T)\nlogit(p_i) = m + e_i\ne_i ~ Normal(0, sd)\n"
    "z_i ~ Bernoulli(omega)\nomega ~ Uniform(0, 1)\nm ~ Normal(0, 1)\nsd ~ Exponential(1)\nN = sum(z)\n",
    {"y": CAUGHT},
    omega=unit(),
    m=real(),
    sd=pos(),
    e=real(5),
)
def captures(p, d):
    caught = d["y"].sum(axis=1)
    each = stats.binom.logpmf(caught, 3, expit(p["m"] + p["e"]))
    return present(p["omega"], each, caught) + N(p["e"], 0, p["sd"]) + N(p["m"]) - p["sd"]


@case(
    "y_{i,t} ~ Bernoulli(z_i * p_{i,t})\nlogit(p_{i,1}) = a_1 + e_i\n"
    "logit(p_{i,t}) = a_t + e_i + c * y_{i,t-1} for t in 2..T\nz_i ~ Bernoulli(omega)\nomega ~ Uniform(0, 1)\n"
    "a_t ~ Normal(0, 1)\ne_i ~ Normal(0, 1)\nc ~ Normal(0, 1)\n",
    {"y": CAUGHT},
    omega=unit(),
    a=real(3),
    e=real(5),
    c=real(),
)
def caught_before(p, d):
    y = d["y"]
    odds = p["a"] + p["e"][:, None] + p["c"] * np.c_[np.zeros(5), y[:, :-1]]
    each = stats.bernoulli.logpmf(y, expit(odds)).sum(axis=1)
    return present(p["omega"], each, y.sum(axis=1)) + N(p["a"]) + N(p["e"]) + N(p["c"])


@case(
    "y_i ~ Normal(a * ((x_i > 0) + (x_i < 1)) - ((a > 0) - (b < 0)) + -(b > 1) / 2, 1)\n"
    "n_i ~ Poisson(exp(b))\nn_i = (x_i > 0) + (y_i > 0)\na, b ~ Normal(0, 1)\n",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
)
def truths_count(p, d):
    a, b, x = p["a"], p["b"], d["x"]
    mean = a * (np.where(x > 0, 1, 0) + np.where(x < 1, 1, 0)) - (int(a > 0) - int(b < 0)) - int(b > 1) / 2
    return N(d["y"], mean) + PO(np.where(x > 0, 1, 0) + np.where(d["y"] > 0, 1, 0), np.exp(b)) + N(a) + N(b)
