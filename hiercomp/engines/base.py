"""What running a program gives, whichever engine ran it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Point = Mapping[str, Any]  # values of all unknowns on the constrained scale: numbers or nested lists, row first


@dataclass(frozen=True, slots=True)
class Densities:
    """Log densities at given points (constrained scale, no Jacobian, all constants kept where the target can).

    `total` has shape (points,); `terms` maps a statement's label to shape (points,) and is empty where the program is
    the user's own; `gradient` has shape (points, coordinates) on the engine's unconstrained scale, without Jacobian;
    `unconstrained` are the coordinates themselves; `names` say what they are: ``tau``, ``theta[3]``. Where a density is
    not finite the entries say so (-inf, nan), and `messages` has what the engine said.
    """

    total: Floats
    terms: Mapping[str, Floats]
    gradient: Floats
    unconstrained: Floats
    names: tuple[str, ...]
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SamplerSettings:
    chains: int = 4
    warmup: int = 1000
    draws: int = 1000
    target_accept: float = 0.95
    max_treedepth: int = 10
    seed: int = 20260101
    predictive: bool = True  # whether log_likelihood and posterior_predictive are wanted (a posterior check needs none)


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What `doctor` prints: `advice` says what to do where `available` is False."""

    name: str
    available: bool
    version: str = ""
    location: str = ""
    advice: str = ""


class EngineError(Exception):
    """The engine failed on a program: `stage` is stanc, compile, load, size, density or sample; `output` its own words;
    `line` the 1-based line of the program it blames, where it does; `program` the name of the program, where it is one
    of several."""

    def __init__(self, stage: str, output: str, line: int | None = None, program: str = "") -> None:
        self.stage = stage
        self.output = output
        self.line = line
        self.program = program
        super().__init__(f"{stage}: {program}: {output}" if program else f"{stage}: {output}")


class EngineMissing(Exception):  # noqa: N818
    """No such engine on this machine; the text says what to do."""


Progress = Callable[[str, float], None]  # (what is being done, fraction done)


@dataclass(frozen=True, slots=True)
class ProgramInput:
    """A program to run: its text, the data (spec names), renames to the target's names, and for each quantity of the
    posterior its dims (index-set names) and coords (labels or 1..N), so that every fit looks alike.

    `terms_text` is the instrumented form (empty for users' own programs): the same program with an extra datum
    ``int hiercomp_term``; 0 keeps all terms of the log density, k only the k-th label.

    `observed` are the data that the model gives a distribution. Their pointwise log densities and replications (in
    Stan ``log_lik`` and ``y_rep``, or ``log_lik_NAME`` and ``y_rep_NAME`` where there are several) go to groups of
    their own under the observed names. `predicted` are other quantities that are only drawn, once the model is fitted.

    `terms` has the names of the target's variables that make up a labelled term, where that is not one of the label's
    own name (see `backends.base.Program.terms`). `from_zero` are the drawn quantities that the target counts from 0.
    `samples` names, for each variable of the program that is sampled in the place of an unknown (coordinates of it),
    the unknown; fits do not have such variables.
    """

    name: str
    text: str
    data: Mapping[str, Any]
    dims: Mapping[str, Sequence[str]]
    coords: Mapping[str, Sequence[Any]]
    renames: Mapping[str, str] = field(default_factory=dict[str, str])
    unknowns: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    terms_text: str = ""
    observed: tuple[str, ...] = ()
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    predicted: tuple[str, ...] = ()
    from_zero: tuple[str, ...] = ()
    samples: Mapping[str, str] = field(default_factory=dict[str, str])


class Engine(Protocol):
    """Runs programs of one backend. `sample` returns an `arviz` DataTree with groups posterior, sample_stats,
    log_likelihood, posterior_predictive and observed_data, spec names, dims and coords."""

    name: str

    def prepare(self, programs: Sequence[ProgramInput], densities: bool, progress: Progress | None = None) -> None:
        """Compile all programs side by side; raises `EngineError` with the program's name in its text."""
        ...

    def densities(self, program: ProgramInput, points: Sequence[Point]) -> Densities: ...

    def sample(self, program: ProgramInput, settings: SamplerSettings, progress: Progress | None = None) -> Any: ...
