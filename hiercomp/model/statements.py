"""From surface statements to resolved ones: definitions, random quantities, and terms of the log density."""

from __future__ import annotations

from hiercomp.catalog import row_named
from hiercomp.diagnostics import Diagnostic, Severity
from hiercomp.expr import REAL, Choose, Expr, Op, Ref, free_indices, number
from hiercomp.model import surface
from hiercomp.model.definitions import define
from hiercomp.model.draft import Item
from hiercomp.model.events import event_axes
from hiercomp.model.ir import AddStmt, Dist, RandomStmt, Stmt
from hiercomp.model.linear import is_linear
from hiercomp.model.lower import Lower
from hiercomp.model.randoms import lower_dists, random_quantity
from hiercomp.model.scope import Context, Refused
from hiercomp.model.work import Work, enter_scope, misplaced, of_distributions
from hiercomp.syntax.ast import AddTerm, Define, Name, Random


def lower_statement(context: Context, item: Item, label: str) -> list[Stmt]:
    """Return what a statement means; several statements where a blend needs a weight of its own.

    Sets of indices are still nodes. Raises `Refused` once what is wrong has been said.
    """
    work = Work(item, Lower(context), [], label)
    enter_scope(work)
    match item.statement:
        case Define():
            return define(work, item.statement)
        case Random(lhs=Name()):
            return [random_quantity(work, item.statement)]
        case Random():
            return [_soft(work, item.statement)]
        case AddTerm():
            return [_add(work, item.statement)]


def _soft(work: Work, statement: Random) -> RandomStmt:
    context, item = work.context, work.item
    if statement.clauses.centering or statement.clauses.modifiers:
        raise context.refuse(misplaced(statement.clauses.centering or statement.clauses.modifiers[0], item))
    lhs = work.low.expr(statement.lhs, scalar=True)
    dist, cases = lower_dists(work, statement, None, scalar=True)
    if lhs.type.axes:
        lhs = _vector(work, statement, lhs, [*(case for _, case in cases), dist])
    if not is_linear(lhs, context.symbols):
        context.diagnostics.add(
            Diagnostic(
                "W4",
                f"`{surface.show(statement.lhs)}` is not linear in the unknowns: this adds a term to the log density, "
                "and does not say that the expression has this distribution",
                statement.lhs.span or item.span,
                "an expression that is linear in unknowns, or a Jacobian added with `log_density +=`",
                severity=Severity.WARNING,
            )
        )
    return RandomStmt(work.common(work.binders()), lhs, dist, cases)


def _vector(work: Work, statement: Random, lhs: Expr, dists: list[Dist]) -> Expr:
    """Return the left side of a statement about a vector, which its distributions have to be of. H6, H7."""
    context = work.context
    over = [work.low.scope[var].node for var in work.order]
    # A vector along an index of the statement is most likely one whose index was forgotten.
    forgotten = _number_with_vector(lhs) or any(
        context.axes.same(axis, node) for axis in lhs.type.axes for node in over
    )
    if forgotten or any(row_named(dist.row).event_rank != len(lhs.type.axes) for dist in dists):
        return work.low.scalar(statement.lhs)  # which says what is wrong
    words = f"`{surface.show(statement.lhs)}` has the axes of its distribution"
    for dist in dists:
        for axis, node in zip(lhs.type.axes, event_axes(work.context, dist), strict=True):
            if not context.axes.join(axis, node, statement.lhs.span or work.item.span, words):
                raise Refused
    if isinstance(lhs, Ref):
        context.symbols[lhs.name].event_rank = len(lhs.type.axes)
    return lhs


def _number_with_vector(value: Expr) -> bool:
    """Say whether an element, `phi_k`, is added to a whole vector."""
    match value:
        case Op(op="+" | "-", args=args):
            return any(not arg.type.axes and bool(free_indices(arg)) for arg in args) or any(
                map(_number_with_vector, args)
            )
        case _:
            return False


def _add(work: Work, statement: AddTerm) -> AddStmt:
    context, item = work.context, work.item
    clauses = statement.clauses
    if word := of_distributions(clauses):
        raise context.refuse(misplaced(word, item))
    value = work.low.scalar(statement.value)
    if statement.condition is not None:
        from hiercomp.model.filters import known_condition  # noqa: PLC0415

        when = known_condition(work.low, statement.condition)
        value = Choose(((when, value),), number(0), REAL, statement.value.span)
    context.diagnostics.add(
        Diagnostic(
            "N2",
            "`log_density +=` adds a term that simulation from the model leaves out",
            item.span,
            help="write the term as a distribution where it is one",
            severity=Severity.NOTE,
        )
    )
    return AddStmt(work.common(work.binders()), value)
