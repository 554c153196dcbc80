"""One statement's tokens to one node: the grammar's verdict, or a diagnostic."""

from __future__ import annotations

from typing import cast

from hiercomp.diagnostics import Diagnostic
from hiercomp.records import record, replace
from hiercomp.source import Source, Span
from hiercomp.syntax import problems
from hiercomp.syntax.ast import (
    ColumnDecl,
    DataDecl,
    DesignDecl,
    Expr,
    FitDecl,
    FunctionDecl,
    IndexDecl,
    LevelsDecl,
    Statement,
)
from hiercomp.syntax.grammar import StuckError, run
from hiercomp.syntax.headers import IndexHeader, ModelHeader, StudyHeader
from hiercomp.syntax.lexer import StatementLexer
from hiercomp.syntax.pieces import Draft
from hiercomp.syntax.problems.base import RejectedError
from hiercomp.syntax.stream import Note
from hiercomp.syntax.walk import MAX_DEPTH, depth, mentioned, nesting

_SHORT = 2 * MAX_DEPTH  # fewer tokens cannot nest deeper than MAX_DEPTH operations


@record
class Header:
    """A ``model`` or ``study`` line with its note."""

    header: ModelHeader | StudyHeader
    note: str


type Node = tuple[Statement, ...] | tuple[IndexDecl, ...] | DataDecl | ColumnDecl | FunctionDecl | FitDecl | Header


def build(lexer: StatementLexer, section: str) -> Node | list[Diagnostic]:
    """Return what the statement in `lexer` is, or everything that is wrong with it."""
    if lexer.later is not None:
        return [problems.headers.later(lexer.later, f"`{lexer.later.text}`")]
    if lexer.problems:
        from hiercomp.syntax.expectations import is_prose, prose  # noqa: PLC0415

        return [prose(lexer.tokens)] if is_prose(lexer.tokens) else lexer.problems
    if not lexer.tokens:
        return [problems.headers.note_alone(lexer.notes[0].span)]
    tokens = lexer.tokens
    span = Span(lexer.source, tokens[0].start, tokens[-1].end)
    try:
        found = run(tokens, lexer.source)
    except StuckError as problem:
        from hiercomp.syntax.expectations import explain  # noqa: PLC0415

        return [explain(problem, tokens)]
    except RejectedError as reject:
        return [reject.diagnostic]
    note = "; ".join(note.text for note in lexer.notes if note.text)
    match found:
        case Draft():
            note_span = lexer.notes[0].span if note else None
            made = found.finish(note, note_span, section, span)
            # Several differ in nothing but a name.
            if len(tokens) > _SHORT and (levels := depth(made[0])) > MAX_DEPTH:
                return [problems.statements.too_long(span, MAX_DEPTH, levels)]
            return made
        case DataDecl():
            return replace(found, note=note, span=span)
        case DesignDecl() | LevelsDecl():
            return replace(found, note=note, span=span)
        case FunctionDecl():
            if len(tokens) > _SHORT and (levels := nesting((found.body,))) > MAX_DEPTH:
                return [problems.statements.too_long(span, MAX_DEPTH, levels)]
            return replace(found, note=note, span=span)
        case FitDecl():
            return replace(found, note=note, span=span)
        case ModelHeader() | StudyHeader():
            return Header(found, note)
        case IndexHeader(binders=binders):
            return tuple(IndexDecl(binder, note, span=span) for binder in binders)
        case _:
            raise AssertionError(found)


def ambiguous(note: Note, source: Source, names: frozenset[str]) -> Diagnostic | None:
    """Return the diagnostic for a note that would also read as an index over `names`, which the spec uses."""
    if note.target is None or "\n" in note.span.text:
        return None
    lexer = StatementLexer(source)
    lexer.line(note.span.start + 1, note.span.end - 1, note.span.end - 1)
    if lexer.problems or lexer.notes or lexer.later is not None or lexer.stack or not lexer.tokens:
        return None
    try:
        items = run(lexer.tokens, source, "note")
    except (StuckError, RejectedError):
        return None
    if not all(name.ident in names for name in mentioned(cast(tuple[Expr, ...], items))):
        return None
    return problems.lexical.note_or_index(note, note.target)
