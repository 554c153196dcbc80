"""Likelihoods and priors in the form in which they cost less."""

from __future__ import annotations

from hiercomp.backends.stan import bilinear, mixing, precision, regressions, squares
from hiercomp.backends.stan.scope import Scope
from hiercomp.plan.ir import ByPrecision, Form, LeastSquares, Regression, TermStep, TwoNormals


def prepared(step: TermStep, form: Form, scope: Scope) -> list[str]:
    """Return the statements that compute what the density needs, once from data."""
    match form:
        case LeastSquares():
            return squares.prepared(step, form, scope)
        case Regression():
            return regressions.prepared(step, form, scope)
        case TwoNormals():
            return mixing.prepared(step, scope)
        case ByPrecision():
            return []


def density(step: TermStep, form: Form, scope: Scope) -> list[str]:
    """Return the statements that add the log density of all rows, up to a constant; none where Stan has the density."""
    match form:
        case LeastSquares():
            return squares.density(step, form, scope)
        case Regression():
            return (regressions if form.linear.predictors else bilinear).density(step, form, scope)
        case TwoNormals():
            return mixing.density(step, form, scope)
        case ByPrecision():
            return precision.density(step, form, scope)
