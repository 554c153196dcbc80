"""The stancs on this machine: the one in httpstan, and that of a CmdStan that CMDSTAN names."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from functools import cache
from pathlib import Path


@cache
def stancs() -> tuple[Path, ...]:
    found: list[Path] = []
    spec = importlib.util.find_spec("httpstan")
    if spec is not None and spec.origin:
        found.append(Path(spec.origin).parent / "stanc")
    homes = [os.environ.get("CMDSTAN", "")]
    homes += [str(path) for path in sorted((Path.home() / ".cmdstan").glob("cmdstan-*"))]
    found += [Path(home) / "bin" / "stanc" for home in homes if home]
    return tuple(path for path in found if path.is_file())


def complaints(stanc: Path, text: str, folder: Path) -> str:
    """Return what a stanc has against a program, or nothing."""
    source = folder / "program.stan"
    source.write_text(text, encoding="utf-8")
    command = [str(stanc), "--o", str(folder / "program.hpp"), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""
