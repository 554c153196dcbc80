"""The grammar is loaded from a cache where there is one, and without it everywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hiercomp.diagnostics import Diagnostics
from hiercomp.source import Source
from hiercomp.syntax import grammar, parse


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    grammar._parser.cache_clear()
    yield
    grammar._parser.cache_clear()


def parses() -> bool:
    diagnostics = Diagnostics()
    spec = parse(Source("t.hier", "mu ~ Normal(0, 1)\n"), diagnostics)
    return not diagnostics.items and len(spec.models[0].statements) == 1


def use(monkeypatch: pytest.MonkeyPatch, folder: Path | None) -> None:
    monkeypatch.setattr(grammar, "cache_dir", lambda name: folder)


def test_the_cache_is_written_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, tmp_path)
    assert parses()
    (written,) = tmp_path.iterdir()
    before = written.stat().st_mtime_ns
    grammar._parser.cache_clear()
    assert parses()
    assert written.stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"half"])
def test_a_damaged_cache_is_not_trusted(damage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, tmp_path)
    assert parses()
    (written,) = tmp_path.iterdir()
    whole = written.read_bytes()
    written.write_bytes(whole[: len(whole) // 2] if damage == b"half" else damage)
    grammar._parser.cache_clear()
    assert parses()


@pytest.mark.parametrize("there", [True, False])
def test_a_place_that_cannot_be_written(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    use(monkeypatch, tmp_path / "file" if there else None)
    assert parses()
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""
