"""Derivatives of a log density along paths through the constrained space.

Engines transform a simplex, a sum to zero or a correlation matrix each in a way of its own, so their partial
derivatives mean different things. Along a smooth path x(s) through the constrained space both must find the same
slope, g(x(0)) . u'(0), where g is the engine's gradient and u(s) are its unconstrained coordinates of x(s). The path's
velocity u'(0) comes from the coordinates at six neighbours (central differences of sixth order: error about h^6 / 140,
rounding about 1e-16 / h), so no log density is differenced and eight digits are in reach.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hiercomp.agree.offsets import Floats
from hiercomp.engines.base import Densities, Point

STEP = 4e-3
_STEPS = (-3, -2, -1, 1, 2, 3)
_WEIGHTS = np.array([-1.0, 9.0, -45.0, 45.0, -9.0, 1.0]) / 60

type Space = str  # one of the shapes of `hiercomp.model.ir.Support`, or '' for a free value


def neighbours(
    point: Point, spaces: Mapping[str, Space], direction: np.random.Generator, step: float = STEP
) -> list[Point]:
    """Return six points on a random path through `point`, three on either side of it.

    `spaces` names the unknowns that move and the space that each must stay in; the last axes of a value are its event,
    the axes before it independent copies. Everything else stays as it is.
    """
    start = {name: np.asarray(point[name], dtype=float) for name in spaces}
    moves = {name: direction.normal(size=value.shape) for name, value in start.items()}
    return [
        {
            **point,
            **{name: _along(value, spaces[name], moves[name] * (k * step)).tolist() for name, value in start.items()},
        }
        for k in _STEPS
    ]


def _along(value: Floats, space: Space, move: Floats) -> Floats:
    """Return the point of a smooth path through `value` (where `move` is zero) that stays in the space."""
    match space:
        case "":
            return value + move
        case "simplex":
            moved = value * np.exp(move)
            return moved / moved.sum(axis=-1, keepdims=True)
        case "sum to zero":
            return value + move - move.mean(axis=-1, keepdims=True)
        case "ordered":
            gaps = np.diff(value, axis=-1) * np.exp(move[..., 1:])
            return np.cumsum(np.concatenate([value[..., :1] + move[..., :1], gaps], axis=-1), axis=-1)
        case "positive ordered":
            return np.cumsum(np.diff(value, axis=-1, prepend=0.0) * np.exp(move), axis=-1)
        case "unit vector":
            moved = value + move
            return moved / np.linalg.norm(moved, axis=-1, keepdims=True)
        case "cov":
            # In units of the standard deviations: a large variance would drown the small ones in what it moves them.
            unit = np.sqrt(np.diagonal(value, axis1=-2, axis2=-1))
            factor = np.eye(value.shape[-1]) + move * unit[..., :, None] / unit[..., None, :]
            return factor @ value @ np.swapaxes(factor, -1, -2)
        case "corr":
            moved = _along(value, "cov", move)
            scale = 1 / np.sqrt(np.diagonal(moved, axis1=-2, axis2=-1))
            return moved * scale[..., :, None] * scale[..., None, :]
        case "cholesky corr":
            lower = np.tril(value + np.tril(move, -1), -1) + _diagonal(value, move)
            return lower / np.linalg.norm(lower, axis=-1, keepdims=True)
        case _:
            raise ValueError(f"no path is known through the space '{space}'")


def _diagonal(value: Floats, move: Floats) -> Floats:
    eye = np.eye(value.shape[-1])
    return value * eye * np.exp(move * eye)


def slopes(at: Densities, near: Sequence[Densities], step: float = STEP) -> Floats:
    """Return the derivatives at all points along one path each, (points,): nan where a coordinate is not finite.

    `at` is the engine's answer at the points; `near` are its answers at all points' first neighbours, second neighbours
    and so on, in the order of `neighbours`.
    """
    sides = zip(_WEIGHTS.tolist(), near, strict=True)
    velocity = sum((weight * side.unconstrained for weight, side in sides), np.zeros_like(at.unconstrained)) / step
    return np.asarray((at.gradient * velocity).sum(axis=-1), dtype=float)
