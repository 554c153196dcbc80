"""Nothing in the repository, and nothing that is generated, tells where it was made or where packages come from."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

# Written in pieces, so that this file does not find itself.
HOSTS = (
    "pypi" + r"\.org",
    "python" + r"hosted\.org",
    "npm" + r"js\.(org|com)",
    "ana" + r"conda\.org",
    "proxy" + r"\.golang\.org",
)
OPTIONS = ("--index" + "-url", "--extra-index" + "-url", "--find" + "-links", "--trusted" + "-host")
FOLDERS = (
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/opt" + "/pypi",
    "/tmp" + "/w/",
    "/home/" + r"\w+/",
    "/Us" + r"ers/\w+/",
    "site" + "-packages/",
)
TELLTALE = re.compile("|".join((*HOSTS, *OPTIONS, *FOLDERS)))
SKIPPED = {".git", ".venv", "build", "dist", "__pycache__"}


def repository_files() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        yield from (ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())
        return
    for path in ROOT.rglob("*"):
        if path.is_file() and SKIPPED.isdisjoint(path.relative_to(ROOT).parts):
            yield path


def telltales(text: str) -> list[str]:
    return [match[0] for match in TELLTALE.finditer(text)]


def test_repository() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): telltales(path.read_text(encoding="utf-8", errors="replace"))
        for path in repository_files()
    }
    assert len(found) > 50
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "text",
    [
        "see https://py" + "pi.org/project/x",
        "pip install --index" + "-url http://x",
        "-e /wo" + "rk/main",
        "File /ro" + "ot/x.py",
        "/home/" + "me/x",
        "lib/python3.12/site" + "-packages/x.py",
    ],
)
def test_a_telltale_is_found(text: str) -> None:
    assert telltales(text)


@pytest.mark.parametrize("text", ["/workspace/data.csv", "hiercomp/workflow/check.py", "the root/leaf", "frameworks/x"])
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert not telltales(text)


def test_constraints_are_names_and_versions() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 50
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][A-Za-z0-9_.+!]*", line) for line in lines)
    assert not any(line.lower().startswith("hiercomp") for line in lines)


def test_generated_files_do_not_say_where_they_were_made(specs: Path, tmp_path: Path) -> None:
    import hiercomp

    folder = tmp_path / "secret_place"
    (folder / "data").mkdir(parents=True)
    for name in ("eight_schools.hier", "data/eight_schools.csv"):
        (folder / name).write_bytes((specs / name).read_bytes())
    paths = hiercomp.build(hiercomp.load(folder / "eight_schools.hier"), folder / "out", stanc=False)
    assert len(paths) == 3 * 8
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert "secret_place" not in text
        assert not telltales(text)
