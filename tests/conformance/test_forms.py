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
from hiercomp.plan.ir import LeastSquares, Regression, TermStep
from hiercomp.records import replace
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
# Two components, with scales of their own, and with one scale
mixed_n ~ Mixture((q, 1 - q), Normal(mu, s), Normal(slope, 2))
shared_n ~ Mixture((q, 1 - q), Normal(mu, s), Normal(slope, s))
# Priors
q ~ Beta(2, 2)
mu, slope ~ Normal(0, 2)
s ~ Half-Normal(0, 2)
b_p ~ Normal(0, 1)
a_k, d_k ~ Normal(mu, s) for k in 1..5
c_j ~ Normal(0, 1)
"""
LINKED = """
# A matrix of predictors, and what all rows share
moved_n ~ Bernoulli(inv_logit(mu - slope * x_n + X_n · b))
# The same with effects of rows, and an offset
passed_n ~ Binomial(trials_n, chance_n)
logit(chance_n) = mu + slope * x_n - b[1] * X_{n,1} + e_n
events_n ~ Poisson(exp(log(exposure_n) + mu + b[1] * x_n - b[2] * x_n^2 / 2))
# Whole numbers, by which rows are equal
told_n ~ Bernoulli(inv_logit(mu + slope * u_n + b[2] * (u_n > 2) * v_n))
right_n ~ Binomial(4, inv_logit(slope * u_n - b[1] * v_n))
# Products of unknowns
answers_{j,t} ~ Bernoulli(inv_logit(exp(c_j) * (h_t - mu)))
# The same for all rows
same_n ~ Bernoulli(inv_logit(mu))
# Priors
mu, slope ~ Normal(0, 1)
b_p ~ Normal(0, 1) for p in 1..2
e_n ~ Normal(0, 1)
c_j ~ Normal(0, 0.3) for j in 1..4
h_t ~ Normal(0, 1) for t in 1..15
"""
# Three rows in each of twenty groups.
GROUPED = """
# The predictor sums to zero in each group
grown_n ~ Normal(a[pen[n]] + d[pen[n]] * age_n, s)
# Standardised unknowns, scaled and shifted; the predictor is 0 or 1
split_n ~ Normal(p[pen[n]] + q[pen[n]] * flag_n, s)
p_k = mu + tau * p_raw_k
q_k = slope + q_raw_k * exp(mu / 4)
# The same without a location, with any predictor, beside what is known
sloped_n ~ Normal(e[pen[n]] - r[pen[n]] * x_n + 3 * age_n, s)
e_k = tau * e_raw_k
r_k = mu * slope + s * r_raw_k
# Priors
mu, slope ~ Normal(0, 1)
s, tau ~ Half-Normal(0, 1)
a_k, d_k, p_raw_k, q_raw_k, e_raw_k, r_raw_k ~ Normal(0, 1) for k in 1..10
"""
LABELS = ("known", "line", "dots", "lags", "groups", "cells", "mixed", "shared")
LINKS = ("moved", "passed", "events", "told", "right", "answers", "same")
GROUPS = ("grown", "split", "sloped")
DATA: dict[str, Any] = {
    "x": RNG.normal(size=ROWS).tolist(),
    "X": RNG.normal(size=(ROWS, 2)).tolist(),
    "w": (3 + RNG.normal(size=15)).tolist(),
    "g": [1 + k % 3 for k in range(ROWS - 1)] + [5],
    "cells": (30 + RNG.normal(size=(4, 15))).tolist(),
    **{name: (5 + RNG.normal(size=ROWS)).tolist() for name in LABELS if name != "cells"},
    "u": RNG.integers(0, 5, size=ROWS).tolist(),
    "v": RNG.integers(0, 3, size=ROWS).tolist(),
    "exposure": (1 + RNG.random(ROWS)).tolist(),
    "trials": RNG.integers(3, 9, size=ROWS).tolist(),
    "answers": RNG.integers(0, 2, size=(4, 15)).tolist(),
    **{name: RNG.integers(0, 2, size=ROWS).tolist() for name in ("moved", "told", "same")},
    **{name: RNG.integers(0, 4, size=ROWS).tolist() for name in ("passed", "events", "right")},
    "pen": [1 + k // 6 for k in range(ROWS)],
    "age": [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5] * 10,
    "flag": [0, 1, 1, 0, 0, 0] * 10,
    **{name: (5 + RNG.normal(size=ROWS)).tolist() for name in GROUPS},
}
# Data of the same shape, for which nothing holds that held for the others.
OTHER = {**DATA, "age": DATA["x"], "flag": DATA["x"]}
# What stands in the spec, by the label of the statement, and what another model would have there.
WRONG = {
    "known": ("+ 2 * x_n", "+ x_n"),
    "line": ("x_n / 3", "x_n / 2"),
    "dots": ("mu * x_n", "mu * x_n^2"),
    "lags": ("lags_{n-p}", "lags_{n-1}"),
    "groups": ("x_n^2 - 1", "x_n^2"),
    "cells": ("slope * w_t", "slope"),
    "mixed": ("Normal(slope, 2)", "Normal(slope, 3)"),
    "shared": ("Normal(slope, s)", "Normal(slope + mu, s)"),
    "moved": ("- slope * x_n", "+ slope * x_n"),
    "passed": ("- b[1] * X_{n,1}", "- b[1] * X_{n,2}"),
    "events": ("x_n^2 / 2", "x_n^2"),
    "told": ("(u_n > 2)", "(u_n > 1)"),
    "right": ("Binomial(4, ", "Binomial(5, "),
    "answers": ("(h_t - mu)", "(h_t + mu)"),
    "grown": ("d[pen[n]] * age_n", "d[pen[n]] * age_n^2"),
    "split": ("mu + tau * p_raw_k", "tau * p_raw_k"),
    "sloped": ("3 * age_n", "2 * age_n"),
    "same": ("inv_logit(mu))", "inv_logit(2 * mu))"),
}


def compared(right: Model, wrong: Model, engine: Any, side: str) -> DensityResult:
    """Compare the terms of the program of `wrong`, with the data of `right`, with the reference for `right`."""
    expected = subject(right).sampled
    points = points_of(expected, seed=5)
    program = subject(wrong).inputs[side]
    program = replace(program, data={**program.data, **subject(right).inputs[side].data})
    engine.prepare([program], densities=True)
    found = engine.densities(program, points)
    evaluated = [reference.log_density(expected, point) for point in points]
    return compare_densities(
        found if side == "stan" else None,
        found if side == "pymc" else None,
        np.array([total for total, _ in evaluated]),
        {label: np.array([terms[label] for _, terms in evaluated]) for label in evaluated[0][1]},
    )


def _model(*wrong: str, spec: str = SPEC, data: dict[str, Any] = DATA) -> Model:
    text = spec
    for label in wrong:
        old, new = WRONG[label]
        assert text.count(old) == 1
        text = text.replace(old, new)
    return load(text, data=data, name="forms.hier").model()


@pytest.mark.parametrize(("spec", "labels"), [(SPEC, LABELS), (LINKED, LINKS), (GROUPED, GROUPS)])
def test_all_are_in_another_form(spec: str, labels: tuple[str, ...]) -> None:
    forms = {step.origin.label: step.form for step in make_plan(_model(spec=spec)).terms if isinstance(step, TermStep)}
    assert [label for label in forms if forms[label] is not None] == list(labels)
    counted = {label for label, form in forms.items() if isinstance(form, Regression) and form.counted}
    assert counted == ({"told", "right"} if spec == LINKED else set())


def test_few_rows_and_rows_with_effects_of_their_own_stay() -> None:
    few = {**DATA, "known": DATA["known"][:12], "x": DATA["x"][:12]}
    text = "known_n ~ Normal(mu + slope * x_n, s)\nmu, slope ~ Normal(0, 1)\ns ~ Half-Normal(0, 1)\n"
    own = text.replace("mu + slope", "mu + e_n + slope") + "e_n ~ Normal(0, 1)\n"
    scaled = text.replace("x_n, s)", "x_n, s * exp(x_n))")
    for spec, data in ((text, few), (own, DATA), (scaled, DATA)):
        plan = make_plan(load(spec, data=data, name="few.hier").model())
        assert not [step for step in plan.terms if isinstance(step, TermStep) and step.form is not None]


@pytest.mark.parametrize("spec", [SPEC, LINKED, GROUPED])
def test_plain_programs_have_none_of_these_forms(spec: str, pymc: Any) -> None:
    made = load(spec, data=DATA, name="forms.hier", plain=True).model()
    assert not [step for step in make_plan(made).terms if isinstance(step, TermStep) and step.form is not None]
    result = compared(_model(spec=spec), made, pymc, "pymc")
    assert (result.verdict, result.statements) == ("agree", ()), result.reasons


@pytest.mark.parametrize("wrong", ["", *LABELS, *LINKS, *GROUPS])
def test_pymc(wrong: str, pymc: Any) -> None:
    spec = LINKED if wrong in LINKS else GROUPED if wrong in GROUPS else SPEC
    result = compared(_model(spec=spec), _model(*filter(None, [wrong]), spec=spec), pymc, "pymc")
    assert set(result.statements) == {*filter(None, [wrong])}, result.reasons


@pytest.mark.engine
@pytest.mark.conformance
@pytest.mark.parametrize(("spec", "labels"), [(SPEC, LABELS), (LINKED, LINKS), (GROUPED, GROUPS)])
def test_stan(spec: str, labels: tuple[str, ...], cmdstan: Any) -> None:
    right, wrong = _model(spec=spec), _model(*labels, spec=spec)
    result = compared(right, right, cmdstan, "stan")
    assert result.verdict == "agree", result.reasons
    assert set(compared(wrong, right, cmdstan, "stan").statements) == {*labels}


def _grouped(spec: str = GROUPED, **data: Any) -> dict[str, LeastSquares]:
    plan = make_plan(_model(spec=spec, data={**DATA, **data}))
    steps = [step for step in plan.terms if isinstance(step, TermStep)]
    return {step.origin.label: step.form for step in steps if isinstance(step.form, LeastSquares)}


def test_what_holds_in_each_group() -> None:
    found = _grouped()
    assert [found[label].orthogonal for label in GROUPS] == [True, False, False]
    assert [len(found[label].effects) for label in GROUPS] == [0, 2, 2]
    assert [found[label].indicator for label in GROUPS] == [False, True, False]


def test_what_does_not_hold_is_not_used() -> None:
    assert not _grouped(age=[-1.5, 0, 1.4] * 20)["grown"].orthogonal
    assert not _grouped(flag=[0, 1, 2] * 20)["split"].indicator
    far = [value + 50 * place for value, place in zip(DATA["split"], DATA["pen"], strict=True)]
    others = (
        ("q_raw_k, e_raw_k", "q_raw_k ~ Normal(0, 2) for k in 1..10\ne_raw_k", ["sloped"]),
        ("tau * p_raw_k", "exp(a_k) * p_raw_k", ["sloped"]),
        ("p_k = mu +", "p_k = d_k +", ["sloped"]),
        ("tau * e_raw_k", "tau * e_raw_k^2", ["split"]),
        ("tau * e_raw_k", "tau + e_raw_k", ["split"]),
        ("r_k = mu * slope + s * r_raw_k", "r_k ~ Normal(mu, s)", ["split"]),
    )
    for old, new, kept in others:
        assert GROUPED.count(old) == 1
        found = _grouped(GROUPED.replace(old, new))
        assert [label for label in GROUPS if found[label].effects] == kept, new
    assert [label for label, form in _grouped(split=far).items() if form.effects] == ["sloped"]


@pytest.mark.engine
@pytest.mark.conformance
def test_a_program_is_right_for_other_data(cmdstan: Any) -> None:
    right, wrong = _model(spec=GROUPED, data=OTHER), _model(spec=GROUPED)
    result = compared(right, wrong, cmdstan, "stan")
    assert result.verdict == "agree", result.reasons
    assert set(compared(_model(*GROUPS, spec=GROUPED, data=OTHER), wrong, cmdstan, "stan").statements) == {*GROUPS}


def test_every_observation_keeps_its_density(pymc: Any) -> None:
    program = subject(_model()).inputs["pymc"]
    whole, each = load_model(program), load_model(program, pointwise=True)
    assert whole.observed_RVs == []
    names = {str(item.name) for item in each.observed_RVs}
    assert names == {"known", "line", "dots", "lags_term", "groups", "cells", "mixed", "shared"}
    start = whole.initial_point()
    moved = {name: value + 0.1 for name, value in start.items()}
    steps = [model.compile_logp()(moved) - model.compile_logp()(start) for model in (whole, each)]
    assert steps[0] == pytest.approx(steps[1], rel=1e-12)
