"""Likelihoods of many rows in the form in which they cost less."""

from __future__ import annotations

from hiercomp.backends.stan import regressions, squares
from hiercomp.backends.stan.scope import Scope
from hiercomp.plan.ir import Form, LeastSquares, TermStep


def prepared(step: TermStep, form: Form, scope: Scope) -> list[str]:
    """Return the statements that compute what the density needs, once from data."""
    if isinstance(form, LeastSquares):
        return squares.prepared(step, form, scope)
    return regressions.prepared(step, form, scope)


def density(step: TermStep, form: Form, scope: Scope) -> list[str]:
    """Return the statements that add the log density of all rows, up to a constant; none where Stan has the density."""
    if isinstance(form, LeastSquares):
        return squares.density(step, form, scope)
    return regressions.density(step, form, scope) if form.linear.predictors else []
