"""The command line as a user has it: a process of its own, with its streams and its exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SEEDS = Path(os.environ.get("HIERCOMP_SEEDS", ROOT.parent / "shared" / "seeds"))
SEED = SEEDS / "000_675eb79fb98952f6.txt"


def hiercomp(*words: str | Path, cwd: Path = ROOT) -> tuple[int, str, str]:
    """Return exit status, standard output and standard error of one command."""
    done = subprocess.run(
        [sys.executable, "-m", "hiercomp", *map(str, words)], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def findings(text: str) -> dict[str, list[str]]:
    """Return the rendered diagnostics by code, in the order in which they were printed."""
    found: dict[str, list[str]] = {}
    for part in text.strip().split("\n\n"):
        head = part.partition("]")[0]
        if "[" in head:
            found.setdefault(head.partition("[")[2], []).append(part)
    return found
