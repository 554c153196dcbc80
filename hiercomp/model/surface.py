"""Reading the surface tree: walking it, and writing its expressions back as one line of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from hiercomp.source import Span
from hiercomp.syntax.ast import (
    AddTerm,
    Apply,
    Binary,
    Censored,
    Comprehension,
    Define,
    DistPiece,
    Expr,
    ExprPiece,
    Fact,
    ForBinder,
    Interval,
    Name,
    Number,
    Otherwise,
    Random,
    Range,
    Statement,
    Text,
    Unary,
    VectorLiteral,
    Whole,
)
from hiercomp.syntax.printing import quoted

type Step = tuple[Expr | Range, bool]

_STRENGTH = {
    "or": 1, "and": 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "dot": 6, "^": 8,
}  # fmt: skip
_NOT, _SIGN, _ATOM = 3, 7, 9
_WORDS = {"dot": "·"}


def parts(node: Expr | Range, inside: bool = False) -> list[Step]:
    """Return the direct subexpressions of `node`, each with whether it stands inside a subscript or a range."""
    match node:
        case Number() | Text() | Whole():
            return []
        case Name(subs=subs):
            return [(item, True) for item in subs]
        case Unary(arg=arg):
            return [(arg, inside)]
        case Binary(left=left, right=right):
            return [(left, inside), (right, inside)]
        case Apply(args=args):
            return [(arg.value, inside) for arg in args]
        case Range(lo=lo, hi=hi):
            return [(lo, True), (hi, True)]
        case Comprehension(body=body, binders=binders, condition=condition):
            domains = [(b.domain, True) for b in binders if isinstance(b.domain, Range)]
            groups = [(sub, True) for b in binders if isinstance(b.domain, Name) for sub in b.domain.subs]
            held = [(condition, inside)] if condition is not None else []
            return [*domains, *groups, (body, inside), *held]
        case VectorLiteral(items=items):
            return [(item, inside) for item in items]


def walk(*roots: Expr | Range) -> Iterator[Step]:
    """Yield all nodes, parents first, each with whether it stands inside a subscript or a range. Costs no stack."""
    stack: list[Step] = [(root, isinstance(root, Range)) for root in reversed(roots)]
    while stack:
        node, inside = stack.pop()
        yield node, inside
        stack.extend(reversed(parts(node, inside)))


def target(statement: Statement) -> Name | None:
    """Return the name that a statement defines, or None: soft constraints and added terms define none."""
    match statement:
        case Random(lhs=Name() as lhs):
            return lhs
        case Define(target=name):
            return name
        case Random() | AddTerm():
            return None


def pieces(statement: Statement) -> tuple[DistPiece | ExprPiece, ...]:
    """Return the pieces of a statement's right side; an added term has one."""
    match statement:
        case Random(pieces=found) | Define(pieces=found):
            return found
        case AddTerm(value=value, condition=condition, span=span):
            return (ExprPiece(value, condition, span),)


def body(statement: Statement) -> list[Expr]:
    """Return the expressions that a statement's meaning is made of, without its target, facts and ranges."""
    found: list[Expr] = []
    if isinstance(statement, Random) and not isinstance(statement.lhs, Name):
        found.append(statement.lhs)
    for piece in pieces(statement):
        found.append(piece.dist if isinstance(piece, DistPiece) else piece.value)
        if piece.condition is not None and not isinstance(piece.condition, Otherwise):
            found.append(piece.condition)
    if isinstance(statement, Define) and statement.smoothly is not None:
        found.append(statement.smoothly)
    found += bounds(statement.clauses.truncated)
    found += bounds(statement.clauses.censored)
    if statement.clauses.weight is not None:
        found.append(statement.clauses.weight)
    return found


def bounds(interval: Interval | Censored | None) -> list[Expr]:
    """Return the bounds that an interval states."""
    return [limit for limit in (interval.lo, interval.hi) if limit is not None] if interval else []


def fact_values(fact: Fact) -> list[Expr]:
    """Return the expressions that a fact states its subject to lie at or between."""
    return [*([fact.value] if fact.value is not None else []), *bounds(fact.interval)]


def ranges(statement: Statement) -> list[Range]:
    """Return the ranges that a statement's own ``for`` clauses state."""
    return [binder.domain for binder in statement.clauses.binders if isinstance(binder.domain, Range)]


def show(node: Expr | Range | Interval) -> str:
    """Write an expression on one line, in the spec's notation, with the brackets it needs."""
    return _show(node)[0]


def _bracketed(node: Expr, least: int) -> str:
    text, strength = _show(node)
    return text if strength >= least else f"({text})"


def _show(node: Expr | Range | Interval) -> tuple[str, int]:
    match node:
        case Number(text=text, value=value, percent=percent):
            return (f"{value * 100:g}%" if percent else text), _ATOM
        case Text(value=value):
            return quoted(value), _ATOM
        case Whole():
            return "", _ATOM
        case Name(ident=ident, subs=subs):
            return ident + (f"[{', '.join(map(show, subs))}]" if subs else ""), _ATOM
        case Unary(op="not", arg=arg):
            return f"not {_bracketed(arg, _NOT)}", _NOT
        case Unary(op=op, arg=arg):
            return f"{op}{_bracketed(arg, _SIGN)}", _SIGN
        case Binary(op=op, left=left, right=right):
            strength = _STRENGTH[op]
            first, second = (strength + 1, _SIGN) if op == "^" else (strength, strength + 1)
            glue = op if op == "^" else f" {_WORDS.get(op, op)} "
            return f"{_bracketed(left, first)}{glue}{_bracketed(right, second)}", strength
        case Apply(func=func, args=args):
            shown = (f"{arg.name} = {show(arg.value)}" if arg.name else show(arg.value) for arg in args)
            return f"{func}({', '.join(shown)})", _ATOM
        case Comprehension(func=func, body=inner, binders=binders, condition=condition):
            held = f" if {show(condition)}" if condition is not None else ""
            return f"{func}({show(inner)} for {', '.join(map(show_binder, binders))}{held})", _ATOM
        case VectorLiteral(items=items):
            return f"({', '.join(map(show, items))})", _ATOM
        case Range(lo=lo, hi=hi):
            return f"{show(lo)}..{show(hi)}", _ATOM
        case Interval(lo=lo, hi=hi):
            return f"[{show(lo) if lo else ''}, {show(hi) if hi else ''}]", _ATOM
        case _:
            assert_never(node)


def show_binder(binder: ForBinder) -> str:
    """Write ``i in schools``, ``t in 2..T``."""
    return f"{binder.var} in {show(binder.domain)}"


def statement_text(statement: Statement) -> str:
    """Return a statement as the spec wrote it, without its note, on one line."""
    span = statement.span
    if span is None:
        return ""
    text = span.text
    note = statement.clauses.note_span
    if note is not None and span.start <= note.start <= span.end:
        # Whatever the note's span covers, its brackets go with it.
        text = text[: note.start - span.start].rstrip().removesuffix("[") + text[note.end - span.start :].lstrip(" ]")
    return " ".join(word for line in text.splitlines() for word in line.split("#", 1)[0].split())


def where(node: Expr | None, fallback: Span | None) -> Span | None:
    """Return the span of a node, or of what it stands in."""
    return node.span if node is not None and node.span is not None else fallback
