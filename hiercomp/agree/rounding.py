"""What rounding alone leaves open where covariances are nearly singular.

The Cholesky factor of a matrix whose largest eigenvalue is 1e7 times its smallest one has seven digits less than the
matrix. Two programs that compute its elements by other formulas, each exact to the last digit, differ by that much,
and so does one from the truth. How much it is at a point is found by rounding the elements at random.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hiercomp.agree.offsets import Floats


@dataclass(frozen=True, slots=True)
class Rounding:
    """By how much rounding of covariances changes the log density and the term of every statement, (points,) each;
    infinite where it decides whether there is a value."""

    total: Floats
    terms: Mapping[str, Floats]

    def relative(self, terms: Mapping[str, Floats]) -> Floats:
        """Return the largest change of a term at each point, over max(1, |term|)."""
        found = [change / _size(terms[label]) for label, change in self.terms.items()]
        return np.max(found, axis=0, initial=0.0)

    def remarks(self, terms: Mapping[str, Floats], mark: float) -> tuple[str, ...]:
        """Return what is to be said of the statements where the change is above the mark."""
        lines: list[str] = []
        for label, change in self.terms.items():
            seen = change / _size(terms[label])
            places = np.flatnonzero(seen > mark)
            if places.size:
                known = seen[np.isfinite(seen)]
                lost = int((~np.isfinite(seen)).sum())
                lines.append(
                    f"{label}: a covariance is nearly singular at {places.size} of {len(seen)} points: rounding of its "
                    f"elements alone changes the term by up to {known.max(initial=0.0):.1e} of itself"
                    + (f", and decides at {lost} whether it has a value" if lost else "")
                    + "; only what goes beyond that is an error"
                )
        return tuple(lines)


def _size(term: Floats) -> Floats:
    return np.maximum(1.0, np.abs(np.where(np.isfinite(term), term, 0.0)))


def changes(values: Floats, moved: Floats) -> Floats:
    """Return the largest change from `values`, (points,), to any row of `moved`, (draws, points)."""
    alike = np.isfinite(moved) == np.isfinite(values)
    with np.errstate(invalid="ignore"):
        distance = np.where(np.isfinite(moved) & np.isfinite(values), np.abs(moved - values), 0.0)
    return np.where(alike, distance, np.inf).max(axis=0)
