"""Stan's gradient against PyMC's.

Each engine differentiates with respect to its own unconstrained coordinates. Where both transform a value alike, the
coordinates have the same values and their partial derivatives are compared one by one; for the others derivatives
along a path say the same (see `hiercomp.agree.paths`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp.agree.figures import figure
from hiercomp.agree.offsets import Floats
from hiercomp.engines.base import Densities

SAME_COORDINATE = 1e-9


@dataclass(frozen=True, slots=True)
class GradientError:
    """The largest difference of two derivatives over max(1, |derivative|), for the coordinate `name` at the point with
    the 0-based index `point`; `compared` coordinates out of `coordinates`, `unmatched` those that could not be."""

    error: float
    allowed: float
    name: str
    point: int
    compared: int
    coordinates: int
    directions: int
    unmatched: tuple[str, ...]
    agree: bool

    def text(self) -> str:
        return f"the gradients of stan and pymc differ by {self.error:.2g} for {self.name} at point {self.point + 1}"

    def as_dict(self) -> dict[str, Any]:
        return {
            "max_grad_error": figure(self.error),
            "allowed": figure(self.allowed),
            "coordinate": self.name,
            "point": self.point,
            "compared": self.compared,
            "coordinates": self.coordinates,
            "directions": self.directions,
            "unmatched": list(self.unmatched),
            "agree": self.agree,
        }


def matching(stan: Densities, pymc: Densities) -> tuple[list[tuple[str, int, int]], tuple[str, ...]]:
    """Return the coordinates with equal names and equal values (name and both columns), and the names of the others.

    Values are equal where they are so at most points: close to the upper end of an interval a coordinate is known to
    rounding over the distance from that end only.
    """
    columns = {name: column for column, name in enumerate(pymc.names)}
    same: list[tuple[str, int, int]] = []
    for column, name in enumerate(stan.names):
        if name in columns:
            a, b = stan.unconstrained[:, column], pymc.unconstrained[:, columns[name]]
            known = np.isfinite(a) & np.isfinite(b)
            if 2 * int((_equal(a, b) & known).sum()) >= max(1, int(known.sum())):
                same.append((name, column, columns[name]))
    found = {name for name, _, _ in same}
    return same, tuple(name for name in dict.fromkeys([*stan.names, *pymc.names]) if name not in found)


def _equal(a: Floats, b: Floats) -> npt.NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(a - b) <= SAME_COORDINATE * np.maximum(1.0, np.abs(a)))


def compare_gradients(
    stan: Densities,
    pymc: Densities,
    directional: tuple[Floats, Floats] | None,
    mark: float,
    blur: Floats | None = None,
) -> GradientError:
    """Compare derivatives where both densities are finite; `directional` is a pair of (points, directions).

    `blur` is how much of the largest derivative at each point says nothing (see `hiercomp.agree.rounding`): a factor
    that is wrong by so much of itself moves small derivatives by parts of the largest.
    """
    same, unmatched = matching(stan, pymc)
    points = np.flatnonzero(np.isfinite(stan.total) & np.isfinite(pymc.total))
    names = [name for name, _, _ in same]
    here, there = [column for _, column, _ in same], [column for _, _, column in same]
    first, second = stan.gradient[points][:, here], pymc.gradient[points][:, there]
    usable = _equal(stan.unconstrained[points][:, here], pymc.unconstrained[points][:, there])
    directions = 0
    if directional is not None:
        directions = directional[0].shape[-1]
        names = [*names, *(f"direction {k + 1}" for k in range(directions))]
        first = np.concatenate([first, directional[0][points]], axis=-1)
        second = np.concatenate([second, directional[1][points]], axis=-1)
        usable = np.concatenate([usable, np.ones((len(points), directions), dtype=bool)], axis=-1)
        unmatched = () if directions else unmatched
    error, name, point = 0.0, "", -1
    if first.size:
        free = np.zeros(len(points)) if blur is None else blur[points]
        errors = np.where(usable, _errors(first, second, free), 0.0)
        row, column = divmod(int(np.argmax(errors)), errors.shape[-1])
        error, name, point = float(errors[row, column]), names[column], int(points[row])
    coordinates = max(len(stan.names), len(pymc.names))
    return GradientError(error, mark, name, point, len(same), coordinates, directions, unmatched, agree=error <= mark)


def _errors(a: Floats, b: Floats, blur: Floats) -> Floats:
    largest = np.where(np.isfinite(a), np.abs(a), 0.0).max(axis=-1, keepdims=True, initial=0.0)
    free = np.where(blur[:, np.newaxis] > 0, blur[:, np.newaxis] * largest, 0.0)
    with np.errstate(invalid="ignore"):
        beyond = np.where(np.isnan(a - b), np.nan, np.maximum(np.abs(a - b) - free, 0.0))
        errors = beyond / np.maximum(1.0, np.maximum(np.abs(a), np.abs(b)))
    # Beside a finite density a derivative that is no number is a fault, unless both say so.
    errors = np.where(np.isnan(errors), np.where(np.isnan(a) & np.isnan(b), 0.0, np.inf), errors)
    return np.where((a == b) | np.isinf(free), 0.0, errors)
