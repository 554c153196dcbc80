"""What the reference says at the points where densities are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp import reference
from hiercomp.agree.rounding import Rounding, changes
from hiercomp.catalog.schema import Limit
from hiercomp.model.ir import Model

type Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Expected:
    """The log density and every statement's term, (points,) each; what rounding leaves open, None where no covariance
    is decomposed; by how much derivatives by log odds may be wrong where outcomes are nearly certain, (points,)."""

    total: Floats
    terms: Mapping[str, Floats]
    rounding: Rounding | None
    certain: Floats


def expected(
    model: Model, points: Sequence[Mapping[str, Any]], limits: Mapping[str, Sequence[Limit]] | None = None
) -> Expected:
    """Return the reference's log densities, and what the `limits` of statements make of their derivatives.

    Raises `EvaluationError` as `reference.log_density` does.
    """
    found = [reference.log_density(model, point) for point in points]
    total = np.array([value for value, _ in found])
    terms = {label: np.array([each[label] for _, each in found]) for label in found[0][1]}
    certain = _certain(model, points, limits or {})
    if not reference.decomposes(model):
        return Expected(total, terms, None, certain)
    moved, each = reference.rounded_densities(model, points)
    rounding = Rounding(changes(total, moved), {key: changes(terms[key], each[key]) for key in terms})
    return Expected(total, terms, rounding, certain)


def _certain(model: Model, points: Sequence[Mapping[str, Any]], limits: Mapping[str, Sequence[Limit]]) -> Floats:
    """Return the sums of twice the log probabilities that are above the limits of their statements.

    Of an outcome with log odds x in its favour, log p = -exp(-x) far out, and so is the derivative by -x.
    """
    above = {label: max(limit.certain for limit in rows) for label, rows in limits.items() if rows}
    above = {label: value for label, value in above.items() if value}
    found = np.zeros(len(points))
    if not above:
        return found
    for at, point in enumerate(points):
        for label, each in reference.log_lik(model, point).items():
            if label in above:
                found[at] += 2 * np.abs(each[each > -above[label]]).sum()
    return found
