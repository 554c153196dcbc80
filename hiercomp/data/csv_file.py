"""Tables of text: CSV (comma) and TSV (tab), with a first line of names."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import accumulate

from hiercomp.data import faults
from hiercomp.data.columns import Columns, from_cells
from hiercomp.data.faults import Place
from hiercomp.data.table import Table
from hiercomp.diagnostics import Diagnostics
from hiercomp.source import Source, Span

_MAX_ROW_FINDINGS = 5


def read_csv(source: Source, delimiter: str, diagnostics: Diagnostics, declared: Span | None) -> Table | None:
    """Read a table, or say why it is none. Blank lines count for nothing; what is wrong with one column is kept in
    ``Table.faulty`` until the column is used."""
    records = _records(source, delimiter, diagnostics)
    if records is None:
        return None
    rows, offsets = records
    if len(rows) < 2:
        span = _line(source, offsets[0]) if rows else declared
        diagnostics.add(faults.empty(source.name, span, "names, but no rows" if rows else "an empty file"))
        return None
    names = [cell.strip() for cell in rows[0]]
    if not _header_is_sound(source, names, offsets[0], delimiter, diagnostics):
        return None
    if not _rows_are_even(source, rows, offsets, diagnostics):
        return None
    columns = Columns(source.name)
    count = Counter(names)
    for position, (name, cells) in enumerate(zip(names, zip(*rows[1:], strict=True), strict=True)):
        place = Place(source.name, _Cells(source, offsets, position, delimiter), declared)
        columns.add(name, from_cells(name, cells, place), place, twice=count[name] > 1)
    return columns.table()


def _records(source: Source, delimiter: str, diagnostics: Diagnostics) -> tuple[list[list[str]], list[int]] | None:
    """Return the records that are not blank, the header first, and the offset at which each begins."""
    lines = io.StringIO(source.text, newline="\n").readlines()
    starts = [0, *accumulate(map(len, lines))]
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    rows: list[list[str]] = []
    offsets: list[int] = []
    done = 0
    try:
        for row in reader:
            if row:
                rows.append(row)
                offsets.append(starts[done])
            done = reader.line_num
    except csv.Error as error:
        span, expected, found = _line(source, starts[done]), "cells between separators", str(error)
        hint = "save it again as CSV, with a double quote before and after each cell that holds a separator"
        if "unexpected end" in found:
            quote = source.text.find('"', starts[done])
            span = Span(source, quote, quote + 1) if quote >= 0 else span
            expected, found = "a double quote that ends the cell", "the end of the file"
            hint = "end the cell with a double quote, or delete the one that begins it"
        elif "expected after" in found:
            expected, found = "a separator after the double quote that ends a cell", "more text in the cell"
            hint = "a double quote within a quoted cell is written twice"
        elif "new-line" in found:
            expected, found = "lines that all end alike", "a carriage return inside a line"
            hint = "save the file with one kind of line ends"
        diagnostics.add(faults.bad_csv(source.name, span, expected, found, hint))
        return None
    return rows, offsets


def _line(source: Source, offset: int) -> Span:
    end = source.text.find("\n", offset)
    stop = len(source.text) if end < 0 else end
    return Span(source, offset, max(offset + len(source.text[offset:stop].rstrip()), offset + 1))


def _header_is_sound(source: Source, names: list[str], offset: int, delimiter: str, diagnostics: Diagnostics) -> bool:
    if all(map(faults.is_number, names)):
        found = faults.quoted(names[0])
        diagnostics.add(faults.no_names(source.name, _line(source, offset), f"the number {found}"))
        return False
    other = next((char for char in ";\t," if len(names) == 1 and char != delimiter and char in names[0]), None)
    if other is not None:
        words = {";": "semicolons", "\t": "tabs", ",": "commas"}
        hint = {";": "save it with commas", "\t": "call it .tsv", ",": "call it .csv"}[other]
        wanted = f"cells separated by {words[delimiter]}"
        diagnostics.add(
            faults.bad_csv(source.name, _line(source, offset), wanted, f"names separated by {words[other]}", hint)
        )
        return False
    return True


def _rows_are_even(source: Source, rows: list[list[str]], offsets: list[int], diagnostics: Diagnostics) -> bool:
    width = len(rows[0])
    uneven = [number for number, row in enumerate(rows) if len(row) != width]
    shown = uneven[:_MAX_ROW_FINDINGS]
    header = _line(source, offsets[0])
    for number in shown:
        more = len(uneven) - len(shown) if number == shown[-1] else 0
        span = _line(source, offsets[number])
        found = len(rows[number])
        diagnostics.add(faults.row_length(number, span, header, expected=width, found=found, more=more))
    return not uneven


class _Cells:
    """Finds the cells of one column again, when a diagnostic asks for one: reading does not pay for positions."""

    __slots__ = ("column", "delimiter", "offsets", "source")

    def __init__(self, source: Source, offsets: list[int], column: int, delimiter: str) -> None:
        self.source = source
        self.offsets = offsets
        self.column = column
        self.delimiter = delimiter

    def __call__(self, index: tuple[int, ...]) -> Span | None:
        row = index[0] + 1 if index else 0
        if row >= len(self.offsets):
            return None
        text = self.source.text
        start = self.offsets[row]
        for _ in range(self.column):
            start = self._end(start) + 1
        end = self._end(start)
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        return Span(self.source, start, end)

    def _end(self, start: int) -> int:
        """Return where the cell that begins at `start` ends: at its separator, a line break or the end of the text."""
        text = self.source.text
        while start < len(text) and text[start] == " ":
            start += 1
        if start < len(text) and text[start] == '"':
            start = text.find('"', start + 1)
            while text[start + 1 : start + 2] == '"':
                start = text.find('"', start + 2)
        while start < len(text) and text[start] not in (self.delimiter, "\n"):
            start += 1
        return start
