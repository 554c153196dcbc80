"""Log densities in expressions: what is emitted together, chosen between, or left undetected."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import logsumexp

from tests.reference.oracle.kit import BE, BI, GA, HC, HN, N, between, case, pos, real, rising, simplex, unit


def dirichlet(x, *a):
    return sum(stats.dirichlet.logpdf(row, a) for row in np.atleast_2d(x))


def forward(initial, moves, emitted):
    """Return the log density of a hidden Markov chain by products of probabilities."""
    alpha = np.exp(initial + emitted[0])
    for row in emitted[1:]:
        alpha = (alpha @ moves) * np.exp(row)
    return np.log(alpha.sum())


@case(
    """
lp_{t,k} = logp(Normal(mu_k, s), y_t) + logp(Poisson(lam_k), c_t) for k in 1..2
a_{1,k} = log(p_k) + lp_{1,k}
a_{t,k} = log_sum_exp(a_{t-1,j} + log(P_{j,k}) for j in 1..2) + lp_{t,k} for t in 2..T
log_density += log_sum_exp(a_{T,k} for k in 1..2)
p ~ Dirichlet(1, 1)
P_k ~ Dirichlet(2, 2) for k in 1..2
mu_k ~ Normal(0, 3) for k in 1..2
lam_k ~ Gamma(2, 1) for k in 1..2
s ~ Half-Normal(0, 2)
""",
    {"y": [0.1, 0.3, 2.2, 3.1, 2.5, 0.2], "c": [0, 1, 3, 4, 2, 0]},
    p=simplex(2),
    P=simplex(2, 2),
    mu=real(2),
    lam=pos(2),
    s=pos(),
)
def two_series_with_the_same_states(p, d):
    emitted = stats.norm.logpdf(d["y"][:, None], p["mu"], p["s"]) + stats.poisson.logpmf(d["c"][:, None], p["lam"])
    return (
        forward(np.log(p["p"]), p["P"], emitted)
        + dirichlet(p["p"], 1, 1)
        + dirichlet(p["P"], 2, 2)
        + N(p["mu"], 0, 3)
        + GA(p["lam"], 2, 1)
        + HN(p["s"], 2)
    )


@case(
    """
a_{1,k} = -log(2) + logp(MultiNormal(mu_k, Sigma), y_1) for k in 1..2
a_{t,k} = log_sum_exp(a_{t-1,j} + log(P_{j,k}) for j in 1..2) + logp(MultiNormal(mu_k, Sigma), y_t) for t in 2..T
log_density += log_sum_exp(a_{T,k} for k in 1..2)
P = ((0.9, 0.1), (0.3, 0.7))
mu_{k,d} ~ Normal(0, 5) for k in 1..2, d in 1..2
Sigma = ((1, r), (r, 2))
r ~ Uniform(-1, 1)
""",
    {"y": [[0.1, 0.3], [2.0, 1.0], [3.0, 1.5], [-1.0, 0.2]]},
    mu=real(2, 2),
    r=between(-0.9, 0.9),
)
def vectors_that_hidden_states_emit(p, d):
    cov = np.array([[1.0, p["r"]], [p["r"], 2.0]])
    emitted = np.stack([stats.multivariate_normal.logpdf(d["y"], mean, cov) for mean in p["mu"]], axis=1)
    moves = np.array([[0.9, 0.1], [0.3, 0.7]])
    return forward(-np.log(2) * np.ones(2), moves, emitted) + N(p["mu"], 0, 5) - np.log(2)


@case(
    """
log_density += logp(Bernoulli(psi), 1) + logp(Binomial(K, p), y_n)                    if y_n > 0
log_density += log_sum_exp((log(psi) + logp(Binomial(K, p), 0), log1m(psi)))          if y_n = 0
psi, p ~ Beta(2, 2)
""",
    {"y": [0, 2, 0, 3, 1], "K": 3},
    psi=unit(),
    p=unit(),
)
def sites_where_nothing_was_seen(p, d):
    y = d["y"]
    seen = np.log(p["psi"]) + stats.binom.logpmf(y, 3, p["p"])
    none = np.logaddexp(np.log(p["psi"]) + 3 * np.log1p(-p["p"]), np.log1p(-p["psi"]))
    return np.where(y > 0, seen, none).sum() + stats.beta.logpdf([p["psi"], p["p"]], 2, 2).sum()


@case(
    """
log_density += log_sum_exp(log(w_k) + sum(logp(Bernoulli(q_{k,j}), x_{i,j}) for j in 1..J) for k in 1..2)
w ~ Dirichlet(3, 3)
q_{k,j} ~ Beta(2, 2) for k in 1..2
""",
    {"x": [[0, 1, 1], [1, 1, 1], [0, 0, 1], [0, 0, 0]]},
    w=simplex(2),
    q=unit(2, 3),
)
def latent_classes(p, d):
    each = stats.bernoulli.logpmf(d["x"][:, None, :], p["q"]).sum(axis=-1) + np.log(p["w"])
    return logsumexp(each, axis=1).sum() + dirichlet(p["w"], 3, 3) + stats.beta.logpdf(p["q"], 2, 2).sum()


@case(
    """
log_density += sum(logp(StudentT(4, m, s), y)) + logp(Half-Normal(0, 2), s)
log_density += w_i * logp(Normal(m + b[g[i]], s), y_i)
b_k ~ Normal(0, 1) for k in 1..2
m ~ Flat()
s ~ Half-Flat()
""",
    {"y": [0.1, 0.3, 2.2], "w": [0.5, 1.0, 2.0], "g": [1, 2, 2]},
    m=real(),
    s=pos(),
    b=real(2),
)
def whole_vectors_and_powers_of_densities(p, d):
    first = stats.t.logpdf(d["y"], 4, p["m"], p["s"]).sum() + HN(p["s"], 2)
    second = (d["w"] * stats.norm.logpdf(d["y"], p["m"] + p["b"][d["g"] - 1], p["s"])).sum()
    return first + second + N(p["b"])


@case(
    """
y_i ~ Bernoulli(p)
share_i = log_sum_exp(log(0.5) + logp(Uniform(0, b), z_i), log(0.5) + logp(Uniform(0, 10), z_i))
log_density += share_i
p ~ Beta(1, 1)
b ~ Gamma(2, 1)
""",
    {"y": [0, 1, 1], "z": [0.5, 1.5, 3.0]},
    p=unit(),
    b=between(1.0, 2.5),
)
def ends_that_are_unknown(p, d):
    inside = np.where(d["z"] <= p["b"], 1 / p["b"], 0.0)
    return BE(d["y"], p["p"]) + np.log(0.5 * inside + 0.05).sum() + GA(p["b"], 2, 1)


@case(
    """
log_density += log_sum_exp(logp(Poisson(mu), k) + logp(Binomial(k, q), c_i) for k in 0..30)
mu ~ Gamma(2, 1)
q ~ Beta(2, 2)
""",
    {"c": [1, 0, 2]},
    mu=pos(),
    q=unit(),
)
def counts_summed_by_hand(p, d):
    k = np.arange(31)
    with np.errstate(divide="ignore"):
        each = stats.poisson.logpmf(k, p["mu"]) + stats.binom.logpmf(d["c"][:, None], k, p["q"])
    return logsumexp(each, axis=1).sum() + GA(p["mu"], 2, 1) + stats.beta.logpdf(p["q"], 2, 2)


@case(
    """
log_density += log(first_i) + logp(Binomial(n_i, p), c_i)
first_i = exp(logp(Inverse-Gaussian(m, 2), t_i)) + exp(logp(GPD(0, 1, 0.2), t_i))
p ~ Beta(2, 2)
m ~ Gamma(2, 1)
""",
    {"c": [1, 0, 2], "n": [3, 3, 4], "t": [0.4, 1.2, 2.0]},
    p=unit(),
    m=pos(),
)
def distributions_that_programs_lack(p, d):
    one = stats.invgauss.pdf(d["t"], p["m"] / 2, scale=2) + stats.genpareto.pdf(d["t"], 0.2)
    return np.log(one).sum() + BI(d["c"], d["n"], p["p"]) + stats.beta.logpdf(p["p"], 2, 2) + GA(p["m"], 2, 1)


@case(
    """
def late(y, m) = logp(Half-Cauchy(0, m), y - 1)
log_density += late(y_i, m) if y_i > 1
log_density += logp(Bernoulli(p), y_i > 1) - 2
log_density += log(3)
log_density += n_i if y_i > 1
m ~ Gamma(2, 1)
p ~ Beta(2, 2)
""",
    {"y": [0.5, 1.5, 2.5], "n": [2, 3, 5]},
    m=pos(),
    p=unit(),
)
def truths_and_what_is_known(p, d):
    late = d["y"][d["y"] > 1] - 1
    known = np.log(3) - 6 + 8
    return HC(late, p["m"]) + BE(d["y"] > 1, p["p"]) + known + GA(p["m"], 2, 1) + stats.beta.logpdf(p["p"], 2, 2)


@case(
    """
y_i ~ Normal(m, 1)
log_density += -logp(Dirichlet(1, 2, 3), w)
w ~ Dirichlet(2, 2, 2)
m ~ Normal(0, 1)
c_k ~ Normal(0, 1) for k in 1..2 ordered
log_density += logp(Ordered-Logistic(m, c), r_i)
""",
    {"y": [0.2, 0.4], "r": [1, 3]},
    w=simplex(3),
    m=real(),
    c=rising(2),
)
def simplexes_and_categories(p, d):
    below = 1 / (1 + np.exp(-(p["c"] - p["m"])))
    chances = np.diff(np.concatenate([[0], below, [1]]))
    return (
        N(d["y"], p["m"]) + N(p["m"]) + dirichlet(p["w"], 2, 2, 2) - dirichlet(p["w"], 1, 2, 3)
        + N(p["c"]) + np.log(chances[d["r"] - 1]).sum()
    )  # fmt: skip
