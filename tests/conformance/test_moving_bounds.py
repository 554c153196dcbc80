"""Data that are truncated where unknowns say: the density is zero where these leave the data no room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from hiercomp import load, reference
from hiercomp.workflow.subject import subject

pytestmark = pytest.mark.engine

SPEC = """
# One bound, two, one for each, one by one
one_n ~ Normal(m, 2) truncated to [least, ]
two_n ~ Cauchy(m, 2) truncated to [least, most]
each_n ~ Logistic(m, 2) truncated to [ , most + x_n]
weighed_n ~ Normal(m, 2) truncated to [least - x_n, ] weighted by w_n
cut_n ~ Normal(m, 2) truncated to [least, ] censored above 4
# A row whose tails have no closed form
skewed_n ~ Beta(2, 1 + exp(m)) truncated to [0.1 * least, ]
# A sum of unknowns
sum(u_n for n in 1..3) ~ Normal(0, 3) truncated to [least - 4, ]
u_n ~ Normal(0, 1)
least ~ Normal(0, 3)
most ~ Normal(5, 3)
m ~ Normal(0, 2)
"""
DATA: dict[str, Any] = {
    "one": [1.5, 2.0, 3.0],
    "two": [1.5, 2.0, 3.0],
    "each": [1.5, 2.0, 3.0],
    "weighed": [1.5, 2.0, 3.0],
    "cut": [1.5, 2.0, 4.0],
    "skewed": [0.2, 0.4, 0.6],
    "x": [0.0, 0.5, 1.0],
    "w": [1.0, 2.0, 1.0],
}
LABELS = ("one", "two", "each", "weighed", "cut", "skewed")
CALM = {"m": 1.0, "least": 1.0, "most": 4.0, "u": [0.1, 0.2, -0.3]}
# What is moved, and the statements whose data, or sums, are then beyond their bounds.
MOVES: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({}, set()),
    ({"least": 1.7}, {"one", "two", "weighed", "cut"}),
    ({"least": 2.2}, {"one", "two", "weighed", "cut", "skewed"}),
    ({"most": 2.5}, {"two"}),
    ({"most": 1.8}, {"two", "each"}),
    ({"u": [-2.0, -1.0, -0.5]}, {"sum"}),
)


def _beyond(terms: Mapping[str, Any]) -> set[str]:
    found = {label for label, value in terms.items() if np.isneginf(value)}
    return {label if label in LABELS else "sum" for label in found}


@pytest.mark.parametrize("side", ["stan", "pymc"])
def test_density_is_zero(side: str, request: pytest.FixtureRequest) -> None:
    made = subject(load(SPEC, data=DATA, name="moving.hier").model())
    engine = request.getfixturevalue("cmdstan" if side == "stan" else "pymc")
    points = [{**CALM, **moved} for moved, _ in MOVES]
    engine.prepare([made.inputs[side]], densities=True)
    found = engine.densities(made.inputs[side], points)
    for at, (_, beyond) in enumerate(MOVES):
        total, terms = reference.log_density(made.sampled, points[at])
        assert _beyond(terms) == beyond
        assert np.isneginf(total) == np.isneginf(found.total[at]) == bool(beyond), (at, found.total[at])
        assert _beyond({label: values[at] for label, values in found.terms.items()}) == beyond, at
