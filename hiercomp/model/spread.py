"""Statements about whole arrays, written out element by element, so that later layers know one form only."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from hiercomp.catalog import FUNCTIONS
from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import INT, REAL, ROWS, Binder, Call, Choose, Expr, Index, Op, Reduce, Ref, Type, set_indices, walk
from hiercomp.records import replace
from hiercomp.source import Span

if TYPE_CHECKING:
    from hiercomp.model.scope import Context

_USUAL = "ijklmn"


def at(expr: Expr, subs: tuple[Expr, ...]) -> Expr | None:
    """Return the element of an array-valued expression at leading subscripts, or None where no rule gives it."""
    if not expr.type.axes or not subs:
        return expr
    rest = expr.type.axes[len(subs) :]
    kind = INT if not rest and expr.type.elem == "int" else Type(expr.type.elem, rest) if rest else REAL
    match expr:
        case Ref(subs=given):
            return replace(expr, subs=(*given, *subs), type=kind)
        case Op(args=args):
            parts = _each(args, subs)
            return replace(expr, args=parts, type=Type(expr.type.elem, rest)) if parts is not None else None
        case Reduce(func="vector", body=body, binders=(Binder(var=var, lo=None, hi=None),)) if len(subs) == 1:
            return set_indices(body, {var: subs[0]})
        case Call(func="matvec", args=(matrix, vector)):
            row = at(matrix, subs)
            return Call("dot", (row, vector), REAL, expr.span) if row is not None else None
        case Call(func="matmul", args=(left, right)) if len(subs) == 1:
            row = at(left, subs)
            return Call("vecmat", (row, right), kind, expr.span) if row is not None else None
        case Call(func="matmul", args=(left, Call(func="transpose", args=(matrix,)))) if len(subs) == 2:
            row, column = at(left, subs[:1]), at(matrix, subs[1:])
            return Call("dot", (row, column), REAL, expr.span) if row is not None and column is not None else None
        case Call(func="outer", args=(left, right)):
            one, other = at(left, subs[:1]), at(right, subs[1:])
            return Op("*", (one, other), kind, expr.span) if one is not None and other is not None else None
        case Call(func="transpose", args=(matrix,)) if len(subs) == 2:
            return at(matrix, subs[::-1])
        case Call(func=func) if func == ROWS or (func in FUNCTIONS and not FUNCTIONS[func].elementwise):
            return None
        case Call(args=args):
            parts = _each(args, subs)
            return replace(expr, args=parts, type=kind) if parts is not None else None
        case Choose(cases=cases, otherwise=otherwise):
            values = _each((*(value for _, value in cases), otherwise), subs)
            if values is None:
                return None
            changed = tuple((when, value) for (when, _), value in zip(cases, values, strict=False))
            return Choose(changed, values[-1], kind, expr.span)
        case _:
            return None


def element_of(context: Context, expr: Expr, subs: tuple[Expr, ...], span: Span | None) -> Expr:
    """Return the element of an expression at leading subscripts. H26 where no rule gives it."""
    found = at(expr, subs)
    if found is None:
        raise context.refuse(
            Diagnostic(
                "H26", "this product cannot be taken apart into elements", expr.span or span,
                "a definition of its own: `name = ...`", "an expression of products over an index",
                "define it under a name, and give the name here",
            )
        )  # fmt: skip
    return found


def _each(args: tuple[Expr, ...], subs: tuple[Expr, ...]) -> tuple[Expr, ...] | None:
    parts = [at(arg, subs) for arg in args]
    found = tuple(part for part in parts if part is not None)
    return found if len(found) == len(parts) else None


def free_letter(wanted: list[str], taken: Collection[str], exprs: list[Expr]) -> str:
    """Return an index variable for an axis: one of its own letters if it can be, else any that is not in use."""
    bound = {binder.var for expr in exprs for node in walk(expr) if isinstance(node, Reduce) for binder in node.binders}
    bound |= {node.var for expr in exprs for node in walk(expr) if isinstance(node, Index)}
    for letter in (*wanted, *_USUAL):
        if letter not in taken and letter not in bound:
            return letter
    count = 1
    while f"i{count}" in taken or f"i{count}" in bound:
        count += 1
    return f"i{count}"
