"""What generated quantities compute: draws, replicated data, pointwise log-likelihoods."""

from __future__ import annotations

from hiercomp.backends.stan.dists import draw, log_density
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import assignable
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.statements import by_case, over_all
from hiercomp.backends.stan.values import CannotVectorise, Value
from hiercomp.expr import Expr, Index, Ref, Type
from hiercomp.model.ir import Dist
from hiercomp.plan.ir import LogLikStep, PredictStep


def drawn(step: PredictStep, scope: Scope) -> list[str]:
    """Return the statements that draw a quantity."""

    def one(dist: Dist, target: Value, frame: Frame) -> list[str]:
        if dist.along is not None:
            from hiercomp.backends.stan import chains  # noqa: PLC0415

            return chains.draw(whole, dist, frame, scope, draw)
        value = draw(dist, frame, scope)
        if value.form != target.form or value.rank != target.rank:
            raise CannotVectorise
        return [f"{target.code.text} = {value.code.text};"]

    whole = Ref(step.name, step.subs, Type(step.elem, step.axes[len(step.subs) :]))

    def build(frame: Frame) -> list[str]:
        target = assignable(whole, frame, scope, compiled)
        if target.lead < len(frame.over):
            raise CannotVectorise
        cases = [(when, one(dist, target, frame)) for when, dist in step.cases]
        return by_case(cases, one(step.dist, target, frame), frame, scope)

    return over_all(step.binders, build, scope, step.origin.span, step.name)


def pointwise(step: LogLikStep, scope: Scope) -> list[str]:
    """Return the statements that compute the log-likelihood of every observation, normalisers included."""
    term = step.term
    assert isinstance(term.lhs, Ref)
    subs: tuple[Expr, ...] = term.lhs.subs[: len(step.axes)]

    def one(dist: Dist, frame: Frame) -> list[str]:
        target = assignable(Ref(step.name, subs), frame, scope, compiled)
        return [f"{target.code.text} = {log_density(term.lhs, dist, scope, frame).text};"]

    def build(frame: Frame) -> list[str]:
        # A vectorised density is the sum over its observations, so every one has a call of its own.
        if frame.over:
            raise CannotVectorise
        cases = [(when, one(dist, frame)) for when, dist in term.cases]
        return by_case(cases, one(term.dist, frame), frame, scope)

    return over_all(term.binders, build, scope, term.origin.span, step.name)


def is_whole(step: PredictStep) -> bool:
    """Tell whether a step draws all of its name at once."""
    full = all(binder.lo is None and binder.hi is None for binder in step.binders)
    return full and all(isinstance(sub, Index) for sub in step.subs)
