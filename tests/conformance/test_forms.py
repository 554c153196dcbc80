"""Likelihoods of many rows: the forms in which they cost less are the sums over their rows, in both backends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hiercomp import load, reference
from hiercomp.agree import DensityResult, compare_densities
from hiercomp.engines.pymc_module import load_model
from hiercomp.model import Model
from hiercomp.plan import make_plan
from hiercomp.plan.ir import TermStep
from hiercomp.workflow.points import points_of
from hiercomp.workflow.subject import subject

ROWS = 60
RNG = np.random.default_rng(7)
SPEC = """
# One mean, with a part that is known, and a scale that is known
known_n ~ Normal(mu + 2 * x_n, 1.5)
# Products of unknowns, a quotient, a difference, a mean that is defined row by row
line_n ~ Normal(m_n, s)
m_n = mu - x_n / 3 * (slope - (x_n > 0) * 2 * slope * b[1])
# A vector of coefficients beside others
dots_n ~ Normal(X_n · b + mu * x_n, s)
# Rows before this one
lags_n ~ Normal(mu + sum(b_p * lags_{n-p} for p in 1..2), s) for n in 3..60
# Groups that data pick, of which one is empty and one has a single row
groups_n ~ Normal(a[g[n]] + d[g[n]] * x_n + slope * x_n^2 - 1, s)
# Groups that are one index of several
cells_{j,t} ~ Normal(c_j + slope * w_t, s)
# Priors
mu, slope ~ Normal(0, 2)
s ~ Half-Normal(0, 2)
b_p ~ Normal(0, 1)
a_k, d_k ~ Normal(mu, s) for k in 1..5
c_j ~ Normal(0, 1)
"""
LABELS = ("known", "line", "dots", "lags", "groups", "cells")
DATA: dict[str, Any] = {
    "x": RNG.normal(size=ROWS).tolist(),
    "X": RNG.normal(size=(ROWS, 2)).tolist(),
    "w": (3 + RNG.normal(size=15)).tolist(),
    "g": [1 + k % 3 for k in range(ROWS - 1)] + [5],
    "cells": (30 + RNG.normal(size=(4, 15))).tolist(),
    **{name: (5 + RNG.normal(size=ROWS)).tolist() for name in LABELS[:-1]},
}
# What stands in the spec, by the label of the statement, and what another model would have there.
WRONG = {
    "known": ("+ 2 * x_n", "+ x_n"),
    "line": ("x_n / 3", "x_n / 2"),
    "dots": ("mu * x_n", "mu * x_n^2"),
    "lags": ("lags_{n-p}", "lags_{n-1}"),
    "groups": ("x_n^2 - 1", "x_n^2"),
    "cells": ("slope * w_t", "slope"),
}


def _compared(right: Model, wrong: Model, engine: Any, side: str) -> DensityResult:
    """Compare the terms of the program of `wrong` with the reference for `right`."""
    expected = subject(right).sampled
    points = points_of(expected, seed=5)
    program = subject(wrong).inputs[side]
    engine.prepare([program], densities=True)
    found = engine.densities(program, points)
    evaluated = [reference.log_density(expected, point) for point in points]
    return compare_densities(
        found if side == "stan" else None,
        found if side == "pymc" else None,
        np.array([total for total, _ in evaluated]),
        {label: np.array([terms[label] for _, terms in evaluated]) for label in evaluated[0][1]},
    )


def _model(*wrong: str) -> Model:
    text = SPEC
    for label in wrong:
        old, new = WRONG[label]
        assert text.count(old) == 1
        text = text.replace(old, new)
    return load(text, data=DATA, name="forms.hier").model()


def test_all_are_in_another_form() -> None:
    forms = {step.origin.label: step.form for step in make_plan(_model()).terms if isinstance(step, TermStep)}
    assert [label for label in forms if forms[label] is not None] == list(LABELS)


def test_few_rows_and_rows_with_effects_of_their_own_stay() -> None:
    few = {**DATA, "known": DATA["known"][:12], "x": DATA["x"][:12]}
    text = "known_n ~ Normal(mu + slope * x_n, s)\nmu, slope ~ Normal(0, 1)\ns ~ Half-Normal(0, 1)\n"
    own = text.replace("mu + slope", "mu + e_n + slope") + "e_n ~ Normal(0, 1)\n"
    scaled = text.replace("x_n, s)", "x_n, s * exp(x_n))")
    for spec, data in ((text, few), (own, DATA), (scaled, DATA)):
        plan = make_plan(load(spec, data=data, name="few.hier").model())
        assert not [step for step in plan.terms if isinstance(step, TermStep) and step.form is not None]


@pytest.mark.parametrize("wrong", ["", *LABELS])
def test_pymc(wrong: str, pymc: Any) -> None:
    result = _compared(_model(), _model(*filter(None, [wrong])), pymc, "pymc")
    assert set(result.statements) == {*filter(None, [wrong])}, result.reasons


@pytest.mark.engine
def test_stan(cmdstan: Any) -> None:
    assert _compared(_model(), _model(), cmdstan, "stan").verdict == "agree"
    changed = _compared(_model(*LABELS), _model(), cmdstan, "stan")
    assert set(changed.statements) == {*LABELS}


def test_every_observation_keeps_its_density(pymc: Any) -> None:
    program = subject(_model()).inputs["pymc"]
    whole, each = load_model(program), load_model(program, pointwise=True)
    assert whole.observed_RVs == []
    names = {str(item.name) for item in each.observed_RVs}
    assert names == {"known", "line", "dots", "lags_term", "groups", "cells"}
    start = whole.initial_point()
    moved = {name: value + 0.1 for name, value in start.items()}
    steps = [model.compile_logp()(moved) - model.compile_logp()(start) for model in (whole, each)]
    assert steps[0] == pytest.approx(steps[1], rel=1e-12)
