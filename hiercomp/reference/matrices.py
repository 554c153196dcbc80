"""Square matrices and their Cholesky factors."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp.reference.spaces import is_symmetric

type Floats = npt.NDArray[np.float64]
type Array = npt.NDArray[Any]

# One for the elements of a matrix, the others for its decomposition.
_UNITS = 4


def cholesky(matrix: Array) -> Floats:
    """Return the Cholesky factor of each matrix along the last two axes, nan where it has none."""
    matrix = np.asarray(matrix, dtype=float)
    good = is_symmetric(matrix)[..., np.newaxis, np.newaxis]
    return np.where(good, _decomposed(np.where(good, matrix, np.eye(matrix.shape[-1]))), np.nan)


def _decomposed(matrix: Floats) -> Floats:
    try:
        return np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        if matrix.ndim == 2:
            return np.full(matrix.shape, np.nan)
        return np.stack([_decomposed(part) for part in matrix])


def inverse(matrix: Array) -> Floats:
    """Return the inverse of each matrix along the last two axes, nan where it has none."""
    matrix = np.asarray(matrix, dtype=float)
    good = (np.linalg.det(matrix) != 0)[..., np.newaxis, np.newaxis]
    return np.where(good, np.linalg.inv(np.where(good, matrix, np.eye(matrix.shape[-1]))), np.nan)


def add_diagonal(matrix: Array, number: Array) -> Floats:
    """Return each matrix with a number added along its diagonal."""
    return matrix + number[..., np.newaxis, np.newaxis] * np.eye(matrix.shape[-1])


def rounded(matrix: Array, seed: int | None) -> Floats:
    """Return symmetric matrices with each element moved up or down by a few units of rounding, as the seed says.

    That is what two programs differ by which compute and decompose matrices in their own ways. None: as they are.
    """
    matrix = np.asarray(matrix, dtype=float)
    if seed is None:
        return matrix
    upper = np.triu(np.random.default_rng(seed).choice([-1.0, 1.0], size=matrix.shape))
    signs = upper + np.swapaxes(np.triu(upper, 1), -1, -2)
    return matrix * (1 + _UNITS * np.finfo(float).eps * signs)
