"""A program of the user's own against the spec: right ones agree, wrong ones are found out, others are told apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import hiercomp

pytestmark = pytest.mark.engine

SPEC = Path(__file__).parent.parent.parent / "specs" / "eight_schools.hier"

BY_HAND = """
data {
  int<lower=1> J;
  vector[J] y;
  vector<lower=0>[J] sigma;
}
parameters {
  real mu;
  real<lower=0> tau;
  vector[J] eta;
}
transformed parameters {
  vector[J] theta = mu + tau * eta;
}
model {
  target += normal_lpdf(eta | 0, 1);
  target += normal_lpdf(mu | 0, 20) + cauchy_lpdf(tau | 0, 10) - cauchy_lccdf(0 | 0, 10);
  for (j in 1:J) {
    target += normal_lpdf(y[j] | theta[j], sigma[j]);
  }
}
"""
CENTERED = """
data {
  int<lower=1> J;
  vector[J] y;
  vector<lower=0>[J] sigma;
}
parameters {
  real mu;
  real<lower=0> tau;
  vector[J] theta;
}
model {
  theta ~ normal(mu, tau);
  y ~ normal(theta, sigma);
  mu ~ normal(0, 20);
  tau ~ cauchy(0, 10);
}
"""
STAN_MUTANTS = {
    "scale of a prior": ("tau ~ cauchy(0, 10)", "tau ~ cauchy(0, 100)"),
    "variance for sd": ("y ~ normal(theta, sigma)", "y ~ normal(theta, square(sigma))"),
    "factor dropped": ("mu + tau * eta", "mu + eta"),
    "prior dropped": ("  mu ~ normal(0, 20);", "  "),
}
PYMC_MUTANTS = {
    "scale of a prior": ("beta=10", "beta=5"),
    "variance for sd": ("sigma=sigma,", "sigma=sigma**2,"),
    "sign": ("mu + tau * eta", "mu - tau * eta"),
    "prior dropped": ('pm.Normal("eta", mu=0, sigma=1, dims="schools")', 'pm.Flat("eta", dims="schools")'),
}


@pytest.fixture(scope="module")
def program() -> hiercomp.Program:
    return hiercomp.load(SPEC)


def _check(
    program: hiercomp.Program, folder: Path, backend: str, text: str, engine: str, level: Any = "density"
) -> Any:
    path = folder / ("mine.stan" if backend == "stan" else "mine.py")
    path.write_text(text, encoding="utf-8")
    given = {"stan": path} if backend == "stan" else {"pymc": path}
    return hiercomp.check(program, models=["noncentered"], level=level, engine=engine, **given)


def test_a_program_by_hand_agrees(program: hiercomp.Program, stan: Any, tmp_path: Path) -> None:
    report = _check(program, tmp_path, "stan", BY_HAND, stan.name)
    (model,) = report.models
    assert model.density is not None
    assert model.density.verdict == "agree", model.density.reasons
    assert any("J of the program is taken to be 8" in line for line in model.static.assumed)
    assert report.exit_status == 0


@pytest.mark.parametrize("fault", STAN_MUTANTS)
def test_wrong_stan_programs_are_found_out(program: hiercomp.Program, cmdstan: Any, tmp_path: Path, fault: str) -> None:
    right, wrong = STAN_MUTANTS[fault]
    text = program.stan("noncentered")
    assert text.count(right) == 1
    report = _check(program, tmp_path, "stan", text.replace(right, wrong), cmdstan.name)
    assert report.verdict == "disagree"
    assert report.exit_status == 1


@pytest.mark.parametrize("fault", PYMC_MUTANTS)
def test_wrong_pymc_modules_are_found_out(program: hiercomp.Program, cmdstan: Any, tmp_path: Path, fault: str) -> None:
    right, wrong = PYMC_MUTANTS[fault]
    text = program.pymc("noncentered")
    assert text.count(right) == 1
    report = _check(program, tmp_path, "pymc", text.replace(right, wrong), cmdstan.name)
    assert report.verdict == "disagree"
    assert report.exit_status == 1


def test_other_unknowns_are_compared_by_posterior(program: hiercomp.Program, cmdstan: Any, tmp_path: Path) -> None:
    report = _check(program, tmp_path, "stan", CENTERED, cmdstan.name, level="posterior")
    (model,) = report.models
    assert model.density is not None
    assert model.density.verdict == "cannot say"
    assert any("eta" in line for line in model.static.unmatched)
    assert any("theta" in line for line in model.static.unmatched)
    assert model.posterior is not None
    names = {item.name.partition("[")[0] for item in model.posterior.comparison.quantities}
    assert names == {"mu", "tau", "theta"}
    assert model.posterior.verdict != "disagree"
    assert report.exit_status == 3


def test_data_that_the_spec_does_not_have(program: hiercomp.Program, cmdstan: Any, tmp_path: Path) -> None:
    text = BY_HAND.replace("vector[J] y;", "vector[J] y;\n  matrix[J, 2] X;\n  real extra;")
    report = _check(program, tmp_path, "stan", text, cmdstan.name)
    (model,) = report.models
    assert any("extra" in line for line in model.static.unmatched)
    assert report.exit_status == 3


def test_a_program_that_does_not_compile_shows_stancs_words(
    program: hiercomp.Program, cmdstan: Any, tmp_path: Path
) -> None:
    with pytest.raises(hiercomp.SpecError, match="Identifier 'sigmaa' not in scope"):
        _check(
            program, tmp_path, "stan", BY_HAND.replace("| theta[j], sigma[j]", "| theta[j], sigmaa[j]"), cmdstan.name
        )
