"""Sums over the places before one: windows, convolutions with the past, and moving averages from the first step on."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tests.reference.oracle.kit import COUNTS, EX, HN, PO, N, Y, case, pos, real, unit


@case(
    """
y_t ~ Poisson(x_t)
x_1 = x0
x_t = R_t * sum(x_s * w_{t-s} for s in 1..t-1) for t in 2..T
R_t ~ LogNormal(0, 0.5)
x0 ~ Exponential(0.1)
""",
    {"y": COUNTS, "w": [0.5, 0.3, 0.1, 0.1, 0.0]},
    R=pos(5),
    x0=pos(),
)
def renewal(p, d):
    x = [p["x0"]]
    for t in range(1, 5):
        x.append(p["R"][t] * sum(x[t - s] * d["w"][s - 1] for s in range(1, t + 1)))
    return PO(d["y"], np.array(x)) + stats.lognorm.logpdf(p["R"], 0.5).sum() + EX(p["x0"], 0.1)


@case(
    """
y_t ~ Normal(mu_t + season_t, s)
mu_t ~ Normal(mu_{t-1}, q) for t in 2..T
mu_1 ~ Normal(0, 10)
season_t ~ Normal(-sum(season_k for k in t-3..t-1), w) for t in 4..T
season_t ~ Normal(0, 1) for t in 1..3
s, q, w ~ Half-Normal(1)
""",
    {"y": [*Y, 1.2, 0.4]},
    mu=real(7),
    season=real(7),
    s=pos(),
    q=pos(),
    w=pos(),
)
def seasons(p, d):
    mu, season = p["mu"], p["season"]
    later = sum(N(season[t], -season[t - 3 : t].sum(), p["w"]) for t in range(3, 7))
    start = N(mu[0], 0, 10) + N(season[:3])
    return N(d["y"], mu + season, p["s"]) + start + N(mu[1:], mu[:-1], p["q"]) + later + sum(HN(p[k]) for k in "sqw")


@case(
    """
e_t = y_t - mu - sum(theta_k * e_{t-k} for k in 1..min(t-1, K)) for t in 1..T
y_t ~ Normal(mu + sum(theta_k * e_{t-k} for k in 1..min(t-1, K)), s)
mu ~ Normal(0, 1)
theta_k ~ Normal(0, 1) for k in 1..K
s ~ Half-Normal(1)
""",
    {"y": Y, "K": 2},
    mu=real(),
    theta=real(2),
    s=pos(),
)
def moving_average(p, d):
    e = []
    for t, y in enumerate(d["y"]):
        e.append(y - p["mu"] - sum(p["theta"][k] * e[t - 1 - k] for k in range(min(t, 2))))
    return N(np.array(e), 0, p["s"]) + N(p["mu"]) + N(p["theta"]) + HN(p["s"])


@case(
    """
y_t ~ Normal(a + b * mean(log(x_k) for k in t-K..t-1), 1) for t in K+1..T
x_t ~ LogNormal(0, 1)
a, b ~ Normal(0, 1)
""",
    {"y": Y, "K": 3},
    x=pos(5),
    a=real(),
    b=real(),
)
def moving_mean(p, d):
    mean = np.array([np.log(p["x"][t - 3 : t]).mean() for t in (3, 4)])
    return N(d["y"][3:], p["a"] + p["b"] * mean) + stats.lognorm.logpdf(p["x"], 1).sum() + N(p["a"]) + N(p["b"])


@case(
    """
y_t ~ Normal(u_t, 1)
u_1 = a
u_t = 8 + a + sum(log(u_s) * c^(t-s) for s in 1..t-1) for t in 2..T
a ~ Half-Normal(1)
c ~ Uniform(0, 1)
""",
    {"y": Y},
    a=pos(),
    c=unit(),
)
def memory(p, d):
    u = [p["a"]]
    for t in range(1, 5):
        u.append(8 + p["a"] + sum(np.log(u[s]) * p["c"] ** (t - s) for s in range(t)))
    return N(d["y"], np.array(u)) + HN(p["a"])


@case(
    """
y_t ~ Poisson(x_t)
x_1 = x0
x_t = r * sum(x_s * w_{t-s} for s in max(1, t - K)..t-1) + mean(z_s for s in max(t-1, 1)..t) for t in 2..T
z_t ~ Exponential(1)
r ~ LogNormal(0, 0.5)
x0 ~ Exponential(0.1)
""",
    {"y": COUNTS, "w": [0.5, 0.3], "K": 2},
    z=pos(5),
    r=pos(),
    x0=pos(),
)
def as_far_back_as_there_is_anything(p, d):
    x = [p["x0"]]
    for t in range(1, 5):
        past = sum(x[s] * d["w"][t - s - 1] for s in range(max(0, t - 2), t))
        x.append(p["r"] * past + p["z"][max(0, t - 1) : t + 1].mean())
    return PO(d["y"], np.array(x)) + EX(p["z"]) + stats.lognorm.logpdf(p["r"], 0.5) + EX(p["x0"], 0.1)
