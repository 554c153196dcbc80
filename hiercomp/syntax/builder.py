"""What the grammar's rules build: lark calls the method named like a rule with the rule's parts, left to right."""

from __future__ import annotations

from typing import Any, cast

from hiercomp.records import replace
from hiercomp.source import Span
from hiercomp.syntax import clauses, headers, pieces, problems
from hiercomp.syntax.ast import (
    Apply,
    Arg,
    Censored,
    Coding,
    Comprehension,
    DataDecl,
    DesignDecl,
    Expr,
    Fact,
    FitDecl,
    ForBinder,
    FunctionDecl,
    Interval,
    LevelsDecl,
    Name,
    Number,
    Text,
    VectorLiteral,
    Whole,
)
from hiercomp.syntax.headers import IndexHeader, ModelHeader, StudyHeader, fit_settings
from hiercomp.syntax.numbers import literal
from hiercomp.syntax.operators import climb, covering
from hiercomp.syntax.problems.base import RejectedError
from hiercomp.syntax.tokens import Tok

type Part = Any


def _between(first: Tok, last: Tok) -> Span:
    return Span(first.source, first.start, last.end)


def _items(parts: list[Part]) -> list[Expr]:
    return [part for part in parts if not isinstance(part, Tok)]


def _binders(parts: list[Part]) -> tuple[ForBinder, ...]:
    found: list[ForBinder] = []
    for part in parts:
        if isinstance(part, tuple):
            found.extend(cast(tuple[ForBinder, ...], part))
    return tuple(found)


class Builder:
    """Builds the surface tree; raises `problems.RejectedError` where what fits the grammar still makes no sense."""

    # --- expressions

    def number(self, parts: list[Part]) -> Number:
        token: Tok = parts[0]
        return literal(token)

    def text(self, parts: list[Part]) -> Text:
        token: Tok = parts[0]
        return Text(token.text, token.span)

    def whole(self, _: list[Part]) -> Whole:
        return Whole()

    def name(self, parts: list[Part]) -> Name:
        first: Tok = parts[0]
        if len(parts) == 1:
            return Name(first.text, (), Span(first.source, first.start, first.end))
        return Name(first.text, tuple(_items(parts)), _between(first, parts[-1]))

    def argument(self, parts: list[Part]) -> Arg:
        if len(parts) == 1:
            return Arg(parts[0], None, parts[0].span)
        name: Tok = parts[0]
        return Arg(parts[2], name.text, covering(name.span, parts[2].span))

    def apply(self, parts: list[Part]) -> Apply:
        func: Tok = parts[0]
        args = tuple(part for part in parts if isinstance(part, Arg))
        return Apply(func.text, args, func.span, _between(func, parts[-1]))

    def comprehension(self, parts: list[Part]) -> Comprehension:
        func: Tok = parts[0]
        made = self.members(parts[1:])
        return replace(made, func=func.text, span=_between(func, parts[-1]))

    def members(self, parts: list[Part]) -> Comprehension:
        condition: Expr | None = parts[-2] if isinstance(parts[-3], Tok) and parts[-3].type == "IF" else None
        return Comprehension("", parts[1], _binders(parts), condition, _between(parts[0], parts[-1]))

    def group(self, parts: list[Part]) -> Expr:
        return parts[1]

    def vector(self, parts: list[Part]) -> VectorLiteral:
        return VectorLiteral(tuple(_items(parts)), _between(parts[0], parts[-1]))

    def root(self, parts: list[Part]) -> Apply:
        sign: Tok = parts[0]
        value: Expr = parts[1]
        return Apply("sqrt", (Arg(value, None, value.span),), sign.span, covering(sign.span, value.span))

    def operation(self, parts: list[Part]) -> Expr:
        return climb(parts)

    # --- clauses

    def bounded(self, parts: list[Part]) -> Interval:
        comma = next(n for n, part in enumerate(parts) if isinstance(part, Tok) and part.type == "COMMA")
        low, high = _items(parts[:comma]), _items(parts[comma:])
        return Interval(low[0] if low else None, high[0] if high else None, _between(parts[0], parts[-1]))

    def binder(self, parts: list[Part]) -> tuple[ForBinder, ...]:
        at = next(n for n, part in enumerate(parts) if isinstance(part, Tok) and part.type == "IN")
        domain = clauses.domain(parts[at + 1 :])
        variables = [part for part in parts[:at] if part.type == "NAME"]
        return tuple(ForBinder(token.text, domain, covering(token.span, domain.span)) for token in variables)

    def quantified(self, parts: list[Part]) -> clauses.For:
        return clauses.For(_binders(parts), parts[0].span)

    def predicate(self, parts: list[Part]) -> list[Part]:
        return parts

    def fact(self, parts: list[Part]) -> clauses.RawFact:
        subjects = tuple(_items(parts[:-1]))
        return clauses.RawFact(subjects, parts[-1])

    def facts(self, parts: list[Part]) -> clauses.Where:
        found: list[Fact] = []
        for part in parts:
            if isinstance(part, clauses.RawFact):
                found.extend(clauses.facts(part, found[-1].subject if found else None, parts[0]))
        return clauses.Where(tuple(found), parts[0].span)

    def truncated(self, parts: list[Part]) -> clauses.Truncated:
        return clauses.Truncated(parts[2], covering(parts[0].span, parts[2].span))

    def censored(self, parts: list[Part]) -> Censored:
        last, word = parts[-1], parts[1].text
        span = covering(parts[0].span, last.span)
        if isinstance(last, Interval):
            return Censored(last.lo, last.hi, span=span)
        return Censored(last, None, span=span) if word == "below" else Censored(None, last, word == "up", span)

    def weighted(self, parts: list[Part]) -> clauses.Weighted:
        return clauses.Weighted(parts[-1], covering(parts[0].span, parts[-1].span))

    def smoothly(self, parts: list[Part]) -> clauses.Smoothly:
        return clauses.Smoothly(parts[2], _between(parts[0], parts[3]))

    # --- statements

    def definition(self, parts: list[Part]) -> pieces.Draft:
        return pieces.define(parts)

    def random(self, parts: list[Part]) -> pieces.Draft:
        return pieces.random(parts)

    def increment(self, parts: list[Part]) -> pieces.Draft:
        return pieces.increment(parts)

    # --- headers

    def function(self, parts: list[Part]) -> FunctionDecl:
        name: Tok = parts[1]
        params = tuple(part.text for part in parts[2:-1] if isinstance(part, Tok) and part.type == "NAME")
        return FunctionDecl(name.text, params, parts[-1])

    def term(self, parts: list[Part]) -> tuple[Expr, ...] | tuple[Tok, Tok]:
        if isinstance(parts[0], Tok):
            return parts[0], parts[2]
        return tuple(_items(parts))

    def coding(self, parts: list[Part]) -> Coding:
        return headers.coding(parts)

    def design(self, parts: list[Part]) -> DesignDecl:
        name: Tok = parts[1]
        return DesignDecl(name.text, tuple(part for part in parts if isinstance(part, Coding)))

    def levels(self, parts: list[Part]) -> LevelsDecl:
        return headers.levels(parts)

    def model(self, parts: list[Part]) -> ModelHeader:
        name: Tok = parts[1]
        base: Tok | None = parts[3] if len(parts) > 2 else None
        return ModelHeader(name, base, parts[0].span)

    def study(self, parts: list[Part]) -> StudyHeader:
        return StudyHeader(parts[0].span)

    def data(self, parts: list[Part]) -> DataDecl:
        return DataDecl(parts[1].text, span=parts[1].span)

    def indices(self, parts: list[Part]) -> IndexHeader:
        lefts, (_, *rest) = pieces.lefts(parts)
        over = clauses.domain(rest)
        binders: list[ForBinder] = []
        for left in lefts:
            if not isinstance(left, Name) or left.subs:
                raise RejectedError(problems.headers.no_letter(left))
            binders.append(ForBinder(left.ident, over, covering(left.span, over.span)))
        return IndexHeader(tuple(binders))

    def setting(self, parts: list[Part]) -> tuple[Tok, Tok]:
        name = next(part for part in parts if part.type == "NAME")
        value = next(part for part in parts if part.type == "NUMBER")
        return name, value

    def fit(self, parts: list[Part]) -> FitDecl:
        return FitDecl(fit_settings([part for part in parts if isinstance(part, tuple)]), span=parts[0].span)

    # --- notes

    def note(self, parts: list[Part]) -> tuple[Expr, ...]:
        return tuple(_items(parts))
