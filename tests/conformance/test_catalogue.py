"""Every row of the catalogue in every backend, and every wrong version of every row found out by its density."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from hiercomp import reference
from hiercomp.agree import compare_densities
from hiercomp.catalog import DISTRIBUTIONS
from hiercomp.catalog.schema import Distribution
from hiercomp.workflow.points import limits_of
from hiercomp.workflow.subject import subject
from tests.conformance.rows import ONLY_DATA, WITHOUT_ARGUMENTS, Bench, bench, moves, word, wrong

pytestmark = pytest.mark.engine


ROWS = tuple(row.name for row in DISTRIBUTIONS.values() if not row.multivariate)
# What the targets have themselves. The other rows and their wrong versions are compiled with conformance.
BUILT_IN = tuple(name for name in ROWS if not DISTRIBUTIONS[name].own)
# In PyMC the bounds of a variable go with its arguments, and a value outside those of one mutant would spoil all.
MOVING = tuple(name for name in ROWS if moves(DISTRIBUTIONS[name]))
STILL = tuple(name for name in ROWS if name not in MOVING)
# Rewriting a graph takes PyTensor more than proportionally longer, so PyMC gets a few rows at a time.
BENCHES = [(STILL[start : start + 4], None) for start in range(0, len(STILL), 4)]
NO_MUTANT = 1_000
BENCHES += [(MOVING, NO_MUTANT)]
BENCHES += [((name,), k) for name in MOVING for k, _ in enumerate(wrong(DISTRIBUTIONS[name]))]
BENCHES = [
    pytest.param(names, only, marks=() if set(names) <= set(BUILT_IN) or only == NO_MUTANT else pytest.mark.conformance)
    for names, only in BENCHES
]


@pytest.fixture
def register() -> Iterator[Callable[[str, Distribution], None]]:
    """Put rows into the catalogue until the test is over."""
    added: list[str] = []

    def add(name: str, row: Distribution) -> None:
        added.append(name)
        DISTRIBUTIONS[name] = row

    yield add
    for name in added:
        del DISTRIBUTIONS[name]


def _judge(made: Bench, found: Any, side: str) -> tuple[set[str], set[str]]:
    """Return the labels of right statements that were blamed, and of wrong ones that were not."""
    evaluated = [reference.log_density(made.right, point) for point in made.points]
    result = compare_densities(
        found if side == "stan" else None,
        found if side == "pymc" else None,
        np.array([total for total, _ in evaluated]),
        {label: np.array([terms[label] for _, terms in evaluated]) for label in evaluated[0][1]},
        limits=limits_of(made.right),
    )
    blamed = set(result.statements)
    return blamed - made.mutants.keys(), made.mutants.keys() - blamed


def _explain(made: Bench, labels: set[str]) -> list[str]:
    return [f"{label} ({made.mutants.get(label, 'as it should be')})" for label in sorted(labels)]


def test_every_row_is_tried(register: Callable[[str, Distribution], None]) -> None:
    made = bench(ROWS, register)
    labels = {statement.common.label for statement in made.right.statements}
    assert [name for name in ROWS if f"x{word(name)}" not in labels] == []
    mutated = {text.partition(",")[0] for text in made.mutants.values()}
    assert set(ROWS) - mutated == WITHOUT_ARGUMENTS | ONLY_DATA


# All rows in one program: minutes of compiling, and a worker beside others ran out of memory here.
@pytest.mark.conformance
def test_stan(unoptimised_stan: Any, register: Callable[[str, Distribution], None]) -> None:
    _find_out(BUILT_IN, unoptimised_stan, register)


@pytest.mark.conformance
def test_rows_made_of_trees_in_stan(unoptimised_stan: Any, register: Callable[[str, Distribution], None]) -> None:
    _find_out(tuple(name for name in ROWS if name not in BUILT_IN), unoptimised_stan, register)


def _find_out(names: tuple[str, ...], stan: Any, register: Callable[[str, Distribution], None]) -> None:
    # A wrong version is as wrong in any Stan, and costs as much to compile as a right one.
    made = bench(names, register, None if stan.name == "cmdstan" else NO_MUTANT)
    program = subject(made.emitted).inputs["stan"]
    stan.prepare([program], densities=True)
    blamed, missed = _judge(made, stan.densities(program, made.points), "stan")
    assert _explain(made, blamed) == []
    assert _explain(made, missed) == []


@pytest.mark.parametrize(("names", "only"), BENCHES)
def test_pymc(
    names: tuple[str, ...], only: int | None, pymc: Any, register: Callable[[str, Distribution], None]
) -> None:
    made = bench(names, register, only)
    program = subject(made.emitted).inputs["pymc"]
    blamed, missed = _judge(made, pymc.densities(program, made.points), "pymc")
    if only in {None, NO_MUTANT}:
        assert _explain(made, blamed) == []
    assert _explain(made, missed) == []
