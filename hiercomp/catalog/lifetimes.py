"""Distributions of waiting times and lifetimes that targets lack: their own expressions are what is emitted."""

from __future__ import annotations

from hiercomp.catalog.building import canonical, named, own, renormalised, signature, stan
from hiercomp.catalog.schema import Distribution, Param
from hiercomp.catalog.trees import FAR, HALF, ONE, PI, TWO, ZERO, X, add, call, div, mul, neg, op, power, ref, sub
from hiercomp.expr import Choose, number

_MEAN = Param("mean", "mean", "positive")
_SHAPE = Param("shape", "shape", "positive")
_SCALE = Param("scale", "scale", "positive")
_RATE = Param("rate", "rate", "positive")

_THREE = number(3)
_LOG_X = call("log", X)
_UNIFORM, _NORMAL = ref("uniform"), ref("normal")

_STANDARD = mul(call("sqrt", div(ref("shape"), X)), sub(div(X, ref("mean")), ONE))
# The smaller root of the equation that makes a chi-squared variate of an inverse Gaussian one (Michael, Schucany and
# Haas, 1976), as the quotient that does not cancel.
_CHI = div(mul(ref("mean"), power(_NORMAL, TWO)), mul(TWO, ref("shape")))
_SMALLER = div(ref("mean"), add(add(ONE, _CHI), call("sqrt", mul(_CHI, add(TWO, _CHI)))))

INVERSE_GAUSSIAN = Distribution(
    "Inverse-Gaussian",
    ("InvGaussian", "Wald", "IG"),
    (_MEAN, _SHAPE),
    "continuous",
    stan("inverse_gaussian", "mean", "shape"),
    named("Wald", mu="mean", lam="shape"),
    named("invgauss", mu=div(ref("mean"), ref("shape")), scale="shape"),
    signatures=(
        canonical(_MEAN, _SHAPE),
        signature(
            {"mean": "positive", "sd": "positive"},
            {"mean": ref("mean"), "shape": div(power(ref("mean"), _THREE), power(ref("sd"), TWO))},
        ),
    ),
    words={"mu": "mean", "lambda": "shape", "lam": "shape", "sigma": "sd", "std": "sd"},
    lower=ZERO,
    own=("stan",),
    stan_vectorised=False,
    log_density=sub(
        mul(HALF, sub(call("log", div(ref("shape"), mul(TWO, PI))), mul(_THREE, _LOG_X))),
        mul(HALF, power(_STANDARD, TWO)),
    ),
    draw=Choose(
        ((op("<", mul(_UNIFORM, add(ref("mean"), _SMALLER)), ref("mean")), _SMALLER),),
        div(power(ref("mean"), TWO), _SMALLER),
    ),
    parts={"part": _CHI, "smaller": _SMALLER},
    conventions=("the variance is mean ^ 3 / shape", "the Wald distribution of some has shape 1, or mean 1"),
    doc="how long a Brownian motion with drift takes to a distance",
)

_FALLING = mul(ref("shape"), call("log", div(ref("scale"), X)))
_EXPONENTIAL = ref("exponential")

FRECHET = Distribution(
    "Frechet",
    ("Inverse-Weibull", "InvWeibull"),
    (_SHAPE, _SCALE),
    "continuous",
    stan("frechet", "shape", "scale"),
    own("frechet", "shape", "scale"),
    named("invweibull", c="shape", scale="scale"),
    signatures=(canonical(_SHAPE, _SCALE),),
    words={"alpha": "shape", "nu": "shape", "sigma": "scale", "s": "scale", "beta": "scale"},
    lower=ZERO,
    own=("pymc",),
    has_cdf=True,
    log_density=sub(add(sub(call("log", ref("shape")), _LOG_X), _FALLING), call("exp", _FALLING)),
    log_cdf=neg(call("exp", _FALLING)),
    log_ccdf=Choose(
        ((op(">", _FALLING, neg(FAR)), call("log1m_exp", neg(call("exp", _FALLING)))),),
        sub(_FALLING, mul(HALF, call("exp", _FALLING))),
    ),
    draw=div(ref("scale"), power(_EXPONENTIAL, div(ONE, ref("shape")))),
    parts={"falling": _FALLING},
    finite_variance=op(">", ref("shape"), TWO),
    conventions=("shape first", "its lower end is zero; Generalized-Extreme-Value has one elsewhere"),
    limits=renormalised("pymc", least_left=1e-300),
    doc="a variate whose inverse has a Weibull distribution",
)

_LOGISTIC = mul(ref("shape"), call("log", div(X, ref("scale"))))

LOG_LOGISTIC = Distribution(
    "Log-Logistic",
    ("Fisk",),
    (_SCALE, _SHAPE),
    "continuous",
    stan("log_logistic", "scale", "shape"),
    own("log_logistic", "scale", "shape"),
    named("fisk", c="shape", scale="scale"),
    signatures=(canonical(_SCALE, _SHAPE),),
    words={"alpha": "scale", "median": "scale", "mu": "scale", "beta": "shape", "k": "shape"},
    lower=ZERO,
    own=("stan", "pymc"),
    stan_vectorised=False,
    has_cdf=True,
    log_density=add(
        sub(call("log", ref("shape")), _LOG_X),
        call("log_inv_logit", _LOGISTIC),
        call("log1m_inv_logit", _LOGISTIC),
    ),
    log_cdf=call("log_inv_logit", _LOGISTIC),
    log_ccdf=call("log1m_inv_logit", _LOGISTIC),
    draw=mul(ref("scale"), power(div(_UNIFORM, sub(ONE, _UNIFORM)), div(ONE, ref("shape")))),
    parts={"w": _LOGISTIC},
    finite_variance=op(">", ref("shape"), TWO),
    conventions=("scale first, which is the median", "the logarithm is logistic, with location log(scale)"),
    limits=renormalised("pymc", least_left=1e-300),
    doc="a variate whose logarithm is logistic",
)

_GROWTH = call("expm1", mul(ref("shape"), X))
_HAZARD = mul(div(ref("rate"), ref("shape")), _GROWTH)

GOMPERTZ = Distribution(
    "Gompertz",
    (),
    (_SHAPE, _RATE),
    "continuous",
    stan("gompertz", "shape", "rate"),
    own("gompertz", "shape", "rate"),
    named("gompertz", c=div(ref("rate"), ref("shape")), scale=div(ONE, ref("shape"))),
    signatures=(canonical(_SHAPE, _RATE),),
    words={"a": "shape", "b": "rate"},
    lower=ZERO,
    own=("stan", "pymc"),
    stan_vectorised=False,
    has_cdf=True,
    log_density=sub(add(call("log", ref("rate")), mul(ref("shape"), X)), _HAZARD),
    log_cdf=call("log1m_exp", neg(_HAZARD)),
    log_ccdf=neg(_HAZARD),
    draw=div(call("log1p", div(mul(ref("shape"), _EXPONENTIAL), ref("rate"))), ref("shape")),
    conventions=("the hazard at x is rate * exp(shape * x): rate is the hazard at zero",),
    limits=renormalised("pymc", least_left=1e-300),
    doc="lifetimes whose hazard grows exponentially",
)

_A, _B = Param("a", "shape", "positive"), Param("b", "shape", "positive")
_MISSING = mul(ref("b"), call("log1m_exp", mul(ref("a"), _LOG_X)))

KUMARASWAMY = Distribution(
    "Kumaraswamy",
    (),
    (_A, _B),
    "continuous",
    stan("kumaraswamy", "a", "b"),
    own("kumaraswamy", "a", "b"),
    named("families.kumaraswamy", a="a", b="b"),
    signatures=(canonical(_A, _B),),
    words={"shape1": "a", "alpha": "a", "shape2": "b", "beta": "b"},
    lower=ZERO,
    upper=ONE,
    own=("stan", "pymc"),
    stan_vectorised=False,
    has_cdf=True,
    log_density=add(
        call("log", ref("a")),
        call("log", ref("b")),
        mul(sub(ref("a"), ONE), _LOG_X),
        mul(sub(ref("b"), ONE), call("log1m_exp", mul(ref("a"), _LOG_X))),
    ),
    log_cdf=call("log1m_exp", _MISSING),
    log_ccdf=_MISSING,
    draw=power(neg(call("expm1", div(neg(_EXPONENTIAL), ref("b")))), div(ONE, ref("a"))),
    conventions=("P(X > x) is (1 - x ^ a) ^ b",),
    limits=renormalised("pymc", least_left=1e-300),
    doc="a distribution on the unit interval like the beta, with a distribution function in closed form",
)

ROWS = (INVERSE_GAUSSIAN, FRECHET, LOG_LOGISTIC, GOMPERTZ, KUMARASWAMY)
