"""Definitions: links undone, pieces put together, arrays written out element by element."""

from __future__ import annotations

from hiercomp.catalog import find_function
from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import REAL, Binder, Call, Choose, Expr, Index, Ref, Stack
from hiercomp.model import surface
from hiercomp.model.bounds import refuse_new_bounds, state_bounds
from hiercomp.model.faults import indices
from hiercomp.model.intervals import interval
from hiercomp.model.ir import DefineStmt, Stmt
from hiercomp.model.linear import is_linear, is_random, only_summed
from hiercomp.model.pieces import blend, choose, condition, warn_of_jump
from hiercomp.model.scope import WHOLE_LINE, Refused
from hiercomp.model.spread import at
from hiercomp.model.supports import from_interval, intersect
from hiercomp.model.work import Work, letters_for, misplaced, of_distributions, target
from hiercomp.records import replace
from hiercomp.syntax.ast import Comprehension, Define
from hiercomp.syntax.ast import Expr as Ast

_INVERSE_LINKS = {"log": "exp", "logit": "inv_logit", "probit": "Phi", "cloglog": "inv_cloglog", "sqrt": "square"}


def define(work: Work, statement: Define) -> list[Stmt]:
    """Return a definition, after that of its weight where its pieces blend."""
    context, item = work.context, work.item
    assert item.name is not None
    sym = context.symbols[item.name]
    clauses = statement.clauses
    if word := of_distributions(clauses):
        raise context.refuse(misplaced(word, item))
    values = _values(work, statement)
    extra: list[Stmt] = []
    if statement.smoothly is not None:
        value, extra = blend(work, statement, values)
    else:
        value = choose(work, statement, values)
        if isinstance(value, Choose) and any(
            is_random(when, context.symbols) and not only_summed(when, context.symbols) for when, _ in value.cases
        ):
            warn_of_jump(context, statement, item)
    value = _unlinked(work, statement, value)
    if sym.axes is None:
        sym.axes = list(value.type.axes)
        if isinstance(value, Stack):
            context.axes.facts(value.type.axes[0]).owner = item.name
    elif value.type.axes and len(sym.axes) == len(item.subs) and item.name not in context.lowered:
        # A vector or a matrix for each index: `psi_j = softmax(...)` has one axis more than its left side says.
        sym.axes += value.type.axes
    lhs = target(work, sym)
    _join_rest(work, lhs, value)
    found = interval(value, context.intervals)
    known = context.intervals.get(item.name)
    if item.name in context.lowered and known is not None:
        found = min(found[0], known[0]), max(found[1], known[1])
    context.intervals[item.name] = found
    if context.soft:
        sym.linear = sym.linear and is_linear(value, context.symbols)
    if item.name in context.fixed:
        context.intervals[item.name] = WHOLE_LINE
    else:
        supported = from_interval(context.intervals[item.name])
        sym.support = intersect(supported, state_bounds(work.low, sym), context.intervals)
        if is_random(value, context.symbols):
            refuse_new_bounds(work.low, sym, found)
    binders = work.binders()
    if value.type.axes:
        letters, whole = letters_for(work, value, []), value
        part = at(value, tuple(Index(letter) for letter in letters))
        if part is not None:
            binders += tuple(Binder(v, axis) for v, axis in zip(letters, whole.type.axes, strict=True))
            subs = (*lhs.subs, *(Index(v) for v in letters))
            return [*extra, DefineStmt(work.common(binders), item.name, subs, part)]
    return [*extra, DefineStmt(work.common(binders), item.name, lhs.subs, value)]


def _values(work: Work, statement: Define) -> list[tuple[Expr | None, Expr]]:
    """Return the pieces: their conditions and values. A vector may stand for each index of the left side."""
    scalar = bool(work.item.subs)
    runs = [work.low.scope[var] for var in work.order]
    values: list[tuple[Expr | None, Expr]] = []
    failed = False
    for piece in statement.pieces:
        try:
            value = work.low.expr(piece.value, scalar=scalar)
            if (
                scalar
                and not _along_a_range(piece.value)
                and any(work.context.axes.same(axis, run.node) for axis in value.type.axes for run in runs)
            ):
                # An array along an index of the left side is most likely one whose index was forgotten.
                value = work.low.scalar(piece.value)
            values.append((condition(work, piece), value))
        except Refused:
            failed = True
    if failed:
        raise Refused
    return values


def _along_a_range(value: Ast) -> bool:
    """Say whether a value is a vector along a range that it states: ``softmax(a_{j,k} for k in 1..K)``."""
    stated = (node for node, _ in surface.walk(value) if isinstance(node, Comprehension))
    return any(not node.func or ((row := find_function(node.func)) is not None and row.along) for node in stated)


def _unlinked(work: Work, statement: Define, value: Expr) -> Expr:
    """Return the value of what stands inside the link of the left side. H13 for one without an inverse."""
    if not statement.link:
        return value
    inverse = _INVERSE_LINKS.get(statement.link)
    if inverse is None:
        raise work.context.refuse(
            Diagnostic(
                "H13", f"`{statement.link}` is not a link that can be undone", work.item.span,
                f"one of {', '.join(_INVERSE_LINKS)}", f"`{statement.link}(...) = ...`",
                f"define `{work.item.name}` itself, by the inverse of `{statement.link}`: `{work.item.name} = ...`",
            )
        )  # fmt: skip
    return Call(inverse, (value,), replace(REAL, axes=value.type.axes), value.span)


def _join_rest(work: Work, lhs: Ref, value: Expr) -> None:
    """Make the axes that the left side leaves open those of the value. H6 where there is another number of them."""
    left, right = lhs.type.axes, value.type.axes
    if not right or left is right:
        return
    if len(left) != len(right):
        raise work.context.refuse(
            Diagnostic(
                "H6",
                f"the two sides of `{work.item.name}` have different ranks",
                value.span or work.item.span,
                f"an array with {indices(len(left))}" if left else "one number",
                f"an array with {indices(len(right))}",
                "write the same indices on both sides, as in `m_{i,j} = a_i + C_{i,j}`",
            )
        )
    words = f"both sides of `{work.item.name}` are arrays"
    if not all(work.context.axes.join(x, y, work.item.span, words) for x, y in zip(left, right, strict=True)):
        raise Refused
