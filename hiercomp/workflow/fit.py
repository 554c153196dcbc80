"""Fit: one backend's posterior as an ArviZ DataTree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.engines import choose_stan, pymc_engine
from hiercomp.engines.base import Engine
from hiercomp.files import refuse_unwritable
from hiercomp.model.ir import Model
from hiercomp.workflow.faults import blamed
from hiercomp.workflow.subject import settings_of, subject

if TYPE_CHECKING:
    from hiercomp.workflow.check import Reporter


def run_fit(
    model: Model,
    *,
    backend: Literal["stan", "pymc"],
    engine: str | None,
    seed: int | None,
    reporter: Reporter | None,
) -> Any:
    """Sample one model; see `hiercomp.api.fit`."""
    made = subject(model)
    if not made.plan.params:
        raise SpecError([_nothing_to_sample(model)])
    runner: Engine = pymc_engine.PyMC() if backend == "pymc" else choose_stan(engine)
    program = made.inputs[backend]
    with blamed([made], backend):
        runner.prepare([program], densities=False, progress=reporter.stage(model.name, "compile") if reporter else None)
        return runner.sample(
            program,
            settings_of(model, seed),
            progress=reporter.stage(model.name, f"sample {backend}") if reporter else None,
        )


def _nothing_to_sample(model: Model) -> Diagnostic:
    return Diagnostic(
        "H98",
        f"model {model.name} has no unknown, so there is nothing to sample",
        model.statements[0].common.span if model.statements else None,
        "a name with a prior that the data do not have",
        "only data and what follows from them",
        "give an unknown a prior (`mu ~ Normal(0, 1)`); `hiercomp build` and `hiercomp check` work without",
    )


def write_fit(tree: Any, path: Path) -> None:
    """Write a DataTree as NetCDF, whole or not at all.

    Raises:
        SpecError: the file cannot be written.
    """
    refuse_unwritable(path)
    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        tree.to_netcdf(temporary, engine="netcdf4")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SpecError(
            [
                Diagnostic(
                    code="H91",
                    message=f"{path} cannot be written",
                    primary=None,
                    expected="a file in a folder that can be written to",
                    found=error.strerror or str(error),
                    help="choose another path",
                )
            ]
        ) from None
