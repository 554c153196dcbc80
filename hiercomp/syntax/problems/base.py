"""What all syntax diagnostics share."""

from __future__ import annotations

from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.source import Span
from hiercomp.syntax.ast import Apply, Binary, Comprehension, Expr, Name, Number, Text, Unary, VectorLiteral, Whole


class RejectedError(Exception):
    """A statement that fits the grammar but makes no sense; it is dropped and its diagnostic reported."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def quoted(span: Span | None, longest: int = 40) -> str:
    """Return the text of `span` in backticks, cut where it gets long."""
    text = " ".join(span.text.split()) if span else ""
    return f"`{text[: longest - 1]}…`" if len(text) > longest else f"`{text}`"


def second(span: Span | None, text: str) -> tuple[Label, ...]:
    """Return the second place of a diagnostic, none where it is not known."""
    return (Label(span, text),) if span is not None else ()


def kind(expr: Expr) -> str:
    """Return what an expression is, for the *found* of a message."""
    match expr:
        case Number():
            return f"the number {quoted(expr.span)}"
        case Name():
            return f"the name {quoted(expr.span)}"
        case Text():
            return f"the text {quoted(expr.span)}"
        case Whole():
            return "an empty place"
        case VectorLiteral():
            return f"a list of values {quoted(expr.span)}"
        case Apply() | Comprehension():
            return f"the call {quoted(expr.span)}"
        case Binary() | Unary():
            return f"the expression {quoted(expr.span)}"
