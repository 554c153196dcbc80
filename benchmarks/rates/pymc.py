"""PyMC modules measured: gradients counted as nutpie's sampler evaluates them, draws timed by sampling."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import nutpie
import pymc as pm

from hiercomp.engines import Densities, ProgramInput
from hiercomp.engines.pymc_density import compile_densities
from hiercomp.engines.pymc_module import load_model
from rates.chain import TARGET_ACCEPT, Chain

_POINTERS = (ctypes.c_uint64, *[ctypes.c_void_p] * 4)


@dataclass(frozen=True, slots=True)
class CompiledPyMC:
    """A model with what nutpie made of it, and how long that took."""

    program: ProgramInput
    model: Any
    sampler: Any
    seconds: float


def compile_pymc(program: ProgramInput) -> CompiledPyMC:
    """Return the model of a module, compiled; `seconds` are those of loading it and of compiling.

    PyTensor keeps what Numba compiled on disk: functions that were compiled before, for any model, are loaded only.
    """
    _load_compiler()
    start = time.perf_counter()
    model = load_model(program)
    sampler: Any = nutpie.compile_pymc_model(model)
    return CompiledPyMC(program, model, sampler, time.perf_counter() - start)


@cache
def _load_compiler() -> None:
    """Compile a model of one variable: what is done once in a process is no part of any program's time."""
    with pm.Model() as model:
        pm.Normal("x")
    nutpie.compile_pymc_model(model)


def densities(compiled: CompiledPyMC, points: Sequence[Any]) -> Densities:
    """Return log densities without Jacobian."""
    return compile_densities(compiled.program, compiled.model, gradients=False).at(points)


def gradient_rate(compiled: CompiledPyMC, points: npt.NDArray[np.float64], seconds: float) -> float:
    """Return gradients a second of processor time, over about so many seconds, at unconstrained points.

    What is called is the compiled function that the sampler calls. A call by way of ctypes adds about 0.4 us.

    Raises:
        RuntimeError: the gradient is not finite at one of the points.
    """
    function = ctypes.CFUNCTYPE(ctypes.c_int64, *_POINTERS)(compiled.sampler.compiled_logp_func.address)
    points = np.ascontiguousarray(points, dtype=np.float64)
    slopes, value = np.empty(points.shape[1]), np.empty(())
    rest = (slopes.ctypes.data, value.ctypes.data, compiled.sampler.user_data.ctypes.data)
    calls = [(points.shape[1], point.ctypes.data, *rest) for point in points]
    if any(function(*call) for call in calls):
        raise RuntimeError(f"{compiled.program.name}: the gradient is not finite at some point")
    rounds, elapsed = 0, 0.0
    start = time.process_time()
    while elapsed < seconds:
        for _ in range(max(10, rounds // 10)):
            for call in calls:
                function(*call)
            rounds += 1
        elapsed = time.process_time() - start
    return rounds * len(calls) / elapsed


def sample(compiled: CompiledPyMC, draws: int, seed: int) -> Chain:
    """Return one chain of nutpie after as many warm-up iterations, at most 1,000."""
    start = time.process_time()
    tree: Any = nutpie.sample(
        compiled.sampler, draws=draws, tune=min(draws, 1000), chains=1, cores=1, seed=seed, target_accept=TARGET_ACCEPT,
        maxdepth=10, save_warmup=True, progress_bar=False,
    )  # fmt: skip
    seconds = time.process_time() - start
    after, before = (float(tree[group]["n_steps"].sum()) for group in ("sample_stats", "warmup_sample_stats"))
    names = [variable.name for variable in compiled.model.free_RVs]
    columns = [np.asarray(tree["posterior"][name].values[0]).reshape(draws, -1) for name in names]
    return Chain(np.concatenate(columns, axis=1), seconds * after / (after + before))
