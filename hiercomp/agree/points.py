"""Where log densities are compared: draws from the prior, and points far and wide.

No point is left out because a density is hard to evaluate there: that is what the points are for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp.engines.base import Point

PRIOR_POINTS = 12
WIDE_POINTS = 12
_SCALES = (0.3, 1.0, 2.0, 4.0)
_TRIES = 20
# Between these, cubes and their inverses are doubles.
_LEAST, _MOST = 1e-100, 1e100

type Simulate = Callable[[np.random.Generator], Mapping[str, Any] | None]
type Wide = Callable[[np.random.Generator, float], Mapping[str, Any]]


def choose_points(
    simulate: Simulate,
    wide: Wide,
    seed: int,
    *,
    unknowns: Collection[str] | None = None,
    inside: Callable[[Point], bool] | None = None,
    prior_points: int = PRIOR_POINTS,
    wide_points: int = WIDE_POINTS,
) -> list[Point]:
    """Return the points: `prior_points` draws of `simulate`, then `wide_points` of `wide` on four scales in turn.

    Each point depends on the seed and on its own number only. `simulate` returns None where there is nothing to draw
    from (an improper prior): a wide point takes its place. Only what computers cannot take for a point is drawn again:
    a value of `unknowns` (of everything, when None) that overflowed, that rounding put on the boundary (not `inside`),
    or whose cube has no place among doubles, as a precision of 1e-241 has that Gamma(0.001, 0.001) may give. The
    derivative of an sd by a precision is such a power.

    Raises:
        ValueError: `wide` gives no point of the space in 20 tries.
    """

    def is_point(point: Point) -> bool:
        names = point if unknowns is None else unknowns
        usual = all(_has_powers(np.abs(np.asarray(point[name], dtype=float))) for name in names)
        return usual and (inside is None or inside(point))

    def prior(rng: np.random.Generator) -> Point:
        for _ in range(_TRIES):
            point = simulate(rng)
            if point is None:
                break
            if is_point(point):
                return point
        return far(rng, 1.0)

    def far(rng: np.random.Generator, scale: float) -> Point:
        for _ in range(_TRIES):
            point = wide(rng, scale)
            if is_point(point):
                return point
        raise ValueError(f"no point with finite values in {_TRIES} tries at scale {scale}")

    points = [prior(np.random.default_rng([seed, number])) for number in range(prior_points)]
    for number in range(wide_points):
        rng = np.random.default_rng([seed, prior_points + number])
        points.append(far(rng, _SCALES[number % len(_SCALES)]))
    return points


def _has_powers(sizes: npt.NDArray[np.float64]) -> bool:
    return bool(((sizes == 0) | ((sizes >= _LEAST) & (sizes <= _MOST))).all())
