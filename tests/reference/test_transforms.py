"""Unconstrained coordinates: there and back, and wide points that respect every bound."""

from __future__ import annotations

import numpy as np
import pytest

from hiercomp.expr import Op, Ref, number
from hiercomp.model.ir import Support
from hiercomp.reference import constrain, inside, log_density, unconstrain, wide_point
from tests.plan.models import model, noncentered
from tests.reference.test_density import SCHOOLS

INF = np.inf


@pytest.mark.parametrize(("low", "high"), [(-INF, INF), (0.0, INF), (-3.0, INF), (-INF, 2.5), (-1.0, 4.0)])
def test_there_and_back(low, high):
    free = np.array([-3.0, -0.2, 0.0, 1.7, 4.0])
    value = constrain(free, np.asarray(low), np.asarray(high))
    assert ((value > low) & (value < high)).all()
    np.testing.assert_allclose(unconstrain(value, np.asarray(low), np.asarray(high)), free, rtol=1e-12)


def test_transforms_are_those_of_stan():
    assert constrain(np.asarray(0.7), np.asarray(2.0), np.asarray(INF)) == pytest.approx(2 + np.exp(0.7))
    assert constrain(np.asarray(0.7), np.asarray(-INF), np.asarray(2.0)) == pytest.approx(2 - np.exp(0.7))
    assert constrain(np.asarray(0.7), np.asarray(2.0), np.asarray(6.0)) == pytest.approx(2 + 4 / (1 + np.exp(-0.7)))
    assert constrain(np.asarray(0.7), np.asarray(-INF), np.asarray(INF)) == 0.7


def test_wide_points_are_as_wide_as_asked():
    rng = np.random.default_rng(1)
    points = [wide_point(noncentered(), rng, 3.0, SCHOOLS) for _ in range(150)]
    assert np.std([point["mu"] for point in points]) == pytest.approx(3, rel=0.2)
    assert np.std([np.log(point["tau"]) for point in points]) == pytest.approx(3, rel=0.2)
    assert np.std([point["eta"] for point in points]) == pytest.approx(3, rel=0.05)
    assert all(inside(noncentered(), point, SCHOOLS) for point in points)
    assert all(np.isfinite(log_density(noncentered(), point, SCHOOLS)[0]) for point in points)


def test_bounds_may_be_of_any_kind():
    made = model(
        "bounded",
        [
            "b[i] ~ Normal(m[i], 1)",
            "a ~ Uniform(0, 1)",
            "c ~ Normal(0, 1) | truncated 2..7",
            "d ~ Beta(2, 2)",
            "e ~ Uniform(a, a + c)",
            "m[i] = a + i",
        ],
        axes={"b": ["schools"], "m": ["schools"]},
        supports={"b": Support(lower=Op("-", (number(1), Ref("a"))), upper=Op("*", (Ref("c"), Ref("d"))))},
    )
    rng = np.random.default_rng(5)
    for _ in range(50):
        point = wide_point(made, rng, 0.5, {"N_schools": 3})
        assert 2 < point["c"] < 7
        assert point["a"] < point["e"] < point["a"] + point["c"]
        low, high = 1 - point["a"], point["c"] * point["d"]
        assert point["b"].shape == (3,)
        if low < high:
            assert ((point["b"] > low) & (point["b"] < high)).all()
            assert inside(made, point, {"N_schools": 3})
            assert np.isfinite(log_density(made, point, {"N_schools": 3})[0])
            assert not inside(made, {**point, "c": np.asarray(7.0)}, {"N_schools": 3})


def test_a_bound_may_be_the_element_before():
    made = model(
        "steps",
        ["x[t] ~ Uniform(x[t - 1], x[t - 1] + 1) | t in 2..T", "x[1] ~ Uniform(0, 1)"],
        axes={"x": ["T"]}, sets={"T": "T"}, letters={"t": "T"},
    )  # fmt: skip
    x = wide_point(made, np.random.default_rng(1), 1.0, {"T": 6})["x"]
    assert (np.diff(x) > 0).all()
    assert (np.diff(x) < 1).all()
    assert log_density(made, {"x": x}, {"T": 6})[0] == pytest.approx(0.0)
