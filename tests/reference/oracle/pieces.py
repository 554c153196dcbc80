"""Pieces: definitions and distributions that hold under conditions, and blends."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit, log_softmax

from tests.reference.oracle.kit import COUNTS, GROUP, HN, PO, N, X, Y, case, pos, real, rising


@case(
    """
y_i ~ Normal(m, 1) if g_i = 1
    ~ Normal(m, 2) if g_i = 0
m ~ Normal(0,1)
""",
    {"y": Y, "g": [0, 1, 1, 0, 1]},
    m=real(),
)
def pieces01(p, d):
    return N(d["y"], p["m"], np.where(d["g"] == 1, 1, 2)) + N(p["m"])


@case(
    """
y_i ~ Normal(th_i, 1)
th_i = m if g_i = 1
     = 2*m if g_i = 2
     = 3*m if g_i = 3
m ~ Normal(0,1)
""",
    {"y": Y, "g": GROUP},
    m=real(),
)
def pieces123(p, d):
    return N(d["y"], p["m"] * d["g"]) + N(p["m"])


@case(
    """
y_i ~ Normal(th_i, 1)
th_i = a + b*(x_i - c)  if x_i > c
     = a  otherwise smoothly(3)
a, b, c ~ Normal(0, 1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    c=real(),
)
def smooth(p, d):
    w = expit(3 * (d["x"] - p["c"]))
    th = w * (p["a"] + p["b"] * (d["x"] - p["c"])) + (1 - w) * p["a"]
    return N(d["y"], th) + sum(N(p[k]) for k in "abc")


@case(
    """
y_i ~ Normal(th_i, 1)
th_i = a  if x_i < c
     = b  otherwise smoothly(3)
a, b, c ~ Normal(0, 1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    c=real(),
)
def smooth_lt(p, d):
    w = expit(3 * (p["c"] - d["x"]))
    th = w * p["a"] + (1 - w) * p["b"]
    return N(d["y"], th) + sum(N(p[k]) for k in "abc")


@case(
    """
y_i ~ Normal(mu, s) if g_i = 1
    ~ Student-t(3, mu, s) if g_i = 2
    ~ Laplace(mu, s) otherwise
mu ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "g": GROUP},
    mu=real(),
    s=pos(),
)
def pd3(p, d):
    y, m, s = d["y"], p["mu"], p["s"]
    return (
        np.select(
            [d["g"] == 1, d["g"] == 2],
            [stats.norm.logpdf(y, m, s), stats.t.logpdf(y, 3, m, s)],
            stats.laplace.logpdf(y, m, s),
        ).sum()
        + N(m)
        + HN(s)
    )


@case(
    """
y_i ~ Normal(mu_i, s)
mu_i = a if x_i < 0
     = b if 0 <= x_i < 1
     = c if x_i >= 1
a, b, c ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X},
    a=real(),
    b=real(),
    c=real(),
    s=pos(),
)
def cover3(p, d):
    x = d["x"]
    return (
        N(d["y"], np.where(x < 0, p["a"], np.where(x < 1, p["b"], p["c"])), p["s"])
        + sum(N(p[k]) for k in "abc")
        + HN(p["s"])
    )


@case(
    """
y_t ~ Poisson(exp(a)) if t <= tau_0
    ~ Poisson(exp(b)) otherwise
a, b ~ Normal(0, 1)
""",
    {"y": COUNTS, "tau_0": 2},
    a=real(),
    b=real(),
)
def change(p, d):
    return PO(d["y"], np.exp(np.where(np.arange(1, 6) <= 2, p["a"], p["b"]))) + N(p["a"]) + N(p["b"])


@case(
    """
mu ~ Normal(0, 1)
s ~ Half-Normal(1)
y_i ~ Normal(mu, s)     if not (g_i = 1 or x_i > 1) and x_i != 0
    ~ Normal(-mu, s)    otherwise
""",
    {"y": Y, "x": X, "g": GROUP},
    mu=real(),
    s=pos(),
)
def notand(p, d):
    c = ~((d["g"] == 1) | (d["x"] > 1)) & (d["x"] != 0)
    return N(d["y"], np.where(c, p["mu"], -p["mu"]), p["s"]) + N(p["mu"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(a, s) if x_i > 0 or g_i = 2 and x_i < -1
    ~ Normal(b, s) otherwise
a, b ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "x": X, "g": GROUP},
    a=real(),
    b=real(),
    s=pos(),
)
def orand(p, d):
    c = (d["x"] > 0) | ((d["g"] == 2) & (d["x"] < -1))
    return N(d["y"], np.where(c, p["a"], p["b"]), p["s"]) + N(p["a"]) + N(p["b"]) + HN(p["s"])


@case(
    """
y_i ~ Normal(mu_i, s)
mu_i = a if arm_i = 1 and t_i > 1
     = b if arm_i = 2
     = c otherwise
a, b, c ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {"y": Y, "arm": [1, 2, 1, 2, 1], "t": [1.0, 2.0, 3.0, 1.0, 2.0]},
    a=real(),
    b=real(),
    c=real(),
    s=pos(),
)
def pw3(p, d):
    return (
        N(d["y"], np.select([(d["arm"] == 1) & (d["t"] > 1), d["arm"] == 2], [p["a"], p["b"]], p["c"]), p["s"])
        + sum(N(p[k]) for k in "abc")
        + HN(p["s"])
    )


@case(
    """
y_i ~ Normal(m_i + b * (site_i != "A b") * (1 - (arm[i] = "x")), s)
m_i = a + c[arm[i]]  if arm_i == "treated"
    = a - b          if "control" == arm_i
    = a              if arm_i == "x"
log_density += -b^2  if site_i = "A b"
total ~ Normal(count(y_i for i in 1..5 if site_i == "A b") * b, s)
a, b ~ Normal(0, 1)
c_k ~ Normal(0, 1)
s ~ Half-Normal(1)
""",
    {
        "y": Y, "arm": ["treated", "control", "x", "treated", "x"], "site": ["A b", "C", "C", "A b", "A b"],
        "total": 1.5,
    },
    a=real(),
    b=real(),
    c=real(3),
    s=pos(),
)  # fmt: skip
def texts(p, d):
    a, b, arm, there = p["a"], p["b"], d["arm"], d["site"] == "A b"
    # Labels are in sorted order: control, treated, x.
    mean = np.select([arm == "treated", arm == "control", arm == "x"], [a + p["c"][1], a - b, a])
    mean = mean + b * ~there * (arm != "x")
    known = N(d["y"], mean, p["s"]) + N(d["total"], there.sum() * b, p["s"]) - b**2 * there.sum()
    return known + N(a) + N(b) + N(p["c"]) + HN(p["s"])


@case(
    """
y_n ~ Categorical(logits = (0, a_n, b * x_n))     if y_n != -99
z_n ~ OrderedLogistic(b * x_n, c)                 if z_n > 0
a_n ~ Normal(0, 1)
b ~ Normal(0, 1)
c_k ~ Normal(0, 3) for k in 1..2 ordered
""",
    {"y": [1, 2, -99, 3, -99], "z": [0, 1, 3, 2, 0], "x": X},
    a=real(5),
    b=real(),
    c=rising(2),
)
def codes_of_no_answer(p, d):
    eta, cuts = p["b"] * d["x"], np.r_[-np.inf, p["c"], np.inf]
    odds = log_softmax(np.c_[np.zeros(5), p["a"], eta], 1)
    y, z = d["y"] > 0, d["z"] > 0
    above, below = expit(cuts[d["z"]] - eta)[z], expit(cuts[d["z"] - 1] - eta)[z]
    return odds[y, d["y"][y] - 1].sum() + np.log(above - below).sum() + N(p["a"]) + N(p["b"]) + N(p["c"], 0, 3)
