"""What a study simulates, name by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from hiercomp.diagnostics import Diagnostics
from hiercomp.model.explain import Row
from hiercomp.model.study import study_steps
from hiercomp.model.study_forms import Amount, Crossing, Ordinary, Step, Subsets, Units
from hiercomp.model.surface import statement_text
from hiercomp.syntax.ast import Random, Spec


def explain_study(spec: Spec) -> list[Row]:
    """Return a row for every name that the study of a spec gives values, in the order in which it does; none without.

    Raises:
        SpecError: H100 or H101, a statement that a study cannot have, or steps that need each other.
    """
    found = Diagnostics()
    steps = study_steps(spec, found)
    found.raise_errors()
    return [row for step in steps for row in _rows(step)]


def _rows(step: Step) -> Iterator[Row]:
    match step:
        case Crossing(letter=letter, factors=factors):
            for factor in factors:
                others = [f"`{other.name}`" for other in factors if other is not factor]
                crossed = f", crossed with {' and '.join(others)}" if others else ""
                levels = factor.levels
                what = f"{_amount(levels)} levels" if isinstance(levels, Amount) else f"levels {', '.join(levels)}"
                yield Row(factor.name, "design", letter, "", "", f"a factor with {what}{crossed}")
        case Units(name=name, letter=letter, of=of, times=times):
            why = f"{_amount(times)} units for each `{of}`, one after the other"
            yield Row(name, "design", letter, "", f"1..N_{of}", why)
        case Subsets(name=name, letter=letter, members=members, least=least, most=most):
            why = f"a set of {_amount(least)} to {_amount(most)} members, drawn without replacement"
            yield Row(name, "drawn", letter, "", f"1..{members.value}", why)
        case Ordinary(statements=statements):
            for name, statement in statements:
                letters = ", ".join(binder.var for binder in statement.clauses.binders)
                role = "drawn" if isinstance(statement, Random) else "computed"
                yield Row(name, role, letters, "", "", f"`{statement_text(statement)}`")
        case _:
            assert_never(step)


def _amount(amount: Amount) -> str:
    return f"`{amount.value}`" if isinstance(amount.value, str) else str(amount.value)
