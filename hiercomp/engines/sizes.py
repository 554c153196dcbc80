"""How many elements the unknowns of a program have: Stan 2.27 takes the first of too many values without a word."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy.typing as npt

from hiercomp.engines.base import EngineError, ProgramInput

# Of constrained types, how many numbers Stan samples for one element whose own lengths are these.
_FREE: Mapping[str, tuple[int, Callable[[Sequence[int]], int]]] = {
    "simplex": (1, lambda own: own[0] - 1),
    "corr_matrix": (2, lambda own: own[0] * (own[0] - 1) // 2),
    "cholesky_factor_corr": (2, lambda own: own[0] * (own[0] - 1) // 2),
    "cov_matrix": (2, lambda own: own[0] * (own[0] + 1) // 2),
    "cholesky_factor_cov": (2, lambda own: own[1] * (own[1] + 1) // 2 + (own[0] - own[1]) * own[1]),
}
_PLAIN = "real|vector|row_vector|matrix|ordered|positive_ordered|unit_vector"
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def check_sizes(program: ProgramInput, names: Sequence[str], point: Mapping[str, npt.NDArray[Any]]) -> None:
    """Compare how many coordinates each unknown of a program has with how many its values need.

    `names` are those of the coordinates (``theta.1``), `point` has the values by the program's names.

    Raises:
        EngineError: an unknown has another size (stage ``size``).
    """
    counts: dict[str, int] = {}
    for name in names:
        base = name.partition(".")[0]
        counts[base] = counts.get(base, 0) + 1
    code = _COMMENT.sub("", program.text)
    restored = {target: name for name, target in program.renames.items()} | dict(program.samples)
    unlike: list[str] = []
    for name, values in point.items():
        found, wanted = counts.get(name, 0), _coordinates(name, values.shape, code)
        if found != wanted:
            unlike.append(f"{restored.get(name, name)} takes {_numbers(wanted)} and has {found} in the program")
    if unlike:
        words = f"other sizes than those of the spec: {'; '.join(unlike)}"
        raise EngineError("size", words, _line(unlike[0].partition(" ")[0], program), program.name)


def _coordinates(name: str, shape: Sequence[int], code: str) -> int:
    found = re.search(rf"\b({'|'.join(_FREE)})\s*\[[^;]*?\b{re.escape(name)}\b", code)
    if found is None:
        return math.prod(shape)
    rank, count = _FREE[found[1]]
    return math.prod(shape[:-rank]) * count(shape[-rank:])


def _line(name: str, program: ProgramInput) -> int | None:
    """Return the line that declares an unknown."""
    word = re.escape(program.renames.get(name, name))
    declared = re.compile(rf"\b(?:{_PLAIN}|{'|'.join(_FREE)})\b[^;]*\b{word}\s*(?:\[|;)")
    lines = program.text.split("\n")
    return next((at for at, line in enumerate(lines, 1) if declared.search(line.partition("//")[0])), None)


def _numbers(count: int) -> str:
    return f"{count} number{'' if count == 1 else 's'}"
