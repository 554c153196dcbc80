"""Subscripts that are not plain letters: numbers, and data that say which element is meant."""

from __future__ import annotations

from math import isfinite

from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import Const, Expr, Op, Ref
from hiercomp.model import surface
from hiercomp.model.axes import Extent
from hiercomp.model.intervals import constant
from hiercomp.model.ir import Role
from hiercomp.model.members import take_labels
from hiercomp.model.scope import BoundCheck, Context, Refused, Sym
from hiercomp.source import Span
from hiercomp.syntax.ast import Define, ExprPiece, Name
from hiercomp.syntax.ast import Expr as Ast


def check_position(context: Context, axis: str, value: Expr, sub: Ast, node: Name) -> None:
    """Check that `value` can pick an element along `axis`; what needs the length of the axis is put off.

    Raises `Refused` (H17) for anything but a whole number.
    """
    span = sub.span or node.span
    shown = surface.show(node)
    if isinstance(value, Ref):
        sym = _named(context, context.symbols[value.name])
        if sym.datum is not None and sym.datum.elem == "str":
            take_labels(context, axis, value.name)
            return
        if sym.datum is not None and sym.datum.elem == "int":
            numbers = [int(item) for _, item in sym.datum.items()]
            extent = Extent(value.name, 0, max(numbers, default=0), sym.datum.header)
            context.axes.facts(axis).largest.append(extent)
            context.bounds_to_check.append(
                BoundCheck(axis, None, None, 0, span, f"`{shown}` picks with `{value.name}`", sym.datum)
            )
            return
        if sym.role is Role.SUMMED and value.name in context.picking:
            words = f"`{shown}` picks with `{value.name}`"
            if not context.axes.join(axis, context.picking[value.name], span, words):
                raise Refused
            return
        if sym.random or (sym.datum is not None and sym.datum.elem == "real"):
            found = f"an unknown ({sym.role})" if sym.random else "a column of real numbers"
            raise context.refuse(_not_whole(shown, value.name, found, span))
    if value.type.elem != "int":
        raise context.refuse(_not_whole(shown, surface.show(sub), "not a whole number", span))
    place = constant(value, context.intervals)
    picked = _shifted_column(context, value)
    if place is not None and isfinite(place):
        ends = int(place), int(place)
    elif picked is not None:
        ends = picked
    else:
        return
    if context.binding.bound:
        context.axes.facts(axis).largest.append(Extent(shown, 0, ends[1], span))
    context.bounds_to_check.append(BoundCheck(axis, *ends, 0, span, f"`{shown}`"))


def _named(context: Context, sym: Sym) -> Sym:
    """Return the data for which a name is only another one (`county = county_idx`), else the symbol itself."""
    statements = [context.draft.items[number].statement for number in sym.use.definitions]
    match statements:
        case [Define(pieces=(ExprPiece(value=Name() as other, condition=None),), link="")]:
            source = context.symbols.get(context.reader.base(other))
            return source if source is not None and source.datum is not None and source.datum.elem == "int" else sym
        case _:
            return sym


def _shifted_column(context: Context, value: Expr) -> tuple[int, int] | None:
    """Return the least and the largest value of `county_i + 1`, as where the members of a column count from 0."""
    match value:
        case Op(op="+" | "-" as op, args=(Ref(name=name), Const(value=int(step)))):
            datum = _named(context, context.symbols[name]).datum
            if datum is None or datum.elem != "int":
                return None
            values = [int(item) + (step if op == "+" else -step) for _, item in datum.items()]
            return (min(values), max(values)) if values else None
        case _:
            return None


def _not_whole(shown: str, what: str, found: str, span: Span | None) -> Diagnostic:
    return Diagnostic(
        "H17", f"`{shown}` picks an element with something that is not a whole number", span,
        "a letter, a number, or a column of whole numbers", f"`{what}`: {found}",
        {
            "a column of real numbers": f"write the values of `{what}` in the data as whole numbers, without a point",
            "not a whole number": "pick with a whole number, such as 1, or with a column of them",
        }.get(found, f"let `{what}` be a choice that is summed out, `{what}_i ~ Categorical(p)`, or give it as data"),
    )  # fmt: skip
