"""Every row of the catalogue in every backend, and every wrong version of every row found out by its density."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from hiercomp import reference
from hiercomp.agree import compare_densities
from hiercomp.catalog import DISTRIBUTIONS
from hiercomp.catalog.schema import Distribution
from hiercomp.workflow.check import limits_of
from hiercomp.workflow.subject import subject
from tests.conformance.rows import ONLY_DATA, WITHOUT_ARGUMENTS, Bench, bench, word

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def made() -> Iterator[Bench]:
    added: list[str] = []

    def register(name: str, row: Distribution) -> None:
        added.append(name)
        DISTRIBUTIONS[name] = row

    yield bench(register)
    for name in added:
        del DISTRIBUTIONS[name]


@pytest.fixture(scope="module")
def truth(made: Bench) -> dict[str, Any]:
    evaluated = [reference.log_density(made.right, point) for point in made.points]
    return {label: np.array([terms[label] for _, terms in evaluated]) for label in evaluated[0][1]}


def _judge(made: Bench, truth: dict[str, Any], found: Any, side: str) -> tuple[set[str], set[str]]:
    """Return the labels of right statements that were blamed, and of wrong ones that were not."""
    result = compare_densities(
        found if side == "stan" else None,
        found if side == "pymc" else None,
        np.sum(list(truth.values()), axis=0),
        truth,
        limits=limits_of(made.right),
    )
    blamed = set(result.statements)
    return blamed - made.mutants.keys(), made.mutants.keys() - blamed


def _explain(made: Bench, labels: set[str]) -> list[str]:
    return [f"{label} ({made.mutants.get(label, 'as it should be')})" for label in sorted(labels)]


def test_every_row_is_tried(made: Bench) -> None:
    rows = [name for name in DISTRIBUTIONS if name not in made.mutants]
    labels = {statement.common.label for statement in made.right.statements}
    assert [name for name in rows if f"x{word(name)}" not in labels] == []
    mutated = {text.partition(",")[0] for text in made.mutants.values()}
    assert set(rows) - mutated == WITHOUT_ARGUMENTS | ONLY_DATA


def test_stan(made: Bench, truth: dict[str, Any], stan: Any) -> None:
    program = subject(made.emitted).inputs["stan"]
    stan.prepare([program], densities=True)
    blamed, missed = _judge(made, truth, stan.densities(program, made.points), "stan")
    assert _explain(made, blamed) == []
    assert _explain(made, missed) == []


def test_pymc(made: Bench, truth: dict[str, Any], pymc: Any) -> None:
    program = subject(made.emitted).inputs["pymc"]
    blamed, missed = _judge(made, truth, pymc.densities(program, made.points), "pymc")
    assert _explain(made, blamed) == []
    assert _explain(made, missed) == []
