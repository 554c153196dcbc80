"""Every bad data file, with the whole of what is said about it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hiercomp.codes import CODES
from hiercomp.data import load
from hiercomp.diagnostics import Diagnostics
from hiercomp.source import Source, Span

Golden = Callable[[str, str], None]
FOLDER = Path(__file__).parent.parent / "bad" / "data"
FILES = sorted(path.name for path in FOLDER.iterdir())


@pytest.fixture(autouse=True)
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)


def everything_said(path: str, declared: Span | None = None) -> Diagnostics:
    """Load the file and use each of its columns, as numbers unless it is called school."""
    found = Diagnostics()
    table = load(path, found, declared)
    for name in table.names() if table else ():
        table.use(name, found, numbers=name != "school")
    return found


def rendered(found: Diagnostics) -> str:
    return "\n\n".join(item.render() for item in found.items) + "\n"


@pytest.mark.parametrize("name", FILES)
def test_bad_file(name: str, golden: Golden) -> None:
    found = everything_said(name)
    assert {item.code for item in found.items} == {name[:3]}
    golden(f"bad/data/{name}.txt", rendered(found))


def spec_line() -> Span:
    source = Source("s.hier", 'data "y.csv"\n')
    return Span(source, 5, 12)


def test_no_such_file(golden: Golden) -> None:
    golden("bad/data/H50.txt", rendered(everything_said("H54_empyt.csv", spec_line())))


def test_no_such_folder(golden: Golden) -> None:
    golden("bad/data/H50_folder.txt", rendered(everything_said("nowhere/y.csv")))


def test_unreadable(golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.csv").mkdir()
    os.mkfifo("pipe.csv")
    paths = ["folder.csv", "pipe.csv", "nul\0.csv", "x" * 300 + ".csv"]
    golden("bad/data/H51.txt", "\n".join(rendered(everything_said(path)) for path in paths))


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (found,) = everything_said("H64_no_names.csv").items
    assert (found.code, found.found) == ("H51", "permission denied")


def test_unknown_kind(golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("y.xlsx").touch()
    Path("y").touch()
    golden("bad/data/H52.txt", rendered(everything_said("y.xlsx", spec_line())) + rendered(everything_said("y")))


def test_parquet_without_pyarrow(golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    golden("bad/data/H65.txt", rendered(everything_said("H66_not_parquet.parquet", spec_line())))


def test_every_code_has_a_bad_file() -> None:
    codes = {code for code in CODES if 50 <= int(code[1:]) < 70 and code[0] == "H"}
    shown = {path.name[:3] for path in (FOLDER.parent.parent / "golden" / "bad" / "data").iterdir()}
    assert codes == shown
