"""Check: the Stan program and the PyMC module of a model are shown to be the same model, or not to be."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from hiercomp.agree import Comparison, DensityResult, compare_densities, judge, measure
from hiercomp.agree.density_result import no_comparison
from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.engines import choose_stan, pymc_engine
from hiercomp.engines.base import Densities, Engine, Progress
from hiercomp.model.ir import Model
from hiercomp.source import Source
from hiercomp.workflow.build import stanc_findings
from hiercomp.workflow.directions import directional
from hiercomp.workflow.expected import expected
from hiercomp.workflow.faults import blamed
from hiercomp.workflow.own import Match, match_own
from hiercomp.workflow.parameterizations import densities_elsewhere, read_with_care
from hiercomp.workflow.points import limits_of, points_of, within_limits
from hiercomp.workflow.report import CheckReport, ModelReport, StaticResult
from hiercomp.workflow.subject import Subject, settings_of, subject

type Level = Literal["static", "density", "posterior"]

DEFAULT_SEED = 20_251_028


class Reporter(Protocol):
    """Is told what is going on: `stage` opens a line of progress and returns what to call with text and fraction."""

    def stage(self, model: str, what: str) -> Progress: ...


@dataclass(slots=True)
class _Run:
    """What is known so far of one model's check. `other` has, for programs of the user's that sample the effects of the
    spec in another parameterization, the model in theirs."""

    subject: Subject
    own: tuple[str, ...] = ()
    runs: bool = True
    comparable: bool = True
    unmatched: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    other: Mapping[str, Model] = field(default_factory=dict[str, Model])
    static: StaticResult | None = None
    density: DensityResult | None = None
    evidence: Comparison | None = None
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    def take(self, backend: str, match: Match) -> None:
        """Put the user's program of one backend, as it was matched, in place of ours."""
        self.subject = replace(self.subject, inputs={**self.subject.inputs, backend: match.program})
        self.own += (backend,)
        self.runs = self.runs and match.runs
        self.comparable = self.comparable and match.comparable
        self.unmatched += match.unmatched
        self.assumed += match.assumed
        if match.model is not self.subject.model:
            self.other = {**self.other, backend: match.model}

    @contextmanager
    def timed(self, stage: str) -> Generator[None]:
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
    pair: dict[str, Engine] = {"stan": choose_stan(engine), "pymc": pymc_engine.PyMC()}
    for run in runs:
        with run.timed("static"):
            for backend in texts:
                with blamed([run.subject], backend):
                    run.take(backend, match_own(run.subject, backend))
            run.static = _static(run, pair["pymc"], warnings.get(run.subject.name, ()))
    able = [run for run in runs if run.runs]
    if level != "static" and able:
        _compile(able, pair["stan"], reporter)
        for run in able:
            with run.timed("density"):
                run.density = _density(run, pair, chosen)
    if level == "posterior":
        for run in able:
            trees = {name: _sample(run, name, pair[name], chosen, reporter) for name in pair}
            with run.timed("compare"):
                run.evidence = measure(trees["stan"], trees["pymc"], names=_common(run.subject, trees))
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


def _common(made: Subject, trees: Mapping[str, Any]) -> list[str]:
    shapes = {name: {key: value.shape[2:] for key, value in tree.posterior.items()} for name, tree in trees.items()}
    stan, pymc = shapes["stan"], shapes["pymc"]
    return [name for name in made.quantities if name in stan and name in pymc and stan[name] == pymc[name]]


def _own(path: Path, models: Sequence[Model]) -> Source:
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
        return Source(str(path), path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, or no name of a file
        if isinstance(error, UnicodeDecodeError):
            words = f"the byte 0x{error.object[error.start]:02X} at place {error.start + 1}, which is not UTF-8"
        else:
            words = (getattr(error, "strerror", None) or str(error)).lower()
        raise SpecError(
            [
                Diagnostic(
                    code="H94",
                    message=f"{path} cannot be read",
                    primary=None,
                    expected="a program as UTF-8 text",
                    found=words,
                    help="name the file of your program; a text in another encoding is saved as UTF-8",
                )
            ]
        ) from None


def _static(run: _Run, runner: Engine, warnings: Sequence[Diagnostic]) -> StaticResult:
    made = run.subject
    findings = [*warnings, *(() if "stan" in run.own else stanc_findings(made.generated["stan"]))]
    refused = any(item.code == "H96" for item in findings)
    with blamed([made], "pymc"):
        runner.prepare([made.inputs["pymc"]], densities=False)
    return StaticResult(
        verdict="disagree" if refused else "agree" if run.runs and run.comparable else "cannot say",
        stanc="refused" if refused else "ok",
        pymc="ok",
        findings=tuple(findings),
        unmatched=run.unmatched,
        assumed=run.assumed,
    )


def _compile(runs: Sequence[_Run], engine: Engine, reporter: Reporter | None) -> None:
    start = time.perf_counter()
    progress = reporter.stage("all models", "compile Stan") if reporter else None
    with blamed([run.subject for run in runs], "stan"):
        engine.prepare([run.subject.inputs["stan"] for run in runs], densities=True, progress=progress)
    for run in runs:
        # Programs compile side by side, so each is charged its share of the time that it took all of them.
        run.seconds["compile"] = (time.perf_counter() - start) / len(runs)


def _density(run: _Run, pair: Mapping[str, Engine], seed: int) -> DensityResult:
    made = run.subject
    if not run.comparable:
        return no_comparison(f"the {' and '.join(run.own)} program of your own has other unknowns than the spec")
    points, lost = within_limits(made.sampled, points_of(made.sampled, seed))
    left_out = tuple(
        f"{count} points were left out, as {label} is truncated to less there than all programs can renormalise"
        for label, count in lost.items()
    )
    if not points:
        return replace(no_comparison("there is no point at which all programs are exact"), remarks=left_out)
    results: dict[str, Densities] = {}
    for name, engine in pair.items():
        with blamed([made], name):
            if name in run.other:
                results[name] = densities_elsewhere(made, run.other[name], engine, made.inputs[name], points)
            else:
                results[name] = engine.densities(made.inputs[name], points)
    limits = limits_of(made.sampled)
    known = expected(made.sampled, points, limits)
    result = compare_densities(
        results["stan"],
        results["pymc"],
        known.total,
        known.terms,
        limits=limits,
        directional=None if run.other else directional(made, pair, points, results, seed),
        gradients=not run.other,
        rounding=known.rounding,
        certain=known.certain,
    )
    if run.other:
        result = read_with_care(result, tuple(run.other))
    return replace(result, remarks=(*result.remarks, *left_out))


def _sample(run: _Run, name: str, engine: Engine, seed: int, reporter: Reporter | None) -> Any:
    progress = reporter.stage(run.subject.name, f"sample {name}") if reporter else None
    settings = replace(settings_of(run.subject.model, seed), predictive=False)
    with run.timed(f"sample {name}"), blamed([run.subject], name):
        return engine.sample(run.subject.inputs[name], settings, progress)
