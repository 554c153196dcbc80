"""Empty places among subscripts: ``x[i, ]`` is a row, which leaving the place out means too, ``x[, j]`` a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import VECTOR, Binder, Expr, Index, Reduce, Ref, Type
from hiercomp.model import surface
from hiercomp.model.scope import Reach, Sym
from hiercomp.model.spread import free_letter
from hiercomp.syntax.ast import Expr as Ast
from hiercomp.syntax.ast import Name, Whole

if TYPE_CHECKING:
    from hiercomp.model.lower import Lower


def without_last(subs: tuple[Ast, ...]) -> tuple[Ast, ...]:
    """Return subscripts without the empty places behind the last one."""
    while subs and isinstance(subs[-1], Whole):
        subs = subs[:-1]
    return subs


def column(low: Lower, node: Name, sym: Sym, subs: tuple[Ast, ...]) -> Expr:
    """Return what has an empty place before others as the vector of its elements along it. H26 for several places."""
    context = low.context
    assert sym.axes is not None
    empty = [place for place, sub in enumerate(subs) if isinstance(sub, Whole)]
    if len(empty) > 1 or len(subs) < len(sym.axes):
        raise context.refuse(
            Diagnostic(
                "H26", f"`{surface.show(node)}` leaves several indices open, and not the last ones alone", node.span,
                "one empty place, or empty places at the end", f"`{surface.show(node)}`",
                f"give the other places an index, or define `{sym.name}` with its indices in another order",
            )
        )  # fmt: skip
    (at,) = empty
    axis = sym.axes[at]
    inner = low.inside()
    taken = {*inner.scope, *context.symbols, *context.letters}
    letter = free_letter([w for w in context.axes.facts(axis).letters if w not in inner.scope], taken, [])
    inner.scope[letter] = Reach(axis, None, None, node.span)
    context.reduced.append(axis)
    lowered: list[Expr] = []
    for place, sub in enumerate(subs):
        lowered.append(Index(letter) if place == at else inner.subscript(node, sym, place, sub))
    body = Ref(sym.name, tuple(lowered), Type(sym.elem), node.span)
    return Reduce(VECTOR, body, (Binder(letter, axis),), Type("real", (axis,)), node.span)
