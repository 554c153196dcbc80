"""The gallery: models of many kinds, in PyMC against the reference. `make conformance` has Stan on both engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hiercomp import load, reference
from hiercomp.agree import compare_densities
from hiercomp.workflow.points import limits_of, points_of
from hiercomp.workflow.subject import subject
from tests.conftest import ROOT

FOLDER = ROOT / "specs" / "gallery"
MODELS = [(path, name) for path in sorted(FOLDER.glob("*.hier")) for name in load(path).models]


@pytest.mark.parametrize(("path", "name"), MODELS, ids=[f"{path.stem}-{name}" for path, name in MODELS])
def test_densities(path: Path, name: str, pymc: Any) -> None:
    made = subject(load(path).model(name))
    points = points_of(made.sampled, seed=7)
    evaluated = [reference.log_density(made.sampled, point) for point in points]
    result = compare_densities(
        None,
        pymc.densities(made.inputs["pymc"], points),
        np.array([total for total, _ in evaluated]),
        {label: np.array([terms[label] for _, terms in evaluated]) for label in evaluated[0][1]},
        limits=limits_of(made.sampled),
    )
    assert result.verdict == "agree", result.reasons
