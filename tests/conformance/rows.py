"""One model in which every row of the catalogue has a statement, right or deliberately wrong, and points to try it at.

Arguments and, where it is continuous, the variate are unknowns: a point gives all rows their arguments and variates at
once, so that one compiled program serves every row and every mutant. A mutant's statement is resolved like any other;
then its row is exchanged for one with a wrong spelling, so what is wrong goes through the real emission.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from hiercomp.catalog import DISTRIBUTIONS, Distribution, Spelling
from hiercomp.catalog.trees import ONE, TWO, add, div, mul, neg, power, sub
from hiercomp.diagnostics import Diagnostics
from hiercomp.expr import Expr, names, substitute
from hiercomp.expr import Ref as Reference
from hiercomp.model import Model, resolve
from hiercomp.model.ir import RandomStmt
from hiercomp.source import Source
from hiercomp.syntax import parse
from tests.catalog.points import arguments, points

POINTS = 24
VARIATES = {"Bernoulli": [0, 1, 1], "Bernoulli-Logit": [0, 1, 1], "Geometric": [1, 3, 7]}
COUNTS, TRIALS = [0, 2, 7], [9, 7, 12]

# What cannot be told from its base by any log density that depends on unknowns.
WITHOUT_ARGUMENTS = {name for name, row in DISTRIBUTIONS.items() if not row.params and not row.multivariate}
ONLY_DATA = {name for name, row in DISTRIBUTIONS.items() if row.params and all(p.support == "int" for p in row.params)}


@dataclass(frozen=True)
class Mutation:
    """A wrong reading of one argument: what a person might have mixed up."""

    name: str
    change: Callable[[Expr], Expr]
    supports: tuple[str, ...]


MUTATIONS = (
    Mutation("variance for sd", lambda a: power(a, TWO), ("positive", "nonnegative")),
    Mutation("rate for scale", lambda a: div(ONE, a), ("positive",)),
    Mutation("scale constant", lambda a: mul(TWO, a), ("positive", "nonnegative")),
    Mutation("dropped", lambda a: ONE, ("positive", "nonnegative")),
    Mutation("sign", neg, ("real",)),
    Mutation("shifted", lambda a: add(a, ONE), ("real",)),
    Mutation("complement", lambda a: sub(ONE, a), ("unit",)),
    Mutation("halved", lambda a: div(a, TWO), ("unit",)),
)


def word(name: str) -> str:
    """Return a row's name as an identifier that ends in no index letter."""
    return name.replace("-", "").lower() + "q"


def wrong(row: Distribution) -> Iterator[tuple[str, Distribution]]:
    """Yield every wrong version of a row: each argument misread in each way, and each pair of alike ones exchanged."""
    for param in row.params:
        for mutation in MUTATIONS:
            if param.support in mutation.supports:
                value = mutation.change(Reference(param.name))
                yield f"{param.name}: {mutation.name}", _spelled(row, {param.name: value})
    for first in row.params:
        for second in row.params:
            alike = first.support == second.support and first.support not in {"count", "positive int", "int"}
            if first.name < second.name and alike:
                swapped = {first.name: Reference(second.name), second.name: Reference(first.name)}
                yield f"{first.name} and {second.name} exchanged", _spelled(row, swapped)


def _spelled(row: Distribution, values: dict[str, Expr]) -> Distribution:
    def change(spelling: Any) -> Any:
        if not isinstance(spelling, Spelling):
            return spelling
        return replace(spelling, args=tuple(substitute(arg, values) for arg in spelling.args))

    return replace(row, stan=change(row.stan), pymc=change(row.pymc))


@dataclass(frozen=True)
class Bench:
    """`right` is the model as it should be, which the reference evaluates; `emitted` has the mutants' rows; `mutants`
    maps their labels to what is wrong with them; `points` are where densities are compared."""

    right: Model
    emitted: Model
    mutants: dict[str, str]
    points: list[dict[str, float]]


def moves(row: Distribution) -> bool:
    """Say whether the bounds of a row's variate depend on its arguments."""
    return any(bound is not None and names(bound) for bound in (row.lower, row.upper))


def bench(wanted: Collection[str], register: Callable[[str, Distribution], None], only: int | None = None) -> Bench:
    """Build the model of the rows wanted; `register` puts a mutant's row into the catalogue (for a test's duration).

    `only` leaves all mutants of a row out but the one of that number.
    """
    lines: list[str] = []
    data: dict[str, list[int]] = {"trials": TRIALS}
    values: list[dict[str, float]] = [{} for _ in range(POINTS)]
    rows: dict[str, str] = {}
    mutants: dict[str, str] = {}
    for name in wanted:
        row = DISTRIBUTIONS[name]
        tried = points(row) if row.kind == "continuous" else [None]
        at = [
            tried[(k * len(tried)) // POINTS] if len(tried) >= POINTS else tried[k % len(tried)] for k in range(POINTS)
        ]
        own = f"a{word(name)}"
        written: list[str] = []
        for param in row.params:
            if param.support in {"count", "positive int"}:
                written.append(f"{param.name} = trials_n")
                continue
            if param.support == "int":
                written.append(f"{param.name} = {0 if param.name == 'lower' else 12}")
                continue
            argument = f"{own}{param.name}"
            written.append(f"{param.name} = {argument}")
            lines.append(f"{argument} ~ {_prior(param.support)}")
            for k in range(POINTS):
                given = at[k].args if at[k] else arguments(row)[k % 8]
                values[k][argument] = float(given[param.name])
        versions = [(f"x{word(name)}", "", row), *_mutants(name, row, only)]
        for label, fault, version in versions:
            index = "" if row.kind == "continuous" else "_n"
            lines.append(f"{label}{index} ~ {name}({', '.join(written)})")
            if fault:
                register(label, version)
                rows[label], mutants[label] = label, f"{name}, {fault}"
            if row.kind == "discrete":
                data[label] = VARIATES.get(name, COUNTS)
            else:
                for k in range(POINTS):
                    values[k][label] = at[k].x
    # What nothing depends on would be a prediction. These terms are zero wherever they are looked at.
    lines += [f"log_density += 0 * {label}" for label in values[0] if label.startswith("x")]
    right = _resolve("\n".join(lines) + "\n", data)
    statements = tuple(_exchanged(statement, rows) for statement in right.statements)
    return Bench(right, replace(right, statements=statements), mutants, values)


def _mutants(name: str, row: Distribution, only: int | None) -> list[tuple[str, str, Distribution]]:
    numbered = [(f"x{word(name)}{k}", fault, version) for k, (fault, version) in enumerate(wrong(row))]
    return numbered if only is None else numbered[only : only + 1]


def _prior(support: str) -> str:
    return {"real": "Flat()", "positive": "Half-Flat()", "nonnegative": "Half-Flat()", "unit": "Uniform(0, 1)"}[support]


def _resolve(text: str, data: dict[str, list[int]]) -> Model:
    from hiercomp.data import from_mapping

    found = Diagnostics()
    spec = parse(Source("rows.hier", text), found)
    found.raise_errors()
    table = from_mapping(data, found)
    found.raise_errors()
    model = resolve(spec, spec.models[0].name, (table,), found)
    found.raise_errors()
    assert model is not None
    return model


def _exchanged(statement: Any, rows: dict[str, str]) -> Any:
    if not isinstance(statement, RandomStmt) or statement.common.label not in rows:
        return statement
    return replace(statement, dist=replace(statement.dist, row=rows[statement.common.label]))
