"""Expressions and clauses back to text, with no more brackets than the grammar needs."""

from __future__ import annotations

from typing import assert_never

from hiercomp.syntax.ast import (
    Apply,
    Arg,
    Binary,
    Censored,
    Clauses,
    Comprehension,
    Expr,
    Fact,
    ForBinder,
    Interval,
    Name,
    Number,
    Otherwise,
    Range,
    Text,
    Unary,
    VectorLiteral,
    Whole,
)
from hiercomp.syntax.numbers import percent_text
from hiercomp.syntax.operators import ADD, ATOM, BINARY, COMPARE, POWER, UNARY


def expression(expr: Expr, level: int = 0, *, tight: bool = False) -> str:
    """Return `expr` as text, in brackets if it binds less tightly than `level`.

    `tight` is the style of subscripts: no spaces around signs, and brackets instead of braces for nested ones.
    """
    match expr:
        case Number(text=text, percent=percent):
            return percent_text(text) if percent else text
        case Text(value=value):
            return quoted(value)
        case Whole():
            return ""
        case Name(ident=ident, subs=subs):
            return ident + (_subscripts(subs, tight=tight) if subs else "")
        case Unary(op=op, arg=arg):
            own = UNARY[op]
            inner = expression(arg, own + 1, tight=tight)
            return _wrap(f"{op} {inner}" if op == "not" else f"{op}{inner}", own, level)
        case Binary():
            return _binary(expr, level, tight=tight)
        case Apply(func=func, args=args):
            return f"{func}({', '.join(_argument(arg) for arg in args)})"
        case Comprehension(func=func, body=body, binders=binders, condition=held):
            rest = f" {condition(held)}" if held is not None else ""
            return f"{func}({expression(body)} for {_binders(binders)}{rest})"
        case VectorLiteral(items=items):
            return f"({', '.join(expression(item) for item in items)})"
        case _:
            assert_never(expr)


def _wrap(text: str, own: int, level: int) -> str:
    return f"({text})" if own < level else text


def _binary(expr: Binary, level: int, *, tight: bool) -> str:
    own = BINARY[expr.op]
    # Powers group to the right, comparisons not at all, everything else to the left.
    left = ATOM if own == POWER else own + 1 if own == COMPARE else own
    right = own if own == POWER else own + 1
    sign = "·" if expr.op == "dot" else expr.op
    space = "" if own == POWER or (tight and own >= ADD) else " "
    first = expression(expr.left, left, tight=tight)
    second = expression(expr.right, right, tight=tight)
    return _wrap(f"{first}{space}{sign}{space}{second}", own, level)


def _subscripts(subs: tuple[Expr, ...], *, tight: bool) -> str:
    if any(isinstance(sub, Whole) for sub in subs):
        # Only square brackets may have an empty place.
        return f"[{', '.join(expression(sub, tight=True) for sub in subs)}]"
    inner = ",".join(expression(sub, tight=True) for sub in subs)
    return f"[{inner}]" if tight else f"_{{{inner}}}"


def quoted(text: str) -> str:
    """Return text in the quotes that it does not hold."""
    return f"'{text}'" if '"' in text else f'"{text}"'


def _argument(arg: Arg) -> str:
    return f"{arg.name} = {expression(arg.value)}" if arg.name else expression(arg.value)


def binder(one: ForBinder) -> str:
    """Return ``i in schools`` or ``t in 2..T``."""
    return f"{one.var} in {_domain(one.domain)}"


def _domain(domain: Name | Range) -> str:
    if isinstance(domain, Range):
        return f"{expression(domain.lo)}..{expression(domain.hi)}"
    return expression(domain)


def _binders(binders: tuple[ForBinder, ...]) -> str:
    return ", ".join(map(binder, binders))


def _interval(interval: Interval) -> str:
    low = expression(interval.lo) if interval.lo is not None else ""
    high = expression(interval.hi) if interval.hi is not None else ""
    return f"[{low}, {high}]"


def condition(value: Expr | Otherwise | None) -> str:
    """Return what ends a piece: nothing, ``otherwise`` or ``if`` and the condition."""
    match value:
        case None:
            return ""
        case Otherwise():
            return "otherwise"
        case _:
            return f"if {expression(value)}"


def _fact(fact: Fact) -> str:
    subject = expression(fact.subject)
    match fact.kind:
        case "known":
            return f"{subject} is known"
        case "observed":
            return f"{subject} is observed"
        case "is":
            return f"{subject} is {fact.word}"
        case "compare":
            assert fact.value is not None
            # Outside brackets, `and` and comparisons would be read as further facts.
            return f"{subject} {fact.op} {expression(fact.value, ADD)}"
        case "interval":
            assert fact.interval is not None
            return f"{subject} in {_interval(fact.interval)}"
        case _:
            assert_never(fact.kind)


def _censored(given: Censored) -> str:
    if given.lo is not None and given.hi is not None:
        return f"censored to {_interval(Interval(given.lo, given.hi))}"
    if given.lo is not None:
        return f"censored below {expression(given.lo)}"
    assert given.hi is not None
    return f"censored {'up to' if given.interval else 'above'} {expression(given.hi)}"


def clauses(given: Clauses, smoothly: Expr | None) -> str:
    """Return the clauses of a statement without its note."""
    parts: list[str] = []
    if given.facts:
        parts.append("where " + " and ".join(map(_fact, given.facts)))
    if given.binders:
        parts.append("for " + _binders(given.binders))
    if given.truncated is not None:
        parts.append("truncated to " + _interval(given.truncated))
    if given.censored is not None:
        parts.append(_censored(given.censored))
    if given.weight is not None:
        parts.append(f"weighted by {expression(given.weight)}")
    if given.centering is not None:
        parts.append(given.centering)
    parts += given.modifiers
    if smoothly is not None:
        parts.append(f"smoothly({expression(smoothly)})")
    return " ".join(parts)
