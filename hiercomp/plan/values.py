"""A number in the place of an unknown, and what that makes needless: ``0 * x``, conditions between numbers."""

from __future__ import annotations

from hiercomp.expr import INT, Choose, Const, Expr, Op, Ref, number, rebuild
from hiercomp.plan.tidying import tidy
from hiercomp.records import replace

_ONE = replace(number(1), type=INT)
_ZERO = replace(number(0), type=INT)


def with_value(expr: Expr, name: str, value: Expr) -> Expr:
    """Return `expr` with `value` for every element of `name`, and without what that makes needless."""
    return settled(_put(expr, name, value))


def _put(expr: Expr, name: str, value: Expr) -> Expr:
    if isinstance(expr, Ref) and expr.name == name:
        return value
    return rebuild(expr, lambda child: _put(child, name, value))


def settled(expr: Expr) -> Expr:
    """Return an expression without products with zero and without conditions that numbers decide."""
    expr = rebuild(expr, settled)
    match expr:
        case Op(op="*", args=(Const(value=0), _) | (_, Const(value=0))) if not expr.type.axes:
            return _ZERO
        case Op(op="/", args=(Const(value=0), _)) if not expr.type.axes:
            return _ZERO
        case Op(op="==" | "!=" | "<" | "<=" | ">" | ">=") if truth(expr) is not None:
            return _ONE if truth(expr) else _ZERO
        case Op(op="^", args=(Const(value=0), Const(value=power))) if power > 0:
            return _ZERO
        case Choose(cases=((when, value), *rest), otherwise=otherwise) if truth(when) is not None:
            if truth(when):
                return value
            return settled(replace(expr, cases=tuple(rest))) if rest else otherwise
        case Choose(cases=cases, otherwise=otherwise) if all(value == otherwise for _, value in cases):
            return otherwise
        case _:
            return tidy(expr) if isinstance(expr, Op) else expr


def truth(when: Expr) -> bool | None:
    """Return what a condition between numbers comes to; None where there is more in it."""
    match when:
        case Const(value=value):
            return value != 0
        case Op(op="and" | "or" as op, args=(left, right)):
            both = (truth(left), truth(right))
            if (op == "or") in both:
                return op == "or"
            return None if None in both else op == "and"
        case Op(op="not", args=(inner,)):
            known = truth(inner)
            return None if known is None else not known
        case Op(op=op, args=(Const(value=a), Const(value=b))):
            truths = {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}
            return truths.get(op)
        case _:
            return None
