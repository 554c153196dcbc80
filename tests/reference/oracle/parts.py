"""Names that only a part of an index set has: differences of a series, innovations from the second step on."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import logsumexp

from tests.reference.oracle.kit import HN, N, X, Y, case, pos, real, unit


@case(
    """
dy_t ~ Normal(a + alpha * (y_{t-1} - beta * x_{t-1}) + g * dx_t, s) for t in 2..T
dy_t = y_t - y_{t-1} for t in 2..T
dx_t = x_t - x_{t-1} for t in 2..T
a, alpha, beta, g ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    a=real(),
    alpha=real(),
    beta=real(),
    g=real(),
    s=pos(),
)
def error_correction(p, d):
    y, x = d["y"], d["x"]
    mean = p["a"] + p["alpha"] * (y[:-1] - p["beta"] * x[:-1]) + p["g"] * np.diff(x)
    return N(np.diff(y), mean, p["s"]) + sum(N(p[k]) for k in ("a", "alpha", "beta", "g")) + HN(p["s"])


@case(
    """
y_t ~ Normal(x_t, s)
x_1 = x0
x_2 = x0 + d0
x_t = 2 * x_{t-1} - x_{t-2} + q * z_t for t in 3..T
z_t ~ Normal(0, 1) for t in 3..T
x0, d0 ~ Normal(0, 5)
s, q ~ Half-Normal(1)
""",
    {"y": Y},
    x0=real(),
    d0=real(),
    s=pos(),
    q=pos(),
    z=real(3),
)
def innovations(p, d):
    x = [p["x0"], p["x0"] + p["d0"]]
    for z in p["z"]:
        x.append(2 * x[-1] - x[-2] + p["q"] * z)
    return N(d["y"], np.array(x), p["s"]) + N(p["z"]) + N(p["x0"], 0, 5) + N(p["d0"], 0, 5) + HN(p["s"]) + HN(p["q"])


@case(
    """
y_t ~ Normal(m_t, s) for t in P+1..T
m_t = mu + sum(phi_p * (y_{t-p} - mu) for p in 1..P) for t in P+1..T
phi_p ~ Normal(0, 1) for p in 1..P
mu ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "P": 2},
    mu=real(),
    phi=real(2),
    s=pos(),
)
def means_from_p(p, d):
    y, mu = d["y"], p["mu"]
    m = [mu + sum(p["phi"][k] * (y[t - 1 - k] - mu) for k in range(2)) for t in range(2, 5)]
    return N(y[2:], np.array(m), p["s"]) + N(p["phi"]) + N(mu) + HN(p["s"])


@case(
    """
y_{i,t} ~ Normal(x_{i,t}, s)
x_{i,t} ~ Normal(0, 1)
d_{i,t} = x_{i,t+1} - x_{i,t} for i in 1..2, t in 1..T-1
e_{i,t} = d_{i,t} - d_{i,t-1} for t in 2..T-1
log_density += -sum(d_{i,t}^2 for i in 1..2, t in 1..T-1)
log_density += -sum(e_{i,t}^4 for i in 1..2, t in 2..T-1)
s ~ Half-Normal(1)
""",
    {"y": [[1.0, 2.0, 3.0, 4.0], [2.0, 3.0, 4.0, 6.0]], "T": 4},
    x=real(2, 4),
    s=pos(),
)
def two_differences(p, d):
    first, second = np.diff(p["x"], axis=1), np.diff(p["x"], 2, axis=1)
    return N(d["y"], p["x"], p["s"]) + N(p["x"]) - (first**2).sum() - (second**4).sum() + HN(p["s"])


@case(
    """
y_i ~ Normal(sum(B_{i,k} * w_k for k in 1..2) + sum(B_{i,k} * v_k for k in 3..4), 1)
w_k ~ Normal(0, 1) for k in 1..2
v_k ~ Normal(0, 2) for k in 3..4
""",
    {"y": [1.0, 2.0], "B": [[1.0, 2.0, 3.0, 4.0], [0.1, 0.2, 0.3, 0.4]]},
    w=real(2),
    v=real(2),
)
def blocks_of_columns(p, d):
    return N(d["y"], d["B"][:, :2] @ p["w"] + d["B"][:, 2:] @ p["v"]) + N(p["w"]) + N(p["v"], 0, 2)


@case(
    """
y_i ~ Mixture(w, Normal(mu_k, 1))
w_k = b_k * prod(1 - b_j for j in 1..k-1)
b = (v, 1)
v_k ~ Beta(1, a) for k in 1..K-1
mu_k ~ Normal(0, 3) for k in 1..K
a ~ Half-Normal(1)
""",
    {"y": Y, "K": 4},
    v=unit(3),
    mu=real(4),
    a=pos(),
)
def last_stick_is_the_rest(p, d):
    v = p["v"]
    w = np.array([*v, 1.0]) * np.array([1.0, *np.cumprod(1 - v)])
    each = np.log(w) + stats.norm.logpdf(d["y"][:, None], p["mu"])
    return logsumexp(each, axis=1).sum() + stats.beta.logpdf(v, 1, p["a"]).sum() + N(p["mu"], 0, 3) + HN(p["a"])
