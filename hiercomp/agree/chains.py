"""Diagnostics of Markov chains, for many quantities at once.

Draws have the shape (quantities, chains, draws). The estimators are those of Vehtari, Gelman, Simpson, Carpenter and
Bürkner (2021), "Rank-normalization, folding, and localization: an improved R-hat", Bayesian Analysis 16(2), as ArviZ
has them; one call for all quantities is what makes thousands of comparisons affordable. The tests hold them to ArviZ.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

# SciPy carries no types.
_special: Any = special


def split(draws: Floats) -> Floats:
    """Return every chain as two: (quantities, 2 * chains, draws // 2); an odd draw in the middle is left out."""
    half = draws.shape[-1] // 2
    return np.concatenate([draws[..., :half], draws[..., -half:]], axis=1)


def flat(draws: Floats) -> Floats:
    """Return all chains one after another: (quantities, chains * draws)."""
    return draws.reshape(draws.shape[0], draws.shape[1] * draws.shape[2])


def normal_scores(values: Floats) -> Floats:
    """Return the normal scores of the ranks along the last axis (Blom's offset); ties share their mean rank."""
    size = values.shape[-1]
    order = np.argsort(values, axis=-1)
    ordered = np.take_along_axis(values, order, axis=-1)
    changes = ordered[..., 1:] != ordered[..., :-1]
    edge = np.ones((*values.shape[:-1], 1), dtype=bool)
    places = np.arange(size, dtype=np.int64)
    first = np.maximum.accumulate(np.where(np.concatenate([edge, changes], axis=-1), places, 0), axis=-1)
    ends = np.where(np.concatenate([changes, edge], axis=-1), places, size)
    last = np.minimum.accumulate(ends[..., ::-1], axis=-1)[..., ::-1]
    # Mean ranks are multiples of a half, so few normal quantiles have to be found.
    quantiles = np.asarray(_special.ndtri((np.arange(2 * size - 1) / 2 + 0.625) / (size + 0.25)), dtype=float)
    scores = np.empty(values.shape)
    np.put_along_axis(scores, order, quantiles[first + last], axis=-1)
    return scores


def folded(values: Floats) -> Floats:
    """Return the distances from the median along the last axis."""
    return np.abs(values - np.median(values, axis=-1, keepdims=True))


def ess(chains: Floats) -> Floats:
    """Return the effective number of draws of each quantity's mean; `chains` are taken as they are (not split).

    Autocovariances by FFT, truncated by Geyer's initial monotone sequence; a constant quantity counts in full.
    """
    count, draws = chains.shape[1:]
    size = count * draws
    centred = chains - chains.mean(axis=-1, keepdims=True)
    padded = 1 << (2 * draws - 1).bit_length()
    spectrum = np.fft.rfft(centred, padded, axis=-1)
    power = np.mean(spectrum.real**2 + spectrum.imag**2, axis=1)
    covariance = np.fft.irfft(power, padded, axis=-1)[:, :draws] / draws
    within = covariance[:, 0] * draws / (draws - 1)
    total = covariance[:, 0] + (np.var(chains.mean(axis=-1), axis=-1, ddof=1) if count > 1 else 0.0)
    constant = np.asarray(np.ptp(flat(chains), axis=-1) == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        rho = 1 - (within[:, None] - covariance) / total[:, None]
    rho[:, 0] = 1.0
    even = 2 * ((draws - 1) // 2)
    pairs = rho[:, 0:even:2] + rho[:, 1:even:2]
    ends = pairs <= 0
    ends[:, -1] = True
    last = np.asarray(ends.argmax(axis=-1), dtype=int)
    kept = np.cumsum(ends, axis=-1) == 0
    monotone = np.minimum.accumulate(np.where(kept, pairs, np.inf), axis=-1)
    remainder = np.maximum(rho[np.arange(len(rho)), 2 * last], 0)
    time = -1 + 2 * np.where(kept, monotone, 0.0).sum(axis=-1) + remainder
    return np.where(constant, float(size), size / np.maximum(time, 1 / np.log10(size)))


def ess_bulk(draws: Floats) -> Floats:
    """Return the effective number of draws for the bulk of the distribution."""
    chains = split(draws)
    return ess(normal_scores(flat(chains)).reshape(chains.shape))


def ess_tail(draws: Floats) -> Floats:
    """Return the smaller of the effective numbers of draws of the 5 % and the 95 % quantile."""
    low, high = np.quantile(flat(draws), [0.05, 0.95], axis=-1)
    below = [ess(split((draws <= limit[:, None, None]).astype(float))) for limit in (low, high)]
    return np.minimum(*below)


def _rhat(chains: Floats) -> Floats:
    draws = chains.shape[-1]
    between = np.var(chains.mean(axis=-1), axis=-1, ddof=1)
    within = np.var(chains, axis=-1, ddof=1).mean(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sqrt(between / within + (draws - 1) / draws)


def rhat(draws: Floats) -> Floats:
    """Return R-hat: rank-normalised, of split chains, the larger of the plain and the folded one.

    nan for a constant quantity; inf where each chain is constant but not all are equal.
    """
    chains = split(draws)
    values = flat(chains)
    plain = _rhat(normal_scores(values).reshape(chains.shape))
    spread = _rhat(normal_scores(folded(values)).reshape(chains.shape))
    return np.fmax(plain, spread)


def bfmi(energy: Floats) -> Floats:
    """Return the estimated fraction of missing information of each chain; `energy` is (chains, draws)."""
    steps = np.square(np.diff(energy, axis=-1)).mean(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return steps / np.var(energy, axis=-1, ddof=1)


def _pareto_shape(excess: Floats) -> Floats:
    """Return the shape of a generalised Pareto distribution for each row of ascending excesses over a threshold.

    Zhang and Stephens (2009), Technometrics 51(3): the posterior mean over a grid in which no likelihood is maximised.
    """
    count = excess.shape[-1]
    grid = 30 + int(count**0.5)
    quartile = excess[:, int(count / 4 + 0.5) - 1]
    steps = 1 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))
    theta = steps / (3 * quartile[:, None]) + 1 / excess[:, -1:]
    shape = np.log1p(-theta[..., None] * excess[:, None, :]).mean(axis=-1)
    likelihood = count * (np.log(-theta / shape) - shape - 1)
    weights = np.exp(likelihood - likelihood.max(axis=-1, keepdims=True))
    best = (theta * weights).sum(axis=-1) / weights.sum(axis=-1)
    return np.log1p(-best[:, None] * excess).mean(axis=-1)


def tail_shape(values: Floats) -> Floats:
    """Return how heavy the heavier tail of each row is: the shape k of a generalised Pareto distribution fitted to the
    3 * sqrt(n) outermost values on either side. Moments of order 1/k and above don't exist. -inf where a tail is flat.
    """
    ordered = np.sort(values, axis=-1)
    count = min(int(3 * values.shape[-1] ** 0.5), values.shape[-1] // 5)
    result = np.full(len(values), -np.inf)
    if count < 5:
        return result
    for side in (ordered, -ordered[:, ::-1]):
        excess = side[:, -count:] - side[:, -count - 1 : -count]
        # Rows with ties at the threshold (discrete quantities) have no tail to fit a continuous distribution to.
        fit = (excess[:, 0] > 0) & (excess[:, -1] > excess[:, 0]) & np.isfinite(excess[:, -1])
        if fit.any():
            result[fit] = np.maximum(result[fit], _pareto_shape(excess[fit]))
    return result
