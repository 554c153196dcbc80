"""Late entry and the end of follow-up: truncated at one end, censored at the other; and the signs of formulas."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tests.reference.oracle.kit import N, X, Y, case, pos, real

TIMES, ENTRY, END = [1.5, 2.0, 4.0, 3.1], [0.5, 1.0, 0.2, 3.0], [5.0, 2.0, 4.0, 6.0]


@case(
    "t_i ~ Weibull(a, b) truncated to [e_i, ] censored above c_i\na ~ Gamma(2, 1)\nb ~ Gamma(2, 1)\n",
    {"t": TIMES, "e": ENTRY, "c": END},
    a=pos(),
    b=pos(),
)
def late_entry(p, d):
    time = stats.weibull_min(p["a"], scale=p["b"])
    each = np.where(d["t"] >= d["c"], time.logsf(d["c"]), time.logpdf(d["t"])) - time.logsf(d["e"])
    return each.sum() + stats.gamma.logpdf([p["a"], p["b"]], 2).sum()


@case(
    "y_i ~ Normal(m, 2) truncated to [-4, 3] censored up to u_i\nm ~ Normal(0, 1)\n",
    {"y": Y, "u": [1.0, 0.5, 2.2, 0.9, 2.5]},
    m=real(),
)
def intervals_within(p, d):
    law = stats.norm(p["m"], 2)
    exact = d["u"] == d["y"]
    between = np.log(np.where(exact, 1.0, law.cdf(d["u"]) - law.cdf(d["y"])))
    each = np.where(exact, law.logpdf(d["y"]), between) - np.log(law.cdf(3) - law.cdf(-4))
    return each.sum() + N(p["m"])


@case("y_i ~ Normal(|a - x_i| * |b|, 1 + |x_i|)\na, b ~ Normal(0, 1)\n", {"y": Y, "x": X}, a=real(), b=real())
def bars(p, d):
    mean = np.abs(p["a"] - d["x"]) * np.abs(p["b"])
    return N(d["y"], mean, 1 + np.abs(d["x"])) + N(p["a"]) + N(p["b"])


@case(
    "Y ~ Normal(A * transpose(B), 1)\nA_{i,k} ~ Normal(0, 1) for k in 1..2\nB_{j,k} ~ Normal(0, 2) for k in 1..2\n",
    {"Y": [[1.0, 0.5, 0.2], [2.0, -1.0, 0.4]]},
    A=real(2, 2),
    B=real(3, 2),
)
def factors(p, d):
    return N(d["Y"], p["A"] @ p["B"].T) + N(p["A"]) + N(p["B"], 0, 2)
