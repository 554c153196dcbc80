"""The speed benchmark: what it makes of what it measured, and that all it compares is there. No program is run."""

from __future__ import annotations

import math
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def rates(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return import_module


def row(rates: Any, emitted: float, hand: float, **rest: Any) -> Any:
    compare = rates("rates.compare")
    sides = [compare.Side(rate, None, 1.0, 0.0) for rate in (emitted, hand)]
    return compare.Row(rest.pop("model", "m"), rest.pop("backend", "stan"), "cmdstan", *sides, **rest)


def test_every_yardstick_is_written_by_hand(rates: Any) -> None:
    sides = rates("rates.sides")
    names = sides.yardsticks()
    assert len(names) == 14
    for name in names:
        points = sides.points_of(name)
        assert len(points.values) == len(points.log_densities) == 8
        for backend in sides.BACKENDS:
            program = sides.hand_written(name, backend)
            assert program.unknowns == tuple(points.values[0])
            assert all(unknown in program.text for unknown in program.unknowns)


@pytest.mark.engine
@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py")))
def test_every_benchmark_begins(name: str) -> None:
    # What they import is no business of any other test: a name that is gone would be found out when they are run.
    command = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.engine
@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "benchmarks" / "rates").glob("[a-z]*.py")))
def test_every_part_of_the_speed_benchmark_is_imported(name: str, rates: Any) -> None:
    assert rates(f"rates.{name}").__doc__


def test_targets(rates: Any) -> None:
    table = rates("rates.table")
    assert table.misses([row(rates, 2, 1), row(rates, 0.95, 1)]) == []
    assert table.misses([row(rates, 4, 1), row(rates, 0.89, 1)]) == ["m (stan): 0.89 of the gradients, below 0.9"]
    (line,) = table.misses([row(rates, 0.95, 1), row(rates, 1, 1)])
    assert line == "stan: the geometric mean of the gradient rates' ratios is 0.97, below 1.0"
    assert table.misses([row(rates, 3.1, 1, naive=True)]) == []
    assert table.misses([row(rates, 2.9, 1, naive=True)]) == ["m (stan): 2.90 of the gradients, below 3.0"]
    assert table.misses([rates("rates.compare").Row("m", "pymc", "nutpie", problem="no spec")]) == ["m (pymc): no spec"]


def test_table(rates: Any) -> None:
    table = rates("rates.table")
    problem = rates("rates.compare").Row("m", "pymc", "nutpie", problem="no spec")
    shown = table.render([row(rates, 4000, 1000), problem]).splitlines()
    assert len({line.count("|") for line in shown}) == 1
    assert "| 4,000 | 1,000 | 4.00 |" in shown[2]
    assert "no spec" in shown[3]
    assert table.summary([row(rates, 4, 1), row(rates, 1, 1)]) == "stan: gradients 2.00 (least 1.00) of 2 models"
    assert table.geometric_mean([4, 1]) == pytest.approx(2)
    assert math.isnan(table.geometric_mean([]))


def test_density_error_leaves_a_constant_out(rates: Any) -> None:
    error = rates("rates.compare").density_error
    published = np.array([-100.0, -50.0, -10.0])
    assert error(published + 7, published) == 0
    assert error(published + np.array([0, 0, 1]), published) == pytest.approx(0.01)


def test_effective_rate_is_that_of_the_worst_unknown(rates: Any) -> None:
    chain = rates("rates.chain")
    rng = np.random.default_rng(1)
    good, noise = rng.normal(size=(2, 4, 2000))
    slow = np.zeros_like(noise)
    for t in range(1, 2000):
        slow[:, t] = 0.9 * slow[:, t - 1] + noise[:, t]
    fixed = np.ones_like(good)
    chains = [chain.Chain(np.column_stack(each), 0.5) for each in zip(good, slow, fixed, strict=True)]
    expected = 8000 * (1 - 0.9) / (1 + 0.9) / 2  # AR(1), two seconds
    assert chain.effective_rate(chains) == pytest.approx(expected, rel=0.25)


def test_generated_quantities_are_left_out(rates: Any) -> None:
    strip = rates("rates.stan").without_generated_quantities
    assert strip("model {\n}\ngenerated quantities {\n  real x = 1;\n}\n") == "model {\n}\n"
    assert strip("model {\n}\n") == "model {\n}\n"


def test_discrete_choice_study(rates: Any) -> None:
    module = rates("rates.discrete_choice")
    study = module.simulate()
    assert np.shape(study["X"]) == (18, 7)
    assert len({tuple(each) for each in study["X"]}) == 18
    assert len(study["y"]) == len(study["cell"]) == len(study["choices"]) == 360
    for chosen, offered in zip(study["y"], study["choices"], strict=True):
        assert 2 <= len(offered) == len(set(offered)) <= 4
        assert 1 <= chosen <= len(offered)
        assert set(offered) <= set(range(1, 11))
    data = module.naive(study, "stan").data
    assert data["O"] == sum(data["n_offered"]) == len(data["offered"])
    assert all(sum(point["delta"]) == pytest.approx(1) for point in module.prior_points(study).values)
