"""Statements as finished lines with comments, and the way back from a line to the statement it came from."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.pymc.forms import Statement
from hiercomp.backends.pymc.layout import comment, lay_out, plain
from hiercomp.backends.pymc.scope import Scope
from hiercomp.plan.ir import Origin
from hiercomp.source import Span

# A line carries the number of its span between two of these until the text is complete. They cannot occur in it
# otherwise: comments lose what is not printable, and strings have it escaped.
_MARK = "\ue000"


def section_lines(
    ordered: Sequence[Statement], scope: Scope, indent: int, spans: list[Span], *, headed: bool = False
) -> list[str]:
    """Return the lines of statements under the headings of their sections.

    `headed`: something stands above, so that the first heading gets an empty line too. `spans` grows.
    """
    lines: list[str] = []
    section = ""
    for item in ordered:
        if not item.pieces:
            continue
        if item.origin.section != section:
            section = item.origin.section
            lines += [""] if lines or headed else []
            lines += comment(section, indent)
        for number, piece in enumerate(item.pieces):
            if not piece.code:
                lines.append("")
                continue
            named = piece.target and piece.target in scope.used
            code = f"{scope.variables[piece.target]} = {piece.code}" if named else piece.code
            origin = item.origin if number == 0 else Origin(item.origin.label, span=item.origin.span)
            lines += statement_lines(code, origin, indent + 4 * piece.depth, spans)
    return lines


def statement_lines(code: str, origin: Origin, indent: int, spans: list[Span]) -> list[str]:
    """Return the lines of one Python statement with its comments, marked with where it comes from."""
    note = "; ".join(part for part in (plain(origin.reading), plain(origin.note)) if part)
    lines = [line for remark in origin.remarks for line in comment(remark, indent)]
    lines += lay_out(code, indent, note)
    if origin.span is None:
        return lines
    spans.append(origin.span)
    return [f"{line}{_MARK}{len(spans) - 1}{_MARK}" for line in lines]


def unmark(text: str, spans: Sequence[Span]) -> tuple[str, dict[int, Span]]:
    """Return the text without marks, and the spans by 1-based line."""
    origins: dict[int, Span] = {}
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.endswith(_MARK):
            code, mark, _ = line.split(_MARK)
            lines[number] = code
            origins[number + 1] = spans[int(mark)]
    return "\n".join(lines), origins
