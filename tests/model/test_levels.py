"""The order of texts: what an ordered outcome needs, and what a column with levels is elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit

import hiercomp
from hiercomp import reference
from hiercomp.diagnostics import SpecError

LEVELS = 'levels rating = "poor" < "fair" < "good"\n'
OUTCOME = """rating_i ~ OrderedLogistic(b * x_i, c)
c_k ~ Normal(0, 5) for k in 1..2 ordered
b ~ Normal(0, 1)
"""
DATA: dict[str, Any] = {"rating": ["good", "fair", "good", "poor"], "x": [1.5, 0.5, 2.5, 0.1]}


def test_an_outcome_in_the_order_of_its_levels() -> None:
    model = hiercomp.load(LEVELS + OUTCOME, data=DATA, name="ratings").model()
    c, b = np.array([-0.5, 1.0]), 0.7
    above = expit(b * np.array(DATA["x"])[:, None] - c)
    chances = -np.diff(np.column_stack([np.ones(4), above, np.zeros(4)]))
    expected = np.log(chances[np.arange(4), [2, 1, 2, 0]]).sum() + stats.norm.logpdf(c, 0, 5).sum()
    found = reference.log_density(model, {"c": c, "b": b})[0]
    assert found == pytest.approx(expected + stats.norm.logpdf(b), rel=1e-12)


def test_members_and_numbers_in_that_order() -> None:
    text = LEVELS + 'x_i ~ Normal(a[rating[i]] + (rating_i == "poor"), 1)\na_k ~ Normal(k, 1) for k in 1..3\n'
    model = hiercomp.load(text, data=DATA, name="effects").model()
    assert model.index_set("k").labels == ("poor", "fair", "good")
    a = np.array([0.2, 1.5, 2.0])
    means = a[[2, 1, 2, 0]] + np.array([0, 0, 0, 1])
    expected = stats.norm.logpdf(DATA["x"], means).sum() + stats.norm.logpdf(a, [1, 2, 3]).sum()
    assert reference.log_density(model, {"a": a})[0] == pytest.approx(expected, rel=1e-12)
    text = LEVELS + "x_i ~ Normal(a * rating_i, 1)\na ~ Normal(0, 1)\n"
    model = hiercomp.load(text, data=DATA, name="scores").model()
    assert model.symbol("rating").value == (3, 2, 3, 1)


def test_text_without_an_order_is_refused_with_the_line_that_gives_one() -> None:
    with pytest.raises(SpecError) as caught:
        hiercomp.load(OUTCOME, data=DATA, name="ratings").model()
    (said,) = caught.value.diagnostics
    assert said.code == "H60"
    assert 'levels rating = "good" < "fair" < "poor"' in said.help
