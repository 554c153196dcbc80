"""Coefficients of groups that are a location and a scale times a standardised unknown, all of them alike."""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.expr import Const, Expr, Index, Op, Ref, free_indices, number
from hiercomp.model.ir import DefineStmt, RandomStmt, Role
from hiercomp.plan.draft import Draft
from hiercomp.plan.fusing import whole_definitions
from hiercomp.plan.ir import Effect, Linear
from hiercomp.plan.predictors import seen_through


def effects(draft: Draft, mean: Linear) -> tuple[Effect, ...]:
    """Return the coefficients of groups in terms of standardised unknowns; none unless all of them have that form."""
    assert mean.members is not None
    defined = whole_definitions(draft)
    found = [_effect(draft, defined, item.coefficient, mean.members.var) for item in mean.predictors]
    return tuple(effect for effect in found if effect is not None) if None not in found else ()


def _effect(draft: Draft, defined: Mapping[str, DefineStmt], coefficient: Expr | None, member: str) -> Effect | None:
    if not isinstance(coefficient, Ref) or coefficient.name not in defined:
        return None
    value = seen_through(coefficient, defined[coefficient.name])
    match value:
        case Op(op="+", args=(location, Op(op="*") as spread)) | Op(op="+", args=(Op(op="*") as spread, location)):
            pass
        case Op(op="*") as spread:
            location = number(0)
        case _:
            return None
    for scale, standard in (spread.args, spread.args[::-1]):
        if member in free_indices(location) | free_indices(scale):
            continue
        if isinstance(standard, Ref) and standard.subs == (Index(member),) and _is_standard(draft, standard.name):
            return Effect(location, scale, standard)
    return None


def _is_standard(draft: Draft, name: str) -> bool:
    """Say whether all elements of an unknown are Normal(0, 1)."""
    symbol = draft.symbols.get(name)
    if symbol is None or symbol.role is not Role.PARAMETER:
        return False
    priors = [
        stmt
        for stmt in draft.statements
        if isinstance(stmt, RandomStmt) and isinstance(stmt.lhs, Ref) and stmt.lhs.name == name
    ]
    if len(priors) != 1 or priors[0].cases:
        return False
    dist = priors[0].dist
    arguments = [value.value for _, value in dist.args if isinstance(value, Const)]
    return dist.row == "Normal" and arguments == [0, 1] and not dist.truncated and not dist.compound
