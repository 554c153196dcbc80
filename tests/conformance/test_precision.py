"""Priors of group effects that share a precision: what Stan adds for all elements is the sum of their densities."""

from __future__ import annotations

from typing import Any

import pytest

from hiercomp import load
from hiercomp.model import Model
from hiercomp.plan import make_plan
from hiercomp.plan.ir import ByPrecision, TermStep
from tests.conformance.test_forms import compared

SPEC = """
y_i ~ Normal(a[g_i] + b[g_i], s)
# About one mean, about a mean each, about zero, about an earlier element
a_j ~ Normal(m, precision = t)
b_j ~ Normal(m + 2 * c_j, precision = t * u)
c_j ~ Normal(0, sd_c)
sd_c = 1 / sqrt(u + t)
w_1 ~ Normal(0, 1)
w_j ~ Normal(w_{j-1}, precision = u) for j in 2..J
z_j ~ Normal(w_j, 1)
# Priors
m ~ Normal(0, 1)
s ~ Half-Normal(1)
t, u ~ Gamma(2, 1)
"""
DATA: dict[str, Any] = {"y": [1.0, 2.0, 3.0, 4.5], "g": [1, 1, 2, 3], "z": [1.0, 2.0, 3.5]}
WRONG = {
    "a": ("a_j ~ Normal(m, precision = t)", "a_j ~ Normal(m, precision = u)"),
    "b": ("m + 2 * c_j", "m + c_j"),
    "c": ("c_j ~ Normal(0, sd_c)", "c_j ~ Normal(0.1, sd_c)"),
    "w_2": ("w_{j-1}, precision = u", "w_{j-1}, precision = 2 * u"),
}


def _model(text: str = SPEC, *, plain: bool = False) -> Model:
    return load(text, data=DATA, name="precise.hier", plain=plain).model()


def _forms(model: Model) -> list[str]:
    terms = [step for step in make_plan(model).terms if isinstance(step, TermStep)]
    return [step.origin.label for step in terms if isinstance(step.form, ByPrecision)]


def test_all_have_the_form() -> None:
    assert _forms(_model()) == list(WRONG)
    assert _forms(_model(plain=True)) == []


@pytest.mark.parametrize(
    "prior",
    ["Normal(m, precision = t * h_j)", "Normal(m, 1 / t)", "Normal(m, precision = t) truncated to [0, ]",
     "StudentT(4, m, 1 / sqrt(t))", "Normal(m, precision = t) if h_j > 1\n  ~ Normal(m, 1) otherwise"],
)  # fmt: skip
def test_others_have_not(prior: str) -> None:
    text = SPEC.replace("Normal(m, precision = t)", prior)
    data = {**DATA, "h": [1.0, 2.0, 0.5]}
    assert _forms(load(text, data=data, name="precise.hier").model()) == list(WRONG)[1:]


@pytest.mark.engine
def test_stan(cmdstan: Any) -> None:
    right = _model()
    wrong = SPEC
    for old, new in WRONG.values():
        assert wrong.count(old) == 1
        wrong = wrong.replace(old, new)
    result = compared(right, right, cmdstan, "stan")
    assert result.verdict == "agree", result.reasons
    assert set(compared(_model(wrong), right, cmdstan, "stan").statements) == {*WRONG}
