"""Distributions on the whole real line, and on an interval."""

from __future__ import annotations

from hiercomp.catalog.building import canonical, named, renormalised, signature, stan
from hiercomp.catalog.schema import Distribution, Limit, Param, Unsupported
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
    sub,
)
from hiercomp.expr import Choose

_LOCATION = Param("location", "location", "real")
_SCALE = Param("scale", "scale", "positive")
_MEAN = Param("mean", "mean", "real")
_SD = Param("sd", "standard deviation", "positive")
_LOWER = Param("lower", "lower bound", "real")
_UPPER = Param("upper", "upper bound", "real")
_DF = Param("df", "degrees of freedom", "positive")
_ALPHA = Param("alpha", "shape", "positive")
_BETA = Param("beta", "shape", "positive")

_Z = div(sub(X, ref("location")), ref("scale"))
_LOCATION_WORDS = {"loc": "location", "mu": "location", "alpha": "location", "median": "location"}
_SCALE_WORDS = {"sigma": "scale", "s": "scale"}
_CAUCHY_BELOW = call("atan2", ref("scale"), sub(ref("location"), X))
_CAUCHY_ABOVE = call("atan2", ref("scale"), sub(X, ref("location")))
_LOG_HALF = neg(call("log", TWO))
_HALF_DF = mul(HALF, ref("df"))
_SQUARED_Z = power(_Z, TWO)
# The mass within |z| and that beyond it. Near the middle the second would be one but for rounding, far out the first.
_T_WITHIN = call("inc_beta", HALF, _HALF_DF, div(_SQUARED_Z, add(ref("df"), _SQUARED_Z)))
_T_BEYOND = call("inc_beta", _HALF_DF, HALF, div(ref("df"), add(ref("df"), _SQUARED_Z)))
_T_FAR = log_t_beyond(ref("df"), _Z)
_PRECISION_BETA = sub(div(mul(ref("mean"), sub(ONE, ref("mean"))), power(ref("sd"), TWO)), ONE)

NORMAL = Distribution(
    "Normal",
    ("Gaussian", "N"),
    (_MEAN, _SD),
    "continuous",
    stan("normal", "mean", "sd"),
    named("Normal", mu="mean", sigma="sd"),
    named("norm", loc="mean", scale="sd"),
    signatures=(
        canonical(_MEAN, _SD),
        signature({"mean": "real", "var": "positive"}, {"mean": ref("mean"), "sd": call("sqrt", ref("var"))}),
        signature(
            {"mean": "real", "precision": "positive"},
            {"mean": ref("mean"), "sd": div(ONE, call("sqrt", ref("precision")))},
        ),
    ),
    words={
        "mu": "mean",
        "loc": "mean",
        "location": "mean",
        "sigma": "sd",
        "scale": "sd",
        "std": "sd",
        "stddev": "sd",
        "variance": "var",
        "sigma2": "var",
        "tau": "precision",
        "prec": "precision",
    },
    has_cdf=True,
    log_cdf=call("log_Phi", div(sub(X, ref("mean")), ref("sd"))),
    log_ccdf=call("log_Phi", div(sub(ref("mean"), X), ref("sd"))),
    conventions=("the second argument is a standard deviation, never a variance or a precision",),
    doc="the normal distribution",
)

CAUCHY = Distribution(
    "Cauchy",
    (),
    (_LOCATION, _SCALE),
    "continuous",
    stan("cauchy", "location", "scale"),
    named("Cauchy", alpha="location", beta="scale"),
    named("cauchy", loc="location", scale="scale"),
    signatures=(canonical(_LOCATION, _SCALE),),
    words={**_LOCATION_WORDS, **_SCALE_WORDS, "beta": "scale"},
    has_cdf=True,
    log_cdf=call("log", div(_CAUCHY_BELOW, PI)),
    log_ccdf=call("log", div(_CAUCHY_ABOVE, PI)),
    finite_variance=op("<", ONE, ZERO),
    limits=renormalised("pymc"),
    doc="the Cauchy distribution: tails so heavy that it has no mean",
)

STUDENT_T = Distribution(
    "StudentT",
    ("Student", "T"),
    (_DF, _LOCATION, _SCALE),
    "continuous",
    stan("student_t", "df", "location", "scale"),
    named("StudentT", nu="df", mu="location", sigma="scale"),
    named("t", df="df", loc="location", scale="scale"),
    signatures=(
        canonical(_DF, _LOCATION, _SCALE),
        signature({"df": "positive"}, {"df": ref("df"), "location": ZERO, "scale": ONE}, positional=True),
        signature({"df": "positive", "scale": "positive"}, {"df": ref("df"), "location": ZERO, "scale": ref("scale")}),
    ),
    words={"nu": "df", "loc": "location", "mu": "location", "mean": "location", "median": "location", **_SCALE_WORDS},
    has_cdf=True,
    log_cdf=Choose(
        (
            (op("<", _Z, neg(FAR)), add(_LOG_HALF, _T_FAR)),
            (op("<", _Z, neg(ONE)), add(_LOG_HALF, call("log", _T_BEYOND))),
            (op("<", _Z, ZERO), add(_LOG_HALF, call("log1m", _T_WITHIN))),
            (op("<", _Z, ONE), add(_LOG_HALF, call("log1p", _T_WITHIN))),
        ),
        call("log1m", mul(HALF, _T_BEYOND)),
    ),
    log_ccdf=Choose(
        (
            (op("<", _Z, neg(ONE)), call("log1m", mul(HALF, _T_BEYOND))),
            (op("<", _Z, ZERO), add(_LOG_HALF, call("log1p", _T_WITHIN))),
            (op("<", _Z, ONE), add(_LOG_HALF, call("log1m", _T_WITHIN))),
            (op("<", _Z, FAR), add(_LOG_HALF, call("log", _T_BEYOND))),
        ),
        add(_LOG_HALF, _T_FAR),
    ),
    finite_variance=op(">", ref("df"), TWO),
    conventions=("degrees of freedom first", "the scale is not the standard deviation, which is larger"),
    limits=(*renormalised("pymc", least_left=1e-4), Limit("pymc", "where df < 1", where=op("<", ref("df"), ONE))),
    doc="Student's t, located and scaled",
)

LAPLACE = Distribution(
    "Laplace",
    ("DoubleExponential",),
    (_LOCATION, _SCALE),
    "continuous",
    stan("double_exponential", "location", "scale"),
    named("Laplace", mu="location", b="scale"),
    named("laplace", loc="location", scale="scale"),
    signatures=(canonical(_LOCATION, _SCALE),),
    words={**_LOCATION_WORDS, **_SCALE_WORDS, "mean": "location", "b": "scale"},
    has_cdf=True,
    log_density=neg(add(call("abs", _Z), call("log", mul(TWO, ref("scale"))))),
    log_cdf=Choose(((op("<", _Z, ZERO), add(_LOG_HALF, _Z)),), call("log1m", mul(HALF, call("exp", neg(_Z))))),
    log_ccdf=Choose(((op("<", _Z, ZERO), call("log1m", mul(HALF, call("exp", _Z)))),), sub(_LOG_HALF, _Z)),
    conventions=("the scale is the mean absolute deviation",),
    limits=renormalised("pymc", least_left=1e-300),
    doc="the Laplace or double exponential distribution",
)

LOGISTIC = Distribution(
    "Logistic",
    (),
    (_LOCATION, _SCALE),
    "continuous",
    stan("logistic", "location", "scale"),
    named("Logistic", mu="location", s="scale"),
    named("logistic", loc="location", scale="scale"),
    signatures=(canonical(_LOCATION, _SCALE),),
    words={**_LOCATION_WORDS, **_SCALE_WORDS, "mean": "location"},
    has_cdf=True,
    log_cdf=call("log_inv_logit", _Z),
    log_ccdf=call("log1m_inv_logit", _Z),
    limits=renormalised("pymc", least_left=1e-300),
    doc="the logistic distribution",
)

GUMBEL = Distribution(
    "Gumbel",
    (),
    (_LOCATION, _SCALE),
    "continuous",
    stan("gumbel", "location", "scale"),
    named("Gumbel", mu="location", beta="scale"),
    named("gumbel_r", loc="location", scale="scale"),
    signatures=(canonical(_LOCATION, _SCALE),),
    words={"loc": "location", "mu": "location", "mode": "location", "beta": "scale", **_SCALE_WORDS},
    has_cdf=True,
    log_cdf=neg(call("exp", neg(_Z))),
    log_ccdf=Choose(
        ((op("<", _Z, FAR), call("log1m_exp", neg(call("exp", neg(_Z))))),),
        sub(neg(_Z), mul(HALF, call("exp", neg(_Z)))),
    ),
    conventions=("for maxima: the long tail is on the right", "the location is the mode, not the mean"),
    limits=renormalised("pymc", least_left=1e-300),
    doc="the Gumbel distribution of maxima",
)

UNIFORM = Distribution(
    "Uniform",
    ("Unif",),
    (_LOWER, _UPPER),
    "continuous",
    stan("uniform", "lower", "upper"),
    named("Uniform", lower="lower", upper="upper"),
    named("uniform", loc="lower", scale=sub(ref("upper"), ref("lower"))),
    signatures=(canonical(_LOWER, _UPPER),),
    words={"low": "lower", "min": "lower", "a": "lower", "high": "upper", "max": "upper", "b": "upper"},
    lower=ref("lower"),
    upper=ref("upper"),
    has_cdf=True,
    log_cdf=call("log", div(sub(X, ref("lower")), sub(ref("upper"), ref("lower")))),
    log_ccdf=call("log", div(sub(ref("upper"), X), sub(ref("upper"), ref("lower")))),
    limits=renormalised("pymc"),
    doc="the uniform distribution between two bounds",
)

BETA = Distribution(
    "Beta",
    (),
    (_ALPHA, _BETA),
    "continuous",
    stan("beta", "alpha", "beta"),
    named("Beta", alpha="alpha", beta="beta"),
    named("beta", a="alpha", b="beta"),
    signatures=(
        canonical(_ALPHA, _BETA),
        signature(
            {"mean": "unit", "kappa": "positive"},
            {"alpha": mul(ref("mean"), ref("kappa")), "beta": mul(sub(ONE, ref("mean")), ref("kappa"))},
        ),
        signature(
            {"mean": "unit", "sd": "positive"},
            {"alpha": mul(ref("mean"), _PRECISION_BETA), "beta": mul(sub(ONE, ref("mean")), _PRECISION_BETA)},
        ),
    ),
    words={
        "a": "alpha",
        "shape1": "alpha",
        "b": "beta",
        "shape2": "beta",
        "mu": "mean",
        "phi": "kappa",
        "precision": "kappa",
        "concentration": "kappa",
        "sigma": "sd",
    },
    lower=ZERO,
    upper=ONE,
    has_cdf=True,
    log_cdf=call("log", call("inc_beta", ref("alpha"), ref("beta"), X)),
    log_ccdf=Choose(
        (
            (
                op("<", X, div(ref("alpha"), add(ref("alpha"), ref("beta")))),
                call("log1m", call("inc_beta", ref("alpha"), ref("beta"), X)),
            ),
        ),
        call("log", call("inc_beta", ref("beta"), ref("alpha"), sub(ONE, X))),
    ),
    conventions=("kappa is the sum of the two shapes",),
    limits=renormalised("pymc"),
    doc="the beta distribution on the unit interval",
)

FLAT = Distribution(
    "Flat",
    ("ImproperUniform",),
    (),
    "continuous",
    stan(""),
    named("Flat"),
    Unsupported("a constant is not a distribution"),
    signatures=(canonical(),),
    improper=True,
    log_density=ZERO,
    doc="a constant density on the whole line; not a distribution, so nothing can be drawn from it",
)

HALF_FLAT = Distribution(
    "Half-Flat",
    (),
    (),
    "continuous",
    stan(""),
    named("HalfFlat"),
    Unsupported("a constant is not a distribution"),
    signatures=(canonical(),),
    lower=ZERO,
    improper=True,
    log_density=ZERO,
    doc="a constant density above zero; not a distribution, so nothing can be drawn from it",
)

ROWS = (NORMAL, CAUCHY, STUDENT_T, LAPLACE, LOGISTIC, GUMBEL, UNIFORM, BETA, FLAT, HALF_FLAT)
