"""All specs on both engines: densities, posteriors, and the reference draws that others published.

Every model of `specs`, `specs/gallery` and `specs/yardsticks` is built, compiled, held against the reference's
densities at random points, sampled by Stan and by PyMC, and the two posteriors are compared as `hiercomp check` does.
Where chains of a backend have not mixed, it samples the model with all group effects non-centered (or, where the spec
keeps effects `centered`, the other way round): the same posterior, mostly without a funnel in the sampler's way; then
either way with twice and four times the warmup and the draws, as long as that takes minutes. Where a yardstick has
reference draws, the means and sds of either posterior are held against theirs.

    python benchmarks/conformance.py [SPEC ...] [--engine cmdstan|embedded] [--level density] [--minutes 60] [--fresh]

Without `--engine` every engine that is there is used; with `--level density` nothing is sampled. Programs are compiled
side by side first; then every core has a process that takes one model after the other. What was found of a model is
kept in `build/conformance` as long as its programs, its data and its sampling stay the same, so that a run that was
interrupted goes on where it stopped, and several runs can share the work. After `--minutes` no further model is begun.
The table of all models goes to `benchmarks/conformance.md` (only if no specs are named). Exit status 1 where anything
disagrees, 3 where a verdict is missing or cannot be given.

The limits are Bonferroni's: that any of the comparisons of a full run wrongly says 'disagree' has a probability of 1 %
for all posteriors together, and 1 % for all reference draws together.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing.queues import Queue
from pathlib import Path

from examine import ROOT, Case, Result, examine, failure, known
from scipy import stats

import hiercomp
from hiercomp.agree import PosteriorResult, judge
from hiercomp.engines import EngineError, choose_stan

FOLDERS = ("specs", "specs/gallery", "specs/yardsticks")
TABLE = Path(__file__).with_suffix(".md")
ALARMS = 0.01


def cases(specs: Sequence[Path], engines: Iterable[str]) -> Iterator[Case]:
    programs = {path: hiercomp.load(path) for path in specs}
    for engine in engines:
        for path, program in programs.items():
            yield from (Case(path, model, engine) for model in program.models)


def compile_all(todo: Sequence[Case]) -> float:
    """Compile the programs of the models, side by side, and return the seconds that it took.

    A program that does not compile is left to the examination of its model, which says so.
    """
    start = time.perf_counter()
    for engine in dict.fromkeys(case.engine for case in todo):
        programs = [case.subject().inputs["stan"] for case in todo if case.engine == engine]
        try:
            choose_stan(engine).prepare(programs, densities=True)
        except EngineError as error:
            print(f"{engine}: {error}", file=sys.stderr)
    return time.perf_counter() - start


def take_core(free: Queue[int]) -> None:
    """Keep this process, and what it starts, to one core of its own."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {free.get()})


def examine_all(todo: Sequence[Case], level: str, deadline: float) -> dict[Case, Result]:
    """Examine the models side by side, each by all its engines in one process."""
    models: dict[tuple[Path, str], list[Case]] = {}
    for case in todo:
        models.setdefault((case.spec, case.model), []).append(case)
    results: dict[Case, Result] = {}
    context = multiprocessing.get_context("spawn")
    free: Queue[int] = context.Queue()
    # Where processes cannot be kept to a core there is one, whose chains run side by side.
    own = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    for core in own:
        free.put(core)
    with ProcessPoolExecutor(len(own), context, take_core, (free,)) as pool:
        jobs = [pool.submit(examine, group, level, deadline) for group in models.values()]
        for job in as_completed(jobs):
            for case, result in job.result().items():
                results[case] = result
                words = result.failed or f"density {result.density}"
                print(f"{case.name}: {words} {result.way}", file=sys.stderr, flush=True)
    return results


def rows(results: dict[Case, Result | None], posteriors: dict[str, PosteriorResult], limit: float) -> Iterator[str]:
    yield (
        "| spec | model | Stan | density | largest error | draws of a chain | posterior | largest \\|z\\| "
        "| reference draws | largest \\|z\\| | seconds: compile | densities | Stan | PyMC |"
    )
    yield "|---" * 14 + "|"
    for case, result in results.items():
        cells = [f"`{case.spec.relative_to(ROOT / 'specs').with_suffix('').as_posix()}`", case.model, case.engine]
        if result is None or result.failed:
            yield f"| {' | '.join([*cells, result.failed if result else 'not run'])} | | | | | | | | | | |"
            continue
        posterior = posteriors.get(case.name)
        cells += [result.density, f"{result.density_error:.1e}", result.way]
        cells += [posterior.verdict, f"{posterior.max_z:.2f}"] if posterior is not None else ["", ""]
        worst = max((abs(item.z) for item in result.deviations), default=None)
        cells += ["", ""] if worst is None else ["agree" if worst <= limit else "disagree", f"{worst:.2f}"]
        compiling = case.compiling()
        cells.append("" if compiling is None else f"{compiling:.0f}")
        stages = ("density", "sample stan", "sample pymc")
        cells += [f"{result.seconds[stage]:.0f}" if stage in result.seconds else "" for stage in stages]
        yield f"| {' | '.join(cells)} |"


def table(lines: Sequence[str], results: dict[Case, Result | None], judged: str, spent: str) -> str:
    done = [result for result in results.values() if result is not None and not result.failed]
    return (
        f"""# Conformance

`make conformance` writes this table: every model of every spec, in Stan (by either engine) and in PyMC, with four
chains, where the spec says nothing else. {len(done)} of {len(results)} pairs of a model and an engine were run.{spent}
Seconds are those of one core, with a model on each. An empty verdict is one that was not asked for. PyMC's samples are
held against both engines'. Where chains did not mix, group effects were sampled non-centered, or more draws were
taken, or both: the posterior is the same.

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
    engines: list[str] = []
    for engine in (given.engine,) if given.engine else ("cmdstan", "embedded"):
        try:
            choose_stan(engine)
            engines.append(engine)
        except EngineError as error:
            print(f"{engine}: {error}", file=sys.stderr)
    start = time.time()
    results: dict[Case, Result | None] = {}
    todo: list[Case] = []
    for case in cases(specs, engines):
        try:
            results[case] = None if given.fresh else known(case, given.level)
        except hiercomp.SpecError as error:
            results[case] = failure(error)
        if results[case] is None:
            todo.append(case)
    if given.minutes > 0:
        compiling = compile_all(todo)
        results.update(examine_all(todo, given.level, start + 60 * given.minutes))
        spent = f" Of these, {len(todo)} took the last run {(time.time() - start) / 60:.0f} minutes"
        spent += f", {compiling / 60:.0f} of which went into compiling."
    else:
        spent = ""
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
        TABLE.write_text(table(lines, results, judged, spent), encoding="utf-8")
    verdicts = [item.verdict for item in posteriors.values()]
    verdicts += [result.density if result and not result.failed else "cannot say" for result in results.values()]
    if "disagree" in verdicts or any(abs(item.z) > limit for item in deviations):
        return 1
    return 0 if all(verdict == "agree" for verdict in verdicts) else 3


if __name__ == "__main__":
    sys.exit(main())
