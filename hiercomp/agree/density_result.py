"""What is found when log densities are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hiercomp.agree.figures import figure
from hiercomp.agree.gradients import GradientError
from hiercomp.catalog.schema import Limit


@dataclass(frozen=True, slots=True)
class PairError:
    """Two programs' totals.

    `error` is the largest difference over max(1, largest |log density|), at the point with the 0-based index `point`,
    `allowed` what the mark and the limits of the catalogue leave. `point_error` is the largest difference over the
    size of the terms at its own point, so that one huge density cannot cover for the others. `finite` counts the points
    compared; `unlike` are the points where only one of the two is finite.
    """

    first: str
    second: str
    error: float
    allowed: float
    point: int
    point_error: float
    finite: int
    unlike: tuple[int, ...]
    agree: bool

    def as_dict(self) -> dict[str, Any]:
        return {
            "between": [self.first, self.second],
            "max_error": figure(self.error),
            "allowed": figure(self.allowed),
            "point": self.point,
            "max_point_error": figure(self.point_error),
            "finite": self.finite,
            "finite_in_one_only": list(self.unlike),
            "agree": self.agree,
        }


@dataclass(frozen=True, slots=True)
class TermError:
    """One statement's term in one backend, against the reference."""

    backend: str
    label: str
    error: float
    allowed: float
    point: int
    finite: int
    unlike: tuple[int, ...]
    agree: bool

    def as_dict(self) -> dict[str, Any]:
        return {
            "backend": self.backend,
            "statement": self.label,
            "max_error": figure(self.error),
            "allowed": figure(self.allowed),
            "point": self.point,
            "finite": self.finite,
            "finite_in_one_only": list(self.unlike),
            "agree": self.agree,
        }


@dataclass(frozen=True, slots=True)
class DensityResult:
    """The verdict at density level.

    Errors are None where there was nothing to compare. `terms` has each backend's worst statement and then all that
    disagree; `limits` are those of the catalogue that relax a mark, with the labels of their statements.
    """

    verdict: Literal["agree", "disagree", "cannot say"]
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]
    points: int
    finite: int
    max_error: float | None
    max_term_error: float | None
    max_grad_error: float | None
    pairs: tuple[PairError, ...]
    terms: tuple[TermError, ...]
    gradient: GradientError | None
    worst_term: Mapping[str, str] = field(default_factory=dict[str, str])
    limits: tuple[tuple[str, Limit], ...] = ()

    @property
    def statements(self) -> tuple[str, ...]:
        """The labels of the statements at fault, worst first."""
        return tuple(dict.fromkeys(term.label for term in self.terms if not term.agree))

    def as_dict(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "remarks": list(self.remarks),
            "points": self.points,
            "finite": self.finite,
            "max_error": None if self.max_error is None else figure(self.max_error),
            "max_term_error": None if self.max_term_error is None else figure(self.max_term_error),
            "max_grad_error": None if self.max_grad_error is None else figure(self.max_grad_error),
            "statements": list(self.statements),
            "worst_term": dict(self.worst_term),
            "pairs": [pair.as_dict() for pair in self.pairs],
            "terms": [term.as_dict() for term in self.terms],
            "gradient": None if self.gradient is None else self.gradient.as_dict(),
            "limits": [
                {"statement": label, "target": limit.target, "domain": limit.domain, "error": limit.error}
                for label, limit in self.limits
            ],
        }


def no_comparison(reason: str) -> DensityResult:
    """Return the result where densities cannot be compared at all, with the reason."""
    return DensityResult(
        verdict="cannot say",
        reasons=(reason,),
        remarks=(),
        points=0,
        finite=0,
        max_error=None,
        max_term_error=None,
        max_grad_error=None,
        pairs=(),
        terms=(),
        gradient=None,
    )
