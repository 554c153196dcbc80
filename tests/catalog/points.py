"""Arguments and variates at which every row of the catalogue is tried, tails included. Rows need not be known here.

`points(row)` serves the tests of every target: the same (arguments, variate) pairs are tried in SciPy, PyMC and Stan.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from hiercomp.catalog import Distribution
from hiercomp.reference import densities

GRID: dict[str, list[float]] = {
    "real": [0.0, -1.5, 20.0, 3.25, -80.0, 0.01, 1e4, -37.0],
    "positive": [1.0, 2.5, 0.3, 10.0, 40.0, 0.07, 1e3, 0.004],
    "nonnegative": [2.0, 0.4, 15.0, 90.0, 0.01, 6.0, 1e3, 1e5],
    "unit": [0.5, 0.2, 0.93, 0.01, 0.999, 0.4, 1e-7, 0.72],
    "count": [8, 1, 30, 200, 3, 12, 10_000, 2],
    "positive int": [8, 1, 30, 200, 3, 12, 10_000, 2],
    "int": [0, 5, -3, 12, 40, 7, 10_000, -800],
}
# A linear predictor of a count stays where the count is one that data can hold.
LOG_SCALE = [0.0, -1.5, 4.0, 2.25, -6.0, 0.01, 9.0, -20.0]
# Where the support ends close to a quantile, the density there has as few digits as the distance between them.
TAIL_INDICES = [0.0, 0.3, -0.15, 1e-6, 1.5, -0.1, 0.05, 0.9]
PROBABILITIES = [1e-30, 1e-12, 1e-4, 0.03, 0.3, 0.5, 0.8]
# SciPy has the distribution function of angles to a few digits only.
WITHOUT_QUANTILES = {"Von-Mises"}
IMPROPER = [1e-6, 0.4, 1.0, 30.0, 1e5]


@dataclass(frozen=True, slots=True)
class Point:
    """Canonical arguments and a variate inside the support."""

    args: dict[str, float]
    x: float


def arguments(row: Distribution) -> list[dict[str, float]]:
    """Eight sets of arguments within their supports; a lower bound is below the upper one."""
    sets: list[dict[str, float]] = []
    for number in range(8):
        args: dict[str, float] = {}
        for place, param in enumerate(row.params):
            grid = LOG_SCALE if param.role.startswith("logarithm") else GRID[param.support]
            grid = TAIL_INDICES if param.role == "tail index" else grid
            args[param.name] = grid[(number + 3 * place) % len(grid)]
        if {"lower", "upper"} <= args.keys():
            low, high = sorted((args["lower"], args["upper"]))
            args |= {"lower": low, "upper": high + (low == high)}
        sets.append(args)
    return sets


def points(row: Distribution) -> list[Point]:
    """About a hundred points: quantiles from 1e-30 in one tail to 1e-30 in the other, for each set of arguments."""
    found: list[Point] = []
    for args in arguments(row):
        arrays = {name: np.asarray(value) for name, value in args.items()}
        if row.name in WITHOUT_QUANTILES:
            low, high = densities.bounds(row, arrays)
            candidates = [float(low + (high - low) * share) for share in np.linspace(0.001, 0.999, 14)]
        elif row.improper:
            candidates = IMPROPER + ([] if row.lower is not None else [-x for x in IMPROPER])
        else:
            scipy_quantile = densities._quantile
            candidates = [
                float(scipy_quantile(row, method, arrays, np.asarray(p)))
                for method, p in itertools.product(("ppf", "isf"), PROBABILITIES)
            ]
        low, high = (float(end) for end in densities.bounds(row, arrays))
        if row.kind == "discrete":
            candidates += [end for end in (low, high) if np.isfinite(end)]
        for x in dict.fromkeys(candidates):
            inside = low <= x <= high if row.kind == "discrete" else low < x < high
            # Beyond 1e100 and below 1e-100 targets differ in when they underflow, not in what they mean.
            if inside and (x == 0 or 1e-100 < abs(x) < 1e100):
                found.append(Point(args, x))
    return found
