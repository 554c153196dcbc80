"""Centered and non-centered programs of one model are one model, in both directions; a wrong one is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hiercomp
from hiercomp import reference

pytestmark = pytest.mark.engine

EFFECTS = """
y_i ~ Normal(theta[g[i]] + u[g[i]] + a[g[i]] + b[g[i]] * x_i, s)
theta_j ~ Normal(mu, tau)
u_j ~ StudentT(4, 0, tau * scale_j)
(a_j, b_j) ~ MultiNormal((mu, 1), diag(sd) * Omega * diag(sd)) for j in 1..4
sd_k ~ Half-Normal(0, 2) for k in 1..2
mu ~ Normal(0, 5)
tau, s ~ Half-Normal(0, 2)
Omega ~ LKJ(2)
"""
EFFECTS_DATA = {
    "y": [1.0, 2.0, 0.5, 3.0, -1.0, 0.2, 1.3, 2.2], "x": [0.1, 1.0, -1.0, 2.0, 0.3, 0.4, -0.6, 1.2],
    "g": [1, 2, 3, 4, 1, 2, 3, 4], "scale": [1.0, 2.0, 1.5, 0.5],
}  # fmt: skip
GROUPS = "y_i ~ Normal(theta[g[i]], 1)\ntheta_j ~ Normal(mu, tau)\nmu ~ Normal(0, 5)\ntau ~ LogNormal(1, 0.3)\n"
WORDS = ("centered", "non-centered")


def effects(word: Any) -> hiercomp.Program:
    return hiercomp.load(EFFECTS, data=EFFECTS_DATA, parameterization=word)


def groups(word: Any) -> hiercomp.Program:
    rng = np.random.default_rng(3)
    g = np.repeat(np.arange(8), 6)
    y = 2 + 3 * rng.normal(size=8)[g] + rng.normal(size=g.size)
    data = {"y": y.round(2).tolist(), "g": (g + 1).tolist()}
    return hiercomp.load(GROUPS, data=data, parameterization=word)


def checked(program: hiercomp.Program, folder: Path, backend: str, text: str, engine: str, level: Any) -> Any:
    path = folder / ("other.stan" if backend == "stan" else "other.py")
    path.write_text(text, encoding="utf-8")
    given: dict[str, Any] = {backend: path}
    report = hiercomp.check(program, level=level, engine=engine, **given)
    return report, report.models[0]


def test_log_densities_at_the_specs_own_unknowns(cmdstan: Any) -> None:
    model = effects("centered").model()
    points = [reference.prior_point(model, np.random.default_rng([7, number])) for number in range(12)]
    wanted = np.array([reference.log_density(model, point)[0] for point in points])
    size = np.abs(wanted).max()
    for backend, word in (("stan", "non-centered"), ("pymc", "non-centered"), ("pymc", "centered")):
        values = hiercomp.density(effects(word), points, backend=backend, engine=cmdstan.name)
        differences = np.array(values) - wanted
        assert np.abs(differences - np.median(differences)).max() <= 1e-12 * size, (word, backend)


@pytest.mark.conformance
@pytest.mark.parametrize("backend", ["stan", "pymc"])
@pytest.mark.parametrize(("spec", "other"), [WORDS, WORDS[::-1]])
def test_each_is_shown_to_be_the_other(cmdstan: Any, tmp_path: Path, backend: Any, spec: str, other: str) -> None:
    text = effects(other).generated(backend).text
    report, model = checked(effects(spec), tmp_path, backend, text, cmdstan.name, "density")
    assert report.verdict == "agree", (model.density.reasons, model.static.unmatched)
    assert model.density.max_error < 1e-12
    assert model.density.finite >= 20
    assert len(model.static.assumed) == 3


@pytest.mark.conformance
def test_posteriors_tell_a_wrong_one(cmdstan: Any, tmp_path: Path) -> None:
    """The scale is lost between the standardised effects and the effects; density alone does not accuse a name."""
    right = groups("non-centered").stan()
    wrong = right.replace("mu + tau * theta_raw", "mu + theta_raw")
    assert wrong != right
    for text, verdict in ((right, "agree"), (wrong, "disagree")):
        report, model = checked(groups("centered"), tmp_path, "stan", text, cmdstan.name, "posterior")
        assert report.verdict == verdict, (model.density.reasons, model.posterior.reasons)
        assert model.density.verdict == ("agree" if verdict == "agree" else "cannot say")
        assert model.posterior.verdict == verdict


PYMC_MUTANTS = {
    "scale dropped": ("mu + tau * theta_raw", "mu + theta_raw"),
    "sd of the standardised": ('pm.Normal("theta_raw", mu=0, sigma=1', 'pm.Normal("theta_raw", mu=0, sigma=2'),
    "location for scale": ("mu + tau * theta_raw", "tau + mu * theta_raw"),
}


@pytest.mark.conformance
@pytest.mark.parametrize("fault", PYMC_MUTANTS)
def test_wrong_ones_are_never_shown_to_be_right(cmdstan: Any, tmp_path: Path, fault: str) -> None:
    right, wrong = PYMC_MUTANTS[fault]
    text = groups("non-centered").pymc()
    assert text.count(right) == 1
    report, model = checked(groups("centered"), tmp_path, "pymc", text.replace(right, wrong), cmdstan.name, "density")
    assert report.verdict == "cannot say"
    assert any("may mean something else" in line for line in model.density.reasons)
    assert model.density.max_error > 1e-3


@pytest.mark.conformance
def test_an_unknown_of_that_name_and_another_length(cmdstan: Any, tmp_path: Path) -> None:
    right = 'theta_raw = pm.Normal("theta_raw", mu=0, sigma=1, dims="j")'
    wrong = """less = pm.Normal("theta_raw", mu=0, sigma=1, shape=7)
        theta_raw = pm.math.concatenate([less, [-less.sum()]])"""
    text = groups("non-centered").pymc()
    assert text.count(right) == 1
    report, model = checked(groups("centered"), tmp_path, "pymc", text.replace(right, wrong), cmdstan.name, "density")
    assert report.verdict == "cannot say"
    assert model.density.finite == 0
