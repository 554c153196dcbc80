"""Diagnostics of documents."""

from __future__ import annotations

from hiercomp.diagnostics import Diagnostic, Severity
from hiercomp.source import Source, Span
from hiercomp.syntax.problems.base import quoted, second


def no_blocks(source: Source) -> Diagnostic:
    """A document without a block that is read."""
    return Diagnostic(
        "H70",
        "no model was found in this document",
        Span(source, 0, 0),
        expected="a fenced block without a language, or with `hier`, that holds statements: `mu ~ Normal(0, 20)`",
        found="a document without one",
        help="put the statements between a line ```hier and a line ```; blocks in other languages are left alone",
    )


_DIRECTIVES = {"extends": "extends model-one", "name": "name noncentered", "data": "data schools.csv"}


def comment_wrong(span: Span) -> Diagnostic:
    """A `hier` comment with something else in it than directives."""
    return Diagnostic(
        "H71",
        "this is not understood in a `hier` comment",
        span,
        expected="`extends NAME`, `data FILE`, `name NAME` or `skip`, separated by semicolons",
        found=quoted(span),
        help=_directive(span.text),
    )


def _directive(text: str) -> str:
    """Say which directive a part of a comment may have been meant as."""
    words = text.split()
    last = words[-1].strip("\"'`:=,") if words else ""
    if len(words) == 1 and last in _DIRECTIVES:
        return f"say which: `{_DIRECTIVES[last]}`"
    if last.lower().endswith((".csv", ".tsv", ".json", ".parquet")):
        return f"write `data {last}` for the file with the data"
    if words and words[0] == "skip":
        return "write `skip` alone to leave the block out"
    if len(words) > 1:
        return f"write `extends {last}` to take over the statements of `{last}`, or take it out"
    return "take it out, or write `skip` to leave the block out"


def empty_fence(span: Span) -> Diagnostic:
    """A block that is marked as a model and states nothing."""
    return Diagnostic(
        "H72",
        "this block holds no statement",
        span,
        expected="statements such as `mu ~ Normal(0, 20)`",
        found="none",
        help="delete the block, or its `hier` mark",
    )


def unclosed_fence(span: Span) -> Diagnostic:
    """A fence that runs to the end of the document."""
    return Diagnostic(
        "W30",
        "this fence is never closed; everything below was read as part of it",
        span,
        help=f"close it with a line `{span.text[:3]}`",
        severity=Severity.WARNING,
    )


def left_alone(span: Span, reason: Diagnostic) -> Diagnostic:
    """A block without a mark that may have been meant as a model; `reason` is what stopped its reading."""
    return Diagnostic(
        "W31",
        "this block looks like statements but does not read as a model; it is left alone",
        span,
        found=reason.message,
        help="mark it ```hier to have its errors reported, or ```text to leave it alone for good",
        severity=Severity.WARNING,
        secondary=second(reason.primary, "read so far"),
    )


def orphan_comment(span: Span) -> Diagnostic:
    """A `hier` comment with text or nothing below it."""
    return Diagnostic(
        "W32",
        "this `hier` comment stands above no block and says nothing",
        span,
        expected="a fence right below it",
        severity=Severity.WARNING,
    )


def comment_elsewhere(span: Span, language: str) -> Diagnostic:
    """A `hier` comment above a block in another language."""
    return Diagnostic(
        "W32",
        "this `hier` comment stands above a block that is not read",
        span,
        expected="a fence without a language, or with `hier`",
        found=f"a fence with the language `{language}`",
        severity=Severity.WARNING,
    )
