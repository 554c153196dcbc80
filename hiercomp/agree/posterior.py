"""Whether two fits are draws from the same posterior.

In two steps, because the false-alarm rate is held for everything that one command compares: `measure` turns two fits
into normal deviates, `judge` sets the limit from the number of deviates of all models together and gives verdicts.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

from hiercomp.agree.chains import Floats, flat, rhat, tail_shape
from hiercomp.agree.convergence import MAX_RHAT, judge_fit
from hiercomp.agree.draws import constants, match_draws, statistic
from hiercomp.agree.quantities import Compared, Comparison, Pair, PosteriorResult, Quantity
from hiercomp.agree.scores import MOMENTS, PROBABILITIES, STATISTICS, compare_draws, t_equivalent

FALSE_ALARM_RATE = 0.01
POWER = 0.95
HEAVY_TAIL = 0.5
BLOCK = 64
_HUGE = 1e300

# SciPy carries no types.
_normal: Any = stats.norm


def measure(
    first: Any,
    second: Any,
    names: Iterable[str] | None = None,
    *,
    labels: tuple[str, str] = ("stan", "pymc"),
    without_variance: Collection[str] = (),
) -> Comparison:
    """Measure how far the posteriors of two fits (ArviZ DataTrees) lie apart.

    `names` restricts the variables compared (all but ``log_lik`` and ``y_rep`` otherwise). `without_variance` names
    those, variables or single quantities, known to have none; whatever has tails that say so is treated alike.
    """
    matched = match_draws(first, second, names, labels)
    still, distance = constants(matched)
    # An overflow to infinity has a rank, and quantiles; nan has neither.
    sides = [np.clip(side, -_HUGE, _HUGE) for side in (matched.first, matched.second)]
    lost = np.array([np.isnan(flat(side)).any(axis=-1) for side in sides]).any(axis=0)
    moving = np.flatnonzero(~still & ~lost)
    quantities: dict[int, Quantity] = {}
    for start in range(0, len(moving), BLOCK):
        rows = moving[start : start + BLOCK]
        heavy = np.array([_named(matched.names[int(row)], without_variance) for row in rows])
        block = _measure_block([matched.names[int(row)] for row in rows], sides[0][rows], sides[1][rows], heavy)
        quantities |= dict(zip(rows.tolist(), block, strict=True))
    for row in np.flatnonzero(still | lost).tolist():
        quantities[row] = _without_z(matched.names[row], sides[0][row], sides[1][row], bool(still[row]), distance[row])
    judged = [matched.names[int(row)] for row in moving]
    fits = [
        judge_fit(label, side[moving], judged, statistic(tree, "diverging"), statistic(tree, "energy"))
        for label, side, tree in zip(labels, sides, (first, second), strict=True)
    ]
    ordered = tuple(quantities[row] for row in sorted(quantities))
    return Comparison(labels, ordered, (fits[0], fits[1]), matched.unmatched)


def _named(name: str, names: Collection[str]) -> bool:
    return name in names or name.partition("[")[0] in names


def _measure_block(names: list[str], first: Floats, second: Floats, heavy: Any) -> list[Quantity]:
    scores = compare_draws(first, second)
    draws = min(first.shape[-1], second.shape[-1])
    across = rhat(np.concatenate([first[..., :draws], second[..., :draws]], axis=1))
    shapes = np.maximum(tail_shape(first), tail_shape(second))
    finite = np.isfinite(scores.z[: len(MOMENTS)]).all(axis=0)
    quantities: list[Quantity] = []
    for k, name in enumerate(names):
        tame = bool(not heavy[k] and shapes[k] <= HEAVY_TAIL and finite[k])
        quantities.append(
            Quantity(
                name=name,
                compared="all" if tame else "quantiles",
                mean=(float(scores.mean[0][k]), float(scores.mean[1][k])),
                sd=(float(scores.sd[0][k]), float(scores.sd[1][k])),
                quantiles=tuple((float(a[k]), float(b[k])) for a, b in zip(*scores.quantiles, strict=True)),
                z={word: float(scores.z[row, k]) for row, word in enumerate(STATISTICS) if tame or word not in MOMENTS},
                rhat=float(across[k]),
                shift=float(scores.shift[k] if tame else scores.rank_shift[k]),
                degrees=float(scores.degrees[k] if tame else scores.rank_degrees[k]),
            )
        )
    return quantities


def _without_z(name: str, first: Floats, second: Floats, constant: bool, distance: float) -> Quantity:
    with np.errstate(all="ignore"):
        pairs = [(float(a), float(b)) for a, b in ((np.mean(first), np.mean(second)), (np.std(first), np.std(second)))]
        quantiles = tuple((float(np.quantile(first, p)), float(np.quantile(second, p))) for p in PROBABILITIES)
    compared: Compared = "constant" if constant else "nothing"
    return Quantity(
        name, compared, pairs[0], pairs[1], quantiles, {}, math.nan, distance=float(distance) if constant else 0.0
    )


def judge(
    comparisons: Mapping[str, Comparison], false_alarm_rate: float = FALSE_ALARM_RATE
) -> dict[str, PosteriorResult]:
    """Give the verdicts on all models of one command; the probability that any of them wrongly says 'disagree' is at
    most `false_alarm_rate`, by Bonferroni's inequality, however the quantities depend on each other."""
    total = sum(comparison.count for comparison in comparisons.values())
    limit = float(_normal.isf(false_alarm_rate / (2 * max(total, 1))))
    return {name: _judge_one(item, limit, total, false_alarm_rate) for name, item in comparisons.items()}


def compare_posteriors(
    first: Any,
    second: Any,
    names: Iterable[str] | None = None,
    *,
    labels: tuple[str, str] = ("stan", "pymc"),
    without_variance: Collection[str] = (),
    false_alarm_rate: float = FALSE_ALARM_RATE,
) -> PosteriorResult:
    """Compare two fits that are all that a command compares: `measure`, then `judge`."""
    return judge(
        {"": measure(first, second, names, labels=labels, without_variance=without_variance)}, false_alarm_rate
    )[""]


def _judge_one(comparison: Comparison, limit: float, total: int, rate: float) -> PosteriorResult:
    items = comparison.quantities
    worst = max(items, key=lambda item: item.max_z, default=None)
    differing = sorted((item for item in items if item.max_z > limit), key=lambda item: -item.max_z)
    words = [_difference(item, comparison.labels) for item in differing]
    doubts = [reason for fit in comparison.fits for reason in fit.reasons]
    doubts += [f"{item.name} has draws that are not numbers" for item in items if item.compared == "nothing"]
    if not any(item.compared != "nothing" for item in items):
        doubts.append("the fits have no quantity in common")
    if not doubts and not differing:
        # Two fits at the edge of convergence can be here without any difference, so it is a doubt, not an alarm.
        across = f"across both fits' chains, above {MAX_RHAT}"
        doubts = [f"R-hat of {item.name} is {item.rhat:.3f} {across}" for item in items if item.rhat > MAX_RHAT]
    detectable, where = _detectable(items, limit)
    return PosteriorResult(
        verdict="inconclusive" if doubts else "disagree" if differing else "agree",
        reasons=(*doubts, *(f"not judged: {word}" if doubts else word for word in words)),
        max_z=worst.max_z if worst else 0.0,
        z_limit=limit,
        worst=f"{_WORDS.get(worst.worst, '')} of {worst.name}" if worst else "",
        differing=tuple(item.name for item in differing),
        false_alarm_rate=rate,
        comparisons=total,
        detectable_difference=detectable,
        detectable_in=where,
        comparison=comparison,
    )


_WORDS = {
    "mean": "mean", "sd": "sd", "q5": "5 % quantile", "q50": "median", "q95": "95 % quantile",
    "rank": "mean rank", "spread": "spread by ranks", "value": "value",
}  # fmt: skip


def _difference(item: Quantity, labels: tuple[str, str]) -> str:
    low, median, high = item.quantiles
    # Ranks mean nothing to a reader; the medians and the sds show what they tell.
    shown: Mapping[str, tuple[str, Pair]] = {
        "mean": ("", item.mean), "sd": ("", item.sd), "q5": ("", low), "q50": ("", median), "q95": ("", high),
        "rank": ("medians ", median), "spread": ("5 % quantiles ", low), "value": ("", median),
    }  # fmt: skip
    kind, pair = shown[item.worst]
    values = f"{kind}{pair[0]:.6g} in {labels[0]}, {pair[1]:.6g} in {labels[1]}"
    return f"{_WORDS[item.worst]} of {item.name} differs ({values}; |z| = {item.max_z:.1f})"


def _detectable(quantities: Sequence[Quantity], limit: float) -> tuple[float, str]:
    moving = [item for item in quantities if item.z]
    if not moving:
        return math.nan, ""
    shifts = np.array([item.shift for item in moving])
    degrees = np.array([item.degrees for item in moving])
    sizes = shifts * (t_equivalent(np.full(len(moving), limit), degrees) + float(_normal.ppf(POWER)))
    place = int(np.argmax(sizes))
    return float(sizes[place]), moving[place].name
