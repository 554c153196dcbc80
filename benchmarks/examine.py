"""One model of one spec, held against itself in the other language: what `conformance.py` tabulates."""

from __future__ import annotations

import hashlib
import json
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

import hiercomp
from hiercomp.agree import Comparison, judge, measure
from hiercomp.agree.chains import ess_mean, flat
from hiercomp.engines import EngineError, PyMC, choose_stan
from hiercomp.engines.base import SamplerSettings
from hiercomp.engines.build import load_built
from hiercomp.engines.stanc import FILE
from hiercomp.model.ir import RandomStmt
from hiercomp.workflow.subject import Subject, settings_of, subject

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "build" / "conformance"
SEED = 20_260_101
# Warmup and draws of a chain to begin with, also where a spec asks for more.
DRAWS = 1000
# Seconds of sampling, on one core, beyond which four times as much is not tried.
PATIENCE = 300.0
_FORMAT = 4


@dataclass(frozen=True, slots=True)
class Case:
    """One model of one spec, with the Stan that it is compiled by."""

    spec: Path
    model: str
    engine: str

    @property
    def name(self) -> str:
        return f"{self.spec.stem}#{self.model} {self.engine}"

    def subject(self) -> Subject:
        """Return the model with its programs; raises `hiercomp.SpecError`."""
        return _subject(self.spec, self.model, "")

    def compiling(self) -> float | None:
        """Return the seconds that it took to compile the Stan program, whenever that was: from its source to the last
        of what was made of it. None where it is not in the cache."""
        stan: Any = choose_stan(self.engine)
        built = load_built(stan.tools, self.subject().inputs["stan"], terms=True)
        if built is None:
            return None
        return built.density.stat().st_mtime - built.density.with_name(FILE).stat().st_mtime

    def kept(self, level: str) -> list[Path]:
        """Return where a result that answers `level` may be: that of a posterior answers for densities too."""
        made = self.subject()
        whole = KEPT / f"{self.spec.stem}-{self.model}-{self._key(made)}.pickle"
        part = whole.with_suffix(".density.pickle")
        return [whole, part] if level == "density" else [whole]

    def _key(self, made: Subject) -> str:
        sampling = repr(_settings(made, 1, SEED))
        texts = [item.text for one in _ways(self, made) for item in one.inputs.values()]
        data = json.dumps(made.inputs["stan"].data, sort_keys=True, default=str)
        parts = [str(_FORMAT), hiercomp.__version__, self.engine, sampling, *texts, data]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A mean or sd of one backend beside the one of the reference draws, with the normal deviate of the difference."""

    what: str
    ours: float
    theirs: float
    z: float


@dataclass(frozen=True, slots=True)
class Result:
    """What was found of one model. `failed` says at which stage it ended otherwise, `seconds` what the stages took on
    one core (PyMC's samples serve every engine, and count where they were taken)."""

    density: str
    density_error: float
    evidence: Comparison | None = None
    deviations: tuple[Deviation, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    failed: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class _Rung:
    """How a model is sampled: in which parameterization, with how many times the draws."""

    times: int
    way: Subject
    words: str


@dataclass(frozen=True, slots=True)
class _Fit:
    tree: Any
    deviations: tuple[Deviation, ...]
    seconds: float


@dataclass(slots=True)
class _Ladder:
    """The fits of one backend, each sampled once; the one in use is that of the rung `at`."""

    backend: str
    rungs: Sequence[_Rung]
    seed: int
    expected: dict[str, dict[str, float]]
    at: int = 0
    fits: dict[int, _Fit] = field(default_factory=dict[int, _Fit])

    def fit(self, sample: Callable[..., Any]) -> _Fit:
        if self.at not in self.fits:
            rung = self.rungs[self.at]
            start = time.perf_counter()
            tree = sample(rung.way.inputs[self.backend], _settings(rung.way, rung.times, self.seed))
            deviations = tuple(_against(tree, self.backend, self.expected))
            self.fits = {self.at: _Fit(tree, deviations, time.perf_counter() - start)}
        return self.fits[self.at]

    def climb(self) -> bool:
        """Go on to the next rung, if there is one and it does not take too long."""
        higher = self.at + 1
        if higher == len(self.rungs):
            return False
        longer = self.rungs[higher].times > self.rungs[self.at].times
        if longer and self.fits[self.at].seconds > PATIENCE:
            return False
        self.at = higher
        return True

    @property
    def words(self) -> str:
        return self.rungs[self.at].words


@cache
def _subject(spec: Path, model: str, parameterization: Literal["", "non-centered"]) -> Subject:
    return subject(hiercomp.load(spec, parameterization=parameterization or None).model(model))


def failure(error: Exception) -> Result:
    return Result("", 0.0, failed=str(error).splitlines()[0])


def known(case: Case, level: str) -> Result | None:
    """Return what an earlier run has kept, None where it kept nothing; raises `hiercomp.SpecError`."""
    for path in case.kept(level):
        if path.is_file():
            return pickle.loads(path.read_bytes())
    return None


def examine(cases: Sequence[Case], level: str, deadline: float) -> dict[Case, Result]:
    """Examine one model by all engines of `cases`, and keep what was found; nothing is begun after `deadline` (as
    `time.time` has it)."""
    found: dict[Case, Result] = {}
    if time.time() > deadline:
        return found
    rungs, expected = list(_rungs(cases[0])), _published(cases[0].spec)
    pymc = _Ladder("pymc", rungs, SEED + 1, expected)
    begin = 0
    for case in cases:
        # What one engine could not sample the other one cannot.
        stan = _Ladder("stan", rungs, SEED, expected, begin)
        try:
            found[case] = _examined(case, level, stan, pymc)
        except (hiercomp.SpecError, EngineError) as error:
            found[case] = failure(error)
            continue
        begin = stan.at
        KEPT.mkdir(parents=True, exist_ok=True)
        case.kept(level)[-1].write_bytes(pickle.dumps(found[case]))
    return found


def _examined(case: Case, level: str, stan: _Ladder, pymc: _Ladder) -> Result:
    seconds: dict[str, float] = {}
    start = time.perf_counter()
    report = hiercomp.check(hiercomp.load(case.spec), models=[case.model], level="density", engine=case.engine)
    density = report.models[0].density
    assert density is not None
    seconds["density"] = time.perf_counter() - start
    result = Result(density.verdict, density.max_error or 0.0, seconds=seconds)
    if level == "density":
        return result
    samplers = (choose_stan(case.engine).sample, PyMC().sample)
    ladders = (stan, pymc)
    while True:
        new = [ladder.at not in ladder.fits for ladder in ladders]
        fits = [ladder.fit(sample) for ladder, sample in zip(ladders, samplers, strict=True)]
        for ladder, fit, is_new in zip(ladders, fits, new, strict=True):
            if is_new:
                seconds[f"sample {ladder.backend}"] = fit.seconds
        evidence = measure(fits[0].tree, fits[1].tree, names=case.subject().quantities)
        # Each is sampled anew where its own chains did not mix.
        again = [bool(item.reasons) and ladder.climb() for item, ladder in zip(evidence.fits, ladders, strict=True)]
        if not any(again) and judge({case.name: evidence})[case.name].verdict == "inconclusive":
            again = [ladder.climb() for ladder in ladders]
        if not any(again):
            way = stan.words if stan.words == pymc.words else f"{stan.words}; PyMC {pymc.words}"
            deviations = (*fits[0].deviations, *fits[1].deviations)
            return replace(result, evidence=evidence, deviations=deviations, way=way)


def _published(spec: Path) -> dict[str, dict[str, float]]:
    path = spec.parent / "reference" / f"{spec.stem}.json"
    return json.loads(path.read_text(encoding="utf-8"))["parameters"] if path.is_file() else {}


def _rungs(case: Case) -> Iterator[_Rung]:
    """Yield the ways of sampling in the order in which they are tried."""
    made = case.subject()
    for times in (1, 2, 4):
        for way in _ways(case, made):
            settings = _settings(made, times, SEED)
            effects = "" if way.inputs["stan"].text == made.inputs["stan"].text else ", non-centered"
            yield _Rung(times, way, f"{settings.draws:,}{effects}")


def _ways(case: Case, made: Subject) -> list[Subject]:
    """Return the model as its spec has it and with all group effects non-centered, the more promising one first."""
    freed = _subject(case.spec, case.model, "non-centered")
    if all(freed.inputs[name].text == item.text for name, item in made.inputs.items()):
        return [made]
    stated = any(isinstance(item, RandomStmt) and item.centering == "centered" for item in made.model.statements)
    return [freed, made] if stated else [made, freed]


def _settings(made: Subject, times: int, seed: int) -> SamplerSettings:
    stated = replace(settings_of(made.model, seed), predictive=False)
    return replace(stated, warmup=times * min(stated.warmup, DRAWS), draws=times * min(stated.draws, DRAWS))


def _against(tree: Any, backend: str, expected: dict[str, dict[str, float]]) -> Iterator[Deviation]:
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
