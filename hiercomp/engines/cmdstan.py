"""CmdStan, through cmdstanpy."""

from __future__ import annotations

import json
import logging
import os
import re
import tempfile
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp.engines.base import EngineError, ProgramInput, Progress, SamplerSettings
from hiercomp.engines.build import Built, cores, named
from hiercomp.engines.stan import StanEngine
from hiercomp.engines.stanc import first_line
from hiercomp.engines.toolchain import cmdstan_toolchain
from hiercomp.engines.tree import fit_tree
from hiercomp.engines.values import stan_data

_ITERATION = re.compile(r"Iteration:\s+(\d+) / (\d+)")
_DIGITS = 18


class CmdStan(StanEngine):
    """Raises `EngineMissing` when made where there is no CmdStan or no compiler."""

    name = "cmdstan"

    def __init__(self) -> None:
        super().__init__(cmdstan_toolchain())

    def run(self, program: ProgramInput, built: Built, settings: SamplerSettings, progress: Progress | None) -> Any:
        """Sample a compiled program.

        Raises:
            EngineError: stage ``data`` or ``sample``, with what CmdStan wrote.
        """
        cmdstanpy: Any = import_module("cmdstanpy")  # a second to import

        data = stan_data(program, built.info)
        with _quiet(self.tools.folder), tempfile.TemporaryDirectory(prefix="hiercomp-") as folder:
            data_file = Path(folder, "data.json")
            data_file.write_text(json.dumps({name: values.tolist() for name, values in data.items()}), encoding="utf-8")
            output = Path(folder, "output")
            output.mkdir()
            try:
                with _watched(output, settings, progress):
                    fit = cmdstanpy.CmdStanModel(exe_file=str(built.sampler)).sample(
                        data=str(data_file),
                        chains=settings.chains,
                        parallel_chains=min(settings.chains, cores()),
                        seed=settings.seed,
                        iter_warmup=settings.warmup,
                        iter_sampling=settings.draws,
                        adapt_delta=settings.target_accept,
                        max_treedepth=settings.max_treedepth,
                        output_dir=str(output),
                        sig_figs=_DIGITS,
                        show_progress=False,
                        fixed_param=not built.info.get("parameters", {"unknown": None}),
                    )
                return fit_tree(program, _draws(fit), _stats(fit), self._attrs())
            except (RuntimeError, ValueError) as error:
                words = named(_console(output) or str(error), program)
                raise EngineError("sample", words, first_line(words), program.name) from error

    def _attrs(self) -> dict[str, str]:
        return {"inference_library": "cmdstan", "inference_library_version": self.tools.version}


def _draws(fit: Any) -> dict[str, npt.NDArray[Any]]:
    draws: npt.NDArray[np.float64] = fit.draws()  # (draw, chain, column)
    return {
        name: np.swapaxes(variable.extract_reshape(draws), 0, 1) for name, variable in fit.metadata.stan_vars.items()
    }


def _stats(fit: Any) -> dict[str, npt.NDArray[Any]]:
    variables: Mapping[str, npt.NDArray[Any]] = fit.method_variables()
    return {name: np.swapaxes(values, 0, 1) for name, values in variables.items()}


def _console(output: Path) -> str:
    """Return what the first chain that complained wrote, without its settings and its iterations."""
    for path in sorted(output.glob("*stdout*.txt")):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        kept = [line for line in lines if line.strip() and not _ITERATION.search(line) and not _is_setting(line)]
        if kept:
            return "\n".join(kept)
    return ""


def _is_setting(line: str) -> bool:
    return (
        " = " in line
        or re.fullmatch(r"\s*(method|sample|adapt|algorithm|hmc|engine|nuts|data|random|output).*", line) is not None
    )


@contextmanager
def _watched(output: Path, settings: SamplerSettings, progress: Progress | None) -> Generator[None]:
    """Report the iterations that the chains write to their consoles while the block runs."""
    if progress is None:
        yield
        return
    over = threading.Event()
    total = settings.chains * (settings.warmup + settings.draws)

    def look() -> None:
        while not over.wait(0.2):
            done = 0
            for path in output.glob("*stdout*.txt"):
                found = _ITERATION.findall(path.read_text(encoding="utf-8", errors="replace"))
                done += int(found[-1][0]) if found else 0
            progress("", min(done / total, 1.0))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
        progress("", 1.0)
    finally:
        over.set()
        watcher.join()


@contextmanager
def _quiet(folder: Path) -> Generator[None]:
    """Keep cmdstanpy from logging, and the CmdStan that it shall use from staying in the environment."""
    logger = logging.getLogger("cmdstanpy")
    disabled, named_before = logger.disabled, os.environ.get("CMDSTAN")
    logger.disabled = True
    os.environ["CMDSTAN"] = str(folder)
    try:
        yield
    finally:
        logger.disabled = disabled
        if named_before is None:
            os.environ.pop("CMDSTAN", None)
        else:
            os.environ["CMDSTAN"] = named_before
