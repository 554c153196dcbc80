"""Speed of what hiercomp emits, beside programs written and tuned by hand for the same posteriors.

    python benchmarks/speed.py [--models NAME ...] [--backend stan|pymc] [--engine cmdstan|embedded] [--quick]
                               [--gradients] [--json FILE]

For each model and backend, side by side in one run:

- gradient evaluations a second of processor time, at the eight points of the yardstick, as the sampler evaluates them;
  the two programs take turns, and the median turn of each counts;
- effective draws a second: the smallest bulk effective sample size of the unknowns over the seconds after warm-up,
  chains of the two programs in turn (CmdStan and nutpie; 4 chains, target acceptance 0.95);
- seconds of compiling: for Stan from text to sampler, for PyMC from module to nutpie's functions. Stan programs come
  from the cache when they were compiled before, and the seconds are then those of that time.

Ratios are of emitted over hand-written. Targets, in each backend: the geometric mean of the ratios is at least 1.0, and
none is below 0.9. Those of gradient rates decide; those of effective draws vary by a tenth and more from run to run,
since effective sample sizes are estimates, and are reported. h_m01 is to evaluate at least 3 times the gradients of
hand/h_m01_naive, which computes eta for each problem and alternative offered.

What is emitted is measured without its generated quantities, which are no part of the density. Both programs have to
give the published log densities, up to a constant, before they are timed. Exit status 1 when a target is missed, or a
program is missing, fails or is another model.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# Before NumPy is imported: processor time is to be that of one thread.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

from rates.compare import Effort, Row, compare, compare_with_naive
from rates.sides import BACKENDS, yardsticks
from rates.table import GRADIENT_TARGETS, misses, render, summary

QUICK = Effort(turns=3, seconds=0.1, chains=2, draws=500)
GRADIENTS = Effort(turns=21, seconds=0.1, chains=0, draws=0)
FULL = Effort(turns=7, seconds=0.3, chains=4, draws=2000)
H_M01 = "h_m01"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Speed of emitted programs beside hand-written ones.")
    known = [*yardsticks(), H_M01]
    parser.add_argument("--models", nargs="+", choices=known, default=known, metavar="NAME")
    parser.add_argument("--backend", choices=BACKENDS)
    parser.add_argument("--engine", choices=["cmdstan", "embedded"], default="cmdstan", help="of the Stan programs")
    parser.add_argument("--quick", action="store_true", help="shorter turns, fewer draws")
    parser.add_argument("--gradients", action="store_true", help="no draws, and more turns")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    effort = GRADIENTS if given.gradients else QUICK if given.quick else FULL
    rows: list[Row] = []
    for name in given.models:
        for backend in [given.backend] if given.backend else BACKENDS:
            measure = compare_with_naive if name == H_M01 else compare
            rows.append(measure(name, backend, given.engine, effort))
            print(render(rows[-1:], header=len(rows) == 1), flush=True)
    print(f"\n{summary(rows)}")
    missed = misses(rows)
    for line in missed:
        print(line, file=sys.stderr)
    if given.json:
        record: dict[str, Any] = {"targets": GRADIENT_TARGETS, "rows": [row.record() for row in rows], "missed": missed}
        given.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
