"""What can be wrong with a study: one function for each finding."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.diagnostics import Diagnostic
from hiercomp.model import surface
from hiercomp.source import Span
from hiercomp.syntax.ast import Apply


def no_statement(span: Span | None, what: str) -> Diagnostic:
    """A declaration inside a study."""
    return Diagnostic(
        "H100", "a study holds statements that draw data or compute them", span,
        "statements such as `x_i ~ Normal(0, 1)`", what, "put the line above the study, at the margin",
    )  # fmt: skip


def no_data(span: Span | None, term: bool) -> Diagnostic:
    """A statement that gives no name a value."""
    return Diagnostic(
        "H100", "a statement of a study gives data their values, and this one gives none", span,
        "a name with `~` or `=`", "a term of a log density" if term else "an expression on the left",
        "a study is about data only; what is about the density belongs to the model",
    )  # fmt: skip


def no_index(call: Apply, name: str) -> Diagnostic:
    """A design without units."""
    return Diagnostic(
        "H100", f"`{call.func}` gives a value for each unit, so `{name}` needs one index", call.func_span,
        f"an index, as in `{name}_i`", "none, or more than one",
        f"write `{name}_i = {surface.show(call)}`",
    )  # fmt: skip


def arguments(call: Apply, wanted: str) -> Diagnostic:
    """Arguments that the design cannot be laid out with."""
    return Diagnostic(
        "H100", f"the arguments of `{call.func}` are not understood", call.span, wanted, f"`{surface.show(call)}`",
        "numbers are written out, or named and given elsewhere in the study",
    )  # fmt: skip


def twice(name: str, span: Span | None) -> Diagnostic:
    """Two statements for one quantity."""
    return Diagnostic(
        "H100", f"the study says twice what `{name}` is", span, "one statement for each quantity", "a second one",
        "keep one of the two, or give one of them another name",
    )  # fmt: skip


def circle(names: Sequence[str], span: Span | None) -> Diagnostic:
    """Quantities that wait for each other."""
    listed = ", ".join(f"`{name}`" for name in names)
    return Diagnostic(
        "H101", "this study cannot be drawn: what is left needs itself", span,
        "quantities that follow from those before them", listed, "state one of them without the others",
    )  # fmt: skip


def missing_amount(name: str, span: Span | None) -> Diagnostic:
    """A number that nobody gives."""
    return Diagnostic(
        "H101", f"the study needs the number `{name}`, which nothing gives", span,
        f"a statement `{name} = ...`", "none", f"write it into the study, or give it: `--size {name}=10`",
    )  # fmt: skip


def missing_length(letter: str, span: Span | None) -> Diagnostic:
    """An index over which nothing runs yet."""
    return Diagnostic(
        "H101", f"how many `{letter}` there are cannot be told", span,
        "a statement of the study that settles it", "none",
        f"add one such as `arm_{letter} = crossed(6)` or `x_{letter} ~ Normal(0, 1) for {letter} in 1..100`",
    )  # fmt: skip


def not_whole(name: str, found: str, span: Span | None) -> Diagnostic:
    """An amount that counts nothing."""
    return Diagnostic(
        "H101", f"`{name}` has to be a whole number here", span, "a whole number from 0 on", found,
        f"state it as one, `{name} = 3`, or give it: `--size {name}=3`" if name.isidentifier()
        else "write it as a whole number from 0 on",
    )  # fmt: skip


def impossible_subset(least: int, most: int, members: int, span: Span | None) -> Diagnostic:
    """Sets larger than what they are drawn from."""
    return Diagnostic(
        "H101", "there are no such sets", span,
        f"0 <= least <= most <= {members}", f"from {least} to {most} of {members}",
        "nothing is drawn twice into one set",
    )  # fmt: skip
