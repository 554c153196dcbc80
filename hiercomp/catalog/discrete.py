"""Distributions of counts and of yes or no, and the forms that take a linear predictor on its own scale."""

from __future__ import annotations

import math

from hiercomp.catalog.building import canonical, named, renormalised, signature, stan, underived
from hiercomp.catalog.schema import Distribution, Fusion, Limit, Param
from hiercomp.catalog.trees import ONE, ZERO, X, add, call, div, mul, neg, op, ref, sub
from hiercomp.expr import Choose, number

_P = Param("p", "probability", "unit")
_N = Param("n", "number of trials", "count")
_RATE = Param("rate", "rate", "nonnegative")
_MEAN = Param("mean", "mean", "positive")
_PHI = Param("phi", "reciprocal dispersion", "positive")
_ALPHA = Param("alpha", "shape", "positive")
_BETA = Param("beta", "shape", "positive")
_LOWER = Param("lower", "lower bound", "int")
_UPPER = Param("upper", "upper bound", "int")
_LOGIT = Param("logit", "log odds", "real")
_LOG_RATE = Param("log_rate", "logarithm of the rate", "real")
_LOG_MEAN = Param("log_mean", "logarithm of the mean", "real")

_P_WORDS = {"prob": "p", "theta": "p", "probability": "p"}
_N_WORDS = {"trials": "n", "size": "n", "N": "n"}
_LOGIT_WORDS = {"logit_p": "logit", "eta": "logit", "log_odds": "logit"}
_PHI_WORDS = {"shape": "phi", "size": "phi"}
_INV_LOGIT = call("inv_logit", ref("logit"))
# log(phi / (phi + mean)) and its complement, each exact also where one of the two dwarfs the other.
_LOG_FAILURE = neg(call("log1p", div(ref("mean"), ref("phi"))))
_LOG_SUCCESS = neg(call("log1p", div(ref("phi"), ref("mean"))))
_LOG_PHI = call("log", ref("phi"))
_TERMS = sub(call("lgamma", add(X, ref("phi"))), add(call("lgamma", add(X, ONE)), call("lgamma", ref("phi"))))

# A limit may lie below the least count, or beyond the greatest one.
_NONE, _ALL = number(-math.inf), number(0.0)
_BELOW_ZERO = op("<", X, ZERO)
_COUNT = call("fmax", X, ZERO)
_BEYOND_ALL = op(">=", X, ref("n"))
_LEFT = call("fmax", sub(ref("n"), X), ONE)
_AT_MOST = call("inc_beta", _LEFT, add(_COUNT, ONE), sub(ONE, ref("p")))
_MORE = call("inc_beta", add(_COUNT, ONE), _LEFT, ref("p"))

BERNOULLI = Distribution(
    "Bernoulli",
    ("Bern",),
    (_P,),
    "discrete",
    stan("bernoulli", "p"),
    named("Bernoulli", p="p"),
    named("bernoulli", p="p"),
    signatures=(canonical(_P), signature({"logit": "real"}, {"p": _INV_LOGIT})),
    words={**_P_WORDS, **_LOGIT_WORDS},
    lower=ZERO,
    upper=ONE,
    has_cdf=True,
    doc="one trial: 1 with probability p, else 0",
)

BERNOULLI_LOGIT = Distribution(
    "Bernoulli-Logit",
    ("BernLogit",),
    (_LOGIT,),
    "discrete",
    stan("bernoulli_logit", "logit"),
    named("Bernoulli", logit_p="logit"),
    named("bernoulli", p=_INV_LOGIT),
    signatures=(canonical(_LOGIT),),
    words=_LOGIT_WORDS,
    lower=ZERO,
    upper=ONE,
    log_density=add(
        mul(X, call("log_inv_logit", ref("logit"))),
        mul(sub(ONE, X), call("log1m_inv_logit", ref("logit"))),
    ),
    fusion=Fusion("Bernoulli", "p", "inv_logit", "logit"),
    limits=(
        Limit(
            "stan",
            "derivatives of the wrong sign where the log odds of what is observed are beyond 20",
            certain=math.exp(-20),
        ),
    ),
    doc="one trial, by its log odds",
)

BINOMIAL = Distribution(
    "Binomial",
    ("Binom",),
    (_N, _P),
    "discrete",
    stan("binomial", "n", "p"),
    named("Binomial", n="n", p="p"),
    named("binom", n="n", p="p"),
    signatures=(
        canonical(_N, _P),
        signature({"n": "count", "logit": "real"}, {"n": ref("n"), "p": _INV_LOGIT}),
    ),
    words={**_N_WORDS, **_P_WORDS, **_LOGIT_WORDS},
    lower=ZERO,
    upper=ref("n"),
    has_cdf=True,
    log_cdf=Choose(((_BELOW_ZERO, _NONE), (_BEYOND_ALL, _ALL)), call("log", _AT_MOST)),
    log_ccdf=Choose(((_BELOW_ZERO, _ALL), (_BEYOND_ALL, _NONE)), call("log", _MORE)),
    conventions=("number of trials first",),
    limits=renormalised("stan", "pymc"),
    doc="the number of successes in n trials",
)

BINOMIAL_LOGIT = Distribution(
    "Binomial-Logit",
    ("BinomLogit",),
    (_N, _LOGIT),
    "discrete",
    stan("binomial_logit", "n", "logit"),
    named("Binomial", n="n", logit_p="logit"),
    named("binom", n="n", p=_INV_LOGIT),
    signatures=(canonical(_N, _LOGIT),),
    words={**_N_WORDS, **_LOGIT_WORDS},
    lower=ZERO,
    upper=ref("n"),
    stan_rng=stan("binomial", "n", _INV_LOGIT),
    log_density=add(
        call("log_choose", ref("n"), X),
        mul(X, call("log_inv_logit", ref("logit"))),
        mul(sub(ref("n"), X), call("log1m_inv_logit", ref("logit"))),
    ),
    fusion=Fusion("Binomial", "p", "inv_logit", "logit"),
    limits=(Limit("stan", "no value where the log odds are beyond 700 either way, in Stan 2.27", math.inf),),
    conventions=("number of trials first",),
    doc="the number of successes in n trials, by their log odds",
)

GEOMETRIC = Distribution(
    "Geometric",
    ("Geom",),
    (_P,),
    "discrete",
    stan("geometric_trials", "p"),
    named("Geometric", p="p"),
    named("geom", p="p"),
    signatures=(canonical(_P), signature({"logit": "real"}, {"p": _INV_LOGIT})),
    words={**_P_WORDS, **_LOGIT_WORDS},
    lower=ONE,
    stan_vectorised=False,
    log_cdf=Choose(((op("<", X, ONE), _NONE),), call("log1m_exp", mul(call("fmax", X, ONE), call("log1m", ref("p"))))),
    log_ccdf=mul(_COUNT, call("log1m", ref("p"))),
    log_density=add(call("log", ref("p")), mul(sub(X, ONE), call("log1m", ref("p")))),
    conventions=("trials with the first success among them; failures before it: NegBinomial(n = 1, p = p)",),
    doc="the number of trials up to and including the first success",
)

POISSON = Distribution(
    "Poisson",
    ("Pois",),
    (_RATE,),
    "discrete",
    stan("poisson", "rate"),
    named("Poisson", mu="rate"),
    named("poisson", mu="rate"),
    signatures=(canonical(_RATE), signature({"log_rate": "real"}, {"rate": call("exp", ref("log_rate"))})),
    words={"mu": "rate", "mean": "rate", "lambda": "rate", "lam": "rate", "log_mean": "log_rate"},
    lower=ZERO,
    has_cdf=True,
    log_cdf=Choose(((_BELOW_ZERO, _NONE),), call("log", call("gamma_q", add(_COUNT, ONE), ref("rate")))),
    log_ccdf=Choose(((_BELOW_ZERO, _ALL),), call("log", call("inc_gamma", add(_COUNT, ONE), ref("rate")))),
    limits=renormalised("stan", "pymc"),
    doc="the Poisson distribution of counts",
)

POISSON_LOG = Distribution(
    "Poisson-Log",
    (),
    (_LOG_RATE,),
    "discrete",
    stan("poisson_log", "log_rate"),
    named("Poisson", mu=call("exp", ref("log_rate"))),
    named("poisson", mu=call("exp", ref("log_rate"))),
    signatures=(canonical(_LOG_RATE),),
    words={"eta": "log_rate", "alpha": "log_rate", "log_mean": "log_rate", "log_mu": "log_rate"},
    lower=ZERO,
    log_density=sub(
        mul(X, ref("log_rate")),
        add(call("exp", ref("log_rate")), call("lgamma", add(X, ONE))),
    ),
    fusion=Fusion("Poisson", "rate", "exp", "log_rate"),
    doc="the Poisson distribution, by the logarithm of its rate",
)

NEG_BINOMIAL = Distribution(
    "NegBinomial",
    ("NegativeBinomial", "NegBin", "NB", "NegBinomial2", "NB2"),
    (_MEAN, _PHI),
    "discrete",
    stan("neg_binomial_2", "mean", "phi"),
    named("NegativeBinomial", mu="mean", alpha="phi"),
    named("nbinom", n="phi", p=div(ref("phi"), add(ref("phi"), ref("mean")))),
    signatures=(
        canonical(_MEAN, _PHI),
        signature(
            {"n": "positive", "p": "unit"},
            {"mean": div(mul(ref("n"), sub(ONE, ref("p"))), ref("p")), "phi": ref("n")},
        ),
    ),
    words={"mu": "mean", "prob": "p", "r": "n", **_PHI_WORDS},
    lower=ZERO,
    has_cdf=True,
    log_density=add(_TERMS, mul(ref("phi"), _LOG_FAILURE), mul(X, _LOG_SUCCESS)),
    log_cdf=Choose(
        ((_BELOW_ZERO, _NONE),),
        call("log", call("inc_beta", ref("phi"), add(_COUNT, ONE), div(ref("phi"), add(ref("phi"), ref("mean"))))),
    ),
    log_ccdf=Choose(
        ((_BELOW_ZERO, _ALL),),
        call("log", call("inc_beta", add(_COUNT, ONE), ref("phi"), div(ref("mean"), add(ref("phi"), ref("mean"))))),
    ),
    conventions=(
        "mean and phi; the variance is mean + mean ^ 2 / phi",
        "with n and p: the number of failures before the n-th success (n = 1 is the geometric distribution from 0)",
    ),
    limits=(*renormalised("stan", "pymc"), *underived("phi")),
    doc="a count with more variance than a Poisson",
)

NEG_BINOMIAL_LOG = Distribution(
    "NegBinomial-Log",
    ("NegativeBinomialLog", "NegBinLog", "NegBinomial2Log"),
    (_LOG_MEAN, _PHI),
    "discrete",
    stan("neg_binomial_2_log", "log_mean", "phi"),
    named("NegativeBinomial", mu=call("exp", ref("log_mean")), alpha="phi"),
    named("nbinom", n="phi", p=call("inv_logit", sub(_LOG_PHI, ref("log_mean")))),
    signatures=(canonical(_LOG_MEAN, _PHI),),
    words={"eta": "log_mean", "log_mu": "log_mean", "log_rate": "log_mean", **_PHI_WORDS},
    lower=ZERO,
    log_density=add(
        _TERMS,
        mul(ref("phi"), call("log_inv_logit", sub(_LOG_PHI, ref("log_mean")))),
        mul(X, call("log1m_inv_logit", sub(_LOG_PHI, ref("log_mean")))),
    ),
    fusion=Fusion("NegBinomial", "mean", "exp", "log_mean"),
    doc="the negative binomial, by the logarithm of its mean",
)

BETA_BINOMIAL = Distribution(
    "Beta-Binomial",
    ("BetaBinom",),
    (_N, _ALPHA, _BETA),
    "discrete",
    stan("beta_binomial", "n", "alpha", "beta"),
    named("BetaBinomial", n="n", alpha="alpha", beta="beta"),
    named("betabinom", n="n", a="alpha", b="beta"),
    signatures=(
        canonical(_N, _ALPHA, _BETA),
        signature(
            {"n": "count", "p": "unit", "kappa": "positive"},
            {
                "n": ref("n"),
                "alpha": mul(ref("p"), ref("kappa")),
                "beta": mul(sub(ONE, ref("p")), ref("kappa")),
            },
        ),
    ),
    words={
        **_N_WORDS,
        "prob": "p",
        "a": "alpha",
        "shape1": "alpha",
        "b": "beta",
        "shape2": "beta",
        "mu": "p",
        "phi": "kappa",
    },
    lower=ZERO,
    upper=ref("n"),
    conventions=(
        "number of trials first",
        "with p and kappa: p is the mean of the probability, kappa the sum of the two shapes",
    ),
    doc="a binomial whose probability is drawn from a beta",
)

DISCRETE_UNIFORM = Distribution(
    "Discrete-Uniform",
    (),
    (_LOWER, _UPPER),
    "discrete",
    stan("discrete_range", "lower", "upper"),
    named("DiscreteUniform", lower="lower", upper="upper"),
    named("randint", low="lower", high=add(ref("upper"), ONE)),
    signatures=(canonical(_LOWER, _UPPER),),
    words={"low": "lower", "min": "lower", "a": "lower", "high": "upper", "max": "upper", "b": "upper"},
    lower=ref("lower"),
    upper=ref("upper"),
    has_cdf=True,
    conventions=("both bounds are among the values",),
    doc="every integer between two bounds, equally likely",
)

ROWS = (
    BERNOULLI,
    BERNOULLI_LOGIT,
    BINOMIAL,
    BINOMIAL_LOGIT,
    GEOMETRIC,
    POISSON,
    POISSON_LOG,
    NEG_BINOMIAL,
    NEG_BINOMIAL_LOG,
    BETA_BINOMIAL,
    DISCRETE_UNIFORM,
)
