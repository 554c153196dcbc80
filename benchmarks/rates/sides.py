"""The two sides of a comparison: the program that hiercomp emits for a spec, and the one written by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import hiercomp
from hiercomp.engines import ProgramInput
from hiercomp.workflow.build import data_of
from rates.stan import without_generated_quantities

ROOT = Path(__file__).parent.parent.parent
YARDSTICKS = ROOT / "specs" / "yardsticks"
HAND = ROOT / "benchmarks" / "hand"

Backend = Literal["stan", "pymc"]
BACKENDS: tuple[Backend, ...] = ("stan", "pymc")


@dataclass(frozen=True, slots=True)
class Points:
    """Values of all unknowns on the constrained scale, and the log densities published for them (up to a constant)."""

    values: list[dict[str, Any]]
    log_densities: list[float]


def yardsticks() -> tuple[str, ...]:
    """Return the names of the outside posteriors."""
    return tuple(sorted((path.stem for path in (YARDSTICKS / "points").glob("*.json")), key=str.lower))


def points_of(name: str) -> Points:
    """Return the points of a posterior."""
    read = json.loads((YARDSTICKS / "points" / f"{name}.json").read_text(encoding="utf-8"))["points"]
    return Points([point["values"] for point in read], [point["log_density"] for point in read])


def hand_written(name: str, backend: Backend) -> ProgramInput:
    """Return the program written by hand, with the data as published."""
    path = HAND / (f"{name}.stan" if backend == "stan" else f"{name}_pymc.py")
    data = json.loads((YARDSTICKS / "data" / f"{name}.json").read_text(encoding="utf-8"))
    return program_input(f"{name}_hand", path.read_text(encoding="utf-8"), data, tuple(points_of(name).values[0]))


def emitted(name: str, backend: Backend) -> ProgramInput:
    """Return the program that is emitted for a spec, with the data that the spec binds.

    Raises:
        FileNotFoundError: there is no such spec.
        hiercomp.SpecError: it does not compile.
    """
    path = YARDSTICKS / f"{name}.hier"
    if not path.is_file():
        raise FileNotFoundError(f"no spec {path.relative_to(ROOT)}")
    loaded = hiercomp.load(path)
    made = loaded.generated(backend)
    text = without_generated_quantities(made.text) if backend == "stan" else made.text
    unknowns = tuple(points_of(name).values[0])
    return program_input(f"{name}_emitted", text, data_of(loaded.model()), unknowns, made.renames)


def program_input(
    name: str, text: str, data: Mapping[str, Any], unknowns: tuple[str, ...], renames: Mapping[str, str] | None = None
) -> ProgramInput:
    """Return a program with what running it takes."""
    return ProgramInput(name=name, text=text, data=data, dims={}, coords={}, renames=renames or {}, unknowns=unknowns)
