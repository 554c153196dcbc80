"""A table of data: named columns of plain values, each of which knows where in its file it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Literal

from hiercomp.data import faults
from hiercomp.diagnostics import Diagnostic, Diagnostics
from hiercomp.records import record
from hiercomp.source import Span

type Value = int | float | str | tuple[Value, ...]


def unravel(position: int, lengths: Sequence[int]) -> tuple[int, ...]:
    """Return the 0-based index of the element at a position of an array laid out with its last axis running fastest."""
    index: list[int] = []
    for length in reversed(lengths):
        position, rest = divmod(position, length)
        index.append(rest)
    return tuple(reversed(index))


@record
class Column:
    """One named value: a number or text (`lengths` is ``()``), a vector, or an array with more axes, row first.

    `value` holds nested tuples whose leaves are all int, all float or all str, as `elem` says. `remark` says what is
    unexpected about the reading of it (whole numbers too large for an integer), for messages about its type.
    `missing` are the positions, as `leaves` counts them, that have no value; their leaves are not-a-number.
    """

    name: str
    value: Value
    lengths: tuple[int, ...]
    elem: Literal["int", "real", "str"]
    place: faults.Place = field(compare=False, repr=False)
    remark: str = ""
    missing: tuple[int, ...] = ()

    @property
    def header(self) -> Span | None:
        """Where the name stands: the cell of the first line, or the key."""
        return self.place.locate(())

    def span(self, *index: int) -> Span | None:
        """Return where the element at this 0-based index stands; for a table, ``span(k)`` is the cell of row k."""
        return self.place.locate(index)

    def leaves(self) -> Iterator[int | float | str]:
        """Yield all elements, the last axis running fastest."""
        level: tuple[Value, ...] = (self.value,)
        for _ in self.lengths:
            level = tuple(part for item in level if isinstance(item, tuple) for part in item)
        for item in level:
            assert not isinstance(item, tuple)
            yield item

    def index(self, position: int) -> tuple[int, ...]:
        """Return the 0-based index of the element that `leaves` yields at this position."""
        return unravel(position, self.lengths)

    def labels(self) -> tuple[str, ...]:
        """Return the elements as text: what names the members of an index set."""
        return tuple(str(leaf) for leaf in self.leaves())


@record
class Groups:
    """Lists of different lengths under one name: their `members` end to end, and how many there are in each."""

    members: Column
    sizes: tuple[int, ...]


@record
class Table:
    """What one file holds.

    `columns` are those that can be used. `faulty` are those that cannot, with the reason: data may hold more than a
    spec uses, so a bad column is an error only once it is used (`use`). `groups` are those of the faulty ones that are
    lists of different lengths, which serve where groups are asked for; `gaps` those that are numbers where they have
    values, which serve where what is missing is unknown.
    """

    name: str
    columns: Mapping[str, Column]
    faulty: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict[str, tuple[Diagnostic, ...]])
    groups: Mapping[str, Groups] = field(default_factory=dict[str, Groups])
    gaps: Mapping[str, Column] = field(default_factory=dict[str, Column])

    def __contains__(self, name: str) -> bool:
        return name in self.columns or name in self.faulty

    def names(self) -> tuple[str, ...]:
        """Return the names of all columns, those that cannot be used too."""
        return (*self.columns, *self.faulty)

    def use(self, name: str, diagnostics: Diagnostics, *, numbers: bool = True, gaps: bool = False) -> Column | None:
        """Return the column, or None when there is none of that name or it cannot be used; say why in `diagnostics`.

        With `numbers`, a column of text cannot be used; the diagnostic points at the first cell that is no number.
        With `gaps`, some of the values may be missing.
        """
        if gaps and name in self.gaps:
            return self.gaps[name]
        diagnostics.extend(self.faulty.get(name, ()))
        column = self.columns.get(name)
        if column is None or column.elem != "str" or not numbers:
            return column
        leaves = [str(leaf) for leaf in column.leaves()]
        text = [position for position, leaf in enumerate(leaves) if not faults.is_number(leaf)]
        # In JSON the digits may be right and only the quotes wrong.
        at = text[0] if text else 0
        diagnostics.add(faults.text_for_number(name, column.index(at), leaves[at], len(text), column.place))
        return None
