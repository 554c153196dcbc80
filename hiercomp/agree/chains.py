"""Diagnostics of Markov chains: ArviZ's, for many quantities at once. Draws have the shape (quantities, chains, draws).

All estimators of convergence and of Monte Carlo error are those of `arviz_stats`; here they get the shape and the
answers for degenerate quantities that the comparison of posteriors needs. What ArviZ has no public function for are
normal scores of ranks as values in their own right, which the comparison takes differences of.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
from arviz_stats.base.array import array_stats
from scipy import special, stats

Floats = npt.NDArray[np.float64]

# Neither carries types.
_arviz: Any = array_stats
_special: Any = special
_stats: Any = stats


def flat(draws: Floats) -> Floats:
    """Return all chains one after another: (quantities, chains * draws)."""
    return draws.reshape(draws.shape[0], draws.shape[1] * draws.shape[2])


def normal_scores(values: Floats) -> Floats:
    """Return the normal scores of the ranks along the last axis (Blom's offset); ties share their mean rank."""
    size = values.shape[-1]
    # Mean ranks are multiples of a half, so few normal quantiles have to be found.
    quantiles = np.asarray(_special.ndtri((np.arange(2 * size - 1) / 2 + 0.625) / (size + 0.25)), dtype=float)
    ranks = np.asarray(_stats.rankdata(values, axis=-1))
    return quantiles[(2 * ranks - 2).astype(np.int64)]


def folded(values: Floats) -> Floats:
    """Return the distances from the median along the last axis."""
    return np.abs(values - np.median(values, axis=-1, keepdims=True))


def ess_mean(draws: Floats) -> Floats:
    """Return the effective number of draws of each quantity's mean; a constant quantity counts in full."""
    with np.errstate(all="ignore"):
        return np.asarray(_arviz.ess(_in_own_units(draws), method="mean"), dtype=float)


def _in_own_units(draws: Floats) -> Floats:
    """Return the draws in units of their range: ArviZ takes a range below 1e-15 for that of a constant."""
    low, high = (bound(draws, axis=(-2, -1), keepdims=True) for bound in (np.min, np.max))
    width = high - low
    return (draws - low) / np.where((width > 0) & np.isfinite(width), width, 1.0)


def ess_bulk(draws: Floats) -> Floats:
    """Return the effective number of draws for the bulk of the distribution."""
    with np.errstate(all="ignore"):
        return np.asarray(_arviz.ess(draws, method="bulk"), dtype=float)


def ess_tail(draws: Floats) -> Floats:
    """Return the smaller of the effective numbers of draws of the 5 % and the 95 % quantile."""
    with np.errstate(all="ignore"):
        return np.asarray(_arviz.ess(draws, method="tail", prob=(0.05, 0.95)), dtype=float)


def rhat(draws: Floats) -> Floats:
    """Return R-hat: rank-normalised, of split chains, the larger of the plain and the folded one.

    nan for a constant quantity; inf where each chain is constant but not all are equal.
    """
    with np.errstate(all="ignore"):
        return np.asarray(_arviz.rhat(draws, method="rank"), dtype=float)


def bfmi(energy: Floats) -> Floats:
    """Return the estimated fraction of missing information of each chain; `energy` is (chains, draws)."""
    with np.errstate(all="ignore"):
        return np.asarray(_arviz.bfmi(energy), dtype=float)


def tail_shape(draws: Floats) -> Floats:
    """Return how heavy the heavier tail of each quantity is: Pareto k-hat of the outermost draws on either side.

    Moments of order 1/k and above don't exist. -inf where a tail is flat, as those of discrete quantities are, or
    where there are too few draws to fit anything.
    """
    return np.array([max(_one_tail(rows, "left"), _one_tail(rows, "right")) for rows in draws], dtype=float)


def _one_tail(draws: Floats, side: str) -> float:
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            shape = float(_arviz.pareto_khat(draws, r_eff=1.0, tail=side))
    except ValueError:
        # ArviZ refuses a tail of fewer than five draws, and one of which all are the same.
        return -np.inf
    return -np.inf if np.isnan(shape) else shape
