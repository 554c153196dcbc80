"""Constrained spaces of vectors and matrices: points of them, and whether a value lies in one."""

from __future__ import annotations

from typing import assert_never

import numpy as np
import numpy.typing as npt

from hiercomp.catalog.schema import Shape

type Floats = npt.NDArray[np.float64]

# A simplex whose elements differ by more is on its boundary to most of the digits that a program keeps of it.
_SMALLEST = 1e-6


def event_rank(shape: Shape) -> int:
    """Return how many of the last axes of a value the space has."""
    return 0 if not shape else 2 if shape in ("corr", "cov", "cholesky corr", "cholesky cov") else 1


def place(shape: Shape, free: Floats) -> Floats:
    """Return a point of the space for free numbers in an array of the same axes; every part of the space is reached."""
    match shape:
        case "":
            return free
        case "simplex":
            moved = np.exp(free - free.max(axis=-1, keepdims=True))
            return moved / moved.sum(axis=-1, keepdims=True)
        case "ordered":
            return np.cumsum(np.concatenate([free[..., :1], np.exp(free[..., 1:])], axis=-1), axis=-1)
        case "positive ordered":
            return np.cumsum(np.exp(free), axis=-1)
        case "sum to zero":
            return free - free.mean(axis=-1, keepdims=True)
        case "unit vector":
            return free / np.linalg.norm(free, axis=-1, keepdims=True)
        case "cholesky cov":
            return np.tril(free, -1) + np.eye(free.shape[-1]) * np.exp(free)
        case "cov":
            # Correlations in units of their own: units as far apart as they like leave them what they are.
            spread = np.exp(np.diagonal(free, axis1=-2, axis2=-1))
            return place("corr", free) * spread[..., :, None] * spread[..., None, :]
        case "corr":
            factor = place("cholesky corr", free)
            found = factor @ np.swapaxes(factor, -1, -2)
            return np.where(np.eye(free.shape[-1], dtype=bool), 1.0, found)
        case "cholesky corr":
            factor = np.tril(free, -1) + np.eye(free.shape[-1])
            return factor / np.linalg.norm(factor, axis=-1, keepdims=True)
        case _:
            assert_never(shape)


def holds(shape: Shape, value: Floats) -> npt.NDArray[np.bool_]:
    """Say for each vector or matrix along the last axes whether it lies in the space, up to rounding."""
    with np.errstate(all="ignore"):
        match shape:
            case "":
                return np.ones(value.shape, dtype=bool)
            case "simplex":
                return (value >= 0).all(axis=-1) & (np.abs(value.sum(axis=-1) - 1) <= 1e-8)
            case "ordered":
                return (np.diff(value, axis=-1) > 0).all(axis=-1)
            case "positive ordered":
                return (np.diff(value, axis=-1, prepend=0.0) > 0).all(axis=-1)
            case "sum to zero":
                size = np.maximum(1.0, np.abs(value).max(axis=-1, initial=0.0))
                return np.abs(value.sum(axis=-1)) <= 1e-8 * size
            case "unit vector":
                return np.abs(np.linalg.norm(value, axis=-1) - 1) <= 1e-8
            case "cov":
                return _positive(value)
            case "corr":
                return _positive(value) & (np.abs(np.diagonal(value, axis1=-2, axis2=-1) - 1) <= 1e-8).all(axis=-1)
            case "cholesky cov":
                lower = np.abs(np.triu(value, 1)).max(axis=(-1, -2), initial=0.0) == 0
                return lower & (np.diagonal(value, axis1=-2, axis2=-1) > 0).all(axis=-1)
            case "cholesky corr":
                lower = np.abs(np.triu(value, 1)).max(axis=(-1, -2), initial=0.0) == 0
                unit = (np.abs(np.linalg.norm(value, axis=-1) - 1) <= 1e-8).all(axis=-1)
                return lower & unit & (np.diagonal(value, axis1=-2, axis2=-1) > 0).all(axis=-1)
            case _:
                assert_never(shape)


def is_symmetric(value: Floats) -> npt.NDArray[np.bool_]:
    """Say for each matrix whether it is symmetric, up to rounding, with a diagonal above zero."""
    return _scaled(value)[1]


def _positive(value: Floats) -> npt.NDArray[np.bool_]:
    scaled, symmetric = _scaled(value)
    return symmetric & (np.linalg.eigvalsh(scaled).min(axis=-1, initial=np.inf) > 0)


def _scaled(value: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return matrices in units of their diagonals, the identity where that cannot be, and which are symmetric."""
    # Units do not matter: what counts are the correlations, and these keep their digits.
    own = np.diagonal(value, axis1=-2, axis2=-1)
    good = np.isfinite(value).all(axis=(-1, -2)) & (own > 0).all(axis=-1)
    spread = np.sqrt(np.where(good[..., None], own, 1.0))
    scaled = np.where(good[..., None, None], value, np.eye(value.shape[-1])) / (
        spread[..., None] * spread[..., None, :]
    )
    symmetric = np.abs(scaled - np.swapaxes(scaled, -1, -2)).max(axis=(-1, -2), initial=0.0) <= 1e-8
    return scaled, good & symmetric


def well_inside(shape: Shape, value: Floats) -> bool:
    """Say whether all vectors or matrices of `value` lie in the space, far enough from its boundary for programs that
    keep a part of the digits only: a stick that is broken again and again is what is left of one."""
    if not bool(holds(shape, value).all()):
        return False
    match shape:
        case "simplex":
            return bool((value > _SMALLEST).all())
        case "ordered" | "positive ordered":
            gaps = np.diff(value, axis=-1)
            return bool((gaps > _SMALLEST * np.maximum(1.0, np.abs(value[..., 1:]))).all())
        case "cov" | "corr" | "cholesky corr" | "cholesky cov":
            factor = shape not in ("cov", "corr")
            own = np.diagonal(value, axis1=-2, axis2=-1) if factor else np.linalg.eigvalsh(_scaled(value)[0])
            return bool((own.min(axis=-1) > _SMALLEST * own.max(axis=-1)).all())
        case _:
            return True
