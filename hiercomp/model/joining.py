"""A column that two tables have: where it names the rows of one of them, each once, the other picks rows by it."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.data import Column, Table
from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.model.scope import Context
from hiercomp.records import replace


def keys_of(tables: Sequence[Table]) -> dict[str, Column]:
    """Return the columns that name the rows of their table, by their names, which another table has too.

    There is none where both tables have every value once, or both some twice: nothing says then which is meant.
    """
    found: dict[str, Column] = {}
    for name in dict.fromkeys(name for table in tables for name in table.columns):
        columns = [table.columns[name] for table in tables if name in table.columns]
        if len(columns) != 2 or any(name in table.faulty for table in tables):
            continue
        if any(column.elem == "real" or len(column.lengths) != 1 for column in columns):
            continue
        once = [column for column in columns if len(set(column.leaves())) == column.lengths[0]]
        if len(once) == 1 and columns[0].elem == columns[1].elem:
            found[name] = once[0]
    return found


def counts_rows(key: Column) -> bool:
    """Say whether what names the rows are their numbers."""
    return list(key.leaves()) == list(range(1, key.lengths[0] + 1))


def as_labels(column: Column, key: Column) -> Column:
    """Return a column that picks by a key as labels; numbers from 1 on that count the rows stay what they are."""
    if column.elem == "str" or counts_rows(key):
        return column
    return replace(column, value=column.labels(), elem="str")


def take_key(context: Context, axis: str, name: str) -> None:
    """Give an index set the labels of the key that a column picks its members by."""
    key = context.binding.keys[name]
    facts = context.axes.facts(axis)
    facts.labels = key.labels()
    facts.key = name


def check_rows(context: Context, axis_key: str, names: Sequence[str]) -> None:
    """Report data along an index set that stand in another table than the labels of its members (H7)."""
    key = context.binding.keys[axis_key]
    for name in names:
        datum = context.symbols[name].datum if name in context.symbols else None
        if datum is None or datum.place.file == key.place.file:
            continue
        context.diagnostics.add(
            Diagnostic(
                "H7", f"which value of `{name}` belongs to which `{axis_key}` cannot be told", datum.header,
                f"`{name}` in {key.place.file}, where `{axis_key}` names the rows", f"`{name}` in {datum.place.file}",
                f"put `{name}` into the table with one row for each `{axis_key}`",
                secondary=(Label(key.header, "the labels"),) if key.header is not None else (),
            )
        )  # fmt: skip
