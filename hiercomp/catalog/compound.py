"""Rows that are made of other distributions: they have components instead of arguments, and no target's name."""

from __future__ import annotations

from hiercomp.catalog.building import canonical
from hiercomp.catalog.schema import Distribution, Param, Unsupported
from hiercomp.catalog.trees import ZERO

_MADE = Unsupported("it is made of other distributions, whose densities are written out")

MIXTURE = Distribution(
    "Mixture",
    ("Mix", "FiniteMixture"),
    (),
    "continuous",
    _MADE,
    _MADE,
    _MADE,
    doc="a draw from one of several distributions, chosen with the weights given; which one is summed out",
)

DISCRETE_MIXTURE = Distribution("Discrete-Mixture", (), (), "discrete", _MADE, _MADE, _MADE, doc=MIXTURE.doc)

ZERO_ALONE = Distribution(
    "Zero", (), (), "discrete", _MADE, _MADE, _MADE, lower=ZERO, upper=ZERO, doc="zero, with certainty"
)

_INITIAL = Param("initial", "probabilities of the first state", "simplex", axes=("k",))
_TRANSITION = Param("transition", "probabilities of the next state", "simplex", axes=("k", "k"))
_CHAINS = (canonical(_INITIAL, _TRANSITION, positional=False), canonical(_TRANSITION, positional=False))

HMM = Distribution(
    "HMM",
    ("HiddenMarkov", "HiddenMarkovModel"),
    (_INITIAL, _TRANSITION),
    "continuous",
    _MADE,
    _MADE,
    _MADE,
    signatures=_CHAINS,
    event_axes=("t",),
    doc="a series of draws from distributions that a hidden Markov chain chooses; its states are summed out",
)

DISCRETE_HMM = Distribution(
    "Discrete-HMM", (), (_INITIAL, _TRANSITION), "discrete", _MADE, _MADE, _MADE, event_axes=("t",), doc=HMM.doc
)

ROWS = (MIXTURE, DISCRETE_MIXTURE, ZERO_ALONE, HMM, DISCRETE_HMM)
