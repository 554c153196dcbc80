"""Where the engines are on this machine, found without importing any of them."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from hiercomp.engines.cache import cache_root

COMPLETE = ".hiercomp-complete"
EXE = ".exe" if sys.platform == "win32" else ""


@dataclass(frozen=True, slots=True)
class Place:
    """An engine's folder, its version, and its compiler from Stan to C++."""

    folder: Path
    version: str
    stanc: Path


def cmdstan_folder() -> Path:
    """Return the folder into which `install_cmdstan` puts CmdStan unless it is told otherwise."""
    return cache_root() / "cmdstan"


def find_cmdstan() -> Place | None:
    """Return the CmdStan that ``CMDSTAN`` names, else the newest in cmdstanpy's folder or in our own, else None."""
    given = os.environ.get("CMDSTAN")
    if given:
        return _cmdstan(Path(given))
    home = Path("~").expanduser() / ".cmdstan"
    return newest_cmdstan(home, marked=False) or newest_cmdstan(cmdstan_folder(), marked=True)


def newest_cmdstan(folder: Path, *, marked: bool) -> Place | None:
    """Return the newest CmdStan in `folder`; if `marked`, only one whose installation came to its end."""
    if not folder.is_dir():
        return None
    places = [
        _cmdstan(path) for path in folder.iterdir() if path.is_dir() and (not marked or (path / COMPLETE).is_file())
    ]
    return max((place for place in places if place), key=lambda place: version_order(place.version), default=None)


def version_order(version: str) -> tuple[tuple[int, ...], bool]:
    """Return what orders versions: 2.9.0 before 2.27.0, a release candidate before its release."""
    numbers, candidate, _ = version.partition("-rc")
    return tuple(int(part) for part in re.findall(r"\d+", numbers)), not candidate


def _cmdstan(folder: Path) -> Place | None:
    stanc = folder / "bin" / f"stanc{EXE}"
    try:
        text = (folder / "makefile").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    match = re.search(r"^CMDSTAN_VERSION\s*:?=\s*(\S+)", text, re.MULTILINE)
    if match is None or not stanc.is_file():
        return None
    return Place(folder.resolve(), match[1], stanc)


@cache
def find_httpstan() -> Place | None:
    """Return the httpstan package that pystan runs on, or None."""
    if find_spec("stan") is None:
        return None
    spec = find_spec("httpstan")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    stanc = folder / "stanc"
    if not stanc.is_file() or not (folder / "include").is_dir():
        return None
    from importlib.metadata import version  # noqa: PLC0415  (20 ms)

    return Place(folder, version("httpstan"), stanc)


def find_compiler() -> str | None:
    """Return the C++ compiler: what ``CXX`` names, else the platform's usual one, else None."""
    usual = ["clang++", "g++"] if sys.platform == "darwin" else ["g++", "clang++", "c++"]
    given = os.environ.get("CXX")
    return next((path for name in ([given] if given else usual) if (path := shutil.which(name))), None)


def find_make() -> str | None:
    """Return the program that runs CmdStan's makefile, or None."""
    names = ["mingw32-make", "make"] if sys.platform == "win32" else ["make", "gmake"]
    return next((path for name in names if (path := shutil.which(name))), None)
