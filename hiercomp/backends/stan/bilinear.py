"""Answers by rows and columns, as of persons to items: a row at a time is a regression on one unknown predictor."""

from __future__ import annotations

from hiercomp.backends.printing import SUM, call
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.reductions import loop
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import CannotVectorise, algebra, column
from hiercomp.expr import REAL, Binder, Expr, Op, Ref, free_indices
from hiercomp.plan.ir import Regression, TermStep
from hiercomp.records import record

# Shorter rows cost no less than the sum of their terms.
_LONG = 10


@record
class _Part:
    """One summand of a location: `slope` is the same along the row, `predictor` is not; None stands for 1."""

    slope: Expr | None
    predictor: Expr | None
    negative: bool = False


def density(step: TermStep, form: Regression, scope: Scope) -> list[str]:
    """Return the loop over rows that adds the log density; nothing where rows are not on one predictor."""
    if step.dist.row != "Bernoulli-Logit" or len(step.binders) != 2 or form.rest is None:
        return []
    for over, outer in (step.binders[::-1], step.binders):
        length = scope.sets[over.set].length
        if length is None or length < _LONG:
            continue
        try:
            parts = _parts(form.rest, over.var)
            return _by_row(step, parts, over, outer, scope)
        except CannotVectorise:
            continue
    return []


def _by_row(step: TermStep, parts: list[_Part], over: Binder, outer: Binder, scope: Scope) -> list[str]:
    sloping = [part for part in parts if part.predictor is not None]
    if len(sloping) != 1 or sloping[0].slope is None:
        raise CannotVectorise
    (part,) = sloping
    assert part.predictor is not None
    assert part.slope is not None
    intercept: Expr | None = None
    for other in parts:
        if other.slope is not None and other is not part:
            intercept = _sum(intercept, other.slope, negative=other.negative)
    before: list[str] = []
    frame = Frame((over,), before)
    variate = compiled(step.lhs, frame, scope)
    predictor = column(algebra(compiled(part.predictor, frame, scope)))
    if variate.rank != 1 or predictor.rank != 1:
        raise CannotVectorise
    alone = frame.with_over(())
    slope = compiled(_signed(part.slope, negative=part.negative), alone, scope).code.text
    constant = "0" if intercept is None else compiled(intercept, alone, scope).code.text
    matrix = call("to_matrix", predictor.code).text
    line = f"{variate.code.at_least(SUM)} ~ bernoulli_logit_glm({matrix}, {constant}, [{slope}]');"
    return loop([outer], [*before, line], scope, compiled)


def _parts(expr: Expr, var: str) -> list[_Part]:
    """Return the summands of `expr`, whose products are multiplied out as far as the index variable asks for it.

    Raises:
        CannotVectorise: a product of two factors that both vary with `var`.
    """
    if var not in free_indices(expr):
        return [_Part(expr, None)]
    match expr:
        case Op(op="+" | "-" as sign, args=(left, right)):
            second = _parts(right, var)
            return _parts(left, var) + ([_turned(part) for part in second] if sign == "-" else second)
        case Op(op="neg", args=(value,)):
            return [_turned(part) for part in _parts(value, var)]
        case Op(op="*", args=(left, right)):
            factor, rest = (left, right) if var not in free_indices(left) else (right, left)
            if var in free_indices(factor):
                raise CannotVectorise
            return [_times(factor, part) for part in _parts(rest, var)]
        case Ref():
            return [_Part(None, expr)]
        case _:
            raise CannotVectorise


def _turned(part: _Part) -> _Part:
    return _Part(part.slope, part.predictor, not part.negative)


def _times(factor: Expr, part: _Part) -> _Part:
    slope = factor if part.slope is None else Op("*", (factor, part.slope), REAL)
    return _Part(slope, part.predictor, part.negative)


def _signed(expr: Expr, *, negative: bool) -> Expr:
    """Return an expression with its sign, which its first factor takes."""
    match expr:
        case Op(op="*", args=(left, right)) if negative:
            return Op("*", (_signed(left, negative=True), right), REAL)
        case _:
            return Op("neg", (expr,), REAL) if negative else expr


def _sum(total: Expr | None, expr: Expr, *, negative: bool) -> Expr:
    if total is None:
        return _signed(expr, negative=negative)
    return Op("-" if negative else "+", (total, expr), REAL)
