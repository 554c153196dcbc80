"""JSON data: an object of numbers, texts and nested lists, or a list of objects, one for each row."""

from __future__ import annotations

import json
from typing import cast

from hiercomp.data import faults
from hiercomp.data.columns import Columns, from_values, whole
from hiercomp.data.faults import Place
from hiercomp.data.table import Table
from hiercomp.diagnostics import Diagnostics
from hiercomp.source import Source, Span

_SPACE = " \t\r\n"


class _Pairs(dict[str, object]):
    """An object of the file that also remembers which of its keys stand in it twice."""

    __slots__ = ("twice",)

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        self.twice = {key for key, _ in pairs if key in seen or seen.add(key)} if len(self) < len(pairs) else seen


def read_json(source: Source, diagnostics: Diagnostics, declared: Span | None) -> Table | None:
    """Read named data, or say why there is none. What is wrong with one name is kept in ``Table.faulty``."""
    try:
        document: object = json.loads(source.text, object_pairs_hook=_Pairs, parse_int=whole)
    except json.JSONDecodeError as error:
        span = Span(source, error.pos, error.pos + 1)
        # The parser's words are "Expecting ',' delimiter" and the like.
        words = error.msg[:1].lower() + error.msg[1:]
        expected = words.removeprefix("expecting ") if words.startswith("expecting ") else "valid JSON"
        found = "" if expected != "valid JSON" else words
        found = found or ("the end of the file" if error.pos >= len(source.text) else faults.quoted(span.text))
        diagnostics.add(faults.bad_json(source.name, span, expected, found, _mending(source.text, error)))
        return None
    except RecursionError:
        wanted, found = "lists nested a few deep", "lists nested too deep"
        hint = "write the values in long form: one list for each name, with a list for each index beside it"
        diagnostics.add(faults.bad_json(source.name, declared, wanted, found, hint))
        return None
    if isinstance(document, _Pairs):
        return _object(source, document, declared)
    rows = cast(list[object], document) if isinstance(document, list) else []
    if rows and all(isinstance(row, _Pairs) for row in rows):
        return _rows(source, cast(list[_Pairs], rows), declared)
    start = len(source.text) - len(source.text.lstrip())
    kind = "a list of something else" if rows else "an empty list" if isinstance(document, list) else "a single value"
    diagnostics.add(faults.not_a_table(source.name, Span(source, start, start + 1), kind))
    return None


def _mending(text: str, error: json.JSONDecodeError) -> str:
    """Say how to mend what the parser stopped at: most often a habit of another notation."""
    before, at = text[: error.pos].rstrip()[-1:], text[error.pos : error.pos + 1]
    if not at:
        return "the file is cut short: write what is missing, and the brackets that are still open"
    if at == "'":
        return 'write double quotes: "y"'
    if before == "," and at in "]}":
        return f"delete the comma before `{at}`"
    if "control character" in error.msg:
        return "write a line break inside text as \\n, a tab as \\t"
    if "escape" in error.msg:
        return "write a backslash inside text twice"
    if "delimiter" in error.msg:
        return f"write `{error.msg.split()[1].strip("'")}` before it"
    if "property name" in error.msg:
        return 'put the name in double quotes: "y"'
    if "extra data" in error.msg.lower():
        return "put everything into one object: {...}"
    return "values are numbers, text in double quotes, lists in square brackets and objects in braces; null is no value"


def _object(source: Source, document: _Pairs, declared: Span | None) -> Table:
    columns = Columns(source.name)
    for name, raw in document.items():
        place = Place(source.name, _Element(source, name), declared, rows=False)
        columns.add(name, from_values(name, raw, place), place, twice=name in document.twice)
    return columns.table()


def _rows(source: Source, rows: list[_Pairs], declared: Span | None) -> Table:
    columns = Columns(source.name)
    for name in dict.fromkeys(name for row in rows for name in row):
        twice = next((number for number, row in enumerate(rows) if name in row.twice), None)
        first = next(number for number, row in enumerate(rows) if name in row)
        place = Place(source.name, _Element(source, name, first if twice is None else twice), declared)
        result = from_values(name, [row.get(name) for row in rows], place)
        columns.add(name, result, place, twice=twice is not None)
    return columns.table()


class _Element:
    """Finds a value of the file again, when a diagnostic asks for one: reading does not pay for positions.

    In a list of objects `row` is one that has the name; in an object of names it is None.
    """

    __slots__ = ("name", "row", "source")

    def __init__(self, source: Source, name: str, row: int | None = None) -> None:
        self.source = source
        self.name = name
        self.row = row

    def __call__(self, index: tuple[int, ...]) -> Span | None:
        scan = _Scan(self.source.text)
        at = scan.space(0)
        if self.row is not None:
            at = scan.item(at, index[0] if index else self.row)
        member = scan.member(at, self.name)
        if member is None:  # a row that lacks the name
            return Span(self.source, at, scan.end(at))
        key, at = member
        if not index:
            return Span(self.source, key, scan.end(key))
        for step in index if self.row is None else index[1:]:
            at = scan.item(at, step)
        return Span(self.source, at, scan.end(at))


class _Scan:
    """Walks JSON text that is known to be valid; positions are those of first characters of values."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.decoder = json.JSONDecoder(parse_int=float)

    def space(self, position: int) -> int:
        while position < len(self.text) and self.text[position] in _SPACE:
            position += 1
        return position

    def end(self, position: int) -> int:
        return self.decoder.raw_decode(self.text, position)[1]

    def next(self, position: int) -> int:
        """Return where the value after the one at `position` begins, or its closing bracket."""
        after = self.space(self.end(position))
        return self.space(after + 1) if self.text[after] in ",:" else after

    def item(self, position: int, number: int) -> int:
        """Return where an element of the list at `position` begins."""
        position = self.space(position + 1)
        for _ in range(number):
            position = self.next(position)
        return position

    def member(self, position: int, name: str) -> tuple[int, int] | None:
        """Return where the last key `name` of the object at `position` and its value begin."""
        found: tuple[int, int] | None = None
        position = self.space(position + 1)
        while self.text[position] == '"':
            key, _ = self.decoder.raw_decode(self.text, position)
            value = self.next(position)
            if key == name:
                found = (position, value)
            position = self.next(value)
        return found
