"""What the two Stan engines have in common: everything but how they sample."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from hiercomp.engines.base import Densities, Point, ProgramInput, Progress, SamplerSettings
from hiercomp.engines.build import Built, build, build_all
from hiercomp.engines.densities import stan_densities
from hiercomp.engines.toolchain import Toolchain


class StanEngine(ABC):
    """A Stan engine: compiles through its toolchain, evaluates through our driver, samples in its own way."""

    name: str

    def __init__(self, tools: Toolchain) -> None:
        self.tools = tools

    def prepare(self, programs: Sequence[ProgramInput], densities: bool, progress: Progress | None = None) -> None:
        """Compile the programs side by side; `densities` says that their terms will be wanted.

        Raises:
            EngineError: a program does not compile; its `program` is the name.
        """
        build_all(self.tools, programs, terms=densities, progress=progress)

    def densities(self, program: ProgramInput, points: Sequence[Point]) -> Densities:
        """Evaluate a program; see `hiercomp.engines.densities.stan_densities`."""
        wants_terms = bool(program.terms_text)
        built = build(self.tools, program, terms=wants_terms)
        return stan_densities(program, built, points, program.labels if wants_terms else ())

    def sample(self, program: ProgramInput, settings: SamplerSettings, progress: Progress | None = None) -> Any:
        """Sample a program and return its DataTree."""
        return self.run(program, build(self.tools, program, terms=False), settings, progress)

    @abstractmethod
    def run(self, program: ProgramInput, built: Built, settings: SamplerSettings, progress: Progress | None) -> Any:
        """Sample a compiled program."""
