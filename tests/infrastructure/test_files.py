"""Several files are written all or none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hiercomp.diagnostics import SpecError
from hiercomp.files import write_all


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") if path.is_file() else "folder"
        for path in sorted(folder.rglob("*"))
    }


def refused(folder: Path, files: dict[str, str]) -> str:
    with pytest.raises(SpecError) as error:
        write_all(folder, files)
    (found,) = error.value.diagnostics
    return f"{found.code} {found.found}".strip()


def test_files_and_folders_are_made(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert write_all(folder, {"x": "1\r\n", "τ.stan": "θ\n"}) == [folder / "x", folder / "τ.stan"]
    assert (folder / "x").read_bytes() == b"1\r\n"
    assert (folder / "τ.stan").read_bytes() == "θ\n".encode()
    assert len(tree(folder)) == 2


def test_files_that_are_right_are_left_alone(tmp_path: Path) -> None:
    write_all(tmp_path, {"x": "1", "y": "2"})
    os.utime(tmp_path / "x", (0, 0))
    assert write_all(tmp_path, {"x": "1", "y": "3"}) == [tmp_path / "y"]
    assert (tmp_path / "x").stat().st_mtime == 0
    assert tree(tmp_path) == {"x": "1", "y": "3"}


def test_a_folder_in_the_way_stops_all(tmp_path: Path) -> None:
    write_all(tmp_path, {"a": "old"})
    (tmp_path / "z").mkdir()
    before = tree(tmp_path)
    assert refused(tmp_path, {"a": "new", "b": "new", "z": "new"}) == "H91 a folder of that name"
    assert tree(tmp_path) == before


def test_a_file_in_the_way_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    assert refused(tmp_path / "out", {"a": "1"}) == f"H91 the file {tmp_path / 'out'} in its way"
    assert refused(tmp_path / "out" / "deep", {"a": "1"}) == f"H91 the file {tmp_path / 'out'} in its way"
    assert tree(tmp_path) == {"out": "mine"}


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_failure_halfway_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    folder = tmp_path / "made"
    replace, calls = os.replace, iter(range(1, 100))

    def fail(source: Path, target: Path) -> None:
        if next(calls) == failing:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)
    assert refused(folder, {"a": "1", "b": "2", "c": "3"}) == "H91 no space left on device"
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("failing", [1, 2])
def test_old_texts_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    write_all(tmp_path, {"a": "old a", "b": "old b"})
    before = tree(tmp_path)
    replace, calls = os.replace, iter(range(100))

    def fail(source: Path, target: Path) -> None:
        if next(calls) == failing:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        write_all(tmp_path, {"a": "1", "b": "2", "c": "3"})
    assert tree(tmp_path) == before


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert refused(tmp_path, {"a": "1"}) == "H91 permission denied"
    assert tree(tmp_path) == {}


def test_links_are_replaced_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine", encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "a").symlink_to(tmp_path / "precious")
    (out / "b").symlink_to(tmp_path / "nowhere")
    write_all(out, {"a": "1", "b": "2"})
    assert tree(tmp_path) == {"out": "folder", "out/a": "1", "out/b": "2", "precious": "mine"}


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "/x", "a\\b", "a\0"])
def test_names_that_are_paths_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a file"):
        write_all(tmp_path / "out", {"ok": "1", name: "2"})
    assert tree(tmp_path) == {}


def test_names_that_are_too_long(tmp_path: Path) -> None:
    assert refused(tmp_path, {"ok": "1", "n" * 300: "2"}) == "H91 file name too long"
    assert tree(tmp_path) == {}


def test_names_alike_but_for_case(tmp_path: Path) -> None:
    assert refused(tmp_path, {"Pooled.stan": "1", "pooled.stan": "2"}) == "H92 the names Pooled.stan and pooled.stan"
    assert tree(tmp_path) == {}
