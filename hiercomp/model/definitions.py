"""Definitions: links undone, pieces put together, arrays written out element by element."""

from __future__ import annotations

from dataclasses import replace

from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import REAL, Binder, Call, Choose, Expr, Index
from hiercomp.model.bounds import state_bounds
from hiercomp.model.intervals import interval
from hiercomp.model.ir import DefineStmt, Stmt
from hiercomp.model.linear import is_linear, is_random
from hiercomp.model.pieces import blend, choose, condition, warn_of_jump
from hiercomp.model.scope import Refused
from hiercomp.model.spread import at
from hiercomp.model.supports import from_interval, intersect
from hiercomp.model.work import Work, letters_for, misplaced, target
from hiercomp.syntax.ast import Define

_INVERSE_LINKS = {"log": "exp", "logit": "inv_logit", "probit": "Phi", "cloglog": "inv_cloglog", "sqrt": "square"}


def define(work: Work, statement: Define) -> list[Stmt]:
    """Return a definition, after that of its weight where its pieces blend."""
    context, item = work.context, work.item
    assert item.name is not None
    sym = context.symbols[item.name]
    clauses = statement.clauses
    if clauses.truncated is not None or clauses.centering is not None or clauses.modifiers:
        word = clauses.centering or (clauses.modifiers[0] if clauses.modifiers else "truncated to")
        raise context.refuse(misplaced(word, item))
    scalar = bool(item.subs)
    values: list[tuple[Expr | None, Expr]] = []
    failed = False
    for piece in statement.pieces:
        try:
            value = work.low.scalar(piece.value) if scalar else work.low.expr(piece.value)
            values.append((condition(work, piece), value))
        except Refused:
            failed = True
    if failed:
        raise Refused
    extra: list[Stmt] = []
    if statement.smoothly is not None:
        value, extra = blend(work, statement, values)
    else:
        value = choose(work, statement, values)
        if isinstance(value, Choose) and any(is_random(when, context.symbols) for when, _ in value.cases):
            warn_of_jump(context, statement, item)
    if statement.link:
        inverse = _INVERSE_LINKS.get(statement.link)
        if inverse is None:
            raise context.refuse(
                Diagnostic(
                    "H13", f"`{statement.link}` is not a link that can be undone", item.span,
                    f"one of {', '.join(_INVERSE_LINKS)}", f"`{statement.link}(...) = ...`",
                )
            )  # fmt: skip
        value = Call(inverse, (value,), replace(REAL, axes=value.type.axes), value.span)
    if sym.axes is None:
        sym.axes = list(value.type.axes)
    lhs = target(work, sym)
    found = interval(value, context.intervals)
    known = context.intervals.get(item.name)
    if item.name in context.lowered and known is not None:
        found = min(found[0], known[0]), max(found[1], known[1])
    context.intervals[item.name] = found
    if context.soft:
        sym.linear = sym.linear and is_linear(value, context.symbols)
    sym.support = intersect(from_interval(context.intervals[item.name]), state_bounds(work.low, sym), context.intervals)
    binders = work.binders()
    if value.type.axes:
        letters, whole = letters_for(work, value, []), value
        part = at(value, tuple(Index(letter) for letter in letters))
        if part is not None:
            binders = tuple(Binder(v, axis) for v, axis in zip(letters, whole.type.axes, strict=True))
            return [*extra, DefineStmt(work.common(binders), item.name, tuple(Index(v) for v in letters), part)]
    return [*extra, DefineStmt(work.common(binders), item.name, lhs.subs, value)]
