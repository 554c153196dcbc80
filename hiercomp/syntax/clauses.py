"""Clauses of a statement: binders, facts, bounds and modifiers, gathered into one `Clauses`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from hiercomp.records import record
from hiercomp.source import Span
from hiercomp.syntax import problems
from hiercomp.syntax.ast import Censored, Clauses, Expr, Fact, ForBinder, Interval, Name, Range
from hiercomp.syntax.operators import covering
from hiercomp.syntax.problems.base import RejectedError
from hiercomp.syntax.tokens import Tok


@record
class For:
    binders: tuple[ForBinder, ...]
    span: Span


@record
class Where:
    facts: tuple[Fact, ...]
    span: Span


@record
class Truncated:
    interval: Interval
    span: Span | None


@record
class Weighted:
    weight: Expr
    span: Span | None


@record
class Smoothly:
    rate: Expr
    span: Span


type Clause = For | Where | Truncated | Censored | Weighted | Smoothly | Tok


@record
class RawFact:
    """A fact before its subjects are known: what stands before the predicate, and the predicate's parts."""

    subjects: tuple[Expr, ...]
    predicate: list[Any]


def domain(parts: Sequence[Any]) -> Name | Range:
    """Return what an index ranges over: ``schools``, ``choices_m`` or ``1..N``."""
    if len(parts) > 1:
        low, high = cast(Expr, parts[0]), cast(Expr, parts[2])
        return Range(low, high, covering(low.span, high.span))
    if not isinstance(parts[0], Name):
        raise RejectedError(problems.statements.no_domain(cast(Expr, parts[0])))
    return parts[0]


# --- facts

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_ARTICLES = frozenset({"a", "an", "the"})
_KNOWN = frozenset({"known", "given", "data"})


def facts(raw: RawFact, previous: Name | None, where: Tok) -> list[Fact]:
    """Return what one part of a ``where`` says, a fact for each of its subjects."""
    parts = raw.predicate
    if len(parts) == 4 and parts[0].type == "REL":
        return _between(raw, parts)
    if parts[0].type == "IS" and isinstance(parts[1], Tok) and parts[1].type != "WORD":
        parts = parts[1:]  # "is > 0", "is in [0, 1]"
    subjects = raw.subjects
    if not subjects:
        if previous is None:
            raise RejectedError(problems.statements.fact_without_subject(parts[0], where))
        return [_fact(previous, parts)]
    if (
        len(subjects) == 1
        and not isinstance(subjects[0], Name)
        and parts[0].type == "REL"
        and isinstance(parts[1], Name)
    ):
        return [_compare(parts[1], _FLIPPED[parts[0].text], subjects[0])]
    return [_fact(subject, parts) for subject in subjects]


def _between(raw: RawFact, parts: list[Any]) -> list[Fact]:
    """``0 < b < 1`` says two things of b."""
    if len(raw.subjects) != 1:
        raise RejectedError(problems.statements.fact_without_subject(parts[0], parts[0]))
    subject = parts[1]
    return [_compare(subject, _FLIPPED[parts[0].text], raw.subjects[0]), _compare(subject, parts[2].text, parts[3])]


def _compare(subject: Expr, op: str, value: Expr) -> Fact:
    if not isinstance(subject, Name):
        raise RejectedError(problems.statements.fact_subject(subject))
    return Fact(subject, "compare", cast(Any, op), value, None, "", covering(subject.span, value.span))


def _fact(subject: Expr, parts: list[Any]) -> Fact:
    if not isinstance(subject, Name):
        raise RejectedError(problems.statements.fact_subject(subject))
    span = covering(subject.span, parts[-1].span)
    match parts[0].type:
        case "REL":
            return _compare(subject, parts[0].text, parts[1])
        case "IN":
            return Fact(subject, "interval", None, None, parts[1], "", span)
        case _:
            words = [token.text for token in parts[1:]]
            if len(words) > 1 and words[0] in _ARTICLES:
                words = words[1:]
            word = " ".join(words)
            if word in _KNOWN:
                return Fact(subject, "known", span=span)
            if word == "observed":
                return Fact(subject, "observed", span=span)
            return Fact(subject, "is", word=word, span=span)


# --- all clauses of a statement


@record
class Gathered:
    """The clauses of one statement, and the one that is not kept in `Clauses`: its smoothing rate."""

    facts: tuple[Fact, ...]
    binders: tuple[ForBinder, ...]
    truncated: Interval | None
    centering: str
    modifiers: tuple[str, ...]
    smoothly: Smoothly | None
    censored: Censored | None = None
    weight: Expr | None = None

    def clauses(self, note: str, note_span: Span | None) -> Clauses:
        centering = cast(Any, self.centering or None)
        return Clauses(
            self.facts,
            self.binders,
            self.truncated,
            centering,
            self.modifiers,
            self.censored,
            self.weight,
            note,
            note_span,
        )


NONE = Gathered((), (), None, "", (), None)


def gather(parts: Sequence[Clause]) -> Gathered:
    """Return `parts` sorted by kind; `RejectedError` where one is given twice or two contradict each other."""
    if not parts:
        return NONE
    found: tuple[Fact, ...] = ()
    binders: tuple[ForBinder, ...] = ()
    once: dict[str, Clause] = {}
    modifiers: list[str] = []
    for part in parts:
        match part:
            case Where():
                found += part.facts
            case For():
                binders += part.binders
            case Tok(type="MODIFIER"):
                if part.text not in modifiers:
                    modifiers.append(part.text)
            case Tok() | Truncated() | Censored() | Weighted() | Smoothly():
                kind = part.type if isinstance(part, Tok) else type(part).__name__
                if kind in once:
                    raise RejectedError(problems.statements.clause_twice(part.span, once[kind].span))
                once[kind] = part
    centering = once.get("CENTERING")
    truncated = once.get("Truncated")
    smoothly = once.get("Smoothly")
    censored, weighted = once.get("Censored"), once.get("Weighted")
    return Gathered(
        found,
        binders,
        truncated.interval if isinstance(truncated, Truncated) else None,
        ("non-centered" if centering.text.startswith("non") else "centered") if isinstance(centering, Tok) else "",
        tuple(modifiers),
        smoothly if isinstance(smoothly, Smoothly) else None,
        censored if isinstance(censored, Censored) else None,
        weighted.weight if isinstance(weighted, Weighted) else None,
    )
