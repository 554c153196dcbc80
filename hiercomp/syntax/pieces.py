"""Statements of a model: the left side, the pieces and the clauses that the grammar found, checked and put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hiercomp.records import record, replace
from hiercomp.source import Span
from hiercomp.syntax import problems
from hiercomp.syntax.ast import (
    AddTerm,
    Apply,
    Clauses,
    Condition,
    Define,
    DistPiece,
    Expr,
    ExprPiece,
    Name,
    Number,
    Otherwise,
    Random,
    Statement,
)
from hiercomp.syntax.clauses import Gathered, gather
from hiercomp.syntax.operators import covering
from hiercomp.syntax.problems.base import RejectedError
from hiercomp.syntax.tokens import LINKS, Tok

MOST_PIECES = 100
MOST_TOGETHER = 100


@record
class Draft:
    """A statement that lacks what the grammar does not see: its note, its section and its extent."""

    gathered: Gathered
    make: Callable[[Clauses, str, Span], tuple[Statement, ...]]

    def finish(self, note: str, note_span: Span | None, section: str, span: Span) -> tuple[Statement, ...]:
        """Return the statement, or the several that ``a, b ~ ...`` stands for."""
        return self.make(self.gathered.clauses(note, note_span), section, span)


@record
class _Piece:
    value: Expr
    condition: Condition | None
    span: Span | None


def _split(parts: list[Any]) -> tuple[list[_Piece], Gathered]:
    """Part what follows the left side into pieces and clauses."""
    found: list[_Piece] = []
    clauses: list[Any] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        if not (isinstance(part, Tok) and part.type in _STARTS):
            clauses.append(part)
            at += 1
            continue
        value: Expr = parts[at + 1]
        at += 2
        condition: Condition | None = None
        if at < len(parts) and isinstance(parts[at], Tok):
            if parts[at].type == "IF":
                condition = parts[at + 1]
                at += 2
            elif parts[at].type == "OTHERWISE":
                condition = Otherwise(parts[at].span)
                at += 1
        found.append(_Piece(value, condition, covering(value.span, condition.span if condition else value.span)))
    gathered = gather(clauses)
    _check(found, gathered, random=parts[0].type == "TILDE")
    return found, gathered


_STARTS = frozenset({"EQ", "NEXT_EQ", "TILDE", "NEXT_TILDE"})


def _check(found: list[_Piece], gathered: Gathered, *, random: bool) -> None:
    if len(found) > MOST_PIECES:
        raise RejectedError(problems.statements.too_many_pieces(found[MOST_PIECES].span, len(found), MOST_PIECES))
    for number, piece in enumerate(found):
        last = number == len(found) - 1
        if piece.condition is None and len(found) > 1:
            raise RejectedError(problems.statements.piece_without_condition(piece.span, last=last))
        if isinstance(piece.condition, Otherwise) and (not last or len(found) == 1):
            raise RejectedError(problems.statements.otherwise_misplaced(piece.condition.span, alone=len(found) == 1))
    if len(found) == 1 and found[0].condition is not None and not random:
        raise RejectedError(problems.statements.single_piece(found[0].condition.span))
    if gathered.smoothly is not None:
        end = found[-1].span
        if len(found) == 1:
            raise RejectedError(problems.statements.smoothly_alone(gathered.smoothly.span))
        if end is not None and gathered.smoothly.span.start < end.start:
            raise RejectedError(problems.statements.smoothly_early(gathered.smoothly.span))


def lefts(parts: list[Any]) -> tuple[list[Expr], list[Any]]:
    """Part ``a, b ~ ...`` into what stands to the left of the sign, and the sign with all behind it."""
    at = next(n for n, part in enumerate(parts) if isinstance(part, Tok) and part.type != "COMMA")
    return parts[:at:2], parts[at:]


def define(parts: list[Any]) -> Draft:
    """``name = expr``, ``log(name) = expr``, and their piecewise forms."""
    found_left, parts = lefts(parts)
    if len(found_left) > 1:
        raise RejectedError(problems.statements.several_defined(found_left))
    target, link = _target(found_left[0])
    if len(parts) == 2:
        only: Expr = parts[1]
        simple = (ExprPiece(only, None, only.span),)
        return Draft(gather(()), lambda c, section, span: (Define(target, simple, c, link, None, section, span),))
    found, gathered = _split(parts)
    values = tuple(ExprPiece(piece.value, piece.condition, piece.span) for piece in found)
    rate = gathered.smoothly.rate if gathered.smoothly else None
    return Draft(gathered, lambda c, section, span: (Define(target, values, c, link, rate, section, span),))


def _target(lhs: Expr) -> tuple[Name, str]:
    match lhs:
        case Name():
            return lhs, ""
        case Apply(func=func, args=(arg,)) if func in LINKS and arg.name is None and isinstance(arg.value, Name):
            return arg.value, func
        case _:
            raise RejectedError(problems.statements.left_side(lhs))


def random(parts: list[Any]) -> Draft:
    """``lhs ~ Dist(args)`` and its piecewise form; ``a, b ~ Dist(args)`` is a statement for each name."""
    left, parts = lefts(parts)
    if len(left) == 1 and isinstance(left[0], Number):
        raise RejectedError(problems.statements.left_side(left[0]))
    if len(left) > 1 and (other := next((lhs for lhs in left if not isinstance(lhs, Name)), None)):
        raise RejectedError(problems.statements.no_name(other))
    if len(left) > MOST_TOGETHER:
        raise RejectedError(problems.statements.too_many_names(left[MOST_TOGETHER].span, len(left), MOST_TOGETHER))
    found, gathered = _split(parts)
    if gathered.smoothly is not None:
        raise RejectedError(problems.statements.smoothly_random(gathered.smoothly.span))
    pieces = tuple(DistPiece(_distribution(piece.value, parts[0]), piece.condition, piece.span) for piece in found)
    if len(left) == 1:
        return Draft(gathered, lambda c, section, span: (Random(left[0], pieces, c, section, span),))
    return Draft(gathered, lambda c, section, span: _together(left, Random(left[0], pieces, c, section, span)))


def _together(left: list[Expr], first: Random) -> tuple[Random, ...]:
    """Return a statement for each of `left`; a fact goes with the name that it is about, else with the first."""
    places = {lhs.ident: place for place, lhs in enumerate(left) if isinstance(lhs, Name)}
    return tuple(
        replace(
            first,
            lhs=lhs,
            clauses=replace(
                first.clauses,
                facts=tuple(fact for fact in first.clauses.facts if places.get(fact.subject.ident, 0) == place),
            ),
        )
        for place, lhs in enumerate(left)
    )


def _distribution(value: Expr, tilde: Tok) -> Apply:
    if not isinstance(value, Apply):
        raise RejectedError(problems.statements.no_distribution(value, tilde))
    return value


def increment(parts: list[Any]) -> Draft:
    """``log_density += expr``."""
    lhs: Expr = parts[0]
    if lhs != Name("log_density"):
        raise RejectedError(problems.statements.increment_target(lhs, parts[1]))
    value: Expr = parts[2]
    conditional = len(parts) > 3 and isinstance(parts[3], Tok) and parts[3].type == "IF"
    condition: Expr | None = parts[4] if conditional else None
    gathered = gather(parts[5 if conditional else 3 :])
    if gathered.smoothly is not None:
        raise RejectedError(problems.statements.smoothly_alone(gathered.smoothly.span))
    return Draft(gathered, lambda c, section, span: (AddTerm(value, c, condition, section, span),))
