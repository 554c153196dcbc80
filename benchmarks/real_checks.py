"""What a check says of correct programs: each of two cheap models sampled by both backends, again and again.

Programs are compiled once; every check samples anew with seeds of its own and compares as `hiercomp check` does, a
command of one model each. Equal programs should differ in 1 check of 100, and nearly all fits should converge.

    python benchmarks/real_checks.py [--checks 100] [--engine cmdstan|embedded] [--json FILE]

Exit status 1 where more than 4 of 100 checks of a model disagree, or more than 5 are inconclusive.
"""

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import hiercomp
from hiercomp.agree import judge, measure
from hiercomp.engines import PyMC, choose_stan
from hiercomp.workflow.subject import settings_of, subject

MAX_ALARMS, MAX_INCONCLUSIVE = 0.04, 0.05

NORMAL = """\
y_i ~ Normal(mu, 2)
mu ~ Normal(0, 10)
"""
POISSON = """\
y_i ~ Poisson(rate)
rate ~ Gamma(2, 0.5)
"""
MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "normal_mean": (NORMAL, {"y": [1.2, -0.7, 3.1, 0.4, 2.2, 1.9, -1.4, 0.8]}),
    "poisson_rate": (POISSON, {"y": [3, 5, 2, 4, 6, 1, 3, 4, 2, 5]}),
}


def run(name: str, checks: int, engine: str | None) -> dict[str, Any]:
    text, data = MODELS[name]
    program = hiercomp.load(text, data=data, name=f"{name}.hier")
    made = subject(program.model())
    runners = {"stan": choose_stan(engine), "pymc": PyMC()}
    for backend, runner in runners.items():
        runner.prepare([made.inputs[backend]], densities=False)
    verdicts: Counter[str] = Counter()
    reasons: list[str] = []
    largest: list[float] = []
    began = time.perf_counter()
    for number in range(checks):
        fits = {
            backend: runner.sample(
                made.inputs[backend], replace(settings_of(made.model, 30_000 + 2 * number + side), predictive=False)
            )
            for side, (backend, runner) in enumerate(runners.items())
        }
        result = judge({name: measure(fits["stan"], fits["pymc"], names=made.quantities)})[name]
        verdicts[result.verdict] += 1
        largest.append(result.max_z)
        reasons += [f"check {number + 1}: {reason}" for reason in result.reasons]
    return {
        "model": name,
        "engine": runners["stan"].name,
        "checks": checks,
        "agree": verdicts["agree"],
        "disagree": verdicts["disagree"],
        "inconclusive": verdicts["inconclusive"],
        "median_max_z": sorted(largest)[len(largest) // 2],
        "seconds_per_check": (time.perf_counter() - began) / checks,
        "reasons": reasons,
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--checks", type=int, default=100)
    parser.add_argument("--engine", choices=["cmdstan", "embedded"])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    print(
        "| model | Stan engine | checks | agree | disagree | inconclusive | median of max \\|z\\| | seconds a check |"
    )
    print("|---|---|---|---|---|---|---|---|")
    results: list[dict[str, Any]] = []
    for name in MODELS:
        found = run(name, given.checks, given.engine)
        results.append(found)
        cells = [found[key] for key in ("model", "engine", "checks", "agree", "disagree", "inconclusive")]
        figures = f"{found['median_max_z']:.2f} | {found['seconds_per_check']:.1f}"
        print(f"| {' | '.join(map(str, cells))} | {figures} |", flush=True)
    for found in results:
        for reason in found["reasons"]:
            print(f"{found['model']}: {reason}", file=sys.stderr)
    if given.json:
        given.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    kept = all(
        found["disagree"] <= MAX_ALARMS * found["checks"]
        and found["inconclusive"] <= MAX_INCONCLUSIVE * found["checks"]
        for found in results
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
