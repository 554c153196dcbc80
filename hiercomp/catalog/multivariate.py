"""Distributions of vectors, and those that pick a member of an index set."""

from __future__ import annotations

from dataclasses import replace

from hiercomp.catalog.building import canonical, named, signature, stan
from hiercomp.catalog.schema import Distribution, Fusion, Param, Spelling, Unsupported
from hiercomp.catalog.trees import ONE, ZERO, call, ref

# The reference evaluates these from their formulas.
_FORMULA = Unsupported("its formula")

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
    named("Categorical", logit_p="logits"),
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

ROWS = (
    DIRICHLET,
    CATEGORICAL,
    CATEGORICAL_LOGIT,
    ORDERED_LOGISTIC,
    ORDERED_PROBIT,
    MULTINOMIAL,
    DIRICHLET_MULTINOMIAL,
)
