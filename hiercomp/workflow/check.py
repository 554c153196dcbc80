"""Check: the Stan program and the PyMC module of a model are shown to be the same model, or not to be."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from hiercomp import reference
from hiercomp.agree import Comparison, choose_points, compare_densities, judge, measure
from hiercomp.catalog import DISTRIBUTIONS
from hiercomp.catalog.schema import Limit
from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.engines import choose_stan, pymc_engine
from hiercomp.engines.base import Densities, Engine, Progress
from hiercomp.model.ir import Model, RandomStmt
from hiercomp.workflow.build import stanc_findings
from hiercomp.workflow.faults import blamed
from hiercomp.workflow.report import CheckReport, ModelReport, StaticResult
from hiercomp.workflow.subject import Subject, settings_of, subject

type Level = Literal["static", "density", "posterior"]

DEFAULT_SEED = 20_251_028


class Reporter(Protocol):
    """Is told what is going on: `stage` opens a line of progress and returns what to call with a text and a fraction."""

    def stage(self, model: str, what: str) -> Progress: ...


@dataclass(slots=True)
class _Run:
    """What is known so far of one model's check."""

    subject: Subject
    static: StaticResult | None = None
    density: Any = None
    evidence: Comparison | None = None
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start


def run_check(
    models: Sequence[Model],
    *,
    level: Level,
    engine: str | None,
    stan: Path | None,
    pymc: Path | None,
    seed: int | None,
    reporter: Reporter | None,
    warnings: Mapping[str, Sequence[Diagnostic]],
) -> CheckReport:
    """Check the models; see `hiercomp.api.check`."""
    texts = {name: _own(path, models) for name, path in (("stan", stan), ("pymc", pymc)) if path is not None}
    runs = [_Run(subject(model, texts)) for model in models]
    chosen = DEFAULT_SEED if seed is None else seed
    stan_engine: Engine = choose_stan(engine)
    pymc_engine_: Engine = pymc_engine.PyMC()
    pair = {"stan": stan_engine, "pymc": pymc_engine_}
    for run in runs:
        with run.timed("static"):
            run.static = _static(run.subject, pymc_engine_, warnings.get(run.subject.name, ()))
    if level != "static":
        _compile(runs, pair, reporter)
        for run in runs:
            with run.timed("density"):
                run.density = _density(run.subject, pair, chosen)
    if level == "posterior":
        for run in runs:
            trees = {name: _sample(run, name, pair[name], chosen, reporter) for name in pair}
            with run.timed("compare"):
                run.evidence = measure(trees["stan"], trees["pymc"], names=run.subject.quantities)
    # The false-alarm rate holds for the command as a whole, so nobody is judged before all the evidence is in.
    verdicts = judge({run.subject.name: run.evidence for run in runs if run.evidence is not None})
    return CheckReport(
        models=tuple(
            ModelReport(run.subject.name, run.static, run.density, verdicts.get(run.subject.name), run.seconds)
            for run in runs
            if run.static is not None
        ),
        level=level,
        seed=chosen,
        engines={name: item.name for name, item in pair.items()},
    )


def _own(path: Path, models: Sequence[Model]) -> str:
    if len(models) != 1:
        raise SpecError(
            [
                Diagnostic(
                    code="H93",
                    message=f"{path} is one program, and the check is of {len(models)} models",
                    primary=None,
                    expected="one model",
                    found=", ".join(model.name for model in models),
                    help="name the model that the program is meant to be: --model NAME",
                )
            ]
        )
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(
            [
                Diagnostic(
                    code="H94",
                    message=f"{path} cannot be read",
                    primary=None,
                    expected="a program as UTF-8 text",
                    found=getattr(error, "strerror", None) or str(error),
                )
            ]
        ) from None


def _static(made: Subject, runner: Engine, warnings: Sequence[Diagnostic]) -> StaticResult:
    findings = [*warnings, *stanc_findings(made.generated["stan"])]
    refused = any(item.code == "H96" for item in findings)
    with blamed(made, "pymc"):
        runner.prepare([made.inputs["pymc"]], densities=False)
    return StaticResult(
        verdict="disagree" if refused else "agree",
        stanc="refused" if refused else "ok",
        pymc="ok",
        findings=tuple(findings),
    )


def _compile(runs: Sequence[_Run], pair: Mapping[str, Engine], reporter: Reporter | None) -> None:
    programs = [run.subject.inputs["stan"] for run in runs]
    start = time.perf_counter()
    with blamed(runs[0].subject, "stan"):
        pair["stan"].prepare(
            programs, densities=True, progress=reporter.stage("all models", "compile Stan") if reporter else None
        )
    for run in runs:
        run.seconds["compile"] = (time.perf_counter() - start) / len(runs)


def _density(made: Subject, pair: Mapping[str, Engine], seed: int) -> Any:
    points = choose_points(
        simulate=lambda rng: reference.simulate(made.model, rng),
        wide=lambda rng, scale: reference.wide_point(made.model, rng, scale),
        seed=seed,
    )
    results: dict[str, Densities] = {}
    for name, engine in pair.items():
        with blamed(made, name):
            results[name] = engine.densities(made.inputs[name], points)
    evaluated = [reference.log_density(made.model, point) for point in points]
    return compare_densities(
        results["stan"],
        results["pymc"],
        np.array([total for total, _ in evaluated]),
        {label: np.array([terms[label] for _, terms in evaluated]) for label in evaluated[0][1]},
        limits=limits_of(made.model),
    )


def limits_of(model: Model) -> dict[str, tuple[Limit, ...]]:
    """Return, for the label of each statement whose catalogue row states any, the limits of its densities."""
    found: dict[str, tuple[Limit, ...]] = {}
    for statement in model.statements:
        if isinstance(statement, RandomStmt):
            rows = [statement.dist.row, *(dist.row for _, dist in statement.cases)]
            limits = tuple(limit for row in rows for limit in DISTRIBUTIONS[row].limits)
            if limits:
                found[statement.common.label] = limits
    return found


def _sample(run: _Run, name: str, engine: Engine, seed: int, reporter: Reporter | None) -> Any:
    progress = reporter.stage(run.subject.name, f"sample {name}") if reporter else None
    with run.timed(f"sample {name}"), blamed(run.subject, name):
        return engine.sample(run.subject.inputs[name], settings_of(run.subject.model, seed), progress)
