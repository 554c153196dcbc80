"""Parquet files, where pyarrow is installed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from hiercomp.data import faults
from hiercomp.data.columns import Columns, from_values
from hiercomp.data.faults import Place
from hiercomp.data.table import Table
from hiercomp.diagnostics import Diagnostics
from hiercomp.source import Span


def read_parquet(path: Path, name: str, diagnostics: Diagnostics, declared: Span | None) -> Table | None:
    """Read a Parquet file: numbers, text, truth values and (nested) lists of them."""
    try:
        library: Any = import_module("pyarrow")
        reader: Any = import_module("pyarrow.parquet")
    except ImportError:
        diagnostics.add(faults.no_pyarrow(name, declared))
        return None
    try:
        data: Any = reader.ParquetFile(path).read()
    except (library.ArrowException, OSError) as error:
        words = " ".join(str(error).split())
        diagnostics.add(faults.bad_parquet(name, declared, words[:200]))
        return None
    if not data.num_columns or not data.num_rows:
        diagnostics.add(faults.empty(name, declared, "no rows" if data.num_columns else "no columns"))
        return None
    columns = Columns(name)
    names: list[str] = [str(item) for item in data.column_names]
    for position, column in enumerate(names):
        place = Place(name, faults.nowhere, declared)
        values: list[object] = data.column(position).to_pylist()
        columns.add(column, from_values(column, values, place), place, twice=names.count(column) > 1)
    return columns.table()
