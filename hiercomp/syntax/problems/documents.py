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
        help="blocks in other languages are left alone",
    )


def comment_wrong(span: Span) -> Diagnostic:
    """A `hier` comment with something else in it than directives."""
    return Diagnostic(
        "H71",
        "this is not understood in a `hier` comment",
        span,
        expected="`extends NAME`, `data FILE`, `name NAME` or `skip`, separated by semicolons",
        found=quoted(span),
    )


def empty_fence(span: Span) -> Diagnostic:
    """A block that is marked as a model and states nothing."""
    return Diagnostic(
        "H72",
        "this block holds no statement",
        span,
        expected="statements such as `mu ~ Normal(0, 20)`",
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
