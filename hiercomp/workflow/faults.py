"""What a backend complains about, shown at the line of the spec whose statement produced it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager

from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.engines.base import EngineError
from hiercomp.source import Span
from hiercomp.workflow.subject import Subject

_EXPECTED = {"stan": "stanc and the C++ compiler accept, and that runs", "pymc": "builds its model, and runs"}


@contextmanager
def blamed(subjects: Sequence[Subject], backend: str) -> Generator[None]:
    """Turn an engine's failure on a program of one of `subjects` into a diagnostic with the backend's words beneath."""
    try:
        yield
    except EngineError as error:
        by_name = {item.name: item for item in subjects}
        raise SpecError([fault(by_name.get(error.program, subjects[0]), backend, error)]) from error


def fault(subject: Subject, backend: str, error: EngineError) -> Diagnostic:
    """Return the diagnostic for an engine's failure: at the statement whose line it blames, where it blames one.

    In a program of the user's own that is the line itself.
    """
    program, own = subject.generated[backend], subject.own.get(backend)
    lines = subject.inputs[backend].text.split("\n")
    number = error.line if error.line and error.line <= len(lines) else 0
    found = lines[number - 1].strip() if number else ""
    span = None
    if number and own is not None:
        start = sum(len(line) + 1 for line in lines[: number - 1])
        start += len(lines[number - 1]) - len(lines[number - 1].lstrip())
        span = Span(own, start, start + len(found))
    elif number and subject.inputs[backend].text == program.text:
        span = program.origins.get(number)
    if error.stage == "size":
        return Diagnostic(
            "H90", f"the {backend} program of model {subject.name} has {error.output}", span,
            "unknowns as large as those of the spec", f"`{found}`" if found else "unknowns of other sizes",
            "give the unknown the length that it has in the spec; `hiercomp explain` lists these",
        )  # fmt: skip
    return Diagnostic(
        code="H90",
        message=f"{backend} fails on model {subject.name} ({error.stage})",
        primary=span,
        expected=f"a program that {_EXPECTED[backend]}",
        found=f"`{found}`" if found else "one that does not",
        help="its own words:\n" + "\n".join(f"    {line}" for line in error.output.strip().splitlines()),
    )
