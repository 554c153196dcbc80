"""Log densities of catalogue rows, exact in the tails: SciPy's, or the row's own expression where that is exacter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy import stats

from hiercomp.catalog import Distribution, Unsupported
from hiercomp.expr import Expr
from hiercomp.reference.evaluate import Frame, evaluate
from hiercomp.reference.families import FAMILIES

type Floats = npt.NDArray[np.float64]
type Args = Mapping[str, npt.NDArray[Any]]

_LOG_TWO = float(np.log(2.0))


def _tree(tree: Expr, args: Args, x: npt.NDArray[Any] | None = None) -> Floats:
    """Evaluate a tree of the row; arguments and variate have been aligned, so they broadcast."""
    values = dict(args) if x is None else {**args, "x": x}
    return np.asarray(evaluate(tree, Frame(values, {})), dtype=float)


def _scipy(row: Distribution, method: str, args: Args, *x: npt.NDArray[Any], **more: Any) -> Any:
    if isinstance(row.scipy, Unsupported):
        raise NotImplementedError(f"{row.name}: {row.scipy.reason}")
    family: Any = FAMILIES.get(row.scipy.name) or getattr(stats, row.scipy.name)
    keywords = {key: _tree(tree, args) for key, tree in zip(row.scipy.keywords, row.scipy.args, strict=True)}
    with np.errstate(all="ignore"):
        return getattr(family, method)(*x, **keywords, **more)


def bounds(row: Distribution, args: Args) -> tuple[Floats, Floats]:
    """Return the lower and the upper end of the variate's support, infinite where there is none."""
    low = np.asarray(-np.inf) if row.lower is None else _tree(row.lower, args)
    high = np.asarray(np.inf) if row.upper is None else _tree(row.upper, args)
    return low, high


def log_density(row: Distribution, args: Args, x: npt.NDArray[Any]) -> Floats:
    """Return the log density (or log probability) of each element of `x`, with all constants.

    -inf outside the support, also between integers for a discrete row; nan where an argument is outside its own
    support. An improper row is 0 within its support.
    """
    if row.log_density is not None:
        value = _tree(row.log_density, args, x)
    else:
        value = np.asarray(_scipy(row, "logpmf" if row.kind == "discrete" else "logpdf", args, x), dtype=float)
        if row.reference_half:
            value = value + _LOG_TWO
    low, high = bounds(row, args)
    outside = (x < low) | (x > high)
    if row.kind == "discrete":
        outside |= x != np.floor(x)
    elif row.log_density is not None:
        # On the very edge an expression may be inf - inf.
        outside |= np.isnan(value) & ((x == low) | (x == high))
    return np.where(outside, -np.inf, value)


def log_cdf(row: Distribution, args: Args, x: npt.NDArray[Any]) -> Floats:
    """Return log P(X <= x), exact where it is small."""
    return _tail(row, "logcdf", row.log_cdf, args, x, below=-np.inf, above=0.0)


def log_ccdf(row: Distribution, args: Args, x: npt.NDArray[Any]) -> Floats:
    """Return log P(X > x), exact where it is small."""
    return _tail(row, "logsf", row.log_ccdf, args, x, below=0.0, above=-np.inf)


def _tail(
    row: Distribution, method: str, tree: Expr | None, args: Args, x: npt.NDArray[Any], *, below: float, above: float
) -> Floats:
    low, high = bounds(row, args)
    if tree is not None:
        value = _tree(tree, args, np.floor(x) if row.kind == "discrete" else x)
    elif row.reference_half:
        # P(|T| <= x) = 1 - 2 P(T > x), and P(|T| > x) = 2 P(T > x).
        sided = np.asarray(_scipy(row, "logsf", args, x), dtype=float) + _LOG_TWO
        with np.errstate(all="ignore"):
            value = sided if method == "logsf" else np.log(-np.expm1(sided))
    else:
        value = np.asarray(_scipy(row, method, args, x), dtype=float)
    with np.errstate(invalid="ignore"):
        floor = np.floor(x) if row.kind == "discrete" else x
        under = floor < low if row.kind == "discrete" else x <= low
        return np.where(under, below, np.where(x >= high, above, value))


def log_mass(row: Distribution, args: Args, lower: Floats | None, upper: Floats | None) -> Floats:
    """Return log P(lower <= X <= upper) without cancellation in either tail; None is an open side."""
    if lower is not None and row.kind == "discrete":
        lower = np.ceil(lower) - 1.0
    if lower is None:
        return np.asarray(0.0) if upper is None else log_cdf(row, args, upper)
    if upper is None:
        return log_ccdf(row, args, lower)
    with np.errstate(all="ignore"):
        below, above = log_cdf(row, args, lower), log_ccdf(row, args, upper)
        left, right = log_cdf(row, args, upper), log_ccdf(row, args, lower)
        # Both bounds left of the median: a difference of distribution functions; both right of it: of their
        # complements; one on each side: what is missing from one.
        half = -_LOG_TWO
        by_left = left + np.log(-np.expm1(below - left))
        by_right = right + np.log(-np.expm1(above - right))
        by_both = np.log1p(-(np.exp(below) + np.exp(above)))
        return cast(Floats, np.where(left < half, by_left, np.where(right < half, by_right, by_both)))


def draw(row: Distribution, args: Args, rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Return independent draws. Raises NotImplementedError for an improper row."""
    values = np.asarray(_scipy(row, "rvs", args, size=shape, random_state=rng))
    return np.abs(values) if row.reference_half else values


def draw_within(
    row: Distribution,
    args: Args,
    rng: np.random.Generator,
    shape: tuple[int, ...],
    within: tuple[Floats | None, Floats | None],
) -> Floats:
    """Return draws given that the variate lies within [lower, upper], by inverting the nearer tail; None is open.

    The result is clipped to the bounds: a quantile function may round across them.
    """
    low = np.asarray(-np.inf) if within[0] is None else within[0]
    high = np.asarray(np.inf) if within[1] is None else within[1]
    uniform = np.asarray(rng.uniform(size=shape))
    first = np.ceil(low) - 1.0 if row.kind == "discrete" else low
    with np.errstate(all="ignore"):
        below, beyond = np.exp(log_cdf(row, args, first)), np.exp(log_ccdf(row, args, high))
        upto, above = np.exp(log_cdf(row, args, high)), np.exp(log_ccdf(row, args, first))
        by_left = _quantile(row, "ppf", args, below + uniform * (upto - below))
        by_right = _quantile(row, "isf", args, above - uniform * (above - beyond))
        values = np.where(above < 0.5, by_right, by_left)
    if row.kind == "discrete":
        return np.clip(values, np.ceil(low), np.floor(high))
    return np.clip(values, low, high)


def _quantile(row: Distribution, method: str, args: Args, probability: Floats) -> Floats:
    if row.reference_half:
        tail = (1.0 - probability if method == "ppf" else probability) / 2.0
        return np.asarray(_scipy(row, "isf", args, tail), dtype=float)
    return np.asarray(_scipy(row, method, args, probability), dtype=float)
