"""Writing files so that all of them are there, whole, or none has changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from hiercomp.diagnostics import Diagnostic, SpecError


def write_all(directory: Path, files: Mapping[str, str]) -> list[Path]:
    """Write `files` (name to text) into `directory`, which is created if need be, and return the paths that changed.

    Files that hold this text already are left untouched. The new texts are first written beside their targets; only
    when all of them are on disk do they take their places, and if one cannot, those before it get their old text back.
    Nobody ever sees a file half written.

    Raises:
        SpecError: H91, a folder or file cannot be written; H92, two names differ only in upper and lower case.
        ValueError: a name is more than the name of a file.
    """
    _refuse_alike(directory, files)
    for name in files:
        if not name or name in {".", ".."} or any(char in name for char in "/\\\0"):
            raise ValueError(f"not the name of a file: {name!r}")
    made: list[Path] = []
    encoded = {name: text.encode() for name, text in files.items()}
    waiting: list[tuple[Path, Path, bytes | None]] = []  # temporary, target, what the target holds now
    done = 0
    at = directory
    try:
        _make(directory, made)
        for number, (name, new) in enumerate(encoded.items()):
            at = directory / name
            if _is_special(at) and not os.path.islink(at):
                raise OSError(22, "a device or a pipe of that name")
            old = at.read_bytes() if os.path.isfile(at) else None
            if new == old:
                continue
            temporary = directory / f".hiercomp-{os.getpid()}-{number}.tmp"
            waiting.append((temporary, at, old))
            _write(temporary, new)
        for temporary, at, _ in waiting:
            os.replace(temporary, at)
            done += 1
    except BaseException as error:
        _undo(waiting, done, made)
        if isinstance(error, (OSError, ValueError)):
            raise SpecError([_not_written(directory, at, error)]) from error
        raise
    return [target for _, target, _ in waiting]


def write_file(path: Path, text: str) -> None:
    """Write one file that the user named, whole or not at all. A link is followed; a pipe or device gets the text.

    Raises:
        SpecError: H91, it cannot be written.
    """
    refuse_unwritable(path)
    if _is_special(path):
        try:
            with open(path, "wb") as file:
                file.write(text.encode())
        except OSError as error:
            raise SpecError([_not_written(path.parent, path, error)]) from error
        return
    target = Path(os.path.realpath(path)) if os.path.islink(path) else path
    write_all(target.parent, {target.name: text})


def refuse_unwritable(path: Path) -> None:
    """Look whether a file can be written that takes long to make. Nothing is written or changed.

    Raises:
        SpecError: H91, it cannot be.
    """
    error: OSError | None = None
    if os.path.isdir(path):
        error = IsADirectoryError(21, "a folder of that name")
    elif not path.name or "\0" in str(path):
        error = OSError(22, "no name of a file")
    elif not os.path.lexists(path) or not _is_special(path):
        folder = next((item for item in path.parents if os.path.lexists(item)), path.parent)
        if not os.path.isdir(folder):
            error = NotADirectoryError(20, "not a folder")
        elif not os.access(folder, os.W_OK | os.X_OK):
            error = PermissionError(13, "permission denied")
    if error is not None:
        raise SpecError([_not_written(path.parent, path, error)])


def _is_special(path: Path) -> bool:
    """Say whether something is there that is neither a file nor a folder. Links are followed."""
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _make(directory: Path, made: list[Path]) -> None:
    missing = [folder for folder in (directory, *directory.parents) if not os.path.lexists(folder)]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        made.append(folder)
    if not os.path.isdir(directory):
        raise NotADirectoryError(20, "not a folder")


def _write(path: Path, content: bytes) -> None:
    # Exclusive, so that a link somebody put there is not followed.
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        file.write(content)


def _undo(waiting: list[tuple[Path, Path, bytes | None]], done: int, made: list[Path]) -> None:
    """Put everything back, as far as the system lets us: this runs because it has refused something already."""
    for number, (temporary, target, old) in enumerate(waiting):
        try:
            if number >= done:
                temporary.unlink(missing_ok=True)
            elif old is None:
                target.unlink(missing_ok=True)
            else:
                _write(temporary, old)
                os.replace(temporary, target)
        except OSError:
            continue
    for folder in reversed(made):
        try:
            folder.rmdir()
        except OSError:
            return


def _not_written(directory: Path, path: Path, error: OSError | ValueError) -> Diagnostic:
    # os.path answers False where Path would raise: the name itself may be what is wrong.
    if os.path.isdir(path) and path != directory:
        found = "a folder of that name"
    else:
        blocker = next((item for item in (directory, *directory.parents) if os.path.isfile(item)), None)
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        found = f"the file {blocker} in its way" if blocker else words[:1].lower() + words[1:]
    return Diagnostic(
        "H91",
        f"{path} cannot be written, so no file was",
        None,
        "a folder where files may be made or replaced",
        found,
        "choose another place",
    )


def _refuse_alike(directory: Path, files: Mapping[str, str]) -> None:
    seen: dict[str, str] = {}
    for name in files:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise SpecError(
                [
                    Diagnostic(
                        "H92",
                        f"{directory / other} and {directory / name} are one file on many systems",
                        None,
                        "names that differ in more than upper and lower case",
                        f"the names {other} and {name}",
                        "rename one of the two models",
                    )
                ]
            )
