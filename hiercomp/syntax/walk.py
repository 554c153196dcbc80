"""Walks over the surface tree, iterative: what is too deep must be measured before anything recurses into it."""

from __future__ import annotations

from collections.abc import Iterator

from hiercomp.syntax.ast import (
    AddTerm,
    Apply,
    Binary,
    Comprehension,
    Define,
    Expr,
    Fact,
    ForBinder,
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

MAX_DEPTH = 200


def children(expr: Expr) -> tuple[Expr, ...]:
    """Return the direct subexpressions of `expr`, left to right."""
    match expr:
        case Number() | Text() | Whole():
            return ()
        case Name(subs=subs):
            return subs
        case Unary(arg=arg):
            return (arg,)
        case Binary(left=left, right=right):
            return (left, right)
        case Apply(args=args):
            return tuple(arg.value for arg in args)
        case Comprehension(body=body, binders=binders, condition=condition):
            ranges = (part for binder in binders for part in _binder(binder))
            return (body, *ranges) if condition is None else (body, *ranges, condition)
        case VectorLiteral(items=items):
            return items


def _binder(binder: ForBinder) -> tuple[Expr, ...]:
    domain = binder.domain
    return (domain.lo, domain.hi) if isinstance(domain, Range) else (domain,)


def _fact(fact: Fact) -> tuple[Expr, ...]:
    parts: list[Expr | None] = [fact.subject, fact.value]
    if fact.interval is not None:
        parts += [fact.interval.lo, fact.interval.hi]
    return tuple(part for part in parts if part is not None)


def expressions(statement: Statement) -> tuple[Expr, ...]:
    """Return the expressions of `statement` and of its clauses, outermost only."""
    parts: list[Expr | None] = []
    match statement:
        case Define(target=target, pieces=pieces, smoothly=rate):
            parts += [target, rate, *(piece.value for piece in pieces)]
            parts += [piece.condition for piece in pieces if not isinstance(piece.condition, Otherwise)]
        case Random(lhs=lhs, pieces=pieces):
            parts += [lhs, *(piece.dist for piece in pieces)]
            parts += [piece.condition for piece in pieces if not isinstance(piece.condition, Otherwise)]
        case AddTerm(value=value, condition=condition):
            parts += [value, condition]
    clauses = statement.clauses
    for fact in clauses.facts:
        parts += _fact(fact)
    for binder in clauses.binders:
        parts += _binder(binder)
    if clauses.truncated is not None:
        parts += [clauses.truncated.lo, clauses.truncated.hi]
    if clauses.censored is not None:
        parts += [clauses.censored.lo, clauses.censored.hi]
    parts.append(clauses.weight)
    return tuple(part for part in parts if part is not None)


def depth(statement: Statement) -> int:
    """Return how many expressions of `statement` are nested inside each other at most."""
    return nesting(expressions(statement))


def nesting(exprs: tuple[Expr, ...]) -> int:
    """Return how many expressions are nested inside each other at most."""
    deepest = 0
    stack = [(expr, 1) for expr in exprs]
    while stack:
        expr, level = stack.pop()
        deepest = max(deepest, level)
        stack.extend((child, level + 1) for child in children(expr))
    return deepest


def mentioned(exprs: tuple[Expr, ...]) -> Iterator[Name]:
    """Yield every name that `exprs` mention, subscripts included."""
    stack = list(reversed(exprs))
    while stack:
        expr = stack.pop()
        if isinstance(expr, Name):
            yield expr
        stack.extend(reversed(children(expr)))
