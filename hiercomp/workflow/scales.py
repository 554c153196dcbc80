"""Points of a model in terms of the unknowns of another parameterization, and by what log densities differ there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp.engines.base import Point
from hiercomp.model.ir import Model
from hiercomp.plan.parameterization import standardised
from hiercomp.reference import derive
from hiercomp.reference.standardised import standardise

type Floats = npt.NDArray[np.float64]
type Scaled = tuple[list[Point], Floats]  # points, and for each the log density there less that on the spec's scale


def to_spec(model: Model, sampled: Model, points: Sequence[Point]) -> Scaled:
    """Return points of `sampled` (what the programs of `model` sample) in terms of the spec's own unknowns."""
    raws = standardised(model)
    if not raws:
        return list(points), np.zeros(len(points))
    found = [_with_effects(raws, point, derive(sampled, point)) for point in points]
    return found, np.array([standardise(model, raws, point)[1] for point in found])


def to_sampled(model: Model, points: Sequence[Point]) -> Scaled:
    """Return points in the spec's own unknowns in terms of those that the programs of `model` sample."""
    raws = standardised(model)
    if not raws:
        return list(points), np.zeros(len(points))
    found = [standardise(model, raws, point) for point in points]
    return [{name: value.tolist() for name, value in point.items()} for point, _ in found], np.array(
        [scale for _, scale in found]
    )


def on_spec_scale(raws: Iterable[str], point: Point) -> bool:
    """Say whether a point gives non-centered effects by their own values: it does not have all standardised ones."""
    return any(raw not in point for raw in raws)


def as_sampled(model: Model, points: Sequence[Point]) -> Scaled:
    """Return each point in terms of what the programs of `model` sample, whichever of the two it is given in."""
    raws = standardised(model)
    found: list[Point] = list(points)
    scales = np.zeros(len(points))
    for number, point in enumerate(points):
        if on_spec_scale(raws.values(), point):
            ((found[number],), scales[number : number + 1]) = to_sampled(model, [point])
    return found, scales


def _with_effects(raws: Mapping[str, str], point: Point, derived: Mapping[str, Any]) -> Point:
    kept = {name: value for name, value in point.items() if name not in raws.values()}
    return kept | {name: derived[name].tolist() for name in raws}
