"""Pieces of Stan code with their Stan types, and how types are brought together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from hiercomp.backends.printing import ATOM, PRODUCT, Code, call, infix
from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import Elem
from hiercomp.records import record, replace
from hiercomp.source import Span

type Form = Literal["scalar", "vector", "row", "matrix", "array", "other"]


class CannotVectorise(Exception):  # noqa: N818 - not an error: the statement becomes a loop
    """An expression that has to be computed element by element; the statement becomes a loop."""


class CannotEmit(Exception):  # noqa: N818 - it carries the error
    """What no Stan program of ours can say."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.message)


def refuse(message: str, span: Span | None, found: str, advice: str, code: str = "H80") -> CannotEmit:
    """Return the exception for something that Stan lacks."""
    return CannotEmit(Diagnostic(code, message, span, expected="something that Stan has", found=found, help=advice))


@record
class Value:
    """Code for a value. The first `lead` of its axes run along the vectorised index variables; the others are its own.

    An ``array`` is an array of numbers (of `rank` dimensions); ``other`` is an array of vectors or matrices.
    """

    code: Code
    form: Form = "scalar"
    elem: Elem = "real"
    lead: int = 0
    rank: int = 0

    @property
    def own(self) -> int:
        """How many axes belong to the value itself."""
        return self.rank - self.lead


def scalar(code: Code | str, elem: Elem = "real") -> Value:
    """Return a single number."""
    return Value(Code(code) if isinstance(code, str) else code, "scalar", elem)


def negated(code: Code) -> str:
    """Return the text of the code with the other sign, in brackets if it is a sum."""
    # stanc 2.27 turns -(-x) into the decrement --x of C++.
    text = code.at_least(PRODUCT)
    return text.removeprefix("-") if text.startswith("-") else f"-{text}"


def algebra(value: Value) -> Value:
    """Return `value` as a number, a vector or a matrix: arrays take no part in arithmetic."""
    match value.form:
        case "array" if value.rank == 1:
            return replace(value, code=call("to_vector", value.code), form="vector", elem="real")
        case "array" if value.rank == 2:
            return replace(value, code=call("to_matrix", value.code), form="matrix", elem="real")
        case "array" | "other":
            raise CannotVectorise
        case _:
            return value


def transposed(value: Value) -> Value:
    """Return a vector as a row, a row as a vector."""
    form: Form = "row" if value.form == "vector" else "vector"
    return replace(value, code=Code(f"{value.code.at_least(ATOM)}'"), form=form)


def column(value: Value) -> Value:
    """Return a row as a vector; anything else as it is."""
    return transposed(value) if value.form == "row" else value


def together(values: Sequence[Value]) -> list[Value]:
    """Return values that can be combined element by element: scalars spread, all others have one form.

    Raises:
        CannotVectorise: they run along different axes.
    """
    ready = [algebra(value) for value in values]
    ranked = [value for value in ready if value.rank]
    if len({(value.lead, value.rank) for value in ranked}) > 1:
        raise CannotVectorise
    if len({value.form for value in ranked}) > 1:
        return [column(value) for value in ready]
    return ready


def like(values: Sequence[Value], code: Code, elem: Elem = "real") -> Value:
    """Return `code` as what comes of combining `values` element by element."""
    shape = max(values, key=lambda value: value.rank)
    return Value(code, shape.form, elem if shape.form == "scalar" else "real", shape.lead, shape.rank)


def as_real(value: Value) -> Code:
    """Return an integer as a real, so that a quotient is one of reals."""
    if value.code.text.isdigit():
        return Code(f"{value.code.text}.0")
    return infix("*", Code("1.0"), value.code, PRODUCT)
