"""Regressions as books write them: scaled columns, transformed outcomes, cutpoints and risk sets."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit, log_softmax, logsumexp

from tests.reference.oracle.kit import EX, GROUP, HN, N, X, Y, case, pos, real, rising

DESIGN = [[1.0, 0.2, -0.5], [1.2, 1.1, 0.3], [1.1, -0.7, 0.8], [1.0, 0.4, -1.2], [0.7, 0.9, 0.1]]


@case(
    """
y_i ~ Normal(alpha + Z_i * beta, sigma)
Z_{i,k} = (X_{i,k} - mean(X_{n,k} for n in 1..N)) / s_k
s_k = sd(X_{i,k} for i in 1..N)
alpha ~ Normal(0, 10)
beta_k ~ Normal(0, 2.5)
sigma ~ Exponential(1)
""",
    {"y": Y, "X": DESIGN},
    alpha=real(),
    beta=real(3),
    sigma=pos(),
)
def scaled_columns(p, d):
    z = (d["X"] - d["X"].mean(0)) / d["X"].std(0, ddof=1)
    mean = p["alpha"] + z @ p["beta"]
    return N(d["y"], mean, p["sigma"]) + N(p["alpha"], 0, 10) + N(p["beta"], 0, 2.5) + EX(p["sigma"])


@case(
    """
y_i ~ Normal(b * sd(theta_k for k in 1..K) + var(x_{n,1} for n in 1..N), 1)
theta_k ~ Normal(0, 1) for k in 1..K
b ~ Normal(0, 1)
""",
    {"y": Y, "x": DESIGN, "K": 3},
    b=real(),
    theta=real(3),
)
def spreads_over_ranges(p, d):
    mean = p["b"] * p["theta"].std(ddof=1) + d["x"][:, 0].var(ddof=1)
    return N(d["y"], mean) + N(p["b"]) + N(p["theta"])


@case(
    """
log_weight = log(weight)
log_weight_i ~ Normal(beta_0 + beta_1 * log(canopy_i), sigma)
beta_0, beta_1 ~ Normal(0, 10)
sigma ~ Half-Normal(0, 5)
""",
    {"weight": [60.0, 140.0, 30.0, 500.0, 20.0], "canopy": [2.0, 1.0, 3.0, 1.5, 0.8]},
    beta_0=real(),
    beta_1=real(),
    sigma=pos(),
)
def transformed_as_a_whole(p, d):
    mean = p["beta_0"] + p["beta_1"] * np.log(d["canopy"])
    return N(np.log(d["weight"]), mean, p["sigma"]) + N(p["beta_0"], 0, 10) + N(p["beta_1"], 0, 10) + HN(p["sigma"], 5)


@case(
    """
y_i ~ Normal(X_i * beta, sigma)
beta_p ~ Normal(0, 5)
sigma ~ Half-Normal(0, 1)
""",
    {"y": Y, "X": DESIGN},
    beta=real(3),
    sigma=pos(),
)
def coefficients_of_columns(p, d):
    return N(d["y"], d["X"] @ p["beta"], p["sigma"]) + N(p["beta"], 0, 5) + HN(p["sigma"])


@case(
    """
y_i ~ OrderedLogistic(X_i * beta, c)
beta_p ~ Normal(0, 1)
c_k ~ Normal(0, 10) for k in 1..K-1 ordered
""",
    {"y": [1, 2, 3, 4, 2], "X": DESIGN, "K": 4},
    beta=real(3),
    c=rising(3),
)
def cutpoints_short_of_categories(p, d):
    eta, cuts, y = d["X"] @ p["beta"], np.r_[-np.inf, p["c"], np.inf], d["y"]
    return np.log(expit(cuts[y] - eta) - expit(cuts[y - 1] - eta)).sum() + N(p["beta"]) + N(p["c"], 0, 10)


@case(
    """
y_n ~ Categorical(softmax(0, eta_n))
eta_{n,k} = X_n * beta_k + a_k    for k in 1..K-1
beta_{k,p} ~ Normal(0, 5)         for k in 1..K-1
a_k ~ Normal(0, 1)                for k in 1..K-1
""",
    {"y": [1, 2, 3, 3, 1], "X": DESIGN, "K": 3},
    beta=real(2, 3),
    a=real(2),
)
def reference_class_first(p, d):
    eta = np.c_[np.zeros(5), d["X"] @ p["beta"].T + p["a"]]
    return log_softmax(eta, 1)[np.arange(5), d["y"] - 1].sum() + N(p["beta"], 0, 5) + N(p["a"])


@case(
    """
y_i ~ OrderedLogistic(b * x_i, c)
c_k = mu + 2 * steps_k            for k in 1..K-1
log_density += steps[2] - steps_k for k in 2..K-1
steps_k ~ Normal(0, 1)            for k in 1..K-1 ordered
mu ~ Normal(sum(steps), 1)
b ~ Normal(0, 1)
""",
    {"y": [1, 2, 3, 4, 2], "x": X, "K": 4},
    steps=rising(3),
    mu=real(),
    b=real(),
)
def parts_of_cutpoints(p, d):
    eta, cuts, y = p["b"] * d["x"], np.r_[-np.inf, p["mu"] + 2 * p["steps"], np.inf], d["y"]
    return (
        np.log(expit(cuts[y] - eta) - expit(cuts[y - 1] - eta)).sum()
        + (p["steps"][1] - p["steps"][1:]).sum()
        + N(p["steps"])
        + N(p["mu"], p["steps"].sum())
        + N(p["b"])
    )


@case(
    """
d_{a,t} ~ Poisson(n_{a,t} * exp(alpha_a + beta_t + gamma[A - a + t]))
alpha_a ~ Normal(0, 1) for a in 1..A
beta_t ~ Normal(0, 1)  for t in 1..T
gamma_c ~ Normal(0, s) for c in 1..A+T-1
s ~ Half-Normal(0, 1)
""",
    {"d": [[1, 2], [3, 1], [0, 2]], "n": [[1.0, 2.0], [1.0, 1.0], [2.0, 3.0]]},
    alpha=real(3),
    beta=real(2),
    gamma=real(4),
    s=pos(),
)
def age_period_cohort(p, d):
    cohort = 3 - np.arange(1, 4)[:, None] + np.arange(1, 3)
    rate = d["n"] * np.exp(p["alpha"][:, None] + p["beta"] + p["gamma"][cohort - 1])
    return (
        stats.poisson.logpmf(d["d"], rate).sum() + N(p["alpha"]) + N(p["beta"]) + N(p["gamma"], 0, p["s"]) + HN(p["s"])
    )


@case(
    """
log_density += eta_i - log_sum_exp(eta_k for k in 1..N if time_k >= time_i)   if event_i = 1
eta_i = X_i * beta
beta_{p} ~ Normal(0, 1)
""",
    {"time": [1.0, 2.0, 3.0, 1.5, 4.0], "event": [1, 0, 1, 1, 1], "X": DESIGN},
    beta=real(3),
)
def partial_likelihood(p, d):
    eta = d["X"] @ p["beta"]
    at_risk = [logsumexp(eta[d["time"] >= when]) for when in d["time"]]
    return (d["event"] * (eta - at_risk)).sum() + N(p["beta"])


@case(
    """
y_i ~ Normal(a * before_i + b * after_i, 1)
before_i = max(x_k for k in 1..N if t_k <= t_i)
after_i = min(x_k for k in 1..N if t_k >= t_i)
a, b ~ Normal(0, 1)
""",
    {"y": Y, "x": X, "t": [1.0, 2.0, 3.0, 1.5, 4.0]},
    a=real(),
    b=real(),
)
def extremes_so_far(p, d):
    before = np.array([d["x"][d["t"] <= when].max() for when in d["t"]])
    after = np.array([d["x"][d["t"] >= when].min() for when in d["t"]])
    return N(d["y"], p["a"] * before + p["b"] * after) + N(p["a"]) + N(p["b"])


@case(
    """
y_i ~ Normal(mu[g[i]] * R[1, 2] + R[2, 2], 1)
R = ((1, rho), (rho, 2))
mu_j ~ Normal(0, 1)
rho ~ Uniform(-1, 1)
""",
    {"y": Y, "g": GROUP},
    mu=real(3),
    rho=lambda rng: rng.uniform(-0.9, 0.9),
)
def matrix_by_its_rows(p, d):
    return N(d["y"], p["mu"][d["g"] - 1] * p["rho"] + 2) + N(p["mu"]) - np.log(2)
