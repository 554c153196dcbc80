"""Square matrices of bound data: whether they are covariances, correlations, or Cholesky factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, sqrt

from hiercomp.catalog.schema import Shape
from hiercomp.expr import INT, number
from hiercomp.model.ir import Dist
from hiercomp.records import replace

type Rows = Sequence[Sequence[float]]

NAMES: Mapping[str, str] = {
    "cov": "covariance matrix",
    "corr": "correlation matrix",
    "cholesky cov": "Cholesky factor of a covariance matrix",
    "cholesky corr": "Cholesky factor of a correlation matrix",
}
WANTED: Mapping[str, str] = {
    "cov": "a symmetric and positive definite matrix",
    "corr": "a symmetric and positive definite matrix with ones on its diagonal",
    "cholesky cov": "a lower triangular matrix with a diagonal above zero",
    "cholesky corr": "a lower triangular matrix with a diagonal above zero, whose rows have squares that sum to one",
}
# What Stan leaves to rounding when it validates.
_ROUNDING = 1e-8


def flat_matrix(dist: Dist, shape: Shape) -> Dist:
    """Return ``Flat()`` over the elements of a matrix as the constant density of matrices in the space `shape`."""
    if dist.row != "Flat":
        return dist
    if shape == "corr":
        return replace(dist, row="LKJ", args=(("concentration", replace(number(1), type=INT)),))
    return replace(dist, row="Flat-Covariance")


def fault(shape: Shape, rows: Rows) -> str:
    """Return what keeps a matrix from lying in the space `shape`, or nothing. A matrix that is not square is left to
    the check of its lengths."""
    if any(len(row) != len(rows) for row in rows):
        return ""
    places = [(i, j) for i in range(len(rows)) for j in range(i)]
    if shape in ("cholesky cov", "cholesky corr"):
        above = next(((j, i) for i, j in places if rows[j][i] != 0), None)
        if above is not None:
            return f"{rows[above[0]][above[1]]:g} above the diagonal, in row {above[0] + 1}, column {above[1] + 1}"
        low = next((i for i, row in enumerate(rows) if row[i] <= 0), None)
        if low is not None:
            return f"{rows[low][low]:g} on the diagonal, in row {low + 1}"
        sums = [fsum(x * x for x in row) for row in rows] if shape == "cholesky corr" else []
        far = next((i for i, total in enumerate(sums) if abs(total - 1) > _ROUNDING), None)
        return f"squares that sum to {sums[far]:.10g} in row {far + 1}" if far is not None else ""
    uneven = next(((i, j) for i, j in places if abs(rows[i][j] - rows[j][i]) > _ROUNDING), None)
    if uneven is not None:
        i, j = uneven
        return f"{rows[j][i]:g} in row {j + 1}, column {i + 1}, but {rows[i][j]:g} in row {i + 1}, column {j + 1}"
    if shape == "corr":
        other = next((i for i, row in enumerate(rows) if abs(row[i] - 1) > _ROUNDING), None)
        if other is not None:
            return f"{rows[other][other]:g} on the diagonal, in row {other + 1}"
    return "" if _is_positive(rows) else "a symmetric matrix that is not positive definite"


def _is_positive(rows: Rows) -> bool:
    """Say whether a symmetric matrix has a Cholesky factor."""
    factor: list[list[float]] = []
    for i, row in enumerate(rows):
        made: list[float] = []
        for j in range(i):
            made.append((row[j] - fsum(made[k] * factor[j][k] for k in range(j))) / factor[j][j])
        left = row[i] - fsum(x * x for x in made)
        if left <= 0:
            return False
        factor.append([*made, sqrt(left)])
    return True
