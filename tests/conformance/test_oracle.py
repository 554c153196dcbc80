"""The models of the oracle: every stanc takes them, and PyMC has the densities that SciPy has of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hiercomp import load
from hiercomp.diagnostics import SpecError
from hiercomp.workflow.density import run_density
from tests.backends.stancs import complaints, stancs
from tests.reference.oracle import every_case

pytestmark = pytest.mark.conformance

# What PyMC has no form for is refused, with a code of its own.
_REFUSED = {"as_far_back_as_there_is_anything": "H87"}


@pytest.mark.parametrize("case", every_case(), ids=lambda case: case.name)
def test_densities(case: Any) -> None:
    model = load(case.spec, data=case.data, name=case.name).model()
    points = [{name: draw(rng) for name, draw in case.unknowns.items()} for rng in map(np.random.default_rng, range(2))]
    if case.name in _REFUSED:
        with pytest.raises(SpecError, match=_REFUSED[case.name]):
            run_density(model, points, backend="pymc", engine=None)
        return
    ragged = {name for name, value in case.data.items() if _is_ragged(value)}
    data = {name: value if name in ragged else np.asarray(value) for name, value in case.data.items()}
    found = run_density(model, points, backend="pymc", engine=None)
    wanted = [float(case.density(point, data)) for point in points]
    # Densities are compared up to a constant of each model.
    assert found[0] - found[1] == pytest.approx(wanted[0] - wanted[1], rel=1e-8, abs=1e-8 * max(1, abs(wanted[0])))


@pytest.mark.skipif(not stancs(), reason="no stanc on this machine")
@pytest.mark.parametrize("case", every_case(), ids=lambda case: case.name)
def test_stanc(case: Any, tmp_path: Path) -> None:
    program = load(case.spec, data=case.data, name=case.name).stan()
    for stanc in stancs():
        assert complaints(stanc, program, tmp_path) == "", program


def _is_ragged(value: Any) -> bool:
    return isinstance(value, list) and isinstance(value[0], list) and len({len(item) for item in value}) > 1
