"""Two sets of draws compared, quantity by quantity: every comparison is a difference of two means of scores.

The mean of a quantity, its variance, the probability below a quantile, the mean rank and the mean folded rank are all
means of some score of the draws, and the Monte Carlo standard error of each follows from the score's own variance
and autocorrelation. A quantile is compared by the fraction of either set's draws below the quantile of both together,
which in units of its standard error is the same (to first order) as the difference of the two quantiles, and needs
no density estimate; an sd by the mean square about the midpoint of the two means. Differences of self-normalised means
are symmetric and light-tailed even where the quantity is neither, so z has the tails of a normal deviate, or thinner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hiercomp.agree.chains import Floats, ess_mean, flat, folded, normal_scores

PROBABILITIES = (0.05, 0.5, 0.95)
STATISTICS = ("mean", "sd", "q5", "q50", "q95", "rank", "spread")
MOMENTS = ("mean", "sd")

# How many effective draws make one degree of freedom of a standard error. The autocorrelation time is a sum over a
# window of several times its own length, so its error is that of a variance of far fewer values than the draws.
# Found by simulation (benchmarks/false_alarms.py): with 10, |z| of autocorrelated chains exceeds 2.6, 3.3 and 3.7 as
# often as a normal deviate does.
DRAWS_PER_DEGREE = 10.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of one block of quantities, each of shape (quantities,) or (statistics, quantities).

    `z` are normal deviates of the statistics in `STATISTICS`, signed (first minus second). `shift` is what one standard
    error of the difference of the means amounts to, in sds of the quantity, `rank_shift` the same for the mean normal
    score, which exists for every distribution; `degrees` and `rank_degrees` are the degrees of freedom of either.
    """

    z: Floats
    mean: tuple[Floats, Floats]
    sd: tuple[Floats, Floats]
    quantiles: tuple[Floats, Floats]
    shift: Floats
    rank_shift: Floats
    degrees: Floats
    rank_degrees: Floats


def normal_equivalent(t: Floats, degrees: Floats) -> Floats:
    """Return the normal deviate as improbable as `t` with so many degrees of freedom.

    Wallace (1959), Annals of Mathematical Statistics 30(4): at 20 degrees right to 0.002 for t = 4, too small
    by 0.01 for t = 10; never underflows.
    """
    scale = (8 * degrees + 1) / (8 * degrees + 3)
    with np.errstate(over="ignore"):
        return np.sign(t) * scale * np.sqrt(degrees * np.log1p(np.square(t) / degrees))


def t_equivalent(z: Floats, degrees: Floats) -> Floats:
    """Return the inverse of `normal_equivalent` for z >= 0."""
    scale = (8 * degrees + 3) / (8 * degrees + 1)
    return np.sqrt(degrees * np.expm1(np.square(z * scale) / degrees))


def mean_difference(first: Floats, second: Floats) -> tuple[Floats, Floats, Floats]:
    """Return z of the difference of two means, its standard error and the degrees of freedom of that.

    Scores are (quantities, chains, draws).
    """
    parts = [(flat(scores), ess_mean(scores)) for scores in (first, second)]
    difference = parts[0][0].mean(axis=-1) - parts[1][0].mean(axis=-1)
    error = np.sqrt(sum(values.var(axis=-1, ddof=1) / count for values, count in parts))
    # Draws that alternate count for more than themselves in a mean, but say no more about their own autocorrelation.
    degrees = np.maximum(sum(np.minimum(count, values.shape[-1]) for values, count in parts) / DRAWS_PER_DEGREE, 4.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(difference == 0, 0.0, difference / error)
    return normal_equivalent(t, degrees), error, degrees


def compare_draws(first: Floats, second: Floats) -> Scores:
    """Compare two blocks of draws, (quantities, chains, draws) each; chains and draws may differ in number.

    No value is nan. Moments are returned for every quantity: whether they exist is for the caller to say.
    """
    sides = (first, second)
    size = flat(first).shape[-1]
    together = np.concatenate([flat(first), flat(second)], axis=-1)
    centre = np.median(together, axis=-1)
    with np.errstate(over="ignore", invalid="ignore"):
        means = [flat(side).mean(axis=-1) for side in sides]
        sds = [flat(side).std(axis=-1, ddof=1) for side in sides]
        width = np.hypot(*sds)
        unit = np.where((width > 0) & np.isfinite(width), width, 1.0)[:, None, None]
        scaled = [(side - centre[:, None, None]) / unit for side in sides]
        middle = (flat(scaled[0]).mean(axis=-1) + flat(scaled[1]).mean(axis=-1))[:, None, None] / 2
        mean_z, mean_error, degrees = mean_difference(scaled[0], scaled[1])
        rows = [mean_z, mean_difference(*(np.square(side - middle) for side in scaled))[0]]
    for limit in np.quantile(together, PROBABILITIES, axis=-1):
        bound = limit[:, None, None]
        # Half of a tie counts as below, so that discrete quantities are compared too. More below: a smaller quantile.
        rows.append(-mean_difference(*((side < bound) + 0.5 * (side == bound) for side in sides))[0])
    ranks = normal_scores(together)
    rank_z, rank_error, rank_degrees = mean_difference(*_apart(ranks, size, sides))
    spread = normal_scores(folded(together))
    rows += [rank_z, mean_difference(*_apart(spread, size, sides))[0]]
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        shift = mean_error / np.sqrt(sum(flat(side).var(axis=-1, ddof=1) for side in scaled) / 2)
    quantiles = [np.quantile(flat(side), PROBABILITIES, axis=-1) for side in sides]
    return Scores(
        z=np.array(rows),
        mean=(means[0], means[1]),
        sd=(sds[0], sds[1]),
        quantiles=(quantiles[0], quantiles[1]),
        shift=shift,
        rank_shift=rank_error,
        degrees=degrees,
        rank_degrees=rank_degrees,
    )


def _apart(values: Floats, size: int, sides: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    return values[:, :size].reshape(sides[0].shape), values[:, size:].reshape(sides[1].shape)
