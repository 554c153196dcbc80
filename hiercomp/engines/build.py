"""Compiling Stan programs, each once: by content, side by side on the cores there are."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from hiercomp.engines.base import EngineError, ProgramInput, Progress
from hiercomp.engines.cache import build_entry, content_key, find_entry, prune
from hiercomp.engines.locate import EXE
from hiercomp.engines.stanc import FILE, first_line, run_stanc
from hiercomp.engines.toolchain import Toolchain

_KIND = "stan"
_HEADERS = "headers"


@dataclass(frozen=True, slots=True)
class Built:
    """A compiled program: what samples, what prints densities, and what ``stanc --info`` says of its names."""

    sampler: Path
    density: Path
    info: Mapping[str, Any]


def load_built(tools: Toolchain, program: ProgramInput, *, terms: bool) -> Built | None:
    """Return the compiled program if it is in the cache; one with terms serves where none are wanted."""
    for with_terms in {True, terms}:
        folder = find_entry(_KIND, _key(tools, program, terms=with_terms))
        if folder is not None:
            return _built(tools, folder)
    return None


def build(tools: Toolchain, program: ProgramInput, *, terms: bool) -> Built:
    """Return the compiled program, compiling it if it never was.

    Raises:
        EngineError: stanc or the C++ compiler refuses it (stage ``stanc`` or ``compile``).
    """
    found = load_built(tools, program, terms=terms)
    if found is not None:
        return found

    def fill(folder: Path) -> None:
        _translate(tools, program, folder, terms=terms)
        _compile(tools, program, folder, terms=terms)

    return _built(tools, build_entry(_KIND, _key(tools, program, terms=terms), fill))


def build_all(
    tools: Toolchain, programs: Sequence[ProgramInput], *, terms: bool, progress: Progress | None = None
) -> None:
    """Compile what is not compiled yet, as many side by side as there are cores; see `build`."""
    todo = {
        _key(tools, program, terms=terms): program
        for program in programs
        if load_built(tools, program, terms=terms) is None
    }
    tell = progress or silent
    if not todo:
        tell("", 1.0)
        return
    workers = min(cores(), len(todo))
    running = {program.name for program in list(todo.values())[:workers]}
    tell(", ".join(sorted(running)), 0.0)
    with ThreadPoolExecutor(workers) as pool:
        if _precompiling_pays(tools, len(todo), workers):
            pool.submit(_precompile, tools)
        futures: dict[Future[Built], ProgramInput] = {}
        for program in todo.values():
            futures[pool.submit(build, tools, program, terms=terms)] = program
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()
                tell(futures[future].name, done / len(todo))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    prune(_KIND)


def silent(text: str, done: float) -> None:
    """Report nothing."""
    del text, done


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _driver(name: str) -> str:
    return files("hiercomp.engines").joinpath(name).read_text(encoding="utf-8")


def _key(tools: Toolchain, program: ProgramInput, *, terms: bool) -> str:
    instrumented = program.terms_text if terms else ""
    drivers = (_driver("driver.cpp"), _driver("driver_main.cpp"))
    return content_key(["1", program.text, instrumented, *drivers, *tools.identity])


def _built(tools: Toolchain, folder: Path) -> Built:
    info = json.loads((folder / "info.json").read_text(encoding="utf-8"))
    return Built(folder / tools.sampler_name, folder / f"density{EXE}", info)


def _translate(tools: Toolchain, program: ProgramInput, folder: Path, *, terms: bool) -> None:
    source = folder / FILE
    source.write_text(program.text, encoding="utf-8", newline="\n")
    done = run_stanc(tools.stanc, folder, ["--name=hc_program", "--o=program.hpp", FILE])
    if done.returncode:
        words = named(done.stderr.strip() or done.stdout.strip(), program)
        raise EngineError("stanc", words, first_line(words), program.name)
    told = run_stanc(tools.stanc, folder, ["--info", FILE])
    (folder / "info.json").write_text(told.stdout if told.returncode == 0 else "{}", encoding="utf-8")
    if terms and program.terms_text:
        (folder / "terms.stan").write_text(program.terms_text, encoding="utf-8", newline="\n")
        done = run_stanc(tools.stanc, folder, ["--name=hc_terms", "--o=terms.hpp", "terms.stan"])
        if done.returncode:
            # Its lines are not the program's, so none is blamed.
            raise EngineError("stanc", f"in the form that keeps one term:\n{done.stderr.strip()}", None, program.name)


def _compile(tools: Toolchain, program: ProgramInput, folder: Path, *, terms: bool) -> None:
    for name in ("driver.cpp", "driver_main.cpp"):
        (folder / name).write_text(_driver(name), encoding="utf-8")
    compiler, *flags = tools.compile
    if tools.header is not None:
        header = find_entry(_HEADERS, _header_key(tools))
        flags = [f"-I{header}", *flags] if header else flags
    flags += ["-DHIERCOMP_TERMS"] if terms and program.terms_text else []
    unit = folder / "unit.o"
    made = str(folder / tools.sampler_name)
    density = str(folder / f"density{EXE}")
    libraries = tools.libraries
    _run(tools, program, [compiler, *flags, "-o", str(unit), str(folder / "driver.cpp")])
    _run(tools, program, [*tools.link, *tools.sampler_link, "-o", made, str(unit), tools.sampler, *libraries])
    _run(tools, program, [*tools.link, "-o", density, str(folder / "driver_main.cpp"), str(unit), *libraries])
    for path in [unit, *folder.glob("*.hpp"), *folder.glob("*.cpp")]:
        path.unlink()


def _run(tools: Toolchain, program: ProgramInput, command: list[str]) -> None:
    done = subprocess.run(
        command, cwd=tools.folder, capture_output=True, text=True, errors="replace", check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        words = done.stderr.strip()[-20_000:] or f"{command[0]} ended with status {done.returncode}"
        raise EngineError("compile", words, None, program.name)


def named(words: str, program: ProgramInput) -> str:
    """Return the engine's words with the program called by its name."""
    return words.replace(FILE, f"{program.name}.stan")


def _precompiling_pays(tools: Toolchain, todo: int, workers: int) -> bool:
    """On two cores, 39 s and 0.8 GB once take 25 s to 14 s for each program: it pays from five on."""
    return tools.header is not None and "clang" not in tools.compiler and todo > 2 * workers


def _header_key(tools: Toolchain) -> str:
    return content_key(["1", *tools.identity])


def _precompile(tools: Toolchain) -> None:
    def fill(folder: Path) -> None:
        source = tools.header
        assert source is not None  # `_precompiling_pays` says so
        target = folder / "stan" / "model" / source.name
        target.parent.mkdir(parents=True)
        shutil.copyfile(source, target)
        compiler, *flags = [word for word in tools.compile if word != "-c"]
        command = [compiler, *flags, "-x", "c++-header", str(source), "-o", f"{target}.gch"]
        subprocess.run(command, cwd=tools.folder, capture_output=True, check=True, stdin=subprocess.DEVNULL)

    try:
        build_entry(_HEADERS, _header_key(tools), fill)
        prune(_HEADERS)
    except (OSError, subprocess.CalledProcessError):
        return  # programs compile without it as well, only slower
