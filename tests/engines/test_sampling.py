"""Fits look alike whichever engine made them, and are what was asked for."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from hiercomp.engines.base import EngineError, SamplerSettings
from tests.engines.programs import SCHOOLS, SIGMA, K, Y, program

pytestmark = pytest.mark.engine

SETTINGS = SamplerSettings(chains=3, warmup=400, draws=300, seed=7)
GROUPS = {
    "posterior": {"eta", "mu", "tau", "rho", "lambda", "theta", "grid"},
    "sample_stats": {"lp", "acceptance_rate", "step_size", "tree_depth", "n_steps", "diverging", "energy"},
    "log_likelihood": {"y", "k"},
    "observed_data": {"y", "k"},
}


def _check(tree: Any) -> None:
    for group, names in GROUPS.items():
        assert set(tree[group].data_vars) == names, group
    assert {"y", "later"} <= set(tree.posterior_predictive.data_vars)
    posterior = tree.posterior
    assert dict(posterior.sizes) == {"chain": 3, "draw": 300, "schools": 8, "rows": 2, "columns": 3}
    assert posterior.theta.dims == ("chain", "draw", "schools")
    assert tree.log_likelihood.y.dims == tree.posterior_predictive.y.dims == ("chain", "draw", "schools")
    assert posterior.schools.values.tolist() == SCHOOLS
    assert posterior.rows.values.tolist() == ["r1", "r2"]
    np.testing.assert_allclose(posterior.theta, posterior.mu + posterior.tau * posterior.eta, rtol=1e-12)
    np.testing.assert_array_equal(posterior.grid[1, 5], [[11, 12, 13], [21, 22, 23]])
    wanted = stats.norm(posterior.theta.values, SIGMA).logpdf(Y)
    np.testing.assert_allclose(tree.log_likelihood.y, wanted, rtol=1e-10, atol=1e-12)
    wanted = stats.poisson(posterior["lambda"].values[..., None]).logpmf(K)
    np.testing.assert_allclose(tree.log_likelihood.k, wanted, rtol=1e-10, atol=1e-12)
    assert tree.observed_data.k.values.tolist() == K
    assert tree.sample_stats.diverging.dtype == np.bool_
    assert tree.sample_stats.tree_depth.dtype == np.int64
    # Gamma(2 + 24, 0.1 + 8), whose mean and sd are known.
    assert posterior["lambda"].mean() == pytest.approx(26 / 8.1, abs=5 * np.sqrt(26) / 8.1 / np.sqrt(300))
    assert len(np.unique(posterior.mu)) > 850


def test_stan(stan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Other tests sample beside this one, and have their own folders where temporary files usually are.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[float] = []
    tree = stan.sample(program("stan"), SETTINGS, lambda text, done: seen.append(done))
    _check(tree)
    assert seen[-1] == 1.0
    assert seen == sorted(seen)
    assert not [name for name in os.listdir(tmp_path) if name.startswith(("hc-", "hiercomp-"))]
    assert stan.sample(program("stan"), SETTINGS).equals(tree)
    other = stan.sample(program("stan"), SamplerSettings(chains=3, warmup=400, draws=300, seed=8))
    assert not np.array_equal(other.posterior.mu, tree.posterior.mu)


def test_nothing_is_kept_in_the_cache_of_pystan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hiercomp.engines import choose_stan
    from hiercomp.engines.cache import cache_root

    monkeypatch.setenv("HIERCOMP_CACHE", str(cache_root()))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    choose_stan("embedded").sample(program("stan"), SamplerSettings(chains=1, warmup=50, draws=10))
    assert not list(tmp_path.rglob("*"))


def test_pymc(pymc: Any) -> None:
    seen: list[float] = []
    tree = pymc.sample(program("pymc"), SETTINGS, lambda text, done: seen.append(done))
    _check(tree)
    assert seen[-1] == 1.0
    lean = SamplerSettings(chains=3, warmup=400, draws=300, seed=7, predictive=False)
    again = pymc.sample(program("pymc"), lean)
    assert again.posterior.equals(tree.posterior)
    assert set(again.children) == {"posterior", "sample_stats", "observed_data"}


def test_pymc_without_nutpie(pymc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hiercomp.engines.pymc_engine.find_spec", lambda name: None)
    tree = pymc.sample(program("pymc"), SamplerSettings(chains=1, warmup=100, draws=50))
    assert set(tree.sample_stats.data_vars) == GROUPS["sample_stats"]
    assert tree.posterior.attrs["inference_library"] == "pymc"


def test_a_sampler_that_finds_no_start(stan: Any) -> None:
    refusing = program("stan", data=dict(program("stan").data) | {"refuse": 1})
    with pytest.raises(EngineError) as caught:
        stan.sample(refusing, SETTINGS)
    assert (caught.value.stage, caught.value.program) == ("sample", "schools")
    assert "told to refuse" in caught.value.output
    assert "schools.stan" in caught.value.output
    assert caught.value.line == 19
    assert "Traceback" not in caught.value.output


def test_data_that_stan_refuses(stan: Any) -> None:
    wrong = program("stan", data=dict(program("stan").data) | {"sigma": [-1.0] * 8})
    with pytest.raises(EngineError) as caught:
        stan.sample(wrong, SETTINGS)
    assert "sigma" in caught.value.output
    assert caught.value.line == 4
