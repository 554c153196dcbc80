"""Distributions of vectors, and those that pick a member of an index set."""

from __future__ import annotations

from dataclasses import replace

from hiercomp.catalog.building import canonical, named, signature, stan
from hiercomp.catalog.schema import Distribution, Fusion, Param, Unsupported
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

ROWS = (DIRICHLET, CATEGORICAL, CATEGORICAL_LOGIT)
