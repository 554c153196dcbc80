"""Lines of a Stan program: long ones broken, comments on one line each and free of anything that cannot be seen."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable

from hiercomp.records import record, replace
from hiercomp.source import Span

LIMIT = 100
_OPEN, _CLOSE = "([{", ")]}"
_UNSEEN = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
_SPACES = re.compile(r"\s+")


@record
class Line:
    """A finished line, without the indentation of its block, and the statement that it comes from."""

    text: str
    span: Span | None = None


def plain(text: str) -> str:
    """Return `text` on one line: no control or format characters, no line separators, single spaces."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    seen = (" " if unicodedata.category(char) in _UNSEEN else char for char in text)
    return _SPACES.sub(" ", "".join(seen)).strip()


def comment(text: str, indent: int = 0) -> list[str]:
    """Return `text` as comment lines."""
    words = plain(text)
    if not words:
        return []
    lead = " " * indent + "// "
    if len(lead) + len(words) <= LIMIT - 2:
        return [lead + words]
    return textwrap.wrap(
        words, LIMIT - 2, initial_indent=lead, subsequent_indent=lead, break_long_words=False, break_on_hyphens=False
    )


def statement(code: str, indent: int = 0, note: str = "") -> list[str]:
    """Return the lines of one statement, with `note` behind it where that fits and above it where not."""
    lines = broken(" " * indent + code)
    note = plain(note)
    if not note:
        return lines
    if len(lines) == 1 and len(lines[0]) + 5 + len(note) <= LIMIT - 2:
        return [f"{lines[0]}  // {note}"]
    return comment(note, indent) + lines


def broken(line: str) -> list[str]:
    """Return a line of code broken at its outermost spaces until it fits; nothing in Stan code but spaces may break."""
    indent = len(line) - len(line.lstrip()) + 4
    lines: list[str] = []
    while len(line) > LIMIT - 2:
        place = _best_break(line)
        if not place:
            break
        lines.append(line[:place])
        line = " " * indent + line[place + 1 :]
    return [*lines, line]


def _best_break(line: str) -> int:
    """Return the position of the best space to break at, within the limit; 0 where there is none.

    The best is nested least; of those, it stands between arguments, else before a sum's operator; of those, it is the
    last.
    """
    depth, best, best_rank = 0, 0, (0, 0)
    start = len(line) - len(line.lstrip())
    for position, char in enumerate(line[: LIMIT - 1]):
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth -= 1
        elif char == " " and position > start + 20:
            rank = (depth, _loosely(line[position - 1], line[position + 1 : position + 3]))
            if not best or rank <= best_rank:
                best, best_rank = position, rank
    return best


def _loosely(before: str, after: str) -> int:
    """Return how loosely what stands on both sides of a space holds together, loosest first."""
    if before in ",|":
        return 0
    return 1 if after in {"+ ", "- "} else 2 if after in {"* ", "/ "} else 3


def indented(lines: Iterable[Line], by: int = 2) -> list[Line]:
    """Return the lines further to the right."""
    return [replace(line, text=" " * by + line.text if line.text else "") for line in lines]
