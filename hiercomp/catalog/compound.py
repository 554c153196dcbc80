"""Rows that are made of other distributions: they have components instead of arguments, and no target's name."""

from __future__ import annotations

from hiercomp.catalog.schema import Distribution, Unsupported
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

ROWS = (MIXTURE, DISCRETE_MIXTURE, ZERO_ALONE)
