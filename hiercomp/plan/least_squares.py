"""Normal likelihoods whose mean is linear in unknowns, by the sums of squares and products of their rows."""

from __future__ import annotations

from hiercomp.expr import Expr, free_indices, names
from hiercomp.model.ir import RandomStmt, Role
from hiercomp.plan.draft import Draft
from hiercomp.plan.ir import LeastSquares, Linear
from hiercomp.plan.predictors import NotLinear, linear

# Rows that are left, and their coefficients, cost more each than rows of data do.
_SAVING = 1.5
# For groups with more coefficients than these the program says something long instead of what the spec says.
_SHORT, _PAYS = 2, 3


def least_squares(draft: Draft, stmt: RandomStmt, rows: int) -> LeastSquares | None:
    """Return the form of a Normal likelihood of so many rows; None where it has none, or where nothing is saved."""
    args = dict(stmt.dist.args)
    binders = stmt.common.binders
    scale = args["sd"]
    if not free_indices(scale).isdisjoint(binder.var for binder in binders):
        return None
    if any(draft.symbols[name].role is Role.PREDICTION for value in args.values() for name in names(value)):
        return None
    try:
        mean = linear(args["mean"], binders, draft)
    except NotLinear:
        return None
    left = rows_left(draft, mean)
    if not mean.predictors or left is None or rows < _SAVING * left:
        return None
    if mean.members is not None and len(mean.predictors) > _SHORT and rows < _PAYS * left:
        return None
    return LeastSquares(mean, scale) if mean.members is None else _by_group(draft, stmt, mean, scale)


def _by_group(draft: Draft, stmt: RandomStmt, mean: Linear, scale: Expr) -> LeastSquares:
    """Return the form of rows in groups, with what bound data make of it."""
    from hiercomp.plan.designs import (  # noqa: PLC0415  (few specs have any)
        indicator,
        moderately_apart,
        orthogonal,
        rows_by_group,
    )
    from hiercomp.plan.effects import effects  # noqa: PLC0415

    groups = rows_by_group(draft, stmt, mean)
    if groups is None or len(mean.predictors) < _SHORT:
        return LeastSquares(mean, scale)
    found = effects(draft, mean) if len(mean.predictors) == _SHORT and moderately_apart(groups) else ()
    if not found:
        return LeastSquares(mean, scale, orthogonal(groups))
    return LeastSquares(mean, scale, effects=found, indicator=indicator(groups))


def rows_left(draft: Draft, mean: Linear) -> int | None:
    """Return how many rows have the same sums of squares and products as all of them; None where data decide."""
    columns = 1
    for item in mean.predictors:
        if item.binder is not None and mean.members is not None:
            return None
        length = 1 if item.binder is None else draft.index_sets[item.binder.set].length
        if length is None:
            return None
        columns += length
    groups = 1 if mean.members is None else draft.index_sets[mean.members.set].length
    return None if groups is None else columns * groups
