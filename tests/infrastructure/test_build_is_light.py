"""A build in a process of its own: what it imports, and what it leaves alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "arviz",
    "cmdstanpy",
    "matplotlib",
    "numpy",
    "nutpie",
    "pandas",
    "pyarrow",
    "pymc",
    "pytensor",
    "scipy",
    "stan",
)

# Run the real entry point; it ends by raising SystemExit.
SCRIPT = """
import json, sys
from hiercomp.cli import main
try:
    main()
except SystemExit as end:
    json.dump([end.code, sorted({name.partition(".")[0] for name in sys.modules})], sys.stderr)
"""


def modules_after(*arguments: str, folder: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    status, modules = json.loads(done.stderr.splitlines()[-1])
    assert status == 0, done.stderr
    return set(modules)


@pytest.mark.parametrize("command", ["build", "explain"])
def test_no_heavy_package_is_imported(command: str, specs: Path, tmp_path: Path) -> None:
    spec = str(specs / "eight_schools.hier")
    more = ["--no-stanc", "-o", "out"] if command == "build" else []
    modules = modules_after(command, spec, *more, folder=tmp_path)
    assert "hiercomp" in modules
    assert modules.isdisjoint(HEAVY)


def test_import_of_the_package_costs_nothing(tmp_path: Path) -> None:
    code = "import sys, hiercomp; print([m for m in sys.modules if m.startswith('hiercomp.')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
