"""All specs on both engines: densities, posteriors, and the reference draws that others published.

Every model of `specs`, `specs/gallery` and `specs/yardsticks` is built, compiled, held against the reference's
densities at random points, sampled by Stan and by PyMC, and the two posteriors are compared as `hiercomp check` does.
Where chains have not mixed, a model is sampled with all its group effects non-centered (or, where the spec keeps
effects `centered`, the other way round): the same posterior, mostly without a funnel in the sampler's way; then either
way with four times the warmup and the draws, as long as that takes minutes. Where a yardstick has reference draws, the
means and sds of either posterior are held against theirs.

    python benchmarks/conformance.py [SPEC ...] [--engine cmdstan|embedded] [--level density] [--minutes 60] [--fresh]

Without `--engine` every engine that is there is used, one after the other; with `--level density` nothing is sampled.
What was found of a model is kept in `build/conformance` as long as its programs, its data and its sampling stay the
same, so that a run that was interrupted goes on where it stopped, and several runs can share the work. After
`--minutes` no further model is begun. The table of all models goes to `benchmarks/conformance.md` (only if no specs are
named). Exit status 1 where anything disagrees, 3 where a verdict is missing or cannot be given.

The limits are Bonferroni's: that any of the comparisons of a full run wrongly says 'disagree' has a probability of 1 %
for all posteriors together, and 1 % for all reference draws together.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

import hiercomp
from hiercomp.agree import Comparison, PosteriorResult, judge, measure
from hiercomp.agree.chains import ess_mean, flat
from hiercomp.engines import EngineError, PyMC, choose_stan
from hiercomp.model.ir import RandomStmt
from hiercomp.workflow.subject import Subject, settings_of, subject

ROOT = Path(__file__).parent.parent
FOLDERS = ("specs", "specs/gallery", "specs/yardsticks")
KEPT = ROOT / "build" / "conformance"
TABLE = Path(__file__).with_suffix(".md")
SEED = 20_260_101
ALARMS = 0.01
# Seconds of sampling beyond which four times as much is not tried.
PATIENCE = 150.0
_FORMAT = 3


@dataclass(frozen=True, slots=True)
class Case:
    """One model of one spec, with the Stan that it is compiled by."""

    spec: Path
    model: str
    engine: str

    @property
    def name(self) -> str:
        return f"{self.spec.stem}#{self.model} {self.engine}"


@dataclass(frozen=True, slots=True)
class Deviation:
    """A mean or sd of one backend beside the one of the reference draws, with the normal deviate of the difference."""

    what: str
    ours: float
    theirs: float
    z: float


@dataclass(frozen=True, slots=True)
class Result:
    """What was found of one model. `failed` says at which stage it ended otherwise."""

    density: str
    density_error: float
    evidence: Comparison | None
    deviations: tuple[Deviation, ...]
    seconds: dict[str, float]
    failed: str = ""
    way: str = ""


def cases(specs: Sequence[Path], engines: Iterable[str]) -> Iterator[Case]:
    programs = {path: hiercomp.load(path) for path in specs}
    for engine in engines:
        for path, program in programs.items():
            yield from (Case(path, model, engine) for model in program.models)


def ways(case: Case, made: Subject) -> list[Subject]:
    """Return the model as its spec has it and with all group effects non-centered, the more promising one first."""
    freed = subject(hiercomp.load(case.spec, parameterization="non-centered").model(case.model))
    if all(freed.inputs[name].text == item.text for name, item in made.inputs.items()):
        return [made]
    stated = any(isinstance(item, RandomStmt) and item.centering == "centered" for item in made.model.statements)
    return [freed, made] if stated else [made, freed]


def key(case: Case, made: Subject) -> str:
    """Return what a result depends on, as a digest."""
    sampling = repr(settings_of(made.model, SEED))
    texts = [item.text for one in ways(case, made) for item in one.inputs.values()]
    data = json.dumps(made.inputs["stan"].data, sort_keys=True, default=str)
    parts = [str(_FORMAT), hiercomp.__version__, case.engine, sampling, *texts, data]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def against(tree: Any, backend: str, expected: dict[str, dict[str, float]]) -> Iterator[Deviation]:
    """Yield the deviations of means and sds from those of reference draws, by their Monte Carlo errors.

    The error of an sd is that of the mean of squared distances, which needs no normality but a fourth moment; the
    reference draws are as good as independent, so their errors follow from ours and the numbers of draws.
    """
    for name, figures in expected.items():
        base, _, rest = name.partition("[")
        place = tuple(int(number) - 1 for number in rest.rstrip("]").split(",")) if rest else ()
        draws = np.asarray(tree.posterior[base])[(..., *place)][None, ...].astype(float)
        mean, sd = float(draws.mean()), float(draws.std(ddof=1))
        squares = (draws - mean) ** 2
        spread = float(flat(squares).std())
        count = float(figures["ess_bulk"])
        error = np.sqrt(sd**2 / ess_mean(draws)[0] + float(figures["sd"]) ** 2 / count)
        yield Deviation(f"{backend}: mean of {name}", mean, figures["mean"], float((mean - figures["mean"]) / error))
        error = spread / (2 * sd) * np.sqrt(1 / ess_mean(squares)[0] + 1 / count)
        yield Deviation(f"{backend}: sd of {name}", sd, figures["sd"], float((sd - figures["sd"]) / error))


def examine(case: Case, made: Subject, runners: dict[str, Any], level: str) -> Result:
    seconds: dict[str, float] = {}

    def timed(stage: str, start: float) -> None:
        seconds[stage] = time.perf_counter() - start

    start = time.perf_counter()
    runners["stan"].prepare([made.inputs["stan"]], densities=True)
    timed("compile", start)
    start = time.perf_counter()
    report = hiercomp.check(hiercomp.load(case.spec), models=[case.model], level="density", engine=case.engine)
    density = report.models[0].density
    timed("density", start)
    assert density is not None
    if level == "density":
        return Result(density.verdict, density.max_error or 0.0, None, (), seconds)
    published = case.spec.parent / "reference" / f"{case.spec.stem}.json"
    expected = json.loads(published.read_text(encoding="utf-8"))["parameters"] if published.is_file() else {}
    for times, way in [(times, way) for times in (1, 4) for way in ways(case, made)]:
        if times > 1 and seconds["sample stan"] + seconds["sample pymc"] > PATIENCE:
            break
        start = time.perf_counter()
        runners["stan"].prepare([way.inputs["stan"]], densities=False)
        seconds["compile"] += time.perf_counter() - start
        trees: dict[str, Any] = {}
        deviations: list[Deviation] = []
        for number, (backend, runner) in enumerate(runners.items()):
            start = time.perf_counter()
            settings = replace(settings_of(made.model, SEED + number), predictive=False)
            settings = replace(settings, warmup=times * settings.warmup, draws=times * settings.draws)
            trees[backend] = runner.sample(way.inputs[backend], settings)
            timed(f"sample {backend}", start)
            deviations += against(trees[backend], backend, expected)
        evidence = measure(trees["stan"], trees["pymc"], names=made.quantities)
        words = f"{settings.draws:,}{'' if way is made else ', non-centered'}"
        result = Result(density.verdict, density.max_error or 0.0, evidence, tuple(deviations), seconds, way=words)
        if not any(fit.reasons for fit in evidence.fits):
            break
    return result


def found(case: Case, runners: dict[str, Any], level: str, *, fresh: bool, run: bool) -> Result | None:
    """Return what is known of a model, examining it where that is wanted; None where nothing is known."""
    try:
        made = subject(hiercomp.load(case.spec).model(case.model))
    except hiercomp.SpecError as error:
        return Result("", 0.0, None, (), {}, failed=str(error).splitlines()[0])
    whole = KEPT / f"{case.spec.stem}-{case.model}-{key(case, made)}.pickle"
    part = whole.with_suffix(".density.pickle")
    for path in () if fresh else (whole, part) if level == "density" or not run else (whole,):
        if path.is_file():
            return pickle.loads(path.read_bytes())
    if not run:
        return None
    try:
        result = examine(case, made, runners, level)
    except (hiercomp.SpecError, EngineError) as error:
        return Result("", 0.0, None, (), {}, failed=str(error).splitlines()[0])
    KEPT.mkdir(parents=True, exist_ok=True)
    (part if level == "density" else whole).write_bytes(pickle.dumps(result))
    return result


def rows(results: dict[Case, Result | None], posteriors: dict[str, PosteriorResult], limit: float) -> Iterator[str]:
    yield (
        "| spec | model | Stan | density | largest error | draws of a chain | posterior | largest \\|z\\| "
        "| reference draws | largest \\|z\\| | seconds: compile | Stan | PyMC |"
    )
    yield "|---" * 13 + "|"
    for case, result in results.items():
        cells = [f"`{case.spec.relative_to(ROOT / 'specs').with_suffix('').as_posix()}`", case.model, case.engine]
        if result is None or result.failed:
            yield f"| {' | '.join([*cells, result.failed if result else 'not run'])} | | | | | | | | | |"
            continue
        posterior = posteriors.get(case.name)
        cells += [result.density, f"{result.density_error:.1e}", result.way]
        cells += [posterior.verdict, f"{posterior.max_z:.2f}"] if posterior is not None else ["", ""]
        worst = max((abs(item.z) for item in result.deviations), default=None)
        cells += ["", ""] if worst is None else ["agree" if worst <= limit else "disagree", f"{worst:.2f}"]
        stages = ("compile", "sample stan", "sample pymc")
        cells += [f"{result.seconds[stage]:.0f}" if stage in result.seconds else "" for stage in stages]
        yield f"| {' | '.join(cells)} |"


def table(lines: Sequence[str], results: dict[Case, Result | None], judged: str) -> str:
    known = [result for result in results.values() if result is not None and not result.failed]
    spent = sum(sum(result.seconds.values()) for result in known) / 60
    return (
        f"""# Conformance

`make conformance` writes this table: every model of every spec, in Stan (by either engine) and in PyMC, with four
chains, where the spec says nothing else. {len(known)} of {len(results)} pairs of a model and an engine were run, which
took {spent:.0f} minutes. An empty verdict is one that was not asked for. Where chains did not mix, group effects were
sampled non-centered, or more draws were taken, or both: the posterior is the same.

- *density*: the log densities of both programs and of the reference at the same random points, term by term, and the
  gradients; the largest error is that of totals, relative to the largest log density.
- *posterior*: means, sds, quantiles and ranks of all unknowns and of what is derived from them. {judged}
- *reference draws*: means and sds of both posteriors against the published ones.

"""
        + "\n".join(lines)
        + "\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("specs", nargs="*", type=Path)
    parser.add_argument("--engine", choices=["cmdstan", "embedded"])
    parser.add_argument("--level", choices=["density", "posterior"], default="posterior")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--fresh", action="store_true", help="run again what is known already")
    given = parser.parse_args()
    specs = [path.resolve() for path in given.specs]
    specs = specs or [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.hier"))]
    stan: dict[str, Any] = {}
    for engine in (given.engine,) if given.engine else ("cmdstan", "embedded"):
        try:
            stan[engine] = choose_stan(engine)
        except EngineError as error:
            print(f"{engine}: {error}", file=sys.stderr)
    results: dict[Case, Result | None] = {}
    end = time.monotonic() + 60 * given.minutes
    for case in cases(specs, stan):
        runners = {"stan": stan[case.engine], "pymc": PyMC()}
        results[case] = found(case, runners, given.level, fresh=given.fresh, run=time.monotonic() < end)
        result = results[case]
        words = "not run" if result is None else result.failed or f"density {result.density}"
        print(f"{case.name}: {words}", file=sys.stderr, flush=True)
    evidence = {case.name: result.evidence for case, result in results.items() if result and result.evidence}
    posteriors = judge(evidence, ALARMS)
    deviations = [item for result in results.values() if result for item in result.deviations]
    limit = float(stats.norm.isf(ALARMS / (2 * max(len(deviations), 1))))
    comparisons = sum(item.count for item in evidence.values())
    some = next(iter(posteriors.values()), None)
    judged = f"Of {comparisons:,} deviations none may exceed {some.z_limit:.2f}." if some else ""
    if deviations:
        judged += f" Of the {len(deviations)} from reference draws none may exceed {limit:.2f}."
    lines = list(rows(results, posteriors, limit))
    print("\n".join(lines))
    reasons = [f"{name}: {reason}" for name, item in posteriors.items() for reason in item.reasons]
    reasons += [f"{item.what}: {item.ours:.6g} for {item.theirs:.6g}" for item in deviations if abs(item.z) > limit]
    print("\n".join(reasons), file=sys.stderr)
    if not given.specs:
        TABLE.write_text(table(lines, results, judged), encoding="utf-8")
    verdicts = [item.verdict for item in posteriors.values()]
    verdicts += [result.density if result and not result.failed else "cannot say" for result in results.values()]
    if "disagree" in verdicts or any(abs(item.z) > limit for item in deviations):
        return 1
    return 0 if all(verdict == "agree" for verdict in verdicts) else 3


if __name__ == "__main__":
    sys.exit(main())
