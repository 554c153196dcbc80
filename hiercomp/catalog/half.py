"""Halves of symmetric distributions, centred at zero."""

from __future__ import annotations

from hiercomp.catalog.building import at_zero, canonical, named, renormalised, stan
from hiercomp.catalog.schema import Distribution, Param
from hiercomp.catalog.trees import (
    FAR,
    HALF,
    ONE,
    PI,
    TWO,
    ZERO,
    X,
    add,
    call,
    div,
    log_t_beyond,
    mul,
    neg,
    op,
    power,
    ref,
)
from hiercomp.expr import Choose

_SCALE = Param("scale", "scale", "positive")
_DF = Param("df", "degrees of freedom", "positive")
_SQRT_TWO = call("sqrt", TWO)

_HALF_WORDS = {"loc": "location", "mu": "location", "sigma": "scale", "s": "scale"}
_DF_SCALED = mul(ref("df"), power(ref("scale"), TWO))
_T_INSIDE = div(power(X, TWO), add(_DF_SCALED, power(X, TWO)))
_T_OUTSIDE = div(_DF_SCALED, add(_DF_SCALED, power(X, TWO)))
_T_BELOW = call("inc_beta", HALF, mul(HALF, ref("df")), _T_INSIDE)
_T_ABOVE = call("inc_beta", mul(HALF, ref("df")), HALF, _T_OUTSIDE)
# Each is exact but where it is within rounding of one; then the other one is.
_T_NEAR = op("<", X, ref("scale"))

HALF_NORMAL = Distribution(
    "Half-Normal",
    ("HalfGaussian", "HN"),
    (_SCALE,),
    "continuous",
    stan("normal", ZERO, "scale"),
    named("HalfNormal", sigma="scale"),
    named("halfnorm", scale="scale"),
    signatures=(canonical(_SCALE), at_zero(_SCALE)),
    words=_HALF_WORDS,
    lower=ZERO,
    half=True,
    has_cdf=True,
    log_cdf=call("log", call("erf", div(X, mul(ref("scale"), _SQRT_TWO)))),
    log_ccdf=add(call("log", TWO), call("log_Phi", neg(div(X, ref("scale"))))),
    conventions=("the scale is the sd of the normal that was folded, not of this distribution",),
    limits=renormalised("pymc", least_left=1e-300),
    doc="the positive half of a normal centred at zero",
)

HALF_CAUCHY = Distribution(
    "Half-Cauchy",
    (),
    (_SCALE,),
    "continuous",
    stan("cauchy", ZERO, "scale"),
    named("HalfCauchy", beta="scale"),
    named("halfcauchy", scale="scale"),
    signatures=(canonical(_SCALE), at_zero(_SCALE)),
    words={**_HALF_WORDS, "beta": "scale", "median": "scale"},
    lower=ZERO,
    half=True,
    has_cdf=True,
    log_cdf=call("log", mul(div(TWO, PI), call("atan", div(X, ref("scale"))))),
    log_ccdf=call("log", mul(div(TWO, PI), call("atan2", ref("scale"), X))),
    finite_variance=op("<", ONE, ZERO),
    conventions=("the scale is the median",),
    limits=renormalised("pymc"),
    doc="the positive half of a Cauchy centred at zero",
)

HALF_STUDENT_T = Distribution(
    "Half-StudentT",
    ("HalfT", "HalfStudent"),
    (_DF, _SCALE),
    "continuous",
    stan("student_t", "df", ZERO, "scale"),
    named("HalfStudentT", nu="df", sigma="scale"),
    named("t", df="df", scale="scale"),
    signatures=(canonical(_DF, _SCALE), at_zero(_DF, _SCALE, place=1)),
    words={**_HALF_WORDS, "nu": "df"},
    lower=ZERO,
    half=True,
    reference_half=True,
    log_cdf=Choose(((_T_NEAR, call("log", _T_BELOW)),), call("log1m", _T_ABOVE)),
    log_ccdf=Choose(
        ((_T_NEAR, call("log1m", _T_BELOW)), (op("<", div(X, ref("scale")), FAR), call("log", _T_ABOVE))),
        log_t_beyond(ref("df"), div(X, ref("scale"))),
    ),
    finite_variance=op(">", ref("df"), TWO),
    conventions=(
        "degrees of freedom first",
        "not to be truncated, as PyMC has no distribution function for it: truncate StudentT to positive bounds",
    ),
    doc="the positive half of a Student t centred at zero",
)

ROWS = (HALF_NORMAL, HALF_CAUCHY, HALF_STUDENT_T)
