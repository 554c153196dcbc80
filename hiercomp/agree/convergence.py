"""Whether one fit may be compared at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hiercomp.agree.chains import Floats, bfmi, ess_bulk, ess_tail, rhat
from hiercomp.agree.figures import figure

MAX_RHAT = 1.01
MIN_ESS = 400.0
MAX_DIVERGENT = 0.01
MIN_BFMI = 0.3
BLOCK = 64


@dataclass(frozen=True, slots=True)
class Extreme:
    """The worst value of a diagnostic and the quantity that has it ('' where there was none to judge)."""

    value: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Convergence:
    """How one fit went: `divergent` is a fraction of the draws, `bfmi` the smallest of the chains; None where the
    sampler doesn't report it. `reasons` says what is not good enough; empty means converged."""

    label: str
    chains: int
    draws: int
    rhat: Extreme
    ess_bulk: Extreme
    ess_tail: Extreme
    divergent: float | None
    bfmi: float | None
    reasons: tuple[str, ...]

    @property
    def converged(self) -> bool:
        return not self.reasons

    def as_dict(self) -> dict[str, Any]:
        return {
            "chains": self.chains,
            "draws": self.draws,
            "max_rhat": figure(self.rhat.value),
            "max_rhat_of": self.rhat.name,
            "min_ess_bulk": figure(self.ess_bulk.value),
            "min_ess_bulk_of": self.ess_bulk.name,
            "min_ess_tail": figure(self.ess_tail.value),
            "min_ess_tail_of": self.ess_tail.name,
            "divergent": None if self.divergent is None else figure(self.divergent),
            "min_bfmi": None if self.bfmi is None else figure(self.bfmi),
            "converged": self.converged,
            "reasons": list(self.reasons),
        }


def _worst(blocks: list[Floats], names: list[str], largest: bool) -> Extreme:
    values = np.concatenate(blocks) if blocks else np.array([])
    known = np.flatnonzero(~np.isnan(values))
    if not known.size:
        return Extreme(1.0 if largest else float("inf"))
    place = known[values[known].argmax() if largest else values[known].argmin()]
    return Extreme(float(values[place]), names[int(place)])


def judge_fit(
    label: str,
    draws: Floats,
    names: list[str],
    divergent: Floats | None,
    energy: Floats | None,
) -> Convergence:
    """Judge the fit called `label` by its draws, (quantities, chains, draws), its flags of divergence and its energies,
    (chains, draws) each. Quantities that never vary say nothing and are not judged."""
    chains, count = draws.shape[1:]
    figures: tuple[list[Floats], list[Floats], list[Floats]] = ([], [], [])
    for start in range(0, len(names), BLOCK):
        part = draws[start : start + BLOCK]
        for values, diagnostic in zip(figures, (rhat, ess_bulk, ess_tail), strict=True):
            values.append(diagnostic(part))
    largest = _worst(figures[0], names, largest=True)
    bulk, tail = (_worst(values, names, largest=False) for values in figures[1:])
    reasons: list[str] = []
    if chains < 2:
        reasons.append(f"{label}: one chain cannot show that it converged")
    if not largest.value <= MAX_RHAT:
        reasons.append(f"{label}: R-hat of {largest.name} is {largest.value:.3f}, above {MAX_RHAT}")
    for word, extreme in (("bulk", bulk), ("tail", tail)):
        if not extreme.value >= MIN_ESS:
            reasons.append(f"{label}: {word} ESS of {extreme.name} is {extreme.value:.0f}, below {MIN_ESS:.0f}")
    fraction = None if divergent is None else float(np.mean(divergent))
    if fraction is not None and not fraction <= MAX_DIVERGENT:
        reasons.append(f"{label}: {fraction:.1%} of the draws diverged, more than {MAX_DIVERGENT:.0%}")
    smallest = None if energy is None else float(np.min(bfmi(energy)))
    if smallest is not None and not smallest >= MIN_BFMI:
        reasons.append(f"{label}: E-BFMI is {smallest:.2f}, below {MIN_BFMI}")
    return Convergence(label, chains, count, largest, bulk, tail, fraction, smallest, tuple(reasons))
