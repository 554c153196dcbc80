"""From the path of a data file to a table."""

from __future__ import annotations

import stat
from pathlib import Path

from hiercomp.data import faults
from hiercomp.data.table import Table
from hiercomp.diagnostics import Diagnostics
from hiercomp.source import Source, Span

_SUFFIXES = (".csv", ".tsv", ".json", ".parquet")


def load(path: str | Path, diagnostics: Diagnostics, span: Span | None = None, name: str | None = None) -> Table | None:
    """Read a data file by the ending of its name: CSV, TSV, JSON or Parquet.

    `span` is the statement of the spec that names the file; `name` is what messages call it (by default the path as
    given). Returns None after adding to `diagnostics` what is wrong with the file as a whole; what is wrong with one
    column is told by `Table.use`.
    """
    file = Path(path)
    shown = str(path) if name is None else name
    suffix = file.suffix.lower()
    try:
        mode = file.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        diagnostics.add(faults.no_file(shown, span, _near(file)))
        return None
    except (OSError, ValueError) as error:
        diagnostics.add(faults.unreadable(shown, span, _reason(error)))
        return None
    if not stat.S_ISREG(mode):
        found = "a folder" if stat.S_ISDIR(mode) else "something that is not a file"
        diagnostics.add(faults.unreadable(shown, span, found))
        return None
    if suffix not in _SUFFIXES:
        diagnostics.add(faults.unknown_kind(shown, span, suffix))
        return None
    if suffix == ".parquet":
        from hiercomp.data.parquet_file import read_parquet  # noqa: PLC0415

        return read_parquet(file, shown, diagnostics, span)
    source = _read_text(file, shown, diagnostics, span)
    if source is None:
        return None
    # Each reader is imported when there is something for it to read: a build without data pays for none.
    if suffix == ".json":
        from hiercomp.data.json_file import read_json  # noqa: PLC0415

        return read_json(source, diagnostics, span)
    from hiercomp.data.csv_file import read_csv  # noqa: PLC0415

    return read_csv(source, "\t" if suffix == ".tsv" else ",", diagnostics, span)


def _read_text(file: Path, shown: str, diagnostics: Diagnostics, span: Span | None) -> Source | None:
    try:
        raw = file.read_bytes()
    except OSError as error:
        diagnostics.add(faults.unreadable(shown, span, _reason(error)))
        return None
    try:
        text = raw.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        # Show the line, with a replacement character for each byte that is none.
        start = len(raw[: error.start].decode("utf-8-sig"))
        source = Source(shown, raw.decode("utf-8-sig", errors="replace"))
        diagnostics.add(faults.not_utf8(shown, Span(source, start, start + 1), raw[error.start]))
        return None
    if not text.strip():
        diagnostics.add(faults.empty(shown, span, "an empty file" if not text else "only white space"))
        return None
    if "\n" not in text:
        text = text.replace("\r", "\n")
    return Source(shown, text)


def _near(file: Path) -> list[str]:
    """Return the names of data files in the same folder that are like the one that is not there."""
    from difflib import get_close_matches  # noqa: PLC0415

    try:
        there = sorted(item.name for item in file.parent.iterdir() if item.suffix.lower() in _SUFFIXES)
    except (OSError, ValueError):
        return []
    return get_close_matches(file.name, there, n=3) or there[:3]


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
