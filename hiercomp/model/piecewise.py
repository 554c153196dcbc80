"""Piecewise right sides: do the conditions cover every case, and which one is left for `otherwise`."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from hiercomp.expr import Const, Expr, Op
from hiercomp.model.intervals import constant
from hiercomp.model.scope import Interval
from hiercomp.records import replace

_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_TURNED = {">": "<", ">=": "<="}


def normal(condition: Expr) -> Expr:
    """Return a condition so that equal ones are equal trees: only < and <=, no `not`."""
    if not isinstance(condition, Op):
        return condition
    match condition.op:
        case "not":
            return negated(condition.args[0])
        case ">" | ">=":
            return replace(condition, op=_TURNED[condition.op], args=condition.args[::-1])
        case "and" | "or":
            return replace(condition, args=tuple(sorted(map(normal, condition.args), key=repr)))
        case "==" | "!=":
            return replace(condition, args=tuple(sorted(condition.args, key=repr)))
        case _:
            return condition


def negated(condition: Expr) -> Expr:
    """Return the complement of a condition, in normal form."""
    if not isinstance(condition, Op):
        return Op("not", (condition,), condition.type)
    match condition.op:
        case "not":
            return normal(condition.args[0])
        case "and" | "or":
            op = "or" if condition.op == "and" else "and"
            return normal(replace(condition, op=op, args=tuple(map(negated, condition.args))))
        case "<" | "<=" | ">" | ">=" | "==" | "!=":
            return normal(replace(condition, op=_NEGATED[condition.op]))
        case _:
            return Op("not", (condition,), condition.type)


type Held = Callable[[Expr], Iterable[float] | None]


def cover(conditions: Sequence[Expr], values: Mapping[str, Interval], held: Held = lambda _: None) -> bool:
    """Say whether the last condition is what the others leave, so that together they cover every case.

    `held` gives the values that a quantity has in the data, None where it may have any.
    """
    *others, last = conditions
    if not others:
        return False
    rest = negated(others[0])
    for other in others[1:]:
        rest = normal(Op("and", (rest, negated(other)), other.type))
    return normal(last) == rest or _cover_line(conditions, values, held)


def _cover_line(conditions: Sequence[Expr], values: Mapping[str, Interval], held: Held) -> bool:
    """Say whether conditions that compare one quantity with numbers leave no gap between them, or none that matters."""
    subjects: list[Expr] = []
    cuts: set[float] = set()
    for condition in conditions:
        if not _atoms(condition, subjects, cuts, values):
            return False
    if any(subject != subjects[0] for subject in subjects):
        return False
    points = held(subjects[0])
    if points is None:
        ordered = sorted(cuts)
        middles = [(a + b) / 2 for a, b in itertools.pairwise(ordered)]
        points = [-math.inf, *ordered, *middles, math.inf]
    return all(any(_holds(condition, point, values) for condition in conditions) for point in points)


def _atoms(condition: Expr, subjects: list[Expr], cuts: set[float], values: Mapping[str, Interval]) -> bool:
    if not isinstance(condition, Op):
        return False
    if condition.op in ("and", "or", "not"):
        return all(_atoms(arg, subjects, cuts, values) for arg in condition.args)
    if condition.op not in _NEGATED:
        return False
    left, right = condition.args
    for subject, limit in ((left, right), (right, left)):
        cut = constant(limit, values)
        if cut is not None and not isinstance(subject, Const):
            subjects.append(subject)
            cuts.add(cut)
            return True
    return False


def _holds(condition: Expr, point: float, values: Mapping[str, Interval]) -> bool:
    assert isinstance(condition, Op)
    match condition.op:
        case "and":
            return all(_holds(arg, point, values) for arg in condition.args)
        case "or":
            return any(_holds(arg, point, values) for arg in condition.args)
        case "not":
            return not _holds(condition.args[0], point, values)
        case _:
            cut = constant(condition.args[1], values)
            left, right = (point, cut) if cut is not None else (constant(condition.args[0], values), point)
            assert left is not None
            assert right is not None
            return {
                "<": left < right, "<=": left <= right, ">": left > right,
                ">=": left >= right, "==": left == right, "!=": left != right,
            }[condition.op]  # fmt: skip
