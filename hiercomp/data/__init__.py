"""Data: CSV, JSON and Parquet files, and Python objects, as tables of plain values that know where they were read."""

from __future__ import annotations

from hiercomp.data.load import load
from hiercomp.data.objects import from_mapping
from hiercomp.data.table import Column, Table, Value

__all__ = ["Column", "Table", "Value", "from_mapping", "load"]
