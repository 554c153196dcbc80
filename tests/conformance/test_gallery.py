"""The gallery: models of many kinds, in PyMC against the reference. `make conformance` has Stan on both engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hiercomp import load
from hiercomp.agree import compare_densities
from hiercomp.workflow.expected import expected
from hiercomp.workflow.points import limits_of, points_of
from hiercomp.workflow.subject import subject
from tests.conftest import ROOT

FOLDER = ROOT / "specs" / "gallery"
MODELS = [(path, name) for path in sorted(FOLDER.glob("*.hier")) for name in load(path).models]


@pytest.mark.parametrize(("path", "name"), MODELS, ids=[f"{path.stem}-{name}" for path, name in MODELS])
def test_densities(path: Path, name: str, pymc: Any) -> None:
    made = subject(load(path).model(name))
    points = points_of(made.sampled, seed=7)
    known = expected(made.sampled, points)
    result = compare_densities(
        None,
        pymc.densities(made.inputs["pymc"], points),
        known.total,
        known.terms,
        limits=limits_of(made.sampled),
        rounding=known.rounding,
    )
    assert result.verdict == "agree", result.reasons
