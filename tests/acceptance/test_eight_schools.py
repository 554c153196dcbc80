"""The eight models of the specification: Stan, PyMC and the reference agree, on both Stan engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import hiercomp

pytestmark = pytest.mark.engine

SPEC = Path(__file__).parent.parent.parent / "specs" / "eight_schools.hier"
MODELS = ["noncentered", "skeptical", "adaptive", "adaptive_smooth", "pooled", "robust", "precision", "covariates"]


def test_all_agree(stan: Any, tmp_path: Path) -> None:
    report = hiercomp.check(SPEC, engine=stan.name)
    path = tmp_path / "report.json"
    report.write(path)
    figures = json.loads(path.read_text(encoding="utf-8"))
    assert list(figures["models"]) == MODELS
    for name, model in figures["models"].items():
        density, posterior = model["density"], model["posterior"]
        assert density["verdict"] == "agree", (name, density["reasons"])
        assert density["points"] >= 20
        assert density["max_error"] <= 1e-12
        assert density["max_term_error"] <= 1e-8
        assert density["max_grad_error"] <= 1e-8
        assert posterior["verdict"] == "agree", (name, posterior["reasons"])
        assert posterior["false_alarm_rate"] == 0.01
        assert posterior["max_z"] < posterior["z_limit"]
        assert posterior["detectable_difference"] < 0.5
        assert {"static", "compile", "density", "sample stan", "sample pymc"} <= model["seconds"].keys()
    assert figures["verdict"] == "agree"
    assert report.exit_status == 0


def test_a_second_check_compiles_nothing(stan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hiercomp.check(SPEC, models=["pooled"], level="density", engine=stan.name)

    def compile_again(*_: object, **__: object) -> None:
        raise AssertionError("it is compiled again")

    # Not what the cache holds: other tests compile beside this one.
    monkeypatch.setattr("hiercomp.engines.build._compile", compile_again)
    assert hiercomp.check(SPEC, models=["pooled"], level="density", engine=stan.name).verdict == "agree"
    never_seen = hiercomp.load(f"y ~ Normal(x, 1)\nx ~ Normal(0, {uuid4().int})\n", data={"y": 1.0}, name="new.hier")
    with pytest.raises(AssertionError, match="compiled again"):
        hiercomp.check(never_seen, level="density", engine=stan.name)


def test_fits_look_alike(stan: Any) -> None:
    program = hiercomp.load(SPEC)
    trees = [hiercomp.fit(program, model="robust", backend="stan", engine=stan.name, seed=3)]
    trees.append(hiercomp.fit(program, model="robust", backend="pymc", seed=3))
    groups = ("posterior", "log_likelihood", "posterior_predictive", "observed_data")
    first, second = (
        {group: {name: (v.dims, v.shape) for name, v in tree[group].data_vars.items()} for group in groups}
        for tree in trees
    )
    assert first == second
    for tree in trees:
        assert list(tree.posterior.coords["schools"].values) == list("ABCDEFGH")
        assert {"diverging", "energy", "lp", "acceptance_rate", "tree_depth"} <= set(tree.sample_stats.data_vars)
