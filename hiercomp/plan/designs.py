"""What bound data say of rows in groups: whether predictors are orthogonal, and how far the groups are apart."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from hiercomp.expr import Const, Expr, Index, Op, Ref
from hiercomp.model.ir import RandomStmt, Value
from hiercomp.plan.draft import Draft
from hiercomp.plan.ir import Linear

type Rows = Sequence[Sequence[float]]

_OPERATIONS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
# A product of two columns as small as this, next to their lengths, is what rounding leaves of none.
_ROUNDING = 1e-14
# Sums of squares lose a digit or two where those between groups are so many times those within.
_MODERATE = 100


def rows_by_group(draft: Draft, stmt: RandomStmt, mean: Linear) -> list[Rows] | None:
    """Return for each group its rows: the predictors, and behind them the observation.

    Only what data say directly is looked at: columns and numbers, their sums, differences and products. None where
    there is anything else.
    """
    binders = stmt.common.binders
    if len(binders) != 1 or mean.group is None or binders[0].lo is not None or binders[0].hi is not None:
        return None
    length = draft.index_sets[binders[0].set].length
    if length is None:
        return None
    row = _Row(draft, binders[0].var)
    observed = stmt.lhs if mean.offset is None else Op("-", (stmt.lhs, mean.offset))
    groups: dict[object, list[list[float]]] = {}
    for place in range(length):
        group = row.value(mean.group, place)
        numbers = [row.number(expr, place) for expr in (*(item.feature for item in mean.predictors), observed)]
        if group is None or not all(map(math.isfinite, numbers)):
            return None
        groups.setdefault(group, []).append(numbers)
    return list(groups.values())


def orthogonal(groups: Sequence[Rows]) -> bool:
    """Say whether within each group the products of different predictors sum to zero."""
    return all(_is_orthogonal(rows) for rows in groups)


def _is_orthogonal(rows: Rows) -> bool:
    *columns, _ = zip(*rows, strict=True)
    lengths = [math.hypot(*column) for column in columns]
    return all(
        abs(math.fsum(map(operator.mul, columns[first], columns[second])))
        <= _ROUNDING * lengths[first] * lengths[second]
        for first, second in combinations(range(len(columns)), 2)
    )


def indicator(groups: Sequence[Rows]) -> bool:
    """Say whether the square of the second predictor is its product with the first one, as where it is 1 or 0."""
    return all(row[1] * row[1] == row[0] * row[1] for rows in groups for row in rows)


def moderately_apart(groups: Sequence[Rows]) -> bool:
    """Say whether observations vary within groups, about a fit of each, not much less than they do altogether."""
    observed = [row[-1] for rows in groups for row in rows]
    mean = math.fsum(observed) / len(observed)
    altogether = math.fsum((value - mean) ** 2 for value in observed)
    within = math.fsum(_left(rows) for rows in groups)
    return 0 < altogether <= _MODERATE * within


def _left(rows: Rows) -> float:
    """Return the sum of squares that a least-squares fit leaves, by Givens rotations."""
    wide = len(rows[0])
    triangle = [[0.0] * wide for _ in range(wide)]
    for row in rows:
        rest = list(row)
        for k in range(wide):
            r = math.hypot(triangle[k][k], rest[k])
            if r > 0:
                cosine, sine = triangle[k][k] / r, rest[k] / r
                both = list(zip(triangle[k], rest, strict=True))
                triangle[k] = [cosine * first + sine * second for first, second in both]
                rest = [cosine * second - sine * first for first, second in both]
    return triangle[-1][-1] ** 2


class _Row:
    """What expressions of data are in one row; None, or not a number, where that takes more than looking."""

    def __init__(self, draft: Draft, variable: str) -> None:
        self._draft = draft
        self._variable = variable

    def value(self, expr: Expr, place: int) -> Value | None:
        match expr:
            case Const(value=value):
                return value
            case Ref(name=name, subs=subs) if name in self._draft.symbols:
                held = self._draft.symbols[name].value
                if not all(isinstance(sub, Index) and sub.var == self._variable for sub in subs):
                    return None
                for _ in subs:
                    held = held[place] if isinstance(held, tuple) else None
                return None if isinstance(held, tuple) else held
            case _:
                return None

    def number(self, expr: Expr, place: int) -> float:
        match expr:
            case Op(op="neg", args=(value,)):
                return -self.number(value, place)
            case Op(op=sign, args=(left, right)) if sign in _OPERATIONS:
                return _OPERATIONS[sign](self.number(left, place), self.number(right, place))
            case _:
                found = self.value(expr, place)
                return float(found) if isinstance(found, int | float) else math.nan
