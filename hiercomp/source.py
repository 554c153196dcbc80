"""Text with a name, and spans of it: what every diagnostic points at."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import field

from hiercomp.records import record


@record
class Source:
    """A text and the name users know it by (a path as given, or ``<text>``).

    Offsets count characters of `text`, which has no byte order mark; line breaks are kept as they were.
    """

    name: str
    text: str

    _starts: list[int] = field(default_factory=list[int], compare=False, repr=False)

    @property
    def _line_starts(self) -> list[int]:
        if not self._starts:
            at = 0
            while at >= 0:
                self._starts.append(at)
                at = self.text.find("\n", at) + 1 or -1
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """Return the 1-based (line, column) of a character offset; columns count characters."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return the text of the 1-based line `number`, without its line break."""
        start = self._line_starts[number - 1]
        end = self._line_starts[number] if number < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


@record
class Span:
    """The half-open character range ``[start, end)`` of a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    def to(self, other: Span) -> Span:
        """Return the span from the start of this one to the end of `other`."""
        return Span(self.source, self.start, other.end)
