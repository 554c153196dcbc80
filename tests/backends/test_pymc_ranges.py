"""Ranges that depend on another index, in PyMC modules: pairs that are listed, against the reference's own frames."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import hiercomp
from hiercomp import reference
from hiercomp.backends.pymc import emit
from hiercomp.plan import make_plan
from hiercomp.records import replace
from tests.backends.test_pymc_density import densities, largest_error

pytestmark = pytest.mark.engine

# Observations, definitions and terms over triangles; beside an index of its own; a body without any.
TEXT = """
y_{t,s} ~ Normal(a_t + b_s + c * m_{t,s}, sigma) for t in 2..4, s in 1..t
m_{t,s} = a_t * s for t in 1..4, s in 1..t
k_{i,t,s} ~ Poisson(exp(a_t + sum(b_r for r in 1..s) / 4)) for i in 1..2, t in 1..4, s in t..4
log_density += -0.1 * a_t^2 * b_s for t in 2..4, s in 1..t-1
log_density += -c^2 for t in 1..4, s in 1..t
a_t ~ Normal(0, 1) for t in 1..4
b_s ~ Normal(0, 1) for s in 1..4
c ~ Normal(0, 1)
sigma ~ Half-Normal(1)
"""


def test_densities_over_triangles() -> None:
    rng = np.random.default_rng(4)
    data: dict[str, Any] = {
        "y": rng.normal(size=(4, 4)).tolist(), "k": rng.poisson(2, (2, 4, 4)).tolist()
    }  # fmt: skip
    model = hiercomp.load(TEXT, data=data, name="triangles.hier").model()
    program = emit(make_plan(model))
    points = [reference.wide_point(model, rng, 0.5, model.data()) for _ in range(2)]
    assert largest_error(model, program, model.data(), points) < 1e-13
    right = densities(program, model.data(), points).total
    assert program.text.count("np.nonzero(") == 5
    # A triangle without its diagonal is another one.
    wrong = replace(program, text=program.text.replace("<= np.arange", "< np.arange"))
    assert np.abs(densities(wrong, model.data(), points).total - right).min() > 1e-3


def test_several_ranges_that_lean_on_others_are_refused() -> None:
    text = "y_{t,s,r} ~ Normal(a, 1) for t in 1..3, s in 1..t, r in 1..s\na ~ Normal(0, 1)\n"
    data = {"y": np.zeros((3, 3, 3)).tolist()}
    with pytest.raises(hiercomp.SpecError, match="H87"):
        hiercomp.load(text, data=data, name="pyramid.hier").pymc()


def test_ends_that_data_hold() -> None:
    text = """
y_{i,t} ~ Normal(a + b * y_{i,t-1}, s) for t in first_i + 1..last_i, i in 1..N
z_n ~ Normal(sum(w_k for k in from_n..till_n) + prod(w_k for k in 1..till[n] - 1), s)
a, b ~ Normal(0, 1)
w_k ~ Normal(0, 1) for k in 1..4
s ~ Half-Normal(1)
"""
    rng = np.random.default_rng(5)
    # One range of each kind ends before it begins.
    data: dict[str, Any] = {
        "y": rng.normal(size=(3, 4)).tolist(), "first": [1, 3, 4], "last": [4, 4, 2], "N": 3,
        "z": [1.0, 2.0, 3.0], "from": [1, 4, 3], "till": [4, 1, 2],
    }  # fmt: skip
    model = hiercomp.load(text, data=data, name="spans.hier").model()
    points = [reference.wide_point(model, rng, 0.5, model.data()) for _ in range(2)]
    assert largest_error(model, emit(make_plan(model)), model.data(), points) < 1e-13


def test_conditions_on_data_list_the_elements_at_which_they_hold() -> None:
    text = """
log_density += -rate
log_density += log_sum_exp(k * log(rate) + k * a * log(y_i) - lgamma(k + 1) - lgamma(k * a) for k in 1..9) if y_i > 0
log_density += -a * log(y_{i-1}) if y_{i-1} > 0 for i in 2..N
d_{i,t} ~ Poisson(rate * x_{i,t}^a) if x_{i,t} > 0 for t in 2..T
rate, a ~ Gamma(2, 1)
"""
    # At none of the zeros are logarithms and powers with their derivatives finite.
    data: dict[str, Any] = {
        "y": [0.0, 0.4, 2.5, 0.0], "d": [[9, 0, 1], [1, 2, 0], [0, 9, 3], [5, 9, 9]],
        "x": [[1.0, 0.5, 2.0], [0.0, 1.5, 0.3], [0.7, 0.0, 1.1], [1.0, 0.0, 0.0]],
    }  # fmt: skip
    model = hiercomp.load(text, data=data, name="zeros.hier").model()
    program = emit(make_plan(model))
    rng = np.random.default_rng(6)
    points = [reference.wide_point(model, rng, 0.5, data) for _ in range(2)]
    assert largest_error(model, program, data, points) < 1e-13
    for line in ("i_at = np.flatnonzero(y > 0)", "np.flatnonzero(y[:-1] > 0) + 1", "t_at = np.nonzero(x[:, 1:] > 0)"):
        assert line in program.text
    found = densities(program, data, points, gradients=True)
    assert np.isfinite(found.gradient).all()
    # With all elements a density is a number at best, and has no slopes.
    wrong = replace(program, text=program.text.replace("np.flatnonzero(y > 0)", "np.arange(N)"))
    assert not np.isfinite(densities(wrong, data, points, gradients=True).gradient).all()
