"""Embedded Stan: the Stan that pystan carries (httpstan), which needs nothing but pip and a C++ compiler."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp.engines.base import EngineError, ProgramInput, Progress, SamplerSettings
from hiercomp.engines.build import Built, named
from hiercomp.engines.stan import StanEngine
from hiercomp.engines.stanc import first_line
from hiercomp.engines.toolchain import embedded_toolchain
from hiercomp.engines.tree import fit_tree
from hiercomp.engines.values import stan_data

_PERCENT = re.compile(r"Sampling:.*?(\d+)%")
_WRAPPING = re.compile(r"^.*?`\w+\([\"'](.*)[\"']\)`, traceback: .*$", re.DOTALL)


class EmbeddedStan(StanEngine):
    """Raises `EngineMissing` when made where there is no pystan or no compiler."""

    name = "embedded"

    def __init__(self) -> None:
        super().__init__(embedded_toolchain())

    def run(self, program: ProgramInput, built: Built, settings: SamplerSettings, progress: Progress | None) -> Any:
        """Sample a compiled program.

        Raises:
            EngineError: stage ``data`` or ``sample``, with what Stan said.
        """
        request = {
            "program": program.text,
            "sampler": str(built.sampler),
            "data": {name: values.tolist() for name, values in stan_data(program, built.info).items()},
            "parameters": list(built.info.get("parameters", {"unknown": None})),
            "chains": settings.chains,
            "warmup": settings.warmup,
            "draws": settings.draws,
            "target_accept": settings.target_accept,
            "max_treedepth": settings.max_treedepth,
            "seed": settings.seed,
        }
        # A short path: the names of sockets may take about a hundred bytes.
        with tempfile.TemporaryDirectory(prefix="hc-") as name:
            folder = Path(name)
            (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
            status, said = _work(folder, progress)
            if status:
                error = folder / "error.txt"
                words = error.read_text(encoding="utf-8") if error.is_file() else said
                words = named(_unwrapped(words) or f"the sampler ended with status {status}", program)
                raise EngineError("sample", words, first_line(words), program.name)
            with np.load(folder / "draws.npz") as arrays:
                parts: dict[str, dict[str, npt.NDArray[Any]]] = {"draws": {}, "stats": {}}
                for key in arrays.files:
                    kind, _, target = key.partition(" ")
                    parts[kind][target] = arrays[key]
        return fit_tree(program, parts["draws"], parts["stats"], self._attrs())

    def _attrs(self) -> dict[str, str]:
        return {"inference_library": "httpstan", "inference_library_version": self.tools.version}


def _work(folder: Path, progress: Progress | None) -> tuple[int, str]:
    """Run the worker, passing its progress on; return its status and the last of what it wrote."""
    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-m", "hiercomp.engines._embedded_worker", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder)},
        text=True,
        errors="replace",
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            said = [*said[-40:], line]
            found = _PERCENT.search(line)
            if found and progress:
                progress("", int(found[1]) / 100)
    return process.returncode, "".join(said)


def _unwrapped(words: str) -> str:
    """Return Stan's words without the call and the traceback that httpstan wraps around them."""
    found = _WRAPPING.match(words)
    return (found[1].replace("\\n", "\n") if found else words).strip()
