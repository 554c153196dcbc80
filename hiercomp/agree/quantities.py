"""What is found when two fits are compared: plain figures, without verdict and with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hiercomp.agree.convergence import Convergence
from hiercomp.agree.figures import figure

type Pair = tuple[float, float]
type Compared = Literal["all", "quantiles", "constant", "nothing"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One scalar quantity in both fits.

    `compared` is ``all``, ``quantiles`` (no finite variance), ``constant`` (`z` is then empty) or ``nothing`` (draws
    that are not numbers). `z` maps each statistic compared to its normal deviate, first minus second; `quantiles` are
    those of 5, 50 and 95 %. `shift` is what one standard error amounts to in sds, `degrees` its degrees of freedom.
    `distance` is that of two constants in units of what rounding allows.
    """

    name: str
    compared: Compared
    mean: Pair
    sd: Pair
    quantiles: tuple[Pair, ...]
    z: Mapping[str, float]
    rhat: float
    shift: float = math.nan
    degrees: float = math.nan
    distance: float = 0.0

    @property
    def max_z(self) -> float:
        return max((abs(value) for value in self.z.values()), default=0.0 if self.distance <= 1 else math.inf)

    @property
    def worst(self) -> str:
        """The statistic that differs most."""
        return max(self.z, key=lambda key: abs(self.z[key]), default="value" if self.compared == "constant" else "")

    def as_dict(self) -> dict[str, Any]:
        rows: dict[str, Any] = {"name": self.name, "compared": self.compared}
        for word, pair in (
            ("mean", self.mean),
            ("sd", self.sd),
            *zip(("q5", "q50", "q95"), self.quantiles, strict=True),
        ):
            rows[word] = [figure(value) for value in pair]
        return rows | {
            "z": {key: figure(value) for key, value in self.z.items()},
            "max_z": figure(self.max_z),
            "worst": self.worst,
            "rhat": figure(self.rhat),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two fits measured, not yet judged. `labels` are what the two are called in messages."""

    labels: tuple[str, str]
    quantities: tuple[Quantity, ...]
    fits: tuple[Convergence, Convergence]
    unmatched: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many deviates there are."""
        return sum(len(quantity.z) for quantity in self.quantities)


@dataclass(frozen=True, slots=True)
class PosteriorResult:
    """The verdict on two fits, with every figure it rests on.

    `z_limit` is what no |z| exceeds in 1 - `false_alarm_rate` of commands that compare `comparisons` figures of equal
    posteriors. `detectable_difference` is the shift of a mean, in posterior sds, that would have been noticed
    with probability 95 %, for the quantity where it is largest (`detectable_in`); for quantities without variance
    it is the shift of the mean normal score.
    """

    verdict: Literal["agree", "disagree", "inconclusive"]
    reasons: tuple[str, ...]
    max_z: float
    z_limit: float
    worst: str
    differing: tuple[str, ...]
    false_alarm_rate: float
    comparisons: int
    detectable_difference: float
    detectable_in: str
    comparison: Comparison

    @property
    def unmatched(self) -> tuple[str, ...]:
        """What only one of the fits has, in words."""
        return self.comparison.unmatched

    def as_dict(self) -> dict[str, Any]:
        first, second = self.comparison.fits
        return {
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "max_z": figure(self.max_z),
            "z_limit": figure(self.z_limit),
            "worst": self.worst,
            "differing": list(self.differing),
            "false_alarm_rate": self.false_alarm_rate,
            "comparisons": self.comparisons,
            "detectable_difference": figure(self.detectable_difference),
            "detectable_in": self.detectable_in,
            "convergence": {first.label: first.as_dict(), second.label: second.as_dict()},
            "unmatched": list(self.unmatched),
            "quantities": [quantity.as_dict() for quantity in self.comparison.quantities],
        }
