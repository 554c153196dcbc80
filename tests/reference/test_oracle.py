"""Models of many kinds against densities that were written from what the statistics mean, not from the compiler.

All programs of a model and its reference hang on one reading of the spec. Here the reading itself is tested.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import hiercomp
from hiercomp import reference
from hiercomp.model.ir import Role
from tests.reference.oracle import every_case

CASES = every_case()


def compare(case):
    """Return pairs of log densities, found and expected, at three points."""
    model = hiercomp.load(case.spec, data=case.data, name=case.name).model()
    assert {symbol.name for symbol in model.symbols if symbol.role is Role.PARAMETER} == set(case.unknowns)
    data = {name: value if name in model_groups(case) else np.asarray(value) for name, value in case.data.items()}
    for seed in range(3):
        rng = np.random.default_rng(seed)
        point = {name: draw(rng) for name, draw in case.unknowns.items()}
        yield reference.log_density(model, point)[0], float(case.density(point, data))


def model_groups(case):
    """Return the names of lists of different lengths, which are no arrays."""
    lists = {name: value for name, value in case.data.items() if isinstance(value, list) and isinstance(value[0], list)}
    return {name for name, value in lists.items() if len({len(item) for item in value}) > 1}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_density(case):
    for found, expected in compare(case):
        assert np.isfinite(expected)
        assert found == pytest.approx(expected, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("cumul", "1..t", "1..T"),
        ("prec3", "(-a)^2", "-a^2"),
        ("ar1", "y_{t-1}", "x_t"),
        ("strfac", "a_j ~ Normal(0, s)", "a_j ~ Normal(0, s)\nlog_density += a[1]"),
    ],
)
def test_another_model_has_another_density(name, right, wrong):
    case = next(case for case in CASES if case.name == name)
    # One of the wrong models needs a column that the right one has not.
    other = replace(case, spec=case.spec.replace(right, wrong), data={"x": case.data["y"], **case.data})
    assert other.spec != case.spec
    assert all(found != pytest.approx(expected, rel=1e-6) for found, expected in compare(other))
