"""The public interface: load a spec or a document, read what it compiles to, build it, check it, fit it.

The command line is a thin skin over this module. Everything raises `SpecError` on bad input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hiercomp.diagnostics import Diagnostics
from hiercomp.program import BACKENDS, Backend, Program, load

if TYPE_CHECKING:
    from hiercomp.data import Table
    from hiercomp.model import Model
    from hiercomp.plan.parameterization import Parameterization
    from hiercomp.workflow.check import Level, Reporter
    from hiercomp.workflow.report import CheckReport
    from hiercomp.workflow.simulate import Simulated

__all__ = ["BACKENDS", "Backend", "Program", "build", "check", "density", "fit", "load", "simulate"]


def build(
    program: Program,
    folder: str | Path = "build",
    *,
    models: Sequence[str] | None = None,
    backends: Sequence[Backend] = BACKENDS,
    stanc: bool = True,
    parameterization: Parameterization | None = None,
) -> list[Path]:
    """Write ``M.stan``, ``M_pymc.py`` and, where data is bound, ``M.data.json`` for each model; all files or none.

    With `stanc` every Stan program is checked first, when there is a stanc on the machine. `parameterization` is for
    all group effects, as in `load`.

    Returns:
        the paths, in the order of the models.

    Raises:
        SpecError: a model is at fault, stanc refuses a program, or the folder cannot be written.
    """
    from hiercomp.workflow.build import build_files  # noqa: PLC0415

    return build_files(
        program.parameterized(parameterization).resolve_all(models), Path(folder), tuple(backends), stanc=stanc
    )


def check(
    program: Program | str | Path,
    *,
    models: Sequence[str] | None = None,
    level: Level = "posterior",
    engine: str | None = None,
    stan: str | Path | None = None,
    pymc: str | Path | None = None,
    seed: int | None = None,
    reporter: Reporter | None = None,
    parameterization: Parameterization | None = None,
) -> CheckReport:
    """Show that the programs of a model are the same model, or that they are not.

    Args:
        program: a loaded program, or what `load` takes.
        models: which models; all when left out.
        level: how far to go: ``static``, ``density`` or ``posterior``, each with those before it.
        engine: ``embedded`` or ``cmdstan``; by default CmdStan where there is one.
        stan: a Stan program of the user's own in place of the generated one (for one model).
        pymc: likewise a PyMC module.
        seed: of the points and the chains.
        reporter: is told what is going on.
        parameterization: ``centered`` or ``non-centered`` for all group effects, whatever the statements say.

    Raises:
        SpecError: bad input.
        hiercomp.engines.EngineMissing: a needed engine is not on the machine.
    """
    from hiercomp.workflow.check import run_check  # noqa: PLC0415

    loaded = _loaded(program, parameterization)
    chosen = [loaded.find(name) for name in models] if models else list(loaded.models)
    return run_check(
        loaded.resolve_all(chosen),
        level=level,
        engine=engine,
        stan=Path(stan) if stan else None,
        pymc=Path(pymc) if pymc else None,
        seed=seed,
        reporter=reporter,
        warnings={name: loaded.warnings(name) for name in chosen},
    )


def fit(
    program: Program | str | Path,
    *,
    model: str | None = None,
    backend: Backend = "pymc",
    engine: str | None = None,
    seed: int | None = None,
    reporter: Reporter | None = None,
    parameterization: Parameterization | None = None,
) -> Any:
    """Sample a model's posterior with one backend and return an ArviZ ``DataTree``.

    Names, dims and coords are the spec's, whichever backend made it; groups are posterior, sample_stats,
    log_likelihood, posterior_predictive and observed_data. `parameterization` is for all group effects, as in `load`.
    """
    from hiercomp.workflow.fit import run_fit  # noqa: PLC0415

    loaded = _loaded(program, parameterization)
    return run_fit(loaded.model(model), backend=backend, engine=engine, seed=seed, reporter=reporter)


def density(
    program: Program | str | Path,
    points: Sequence[Mapping[str, Any]],
    *,
    model: str | None = None,
    backend: Literal["stan", "pymc", "reference"] = "reference",
    engine: str | None = None,
    parameterization: Parameterization | None = None,
) -> list[float]:
    """Return the log density at each point (values of the unknowns on the constrained scale; no Jacobian).

    At values of the spec's own unknowns it is the same for every `parameterization`. Effects that are non-centered may
    also be given, all of them, by the standardised values that programs sample: it is then the density of these.
    """
    from hiercomp.workflow.density import run_density  # noqa: PLC0415

    loaded = _loaded(program, parameterization)
    return run_density(loaded.model(model), points, backend=backend, engine=engine)


def _loaded(program: Program | str | Path, parameterization: Parameterization | None) -> Program:
    loaded = program if isinstance(program, Program) else load(program)
    return loaded.parameterized(parameterization)


def simulate(
    program: Program | str | Path,
    *,
    model: str | None = None,
    seed: int,
    sizes: Mapping[str, int] | None = None,
) -> Simulated:
    """Draw a study: the design, the unknowns from their priors, and the data that come of them.

    With a ``study`` block in the spec the covariates are drawn as it says. With data bound (those of the spec where it
    has no study, or those given to `load`) covariates and sizes are theirs, and the outcomes are drawn anew.

    Args:
        program: a loaded program, or what `load` takes.
        model: which model; may be left out where there is one.
        seed: of everything drawn. The design depends on the seed and the study, not on the model.
        sizes: whole numbers by name (``{"N": 100}``), in place of what the study says of them.

    Raises:
        SpecError: bad input, covariates that nothing gives, or a model that nothing can be drawn from.
    """
    from hiercomp.model.foreseen import foresee  # noqa: PLC0415
    from hiercomp.workflow.simulate import run_simulation  # noqa: PLC0415

    loaded, found = _loaded(program, None), Diagnostics()
    name, spec = loaded.find(model), loaded.spec
    # What the spec says of data is what comes of its study; data that are given anew are there to be kept.
    kept = loaded.data is not None or spec.study is None
    tables = loaded.tables(name, found) if kept else ()
    wanted = foresee(spec, name, found, loaded.completed_by(name))
    found.raise_errors()
    assert wanted is not None

    def resolved(tables: Sequence[Table], awaited: frozenset[str]) -> Model:
        return loaded.resolved(name, tables, Diagnostics(), awaited)

    return run_simulation(spec, wanted, resolved, tables or None, seed=seed, sizes=sizes or {})
