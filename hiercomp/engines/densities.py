"""Exact densities of a compiled Stan program: its driver run on data and points, its answer read."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import numpy as np

from hiercomp.engines.base import Densities, EngineError, Point, ProgramInput
from hiercomp.engines.build import Built, named
from hiercomp.engines.sizes import check_sizes
from hiercomp.engines.stanc import first_line
from hiercomp.engines.values import stan_data, stan_point, stan_words


@dataclass(slots=True)
class _Answer:
    """What the driver says of one point."""

    total: float = np.nan
    at: list[float] | None = None
    gradient: list[float] | None = None
    terms: dict[int, float] = field(default_factory=dict[int, float])
    messages: list[str] = field(default_factory=list[str])
    failed: str = ""


def stan_densities(program: ProgramInput, built: Built, points: Sequence[Point], labels: Sequence[str]) -> Densities:
    """Evaluate `program` at `points`; `labels` are its terms in the order in which they are numbered, or empty.

    Where a point lies outside the support, or Stan rejects it, the density is -inf and the message says what Stan said.

    Raises:
        EngineError: the data do not fit (stage ``data``), or the density fails otherwise at every point (``density``).
    """
    words = [*stan_words(stan_data(program, built.info)), str(len(labels)), str(len(points))]
    for point in points:
        words += stan_words(stan_point(program, built.info, point))
    output = _run(program, built.density, "\n".join(words) + "\n")
    names, answers = _read(output.splitlines())
    if points:
        check_sizes(program, names, stan_point(program, built.info, points[0]))
    if answers and all(answer.failed for answer in answers):
        text = named(answers[0].failed, program)
        raise EngineError("density", text, first_line(text), program.name)
    empty = [np.nan] * len(names)
    restored = {target: name for name, target in program.renames.items()} | dict(program.samples)
    return Densities(
        total=np.array([answer.total for answer in answers], dtype=np.float64),
        terms={
            label: np.array([answer.terms.get(k, np.nan) for answer in answers], dtype=np.float64)
            for k, label in enumerate(labels, start=1)
        },
        gradient=np.array([answer.gradient or empty for answer in answers], dtype=np.float64).reshape(-1, len(names)),
        unconstrained=np.array([answer.at or empty for answer in answers], dtype=np.float64).reshape(-1, len(names)),
        names=tuple(_coordinate(name, restored) for name in as_held(names, program.text)),
        messages=tuple(
            f"point {number}: {named(message, program)}"
            for number, answer in enumerate(answers, start=1)
            for message in dict.fromkeys(answer.messages)
        ),
    )


def _run(program: ProgramInput, driver: Path, text: str) -> str:
    done = subprocess.run([str(driver)], input=text, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode or not done.stdout.endswith("end\n"):
        words = named(done.stderr.strip() or f"the program ended with status {done.returncode}", program)
        raise EngineError("data", words, first_line(words), program.name)
    return done.stdout


def _read(lines: Sequence[str]) -> tuple[list[str], list[_Answer]]:
    names: list[str] = []
    answers: list[_Answer] = []
    for line in lines:
        what, _, rest = line.partition(" ")
        if what == "names":
            names = rest.split()
        elif what == "point":
            answers.append(_Answer())
        elif answers:
            _take(answers[-1], what, rest)
    return names, answers


def _take(answer: _Answer, what: str, rest: str) -> None:
    match what:
        case "at":
            answer.at = [float(value) for value in rest.split()]
        case "total":
            answer.total = float(rest)
        case "gradient":
            answer.gradient = [float(value) for value in rest.split()]
        case "term":
            number, value = rest.split()
            answer.terms[int(number)] = float(value)
        case "term!":
            number, kind, text = rest.split(" ", 2)
            answer.terms[int(number)] = -np.inf if kind == "zero" else np.nan
            answer.messages.append(text)
        case "outside" | "total!" | "gradient!":
            kind, _, text = rest.partition(" ")
            answer.messages.append(text)
            if what != "gradient!":
                answer.total = -np.inf if kind == "zero" else np.nan
                answer.failed = "" if kind == "zero" else text
        case _:
            pass  # what the program itself prints


def _coordinate(name: str, restored: dict[str, str]) -> str:
    base, *indices = name.split(".")
    shown = restored.get(base, base)
    return f"{shown}[{','.join(indices)}]" if indices else shown


def as_held(names: Sequence[str], text: str) -> list[str]:
    """Return the names of a program's coordinates in the order in which it holds their values.

    Stan lists the names of an array of vectors or matrices with the first index running fastest, but holds (and
    differentiates) the first element of the array whole before the second.
    """
    ordered: list[str] = []
    for base, group in groupby(names, key=lambda name: name.split(".", 1)[0]):
        found = re.search(rf"\barray\s*\[([^\]]*)\][^;]*?\b{re.escape(base)}\s*(?:;|=)", text)
        arrays = found[1].count(",") + 1 if found else 0
        # Sorting keeps the order in which elements of one member of the array stand.
        ordered += sorted(group, key=lambda name: [int(part) for part in name.split(".")[1 : 1 + arrays]])
    return ordered
