"""Distributions of reals that lean to one side, and one of angles."""

from __future__ import annotations

from hiercomp.catalog.building import canonical, named, own, renormalised, signature, stan
from hiercomp.catalog.schema import Distribution, Limit, Param
from hiercomp.catalog.trees import FAR, HALF, ONE, PI, TWO, ZERO, X, add, call, div, mul, neg, op, power, ref, sub
from hiercomp.expr import Choose, number, substitute

_LOCATION = Param("location", "location", "real")
_SCALE = Param("scale", "scale", "positive")
_ALPHA = Param("alpha", "shape", "real")
_TAIL = Param("tail", "mean of the exponential part", "positive")
_RATE = Param("rate", "rate of the exponential part", "positive")
_QUANTILE = Param("quantile", "probability below the location", "unit")
_KAPPA = Param("kappa", "concentration", "positive")

_Z = div(sub(X, ref("location")), ref("scale"))
_LOG_SCALE = call("log", ref("scale"))
_HALF_LOG_TWO_PI = mul(HALF, call("log", mul(number(2.0), PI)))
_LOCATION_WORDS = {"loc": "location", "mu": "location", "xi": "location"}
_SCALE_WORDS = {"sigma": "scale", "omega": "scale", "s": "scale"}
_UNIFORM, _NORMAL, _EXPONENTIAL = ref("uniform"), ref("normal"), ref("exponential")

_DELTA = div(ref("alpha"), call("sqrt", add(ONE, power(ref("alpha"), TWO))))
_MEAN_SHIFT = mul(_DELTA, call("sqrt", div(TWO, PI)))
_UNSCALED_SD = call("sqrt", sub(ONE, power(_MEAN_SHIFT, TWO)))
# A normal variate by Box and Muller, without its sign.
_FOLDED = mul(call("sqrt", mul(TWO, _EXPONENTIAL)), call("abs", call("cos", mul(mul(TWO, PI), _UNIFORM))))

SKEW_NORMAL = Distribution(
    "Skew-Normal",
    ("SkewGaussian",),
    (_LOCATION, _SCALE, _ALPHA),
    "continuous",
    stan("skew_normal", "location", "scale", "alpha"),
    own("skew_normal", "location", "scale", "alpha"),
    named("skewnorm", loc="location", scale="scale", a="alpha"),
    signatures=(
        canonical(_LOCATION, _SCALE, _ALPHA),
        signature(
            {"mean": "real", "sd": "positive", "alpha": "real"},
            {
                "location": sub(ref("mean"), mul(div(ref("sd"), _UNSCALED_SD), _MEAN_SHIFT)),
                "scale": div(ref("sd"), _UNSCALED_SD),
                "alpha": ref("alpha"),
            },
        ),
    ),
    words={**_LOCATION_WORDS, **_SCALE_WORDS, "shape": "alpha", "skew": "alpha", "std": "sd"},
    own=("pymc",),
    log_density=sub(
        add(number(0.6931471805599453), call("log_Phi", mul(ref("alpha"), _Z))),
        add(mul(HALF, power(_Z, TWO)), _LOG_SCALE, _HALF_LOG_TWO_PI),
    ),
    draw=add(
        ref("location"),
        mul(
            ref("scale"),
            add(mul(_DELTA, _FOLDED), mul(call("sqrt", sub(ONE, power(_DELTA, TWO))), _NORMAL)),
        ),
    ),
    parts={"z": _Z, "delta": _DELTA},
    conventions=("location xi and scale omega, which are mean and sd only where alpha is 0",),
    limits=(Limit("stan", "no value where alpha times the distance in scales is below -37", float("inf")),),
    doc="a normal distribution that leans to the side of the sign of alpha",
)

# How many standard deviations of the normal part a mean of the exponential part is, inverted; where the normal part
# of what is left lies far below zero, the quotient of its probability and its density (DLMF 7.9.2).
_C = div(ref("scale"), ref("tail"))
_BELOW = sub(_Z, _C)
_FRACTION = add(
    neg(_BELOW),
    div(
        ONE, add(neg(_BELOW), div(TWO, add(neg(_BELOW), div(number(3), add(neg(_BELOW), div(number(4), neg(_BELOW)))))))
    ),
)
_REST = Choose(
    ((op("<", _BELOW, neg(FAR)), neg(add(mul(HALF, power(_Z, TWO)), _HALF_LOG_TWO_PI, call("log", _FRACTION)))),),
    add(mul(_C, sub(mul(HALF, _C), _Z)), call("log_Phi", _BELOW)),
)

_EX_GAUSSIAN = Choose(
    tuple((when, sub(value, call("log", ref("tail")))) for when, value in _REST.cases),
    sub(_REST.otherwise, call("log", ref("tail"))),
)

EX_GAUSSIAN = Distribution(
    "ExGaussian",
    ("ExponentiallyModifiedGaussian", "EMG"),
    (_LOCATION, _SCALE, _TAIL),
    "continuous",
    stan("ex_gaussian", "location", "scale", "tail"),
    own("ex_gaussian", "location", "scale", "tail"),
    named("exponnorm", loc="location", scale="scale", K=div(ref("tail"), ref("scale"))),
    signatures=(
        canonical(_LOCATION, _SCALE, _TAIL),
        signature(
            {"location": "real", "scale": "positive", "rate": "positive"},
            {"location": ref("location"), "scale": ref("scale"), "tail": div(ONE, ref("rate"))},
        ),
        signature(
            {"mean": "real", "scale": "positive", "tail": "positive"},
            {"location": sub(ref("mean"), ref("tail")), "scale": ref("scale"), "tail": ref("tail")},
        ),
    ),
    words={
        **_LOCATION_WORDS,
        **_SCALE_WORDS,
        "nu": "tail",
        "tau": "tail",
        "beta": "tail",
        "lambda": "rate",
        "lam": "rate",
    },
    own=("stan", "pymc"),
    stan_vectorised=False,
    log_density=_EX_GAUSSIAN,
    draw=add(add(ref("location"), mul(ref("scale"), _NORMAL)), mul(ref("tail"), _EXPONENTIAL)),
    parts={"z": _Z, "c": _C},
    conventions=(
        "the third argument is the mean of the exponential part; by its rate: ExpModNormal, or rate = ",
        "the location is the mean of the normal part; the mean of the sum is location + tail",
    ),
    doc="the sum of a normal and an exponential variate, as of reaction times",
)

_BY_RATE = {"tail": div(ONE, ref("rate"))}

EXP_MOD_NORMAL = Distribution(
    "Exp-Mod-Normal",
    ("ExponentiallyModifiedNormal",),
    (_LOCATION, _SCALE, _RATE),
    "continuous",
    stan("exp_modified_normal", "location", "scale", "rate"),
    own("exp_modified_normal", "location", "scale", "rate"),
    named("exponnorm", loc="location", scale="scale", K=div(ONE, mul(ref("rate"), ref("scale")))),
    signatures=(canonical(_LOCATION, _SCALE, _RATE),),
    words={**_LOCATION_WORDS, **_SCALE_WORDS, "lambda": "rate", "lam": "rate"},
    own=("stan", "pymc"),
    stan_vectorised=False,
    log_density=substitute(_EX_GAUSSIAN, _BY_RATE),
    draw=add(add(ref("location"), mul(ref("scale"), _NORMAL)), div(_EXPONENTIAL, ref("rate"))),
    parts={"z": _Z, "c": substitute(_C, _BY_RATE)},
    conventions=(
        "the third argument is the rate of the exponential part; by its mean: ExGaussian",
        "Stan's own word for it has no value where rate * scale is above 37",
    ),
    doc="ExGaussian, by the rate of its exponential part",
)

_TO_RIGHT, _TO_LEFT = ref("quantile"), sub(ONE, ref("quantile"))
_LEFT, _RIGHT = call("fmin", _Z, ZERO), call("fmax", _Z, ZERO)
_IS_LEFT = op("<", _Z, ZERO)

ASYMMETRIC_LAPLACE = Distribution(
    "Asymmetric-Laplace",
    ("AsymLaplace", "ALD"),
    (_LOCATION, _SCALE, _QUANTILE),
    "continuous",
    stan("asymmetric_laplace", "location", "scale", "quantile"),
    own("asymmetric_laplace", "location", "scale", "quantile"),
    named(
        "laplace_asymmetric",
        loc="location",
        scale=div(ref("scale"), call("sqrt", mul(_TO_RIGHT, _TO_LEFT))),
        kappa=call("sqrt", div(_TO_RIGHT, _TO_LEFT)),
    ),
    signatures=(canonical(_LOCATION, _SCALE, _QUANTILE),),
    words={**_LOCATION_WORDS, **_SCALE_WORDS, "q": "quantile", "tau": "quantile", "p": "quantile"},
    own=("stan", "pymc"),
    stan_vectorised=False,
    has_cdf=True,
    log_density=sub(
        add(call("log", _TO_RIGHT), call("log1m", ref("quantile"))),
        add(_LOG_SCALE, sub(mul(_TO_RIGHT, _RIGHT), mul(_TO_LEFT, _LEFT))),
    ),
    log_cdf=Choose(
        ((_IS_LEFT, add(call("log", _TO_RIGHT), mul(_TO_LEFT, _Z))),),
        call("log1m", mul(_TO_LEFT, call("exp", neg(mul(_TO_RIGHT, _RIGHT))))),
    ),
    log_ccdf=Choose(
        ((_IS_LEFT, call("log1m", mul(_TO_RIGHT, call("exp", mul(_TO_LEFT, _LEFT))))),),
        sub(call("log1m", ref("quantile")), mul(_TO_RIGHT, _Z)),
    ),
    draw=add(
        ref("location"),
        mul(
            ref("scale"),
            Choose(
                ((op("<", _UNIFORM, _TO_RIGHT), div(call("log", div(_UNIFORM, _TO_RIGHT)), _TO_LEFT)),),
                div(neg(call("log", div(sub(ONE, _UNIFORM), _TO_LEFT))), _TO_RIGHT),
            ),
        ),
    ),
    parts={"z": _Z},
    conventions=(
        "for the regression of a quantile: the location is that quantile, P(X < location) = quantile",
        "density quantile * (1 - quantile) / scale at the location; PyMC and SciPy scale it differently",
    ),
    limits=renormalised("pymc", least_left=1e-300),
    doc="the Laplace distribution with unequal sides, whose median is replaced by another quantile",
)

VON_MISES = Distribution(
    "Von-Mises",
    ("CircularNormal",),
    (_LOCATION, _KAPPA),
    "continuous",
    stan("von_mises", "location", "kappa"),
    named("VonMises", mu="location", kappa="kappa"),
    named("vonmises", loc="location", kappa="kappa"),
    signatures=(canonical(_LOCATION, _KAPPA),),
    words={"loc": "location", "mu": "location", "mean": "location", "concentration": "kappa"},
    lower=neg(PI),
    upper=PI,
    conventions=("angles in radians, from -pi to pi; the location may be any number",),
    doc="a distribution of angles around a direction",
)

ROWS = (SKEW_NORMAL, EX_GAUSSIAN, EXP_MOD_NORMAL, ASYMMETRIC_LAPLACE, VON_MISES)
