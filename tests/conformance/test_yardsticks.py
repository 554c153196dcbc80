"""The outside yardsticks: log densities that others' programs gave, against the reference, PyMC and Stan.

Densities are known up to one constant for each model, and compared on the scale of the largest of a model's points.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest

from hiercomp import load
from hiercomp.api import density
from hiercomp.workflow.subject import subject
from tests.conftest import ROOT

MARK = 1e-12
FOLDER = ROOT / "specs" / "yardsticks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.hier"))

# In Stan these are held against their densities by every run of the tests, the others with the tests that take long.
SOON = ("arK", "hmm_example", "irt_2pl", "low_dim_gauss_mix")

# What stands in each spec, and what another model would have there.
WRONG = {
    "GLMM_Poisson": ("beta2 * year_t^2", "beta2 * year_t"),
    "arK": ("y_{t-k}", "y_{t-K+k-1}"),
    "dogs": ("sum(y_{j,s} for s in 1..t-1)", "sum(y_{j,s} for s in 1..t)"),
    "eight_schools_centered": ("Half-Cauchy(0, 5)", "Half-Cauchy(0, 10)"),
    "hmm_example": ("(theta1, theta2)", "(theta2, theta1)"),
    "irt_2pl": ("a_i * (theta_j - b_i)", "a_i * theta_j - b_i"),
    "kidscore_interaction": ("mom_hs_n * mom_iq_n", "mom_hs_n"),
    "low_dim_gauss_mix": ("Mixture((theta, 1 - theta)", "Mixture((1 - theta, theta)"),
    "nes": ("beta[5] * (age_discrete_n = 3)", "beta[5] * (age_discrete_n >= 3)"),
    "radon_variable_intercept_slope_noncentered": ("sigma_beta ~ Half-Normal", "sigma_beta ~ Half-Cauchy"),
    "rats": ("(x_n - xbar)", "x_n"),
    "seeds": ("rate = 0.001", "scale = 0.001"),
    "surgical": ("sd = sqrt(sigmasq)", "sd = sigmasq"),
    "wells_interaction_c": ("dist - mean(dist)", "dist"),
}


def _points(name: str) -> tuple[list[dict[str, Any]], np.ndarray]:
    points = json.loads((FOLDER / "points" / f"{name}.json").read_text())["points"]
    return [point["values"] for point in points], np.array([point["log_density"] for point in points])


def error(found: Any, expected: np.ndarray) -> float:
    """Return the largest difference that is left of two lists of log densities when a constant is taken off."""
    apart = np.asarray(found) - expected
    return float(np.max(np.abs(apart - np.median(apart))) / np.max(np.abs(expected)))


def test_every_posterior_has_a_spec() -> None:
    for folder in ("data", "points"):
        assert {path.stem for path in (FOLDER / folder).glob("*.json")} == {*NAMES}
    assert {*WRONG} == {*NAMES}


@pytest.mark.parametrize("backend", ["reference", "pymc"])
@pytest.mark.parametrize("name", NAMES)
def test_densities(name: str, backend: Literal["reference", "pymc"]) -> None:
    points, expected = _points(name)
    program = load(FOLDER / f"{name}.hier")
    assert error(density(program, points, backend=backend), expected) < MARK
    assert [item.code for item in program.warnings()] == []


@pytest.mark.parametrize("name", NAMES)
def test_another_model_is_told_apart(name: str) -> None:
    points, expected = _points(name)
    text = (FOLDER / f"{name}.hier").read_text()
    right, wrong = WRONG[name]
    assert text.count(right) == 1
    data = json.loads((FOLDER / "data" / f"{name}.json").read_text())
    found = density(load(text.replace(right, wrong), data=data), points)
    assert error(found, expected) > 1e6 * MARK


@pytest.mark.engine
@pytest.mark.parametrize(
    "name", [name if name in SOON else pytest.param(name, marks=pytest.mark.conformance) for name in NAMES]
)
def test_densities_in_stan(name: str, cmdstan: Any) -> None:
    points, expected = _points(name)
    # Without its terms, which would double it.
    program = replace(subject(load(FOLDER / f"{name}.hier").model()).inputs["stan"], terms_text="", labels=())
    cmdstan.prepare([program], densities=True)
    assert error(cmdstan.densities(program, points).total, expected) < MARK
