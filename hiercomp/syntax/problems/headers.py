"""Diagnostics of lines that are no statement, and of specs as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.diagnostics import Diagnostic
from hiercomp.source import Source, Span
from hiercomp.syntax.ast import Expr
from hiercomp.syntax.problems.base import kind, quoted, second
from hiercomp.syntax.tokens import Tok


def too_many(span: Span, limit: int) -> Diagnostic:
    """The end of reading, after so many errors that more would not help."""
    return Diagnostic(
        "H41", f"more than {limit} errors; the rest of the text was not read", span, f"at most {limit} errors", "more",
        "mend those above first",
    )  # fmt: skip


def reserved(token: Tok) -> Diagnostic:
    """A reserved word where a name is defined."""
    word = token.span.text
    return Diagnostic(
        "H42",
        f"`{word}` is a reserved word and cannot be a name",
        token.span,
        expected="a name",
        found=f"the word `{word}`",
        help="reserved are: where, for, if, otherwise, in, is, are, and, or, not",
    )


def later(token: Tok, what: str) -> Diagnostic:
    """A construct that this version reads past."""
    return Diagnostic(
        "H45",
        f"{what} is not executed by this version of hiercomp",
        token.span,
        expected="a statement, with `~` or `=`",
        found=f"`{token.span.text}`",
        help="take it out of the spec, or keep it as a comment: a line that begins with #",
    )


def unknown_setting(name: Tok, known: Sequence[str]) -> Diagnostic:
    """A word that `fit:` does not know."""
    return Diagnostic(
        "H48",
        f"`{name.text}` is not a setting of `fit:`",
        name.span,
        expected="one of " + ", ".join(known),
        found=f"the word `{name.text}`",
        help="write one of these words, or leave the setting out",
    )


def no_letter(found: Expr) -> Diagnostic:
    """Something else than letters in front of `in`."""
    return Diagnostic(
        "H37",
        "this is not a statement",
        found.span,
        expected="a letter in front of `in`, as in `i in schools`",
        found=kind(found),
        help="the range of a statement stands behind it: `for i in 1..N`",
    )


def header_name(span: Span) -> Diagnostic:
    """A `model` line with more, or less, than a name."""
    return Diagnostic(
        "H48",
        "this is not a model's name",
        span,
        expected="one word, as in `model noncentered` or `model skeptical extends noncentered`",
        found=quoted(span),
        help="join words with underscores: `model complete_pooling`; a longer title fits in a note: `[...]`",
    )


def level_sign(found: Tok) -> Diagnostic:
    """Another sign than `<` between levels."""
    return Diagnostic(
        "H36", f"`{found.span.text}` cannot stand between levels", found.span, expected="`<`, from the lowest level on",
        found=f"`{found.span.text}`", help='write `levels rating = "low" < "medium" < "high"`',
    )  # fmt: skip


def empty_model(name: str, span: Span | None) -> Diagnostic:
    """A model that states nothing and extends nothing."""
    return Diagnostic(
        "H48", f"the model `{name}` has no statements", span, "statements below its name", "none",
        f"write them below, or take over another model's: `model {name} extends other`",
    )  # fmt: skip


def twice(what: str, span: Span | None, first: Span | None) -> Diagnostic:
    """Something of which there can be only one."""
    return Diagnostic(
        "H49",
        f"{what} is given twice",
        span,
        expected="it once",
        found="a second one",
        help="keep one of the two, or give one of them another name",
        secondary=second(first, "the first"),
    )


def note_alone(span: Span) -> Diagnostic:
    """A note above or between statements."""
    return Diagnostic(
        "H37",
        "this note belongs to no statement",
        span,
        expected="a note at the end of a statement",
        found="a note on a line of its own",
        help="a heading begins with #; a note ends a statement",
    )


def no_statements(source: Source) -> Diagnostic:
    """A text in which nothing is stated."""
    return Diagnostic(
        "H32",
        "there is no statement in this text",
        Span(source, 0, 0),
        expected="statements such as `y_i ~ Normal(theta_i, sigma_i)`",
        found="lines that state nothing",
        help="write a statement below the heading; a line that begins with # is not read",
    )
