"""Cycles through earlier elements: what they make of a name, and in which order they are computed."""

from __future__ import annotations

import numpy as np
import pytest

import hiercomp
from hiercomp import reference
from hiercomp.diagnostics import SpecError
from hiercomp.model.ir import Role

GARCH = """y_t ~ Normal(mu, s_t)
s_1 = s0
s_t = sqrt(a + b * (y_{t-1} - mu)^2 + c * s_{t-1}^2) for t in 2..T
mu ~ Normal(0, 5)
a ~ Half-Normal(0, 1)
b ~ Uniform(0, 1)
c ~ Uniform(0, 1 - b)
s0 ~ Half-Normal(0, 1)
"""
MOVING = """y_t ~ Normal(m_t, s)
e_t = y_t - m_t
m_t = mu for t in 1..Q
m_t = mu + sum(theta_k * e_{t-k} for k in 1..Q) for t in Q+1..T
mu ~ Normal(0, 5)
theta_k ~ Normal(0, 1) for k in 1..Q
s ~ Half-Normal(0, 1)
"""
LEVERAGE = """y_t ~ Normal(0, exp(h_t / 2))
h_1 ~ Normal(0, 1)
h_t ~ Normal(0.9 * h_{t-1} + r * y_{t-1}, 0.2) for t in 2..T
r ~ Normal(0, 1)
"""


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        (GARCH, {"y": Role.OBSERVED, "s": Role.DERIVED}),
        (MOVING, {"y": Role.OBSERVED, "e": Role.DERIVED, "m": Role.DERIVED}),
        (LEVERAGE, {"y": Role.OBSERVED, "h": Role.PARAMETER}),
        (GARCH + "z_t ~ Normal(y_t, 1)\n", {"y": Role.PARAMETER, "z": Role.OBSERVED}),
        (GARCH + "v_t = s_t^2\n", {"y": Role.OBSERVED, "v": Role.DERIVED}),
    ],
)
def test_what_only_later_elements_depend_on_is_observed_without_data(text: str, roles: dict[str, Role]) -> None:
    model = hiercomp.load(text).model()
    assert {name: model.symbol(name).role for name in roles} == roles


@pytest.mark.parametrize(
    "text",
    [
        "y_t ~ Normal(a_t, 1)\na_t = b_t + 1\nb_t = a_t * 2\n",
        "y_t ~ Normal(a_t, 1)\na_1 = 0\na_t = b_t + 1 for t in 2..T\nb_1 = 0\nb_t = a_t * a_{t-1} for t in 2..T\n",
    ],
)
def test_a_cycle_at_one_position_stays_one(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        hiercomp.load(text).model()
    assert [item.code for item in caught.value.diagnostics] == ["H4"]


def test_simulation_goes_on_from_what_it_has_drawn() -> None:
    steps = 4000
    model = hiercomp.load(GARCH, data={"y": [0.0] * steps}).model()
    given = {"mu": 0.0, "a": 0.1, "b": 0.2, "c": 0.7, "s0": 1.0}
    drawn = reference.simulate(model, np.random.default_rng(3), given=given)
    y, s = drawn.observed["y"], drawn.derived["s"]
    np.testing.assert_allclose(s[1:] ** 2, 0.1 + 0.2 * y[:-1] ** 2 + 0.7 * s[:-1] ** 2, rtol=1e-12)
    # The stationary variance is a / (1 - b - c); that of its estimate is large because squares are correlated.
    assert np.mean(y**2) == pytest.approx(1.0, abs=0.15)
