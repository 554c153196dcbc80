"""How far two log densities differ beyond a constant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`error` is the largest difference in units of the scale, at the point with the 0-based index `point` (-1: none);
    `finite` counts the points where both are finite; `unlike` are those where only one is usable."""

    error: float
    point: int
    finite: int
    unlike: tuple[int, ...]


def offset(differences: Floats, scale: Floats) -> float:
    """Return the median of the differences, each weighing 1 / scale.

    A difference of two numbers of 1e8 is known to 1e-8 only; were it to set the offset, exact points would look wrong.
    Beyond a breakdown of half the weight any one rule is as good as another: the error is then large in either case.
    """
    order = np.argsort(differences, kind="stable")
    weights = np.cumsum((1 / scale)[order])
    place = int(np.argmax(weights >= weights[-1] / 2))
    return float(differences[order[place]])


def differ(first: Floats, second: Floats, scale: Floats, blur: Floats | None = None) -> Agreement:
    """Compare two log densities at the same points; `scale` is what a difference is measured in at each.

    Nothing can be sampled where a density is zero or undefined, so -inf and nan are alike; +inf is like itself only.
    `blur` is how much of a difference says nothing at each point, all of it where it is infinite.
    """
    blur = np.zeros(len(first)) if blur is None else blur
    told = np.isfinite(blur)
    kinds = [np.where(np.isfinite(values), 0, np.where(values == np.inf, 1, -1)) for values in (first, second)]
    unlike: list[int] = np.flatnonzero((kinds[0] != kinds[1]) & told).tolist()
    points = np.flatnonzero((kinds[0] == 0) & (kinds[1] == 0) & told)
    if not points.size:
        return Agreement(0.0, -1, 0, tuple(unlike))
    a, b = first[points], second[points]
    with np.errstate(over="ignore"):
        differences = a - b
    # The offset is known no better than the numbers it comes from, whatever scale the error is then measured in.
    size = np.maximum(np.maximum(1.0, np.maximum(np.abs(a), np.abs(b))), blur[points] / np.finfo(float).eps)
    beyond = np.abs(differences - offset(differences, size)) - blur[points]
    errors = np.maximum(beyond, 0.0) / scale[points]
    worst = int(np.argmax(errors))
    return Agreement(float(errors[worst]), int(points[worst]), int(points.size), tuple(unlike))
