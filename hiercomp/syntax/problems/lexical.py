"""Diagnostics of the lexer: characters, brackets, numbers, names and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiercomp.diagnostics import Diagnostic
from hiercomp.source import Span
from hiercomp.syntax.problems.base import quoted, second
from hiercomp.syntax.symbols import describe
from hiercomp.syntax.tokens import Tok

if TYPE_CHECKING:
    from hiercomp.syntax.stream import Note


_STRAY_HELP = {
    ";": "a statement ends where its line ends; leave the semicolon out",
    "|": "an absolute value has two bars, `|x|`; arguments are separated by commas; conditions are written with `if`",
    "$": "formulas are plain text here: write sigma_i or σ_i without dollar signs",
    "\\": "formulas are plain text here: write `sigma` or `σ`, not `\\sigma`",
    "{": "braces hold an index and touch an underscore: `x_{i,j}`",
    "}": "braces hold an index and touch an underscore: `x_{i,j}`",
    "%": "a percent sign touches a number: `95%`",
    '"': 'in quotes stand a file name, `data "schools.csv"`, and text to compare with: `if arm_i == "treated"`',
    "'": "names hold letters, digits and underscores; write `x_new` for x'",
    "`": "a document with fenced blocks has a name that ends in .md",
    "!": "write `not`, or `!=` for unequal",
    "&": "write `and`",
    "∞": "leave that side of the interval open: `[0, ]`",
    ".": "`..` makes a range; names hold letters, digits and underscores",
    "@": "names hold letters, digits and underscores",
    "_": "a name begins with a letter, digits are not grouped, and an index touches its name: `x_{i}`",
    "±": "write a distribution: `Normal(0, 20)`",
    "≈": "write `=` for a definition, `~` for a distribution",
    "?": "cases are pieces of a definition: `m_t = a if t < s`, and below it `= b otherwise`",
    "←": "a definition is written with `=`",
    "→": "write the definition as `name = value`",
}


def stray(char: str, following: str, span: Span) -> Diagnostic:
    """A character without a meaning; `following` tells `&&` and `||` from single signs."""
    help_ = _STRAY_HELP.get(char, "")
    if char == "&" and following == "&":
        help_ = "write `and`"
    if char == "|" and following == "|":
        help_ = "write `or`"
    if not help_ and char.isalpha():
        help_ = "names are written with the letters a to z, digits, underscores and Greek letters"
    elif not help_ and char.isnumeric():
        help_ = "numbers are written with the digits 0 to 9, fractions with a stroke: `1/2`"
    elif not help_ and not char.isprintable():
        help_ = "delete it; it may be invisible in your editor"
    return Diagnostic(
        "H33",
        f"{describe(char)} has no meaning here",
        span,
        expected="names, numbers, operators and brackets",
        found=describe(char),
        help=help_ or "delete it, or put it into a note behind the statement: `[...]`",
    )


def unclosed(opener: Tok, *, note: bool = False) -> Diagnostic:
    """A bracket, or a note, that is open when its statement ends."""
    closer = {"(": ")", "[": "]", "{": "}"}[opener.text]
    return Diagnostic(
        "H34",
        f"this {'note' if note else 'bracket'} is never closed",
        opener.span,
        expected=f"a closing bracket `{closer}`"
        + (" at the end of the note" if note else " before the statement ends"),
        found="the end of the statement",
        help="a `[` after a space begins a note; one that touches a name begins an index"
        if note
        else f"put `{closer}` where the value in it ends",
    )


def unopened(bracket: str, span: Span) -> Diagnostic:
    """A closing bracket with nothing to close."""
    return Diagnostic(
        "H35",
        f"nothing is open that `{bracket}` could close",
        span,
        expected="an opening bracket before it",
        found=f"`{bracket}` alone",
        help="delete it, or open a bracket",
    )


def mismatched(opener: Tok, found: str, wanted: str, span: Span) -> Diagnostic:
    """A closing bracket of another shape than the one it closes."""
    return Diagnostic(
        "H35",
        f"`{found}` does not close `{opener.text}`",
        span,
        expected=f"a closing bracket `{wanted}`",
        found=f"`{found}`",
        help="brackets close in the order in which they were opened, each with its own shape",
        secondary=second(opener.span, "opened here"),
    )


def too_deep(opener: Tok, limit: int) -> Diagnostic:
    """More brackets inside each other than any reader, or later pass, can follow."""
    return Diagnostic(
        "H41",
        "brackets are nested too deeply",
        opener.span,
        expected=f"at most {limit} brackets inside each other",
        found=f"bracket {limit + 1} inside the others",
        help="give a part of the expression a name of its own",
    )


_LARGE = "take a smaller number, or another unit; a side without a bound stays open: `[0, ]`"


def number_range(token: Tok) -> Diagnostic:
    """A literal that is infinite, or zero, as a double."""
    return Diagnostic(
        "H40",
        "this number does not fit double precision",
        token.span,
        expected="a number between 1e-308 and 1e308 in size",
        found=quoted(token.span),
        help="write 0, or 1e-300 where it has to be positive" if "e-" in token.span.text.lower() else _LARGE,
    )


def trailing_underscore(word: str, span: Span) -> Diagnostic:
    """A name that ends as if an index should follow."""
    return Diagnostic(
        "H42",
        "a name cannot end with an underscore",
        span,
        expected="a name that ends in a letter or a digit",
        found=f"`{word}`",
        help="an index stands in braces that touch the underscore: `x_{i}`"
        if word.strip("_")
        else "write a name of letters, such as `x`",
    )


def call_or_product(name: Tok, span: Span) -> Diagnostic:
    """A name, a space and a bracket."""
    return Diagnostic(
        "H39",
        f"`{name.text} (` can be read in two ways",
        span,
        expected="a bracket that touches its function, or `*`",
        found="a space between the name and the bracket",
        help=f"write `{name.text}(...)` to call a function, `{name.text} * (...)` to multiply",
    )


def after_note(note: Note, token: Tok) -> Diagnostic:
    """A note in the middle of a line."""
    return Diagnostic(
        "H39",
        "a note ends its statement, but more follows",
        note.span,
        expected="the end of the line after a note",
        found=quoted(token.span) + " after the note",
        help=f"`[{note.text[:30]}]` touching the name before it would be an index; "
        "brackets after an operator group; a note stands at the end of a line",
    )


def note_or_index(note: Note, name: Tok) -> Diagnostic:
    """A note that is also an index over names that the spec uses."""
    index = f"{name.span.text}[{note.text}]"
    return Diagnostic(
        "H39",
        "this can be read as a note or as an index",
        note.span,
        expected="an index that touches its name, or a note of words",
        found=f"a note that is an expression over names of this spec, after `{name.span.text}`",
        help=f"write `{index}` for the index, `* ({note.text})` for a product, "
        f"or words that are no expression for the note: `[note: {note.text}]`",
    )


def path_quotes(span: Span, begun: bool) -> Diagnostic:
    """A file name without its quotes."""
    return Diagnostic(
        "H48",
        "the file name's closing quote is missing" if begun else "a file name stands in quotes",
        span,
        expected='a file name in quotes, as in `data "schools.csv"`',
        found=quoted(span),
        help="close the quotes" if begun else "put double quotes around the file name",
    )
