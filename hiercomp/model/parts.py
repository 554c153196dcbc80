"""Walks over distributions made of others: their expressions, their components, and a change of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hiercomp.expr import REAL, Binder, Call, Const, Expr, Op, group_of
from hiercomp.model.ir import Censoring, Dist, Part
from hiercomp.records import replace


def every_dist(dist: Dist) -> Iterator[Dist]:
    """Yield a distribution and its components, parents first."""
    yield dist
    for part in dist.parts:
        yield from every_dist(part.dist)


def dist_exprs(dist: Dist) -> list[Expr]:
    """Return the arguments, the bounds and the weights of a distribution and of its components.

    Those of components may mention the variables of `dist_binders`.
    """
    found: list[Expr] = []
    for one in every_dist(dist) if dist.parts else (dist,):
        found += [value for _, value in one.args]
        limits = (one.censored.lower, one.censored.upper) if one.censored is not None else ()
        found += [expr for expr in (one.lower, one.upper, *limits, one.weight) if expr is not None]
        found += [part.weight for part in one.parts]
    return found


def dist_binders(dist: Dist) -> Iterator[Binder]:
    """Yield the binders that components run over."""
    for one in every_dist(dist):
        yield from (part.binder for part in one.parts if part.binder is not None)
        if one.along is not None:
            yield one.along


def changed(
    dist: Dist, change: Callable[[Expr], Expr], bind: Callable[[Binder], Binder] = lambda binder: binder
) -> Dist:
    """Return `dist` with `change` applied to every expression and `bind` to every binder, components included."""

    def limit(expr: Expr | None) -> Expr | None:
        return None if expr is None else change(expr)

    def part(item: Part) -> Part:
        binder = None if item.binder is None else bind(item.binder)
        return Part(change(item.weight), changed(item.dist, change, bind), binder)

    censored = dist.censored
    if censored is not None:
        censored = Censoring(censored.kind, limit(censored.lower), limit(censored.upper))
    return replace(
        dist,
        args=tuple((name, change(value)) for name, value in dist.args),
        lower=limit(dist.lower),
        upper=limit(dist.upper),
        parts=tuple(map(part, dist.parts)),
        censored=censored,
        weight=limit(dist.weight),
        along=None if dist.along is None else bind(dist.along),
    )


def log_weight(weight: Expr) -> Expr:
    """Return the logarithm of a weight as a call of the catalogue's functions that loses no digits on the way.

    ``log(1 - p)`` is ``log1m(p)``, and of the inverse of a logit the logarithm is taken without the probability.
    """
    match weight:
        case Op(op="-", args=(Const(value=1), Call(func="inv_logit", args=args))):
            return Call("log1m_inv_logit", args, REAL)
        case Op(op="-", args=(Const(value=1), rest)):
            return Call("log1m", (rest,), REAL)
        case Call(func="inv_logit", args=args):
            return Call("log_inv_logit", args, REAL)
        case _:
            return Call("log", (weight,), REAL)


def picked_group(dist: Dist) -> Binder | None:
    """Return the group that a variate of `dist` picks a place in, None where it picks none."""
    found = (group_of(value) for _, value in dist.args)
    inside = (picked_group(part.dist) for part in dist.parts)
    return next((binder for binder in (*found, *inside) if binder is not None), None)
