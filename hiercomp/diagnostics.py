"""Diagnostics: what is wrong, where, what was expected and found, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum

from hiercomp.records import record, state
from hiercomp.source import Span

# Characters that would move the cursor or turn the text around: input is shown, never obeyed.
_CONTROL = dict.fromkeys(
    (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
    "\N{REPLACEMENT CHARACTER}",
)
_WIDEST = 160


def _window(text: str, column: int) -> tuple[str, int]:
    """Return the part of a long line around a 1-based column, and the column there."""
    if len(text) <= _WIDEST:
        return text, column
    start = min(max(column - 1 - _WIDEST // 3, 0), len(text) - 1)
    part = text[start : start + _WIDEST]
    before, after = "…" if start else "", "…" if start + _WIDEST < len(text) else ""
    return f"{before}{part}{after}", column - start + len(before)


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@record
class Label:
    """A second place that a diagnostic points at, with what is to be seen there."""

    span: Span
    text: str


@record
class Diagnostic:
    """One finding.

    `code` is a key of `hiercomp.codes.CODES`. `primary` is None only where no text is at fault (a missing file
    named on the command line). `expected` and `found` are short noun phrases, `help` says how to mend it.
    """

    code: str
    message: str
    primary: Span | None
    expected: str = ""
    found: str = ""
    help: str = ""
    severity: Severity = Severity.ERROR
    secondary: tuple[Label, ...] = ()

    def render(self) -> str:
        """Return the plain text of the diagnostic: header, source excerpt, expected, found, help."""
        lines = [f"{self.severity}[{self.code}]: {self.message}"]
        places = [Label(self.primary, "")] if self.primary is not None else []
        for place in [*places, *self.secondary]:
            line, column = place.span.source.position(place.span.start)
            text, shown = _window(place.span.source.line(line), column)
            gutter = " " * len(str(line))
            stop = min(place.span.end - place.span.start, len(text) - shown + 1)
            # A tab stays a tab, so that the carets stand under what they mean however wide it is drawn.
            indent = "".join("\t" if char == "\t" else " " for char in text[: shown - 1])
            lines += [
                f"{gutter}--> {place.span.source.name}:{line}:{column}",
                f"{gutter} |",
                f"{line} | {text}",
                f"{gutter} | {indent}{'^' * max(stop, 1)}{' ' + place.text if place.text else ''}",
            ]
        if self.expected:
            lines.append(f"  expected: {self.expected}")
        if self.found:
            lines.append(f"  found:    {self.found}")
        if self.help:
            lines.append(f"  help:     {self.help}")
        return "\n".join(lines).translate(_CONTROL)


def _place(diagnostic: Diagnostic) -> tuple[str, int, str]:
    span = diagnostic.primary
    return (span.source.name, span.start, diagnostic.code) if span else ("", -1, diagnostic.code)


@state
class Diagnostics:
    """What one pass found; passes append, and the next pass does not start on errors."""

    items: list[Diagnostic] = field(default_factory=list[Diagnostic])
    error_count: int = field(default=0, compare=False, repr=False)
    _known: set[Diagnostic] = field(default_factory=set[Diagnostic], compare=False, repr=False)

    def add(self, diagnostic: Diagnostic) -> None:
        """Take up a finding, unless it has been said already."""
        if diagnostic not in self._known:
            self._known.add(diagnostic)
            self.error_count += diagnostic.severity is Severity.ERROR
            self.items.append(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self.add(diagnostic)

    @property
    def errors(self) -> list[Diagnostic]:
        return [item for item in self.items if item.severity is Severity.ERROR]

    def sorted(self) -> list[Diagnostic]:
        return sorted(self.items, key=_place)

    def raise_errors(self) -> None:
        """Raise `SpecError` with everything found so far if any of it is an error."""
        if self.errors:
            raise SpecError(self.sorted())


class SpecError(Exception):
    """Bad input. Carries all diagnostics of the pass that stopped; the command line exits with status 2."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = list(diagnostics)
        super().__init__("\n\n".join(item.render() for item in self.diagnostics))
