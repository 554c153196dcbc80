"""False alarms and power of the posterior comparison, on simulated chains whose truth is known.

Pairs of fits (4 chains of 1,000 draws) are autocorrelated with known strength: an AR(1) process with normal margins,
turned into the distribution at hand draw by draw. Equal pairs should raise an alarm in 1 of 100, whatever the
distribution; pairs that differ by 0.3 sd in the mean or by 1.3 in the sd should almost all be reported. Convergence is
not asked for here, so an alarm counts even where a check would say 'inconclusive'.

    python benchmarks/false_alarms.py [--pairs 2000] [--power 200] [--seed 1000]

prints the tables of benchmarks/README.md and ends with status 1 where a promise is not kept.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from scipy import stats
from scipy.signal import lfilter
from scipy.special import ndtr, stdtrit

from hiercomp.agree import Comparison, judge, measure
from hiercomp.agree.quantities import Quantity

CHAINS, DRAWS, BLOCK = 4, 1000, 50
MAX_ALARMS, MIN_POWER = 0.015, 0.95
ENOUGH = 0.7  # beyond this autocorrelation fewer than 700 of the 4,000 draws are effective
FAMILY = 160  # quantities of a command like that on eight models
TAILS = (2.576, 3.291, 3.891)


@dataclass(frozen=True)
class Shape:
    name: str
    of_normal: Callable[[np.ndarray], np.ndarray]
    mean: float
    sd: float


SHAPES = (
    Shape("normal", lambda x: x, 0.0, 1.0),
    Shape("lognormal", np.exp, np.exp(0.5), np.sqrt(np.expm1(1.0) * np.e)),
    Shape("t3", lambda x: stdtrit(3, ndtr(x)), 0.0, np.sqrt(3.0)),
)
PHIS = (-0.3, 0.0, 0.6, 0.8)


def autoregressive(rng: np.random.Generator, phi: float, count: int) -> np.ndarray:
    """Stationary AR(1) chains with standard normal margins: (quantities, chains, draws)."""
    shape = (count, CHAINS, DRAWS)
    start = phi ** np.arange(1, DRAWS + 1) * rng.normal(size=(count, CHAINS, 1))
    return lfilter([np.sqrt(1 - phi**2)], [1, -phi], rng.normal(size=shape), axis=-1) + start


def fit(values: np.ndarray) -> xr.DataTree:
    return xr.DataTree.from_dict({"posterior": xr.Dataset({"x": (("k", "chain", "draw"), values)})})


def compared(
    shape: Shape, phi: float, pairs: int, seed: int, change: Callable[[np.ndarray], np.ndarray] = lambda x: x
) -> tuple[Comparison, list[Quantity]]:
    """Measure so many independent pairs, each as a quantity of its own."""
    rng = np.random.default_rng(seed)
    quantities: list[Quantity] = []
    comparison = None
    for start in range(0, pairs, BLOCK):
        count = min(BLOCK, pairs - start)
        first, second = (shape.of_normal(autoregressive(rng, phi, count)) for _ in range(2))
        comparison = measure(fit(first), fit(change(second)))
        quantities += comparison.quantities
    assert comparison is not None
    return comparison, quantities


def alarms(comparison: Comparison, quantities: list[Quantity], size: int) -> tuple[int, int]:
    """Return in how many commands of `size` quantities there is an alarm, and how many commands there are."""
    groups = [tuple(quantities[k : k + size]) for k in range(0, len(quantities) - size + 1, size)]
    converged = replace(comparison, fits=tuple(replace(item, reasons=()) for item in comparison.fits))
    found = [judge({"": replace(converged, quantities=group)})[""] for group in groups]
    return sum(result.verdict == "disagree" for result in found), len(found)


def false_alarms(pairs: int, seed: int) -> bool:
    print(f"| distribution | phi | alarms in {pairs:,} pairs | alarms in {pairs // 20} commands of 20 | " + " | ".join(
        f"\\|z\\| > {limit}" for limit in TAILS) + " | compared by quantiles |")  # fmt: skip
    print("|---|---|---|---|" + "---|" * (len(TAILS) + 1))
    kept = True
    for kind, shape in enumerate(SHAPES):
        for number, phi in enumerate(PHIS):
            comparison, quantities = compared(shape, phi, pairs, seed + 10 * kind + number)
            wrong, count = alarms(comparison, quantities, 1)
            many, commands = alarms(comparison, quantities, 20)
            z = np.abs([value for quantity in quantities for value in quantity.z.values()])
            ratios = " | ".join(f"{np.mean(z > limit) / (2 * stats.norm.sf(limit)):.2f}" for limit in TAILS)
            partly = np.mean([quantity.compared == "quantiles" for quantity in quantities])
            print(
                f"| {shape.name} | {phi} | {wrong} ({wrong / count:.2%}) | {many} of {commands} "
                f"| {ratios} | {partly:.1%} |",
                flush=True,
            )
            kept = kept and wrong <= MAX_ALARMS * count
    return kept


def power(pairs: int, seed: int) -> bool:
    print(f"| distribution | phi | difference | reported of {pairs}, alone | reported of {pairs}, among {FAMILY} |")
    print("|---|---|---|---|---|")
    kept = True
    # The limit that holds for a command of FAMILY quantities, applied to one of them.
    rate = 0.01 / FAMILY
    for kind, shape in enumerate(SHAPES):
        for number, phi in enumerate(PHIS):
            changes: dict[str, Callable[[np.ndarray], np.ndarray]] = {
                "mean + 0.3 sd": lambda x, s=shape: x + 0.3 * s.sd,
                "sd x 1.3": lambda x, s=shape: s.mean + 1.3 * (x - s.mean),
                "values x 1.3": lambda x: 1.3 * x,
            }
            for name, change in changes.items():
                if name == "values x 1.3" and shape.mean == 0:
                    continue
                comparison, quantities = compared(shape, phi, pairs, seed + 100 + 10 * kind + number, change)
                alone, count = alarms(comparison, quantities, 1)
                few = sum(
                    judge({"": replace(comparison, quantities=(item,))}, rate)[""].differing != ()
                    for item in quantities
                )
                print(f"| {shape.name} | {phi} | {name} | {alone} | {few} |", flush=True)
                kept = kept and (phi > ENOUGH or alone >= MIN_POWER * count)
    return kept


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--power", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1000)
    given = parser.parse_args()
    began = time.perf_counter()
    kept = false_alarms(given.pairs, given.seed)
    print()
    kept = power(given.power, given.seed) and kept
    print(f"\n{time.perf_counter() - began:.0f} s; promises kept: {kept}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
