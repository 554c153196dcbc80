"""Mixtures: the component of an observation is summed out of its density, and drawn for its replicate."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hiercomp.backends.printing import SUM, TERNARY, Code, call, infix
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import extent
from hiercomp.backends.stan.reductions import loop
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import CannotVectorise, Value, column, refuse, scalar
from hiercomp.catalog import row_named
from hiercomp.expr import Binder, Expr, Ref
from hiercomp.model.ir import Dist, Part
from hiercomp.model.parts import log_weight
from hiercomp.plan.draft import own_ends
from hiercomp.plan.weights import by_logit, inflated, is_rest, whole_weights
from hiercomp.records import replace

# Stan's own densities of these are zero beyond their bounds.
_ZERO_BEYOND = frozenset({"Uniform", "Pareto"})

type Density = Callable[[Expr, Dist, Scope, Frame], Code]
type Draw = Callable[[Dist, Frame, Scope], Value]


def log_density(lhs: Expr, dist: Dist, scope: Scope, frame: Frame, density: Density) -> Code:
    """Return the log density of one observation; `density` is that of a component.

    Raises:
        CannotVectorise: several observations at once, whose sums over components are several too.
    """
    if frame.over:
        raise CannotVectorise
    running = dist.parts[0].binder
    if running is not None:
        return _running(lhs, dist.parts[0], running, scope, frame, density)
    if dist.parts[0].dist.row == "Zero":
        return _with_zeros(lhs, dist, scope, frame, density)
    terms = [_within(lhs, part, dist.parts, scope, frame, density) for part in dist.parts]
    if len(dist.parts) == 2 and is_rest(dist.parts[1].weight, dist.parts[0].weight) and not by_logit(dist.parts[0]):
        return call("log_mix", _number(dist.parts[0].weight, frame, scope), *terms)
    whole = _vector(dist.parts, scope)
    if whole is not None:
        return call("log_mix", _column(whole, frame, scope), f"[{', '.join(term.text for term in terms)}]'")
    logs = [compiled(log_weight(part.weight), frame, scope).code for part in dist.parts]
    sums = [infix("+", log, term, SUM).text for log, term in zip(logs, terms, strict=True)]
    return call("log_sum_exp", f"[{', '.join(sums)}]")


def _within(lhs: Expr, part: Part, parts: Sequence[Part], scope: Scope, frame: Frame, density: Density) -> Code:
    """Return the density of a component, zero where only others have values: most of Stan's own refuse these."""
    term = density(lhs, part.dist, scope, frame)
    row = row_named(part.dist.row)
    if row.name in _ZERO_BEYOND or "stan" in row.own:
        return term
    variate = compiled(lhs, frame, scope).code.at_least(SUM)
    beyond = [
        f"{variate} {'<' if side == 'lower' else '>'} {compiled(bound, frame, scope).code.at_least(SUM)}"
        for side, bound in own_ends(part.dist, [other.dist for other in parts])
    ]
    if not beyond:
        return term
    return Code(f"{' || '.join(beyond)} ? negative_infinity() : {term.at_least(TERNARY)}", TERNARY)


def _with_zeros(lhs: Expr, dist: Dist, scope: Scope, frame: Frame, density: Density) -> Code:
    """Return the density where a zero has a probability of its own; where it is not the only way to a zero, as well."""
    zero, other = dist.parts
    term = density(lhs, other.dist, scope, frame)
    variate = compiled(lhs, frame, scope).code
    of_zero, of_other = (compiled(log_weight(part.weight), frame, scope).code for part in dist.parts)
    rest = infix("+", of_other, term, SUM)
    if not inflated(dist):
        at_zero = of_zero
    elif by_logit(zero):
        at_zero = call("log_sum_exp", of_zero, rest)
    else:
        at_zero = call("log_mix", _number(zero.weight, frame, scope), Code("0"), term)
    return Code(f"{variate.at_least(SUM)} == 0 ? {at_zero.text} : {rest.at_least(SUM)}", TERNARY)


def _running(lhs: Expr, part: Part, binder: Binder, scope: Scope, frame: Frame, density: Density) -> Code:
    """Return the density where every member of a set has a component: their terms are put into a vector before."""
    if frame.before is None:
        raise refuse("a mixture needs a loop where Stan has no place for one", part.dist.span, "a mixture", "list it")
    name = frame.fresh("terms", scope)
    var = scope.loops[binder.var]
    inner = Frame((), [], frame.locals)
    term = density(lhs, part.dist, scope, inner)
    body = [*(inner.before or ()), f"{name}[{var}] = {term.text};"]
    frame.before.append(f"vector[{extent(binder, scope, compiled)}] {name};")
    frame.before.extend(loop([binder], body, scope, compiled))
    weights = compiled(part.weight, frame.with_over((binder,)), scope)
    return call("log_mix", column(_own(weights)).code, name)


def draw(dist: Dist, frame: Frame, scope: Scope, one: Draw) -> Value:
    """Return a draw of a component that has itself been drawn before; `one` draws from a component."""
    if frame.over:
        raise CannotVectorise
    assert frame.before is not None
    if dist.parts[0].binder is None and len(dist.parts) == 2 and is_rest(dist.parts[1].weight, dist.parts[0].weight):
        draws = _draws(dist, frame, scope, one)
        chosen = call("bernoulli_rng", _number(dist.parts[0].weight, frame, scope))
        code = Code(f"{chosen.text} ? {draws[0].code.text} : {draws[1].code.text}", TERNARY)
        return scalar(code, draws[0].elem)
    running = dist.parts[0].binder
    if running is not None:
        weights = column(_own(compiled(dist.parts[0].weight, frame.with_over((running,)), scope))).code
    else:
        whole = _vector(dist.parts, scope)
        listed = ", ".join(_number(part.weight, frame, scope).text for part in dist.parts)
        weights = Code(f"[{listed}]'") if whole is None else _column(whole, frame, scope)
    which = frame.fresh("component", scope)
    frame.before.append(f"int {which} = categorical_rng({weights.text});")
    return drawn_by(which, dist, frame, scope, one)


def _draws(dist: Dist, frame: Frame, scope: Scope, one: Draw) -> list[Value]:
    draws = [scalar("0", "int") if part.dist.row == "Zero" else one(part.dist, frame, scope) for part in dist.parts]
    if any(value.rank for value in draws):
        raise CannotVectorise
    return draws


def drawn_by(which: str, dist: Dist, frame: Frame, scope: Scope, one: Draw) -> Value:
    """Return a draw of the component whose number the variable `which` of the program has."""
    running = dist.parts[0].binder
    if running is not None:
        return one(dist.parts[0].dist, frame, replace(scope, loops={**scope.loops, running.var: which}))
    draws = _draws(dist, frame, scope, one)
    text = draws[-1].code.text
    for place in range(len(draws) - 1, 0, -1):
        text = f"{which} == {place} ? {draws[place - 1].code.text} : {text}"
    return scalar(Code(text, TERNARY), draws[0].elem)


def _vector(parts: Sequence[Part], scope: Scope) -> Ref | None:
    return whole_weights(parts, lambda name: scope.held[name].container.axes, scope.sets)


def _number(expr: Expr, frame: Frame, scope: Scope) -> Code:
    return compiled(expr, frame, scope).code


def _column(expr: Expr, frame: Frame, scope: Scope) -> Code:
    return column(compiled(expr, frame, scope)).code


def _own(value: Value) -> Value:
    """Return a vector along the set of components as a value of its own."""
    if value.rank != 1 or value.lead != 1:
        raise CannotVectorise
    return Value(value.code, value.form, value.elem, 0, 1)
