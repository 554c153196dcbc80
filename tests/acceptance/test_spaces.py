"""Vectors that sum to zero and unit vectors in programs: agreement in full, and wrong programs that are found out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hiercomp
from hiercomp.engines.values import coordinates

pytestmark = pytest.mark.engine

TEXT = """
y_i ~ Normal(a[g[i]] + e[1, g[i]] * x_i + e[2, g[i]] + c[g[i]] + X_i * u + w[g[i], 1] * x_i, 1)
a_j ~ Normal(0, tau) where a sums to zero
e_{k,j} ~ Normal(0, tau_e_k) for k in 1..2, j in 1..3 sum-to-zero
c_j ~ StudentT(4, 0, 2) sum-to-zero
u ~ Flat() where u is a unit vector
w_{j,m} ~ Normal(0.5, 2) for j in 1..3, m in 1..2 where w is a unit vector
tau ~ Half-Normal(0, 2)
tau_e_k ~ Half-Normal(0, 1)
"""
DATA = {
    "y": [1.0, -0.5, 2.2, 0.4, 1.9, 0.1], "x": [0.3, -1.2, 2.0, 0.7, 1.5, -0.2], "g": [1, 2, 2, 3, 1, 3],
    "X": [[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 0.5, 1.0], [0.3, -1.0, 0.2], [1.0, 1.0, 1.0], [0.0, 0.4, -1.0]],
}  # fmt: skip
STAN_MUTANTS = {
    "a degree of freedom too many": ("- free * (log(sd)", "- (free + 1) * (log(sd)"),
}
PYMC_MUTANTS = {
    "a degree of freedom too many": (
        'pm.ZeroSumNormal("a", sigma=tau, dims="j")',
        'pm.Normal("a", sigma=tau, dims="j", default_transform=pm.distributions.transforms.ZeroSumTransform([-1]))',
    ),
    "a prior of a direction dropped": ('pm.Potential("w_term", ', 'pm.Potential("w_term", 0 * '),
}


def program() -> hiercomp.Program:
    return hiercomp.load(TEXT, data=DATA)


def checked(folder: Path, backend: str, text: str, engine: str) -> Any:
    path = folder / ("mine.stan" if backend == "stan" else "mine.py")
    path.write_text(text, encoding="utf-8")
    given: dict[str, Any] = {backend: path}
    return hiercomp.check(program(), level="density", engine=engine, **given)


def test_programs_agree_to_the_gradient(cmdstan: Any) -> None:
    (model,) = hiercomp.check(program(), level="density", engine=cmdstan.name).models
    assert model.density.verdict == "agree", model.density.reasons
    assert model.density.max_term_error < 1e-12
    assert model.density.max_grad_error < 1e-8
    assert model.density.gradient.directions == 1
    assert not model.density.gradient.unmatched


@pytest.mark.conformance
def test_fits_have_the_unknowns_and_no_coordinates(pymc: Any) -> None:
    from hiercomp.engines.base import SamplerSettings
    from hiercomp.workflow.subject import subject

    made = subject(program().model())
    tree = pymc.sample(made.inputs["pymc"], SamplerSettings(chains=1, warmup=100, draws=20))
    assert set(tree.posterior) == {"a", "e", "c", "u", "w", "tau", "tau_e"}
    assert np.abs(tree.posterior["e"].sum("j")).max() < 1e-12
    np.testing.assert_allclose(np.square(tree.posterior["w"]).sum(tree.posterior["w"].dims[-1]), 1.0)


@pytest.mark.conformance
@pytest.mark.parametrize("fault", ["", *STAN_MUTANTS])
def test_wrong_stan_programs(cmdstan: Any, tmp_path: Path, fault: str) -> None:
    right, wrong = STAN_MUTANTS.get(fault, ("", ""))
    text = program().stan()
    assert not fault or text.count(right) == 1
    report = checked(tmp_path, "stan", text.replace(right, wrong) if fault else text, cmdstan.name)
    assert report.verdict == ("disagree" if fault else "agree"), report.models[0].static.unmatched


@pytest.mark.parametrize("fault", ["", *PYMC_MUTANTS])
def test_wrong_pymc_modules(cmdstan: Any, tmp_path: Path, fault: str) -> None:
    right, wrong = PYMC_MUTANTS.get(fault, ("", ""))
    text = program().pymc()
    assert not fault or text.count(right) == 1, text
    report = checked(tmp_path, "pymc", text.replace(right, wrong) if fault else text, cmdstan.name)
    assert report.verdict == ("disagree" if fault else "agree"), report.models[0].static.unmatched


def test_coordinates_are_orthonormal() -> None:
    plane = np.eye(5) - 0.2
    found = coordinates(plane)
    np.testing.assert_allclose(found @ found.T, plane @ plane.T, atol=1e-14)
