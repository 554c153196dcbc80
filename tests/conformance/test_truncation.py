"""Truncated and censored statements of every row that can be truncated, in every backend.

The normalisers depend on unknowns.

Unknowns within bounds that are unknowns themselves, and data within constant bounds; arguments have priors as wide as
people give them, so that bounds come to lie far out in either tail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from hiercomp import load, reference
from hiercomp.agree.density import GRADIENT_MARK, TERM_MARK
from hiercomp.agree.gradients import matching
from hiercomp.agree.offsets import differ
from hiercomp.catalog import DISTRIBUTIONS
from hiercomp.engines import PyMC
from hiercomp.model import Model
from hiercomp.workflow.points import beyond_limits, points_of, within_limits
from hiercomp.workflow.subject import Subject, subject
from tests.conformance.rows import word

pytestmark = pytest.mark.engine

# At so many points at least, every statement is compared.
FEWEST = 10
REAL, POSITIVE = "~ Normal(0, 5)", "~ Half-Cauchy(0, 2)"


@dataclass(frozen=True)
class Case:
    """Arguments with their priors, statements of bounds ``@lo`` and ``@hi``, and data with bounds of their own."""

    arguments: dict[str, str]
    bounds: tuple[str, ...]
    data: tuple[float, ...]
    within: tuple[float, float]


def on_line(**arguments: str) -> Case:
    bounds = ("@lo ~ Normal(0, 3)", "@width ~ Half-Normal(0, 2)", "@hi = @lo + @width")
    return Case(arguments, bounds, (0.3, 2.5, 1.0, 3.9), (0, 4))


def positive(**arguments: str) -> Case:
    bounds = ("@lo ~ Half-Normal(0, 1)", "@width ~ Half-Normal(0, 2)", "@hi = @lo + @width")
    return Case(arguments, bounds, (0.5, 2.5, 1.0, 3.9), (0.4, 4))


def counts(**arguments: str) -> Case:
    return Case(arguments, (), (2, 5, 3, 4), (2, 6))


CASES = {
    "Normal": on_line(mean=REAL, sd=POSITIVE),
    "Cauchy": on_line(location=REAL, scale=POSITIVE),
    "StudentT": on_line(df=POSITIVE, location=REAL, scale=POSITIVE),
    "Laplace": on_line(location=REAL, scale=POSITIVE),
    "Logistic": on_line(location=REAL, scale=POSITIVE),
    "Gumbel": on_line(location=REAL, scale=POSITIVE),
    "Uniform": Case(
        {"lower": "~ Normal(-6, 1) where @lower < 0", "upper": "~ Normal(10, 1) where @upper > 4"},
        ("@part ~ Beta(2, 2)", "@lo = @lower * @part", "@hi = @upper * @part"),
        (0.3, 2.5, 1.0, 3.9),
        (0, 4),
    ),
    "Beta": Case(
        {"alpha": POSITIVE, "beta": POSITIVE},
        ("@hi ~ Beta(4, 2)", "@part ~ Beta(2, 2)", "@lo = @hi * @part"),
        (0.3, 0.4, 0.7, 0.55),
        (0.25, 0.75),
    ),
    "Half-Normal": positive(scale=POSITIVE),
    "Half-Cauchy": positive(scale=POSITIVE),
    "LogNormal": positive(meanlog=REAL, sdlog=POSITIVE),
    "Exponential": positive(rate=POSITIVE),
    "Gamma": positive(shape=POSITIVE, rate=POSITIVE),
    "Inverse-Gamma": positive(shape=POSITIVE, scale=POSITIVE),
    "Weibull": positive(shape=POSITIVE, scale=POSITIVE),
    "Pareto": Case(
        {"minimum": "~ Uniform(0, 0.4)", "shape": POSITIVE},
        ("@part ~ Half-Normal(0, 1)", "@lo = @minimum * (1 + @part)", "@hi = 2 * @lo"),
        (0.5, 2.5, 1.0, 3.9),
        (0.45, 4),
    ),
    "Chi-Squared": positive(df=POSITIVE),
    "Inverse-Chi-Squared": positive(df=POSITIVE),
    "Scaled-Inverse-Chi-Squared": positive(df=POSITIVE, scale=POSITIVE),
    "Rayleigh": positive(scale=POSITIVE),
    "Asymmetric-Laplace": on_line(location=REAL, scale=POSITIVE, quantile="~ Beta(2, 2)"),
    "Frechet": positive(shape=POSITIVE, scale=POSITIVE),
    "Log-Logistic": positive(scale=POSITIVE, shape=POSITIVE),
    "Gompertz": positive(shape=POSITIVE, rate=POSITIVE),
    "Kumaraswamy": Case(
        {"a": POSITIVE, "b": POSITIVE},
        ("@hi ~ Beta(4, 2)", "@part ~ Beta(2, 2)", "@lo = @hi * @part"),
        (0.3, 0.4, 0.7, 0.55),
        (0.25, 0.75),
    ),
    "Generalized-Extreme-Value": on_line(location=REAL, scale=POSITIVE, shape="~ Normal(0, 0.05)"),
    "Generalized-Pareto": positive(location="= 0", scale=POSITIVE, shape="~ Beta(1, 4)"),
    "Bernoulli": Case({"p": "~ Beta(1, 1)"}, (), (1, 0, 1, 1), (0, 1)),
    "Binomial": counts(n="= trials", p="~ Beta(1, 1)"),
    "Poisson": counts(rate=POSITIVE),
    "NegBinomial": counts(mean=POSITIVE, phi=POSITIVE),
    "Discrete-Uniform": counts(lower="= 0", upper="= 9"),
}
# Rewriting a graph takes PyTensor more than proportionally longer.
GROUPS = [tuple(CASES)[start : start + 5] for start in range(0, len(CASES), 5)]
# Truncated statements of these are tried with every run; censored ones, and the rows that are made of trees, take as
# long again to compile, and are tried with conformance.
BUILT_IN = tuple(name for name in CASES if not DISTRIBUTIONS[name].own)
FEW = [BUILT_IN[start : start + 5] for start in range(0, len(BUILT_IN), 5)]
SIDES = {"above": "[{lo}, ]", "below": "[, {hi}]", "between": "[{lo}, {hi}]"}


def lines_of(name: str, data: dict[str, Any], *, censored: bool = False) -> list[str]:
    case, own = CASES[name], word(name)
    lines: list[str] = []
    given: list[str] = []
    for argument, prior in case.arguments.items():
        if prior.startswith("="):
            given.append(f"{argument} {prior}")
        else:
            lines.append(f"{own}{argument} {prior.replace('@', own)}")
            given.append(f"{argument} = {own}{argument}")
    lines += [line.replace("@", own) for line in case.bounds]
    dist = f"{name}({', '.join(given)})"
    for side, interval in SIDES.items():
        if case.bounds:
            lines.append(f"{own}{side} ~ {dist} truncated to {interval.format(lo=f'{own}lo', hi=f'{own}hi')}")
            # An unknown that no data depend on would be a prediction.
            lines.append(f"{own}{side}data ~ Normal({own}{side}, 1000)")
            data[f"{own}{side}data"] = 1.5
        if side == "between" or not case.bounds:
            low, high = (f"{bound:g}" for bound in case.within)
            lines.append(f"{own}{side}seen_i ~ {dist} truncated to {interval.format(lo=low, hi=high)}")
            data[f"{own}{side}seen"] = list(case.data)
    row = DISTRIBUTIONS[name]
    if censored and row.log_cdf is not None and row.log_ccdf is not None:
        # The least and the greatest lie at their limits; of some it is known only that they are no larger than this.
        lines.append(f"{own}limited_i ~ {dist} censored to [{min(case.data):g}, {max(case.data):g}]")
        lines.append(f"{own}within_i ~ {dist} censored up to {own}most_i")
        data[f"{own}limited"] = data[f"{own}within"] = list(case.data)
        data[f"{own}most"] = [case.data[0], *(x + (1 if row.kind == "discrete" else 0.04) for x in case.data[1:])]
    return lines


def model_of(*names: str, censored: bool = False) -> Model:
    data: dict[str, Any] = {"trials": 8}
    lines = ["i in 1..4", *(line for name in names for line in lines_of(name, data, censored=censored))]
    return load("\n".join(lines) + "\n", data=data, name="truncated.hier").model()


def wrong_terms(right: Subject, made: Subject, engine: Any, side: str) -> dict[str, str]:
    """Return what is wrong with the terms that one engine makes of `made`, as terms of `right`."""
    expected = right.sampled
    points = points_of(expected, seed=11)
    beyond = beyond_limits(expected, points)
    program = made.inputs[side]
    engine.prepare([program], densities=True)
    found = engine.densities(program, points).terms
    terms = [reference.log_density(expected, point)[1] for point in points]
    faults: dict[str, str] = {}
    for label in terms[0]:
        at = [number for number, labels in enumerate(beyond) if label not in labels]
        got, want = found[label][at], np.array([terms[number][label] for number in at])
        seen = differ(got, want, np.maximum(1.0, np.maximum(np.abs(got), np.abs(want))))
        if len(at) < FEWEST or seen.unlike or seen.error > TERM_MARK:
            faults[label] = f"{len(at)} points, of which {seen.unlike} are unlike; error {seen.error:.1e}"
    return faults


def test_every_row_that_can_be_truncated_is_tried() -> None:
    assert set(CASES) == {row.name for row in DISTRIBUTIONS.values() if row.has_cdf}


def test_stan(unoptimised: Any) -> None:
    made = subject(model_of(*BUILT_IN))
    assert wrong_terms(made, made, unoptimised, "stan") == {}


@pytest.mark.conformance
def test_stan_with_all_rows_and_censored_statements(unoptimised_stan: Any) -> None:
    made = subject(model_of(*CASES, censored=True))
    assert wrong_terms(made, made, unoptimised_stan, "stan") == {}


@pytest.mark.parametrize("names", FEW, ids=lambda names: names[0])
def test_pymc(names: tuple[str, ...]) -> None:
    made = subject(model_of(*names))
    assert wrong_terms(made, made, PyMC(gradients=False), "pymc") == {}


@pytest.mark.conformance
@pytest.mark.parametrize("names", GROUPS, ids=lambda names: names[0])
def test_pymc_with_all_rows_and_censored_statements(names: tuple[str, ...], unoptimised: Any, pymc: Any) -> None:
    """Terms are the reference's, and gradients are Stan's.

    Stan's program is that of all rows, compiled once; a gradient depends on the row's own terms only.
    """
    part = subject(model_of(*names, censored=True))
    assert wrong_terms(part, part, pymc, "pymc") == {}
    whole = subject(model_of(*CASES, censored=True))
    points = points_of(whole.sampled, seed=11)
    unoptimised.prepare([whole.inputs["stan"]], densities=True)
    first = unoptimised.densities(whole.inputs["stan"], points)
    beyond = beyond_limits(whole.sampled, points)
    unknowns = [symbol.name for symbol in part.sampled.symbols if symbol.name in points[0]]
    second = pymc.densities(part.inputs["pymc"], [{name: point[name] for name in unknowns} for point in points])
    same, _ = matching(first, second)
    compared = 0
    for name, here, there in same:
        row = next(row for row in names if name.startswith(word(row)))
        underived = {limit.argument for limit in DISTRIBUTIONS[row].limits if limit.argument}
        if name.removeprefix(word(row)) in underived:
            continue
        at = [k for k, labels in enumerate(beyond) if not any(label.startswith(word(row)) for label in labels)]
        a, b = first.gradient[at, here], second.gradient[at, there]
        known = np.isclose(first.unconstrained[at, here], second.unconstrained[at, there], rtol=1e-9, atol=1e-9)
        known &= np.isfinite(second.total[at])
        errors = np.abs(a - b)[known] / np.maximum(1.0, np.abs(b[known]))
        assert errors.max(initial=0.0) <= GRADIENT_MARK, (name, errors)
        compared += int(known.sum())
    assert compared >= len(names) * FEWEST


def test_a_wrong_bound_is_found_out(pymc: Any) -> None:
    right = subject(model_of("Normal"))
    text = right_text = "\n".join(["i in 1..4", *lines_of("Normal", data := {"trials": 8})]) + "\n"
    text = text.replace("truncated to [0, 4]", "truncated to [0, 4.001]")
    assert text != right_text
    wrong = load(text, data=data, name="truncated.hier").model()
    assert wrong_terms(right, subject(wrong), pymc, "pymc").keys() == {"normalqbetweenseen"}


def test_what_a_target_cannot_renormalise_is_left_out() -> None:
    data = {"y": [30.0, 31.0]}
    model = load("s ~ Half-Normal(0, 1)\ni in 1..2\ny_i ~ Gamma(2, s) truncated to [29, ]\n", data=data).model()
    kept, lost = within_limits(model, [{"s": 0.1}, {"s": 0.3}, {"s": 2.0}, {"s": 100.0}])
    assert (kept, lost) == ([{"s": 0.1}, {"s": 0.3}], {"y": 2})


def test_a_constant_normaliser_may_be_as_small_as_it_likes() -> None:
    model = load("x ~ Gamma(2, 1) truncated to [60, ]\ny ~ Normal(x, 1)\n", data={"y": 60.5}).model()
    assert within_limits(model, [{"x": 61.0}, {"x": 62.0}])[1] == {}
