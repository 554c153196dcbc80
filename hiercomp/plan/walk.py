"""All expressions and all binders of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from hiercomp.expr import Binder, Expr, Reduce, walk
from hiercomp.model.parts import dist_binders, dist_exprs
from hiercomp.plan.draft import dists, form_binders, form_exprs
from hiercomp.plan.ir import AddStep, DefineStep, ParamItem, Plan, PredictStep, TermStep

type Step = DefineStep | TermStep | AddStep | PredictStep | ParamItem


def steps(plan: Plan) -> Iterator[Step]:
    """Yield everything in a plan that holds expressions of the spec."""
    yield from plan.params
    yield from plan.defines
    yield from plan.terms
    yield from plan.predictions


def step_exprs(step: Step) -> Iterator[Expr]:
    """Yield the expressions of a step, without the ranges of its binders."""
    match step:
        case ParamItem():
            yield from (bound for bound in (step.support.lower, step.support.upper) if bound is not None)
        case DefineStep():
            yield from step.subs
            yield step.value
        case AddStep():
            yield step.value
        case TermStep() | PredictStep():
            if isinstance(step, TermStep):
                yield step.lhs
            else:
                yield from step.subs
            for when, _ in step.cases:
                yield when
            for dist in dists(step):
                yield from dist_exprs(dist)
            if isinstance(step, TermStep) and step.form is not None:
                yield from form_exprs(step.form)


def plan_binders(plan: Plan) -> Iterator[Binder]:
    """Yield every binder of a plan, those of comprehensions included."""
    for step in steps(plan):
        yield from step.binders
        if isinstance(step, TermStep | PredictStep):
            for dist in dists(step):
                yield from dist_binders(dist)
        if isinstance(step, TermStep) and step.form is not None:
            yield from form_binders(step.form)
        for expr in step_exprs(step):
            for node in walk(expr):
                if isinstance(node, Reduce):
                    yield from node.binders
