"""Derivatives along paths, for unknowns whose coordinates Stan and PyMC choose differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from hiercomp.agree import neighbours, slopes
from hiercomp.engines.base import Densities, Engine, Point
from hiercomp.workflow.faults import blamed
from hiercomp.workflow.subject import Subject

type Floats = npt.NDArray[np.float64]

# Both have the same coordinates of vectors that are ordered or sum to zero, and of covariance matrices.
_ALIKE = frozenset({"", "ordered", "sum to zero", "cov"})


def directional(
    made: Subject, pair: Mapping[str, Engine], points: Sequence[Point], at: Mapping[str, Densities], seed: int
) -> tuple[Floats, Floats] | None:
    """Return the slopes of Stan's and PyMC's log density along one path through each point, (points, 1) each.

    Only unknowns move that lie in a space for which the two have different coordinates; None where there are none.
    `at` has the answers at the points themselves.
    """
    shapes = {item.name: item.support.shape for item in made.plan.params if item.support.shape not in _ALIKE}
    if not shapes:
        return None
    each = [neighbours(point, shapes, np.random.default_rng([seed, number, 1])) for number, point in enumerate(points)]
    steps = list(zip(*each, strict=True))
    found: list[Floats] = []
    for name in ("stan", "pymc"):
        with blamed([made], name):
            near = [pair[name].densities(made.inputs[name], step) for step in steps]
        found.append(slopes(at[name], near)[:, np.newaxis])
    return found[0], found[1]
