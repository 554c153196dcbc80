"""Ranges that end or begin where another index stands: running sums and products, windows, triangles."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit, logsumexp

from tests.reference.oracle.kit import (
    BE,
    COUNTS,
    EX,
    HN,
    N,
    X,
    Y,
    case,
    pos,
    real,
    unit,
)


@case(
    """
y_t ~ Normal(sum(step_k for k in 1..t), 1)
step_t ~ Normal(0, 1)
""",
    {"y": Y},
    step=real(5),
)
def cumul(p, d):
    return N(d["y"], np.cumsum(p["step"])) + N(p["step"])


@case(
    """
y_t ~ Normal(sum(w_k * sum(step_j for j in k..t) for k in 1..t), 1)
step_t ~ Normal(0, 1)
w_t ~ Normal(0, 1)
""",
    {"y": Y},
    step=real(5),
    w=real(5),
)
def nested_dep(p, d):
    m = [sum(p["w"][k] * p["step"][k : t + 1].sum() for k in range(t + 1)) for t in range(5)]
    return N(d["y"], np.array(m)) + N(p["step"]) + N(p["w"])


@case(
    """
y_t ~ Normal(sum(step_k for k in 1..t-1), 1)
step_t ~ Normal(0, 1) for t in 1..T
""",
    {"y": Y},
    step=real(5),
)
def cumul_excl(p, d):
    return N(d["y"], np.r_[0, np.cumsum(p["step"])[:-1]]) + N(p["step"])


@case(
    """
y_t ~ Normal(mean(x_k for k in t-2..t), 1) for t in 3..T
x_t ~ Normal(0, 1)
""",
    {"y": Y},
    x=real(5),
)
def window(p, d):
    return N(d["y"][2:], np.array([p["x"][t - 2 : t + 1].mean() for t in range(2, 5)])) + N(p["x"])


@case(
    """
y_t ~ Normal(sum(x_k for k in t+1..T), 1) for t in 1..T-1
x_t ~ Normal(0, 1) for t in 1..T
""",
    {"y": Y},
    x=real(5),
)
def tail(p, d):
    return N(d["y"][:4], np.array([p["x"][t + 1 :].sum() for t in range(4)])) + N(p["x"])


@case(
    """
log_density += log_sum_exp(lp_k for k in 1..T)
lp_k = -log(T) + sum(y_t * log(e) - e for t in 1..k) + sum(y_t * log(l) - l for t in k+1..T) for k in 1..T
e, l ~ Exponential(1)
""",
    {"y": COUNTS, "T": 5},
    e=pos(),
    l=pos(),
)
def coal(p, d):
    y = d["y"]
    e, l = p["e"], p["l"]
    lp = [-np.log(5) + (y[:k] * np.log(e) - e).sum() + (y[k:] * np.log(l) - l).sum() for k in range(1, 6)]
    return logsumexp(lp) + EX(e) + EX(l)


@case(
    """
y_i ~ Normal(sum(sum(w_{j,k} for k in 1..j) * v_j for j in 1..3), s)
w_{j,k} ~ Normal(0, 1) for j in 1..3, k in 1..3
v_j ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y},
    w=real(3, 3),
    v=real(3),
    s=pos(),
)
def tri(p, d):
    return (
        N(d["y"], sum(p["w"][j, : j + 1].sum() * p["v"][j] for j in range(3)), p["s"])
        + N(p["w"])
        + N(p["v"])
        + HN(p["s"])
    )


@case(
    """
y_i ~ Normal(prod(1 - h_k for k in 1..i), s) for i in 1..5
h_i ~ Beta(2, 2)
s ~ Half-Normal(1)
""",
    {"y": Y},
    h=unit(5),
    s=pos(),
)
def surv(p, d):
    return N(d["y"], np.cumprod(1 - p["h"]), p["s"]) + stats.beta.logpdf(p["h"], 2, 2).sum() + HN(p["s"])


@case(
    """
y_i ~ Normal(sum(w_k * mu_k for k in 1..3), s)
w_1 = v_1
w_k = v_k * prod(1 - v_j for j in 1..k-1) for k in 2..3
v_k ~ Beta(1, 2) for k in 1..3
mu_k ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y},
    v=unit(3),
    mu=real(3),
    s=pos(),
)
def stick(p, d):
    w = p["v"] * np.r_[1, np.cumprod(1 - p["v"])[:-1]]
    return N(d["y"], (w * p["mu"]).sum(), p["s"]) + stats.beta.logpdf(p["v"], 1, 2).sum() + N(p["mu"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(max(u_k for k in 1..i), s) for i in 1..5
u_i ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y},
    u=real(5),
    s=pos(),
)
def runmax(p, d):
    return N(d["y"], np.maximum.accumulate(p["u"]), p["s"]) + N(p["u"]) + HN(p["s"])


@case(
    """
y_t ~ Normal(mean(u_k for k in 1..t-1), s) for t in 2..5
u_t ~ Normal(0, 1) for t in 1..5
s ~ Half-Normal(1)
""",
    {"y": Y},
    u=real(5),
    s=pos(),
)
def runmean(p, d):
    return N(d["y"][1:], (np.cumsum(p["u"]) / np.arange(1, 6))[:-1], p["s"]) + N(p["u"]) + HN(p["s"])


@case(
    """
y_t ~ Normal(sum(a^(t-s) * x_s for s in 1..t), 1)
a ~ Uniform(0, 1)
""",
    {"y": Y, "x": X},
    a=unit(),
)
def adstock(p, d):
    m = [sum(p["a"] ** (t - s) * d["x"][s] for s in range(t + 1)) for t in range(5)]
    return N(d["y"], np.array(m))


@case(
    """
y_{i,j} ~ Normal(0, exp(-abs(u_i - u_j)) + s) for i in 1..3, j in 1..i-1
s ~ Half-Normal(1)
u_i ~ Normal(0, 1)
""",
    {"y": [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.5, 0.2, 0.0]]},
    s=pos(),
    u=real(3),
)
def lower(p, d):
    t = 0
    for i in range(3):
        for j in range(i):
            t += N(d["y"][i, j], 0, np.exp(-abs(p["u"][i] - p["u"][j])) + p["s"])
    return t + HN(p["s"]) + N(p["u"])


@case(
    """
y_{i,j} ~ Bernoulli(inv_logit(a - (z_i - z_j)^2)) for i in 1..3, j in i+1..3
a ~ Normal(0, 1)
z_i ~ Normal(0, 1)
""",
    {"y": [[0, 1, 1], [0, 0, 0], [1, 1, 1]]},
    a=real(),
    z=real(3),
)
def latent_space(p, d):
    t = 0
    for i in range(3):
        for j in range(i + 1, 3):
            t += BE(d["y"][i, j], expit(p["a"] - (p["z"][i] - p["z"][j]) ** 2))
    return t + N(p["a"]) + N(p["z"])


@case(
    """
y_t ~ Normal(l_t, s)
l_t = l0 + sum(e_k for k in 1..t) + sum(sum(d_j for j in 1..k) for k in 1..t)
e_t ~ Normal(0, 1)
d_t ~ Normal(0, 1)
l0 ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y},
    e=real(5),
    d=real(5),
    l0=real(),
    s=pos(),
)
def i2(p, d):
    return (
        N(d["y"], p["l0"] + np.cumsum(p["e"]) + np.cumsum(np.cumsum(p["d"])), p["s"])
        + N(p["e"])
        + N(p["d"])
        + N(p["l0"])
        + HN(p["s"])
    )


_SPANS = {"y": np.arange(12.0).reshape(3, 4).tolist(), "first": [1, 3, 4], "last": [4, 4, 3], "N": 3}


@case(
    """
y_{i,t} ~ Normal(a + b * y_{i,t-1}, s) for t in first_i + 1..last_i, i in 1..N
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    _SPANS,
    a=real(),
    b=real(),
    s=pos(),
)
def data_ends(p, d):
    # The last row has nothing in its range.
    y, total = d["y"], 0.0
    for i, (first, last) in enumerate(zip(d["first"], d["last"], strict=True)):
        for t in range(first, last):
            total += N(y[i, t], p["a"] + p["b"] * y[i, t - 1], p["s"])
    return total + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
y_n ~ Normal(sum(w_k for k in from_n..till_n) + prod(w_k for k in 1..till[n] - 1), s)
z_n ~ Normal(max(w_k for k in lo[g[n]]..3), 1)
w_k ~ Normal(0, 1) for k in 1..4
s ~ Half-Normal(1)
""",
    {"y": Y, "from": [1, 2, 3, 2, 4], "till": [4, 2, 2, 3, 4], "z": X, "lo": [2, 3], "g": [1, 2, 2, 1, 2]},
    w=real(4),
    s=pos(),
)
def data_ends_inside(p, d):
    w, spans = p["w"], list(zip(d["from"], d["till"], strict=True))
    means = [w[a - 1 : b].sum() + np.prod(w[: b - 1]) for a, b in spans]
    tops = [w[d["lo"][g - 1] - 1 : 3].max() for g in d["g"]]
    return N(d["y"], np.array(means), p["s"]) + N(d["z"], np.array(tops)) + N(w) + HN(p["s"])


@case(
    """
chi_{T} = 1
chi_{t} = 1 - phi_t + phi_t * (1 - p_{t+1}) * chi_{t+1}                             for t in 1..T-1
log_density += sum(log(phi_{t-1}) + logp(Bernoulli(p_t), y_{i,t}) for t in first[i]+1..last[i])
log_density += log(chi_{last[i]})
phi_t ~ Beta(1, 1)                                                                  for t in 1..T-1
p_t ~ Beta(1, 1)                                                                    for t in 1..T
T = 4
""",
    {"y": [[1, 0, 1, 0], [0, 1, 1, 1], [1, 1, 0, 0], [0, 0, 0, 1]], "first": [1, 2, 1, 4], "last": [3, 4, 2, 4]},
    phi=unit(3),
    p=unit(4),
)
def captured_again(p, d):
    total = 0
    for seen, first, last in zip(d["y"], d["first"], d["last"], strict=True):
        for t in range(first, last):
            total += np.log(p["phi"][t - 1]) + stats.bernoulli.logpmf(seen[t], p["p"][t])
        never = 1
        for t in reversed(range(last, 4)):
            never = 1 - p["phi"][t - 1] + p["phi"][t - 1] * (1 - p["p"][t]) * never
        total += np.log(never)
    return total


@case(
    """
log_density += sum(a_{t-1} * y_{i,t} for t in 2..last[i])
log_density += mean(a_{t-1} + y_{i,t} for t in first[i]+1..T)
log_density += log_sum_exp(a_{t-1} + y_{i,t} for t in first[i]+1..last[i])
log_density += max(a_t * y_{i,t+1} for t in first[i]..last[i]-1)
a_t ~ Normal(0, 1) for t in 1..T-1
T = 4
""",
    {"y": [[1.0, 0.2, 1.4, 0.6], [0.1, 1.0, 1.0, 1.7], [1.0, 1.5, 0.0, 0.3]], "first": [1, 2, 1], "last": [3, 4, 2]},
    a=real(3),
)
def ranges_that_begin_later(p, d):
    a, total = p["a"], N(p["a"])
    for y, first, last in zip(d["y"], d["first"], d["last"], strict=True):
        total += sum(a[t - 2] * y[t - 1] for t in range(2, last + 1))
        total += np.mean([a[t - 2] + y[t - 1] for t in range(first + 1, 5)])
        total += np.log(sum(np.exp(a[t - 2] + y[t - 1]) for t in range(first + 1, last + 1)))
        total += max(a[t - 1] * y[t] for t in range(first, last))
    return total
