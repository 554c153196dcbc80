"""Definitions by earlier elements: the scans of PyMC modules against the position-by-position reference."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import hiercomp
from hiercomp import reference
from hiercomp.backends.pymc import emit
from hiercomp.plan import make_plan, parameterise
from tests.backends.test_pymc_density import densities, largest_error

pytestmark = pytest.mark.engine

TEXT = Path(__file__).with_name("recursions.hier").read_text(encoding="utf-8")
STEPS, SERIES, ORDER = 9, 3, 2


def data():
    rng = np.random.default_rng(20260301)
    shapes = {"y": STEPS, "x": STEPS, "z": (STEPS, SERIES), "w": (SERIES, STEPS)}
    return {**{name: rng.normal(size=shape).tolist() for name, shape in shapes.items()}, "P": ORDER, "K": SERIES}


@pytest.fixture(scope="module")
def models():
    return {model.name: model for model in hiercomp.load(TEXT, data=data()).resolve_all()}


NAMES = [line.split()[1] for line in TEXT.splitlines() if line.startswith("model ")]


def slope(model, point, given, name):
    """Return the derivative of the reference's log density by the first element of an unknown."""
    step = 1e-5
    sides: list[float] = []
    for sign in (1, -1):
        value = np.array(point[name], dtype=float)
        value.flat[0] += sign * step
        sides.append(reference.log_density(model, {**point, name: value}, given)[0])
    return (sides[0] - sides[1]) / (2 * step)


@pytest.mark.parametrize("name", NAMES)
def test_densities_and_gradients(models, name):
    plan, model = make_plan(models[name]), parameterise(models[name])
    given, program = model.data(), emit(plan)
    rng = np.random.default_rng(7)
    points = [reference.wide_point(model, rng, 0.5, given) for _ in range(2)]
    assert largest_error(model, program, given, points) < 1e-12
    found = densities(program, given, points, gradients=True)
    for param in plan.params:
        if param.support.lower is None and param.support.upper is None:
            column = next(at for at, word in enumerate(found.names) if word.split("[")[0] == param.name)
            for point, got in zip(points, found.gradient[:, column], strict=True):
                assert got == pytest.approx(slope(model, point, given, param.name), rel=1e-5, abs=1e-5), param.name


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("garch", "y[:-1]", "y[1:]"),
        ("plain", "shock[1:]", "shock[:-1]"),
        ("autoregression", "h_window[::-1]", "h_window"),
        ("along_columns", '"taps": [-2, -1]', '"taps": [-1, -2]'),
        ("level_and_trend", "return l_t, b_t", "return b_t, l_t"),
    ],
)
def test_a_wrong_scan_is_noticed(models, name, right, wrong):
    model = models[name]
    given, program = model.data(), emit(make_plan(model))
    assert right in program.text
    points = [reference.wide_point(model, np.random.default_rng(7), 0.5, given)]
    broken = replace(program, text=program.text.replace(right, wrong, 1))
    assert largest_error(model, broken, given, points) > 1e-6
