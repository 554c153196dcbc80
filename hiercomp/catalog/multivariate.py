"""Distributions of vectors, and those that pick a member of an index set."""

from __future__ import annotations

from hiercomp.catalog.building import canonical, decomposed, named, signature, stan
from hiercomp.catalog.schema import Distribution, Fusion, Param, Spelling, Unsupported
from hiercomp.catalog.trees import ONE, ZERO, call, ref
from hiercomp.expr import Expr
from hiercomp.records import replace

# The reference evaluates these from their formulas.
_FORMULA = Unsupported("its formula")
_OWN_FORM = Unsupported("only as the prior of a whole unknown, whose space has a transform of its own")

_CONCENTRATION = Param("concentration", "concentration", "positive", axes=("k",))
_PROBABILITIES = Param("p", "probabilities", "simplex", axes=("k",))
_LOGITS = Param("logits", "log odds up to a constant", "real", axes=("k",))

_LOGIT_WORDS = {"logit_p": "logits", "logit": "logits", "eta": "logits"}

DIRICHLET = Distribution(
    "Dirichlet",
    (),
    (_CONCENTRATION,),
    "continuous",
    stan("dirichlet", "concentration"),
    named("Dirichlet", a="concentration"),
    _FORMULA,
    signatures=(replace(canonical(_CONCENTRATION), listed=True),),
    words={"alpha": "concentration", "a": "concentration"},
    lower=ZERO,
    upper=ONE,
    event_axes=("k",),
    event_shape="simplex",
    stan_vectorised=False,
    doc="a simplex; one number is the concentration of every element",
)

CATEGORICAL = Distribution(
    "Categorical",
    ("Cat",),
    (_PROBABILITIES,),
    "discrete",
    stan("categorical", "p"),
    named("Categorical", p="p"),
    _FORMULA,
    signatures=(
        replace(canonical(_PROBABILITIES), listed=True),
        signature({"logits": "real"}, {"p": call("softmax", ref("logits"))}, axes={"logits": ("k",)}),
    ),
    words={"probs": "p", "theta": "p", "prob": "p", **_LOGIT_WORDS},
    lower=ONE,
    picks="k",
    doc="one member of an index set (a number from 1, or a label), by their probabilities",
)

CATEGORICAL_LOGIT = Distribution(
    "Categorical-Logit",
    ("CatLogit",),
    (_LOGITS,),
    "discrete",
    stan("categorical_logit", "logits"),
    Spelling("categorical_logit", (ref("logits"),), ("",)),
    _FORMULA,
    signatures=(replace(canonical(_LOGITS), listed=True),),
    words=_LOGIT_WORDS,
    lower=ONE,
    picks="k",
    fusion=Fusion("Categorical", "p", "softmax", "logits"),
    doc="one member of an index set, by their log odds",
)

_PREDICTOR = Param("eta", "location", "real")
_CUTPOINTS = Param("cutpoints", "cutpoints", "ordered", axes=("c",))
_ORDERED_WORDS = {"phi": "eta", "location": "eta", "mu": "eta", "c": "cutpoints", "cuts": "cutpoints"}

ORDERED_LOGISTIC = Distribution(
    "Ordered-Logistic",
    ("OrderedLogit", "Ordinal-Logistic", "Cumulative-Logit"),
    (_PREDICTOR, _CUTPOINTS),
    "discrete",
    stan("ordered_logistic", "eta", "cutpoints"),
    Spelling("ordered_logistic", (ref("eta"), ref("cutpoints")), ("", "")),
    _FORMULA,
    signatures=(canonical(_PREDICTOR, _CUTPOINTS),),
    words=_ORDERED_WORDS,
    lower=ONE,
    cuts="cutpoints",
    doc="a category from 1 on: how many of the cutpoints a logistic variate lies above, plus 1",
)

ORDERED_PROBIT = Distribution(
    "Ordered-Probit",
    ("Ordinal-Probit", "Cumulative-Probit"),
    (_PREDICTOR, _CUTPOINTS),
    "discrete",
    stan("ordered_normal", "eta", "cutpoints"),
    Spelling("ordered_probit", (ref("eta"), ref("cutpoints")), ("", "")),
    _FORMULA,
    signatures=(canonical(_PREDICTOR, _CUTPOINTS),),
    words=_ORDERED_WORDS,
    lower=ONE,
    cuts="cutpoints",
    stan_rng=stan("ordered_probit", "eta", "cutpoints"),
    stan_vectorised=False,
    doc="a category from 1 on: how many of the cutpoints a normal variate lies above, plus 1",
)

_TRIALS = Param("n", "number of trials", "count")
_EVENTS = Param("p", "probabilities", "simplex", axes=("k",))

MULTINOMIAL = Distribution(
    "Multinomial",
    (),
    (_TRIALS, _EVENTS),
    "discrete",
    stan("multinomial", "p"),
    named("Multinomial", n="n", p="p"),
    _FORMULA,
    signatures=(canonical(_TRIALS, _EVENTS),),
    words={"probs": "p", "theta": "p", "prob": "p", "trials": "n", "size": "n"},
    lower=ZERO,
    event_axes=("k",),
    stan_rng=stan("multinomial", "p", "n"),
    stan_vectorised=False,
    doc="counts of n trials by category",
)

DIRICHLET_MULTINOMIAL = Distribution(
    "Dirichlet-Multinomial",
    ("Multivariate-Polya",),
    (_TRIALS, _CONCENTRATION),
    "discrete",
    stan("polya_counts", "concentration"),
    named("DirichletMultinomial", n="n", a="concentration"),
    _FORMULA,
    signatures=(canonical(_TRIALS, _CONCENTRATION),),
    words={"alpha": "concentration", "a": "concentration", "trials": "n", "size": "n"},
    lower=ZERO,
    event_axes=("k",),
    stan_rng=stan("multinomial", call("dirichlet_rng", ref("concentration")), "n"),
    stan_vectorised=False,
    doc="counts of n trials by category, with probabilities that vary as a Dirichlet variate",
)

_MEAN = Param("mean", "mean", "real", axes=("k",))
_COVARIANCE = Param("cov", "covariance", "cov", axes=("k", "k"))
_PRECISION = Param("precision", "inverse of the covariance", "cov", axes=("k", "k"))
_CHOLESKY = Param("cholesky", "Cholesky factor", "cholesky cov", axes=("k", "k"))
_DF = Param("df", "degrees of freedom", "positive")
_LOCATION = Param("location", "location", "real", axes=("k",))
_SCALE_MATRIX = Param("scale", "scale matrix", "cov", axes=("k", "k"))
_LKJ_CONCENTRATION = Param("concentration", "concentration", "positive")

_WISHART = (_DF, Param("scale", "scale matrix", "cov", axes=("k", "k")))

_MEAN_WORDS = {"mu": "mean", "m": "mean", "loc": "mean"}
_PRECISION_WORDS = {"prec": "precision", "tau": "precision", "Q": "precision", "Tau": "precision"}
_FACTOR_WORDS = {"L": "cholesky", "chol": "cholesky", "scale_tril": "cholesky"}
_COVARIANCE_WORDS = {"Sigma": "cov", "covariance": "cov", "s": "sd", "Omega": "corr", "correlation": "corr"}
_WISHART_WORDS = {"nu": "df", "n": "df", "V": "scale", "S": "scale", "Sigma": "scale", "Psi": "scale"}
_LKJ_WORDS = {"eta": "concentration", "shape": "concentration"}


def _spread_out(sd: Expr, corr: Expr) -> Expr:
    """The covariance of standard deviations and correlations."""
    return call("matmul", call("matmul", call("diag", sd), corr), call("diag", sd))


MULTI_NORMAL = Distribution(
    "Multi-Normal",
    ("MultivariateNormal", "MvNormal", "MVN"),
    (_MEAN, _COVARIANCE),
    "continuous",
    stan("multi_normal", "mean", "cov"),
    named("MvNormal", mu="mean", cov="cov"),
    _FORMULA,
    signatures=(
        canonical(_MEAN, _COVARIANCE),
        signature(
            {"mean": "real", "cholesky": "cholesky cov"},
            {"mean": ref("mean"), "cholesky": ref("cholesky")},
            axes={"mean": ("k",), "cholesky": ("k", "k")},
            row="Multi-Normal-Cholesky",
        ),
        signature(
            {"mean": "real", "sd": "positive", "corr": "corr"},
            {"mean": ref("mean"), "cov": _spread_out(ref("sd"), ref("corr"))},
            axes={"mean": ("k",), "sd": ("k",), "corr": ("k", "k")},
        ),
        signature(
            {"mean": "real", "precision": "cov"},
            {"mean": ref("mean"), "precision": ref("precision")},
            axes={"mean": ("k",), "precision": ("k", "k")},
            row="Multi-Normal-Precision",
        ),
    ),
    words={**_MEAN_WORDS, **_FACTOR_WORDS, **_COVARIANCE_WORDS, **_PRECISION_WORDS},
    event_axes=("k",),
    limits=decomposed(),
    doc="a vector; the second argument is its covariance matrix",
)

MULTI_NORMAL_PRECISION = Distribution(
    "Multi-Normal-Precision",
    ("Multi-Normal-Prec",),
    (_MEAN, _PRECISION),
    "continuous",
    stan("multi_normal_prec", "mean", "precision"),
    named("MvNormal", mu="mean", tau="precision"),
    _FORMULA,
    signatures=(canonical(_MEAN, _PRECISION),),
    words={**_MEAN_WORDS, **_PRECISION_WORDS},
    event_axes=("k",),
    stan_rng=stan("multi_normal", "mean", call("inverse_spd", ref("precision"))),
    limits=decomposed(),
    doc="a vector, by the inverse of its covariance matrix",
)

MULTI_NORMAL_CHOLESKY = Distribution(
    "Multi-Normal-Cholesky",
    (),
    (_MEAN, _CHOLESKY),
    "continuous",
    stan("multi_normal_cholesky", "mean", "cholesky"),
    named("MvNormal", mu="mean", chol="cholesky"),
    _FORMULA,
    signatures=(canonical(_MEAN, _CHOLESKY),),
    words={**_MEAN_WORDS, **_FACTOR_WORDS},
    event_axes=("k",),
    doc="a vector, by the lower triangular Cholesky factor of its covariance matrix",
)

MULTI_STUDENT_T = Distribution(
    "Multi-Student-t",
    ("MultivariateStudentT", "MvStudentT", "Multi-t"),
    (_DF, _LOCATION, _SCALE_MATRIX),
    "continuous",
    stan("multi_student_t", "df", "location", "scale"),
    named("MvStudentT", nu="df", mu="location", scale="scale"),
    _FORMULA,
    signatures=(canonical(_DF, _LOCATION, _SCALE_MATRIX),),
    words={"nu": "df", "mu": "location", "Sigma": "scale"},
    event_axes=("k",),
    limits=decomposed(),
    doc="a vector; the scale matrix is its covariance times (df - 2) / df",
)

LKJ = Distribution(
    "LKJ",
    ("LKJ-Corr",),
    (_LKJ_CONCENTRATION,),
    "continuous",
    stan("lkj_corr", "concentration"),
    _OWN_FORM,
    _FORMULA,
    signatures=(canonical(_LKJ_CONCENTRATION),),
    words=_LKJ_WORDS,
    event_axes=("k", "k"),
    event_shape="corr",
    stan_vectorised=False,
    doc="a correlation matrix, of density det(R)^(concentration - 1)",
)

LKJ_CHOLESKY = Distribution(
    "LKJ-Cholesky",
    ("LKJ-Corr-Cholesky",),
    (_LKJ_CONCENTRATION,),
    "continuous",
    stan("lkj_corr_cholesky", "concentration"),
    _OWN_FORM,
    _FORMULA,
    signatures=(canonical(_LKJ_CONCENTRATION),),
    words=_LKJ_WORDS,
    event_axes=("k", "k"),
    event_shape="cholesky corr",
    stan_vectorised=False,
    doc="the lower triangular Cholesky factor of a correlation matrix that is LKJ",
)

WISHART = Distribution(
    "Wishart",
    (),
    _WISHART,
    "continuous",
    stan("wishart", "df", "scale"),
    _OWN_FORM,
    _FORMULA,
    signatures=(canonical(*_WISHART),),
    words=_WISHART_WORDS,
    event_axes=("k", "k"),
    event_shape="cov",
    stan_vectorised=False,
    limits=decomposed(),
    conventions=("its mean is df times the scale matrix",),
    doc="a covariance matrix: the sum of squares and products of df normal vectors that have the scale as covariance",
)

INVERSE_WISHART = replace(
    WISHART,
    name="Inverse-Wishart",
    aliases=("Inv-Wishart",),
    stan=stan("inv_wishart", "df", "scale"),
    conventions=("its mean is the scale matrix over df - k - 1",),
    doc="a covariance matrix whose inverse is Wishart, with the inverse of the scale",
)

FLAT_COVARIANCE = Distribution(
    "Flat-Covariance",
    (),
    (),
    "continuous",
    stan(""),
    named("Flat"),
    Unsupported("a constant is not a distribution"),
    signatures=(canonical(),),
    event_axes=("k", "k"),
    event_shape="cov",
    improper=True,
    doc="a constant density over covariance matrices: `Flat()` where a name is one",
)

ZERO_SUM_NORMAL = Distribution(
    "Zero-Sum-Normal",
    ("Sum-To-Zero-Normal",),
    (Param("sd", "sd", "positive"),),
    "continuous",
    stan("zero_sum_normal", "sd"),
    _OWN_FORM,
    _FORMULA,
    signatures=(canonical(Param("sd", "sd", "positive")),),
    words={"sigma": "sd", "stddev": "sd", "std": "sd"},
    event_axes=("k",),
    event_shape="sum to zero",
    stan_rng=Unsupported("its length is not an argument"),
    stan_vectorised=False,
    doc="independent normals of mean zero, given that they sum to zero",
)

ROWS = (
    DIRICHLET,
    CATEGORICAL,
    CATEGORICAL_LOGIT,
    ORDERED_LOGISTIC,
    ORDERED_PROBIT,
    MULTINOMIAL,
    DIRICHLET_MULTINOMIAL,
    MULTI_NORMAL,
    MULTI_NORMAL_CHOLESKY,
    MULTI_NORMAL_PRECISION,
    MULTI_STUDENT_T,
    LKJ,
    LKJ_CHOLESKY,
    WISHART,
    INVERSE_WISHART,
    FLAT_COVARIANCE,
    ZERO_SUM_NORMAL,
)
