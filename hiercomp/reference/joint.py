"""Joint distributions of vectors by their covariance, and of correlation matrices: log densities and draws.

Arrays have leading axes that broadcast, then those of the parameter or the variate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special as scipy_special

from hiercomp.reference.matrices import cholesky
from hiercomp.reference.spaces import holds

type Floats = npt.NDArray[np.float64]
type Array = npt.NDArray[Any]
type Args = Mapping[str, Array]
type Event = tuple[int, ...]

special: Any = scipy_special  # some of its functions have no types

_LOG_TWO_PI = float(np.log(2 * np.pi))


def _scaled(factor: Array, away: Array) -> tuple[Floats, Floats]:
    """Return the squared Mahalanobis distance of each vector, and half the log determinant of the covariance."""
    lead = np.broadcast_shapes(factor.shape[:-2], away.shape[:-1])
    full = np.broadcast_to(factor, (*lead, *factor.shape[-2:]))
    column = np.broadcast_to(away, (*lead, away.shape[-1]))[..., None]
    z = np.linalg.solve(np.tril(full), column)[..., 0]
    return np.square(z).sum(axis=-1), np.log(np.diagonal(full, axis1=-2, axis2=-1)).sum(axis=-1)


def _normal(factor: Array, away: Array) -> Floats:
    distance, half_log_det = _scaled(factor, away)
    return -0.5 * (distance + away.shape[-1] * _LOG_TWO_PI) - half_log_det


def normal(args: Args, x: Array) -> Floats:
    """Return the log density of a multivariate normal with a covariance matrix."""
    return _normal(cholesky(args["cov"]), x - args["mean"])


def normal_precision(args: Args, x: Array) -> Floats:
    """Return the log density of a multivariate normal with the inverse of its covariance."""
    factor, away = np.asarray(cholesky(args["precision"]), dtype=float), x - args["mean"]
    distance = np.square(np.vecmat(away, factor)).sum(axis=-1)
    half_log_det = np.log(np.diagonal(factor, axis1=-2, axis2=-1)).sum(axis=-1)
    return half_log_det - 0.5 * (distance + away.shape[-1] * _LOG_TWO_PI)


def normal_cholesky(args: Args, x: Array) -> Floats:
    """Return the log density of a multivariate normal with the Cholesky factor of its covariance."""
    factor = np.asarray(args["cholesky"], dtype=float)
    good = holds("cholesky cov", factor)[..., None, None]
    return _normal(np.where(good, factor, np.nan), x - args["mean"])


def _correlated(mean: Array, factor: Array, rng: np.random.Generator) -> Floats:
    return mean + np.matvec(factor, rng.standard_normal(mean.shape))


def draw_normal(args: Args, rng: np.random.Generator, _: Event) -> Array:
    """Return draws of a multivariate normal with a covariance matrix, one for each mean."""
    return _correlated(args["mean"], cholesky(args["cov"]), rng)


def draw_normal_precision(args: Args, rng: np.random.Generator, _: Event) -> Array:
    """Return draws of a multivariate normal with the inverse of its covariance, one for each mean."""
    upper = np.swapaxes(cholesky(args["precision"]), -1, -2)
    away = np.linalg.solve(upper, rng.standard_normal(args["mean"].shape)[..., None])[..., 0]
    return args["mean"] + away


def draw_normal_cholesky(args: Args, rng: np.random.Generator, _: Event) -> Array:
    """Return draws of a multivariate normal with the factor of its covariance, one for each mean."""
    return _correlated(args["mean"], args["cholesky"], rng)


def student_t(args: Args, x: Array) -> Floats:
    """Return the log density of a multivariate Student t with a scale matrix."""
    df, size = np.asarray(args["df"], dtype=float), x.shape[-1]
    distance, half_log_det = _scaled(cholesky(args["scale"]), x - args["location"])
    value = special.gammaln((df + size) / 2) - special.gammaln(df / 2) - size / 2 * np.log(df * np.pi) - half_log_det
    return np.where(df > 0, value - (df + size) / 2 * np.log1p(distance / df), np.nan)


def draw_student_t(args: Args, rng: np.random.Generator, _: Event) -> Array:
    """Return draws of a multivariate Student t, one for each location: normal ones, divided by a common scale."""
    around = _correlated(np.zeros_like(args["location"], dtype=float), cholesky(args["scale"]), rng)
    return args["location"] + around * np.sqrt(args["df"] / rng.chisquare(args["df"]))[..., None]


def _wishart(df: Floats, one: Array, other: Array, size: int) -> tuple[Floats, Floats]:
    """Return what both densities have in common: the trace of one matrix over another, and the constant."""
    trace = np.square(np.linalg.solve(*np.broadcast_arrays(other, one))).sum(axis=(-1, -2))
    steps = (df[..., None] - np.arange(size)) / 2
    logs = special.gammaln(np.where(steps > 0, steps, 1.0)).sum(axis=-1)
    return trace, -df * size / 2 * np.log(2) - size * (size - 1) / 4 * np.log(np.pi) - logs


def _half_log_det(factor: Array) -> Floats:
    return np.asarray(np.log(np.diagonal(factor, axis1=-2, axis2=-1)).sum(axis=-1), dtype=float)


def _where_covariance(value: Floats, df: Floats, x: Array) -> Floats:
    return np.where(df > x.shape[-1] - 1, np.where(holds("cov", x), value, -np.inf), np.nan)


def wishart(args: Args, x: Array) -> Floats:
    """Return the log density of a Wishart matrix on the scale of its elements (Gelman et al. 2013, appendix A)."""
    df, factor, root = np.asarray(args["df"], dtype=float), cholesky(x), cholesky(args["scale"])
    trace, constant = _wishart(df, factor, root, x.shape[-1])
    value = constant + (df - x.shape[-1] - 1) * _half_log_det(factor) - df * _half_log_det(root) - trace / 2
    return _where_covariance(value, df, x)


def inverse_wishart(args: Args, x: Array) -> Floats:
    """Return the log density of a matrix whose inverse is Wishart (Gelman et al. 2013, appendix A)."""
    df, factor, root = np.asarray(args["df"], dtype=float), cholesky(x), cholesky(args["scale"])
    trace, constant = _wishart(df, root, factor, x.shape[-1])
    value = constant + df * _half_log_det(root) - (df + x.shape[-1] + 1) * _half_log_det(factor) - trace / 2
    return _where_covariance(value, df, x)


def draw_wishart(args: Args, rng: np.random.Generator, event: Event) -> Array:
    """Return draws by Bartlett's decomposition, one for each number of degrees of freedom."""
    df, root = np.asarray(args["df"], dtype=float), cholesky(args["scale"])
    size = event[-1]
    below = np.tril(rng.standard_normal((*df.shape, size, size)), -1)
    factor = root @ (below + np.eye(size) * np.sqrt(rng.chisquare(df[..., None] - np.arange(size)))[..., None, :])
    return np.asarray(factor @ np.swapaxes(factor, -1, -2))


def draw_inverse_wishart(args: Args, rng: np.random.Generator, event: Event) -> Array:
    """Return inverses of draws that are Wishart."""
    inverse = np.linalg.inv(draw_wishart({**args, "scale": np.linalg.inv(args["scale"])}, rng, event))
    return np.asarray((inverse + np.swapaxes(inverse, -1, -2)) / 2)


def _lkj_constant(concentration: Array, size: int) -> Floats:
    """Return minus the log normaliser (Lewandowski, Kurowicka and Joe 2009, equation 16, by the beta functions of the
    C-vine), with the exponent `concentration` - 1 of the determinant."""
    total = np.zeros_like(concentration, dtype=float)
    for k in range(1, size):
        b = concentration + (size - 1 - k) / 2
        total = total + (size - k) * ((2 * b - 1) * np.log(2) + special.betaln(b, b))
    return -total


def lkj(args: Args, x: Array) -> Floats:
    """Return the log density of a correlation matrix, on the scale of its elements."""
    concentration = np.asarray(args["concentration"], dtype=float)
    half_log_det = np.log(np.diagonal(cholesky(x), axis1=-2, axis2=-1)).sum(axis=-1)
    value = _lkj_constant(concentration, x.shape[-1]) + 2 * (concentration - 1) * half_log_det
    return np.where(concentration > 0, np.where(holds("corr", x), value, -np.inf), np.nan)


def lkj_cholesky(args: Args, x: Array) -> Floats:
    """Return the log density of the Cholesky factor of a correlation matrix, on the scale of its lower elements.

    The determinant of the map from factors to matrices adds K - i times the log of diagonal element i (from 1).
    """
    concentration = np.asarray(args["concentration"], dtype=float)
    size = x.shape[-1]
    logs = np.log(np.diagonal(x, axis1=-2, axis2=-1))
    below: Floats = np.arange(size - 1, -1, -1, dtype=float)
    twice: Floats = np.expand_dims(2 * (concentration - 1), -1)
    powers: Floats = np.add(twice, below)
    value = _lkj_constant(concentration, size) + (powers * logs).sum(axis=-1)
    return np.where(concentration > 0, np.where(holds("cholesky corr", x), value, -np.inf), np.nan)


def draw_lkj_cholesky(args: Args, rng: np.random.Generator, event: Event) -> Array:
    """Return draws row by row: a direction of the sphere, and how much of the row lies in it (the onion method)."""
    concentration = np.asarray(args["concentration"], dtype=float)
    size = event[-1]
    factor = np.zeros((*concentration.shape, size, size))
    factor[..., 0, 0] = 1.0
    for i in range(1, size):
        share = rng.beta(i / 2, concentration + (size - 1 - i) / 2)
        direction = rng.standard_normal((*concentration.shape, i))
        direction /= np.linalg.norm(direction, axis=-1, keepdims=True)
        factor[..., i, :i] = np.sqrt(share)[..., None] * direction
        factor[..., i, i] = np.sqrt(1 - share)
    return factor


def draw_lkj(args: Args, rng: np.random.Generator, event: Event) -> Array:
    """Return draws of correlation matrices, one for each concentration."""
    factor = draw_lkj_cholesky(args, rng, event)
    found = factor @ np.swapaxes(factor, -1, -2)
    return np.where(np.eye(event[-1], dtype=bool), 1.0, found)
