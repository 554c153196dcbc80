"""One posterior, one backend: the emitted program and the hand-written one compiled, held against the published log
densities, and measured in turns."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp.engines import Densities, ProgramInput
from hiercomp.engines.toolchain import Toolchain, cmdstan_toolchain, embedded_toolchain
from rates import discrete_choice
from rates.chain import Chain, effective_rate
from rates.sides import Backend, Points, emitted, hand_written, points_of

TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: turns of so many seconds for gradients, and chains of so many draws (0 for none)."""

    turns: int
    seconds: float
    chains: int
    draws: int


@dataclass(frozen=True, slots=True)
class Side:
    """Figures of one program: evaluations and effective draws a second, seconds of compiling, and the largest
    difference from the published log densities over the largest of these."""

    gradients: float
    draws: float | None
    compiling: float
    density_error: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """A comparison, or the reason why there is none; `naive` is set where the other program is not a tuned one."""

    model: str
    backend: str
    engine: str
    emitted: Side | None = None
    hand: Side | None = None
    problem: str = ""
    naive: bool = False

    @property
    def gradient_ratio(self) -> float | None:
        return self.emitted.gradients / self.hand.gradients if self.emitted and self.hand else None

    @property
    def draws_ratio(self) -> float | None:
        if self.emitted is None or self.hand is None or not (self.emitted.draws and self.hand.draws):
            return None
        return self.emitted.draws / self.hand.draws

    def record(self) -> dict[str, Any]:
        return {**asdict(self), "gradient_ratio": self.gradient_ratio, "draws_ratio": self.draws_ratio}


@dataclass(frozen=True, slots=True)
class Runner:
    """A compiled program behind what can be measured of it."""

    compiling: float
    densities: Callable[[Sequence[Any]], Densities]
    gradient_rate: Callable[[float], float]
    sample: Callable[[int, int], Chain] | None


def compare(name: str, backend: Backend, engine: str, effort: Effort) -> Row:
    """Compare the emitted program of a yardstick with the hand-written one."""
    points = points_of(name)

    def sides() -> tuple[ProgramInput, ProgramInput]:
        return emitted(name, backend), hand_written(name, backend)

    return measured(name, backend, engine, effort, sides, points)


def compare_with_naive(name: str, backend: Backend, engine: str, effort: Effort) -> Row:
    """Compare the emitted program of h_m01 with one that evaluates eta per problem and alternative; gradients only."""
    study = discrete_choice.simulate()

    def sides() -> tuple[ProgramInput, ProgramInput]:
        return discrete_choice.emitted(study, backend), discrete_choice.naive(study, backend)

    return measured(
        name, backend, engine, replace(effort, draws=0), sides, discrete_choice.prior_points(study), naive=True
    )


def measured(
    name: str,
    backend: Backend,
    engine: str,
    effort: Effort,
    sides: Callable[[], tuple[ProgramInput, ProgramInput]],
    points: Points,
    *,
    naive: bool = False,
) -> Row:
    """Return the row of two programs; what goes wrong becomes its problem.

    Without published log densities the second program's take their place.
    """
    label = engine if backend == "stan" else "nutpie"
    try:
        runners = [runner(program, backend, engine, points) for program in sides()]
        totals = [each.densities(points.values).total for each in runners]
        published = np.array(points.log_densities) if points.log_densities else totals[1]
        errors = [density_error(total, published) for total in totals]
        for whose, error in zip(("emitted", "hand-written"), errors, strict=True):
            if not error <= TOLERANCE:
                return Row(
                    name, backend, label, naive=naive, problem=f"the {whose} program is another model: {error:.1e}"
                )
        gradients = in_turns([each.gradient_rate for each in runners], effort)
        draws = effective_rates(runners, effort)
    except Exception as error:  # whatever is wrong with one program, the figures of the others are wanted
        return Row(name, backend, label, naive=naive, problem=_words(error))
    made = [
        Side(rate, effective, each.compiling, error)
        for each, rate, effective, error in zip(runners, gradients, draws, errors, strict=True)
    ]
    return Row(name, backend, label, *made, naive=naive)


def _words(error: Exception) -> str:
    words = str(error).partition("\n")[0]
    return words if isinstance(error, FileNotFoundError) else f"{type(error).__name__}: {words}"


def density_error(total: npt.NDArray[np.float64], published: npt.NDArray[np.float64]) -> float:
    """Return the largest difference from the published log densities, less a constant, over the largest of these."""
    difference = total - published
    return float(np.abs(difference - np.median(difference)).max() / np.abs(published).max())


def in_turns(rates: Sequence[Callable[[float], float]], effort: Effort) -> list[float]:
    """Return the median of several turns of each, one after the other, so that other work on the machine hits all."""
    turns = [[rate(effort.seconds) for rate in rates] for _ in range(effort.turns)]
    return [statistics.median(column) for column in zip(*turns, strict=True)]


def effective_rates(runners: Sequence[Runner], effort: Effort) -> list[float | None]:
    """Return the effective draws a second of each, from chains drawn in turns; None where none are wanted."""
    samplers = [each.sample for each in runners if each.sample is not None]
    if not effort.draws or len(samplers) < len(runners):
        return [None] * len(runners)
    chains = [[sample(effort.draws, 1_000 + number) for sample in samplers] for number in range(effort.chains)]
    return [effective_rate(column) for column in zip(*chains, strict=True)]


def runner(program: ProgramInput, backend: Backend, engine: str, points: Points) -> Runner:
    """Compile a program.

    Raises:
        EngineError: it cannot be compiled, or its density fails.
        EngineMissing: there is no such engine.
    """
    if backend == "pymc":
        from rates import pymc  # noqa: PLC0415  (two seconds that Stan's rows do not pay)

        model = pymc.compile_pymc(program)
        at = pymc.densities(model, points.values).unconstrained
        return Runner(
            model.seconds,
            lambda values: pymc.densities(model, values),
            lambda seconds: pymc.gradient_rate(model, at, seconds),
            lambda draws, seed: pymc.sample(model, draws, seed),
        )
    from rates import stan  # noqa: PLC0415

    tools = toolchain(engine)
    compiled = stan.compile_stan(tools, program)
    return Runner(
        compiled.seconds,
        lambda values: stan.densities(compiled, values),
        lambda seconds: stan.gradient_rate(compiled, points.values, seconds),
        (lambda draws, seed: stan.sample(compiled, draws, seed)) if engine == "cmdstan" else None,
    )


def toolchain(engine: str) -> Toolchain:
    """Return the toolchain of a Stan engine."""
    return cmdstan_toolchain() if engine == "cmdstan" else embedded_toolchain()
