"""The report of a check: every figure, its verdicts, and the exit status that follows from them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from hiercomp import __version__
from hiercomp.agree import DensityResult, PosteriorResult
from hiercomp.diagnostics import Diagnostic
from hiercomp.files import write_file

type Verdict = Literal["agree", "disagree", "cannot say", "inconclusive"]

EXIT_STATUS: Mapping[Verdict, int] = {"agree": 0, "disagree": 1, "cannot say": 3, "inconclusive": 3}


@dataclass(frozen=True, slots=True)
class StaticResult:
    """What can be said without running anything.

    `stanc` and `pymc` are ``ok``, ``refused`` or why they were not asked; `findings` are the diagnostics of the spec
    and of the backends; `unmatched` lists what of the user's own program has no partner in the spec,
    `assumed` the sizes that it was given.
    """

    verdict: Verdict
    stanc: str
    pymc: str
    findings: tuple[Diagnostic, ...] = ()
    unmatched: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "stanc": self.stanc,
            "pymc": self.pymc,
            "findings": [item.render() for item in self.findings],
            "unmatched": list(self.unmatched),
            "assumed": list(self.assumed),
        }


@dataclass(frozen=True, slots=True)
class ModelReport:
    """One model's results; a level that was not reached is None. `seconds` are per stage."""

    name: str
    static: StaticResult
    density: DensityResult | None = None
    posterior: PosteriorResult | None = None
    seconds: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def verdict(self) -> Verdict:
        return worst(
            [self.static.verdict, *(part.verdict for part in (self.density, self.posterior) if part is not None)]
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "static": self.static.as_dict(),
            "density": self.density.as_dict() if self.density else None,
            "posterior": self.posterior.as_dict() if self.posterior else None,
            "seconds": {stage: round(value, 3) for stage, value in self.seconds.items()},
        }


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What ``hiercomp check`` found, over all its models."""

    models: tuple[ModelReport, ...]
    level: str
    seed: int
    engines: Mapping[str, str]

    @property
    def verdict(self) -> Verdict:
        return worst([model.verdict for model in self.models])

    @property
    def exit_status(self) -> int:
        return EXIT_STATUS[self.verdict]

    def as_dict(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "exit_status": self.exit_status,
            "level": self.level,
            "seed": self.seed,
            "hiercomp": __version__,
            "engines": dict(self.engines),
            "models": {model.name: model.as_dict() for model in self.models},
        }

    def write(self, path: Path) -> None:
        """Write the report as JSON; see `write_json`."""
        write_json(path, self.as_dict())


def worst(verdicts: list[Verdict]) -> Verdict:
    """Return the verdict that decides: one disagreement outweighs everything, then one 'cannot say'."""
    for verdict in ("disagree", "cannot say", "inconclusive"):
        if verdict in verdicts:
            return verdict
    return "agree"


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write `value`, whole or not at all; numbers that are not finite as null.

    Raises:
        SpecError: the file cannot be written (H91).
    """
    text = json.dumps(_finite(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_file(path, text)


def _finite(value: Any) -> Any:
    match value:
        case Mapping():
            return {str(key): _finite(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case list() | tuple():
            return [_finite(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
        case float() if not math.isfinite(value):
            return None
        case _:
            return value
