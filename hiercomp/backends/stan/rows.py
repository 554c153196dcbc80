"""Rows of data as row vectors, and the coefficients that they are multiplied with."""

from __future__ import annotations

from hiercomp.backends.printing import PRODUCT, SUM, Code, infix
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import extent
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import algebra, column
from hiercomp.expr import VECTOR, Expr, Reduce, Ref, Stack
from hiercomp.plan.ir import Linear, TermStep
from hiercomp.plan.predictors import VECTOR_TYPE, coefficients


def stem(step: TermStep) -> str:
    """Return what names of quantities about the observations begin with."""
    assert isinstance(step.lhs, Ref)
    return step.lhs.name


def row(mean: Linear, last: Expr | None, before: list[str], scope: Scope) -> str:
    """Return the features of one row, and `last` behind them, as a row vector. `before` gets what comes first."""
    items: list[Expr] = [
        item.feature if item.binder is None else Reduce(VECTOR, item.feature, (item.binder,), VECTOR_TYPE)
        for item in mean.predictors
    ]
    items += [] if last is None else [last]
    value = algebra(compiled(Stack(tuple(items), VECTOR_TYPE), Frame((), before), scope))
    return value.code.text if value.form == "row" else f"{value.code.text}'"


def columns(mean: Linear, further: int, scope: Scope) -> str:
    """Return how many features a row has, and `further` numbers."""
    total: Code | None = None
    for item in mean.predictors:
        if item.binder is None:
            further += 1
            continue
        size = Code(extent(item.binder, scope, compiled), SUM)
        total = size if total is None else infix("+", total, size, SUM)
    if total is None:
        return str(further)
    return infix("+", total, Code(str(further)), SUM).text if further else total.text


def coefficient_vector(mean: Linear, scope: Scope) -> Code:
    """Return all coefficients as one vector."""
    vector = coefficients(mean, scope.sets, lambda name: scope.held[name].container.axes)
    return column(algebra(compiled(vector, Frame(), scope))).code


def row_count(step: TermStep, scope: Scope) -> str:
    """Return how many rows there are, as a factor."""
    return " * ".join(
        Code(text, SUM if " " in text else PRODUCT).at_least(PRODUCT)
        for text in (extent(binder, scope, compiled) for binder in step.binders)
    )
