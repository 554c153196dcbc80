"""What is on this machine: the answer of `hiercomp doctor`."""

from __future__ import annotations

import subprocess
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from hiercomp.engines.base import EngineInfo
from hiercomp.engines.cache import cache_root
from hiercomp.engines.locate import find_cmdstan, find_compiler, find_httpstan, find_make


def doctor() -> list[EngineInfo]:
    """Return every engine and tool that hiercomp can use, with its version and place, or what to do to get it."""
    return [_compiler(), _make(), _cmdstan(), _embedded(), _package("pymc"), _package("nutpie"), _cache()]


def _compiler() -> EngineInfo:
    path = find_compiler()
    if path is None:
        return EngineInfo("c++", False, advice="install g++ (or clang++), or name a compiler in CXX: Stan needs one")
    return EngineInfo("c++", True, _first_line(path), path)


def _make() -> EngineInfo:
    path = find_make()
    if path is None:
        return EngineInfo("make", False, advice="install GNU make: CmdStan needs it (embedded Stan does not)")
    return EngineInfo("make", True, _first_line(path), path)


def _cmdstan() -> EngineInfo:
    place = find_cmdstan()
    if place is None:
        advice = "hiercomp install-cmdstan (or set CMDSTAN to its folder); embedded Stan does without"
        return EngineInfo("cmdstan", False, advice=advice)
    lacking = [name for name, found in (("a C++ compiler", find_compiler()), ("make", find_make())) if not found]
    advice = f"install {' and '.join(lacking)}" if lacking else ""
    return EngineInfo("cmdstan", not lacking, place.version, str(place.folder), advice)


def _embedded() -> EngineInfo:
    place = find_httpstan()
    if place is None:
        return EngineInfo("embedded", False, advice="pip install pystan")
    advice = "" if find_compiler() else "install g++ (or clang++)"
    said = f"pystan {version('pystan')}, httpstan {place.version}"
    return EngineInfo("embedded", not advice, said, str(place.folder), advice)


def _package(name: str) -> EngineInfo:
    advice = {"pymc": "pip install pymc", "nutpie": "pip install nutpie: without it PyMC samples more slowly"}[name]
    spec = find_spec(name)
    try:
        found = version(name)
    except PackageNotFoundError:
        spec = None
        found = ""
    if spec is None or spec.origin is None:
        return EngineInfo(name, False, advice=advice)
    return EngineInfo(name, True, found, str(Path(spec.origin).parent))


def _cache() -> EngineInfo:
    folder = cache_root()
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0
    return EngineInfo("cache", True, f"{size / 1e6:.0f} MB", str(folder), "" if size < 5e9 else "may be removed")


def _first_line(path: str) -> str:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.partition("\n")[0]
