"""The cache: entries whole or absent, made once however many ask, forgotten when old."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from hiercomp.engines import cache


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HIERCOMP_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_folder_can_be_chosen(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache.cache_root() == root
    monkeypatch.delenv("HIERCOMP_CACHE")
    assert cache.cache_root().name == "hiercomp"


def test_keys_depend_on_where_parts_end() -> None:
    keys = {cache.content_key(parts) for parts in (["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["ab", "c"])}
    assert len(keys) == 4


def test_an_entry_is_made_once_by_many(root: Path) -> None:
    made: list[int] = []

    def fill(folder: Path) -> None:
        made.append(1)
        time.sleep(0.05)
        (folder / "a").write_text("x")

    threads = [threading.Thread(target=lambda: cache.build_entry("kind", "key", fill)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]
    assert [path.name for path in (root / "kind" / "key").iterdir()] == ["a"]


def test_a_failure_leaves_nothing(root: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_text("x")
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        cache.build_entry("kind", "key", fail)
    assert cache.find_entry("kind", "key") is None
    assert not [path for path in (root / "kind").iterdir() if path.is_dir()]


def test_texts(root: Path) -> None:
    assert cache.read_text("kind", "key") is None
    cache.write_text("kind", "key", "é")
    assert cache.read_text("kind", "key") == "é"


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HIERCOMP_CACHE", str(tmp_path / "file"))
    cache.write_text("kind", "key", "x")
    assert cache.read_text("kind", "key") is None


def test_what_was_not_used_for_long_goes_first(root: Path) -> None:
    def fill(folder: Path) -> None:
        (folder / "a").write_bytes(b"x" * 1000)

    days = {"old": 9, "older": 12, "new": 0, ".half-made": 3}
    for name, age in days.items():
        path = cache.build_entry("kind", name, fill)
        then = time.time() - age * 86400
        os.utime(path, (then, then))
    cache.prune("kind", keep_bytes=2000)
    assert {path.name for path in (root / "kind").iterdir() if path.is_dir()} == {"old", "new"}
    cache.prune("kind", keep_bytes=0)
    assert {path.name for path in (root / "kind").iterdir() if path.is_dir()} == {"new"}
