"""What the reference cannot draw from, as a diagnostic at the statement that is at fault."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.model.ir import Model
from hiercomp.reference import CannotSimulateError, EvaluationError


@contextmanager
def refused(model: Model) -> Generator[None]:
    """Say where nothing can be drawn (H103): improper priors, terms that are no distribution, values beyond all floats.

    Raises:
        SpecError: within, the reference refused to draw.
    """
    try:
        yield
    except (EvaluationError, ValueError, OverflowError) as error:
        proper = isinstance(error, CannotSimulateError)
        help_ = (
            "give every unknown a proper prior; what only adds to the log density cannot be drawn from"
            if proper
            else "a prior that allows such values is often wider than was meant"
        )
        label = str(error).partition(":")[0]
        at_fault = [stmt for stmt in model.statements if stmt.common.label == label]
        raise SpecError(
            [
                Diagnostic(
                    code="H103",
                    message="nothing can be drawn from this model",
                    primary=(at_fault or model.statements)[0].common.span,
                    expected="distributions from which everything can be drawn",
                    found=str(error),
                    help=help_,
                )
            ]
        ) from None
