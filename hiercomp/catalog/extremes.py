"""Distributions of what is largest, and of what exceeds a threshold."""

from __future__ import annotations

import math

from hiercomp.catalog.building import canonical, named, own, renormalised, signature, stan
from hiercomp.catalog.schema import Distribution, Param
from hiercomp.catalog.trees import FAR, HALF, ONE, ZERO, X, add, call, div, mul, neg, op, ref, sub
from hiercomp.expr import Choose, Expr, number

_LOCATION = Param("location", "location", "real")
_THRESHOLD = Param("location", "lower end", "real")
_SCALE = Param("scale", "scale", "positive")
_SHAPE = Param("shape", "tail index", "real")

_Z = div(sub(X, ref("location")), ref("scale"))
_BENT = mul(ref("shape"), _Z)
_LOG_SCALE = call("log", ref("scale"))
_EXPONENTIAL = ref("exponential")
_WORDS = {
    "loc": "location", "mu": "location", "sigma": "scale", "s": "scale", "xi": "shape", "k": "shape",
}  # fmt: skip


# log1p(shape * z) / shape, also where the shape is zero or next to it, by the series of the logarithm. What is not
# chosen must have a value too: a derivative that is no number would spoil the choice.
_IS_STRAIGHT = op("<", call("abs", _BENT), number(1e-4))
_SERIES = sub(
    ONE,
    mul(_BENT, sub(HALF, mul(_BENT, sub(div(ONE, number(3)), mul(_BENT, sub(number(0.25), div(_BENT, number(5)))))))),
)
_BEYOND = op("<=", _BENT, neg(ONE))
_SHAPE_THERE = Choose(((_IS_STRAIGHT, ONE),), ref("shape"))
_BENT_THERE = Choose(((_BEYOND, ZERO),), _BENT)
_H = Choose(((_IS_STRAIGHT, mul(_Z, _SERIES)),), div(call("log1p", _BENT_THERE), _SHAPE_THERE))
_PARTS = {"z": _Z, "bent": _BENT, "h": _H}
_NEVER, _SURELY = number(-math.inf), number(0.0)
_IS_HEAVY = op(">", ref("shape"), ZERO)


def _unbent(h: Expr) -> Expr:
    """Return the variate whose ``_H`` is `h`."""
    bent = mul(ref("shape"), h)
    is_straight = op("<", call("abs", bent), number(1e-8))
    curved = div(call("expm1", bent), Choose(((is_straight, ONE),), ref("shape")))
    return add(ref("location"), mul(ref("scale"), Choose(((is_straight, h),), curved)))


GENERALIZED_EXTREME_VALUE = Distribution(
    "Generalized-Extreme-Value",
    ("GEV", "GenExtremeValue", "GeneralizedExtreme"),
    (_LOCATION, _SCALE, _SHAPE),
    "continuous",
    stan("generalized_extreme_value", "location", "scale", "shape"),
    own("generalized_extreme_value", "location", "scale", "shape"),
    named("genextreme", loc="location", scale="scale", c=neg(ref("shape"))),
    signatures=(canonical(_LOCATION, _SCALE, _SHAPE),),
    words=_WORDS,
    own=("stan", "pymc"),
    stan_vectorised=False,
    has_cdf=True,
    log_density=Choose(
        ((_BEYOND, _NEVER),), sub(neg(_LOG_SCALE), add(mul(add(ONE, ref("shape")), _H), call("exp", neg(_H))))
    ),
    log_cdf=Choose(((_BEYOND, Choose(((_IS_HEAVY, _NEVER),), _SURELY)),), neg(call("exp", neg(_H)))),
    log_ccdf=Choose(
        (
            (_BEYOND, Choose(((_IS_HEAVY, _SURELY),), _NEVER)),
            (op("<", _H, FAR), call("log1m_exp", neg(call("exp", neg(_H))))),
        ),
        sub(neg(_H), mul(HALF, call("exp", neg(_H)))),
    ),
    draw=_unbent(neg(call("log", _EXPONENTIAL))),
    parts=_PARTS,
    finite_variance=op("<", ref("shape"), HALF),
    conventions=(
        "for maxima; a positive shape has the heavy tail on the right (SciPy has the other sign)",
        "the shape decides where the support ends, at location - scale / shape",
    ),
    limits=renormalised("pymc", least_left=1e-300),
    doc="the distribution of maxima over long spans: Gumbel, Frechet and reversed Weibull in one",
)

GENERALIZED_PARETO = Distribution(
    "Generalized-Pareto",
    ("GPD", "GenPareto"),
    (_THRESHOLD, _SCALE, _SHAPE),
    "continuous",
    stan("generalized_pareto", "location", "scale", "shape"),
    own("generalized_pareto", "location", "scale", "shape"),
    named("genpareto", loc="location", scale="scale", c="shape"),
    signatures=(
        canonical(_THRESHOLD, _SCALE, _SHAPE),
        signature(
            {"scale": "positive", "shape": "real"},
            {"location": ZERO, "scale": ref("scale"), "shape": ref("shape")},
            positional=True,
        ),
    ),
    words={**_WORDS, "threshold": "location", "lower": "location", "minimum": "location"},
    lower=ref("location"),
    own=("stan", "pymc"),
    stan_vectorised=False,
    has_cdf=True,
    log_density=Choose(((_BEYOND, _NEVER),), neg(add(_LOG_SCALE, mul(add(ONE, ref("shape")), _H)))),
    log_cdf=Choose(((_BEYOND, _SURELY),), call("log1m_exp", neg(_H))),
    log_ccdf=Choose(((_BEYOND, _NEVER),), neg(_H)),
    draw=_unbent(_EXPONENTIAL),
    parts=_PARTS,
    finite_variance=op("<", ref("shape"), HALF),
    conventions=(
        "the location is the threshold that is exceeded; without it, it is zero",
        "a negative shape ends the support at location - scale / shape",
    ),
    limits=renormalised("pymc", least_left=1e-300),
    doc="how far what exceeds a high threshold exceeds it: exponential, Pareto and bounded tails in one",
)

ROWS = (GENERALIZED_EXTREME_VALUE, GENERALIZED_PARETO)
