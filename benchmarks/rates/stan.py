"""Stan programs measured: compiled once by content, gradients counted in one process, draws timed by the sampler."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from hiercomp.engines import Densities, ProgramInput
from hiercomp.engines.build import Built, build_entry, content_key
from hiercomp.engines.densities import stan_densities
from hiercomp.engines.locate import EXE
from hiercomp.engines.stanc import FILE, run_stanc
from hiercomp.engines.toolchain import Toolchain
from hiercomp.engines.values import stan_data, stan_point, stan_words
from rates.chain import TARGET_ACCEPT, Chain

_GENERATED = re.compile(r"^generated quantities\s*\{", re.MULTILINE)
_DRIVER = "driver.cpp"
_UNIT = "gradients.cpp"
_MAIN = "counter_main.cpp"


@dataclass(frozen=True, slots=True)
class CompiledStan:
    """A program with what samples it, what counts its gradients, and how long stanc and the C++ compiler took."""

    program: ProgramInput
    built: Built
    seconds: float


def without_generated_quantities(text: str) -> str:
    """Return a Stan program without its last block, which is no part of its density.

    Replications and pointwise log densities can be drawn after sampling; a program that has them is not to look slower
    than one that has none.
    """
    found = _GENERATED.search(text)
    return text if found is None else text[: found.start()]


def compile_stan(tools: Toolchain, program: ProgramInput) -> CompiledStan:
    """Return the compiled program, compiling it unless the cache has it; `seconds` are those of the first time."""
    sources = {name: Path(__file__).with_name(name).read_text("utf-8") for name in (_UNIT, _MAIN)}
    sources[_DRIVER] = files("hiercomp.engines").joinpath(_DRIVER).read_text("utf-8")

    def fill(folder: Path) -> None:
        for name, text in sources.items():
            (folder / name).write_text(text, encoding="utf-8")
        (folder / FILE).write_text(program.text, encoding="utf-8")
        unit, sampler, counter = folder / "unit.o", folder / tools.sampler_name, folder / f"counter{EXE}"
        start = time.perf_counter()
        _checked(program, run_stanc(tools.stanc, folder, ["--name=hc_program", "--o=program.hpp", FILE]))
        _run(tools, program, [*tools.compile, "-o", str(unit), str(folder / _UNIT)])
        linked = [str(unit), tools.sampler, *tools.libraries]
        _run(tools, program, [*tools.link, *tools.sampler_link, "-o", str(sampler), *linked])
        seconds = time.perf_counter() - start
        _run(tools, program, [*tools.link, "-o", str(counter), str(folder / _MAIN), str(unit), *tools.libraries])
        info = _checked(program, run_stanc(tools.stanc, folder, ["--info", FILE]))
        (folder / "info.json").write_text(info, encoding="utf-8")
        (folder / "seconds").write_text(repr(seconds), encoding="utf-8")
        for path in [unit, *folder.glob("*.hpp"), *folder.glob("*.cpp")]:
            path.unlink()

    folder = build_entry("speed", content_key([program.text, *sources.values(), *tools.identity]), fill)
    info = json.loads((folder / "info.json").read_text(encoding="utf-8"))
    built = Built(folder / tools.sampler_name, folder / f"counter{EXE}", info)
    return CompiledStan(program, built, float((folder / "seconds").read_text("utf-8")))


def _run(tools: Toolchain, program: ProgramInput, command: list[str]) -> None:
    _checked(program, subprocess.run(command, cwd=tools.folder, capture_output=True, text=True, check=False))


def _checked(program: ProgramInput, done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode:
        raise RuntimeError(f"{program.name}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def densities(compiled: CompiledStan, points: Sequence[Any]) -> Densities:
    """Return log densities without Jacobian and with all constants."""
    return stan_densities(compiled.program, compiled.built, points, ())


def gradient_rate(compiled: CompiledStan, points: Sequence[Any], seconds: float) -> float:
    """Return gradients a second of processor time, as the sampler evaluates them, over about so many seconds."""
    program, built = compiled.program, compiled.built
    words = [*stan_words(stan_data(program, built.info)), "0", str(len(points))]
    for point in points:
        words += stan_words(stan_point(program, built.info, point))
    command = [str(built.density), repr(seconds)]
    text = "\n".join(words) + "\n"
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    count, elapsed = _checked(program, done).split()
    return int(count) / float(elapsed)


def sample(compiled: CompiledStan, draws: int, seed: int) -> Chain:
    """Return one chain of CmdStan's sampler after as many warm-up iterations, at most 1,000."""
    with tempfile.TemporaryDirectory(prefix="hiercomp-") as name:
        folder = Path(name)
        data = {name: values.tolist() for name, values in stan_data(compiled.program, compiled.built.info).items()}
        (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
        before = _children_seconds()
        command = [
            str(compiled.built.sampler), "sample", f"num_warmup={min(draws, 1000)}", f"num_samples={draws}",
            "save_warmup=1", "adapt", f"delta={TARGET_ACCEPT}", "data", f"file={folder / 'data.json'}",
            "random", f"seed={seed}", "output", f"file={folder / 'draws.csv'}", "refresh=0",
        ]  # fmt: skip
        _checked(compiled.program, subprocess.run(command, capture_output=True, text=True, check=False))
        seconds = _children_seconds() - before
        with (folder / "draws.csv").open(encoding="utf-8") as lines:
            rows = [line.rstrip("\n").split(",") for line in lines if not line.startswith("#") and line.strip()]
    columns = {name: column for column, name in enumerate(rows[0])}
    values = np.array(rows[1:], dtype=np.float64)
    kept = values[-draws:]
    wanted = {compiled.program.renames.get(name, name) for name in compiled.program.unknowns}
    unknowns = [column for name, column in columns.items() if name.split(".")[0] in wanted]
    steps = values[:, columns["n_leapfrog__"]]
    return Chain(kept[:, unknowns], seconds * float(kept[:, columns["n_leapfrog__"]].sum() / steps.sum()))


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
