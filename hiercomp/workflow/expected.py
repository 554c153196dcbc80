"""What the reference says at the points where densities are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp import reference
from hiercomp.agree.rounding import Rounding, changes
from hiercomp.model.ir import Model

type Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Expected:
    """The log density and every statement's term, (points,) each; what rounding leaves open, None where no covariance
    is decomposed."""

    total: Floats
    terms: Mapping[str, Floats]
    rounding: Rounding | None


def expected(model: Model, points: Sequence[Mapping[str, Any]]) -> Expected:
    """Return the reference's log densities. Raises `EvaluationError` as `reference.log_density` does."""
    found = [reference.log_density(model, point) for point in points]
    total = np.array([value for value, _ in found])
    terms = {label: np.array([each[label] for _, each in found]) for label in found[0][1]}
    if not reference.decomposes(model):
        return Expected(total, terms, None)
    moved, each = reference.rounded_densities(model, points)
    return Expected(
        total, terms, Rounding(changes(total, moved), {key: changes(terms[key], each[key]) for key in terms})
    )
