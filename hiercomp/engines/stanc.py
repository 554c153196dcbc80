"""stanc, the compiler from Stan to C++: its verdict on a program, and what it makes of it.

This module is on the path of `hiercomp build`, so it imports nothing that is slow, and a verdict given once is
looked up by the content of the program.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from hiercomp.engines.cache import content_key, read_text, write_text
from hiercomp.engines.locate import Place, find_cmdstan, find_httpstan

TIMEOUT = 60
FILE = "program.stan"  # so that what is compiled depends on the program's content only, not on its name


@dataclass(frozen=True, slots=True)
class StancMessage:
    """One complaint in stanc's own words; `line` is the 1-based line of the program it names, if it names one."""

    error: bool
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class StancVerdict:
    """What one stanc says of one program; `version` is the version of the engine it belongs to."""

    ok: bool
    messages: tuple[StancMessage, ...]
    version: str

    @property
    def warnings(self) -> tuple[StancMessage, ...]:
        return tuple(message for message in self.messages if not message.error)


def stanc_check(text: str, engine: str | None = None) -> StancVerdict | None:
    """Return the verdict of stanc on a Stan program, or None where there is no stanc.

    `engine` is ``cmdstan`` or ``embedded``; without it CmdStan's own is asked, else httpstan's.
    """
    place = {"cmdstan": find_cmdstan, "embedded": find_httpstan}[engine]() if engine else None
    place = place or (None if engine else find_cmdstan() or find_httpstan())
    if place is None:
        return None
    try:
        binary = place.stanc.stat()
    except OSError:
        return None
    key = content_key(["1", text, str(place.stanc), place.version, str(binary.st_size), str(binary.st_mtime_ns)])
    return _load(read_text("stanc", key)) or _ask(place, text, key)


def _load(stored: str | None) -> StancVerdict | None:
    try:
        values = json.loads(stored or "")
        messages = tuple(StancMessage(**message) for message in values["messages"])
        return StancVerdict(bool(values["ok"]), messages, str(values["version"]))
    except (ValueError, KeyError, TypeError):
        return None


def _ask(place: Place, text: str, key: str) -> StancVerdict:
    with tempfile.TemporaryDirectory(prefix="hiercomp-") as folder:
        Path(folder, FILE).write_text(text, encoding="utf-8", newline="\n")
        done = run_stanc(place.stanc, Path(folder), ["--o=program.hpp", FILE])
    ok = done.returncode == 0
    words = done.stderr.strip()
    if not ok and not words:
        words = done.stdout.strip() or f"stanc ended with status {done.returncode} and said nothing"
    verdict = StancVerdict(ok, read_messages(words, error=not ok), place.version)
    write_text("stanc", key, json.dumps(asdict(verdict)))
    return verdict


def run_stanc(stanc: Path, folder: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a stanc in `folder` and return what it said; one that hangs or cannot start counts as failed."""
    command = [str(stanc), *arguments]
    try:
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=TIMEOUT,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", f"stanc did not end within {TIMEOUT} s")
    except OSError as error:
        return subprocess.CompletedProcess(command, 126, "", f"stanc cannot be run: {error.strerror}")


_START = re.compile(r"^(?:Warning|Info|Error|Syntax error|Semantic error)\b", re.MULTILINE)
_LINE = re.compile(r"\bline (\d+)\b")


def first_line(words: str) -> int | None:
    """Return the 1-based line that a message of stanc or of a running program names first, or None."""
    match = _LINE.search(words)
    return int(match[1]) if match else None


def read_messages(words: str, *, error: bool) -> tuple[StancMessage, ...]:
    """Split what stanc wrote into messages; with `error`, what does not call itself a warning is one."""
    starts = [match.start() for match in _START.finditer(words)]
    if not words:
        return ()
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
    parts = [words[start:end].strip() for start, end in zip(starts, [*starts[1:], len(words)], strict=True)]
    return tuple(
        StancMessage(error and not part.startswith(("Warning", "Info")), first_line(part), part)
        for part in parts
        if part
    )
