"""Normal elements that share a precision."""

from __future__ import annotations

from hiercomp.backends.printing import PRODUCT, SUM, Code, call, infix
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import extent
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import CannotVectorise, algebra
from hiercomp.expr import Const
from hiercomp.plan.ir import ByPrecision, TermStep


def density(step: TermStep, form: ByPrecision, scope: Scope) -> list[str]:
    """Return the statement that adds the log density of all elements, up to a constant.

    None where they are no vector, or where something has to be computed first: ``normal`` will do for these.
    """
    frame = Frame(step.binders, [])
    try:
        variate, mean = algebra(compiled(step.lhs, frame, scope)), algebra(compiled(form.mean, frame, scope))
    except CannotVectorise:
        return []
    if frame.before or (variate.form, variate.lead, variate.rank) != ("vector", 1, 1) or mean.form == "row":
        return []
    if mean.rank:
        squares = call("squared_distance", variate.code, mean.code)
    elif isinstance(form.mean, Const) and form.mean.value == 0:
        squares = call("dot_self", variate.code)
    else:
        squares = call("dot_self", infix("-", variate.code, mean.code, SUM))
    (binder,) = step.binders
    count = extent(binder, scope, compiled)
    precision = compiled(form.precision, Frame(), scope).code
    logs = infix("*", Code(count, SUM) if " " in count else Code(count), call("log", precision), PRODUCT)
    both = infix("-", logs, infix("*", precision, squares, PRODUCT), SUM)
    said = dict(step.dist.args)["sd"]
    sd = compiled(said, Frame(), scope).code.text
    return [
        f"// {variate.code.text} ~ normal({mean.code.text}, {sd}) without its constant",
        f"target += 0.5 * ({both.text});",
    ]
