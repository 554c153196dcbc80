"""Mixtures of two Normal distributions that all rows share."""

from __future__ import annotations

from hiercomp.expr import Expr, free_indices
from hiercomp.model.ir import RandomStmt
from hiercomp.plan.ir import TwoNormals
from hiercomp.plan.weights import by_logit, is_rest


def two_normals(stmt: RandomStmt) -> TwoNormals | None:
    """Return the form of a mixture of two Normal distributions; None of any other."""
    parts = stmt.dist.parts
    if len(parts) != 2 or any(part.binder is not None or part.dist.row != "Normal" for part in parts):
        return None
    first, second = parts
    if not is_rest(second.weight, first.weight) or by_logit(first) or len(stmt.common.binders) != 1:
        return None
    if any(part.dist.truncated or part.dist.compound for part in parts):
        return None
    found: list[tuple[Expr, Expr]] = []
    for part in parts:
        args = dict(part.dist.args)
        found.append((args["mean"], args["sd"]))
    means, scales = (found[0][0], found[1][0]), (found[0][1], found[1][1])
    variables = {binder.var for binder in stmt.common.binders}
    if any(not free_indices(expr).isdisjoint(variables) for expr in (first.weight, *means, *scales)):
        return None
    return TwoNormals(first.weight, means, scales)
