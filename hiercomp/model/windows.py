"""Sums over the places before one, ``sum(x_s for s in t-3..t-1)``, written as sums over how far back these lie.

What looks back by so many places is what later layers know: ``sum(x_{t-s} for s in 1..3)``. A range that begins where
another index stands is put so; one from 1 on, ``sum(x_s * w_{t-s} for s in 1..t-1)``, where it goes over earlier
elements of what its own statement is about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from hiercomp.model import surface
from hiercomp.model.letters import Reader
from hiercomp.model.merge import Entry
from hiercomp.model.substitution import changed
from hiercomp.records import record, replace
from hiercomp.syntax.ast import (
    AddTerm,
    Apply,
    Arg,
    Binary,
    Comprehension,
    Define,
    DistPiece,
    Expr,
    ForBinder,
    Name,
    Number,
    Random,
    Range,
    Statement,
    Unary,
)

_REDUCED = frozenset({"sum", "mean", "prod", "min", "max", "log_sum_exp"})


def looking_back(entries: Sequence[Entry], reader: Reader) -> tuple[Entry, ...]:
    """Return the statements with their sums over a window, and over the past of what they are about, looking back."""
    return tuple(replace(entry, statement=_statement(entry.statement, entry.name, reader)) for entry in entries)


def _statement(statement: Statement, name: str | None, reader: Reader) -> Statement:
    def change(expr: Expr) -> Expr:
        made = changed(expr, change)
        return _turned(made, name, reader) if isinstance(made, Comprehension) else made

    match statement:
        case Define(pieces=pieces):
            values = tuple(replace(piece, value=change(piece.value)) for piece in pieces)
            return statement if values == pieces else replace(statement, pieces=values)
        case Random(pieces=pieces):
            dists = tuple(_dist(piece, change) for piece in pieces)
            return statement if dists == pieces else replace(statement, pieces=dists)
        case AddTerm(value=value):
            made = change(value)
            return statement if made == value else replace(statement, value=made)


def _dist(piece: DistPiece, change: Callable[[Expr], Expr]) -> DistPiece:
    made = change(piece.dist)
    return replace(piece, dist=made) if isinstance(made, Apply) and made != piece.dist else piece


def _turned(node: Comprehension, name: str | None, reader: Reader) -> Comprehension:
    """Return a comprehension with its range, if it is one of the places before an index, as how far back these are."""
    if node.func not in _REDUCED or len(node.binders) != 1:
        return node
    (binder,) = node.binders
    past = _past(binder, node, name, reader)
    if past is None:
        return node
    here = _sum({past.index: 1, binder.var: -1}, 1 - past.less)

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Name):
            base, subs = reader.subs(expr)
            if not subs:
                return here if base == binder.var else expr
            made = tuple(_plain(change(sub)) for sub in subs)
            return expr if made == subs else Name(base, made, expr.span)
        return changed(expr, change)

    domain = Range(Number(1, "1"), past.count, binder.domain.span)
    condition = change(node.condition) if node.condition is not None else None
    return replace(node, body=change(node.body), binders=(replace(binder, domain=domain),), condition=condition)


@record
class _Past:
    """A range that ends `less` before where `index` stands, and has `count` places."""

    index: str
    less: int
    count: Expr


def _past(binder: ForBinder, node: Comprehension, name: str | None, reader: Reader) -> _Past | None:
    match binder.domain:
        case Range(lo=lo, hi=Name(ident=index, subs=()) as hi):
            less = 0
        case Range(lo=lo, hi=Binary(op="-", left=Name(ident=index, subs=()), right=Number(value=int(less))) as hi):
            pass
        case _:
            return None
    if not reader.is_index(index):
        return None
    match lo:
        case Binary(op="-", left=Name(ident=first, subs=()), right=back) if first == index:
            return _Past(index, less, _plain(Binary("+", back, Number(1 - less, str(1 - less)))))
        case Apply(func="max" | "fmax", args=(Arg(value=one), Arg(value=two))) if Number(1, "1") in (one, two):
            # As far back as there is anything.
            far = two if one == Number(1, "1") else one
            window = _past(replace(binder, domain=Range(far, hi)), node, None, reader)
            return window and replace(window, count=Apply("min", (Arg(hi), Arg(window.count))))
        case Number(value=1) if name is not None and less > 0 and _uses(node.body, name, binder.var, reader):
            return _Past(index, less, hi)
        case _:
            return None


def _uses(body: Expr, name: str, letter: str, reader: Reader) -> bool:
    """Say whether an expression has the elements of a name at the places that a letter runs over."""
    for part, _ in surface.walk(body):
        if isinstance(part, Name):
            base, subs = reader.subs(part)
            if base == name and any(isinstance(sub, Name) and sub.ident == letter for sub in subs):
                return True
    return False


def _plain(expr: Expr) -> Expr:
    """Return a sum of names and whole numbers with what cancels left out: `s` for ``t - (t - s)``."""
    terms: dict[str, int] = {}
    count = 0
    pending: list[tuple[Expr, int]] = [(expr, 1)]
    while pending:
        node, sign = pending.pop()
        match node:
            case Binary(op="+" | "-" as op, left=left, right=right):
                pending += [(right, sign if op == "+" else -sign), (left, sign)]
            case Number(value=int(value)):
                count += sign * value
            case Name(ident=word, subs=()):
                terms[word] = terms.get(word, 0) + sign
            case _:
                return expr
    return _sum(terms, count)


def _sum(terms: Mapping[str, int], count: int) -> Expr:
    """Return a sum of names and a whole number, what is taken off behind what is added."""
    parts: list[tuple[Expr, bool]] = []
    for word, often in sorted(terms.items(), key=lambda item: item[1] < 0):
        parts += [(Name(word), often > 0)] * abs(often)
    if count or not parts:
        number = Number(abs(count), str(abs(count)))
        parts.insert(0 if parts and not parts[0][1] and count > 0 else len(parts), (number, count >= 0))
    (made, positive), *rest = parts
    result: Expr = made if positive else Unary("-", made)
    for part, added in rest:
        result = Binary("+" if added else "-", result, part)
    return result
