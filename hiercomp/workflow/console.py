"""The command line's terminal: progress, tables of verdicts, what the doctor says."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.engines import base, doctor, install
from hiercomp.model.ir import Model
from hiercomp.workflow.report import CheckReport, ModelReport
from hiercomp.workflow.show import console

_STYLES = {"agree": "green", "disagree": "bold red", "cannot say": "yellow", "inconclusive": "yellow"}


class RichReporter:
    """Shows stages as progress bars on standard error, so that standard output stays what was asked for."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars

    def stage(self, model: str, what: str) -> base.Progress:
        """Open a bar and return what moves it."""
        task = self._bars.add_task(f"{model}: {what}", total=1.0)

        def move(text: str, done: float) -> None:
            self._bars.update(task, description=f"{model}: {what} {text}".rstrip(), completed=done)

        return move


@contextmanager
def progress() -> Generator[RichReporter]:
    """Show what is going on while the block runs."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        yield RichReporter(bars)


def print_report(report: CheckReport) -> None:
    """Print the table of verdicts, and beneath it what has to be said of each model."""
    grid = Table(box=SIMPLE_HEAD)
    for heading in ("model", "static", "density", "max_error", "max_term", "max_grad", "posterior", "max_z", "seconds"):
        grid.add_column(heading)
    for model in report.models:
        grid.add_row(*_cells(model))
    out = console()
    out.print(grid)
    for model in report.models:
        for line in remarks(model):
            out.print(Text(f"{model.name}: {line}"))
    engines = ", ".join(f"{backend} by {name}" for backend, name in report.engines.items())
    out.print(Text(f"{report.verdict} (level {report.level}, seed {report.seed}; {engines})", _STYLES[report.verdict]))


def _cells(model: ModelReport) -> list[Text]:
    def verdict(value: str | None) -> Text:
        return Text(value or "-", _STYLES.get(value or "", ""))

    def figure(value: float | None) -> Text:
        return Text("-" if value is None else f"{value:.1e}")

    density, posterior = model.density, model.posterior
    return [
        Text(model.name),
        verdict(model.static.verdict),
        verdict(density.verdict if density else None),
        figure(density.max_error if density else None),
        figure(density.max_term_error if density else None),
        figure(density.max_grad_error if density else None),
        verdict(posterior.verdict if posterior else None),
        Text("-" if posterior is None else f"{posterior.max_z:.1f}"),
        Text(f"{sum(model.seconds.values()):.0f}"),
    ]


def remarks(model: ModelReport) -> list[str]:
    """Return what the figures of one model mean, in words."""
    lines = [item.render() for item in model.static.findings]
    lines += [f"not matched: {item}" for item in model.static.unmatched]
    lines += [f"assumed: {item}" for item in model.static.assumed]
    if model.density:
        lines += [*model.density.reasons, *model.density.remarks]
        lines += [
            f"{label}: not compared {limit.domain}, as {limit.target} is not exact there"
            if limit.least_left or limit.where is not None
            else f"{label}: gradients are not judged, as {limit.target} is wrong {limit.domain}"
            if limit.argument
            else f"{label}: {limit.target} has {limit.domain}"
            if math.isinf(limit.error) or limit.certain
            else f"{label}: {limit.target} is exact to {limit.error:.0e} only, {limit.domain}"
            for label, limit in model.density.limits
        ]
    if model.posterior:
        lines += list(model.posterior.reasons)
        if model.posterior.verdict == "agree":
            lines.append(
                f"a shift of {model.posterior.detectable_difference:.2f} posterior sds of the mean of "
                f"{model.posterior.detectable_in} would have been noticed"
            )
    return lines


def print_summary(tree: Any, model: Model) -> None:
    """Print ArviZ's summary of a fit's unknowns and what is derived from them."""
    import arviz  # noqa: PLC0415  (seconds to import; only a finished fit needs it)

    names = [name for name in (symbol.name for symbol in model.symbols) if name in tree.posterior]
    summarise = cast("Callable[..., Any]", arviz.summary)  # pyright: ignore[reportUnknownMemberType]
    sys.stdout.write(f"{summarise(tree, var_names=names).to_string()}\n")


def print_doctor() -> bool:
    """Print what is on the machine; return whether a check can be run (a Stan engine and PyMC)."""
    found = doctor()
    grid = Table(box=SIMPLE_HEAD)
    for heading in ("engine", "found", "version", "where", "what to do"):
        grid.add_column(heading, overflow="fold")
    for item in found:
        grid.add_row(item.name, "yes" if item.available else "no", item.version, item.location, item.advice)
    console().print(grid)
    there = {item.name for item in found if item.available}
    return "pymc" in there and bool({"embedded", "cmdstan"} & there)


def run_install(folder: str | None) -> None:
    """Install CmdStan and say where. H91 for a folder without a name, which a `Path` would take for this one."""
    if folder == "":
        raise SpecError(
            [
                Diagnostic(
                    "H91", "CmdStan cannot be installed in a folder without a name", None, "a folder after --dir",
                    "an empty text", "leave --dir out for hiercomp's cache folder, or write `--dir .` for this folder",
                )
            ]
        )  # fmt: skip
    with progress() as reporter:
        path = install.install_cmdstan(
            Path(folder) if folder is not None else None, reporter.stage("CmdStan", "install")
        )
    sys.stdout.write(f"{path}\n")
