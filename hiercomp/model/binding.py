"""Bound data as the model layer sees it: one value a name, whichever table and however many columns it comes from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Literal

from hiercomp.data import Column, Table
from hiercomp.data.faults import Place
from hiercomp.diagnostics import Diagnostic, Diagnostics, Label
from hiercomp.model.ir import Value
from hiercomp.records import record, replace
from hiercomp.source import Span

_SHOWN = 12
_NUMBERED = re.compile(r"(.+)_([1-9][0-9]*)")


@record
class Datum:
    """A value of bound data. `columns` holds one column, or the numbered ones that make up a matrix."""

    name: str
    value: Value
    lengths: tuple[int, ...]
    elem: Literal["int", "real", "str"]
    columns: tuple[Column, ...]

    @property
    def missing(self) -> tuple[tuple[int, ...], ...]:
        """The 0-based indices of the elements that have no value, the last axis running fastest."""
        if len(self.columns) == 1:
            return tuple(self.column.index(position) for position in self.column.missing)
        return tuple(sorted((row, place) for place, column in enumerate(self.columns) for row in column.missing))

    @property
    def column(self) -> Column:
        """The only column, or the first of a matrix."""
        return next(iter(self.columns))

    @property
    def place(self) -> Place:
        return self.column.place

    @property
    def header(self) -> Span | None:
        return self.column.header

    def span(self, index: tuple[int, ...]) -> Span | None:
        """Return where the element at this 0-based index stands."""
        if len(self.columns) > 1:
            return self.columns[index[1]].span(index[0])
        return self.column.span(*index)

    def row(self, index: tuple[int, ...]) -> str:
        """Say which element this is: ``row 3``, ``element [2, 1]``."""
        if not index:
            return "its only value"
        if len(self.columns) > 1:
            return f"row {index[0] + 1} of `{self.columns[index[1]].name}`"
        return self.place.where([index])

    def items(self) -> Iterator[tuple[tuple[int, ...], int | float | str]]:
        """Yield every element that has a value with its 0-based index, the last axis running fastest."""
        stack: list[tuple[tuple[int, ...], Value]] = [((), self.value)]
        while stack:
            index, value = stack.pop()
            if isinstance(value, tuple):
                stack.extend(((*index, k), value[k]) for k in range(len(value) - 1, -1, -1))
            elif not (isinstance(value, float) and math.isnan(value)):
                yield index, value


@record
class Members:
    """The members of groups, group after group, and where (counted from 1) each group begins and ends."""

    members: Datum
    first: Datum
    final: Datum


class Binding:
    """All tables together. Without tables nothing is bound, and every name without a definition is known data.

    `awaited` are random quantities that count as observed although their values are still to be drawn. `keys` are the
    columns that name the rows of their table, each once, by the names that another table picks rows by; `levels` the
    texts of columns in their order, where the spec states it.
    """

    def __init__(self, tables: Sequence[Table], awaited: frozenset[str] = frozenset()) -> None:
        self.tables = tuple(tables)
        self.awaited = awaited
        self.bound = bool(self.tables)
        self.computed: dict[str, str] = {}
        self.keys: dict[str, Column] = {}
        self.levels: dict[str, tuple[str, ...]] = {}
        self._numbered: dict[str, tuple[Table, list[str]]] = {}
        self._used: dict[tuple[str, bool, bool], Datum | None] = {}
        for table in self.tables:
            self._find_numbered(table)
        if len(self.tables) > 1:
            from hiercomp.model.joining import keys_of  # noqa: PLC0415  (few specs have several tables)

            self.keys = keys_of(self.tables)

    def _find_numbered(self, table: Table) -> None:
        groups: dict[str, dict[int, str]] = {}
        for name in table.names():
            match = _NUMBERED.fullmatch(name)
            if match:
                groups.setdefault(match[1], {})[int(match[2])] = name
        for base, columns in groups.items():
            if base not in self and all(number in columns for number in range(1, len(columns) + 1)):
                self._numbered[base] = (table, [columns[number] for number in range(1, len(columns) + 1)])

    def add(self, column: Column, how: str) -> None:
        """Take up a column that the spec has computed; `how` says it in the spec's words."""
        place = column.place
        self.computed[column.name] = how
        self.tables = (*self.tables, Table(place.file, {column.name: column}))

    def spoil(self, name: str) -> None:
        """Take up a name that stands for nothing that could be used, for reasons that have been given."""
        self.tables = (*self.tables, Table("", {}, {name: ()}))

    def __contains__(self, name: str) -> bool:
        return any(name in table for table in self.tables) or name in self._numbered

    def names(self) -> list[str]:
        """Return every name the data has, those of matrices made of numbered columns too."""
        return [*(name for table in self.tables for name in table.names()), *self._numbered]

    def count(self, name: str) -> int | None:
        """Return the whole number that the data has of this name: what tells the size of an index set."""
        for table in self.tables:
            column = table.columns.get(name)
            if column is not None and isinstance(column.value, int):
                return column.value
        return None

    def single(self, name: str) -> bool:
        """Say whether the data has one number of this name."""
        found = next((table.columns[name] for table in self.tables if name in table.columns), None)
        return found is not None and not found.lengths and found.elem != "str"

    def columns(self) -> str:
        """List the columns for a message, the first few of many."""
        names = self.names()
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        return f"the columns {', '.join(names[:_SHOWN])}{more}"

    def files(self) -> str:
        return " and ".join(table.name for table in self.tables)

    def use(self, name: str, diagnostics: Diagnostics, *, numbers: bool = True, gaps: bool = False) -> Datum | None:
        """Return what the data has of this name, or None; a column that cannot be used is reported, once.

        With `gaps`, some of the values may be missing.
        """
        key = (name, numbers, gaps)
        if key not in self._used:
            self._used[key] = self._use(name, diagnostics, numbers, gaps)
        return self._used[key]

    def _use(self, name: str, diagnostics: Diagnostics, numbers: bool, gaps: bool) -> Datum | None:
        key = self.keys.get(name)
        holders = [table for table in self.tables if name in table and (not key or table.columns.get(name) is not key)]
        if len(holders) > 1:
            _twice(name, holders, diagnostics)
        if holders:
            levels = self.levels.get(name)
            column = holders[0].use(name, diagnostics, numbers=numbers and levels is None, gaps=gaps)
            if column is None:
                return None
            if levels is not None and numbers:
                from hiercomp.model.levels import as_numbers  # noqa: PLC0415  (few specs state levels)

                column = as_numbers(column, levels)
            if key is not None and not numbers:
                from hiercomp.model.joining import as_labels  # noqa: PLC0415  (few specs have several tables)

                column = as_labels(column, key)
            return Datum(name, column.value, column.lengths, column.elem, (column,))
        if name not in self._numbered:
            return None
        table, names = self._numbered[name]
        columns = [table.use(item, diagnostics, gaps=gaps) for item in names]
        sound = [column for column in columns if column is not None and len(column.lengths) == 1]
        if len(sound) < len(columns) or len({column.lengths for column in sound}) > 1:
            return None
        vectors = [column.value for column in sound if isinstance(column.value, tuple)]
        elem = "int" if all(column.elem == "int" for column in sound) else "real"
        rows = tuple(zip(*vectors, strict=True))
        return Datum(name, rows, (len(rows), len(sound)), elem, tuple(sound))

    def groups(self, name: str, letter: str, diagnostics: Diagnostics) -> Members | None:
        """Return the groups that the data has under `name`: lists, or rows with the group's number in column `letter`.

        None where there are no such; where the data has the name, that is reported.
        """
        holders = [table for table in self.tables if name in table]
        if len(holders) > 1:
            _twice(name, holders, diagnostics)
        if not holders:
            return None
        table = holders[0]
        groups = table.groups.get(name)
        if groups is not None:
            return _members(name, groups.members, groups.sizes)
        column = table.use(name, diagnostics, numbers=False)
        if column is None or not isinstance(column.value, tuple):
            return None
        if len(column.lengths) == 2:
            count, size = column.lengths

            def split(index: tuple[int, ...]) -> Span | None:
                return column.place.locate(divmod(index[0], size) if index else ())

            place = replace(column.place, locate=split)
            flat = Column(name, tuple(column.leaves()), (count * size,), column.elem, place)
            return _members(name, flat, (size,) * count)
        key = table.columns.get(letter)
        if len(column.lengths) != 1 or key is None or key.elem != "int" or key.lengths != column.lengths:
            return None
        numbers = [int(leaf) for leaf in key.leaves()]
        if min(numbers, default=1) < 1:
            return None
        order = sorted(range(len(numbers)), key=numbers.__getitem__)
        leaves = list(column.leaves())
        sizes = [0] * max(numbers, default=0)
        for number in numbers:
            sizes[number - 1] += 1

        def locate(index: tuple[int, ...]) -> Span | None:
            return column.place.locate((order[index[0]],) if index else ())

        place = replace(column.place, locate=locate)
        members = Column(name, tuple(leaves[at] for at in order), column.lengths, column.elem, place)
        return _members(name, members, tuple(sizes))

    def labels(self, name: str, length: int | None, pickers: Sequence[str] = ()) -> tuple[str, ...] | None:
        """Return the texts of the column that names the members of the set `name`: called like it, or its singular.

        Where no other data tell the `length` it is that of the column, unless the column is one of the `pickers`.
        """
        for candidate in (name, *_singular(name)):
            if candidate in self.keys:
                from hiercomp.model.joining import counts_rows  # noqa: PLC0415  (few specs have several tables)

                key = self.keys[candidate]
                return key.labels() if length in (None, *key.lengths) and not counts_rows(key) else None
            for table in self.tables:
                column = table.columns.get(candidate)
                if column is None or column.elem != "str" or len(column.lengths) != 1:
                    continue
                if column.lengths == (length,) or (length is None and candidate not in pickers):
                    return column.labels()
        return None


def _members(name: str, column: Column, sizes: tuple[int, ...]) -> Members:
    ends = tuple(accumulate(sizes))
    starts = tuple(end - size + 1 for end, size in zip(ends, sizes, strict=True))
    found = [
        Datum(f"{name}_{word}", values, (len(sizes),), "int", (column,))
        for word, values in (("first", starts), ("final", ends))
    ]
    return Members(Datum(name, column.value, column.lengths, column.elem, (column,)), *found)


def _singular(name: str) -> list[str]:
    found: list[str] = []
    if name.endswith("ies"):
        found.append(name[:-3] + "y")
    if name.endswith("es"):
        found.append(name[:-2])
    if name.endswith("s"):
        found.append(name[:-1])
    return found


def _twice(name: str, holders: list[Table], diagnostics: Diagnostics) -> None:
    spans = [table.columns[name].header if name in table.columns else None for table in holders]
    diagnostics.add(
        Diagnostic(
            "H3",
            f"`{name}` is in two data files",
            spans[1],
            "one file that holds it",
            " and ".join(table.name for table in holders),
            "rename it in one of them; only a column that names the rows of one file, each once, may be in a second "
            "one, which picks those rows by it",
            secondary=(Label(spans[0], "the first"),) if spans[0] else (),
        )
    )
