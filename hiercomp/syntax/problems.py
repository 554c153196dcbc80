"""Every syntax diagnostic, one constructor each; what was expected of a parse that stopped is in `expectations`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hiercomp.diagnostics import Diagnostic, Label, Severity
from hiercomp.source import Source, Span
from hiercomp.syntax.ast import Apply, Binary, Comprehension, Expr, Name, Number, Unary, VectorLiteral
from hiercomp.syntax.symbols import describe
from hiercomp.syntax.tokens import LINKS, Tok

if TYPE_CHECKING:
    from hiercomp.syntax.lexer import Note


class Reject(Exception):
    """A statement that fits the grammar but makes no sense; it is dropped and its diagnostic reported."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def _quoted(span: Span | None, longest: int = 40) -> str:
    text = " ".join(span.text.split()) if span else ""
    return f"`{text[: longest - 1]}…`" if len(text) > longest else f"`{text}`"


def _other(span: Span | None, text: str) -> tuple[Label, ...]:
    return (Label(span, text),) if span is not None else ()


# --- characters, brackets, numbers

_STRAY_HELP = {
    ";": "a statement ends where its line ends; leave the semicolon out",
    "|": "arguments are separated by commas; a condition on data is written with `if`",
    "$": "formulas are plain text here: write sigma_i or σ_i without dollar signs",
    "\\": "formulas are plain text here: write `sigma` or `σ`, not `\\sigma`",
    "{": "braces hold an index and touch an underscore: `x_{i,j}`",
    "}": "braces hold an index and touch an underscore: `x_{i,j}`",
    "%": "a percent sign touches a number: `95%`",
    '"': 'only a file name stands in quotes: `data "schools.csv"`',
    "'": "names hold letters, digits and underscores; write `x_new` for x'",
    "`": "a document with fenced blocks has a name that ends in .md",
    "!": "write `not`, or `!=` for unequal",
    "&": "write `and`",
    "∞": "leave that side of the interval open: `[0, ]`",
    ".": "`..` makes a range; names hold letters, digits and underscores",
    "@": "names hold letters, digits and underscores",
    "±": "write a distribution: `Normal(0, 20)`",
    "≈": "write `=` for a definition, `~` for a distribution",
    "←": "a definition is written with `=`",
    "→": "write the definition as `name = value`",
}


def stray(char: str, following: str, span: Span) -> Diagnostic:
    help_ = _STRAY_HELP.get(char, "")
    if char == "&" and following == "&":
        help_ = "write `and`"
    if char == "|" and following == "|":
        help_ = "write `or`"
    if not help_ and char.isalpha():
        help_ = "names are written with the letters a to z, digits, underscores and Greek letters"
    elif not help_ and not char.isprintable():
        help_ = "delete it; it may be invisible in your editor"
    return Diagnostic("H33", f"{describe(char)} has no meaning here", span, found=describe(char), help=help_)


def unclosed(opener: Tok, *, note: bool = False) -> Diagnostic:
    closer = {"(": ")", "[": "]", "{": "}"}[opener.text]
    return Diagnostic(
        "H34",
        f"this {'note' if note else 'bracket'} is never closed",
        opener.span,
        expected=f"a closing bracket `{closer}`" + (" at the end of the note" if note else " before the statement ends"),
        found="the end of the statement",
        help="a `[` after a space begins a note; one that touches a name begins an index" if note else "",
    )


def unopened(bracket: str, span: Span) -> Diagnostic:
    return Diagnostic("H35", f"nothing is open that `{bracket}` could close", span, help="delete it, or open a bracket")


def mismatched(opener: Tok, found: str, wanted: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "H35",
        f"`{found}` does not close `{opener.text}`",
        span,
        expected=f"a closing bracket `{wanted}`",
        found=f"`{found}`",
        secondary=_other(opener.span, "opened here"),
    )


def too_deep(opener: Tok, limit: int) -> Diagnostic:
    return Diagnostic(
        "H41",
        "brackets are nested too deeply",
        opener.span,
        expected=f"at most {limit} brackets inside each other",
        help="give a part of the expression a name of its own",
    )


def too_long(span: Span, limit: int) -> Diagnostic:
    return Diagnostic(
        "H41",
        "this expression is too long",
        span,
        expected=f"at most {limit} operations that depend on each other",
        help="give parts of it names of their own, or write a sum over an index: `sum(x_i for i in 1..N)`",
    )


def too_many(span: Span, limit: int) -> Diagnostic:
    return Diagnostic(
        "H41", f"more than {limit} errors; the rest of the text was not read", span, help="mend those above first"
    )


def number_range(token: Tok) -> Diagnostic:
    return Diagnostic(
        "H40",
        "this number does not fit double precision",
        token.span,
        expected="a number between 1e-308 and 1e308 in size",
        found=_quoted(token.span),
    )


# --- names and readings


def trailing_underscore(word: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "H42",
        "a name cannot end with an underscore",
        span,
        found=f"`{word}`",
        help="an index stands in braces that touch the underscore: `x_{i}`" if word.strip("_") else "",
    )


def reserved(token: Tok) -> Diagnostic:
    word = token.span.text
    return Diagnostic(
        "H42",
        f"`{word}` is a reserved word and cannot be a name",
        token.span,
        expected="a name",
        found=f"the word `{word}`",
        help="reserved are: where, for, if, otherwise, in, is, are, and, or, not",
    )


def call_or_product(name: Tok, span: Span) -> Diagnostic:
    return Diagnostic(
        "H39",
        f"`{name.text} (` can be read in two ways",
        span,
        help=f"write `{name.text}(...)` to call a function, `{name.text} * (...)` to multiply",
    )


def after_note(note: Note, token: Tok) -> Diagnostic:
    return Diagnostic(
        "H39",
        "a note ends its statement, but more follows",
        note.span,
        found=_quoted(token.span) + " after the note",
        help=f"`[{note.text[:30]}]` touching the name before it would be an index; "
        "brackets after an operator group; a note stands at the end of a line",
    )


def note_or_index(note: Note, name: Tok) -> Diagnostic:
    index = f"{name.span.text}[{note.text}]"
    return Diagnostic(
        "H39",
        "this can be read as a note or as an index",
        note.span,
        found=f"a note that is an expression over names of this spec, after `{name.span.text}`",
        help=f"write `{index}` for the index, `* ({note.text})` for a product, "
        f"or words that are no expression for the note: `[note: {note.text}]`",
    )


def left_side(lhs: Expr) -> Diagnostic:
    wanted = "a name such as theta_i, or a link of one: " + ", ".join(f"{link}(p_i)" for link in LINKS)
    match lhs:
        case Number():
            help_ = "the name comes first: `x = 3`"
        case Apply():
            help_ = "only these functions can be inverted; define the name itself"
        case VectorLiteral():
            help_ = "define each name in a statement of its own"
        case _:
            help_ = "solve for one name and define that"
    return Diagnostic(
        "H43", "this cannot be defined", lhs.span, expected=wanted, found=kind(lhs), help=help_
    )


def increment_target(lhs: Expr, sign: Tok) -> Diagnostic:
    return Diagnostic(
        "H43",
        "only `log_density` can be added to",
        lhs.span or sign.span,
        expected="`log_density += term`",
        found=_quoted(lhs.span),
        help="define a name with `=`",
    )


def kind(expr: Expr) -> str:
    """Return what an expression is, for the *found* of a message."""
    match expr:
        case Number():
            return f"the number {_quoted(expr.span)}"
        case Name():
            return f"the name {_quoted(expr.span)}"
        case VectorLiteral():
            return f"a list of values {_quoted(expr.span)}"
        case Apply() | Comprehension():
            return f"the call {_quoted(expr.span)}"
        case Binary() | Unary():
            return f"the expression {_quoted(expr.span)}"


def no_distribution(value: Expr, tilde: Tok) -> Diagnostic:
    help_ = "a quantity that is computed is defined with `=` instead"
    if isinstance(value, Name) and not value.subs:
        help_ = f"a distribution has its arguments in brackets: `{value.ident}(...)`, also `Flat()`"
    return Diagnostic(
        "H44",
        "no distribution stands after `~`",
        value.span or tilde.span,
        expected="a distribution such as Normal(0, 1)",
        found=kind(value),
        help=help_,
    )


# --- pieces and clauses


def later(token: Tok, what: str) -> Diagnostic:
    return Diagnostic(
        "H45",
        f"{what} is not executed by this version of hiercomp",
        token.span,
        found=f"`{token.span.text}`",
        help="take it out of the spec, or keep it as a comment: a line that begins with #",
    )


def piece_without_condition(span: Span | None, *, last: bool) -> Diagnostic:
    return Diagnostic(
        "H46",
        "a piece of a piecewise statement has no condition",
        span,
        expected="`if` and a condition" + (", or `otherwise`" if last else ""),
    )


def otherwise_misplaced(span: Span | None, *, alone: bool) -> Diagnostic:
    if alone:
        return Diagnostic("H46", "`otherwise` needs another piece before it", span, expected="a piece with `if` above")
    return Diagnostic("H46", "`otherwise` must be the last piece", span, help="move this piece to the end")


def single_piece(span: Span | None) -> Diagnostic:
    return Diagnostic(
        "H46",
        "a statement with a condition needs a piece for every case",
        span,
        expected="a further line that begins with `=` (or `~`) and ends in `otherwise` or its own `if`",
    )


def smoothly_alone(span: Span) -> Diagnostic:
    return Diagnostic("H46", "`smoothly` needs two pieces to blend", span, help="it ends the last piece")


def smoothly_early(span: Span) -> Diagnostic:
    return Diagnostic("H46", "`smoothly` must stand at the end of the last piece", span, help="move it to the last line")


def smoothly_random(span: Span) -> Diagnostic:
    return Diagnostic(
        "H46",
        "distributions cannot be blended with `smoothly`",
        span,
        help="define a piecewise parameter with `=` and use it in one distribution",
    )


def clause_twice(span: Span | None, first: Span | None) -> Diagnostic:
    return Diagnostic(
        "H47", "this clause is given twice", span, help="keep one of the two", secondary=_other(first, "the first")
    )


def fact_without_subject(found: Tok, where: Tok) -> Diagnostic:
    return Diagnostic(
        "H47",
        "this fact does not say what it is about",
        found.span,
        expected="a name after `where`, as in `where sigma_i are KNOWN`",
        found=_quoted(found.span),
        secondary=_other(where.span, "the facts begin here") if where is not found else (),
    )


def fact_subject(subject: Expr) -> Diagnostic:
    return Diagnostic(
        "H47",
        "a fact is about a name",
        subject.span,
        expected="a name, as in `where tau > 0`",
        found=kind(subject),
        help="facts are joined by `and`; give an expression a name of its own to state its bounds",
    )


def no_domain(found: Expr) -> Diagnostic:
    return Diagnostic(
        "H47",
        "an index needs a set or a range",
        found.span,
        expected="a range such as 1..N, or the name of an index set such as schools",
        found=kind(found),
    )


# --- lines that are not statements


def path_quotes(span: Span, begun: bool) -> Diagnostic:
    return Diagnostic(
        "H48",
        "the file name's closing quote is missing" if begun else "a file name stands in quotes",
        span,
        expected='a file name in quotes, as in `data "schools.csv"`',
        found=_quoted(span),
    )


def unknown_setting(name: Tok, known: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "H48", f"`{name.text}` is not a setting of `fit:`", name.span, expected="one of " + ", ".join(known)
    )


def header_name(span: Span) -> Diagnostic:
    return Diagnostic(
        "H48",
        "this is not a model's name",
        span,
        expected="one word, as in `model noncentered` or `model skeptical extends noncentered`",
        found=_quoted(span),
        help="join words with underscores: `model complete_pooling`; a longer title fits in a note: `[...]`",
    )


def empty_model(name: str, span: Span | None) -> Diagnostic:
    return Diagnostic(
        "H48", f"the model `{name}` has no statements", span, help="write them below, or `extends` another model"
    )


def twice(what: str, span: Span | None, first: Span | None) -> Diagnostic:
    return Diagnostic("H49", f"{what} is given twice", span, secondary=_other(first, "the first"))


def note_alone(span: Span) -> Diagnostic:
    return Diagnostic(
        "H37", "this note belongs to no statement", span, help="a heading begins with #; a note ends a statement"
    )


def no_statements(source: Source) -> Diagnostic:
    return Diagnostic(
        "H32",
        "there is no statement in this text",
        Span(source, 0, 0),
        expected="statements such as `y_i ~ Normal(theta_i, sigma_i)`",
    )


# --- documents


def no_blocks(source: Source) -> Diagnostic:
    return Diagnostic(
        "H70",
        "no model was found in this document",
        Span(source, 0, 0),
        expected="a fenced block without a language, or with `hier`, that holds statements such as `mu ~ Normal(0, 20)`",
        help="blocks in other languages are left alone",
    )


def comment_wrong(span: Span) -> Diagnostic:
    return Diagnostic(
        "H71",
        "this is not understood in a `hier` comment",
        span,
        expected="`extends NAME`, `data FILE`, `name NAME` or `skip`, separated by semicolons",
        found=_quoted(span),
    )


def empty_fence(span: Span) -> Diagnostic:
    return Diagnostic(
        "H72",
        "this block holds no statement",
        span,
        expected="statements such as `mu ~ Normal(0, 20)`",
        help="delete the block, or its `hier` mark",
    )


def unclosed_fence(span: Span) -> Diagnostic:
    return Diagnostic(
        "W30",
        "this fence is never closed; everything below was read as part of it",
        span,
        help=f"close it with a line `{span.text[:3]}`",
        severity=Severity.WARNING,
    )


def left_alone(span: Span, reason: Diagnostic) -> Diagnostic:
    return Diagnostic(
        "W31",
        "this block looks like statements but does not read as a model; it is left alone",
        span,
        found=reason.message,
        help="mark it ```hier to have its errors reported, or ```text to leave it alone for good",
        severity=Severity.WARNING,
        secondary=_other(reason.primary, "read so far"),
    )


def orphan_comment(span: Span) -> Diagnostic:
    return Diagnostic(
        "W32",
        "this `hier` comment stands above no block and says nothing",
        span,
        expected="a fence right below it",
        severity=Severity.WARNING,
    )


def comment_elsewhere(span: Span, language: str) -> Diagnostic:
    return Diagnostic(
        "W32",
        "this `hier` comment stands above a block that is not read",
        span,
        expected="a fence without a language, or with `hier`",
        found=f"a fence with the language `{language}`",
        severity=Severity.WARNING,
    )
