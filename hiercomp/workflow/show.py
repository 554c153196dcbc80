"""What people read: programs, spec lines beside what they became, explanations, the catalogue."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from hiercomp.backends.base import Program
from hiercomp.catalog import near_distributions
from hiercomp.catalog.table import compound_table, table
from hiercomp.codes import CODES
from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.source import Source

if TYPE_CHECKING:
    from hiercomp.model.explain import Row

_CODE = re.compile(r"[HWN]\d+")
_LEXERS = {"stan": "stan", "pymc": "python"}
PIPE_WIDTH = 160


def console() -> Console:
    """Return a console that fits the terminal, or is plain and wide enough in a pipe."""
    return Console() if sys.stdout.isatty() else Console(width=PIPE_WIDTH, no_color=True, highlight=False)


def is_code(word: str) -> bool:
    """Say whether `word` looks like the code of a diagnostic."""
    return bool(_CODE.fullmatch(word))


def print_program(program: Program) -> None:
    """Print a program: highlighted on a terminal, exactly its text in a pipe."""
    if sys.stdout.isatty():
        console().print(Syntax(program.text, _LEXERS[program.backend], background_color="default", word_wrap=True))
    else:
        sys.stdout.write(program.text)


def side_by_side(program: Program, source: Source) -> list[tuple[str, str]]:
    """Return each statement's lines of the spec with the generated lines that they became, in the order of the spec.

    Lines that come from a declaration or from the data file alone belong to no statement and are left out.
    """
    lines = program.text.splitlines()
    produced: dict[tuple[int, int], list[int]] = {}
    for number, span in sorted(program.origins.items()):
        if span.source.name == source.name:
            first, last = span.line, source.position(max(span.start, span.end - 1))[0]
            # A part of a statement (a name in it) belongs to the statement that has been seen around it.
            around = next((key for key in produced if key[0] <= first and last <= key[1]), (first, last))
            produced.setdefault(around, []).append(number)
    rows: list[tuple[str, str]] = []
    for (first, last), numbers in sorted(produced.items()):
        left = [f"{number}: {source.line(number).strip()}" for number in range(first, last + 1)]
        right = [f"{number}: {lines[number - 1].strip()}" for number in numbers]
        rows.append(("\n".join(left), "\n".join(right)))
    return rows


def print_side_by_side(program: Program, source: Source) -> None:
    """Print what `side_by_side` returns, as two columns."""
    grid = Table(box=SIMPLE_HEAD, show_lines=True)
    grid.add_column("spec", overflow="fold", ratio=1)
    grid.add_column(program.backend, overflow="fold", ratio=1)
    for left, right in side_by_side(program, source):
        # `Text` keeps square brackets of the spec from being read as markup.
        grid.add_row(Text(left), Text(right))
    console().print(grid)


def print_code(code: str) -> None:
    """Print what a diagnostic code means, with an example and the same example mended."""
    info = CODES.get(code)
    if info is None:
        raise SpecError(
            [
                Diagnostic(
                    code="H97",
                    message=f"there is no diagnostic code {code}",
                    primary=None,
                    expected=f"one of {', '.join(sorted(CODES, key=lambda name: (name[0], int(name[1:]))))}",
                    found=code,
                    help="the code of a message stands in brackets behind `error`, `warning` or `note`",
                )
            ]
        )
    parts = [f"{info.code}: {info.title}", "", info.explanation]
    for title, example in (("For example:", info.bad), ("Mended:", info.good)):
        if example:
            parts += ["", title, "", *(f"    {line}" for line in example.rstrip("\n").splitlines())]
    sys.stdout.write("\n".join(parts) + "\n")


def print_explanation(title: str, rows: Sequence[Row]) -> None:
    """Print the rows of `explain` for one model, or for the study."""
    grid = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for heading in ("name", "role", "index sets", "shape", "support", "why"):
        grid.add_column(heading, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in (row.name, row.role, row.index_sets, row.shape, row.support, row.why)))
    console().print(grid)


def print_catalog(word: str | None) -> None:
    """Print the distributions, one a row; with a name, that one in full."""
    rows = [*table(), *compound_table()]
    if word is None:
        grid = Table(box=SIMPLE_HEAD)
        for heading in ("distribution", "arguments", "support", "Stan", "PyMC", "reference"):
            grid.add_column(heading, overflow="fold", no_wrap=heading == "distribution")
        for row in rows:
            grid.add_row(*(Text(row[key]) for key in ("name", "arguments", "support", "stan", "pymc", "reference")))
        console().print(grid)
        return
    from hiercomp.catalog import find_distribution, is_mixture, zero_words  # noqa: PLC0415

    found, zeros = find_distribution(word), zero_words(word)
    name = found.name if found is not None else zeros[0] if zeros is not None else ""
    name = name or ("Mixture" if is_mixture(word) else "")
    if not name:
        near = near_distributions(word)
        raise SpecError(
            [
                Diagnostic(
                    code="H97",
                    message=f"there is no distribution `{word}`",
                    primary=None,
                    expected="the name of a distribution, in any spelling",
                    found=f"`{word}`",
                    help=f"near names: {', '.join(near)}" if near else "`hiercomp catalog` lists them all",
                )
            ]
        )
    for key, value in next(row for row in rows if row["name"] == name).items():
        if value:
            sys.stdout.write(f"{key:<16}{value}\n")
