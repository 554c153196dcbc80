"""What a backend complains about, shown at the line of the spec whose statement produced it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager

from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.engines.base import EngineError
from hiercomp.workflow.subject import Subject


@contextmanager
def blamed(subjects: Sequence[Subject], backend: str) -> Generator[None]:
    """Turn an engine's failure on a program of one of `subjects` into a diagnostic with the backend's words beneath."""
    try:
        yield
    except EngineError as error:
        by_name = {item.name: item for item in subjects}
        raise SpecError([fault(by_name.get(error.program, subjects[0]), backend, error)]) from error


def fault(subject: Subject, backend: str, error: EngineError) -> Diagnostic:
    """Return the diagnostic for an engine's failure: at the statement whose line it blames, where it blames one."""
    program = subject.generated[backend]
    ours = subject.inputs[backend].text == program.text
    span = program.origins.get(error.line) if ours and error.line else None
    lines = subject.inputs[backend].text.splitlines()
    found = lines[error.line - 1].strip() if error.line and error.line <= len(lines) else ""
    return Diagnostic(
        code="H90",
        message=f"{backend} fails on model {subject.name} ({error.stage})",
        primary=span,
        found=found,
        help="its own words:\n" + "\n".join(f"    {line}" for line in error.output.strip().splitlines()),
    )
