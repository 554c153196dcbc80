"""Data handed over from Python: numbers, lists, NumPy arrays, series and data frames, known by what they can do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from hiercomp.data import faults
from hiercomp.data.columns import Columns, from_values
from hiercomp.data.faults import Place
from hiercomp.data.table import Table
from hiercomp.diagnostics import Diagnostics

NAME = "<data>"


def from_mapping(data: object, diagnostics: Diagnostics, name: str = NAME) -> Table | None:
    """Make a table of a mapping from names to values, or of a data frame (pandas, polars).

    Values may be numbers, text, (nested) lists or tuples, and anything with ``tolist`` or ``to_list``: arrays, series,
    tensors. What is wrong with one name is kept in ``Table.faulty`` until the name is used.
    """
    pairs = _pairs(data)
    if pairs is None:
        diagnostics.add(faults.not_a_table(name, None, f"a value of type {type(data).__name__}"))
        return None
    columns = Columns(name)
    seen: set[str] = set()
    for key, value in pairs:
        column = str(key)
        plain = _plain(value)
        place = Place(name, faults.nowhere, rows=not isinstance(data, Mapping))
        columns.add(column, from_values(column, plain, place), place, twice=column in seen)
        seen.add(column)
    return columns.table()


def _pairs(data: object) -> list[tuple[object, object]] | None:
    if isinstance(data, Mapping):
        return list(cast(Mapping[object, object], data).items())
    frame: Any = data
    # A data frame: pandas may hold one name twice, so its columns are taken by position.
    if hasattr(frame, "iloc") and hasattr(frame, "columns"):
        return [(key, frame.iloc[:, number]) for number, key in enumerate(frame.columns)]
    if hasattr(frame, "get_columns") and hasattr(frame, "columns"):
        return list(zip(frame.columns, frame.get_columns(), strict=True))
    return None


def _plain(value: object) -> object:
    """Return `value` as Python numbers, text and nested lists, as far as it can say itself what it holds."""
    for method in ("tolist", "to_list"):
        convert = getattr(value, method, None)
        if callable(convert):
            return _enter(convert(), 0)
    return _enter(value, 0)


def _enter(value: object, depth: int) -> object:
    # Lists may hold arrays and NumPy numbers in turn. Only lists are entered, and only so deep that a list that holds
    # itself ends; `from_values` refuses what is nested deeper.
    if isinstance(value, (list, tuple, range)) and depth <= 10:
        items = cast(Iterable[object], value)
        return [item if type(item) in (int, float, str) else _enter(_converted(item), depth + 1) for item in items]
    leaf = cast(object, value)
    return None if type(leaf).__name__ == "NAType" else leaf  # pandas' missing value


def _converted(value: object) -> object:
    convert = getattr(value, "tolist", None)
    return convert() if callable(convert) else value
