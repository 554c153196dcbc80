"""The command line, run in this process: a second for all of these tests instead of one for each."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from hiercomp.cli import main
from hiercomp.cli.commands import app
from hiercomp.cli.running import BAD_INPUT


@dataclass(frozen=True)
class Done:
    """What a command did; `diagnostics` counts the headers of messages on standard error."""

    status: int
    out: str
    err: str

    def refused(self, *words: str) -> Done:
        """Check that this is bad input, said as bad input is said, and return it."""
        assert self.status == BAD_INPUT, f"status {self.status}\n{self.out}\n{self.err}"
        assert "Traceback" not in self.err + self.out
        assert "internal error" not in self.err
        for word in words:
            assert word in self.err, self.err
        return self

    def fine(self) -> Done:
        """Check that all went well, and return it."""
        assert self.status == 0, f"status {self.status}\n{self.out}\n{self.err}"
        return self


type Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command with these words and returns what it did."""
    commands = list(app.registered_commands)

    def command(*words: object) -> Done:
        # `main` leaves out the commands that are not asked for, which is for good in a process of its own.
        monkeypatch.setattr(app, "registered_commands", list(commands))
        monkeypatch.setattr(sys, "argv", ["hiercomp", *map(os.fspath, map(_word, words))])
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        said = capfd.readouterr()
        assert isinstance(end.value.code, int)
        return Done(end.value.code, said.out, said.err)

    return command


def _word(word: object) -> str | Path:
    return word if isinstance(word, Path) else str(word)


@pytest.fixture
def eight(specs: Path) -> Path:
    """Return the spec of the eight schools."""
    return specs / "eight_schools.hier"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run every test in an empty folder, so that nothing is written to the checkout."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder
