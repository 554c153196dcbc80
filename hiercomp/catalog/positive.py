"""Distributions of positive quantities."""

from __future__ import annotations

from hiercomp.catalog.building import canonical, named, renormalised, signature, stan, underived
from hiercomp.catalog.schema import Distribution, Param
from hiercomp.catalog.trees import FAR, HALF, ONE, PI, TWO, ZERO, X, add, call, div, mul, neg, op, power, ref, sub
from hiercomp.expr import Choose

_SCALE = Param("scale", "scale", "positive")
_RATE = Param("rate", "rate", "positive")
_SHAPE = Param("shape", "shape", "positive")
_DF = Param("df", "degrees of freedom", "positive")
_MEANLOG = Param("meanlog", "mean of the logarithm", "real")
_SDLOG = Param("sdlog", "standard deviation of the logarithm", "positive")
_MINIMUM = Param("minimum", "lower bound", "positive")

_SQUARED_CV = power(div(ref("sd"), ref("mean")), TWO)
_LOG_Z = div(sub(call("log", X), ref("meanlog")), ref("sdlog"))
_SQRT_TWO = call("sqrt", TWO)
_LOG_HAZARD = mul(ref("shape"), call("log", div(X, ref("scale"))))

LOG_NORMAL = Distribution(
    "LogNormal",
    (),
    (_MEANLOG, _SDLOG),
    "continuous",
    stan("lognormal", "meanlog", "sdlog"),
    named("LogNormal", mu="meanlog", sigma="sdlog"),
    named("lognorm", s="sdlog", scale=call("exp", ref("meanlog"))),
    signatures=(
        canonical(_MEANLOG, _SDLOG),
        signature(
            {"median": "positive", "sdlog": "positive"},
            {"meanlog": call("log", ref("median")), "sdlog": ref("sdlog")},
        ),
        signature(
            {"mean": "positive", "sd": "positive"},
            {
                "meanlog": sub(call("log", ref("mean")), mul(HALF, call("log1p", _SQUARED_CV))),
                "sdlog": call("sqrt", call("log1p", _SQUARED_CV)),
            },
        ),
    ),
    words={"mu": "meanlog", "sigma": "sdlog", "s": "sdlog", "std": "sd"},
    lower=ZERO,
    has_cdf=True,
    log_density=sub(
        mul(neg(HALF), power(_LOG_Z, TWO)),
        add(call("log", X), call("log", ref("sdlog")), mul(HALF, call("log", mul(TWO, PI)))),
    ),
    log_cdf=call("log_Phi", _LOG_Z),
    log_ccdf=call("log_Phi", neg(_LOG_Z)),
    conventions=("both arguments belong to the logarithm of the variate",),
    limits=renormalised("pymc", least_left=1e-300),
    doc="a variate whose logarithm is normal",
)

EXPONENTIAL = Distribution(
    "Exponential",
    ("Exp", "Expon"),
    (_RATE,),
    "continuous",
    stan("exponential", "rate"),
    named("Exponential", lam="rate"),
    named("expon", scale=div(ONE, ref("rate"))),
    signatures=(
        canonical(_RATE),
        signature({"scale": "positive"}, {"rate": div(ONE, ref("scale"))}),
        signature({"mean": "positive"}, {"rate": div(ONE, ref("mean"))}),
    ),
    words={"lambda": "rate", "lam": "rate", "mu": "mean"},
    lower=ZERO,
    has_cdf=True,
    log_cdf=call("log1m_exp", neg(mul(ref("rate"), X))),
    log_ccdf=mul(neg(ref("rate")), X),
    conventions=("the argument is a rate; the mean is one over it",),
    limits=renormalised("pymc", least_left=1e-300),
    doc="the exponential distribution",
)

GAMMA = Distribution(
    "Gamma",
    (),
    (_SHAPE, _RATE),
    "continuous",
    stan("gamma", "shape", "rate"),
    named("Gamma", alpha="shape", beta="rate"),
    named("gamma", a="shape", scale=div(ONE, ref("rate"))),
    signatures=(
        canonical(_SHAPE, _RATE),
        signature({"shape": "positive", "scale": "positive"}, {"shape": ref("shape"), "rate": div(ONE, ref("scale"))}),
        signature(
            {"mean": "positive", "sd": "positive"},
            {
                "shape": power(div(ref("mean"), ref("sd")), TWO),
                "rate": div(ref("mean"), power(ref("sd"), TWO)),
            },
        ),
        signature(
            {"mean": "positive", "var": "positive"},
            {"shape": div(power(ref("mean"), TWO), ref("var")), "rate": div(ref("mean"), ref("var"))},
        ),
        signature(
            {"mean": "positive", "shape": "positive"},
            {"shape": ref("shape"), "rate": div(ref("shape"), ref("mean"))},
        ),
    ),
    words={
        "alpha": "shape",
        "a": "shape",
        "k": "shape",
        "beta": "rate",
        "b": "rate",
        "lambda": "rate",
        "theta": "scale",
        "mu": "mean",
        "sigma": "sd",
        "std": "sd",
        "variance": "var",
    },
    lower=ZERO,
    has_cdf=True,
    log_cdf=call("log", call("inc_gamma", ref("shape"), mul(ref("rate"), X))),
    log_ccdf=call("log", call("gamma_q", ref("shape"), mul(ref("rate"), X))),
    conventions=("the second argument is a rate, not a scale",),
    limits=(*renormalised("pymc"), *underived("shape")),
    doc="the gamma distribution",
)

INVERSE_GAMMA = Distribution(
    "Inverse-Gamma",
    ("InvGamma",),
    (_SHAPE, _SCALE),
    "continuous",
    stan("inv_gamma", "shape", "scale"),
    named("InverseGamma", alpha="shape", beta="scale"),
    named("invgamma", a="shape", scale="scale"),
    signatures=(
        canonical(_SHAPE, _SCALE),
        signature(
            {"mean": "positive", "sd": "positive"},
            {
                "shape": add(TWO, power(div(ref("mean"), ref("sd")), TWO)),
                "scale": mul(ref("mean"), add(ONE, power(div(ref("mean"), ref("sd")), TWO))),
            },
        ),
    ),
    words={"alpha": "shape", "a": "shape", "beta": "scale", "b": "scale", "mu": "mean", "sigma": "sd", "std": "sd"},
    lower=ZERO,
    has_cdf=True,
    log_cdf=call("log", call("gamma_q", ref("shape"), div(ref("scale"), X))),
    log_ccdf=call("log", call("inc_gamma", ref("shape"), div(ref("scale"), X))),
    finite_variance=op(">", ref("shape"), TWO),
    conventions=("the second argument is the scale of the variate (the rate of its inverse)",),
    limits=(*renormalised("pymc"), *underived("shape")),
    doc="a variate whose inverse is gamma",
)

WEIBULL = Distribution(
    "Weibull",
    (),
    (_SHAPE, _SCALE),
    "continuous",
    stan("weibull", "shape", "scale"),
    named("Weibull", alpha="shape", beta="scale"),
    named("weibull_min", c="shape", scale="scale"),
    signatures=(canonical(_SHAPE, _SCALE),),
    words={"alpha": "shape", "k": "shape", "beta": "scale", "sigma": "scale", "lambda": "scale"},
    lower=ZERO,
    has_cdf=True,
    log_cdf=Choose(
        ((op("<", _LOG_HAZARD, neg(FAR)), sub(_LOG_HAZARD, mul(HALF, call("exp", _LOG_HAZARD)))),),
        call("log1m_exp", neg(power(div(X, ref("scale")), ref("shape")))),
    ),
    log_ccdf=neg(power(div(X, ref("scale")), ref("shape"))),
    conventions=("shape first",),
    limits=renormalised("pymc", least_left=1e-300),
    doc="the Weibull distribution",
)

PARETO = Distribution(
    "Pareto",
    (),
    (_MINIMUM, _SHAPE),
    "continuous",
    stan("pareto", "minimum", "shape"),
    named("Pareto", alpha="shape", m="minimum"),
    named("pareto", b="shape", scale="minimum"),
    signatures=(canonical(_MINIMUM, _SHAPE),),
    words={"m": "minimum", "min": "minimum", "lower": "minimum", "y_min": "minimum", "alpha": "shape"},
    lower=ref("minimum"),
    has_cdf=True,
    log_density=add(call("log", div(ref("shape"), X)), mul(ref("shape"), call("log", div(ref("minimum"), X)))),
    log_cdf=call("log1m_exp", mul(ref("shape"), call("log", div(ref("minimum"), X)))),
    log_ccdf=mul(ref("shape"), call("log", div(ref("minimum"), X))),
    finite_variance=op(">", ref("shape"), TWO),
    conventions=("the minimum comes first, as in Stan; PyMC has the shape first",),
    limits=renormalised("pymc"),
    doc="the Pareto distribution of the first kind",
)

CHI_SQUARED = Distribution(
    "Chi-Squared",
    ("ChiSquare", "Chi2"),
    (_DF,),
    "continuous",
    stan("chi_square", "df"),
    named("ChiSquared", nu="df"),
    named("chi2", df="df"),
    signatures=(canonical(_DF),),
    words={"nu": "df", "k": "df"},
    lower=ZERO,
    has_cdf=True,
    log_cdf=call("log", call("inc_gamma", mul(HALF, ref("df")), mul(HALF, X))),
    log_ccdf=call("log", call("gamma_q", mul(HALF, ref("df")), mul(HALF, X))),
    limits=(*renormalised("pymc"), *underived("df")),
    doc="the chi-squared distribution",
)

INVERSE_CHI_SQUARED = Distribution(
    "Inverse-Chi-Squared",
    ("InvChiSquared", "InvChiSquare", "InverseChiSquare", "InvChi2"),
    (_DF,),
    "continuous",
    stan("inv_chi_square", "df"),
    named("InverseGamma", alpha=mul(HALF, ref("df")), beta=HALF),
    named("invgamma", a=mul(HALF, ref("df")), scale=HALF),
    signatures=(canonical(_DF),),
    words={"nu": "df"},
    lower=ZERO,
    has_cdf=True,
    log_cdf=call("log", call("gamma_q", mul(HALF, ref("df")), div(HALF, X))),
    log_ccdf=call("log", call("inc_gamma", mul(HALF, ref("df")), div(HALF, X))),
    finite_variance=op(">", ref("df"), add(TWO, TWO)),
    conventions=("PyMC has no word for it; the inverse gamma with shape df / 2 and scale 1 / 2 is the same",),
    limits=(*renormalised("pymc"), *underived("df")),
    doc="a variate whose inverse is chi-squared",
)

SCALED_INVERSE_CHI_SQUARED = Distribution(
    "Scaled-Inverse-Chi-Squared",
    ("ScaledInvChiSquared", "ScaledInvChiSquare", "ScaledInverseChiSquare", "ScaledInvChi2"),
    (_DF, _SCALE),
    "continuous",
    stan("scaled_inv_chi_square", "df", "scale"),
    named("InverseGamma", alpha=mul(HALF, ref("df")), beta=mul(mul(HALF, ref("df")), power(ref("scale"), TWO))),
    named("invgamma", a=mul(HALF, ref("df")), scale=mul(mul(HALF, ref("df")), power(ref("scale"), TWO))),
    signatures=(canonical(_DF, _SCALE),),
    words={"nu": "df", "sigma": "scale", "s": "scale"},
    lower=ZERO,
    has_cdf=True,
    log_cdf=call(
        "log", call("gamma_q", mul(HALF, ref("df")), mul(mul(HALF, ref("df")), div(power(ref("scale"), TWO), X)))
    ),
    log_ccdf=call(
        "log", call("inc_gamma", mul(HALF, ref("df")), mul(mul(HALF, ref("df")), div(power(ref("scale"), TWO), X)))
    ),
    finite_variance=op(">", ref("df"), add(TWO, TWO)),
    conventions=(
        "the scale is on the scale of a standard deviation, the variate on that of a variance",
        "PyMC has no word for it; the inverse gamma with shape df / 2 and scale df / 2 * scale ^ 2 is the same",
    ),
    limits=(*renormalised("pymc"), *underived("df")),
    doc="the conjugate prior of a normal variance",
)

RAYLEIGH = Distribution(
    "Rayleigh",
    (),
    (_SCALE,),
    "continuous",
    stan("rayleigh", "scale"),
    named("Weibull", alpha=TWO, beta=mul(ref("scale"), _SQRT_TWO)),
    named("rayleigh", scale="scale"),
    signatures=(canonical(_SCALE),),
    words={"sigma": "scale"},
    lower=ZERO,
    has_cdf=True,
    log_cdf=call("log1m_exp", mul(neg(HALF), power(div(X, ref("scale")), TWO))),
    log_ccdf=mul(neg(HALF), power(div(X, ref("scale")), TWO)),
    conventions=("PyMC has no word for it; the Weibull with shape 2 and scale sqrt(2) * scale is the same",),
    limits=renormalised("pymc", least_left=1e-300),
    doc="the Rayleigh distribution",
)

ROWS = (
    LOG_NORMAL,
    EXPONENTIAL,
    GAMMA,
    INVERSE_GAMMA,
    WEIBULL,
    PARETO,
    CHI_SQUARED,
    INVERSE_CHI_SQUARED,
    SCALED_INVERSE_CHI_SQUARED,
    RAYLEIGH,
)
