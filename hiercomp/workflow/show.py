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
from hiercomp.catalog import near_distributions, table
from hiercomp.codes import CODES
from hiercomp.diagnostics import Diagnostic, SpecError

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


def print_side_by_side(program: Program) -> None:
    """Print each statement of the spec against the generated lines that it produced, in the order of the spec."""
    lines = program.text.splitlines()
    produced: dict[tuple[int, int], list[int]] = {}
    spans = {(span.start, span.end): span for span in program.origins.values()}
    for number, span in sorted(program.origins.items()):
        produced.setdefault((span.start, span.end), []).append(number)
    grid = Table(box=SIMPLE_HEAD, show_lines=True)
    grid.add_column("spec", overflow="fold", ratio=1)
    grid.add_column(program.backend, overflow="fold", ratio=1)
    for key in sorted(produced):
        span = spans[key]
        left = f"{span.line}: " + " ".join(span.text.split())
        right = "\n".join(f"{number}: {lines[number - 1].strip()}" for number in produced[key])
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
                )
            ]
        )
    parts = [f"{info.code}: {info.title}", "", info.explanation]
    for title, example in (("For example:", info.bad), ("Mended:", info.good)):
        if example:
            parts += ["", title, "", *(f"    {line}" for line in example.rstrip("\n").splitlines())]
    sys.stdout.write("\n".join(parts) + "\n")


def print_explanation(name: str, rows: Sequence[Row]) -> None:
    """Print the rows of `explain` for one model."""
    grid = Table(title=f"model {name}", title_justify="left", box=SIMPLE_HEAD)
    for heading in ("name", "role", "index sets", "shape", "support", "why"):
        grid.add_column(heading, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in (row.name, row.role, row.index_sets, row.shape, row.support, row.why)))
    console().print(grid)


def print_catalog(word: str | None) -> None:
    """Print the distributions, one a row; with a name, that one in full."""
    rows = table()
    if word is None:
        grid = Table(box=SIMPLE_HEAD)
        for heading in ("distribution", "arguments", "support", "Stan", "PyMC", "reference"):
            grid.add_column(heading, overflow="fold")
        for row in rows:
            grid.add_row(*(Text(row[key]) for key in ("name", "arguments", "support", "stan", "pymc", "reference")))
        console().print(grid)
        return
    from hiercomp.catalog import find_distribution  # noqa: PLC0415

    wanted = find_distribution(word)
    if wanted is None:
        raise SpecError(
            [
                Diagnostic(
                    code="H97",
                    message=f"there is no distribution {word}",
                    primary=None,
                    found=word,
                    help=f"near names: {', '.join(near_distributions(word))}" if near_distributions(word) else "",
                )
            ]
        )
    for key, value in next(row for row in rows if row["name"] == wanted.name).items():
        if value:
            sys.stdout.write(f"{key:<16}{value}\n")
