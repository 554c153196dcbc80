"""PyMC: the generated module, or a user's own, run in this process."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp.engines.base import (
    Densities,
    EngineError,
    EngineMissing,
    Point,
    ProgramInput,
    Progress,
    SamplerSettings,
)
from hiercomp.engines.build import cores
from hiercomp.engines.pymc_density import ModelDensities, compile_densities
from hiercomp.engines.pymc_module import load_model
from hiercomp.engines.tree import fit_tree

_STATS = (
    "diverging", "energy", "lp", "logp", "tree_depth", "depth", "acceptance_rate", "mean_tree_accept", "step_size",
    "n_steps",
)  # fmt: skip


class PyMC:
    """Raises `EngineMissing` when made where there is no PyMC. Without `gradients` those of `densities` are nan."""

    name = "pymc"

    def __init__(self, *, gradients: bool = True) -> None:
        if find_spec("pymc") is None:
            raise EngineMissing("PyMC was not found: pip install pymc")
        self._gradients = gradients
        self._loaded: dict[str, tuple[ProgramInput, Any]] = {}
        self._compiled: dict[str, ModelDensities] = {}

    def prepare(self, programs: Sequence[ProgramInput], densities: bool, progress: Progress | None = None) -> None:
        """Import the modules and build their models; nothing is compiled ahead, so `densities` makes no difference.

        Raises:
            EngineError: a module fails (stage ``load``); its `program` is the name.
        """
        del densities
        for done, program in enumerate(programs):
            if progress:
                progress(program.name, done / len(programs))
            self._model(program)
        if progress:
            progress("", 1.0)

    def densities(self, program: ProgramInput, points: Sequence[Point]) -> Densities:
        """Evaluate a model, which is compiled once; see `hiercomp.engines.pymc_density.ModelDensities.at`."""
        known = self._compiled.get(program.name)
        with _untraced():
            if known is None or known.program is not program:
                known = compile_densities(program, self._model(program), gradients=self._gradients)
                self._compiled[program.name] = known
            return known.at(points)

    def sample(self, program: ProgramInput, settings: SamplerSettings, progress: Progress | None = None) -> Any:
        """Sample a model with nutpie where it is installed and can (no discrete unknowns), else with PyMC's own NUTS.

        Raises:
            EngineError: stage ``sample``.
        """
        model = self._model(program)
        try:
            with _quiet(), _untraced():
                tree, attrs = _sample(model, settings, progress)
                extras = _extras(program, tree, settings) if settings.predictive else {}
        except Exception as error:
            raise EngineError("sample", f"{type(error).__name__}: {error}", None, program.name) from error
        kept = {variable.name for variable in (*model.free_RVs, *model.deterministics)}
        return fit_tree(
            program,
            {name: array for name, array in _arrays(tree["posterior"]).items() if name in kept},
            {name: array for name, array in _arrays(tree["sample_stats"]).items() if name in _STATS},
            attrs,
            **extras,
        )

    def _model(self, program: ProgramInput) -> Any:
        known = self._loaded.get(program.name)
        if known is None or known[0] is not program:
            with _untraced():
                known = (program, load_model(program))
            self._loaded[program.name] = known
        return known[1]


def _arrays(dataset: Any) -> dict[str, npt.NDArray[Any]]:
    return {str(name): np.asarray(variable.values) for name, variable in dataset.data_vars.items()}


def _sample(model: Any, settings: SamplerSettings, progress: Progress | None) -> tuple[Any, dict[str, str]]:
    discrete = [variable for variable in model.free_RVs if variable.dtype.startswith(("int", "uint", "bool"))]
    if find_spec("nutpie") is not None and model.free_RVs and not discrete:
        attrs = {"inference_library": "nutpie", "inference_library_version": version("nutpie")}
        return _by_nutpie(model, settings, progress), attrs
    return _by_pymc(model, settings, progress), {
        "inference_library": "pymc",
        "inference_library_version": version("pymc"),
    }


def _by_nutpie(model: Any, settings: SamplerSettings, progress: Progress | None) -> Any:
    nutpie: Any = import_module("nutpie")  # a second to import

    total = settings.chains * (settings.warmup + settings.draws)

    def tell(chains: Any) -> None:
        if progress:
            progress("", min(sum(chain.finished_draws for chain in chains) / total, 1.0))

    if progress:
        progress("(compiling)", 0.0)
    compiled = nutpie.compile_pymc_model(model)
    return nutpie.sample(
        compiled,
        draws=settings.draws,
        tune=max(settings.warmup, 1),
        chains=settings.chains,
        cores=min(settings.chains, cores()),
        seed=settings.seed,
        target_accept=settings.target_accept,
        maxdepth=settings.max_treedepth,
        save_warmup=False,
        progress_bar=False,
        progress_callback=tell,
    )


def _by_pymc(model: Any, settings: SamplerSettings, progress: Progress | None) -> Any:
    pymc: Any = import_module("pymc")

    total = settings.chains * (settings.warmup + settings.draws)
    seen = 0

    def tell(**_: Any) -> None:
        nonlocal seen
        seen += 1
        if progress and seen % 50 == 0:
            progress("", min(seen / total, 1.0))

    with model:
        return pymc.sample(
            draws=settings.draws,
            tune=settings.warmup,
            chains=settings.chains,
            cores=min(settings.chains, cores()),
            random_seed=settings.seed,
            nuts_sampler="pymc",
            nuts={"target_accept": settings.target_accept, "max_treedepth": settings.max_treedepth},
            progressbar=False,
            compute_convergence_checks=False,
            callback=tell,
        )


def _extras(program: ProgramInput, tree: Any, settings: SamplerSettings) -> dict[str, dict[str, npt.NDArray[Any]]]:
    """Return pointwise log likelihoods and replications of the observed variables, and predictions, by name."""
    pymc: Any = import_module("pymc")
    extras: dict[str, dict[str, npt.NDArray[Any]]] = {}
    model = load_model(program, pointwise=True)
    if model.observed_RVs:
        # PyMC takes a model apart for this, which it refuses where values to start at are stated; they have served.
        model.rvs_to_initial_values.update(dict.fromkeys(model.rvs_to_initial_values))
        found = pymc.compute_log_likelihood(tree, model=model, extend_inferencedata=False, progressbar=False)
        extras["log_likelihood"] = _arrays(found)
    predicting = load_model(program, predict=True, pointwise=True) if program.predicted else model
    wanted = [variable.name for variable in predicting.observed_RVs]
    wanted += [program.renames.get(name, name) for name in program.predicted]
    if wanted:
        drawn = pymc.sample_posterior_predictive(
            tree, model=predicting, var_names=wanted, random_seed=settings.seed, progressbar=False
        )
        extras["predictive"] = {
            name: array
            for group in ("posterior_predictive", "predictions")
            if group in drawn.children
            for name, array in _arrays(drawn[group]).items()
        }
        from_zero = {program.renames.get(name, name) for name in program.from_zero}
        extras["predictive"] |= {name: array + 1 for name, array in extras["predictive"].items() if name in from_zero}
    return extras


@contextmanager
def _quiet() -> Generator[None]:
    logger = logging.getLogger("pymc")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)


def _untraced() -> Any:
    """Keep PyTensor from noting where variables were made: rewriting joins such notes without end (20 GB were seen)."""
    return import_module("pytensor").config.change_flags(traceback__limit=0)
