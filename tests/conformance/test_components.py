"""Mixtures whose components have values that others cannot have: these others add nothing there."""

from __future__ import annotations

from typing import Any

import pytest

from hiercomp import load
from hiercomp.workflow.points import points_of
from hiercomp.workflow.subject import subject
from tests.conformance.test_forms import compared

pytestmark = pytest.mark.engine

SPEC = """
either_n ~ Mixture((w, 1 - w), Normal(m, 1), LogNormal(0, s))
three_n ~ Mixture((0.2, 0.3, 0.5), Exponential(rate = s), Normal(m, s), Beta(1 + s, 2))
counts_n ~ Mixture((w, 1 - w), Poisson(exp(m)), Binomial(3, w))
wide_n ~ Mixture((w, 1 - w), Gamma(2, s), Uniform(-10, 10))
told_n ~ Normal(m, 1) if z_n = 1
  ~ Weibull(1 + s, 2) otherwise
z_n ~ Categorical(w, 1 - w)
w ~ Beta(2, 2)
m ~ Normal(0, 1)
s ~ Half-Normal(1)
"""
DATA: dict[str, Any] = {
    "either": [-0.5, 2.0, 3.0, -1.0],
    "three": [-0.5, 0.4, 3.0, 0.7],
    "counts": [0, 2, 5, 7],
    "wide": [-0.5, 2.0, 3.0, -1.0],
    "told": [-0.5, 2.0, 3.0, -1.0],
}
WRONG = {
    "either": ("LogNormal(0, s)", "LogNormal(0.1, s)"),
    "three": ("Beta(1 + s, 2)", "Beta(1 + s, 3)"),
    "counts": ("Binomial(3, w)", "Binomial(4, w)"),
    "wide": ("Gamma(2, s)", "Gamma(2.1, s)"),
    "told": ("Weibull(1 + s, 2)", "Weibull(1 + s, 3)"),
}


def _model(text: str = SPEC) -> Any:
    return load(text, data=DATA, name="components.hier").model()


@pytest.mark.parametrize("side", ["stan", "pymc"])
def test_components(side: str, request: pytest.FixtureRequest) -> None:
    engine = request.getfixturevalue("cmdstan" if side == "stan" else "pymc")
    right, wrong = _model(), SPEC
    for old, new in WRONG.values():
        assert wrong.count(old) == 1
        wrong = wrong.replace(old, new)
    result = compared(right, right, engine, side)
    assert (result.verdict, result.statements) == ("agree", ()), result.reasons
    assert len(compared(_model(wrong), right, engine, side).statements) == len(WRONG)


def test_slopes_are_numbers(cmdstan: Any, pymc: Any) -> None:
    """A component that has not the value has no say in how the density changes, either."""
    made = subject(_model())
    points = points_of(made.sampled, seed=5)
    first, second = (
        engine.densities(made.inputs[side], points) for engine, side in ((cmdstan, "stan"), (pymc, "pymc"))
    )
    order = [second.names.index(name) for name in first.names]
    assert first.gradient == pytest.approx(second.gradient[:, order], rel=1e-8, abs=1e-8)
