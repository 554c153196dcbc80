"""Comprehensions: their index variables become axes of the body, which are then reduced."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.printing import ATOM, POWER, PRODUCT, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc import expressions, functions, indexing, segments
from hiercomp.backends.pymc.arrays import Array, Given, align, union
from hiercomp.backends.pymc.scope import Site, refuse
from hiercomp.expr import VECTOR, Binder, Expr, Index, Op, Reduce, Ref, free_indices, walk
from hiercomp.model import positions
from hiercomp.records import replace

# What is left out of a reduction, and what it is over nothing at all.
_NEUTRAL = {"sum": "0", "count": "0", "prod": "1", "log_sum_exp": "-inf", "max": "-inf", "min": "inf", VECTOR: "-inf"}


def comprehension(expr: Reduce, site: Site, given: Given | None = None) -> Array:
    """Return the code of a comprehension; `given` is that of `expressions.expression`."""
    ragged = [binder for binder in expr.binders if _is_ragged(binder)]
    if ragged and given is None and (sums := segments.summed(expr, site)):
        return sums
    whole = [item for item in expr.binders if item in ragged or item == Binder(item.var, item.set)]
    binders = [_whole(item, expr.body, site) if item in whole else item for item in expr.binders]
    inside = site.inside(binders)
    kept: list[Array] = []
    for place, binder in enumerate(expr.binders):
        found = indexing.members(binder, site.inside(binders[:place])) if binder in ragged else None
        if found is not None:
            inside = replace(inside, groups={**inside.groups, binder.var: found[0]})
            kept.append(found[1])
    padded = [binder for binder in ragged if binder.var in inside.groups]
    if not ragged and (product := _sum_of_products(expr, inside, given)):
        return product
    if expr.func == "count":
        body = Array(Code("1"), elem="int")
    else:
        body = expressions.numeric(expressions.expression(expr.body, inside, given), site)
    if ragged:
        if expr.func == "mean":
            # The mean of what differs in number is a sum over a count.
            total, count = (comprehension(replace(expr, func=func), site, given) for func in ("sum", "count"))
            outer = union((total, count), site.order)
            code = join("/", align(total, outer, 0), align(count, outer, 0), PRODUCT)
            return Array(code, outer, (), total.random)
        body = _masked(expr, body, kept + _conditions([b for b in ragged if b not in padded], inside), inside)
    if expr.func == VECTOR:
        return _vector(expr, body, inside)
    mine = {binder.var for binder in binders}
    func = "sum" if expr.func == "count" else expr.func
    result = body
    if not mine.isdisjoint(body.outer):
        body = _untransposed(body)
        axes = [str(place) for place, var in enumerate(body.outer) if var in mine]
        whole = len(axes) == len(body.outer) and not body.inner
        axis = "" if whole else f"axis={axes[0]}" if len(axes) == 1 else f"axis=({', '.join(axes)})"
        outer = tuple(var for var in body.outer if var not in mine)
        result = functions.reduced(func, body, axis, outer, site)
    missing = [binder for binder in binders if binder.var not in body.outer]
    return _repeated(expr, func, result, missing, inside) if missing else result


def _vector(expr: Reduce, body: Array, inside: Site) -> Array:
    """Return the body with the axis of its index variable, which is the last one, as an axis of its own."""
    (binder,) = expr.binders
    if binder.var in body.outer:
        return Array(body.code, body.outer[:-1], expr.type.axes, body.random)
    return functions.filled(body, expr.type.axes[0], inside)


def _untransposed(body: Array) -> Array:
    """Return a transposed matrix as it was: what is left of it after a reduction does not care."""
    if body.code.strength < ATOM or len(body.outer) != 2 or body.inner or not body.code.text.endswith(".T"):
        return body
    return Array(Code(body.code.text.removesuffix(".T")), body.outer[::-1], (), body.random, body.elem)


def _whole(binder: Binder, body: Expr, site: Site) -> Binder:
    """Return a range that differs from row to row as the whole of its set, or of the part of it that arrays have.

    Where no range leaves an array with `t - 1`, none of them begins at 1.
    """
    first, ends = 1, [positions.place(positions.end_of(site.scope.sets[binder.set]))]
    for node in walk(body):
        if not isinstance(node, Ref) or node.name not in site.scope.symbols:
            continue
        for sub, axis in zip(node.subs, site.scope.symbols[node.name].axes, strict=False):
            base, shift = indexing.split_offset(sub)
            if base != Index(binder.var):
                continue
            first = max(first, 1 - shift)
            if axis == binder.set or site.scope.sets[axis].size is not None:
                ends.append(positions.place(positions.end_of(site.scope.sets[axis])).plus(positions.Place(-shift)))
    last = ends[0]
    for end in ends[1:]:
        further = last.plus(end, -1)
        last = end if further.terms or further.count > 0 else last
    low, high = None if first == 1 else positions.whole(first), None if last == ends[0] else last.expr()
    return Binder(binder.var, binder.set, low, high)


def _is_ragged(binder: Binder) -> bool:
    return any(free_indices(bound) for bound in (binder.lo, binder.hi) if bound is not None)


def _repeated(expr: Reduce, func: str, result: Array, missing: Sequence[Binder], site: Site) -> Array:
    """Return a reduction over index variables that its body does not depend on."""
    if func in ("mean", "min", "max"):
        return result
    count = indexing.length(missing[0], site)
    for binder in missing[1:]:
        count = join("*", count, indexing.length(binder, site), PRODUCT)
    match func:
        case "sum":
            code = count if result.code.text == "1" else join("*", count, result.code, PRODUCT)
        case "prod":
            code = Code(f"{result.code.at_least(ATOM)} ** {count.at_least(ATOM)}", POWER)
        case _:
            raise refuse("H87", f"`{func}` over an index that its body does not depend on", expr.span)
    return Array(code, result.outer, result.inner, result.random, result.elem)


def _sum_of_products(expr: Reduce, inside: Site, given: Given | None) -> Array | None:
    """Return ``sum(a_{i,k} * b_k for k ...)`` as a matrix product, where that is what it is."""
    match expr:
        case Reduce(func="sum", binders=(binder,), body=Op(op="*", args=(Ref() as first, Ref() as second))):
            left, right = (expressions.expression(factor, inside, given) for factor in (first, second))
        case _:
            return None
    if right.outer != (binder.var,):
        left, right = right, left
    if left.inner or right.inner or right.outer != (binder.var,) or left.outer[-1:] != (binder.var,):
        return None
    return Array(join("@", left.code, right.code, PRODUCT), left.outer[:-1], (), left.random or right.random)


def _conditions(ragged: Sequence[Binder], inside: Site) -> list[Array]:
    """Return where index variables are within ranges that differ from row to row."""
    conditions: list[Array] = []
    for binder in ragged:
        at = indexing.counted(inside.binder(binder.var), inside)
        for limit, op in ((binder.lo, ">="), (binder.hi, "<=")):
            if limit is not None:
                conditions.append(expressions.compared(op, at, expressions.expression(limit, inside), inside))
    return conditions


def _masked(expr: Reduce, body: Array, conditions: Sequence[Array], inside: Site) -> Array:
    """Return the body with a neutral value where not all conditions hold."""
    neutral = _NEUTRAL.get(expr.func)
    if neutral is None:
        raise refuse("H87", f"`{expr.func}` over a range that differs from row to row", expr.span)
    outer = union((body, *conditions), inside.order)
    texts = [align(item, outer, 0) for item in conditions]
    keep = texts[0].text if len(texts) == 1 else " & ".join(text.at_least(ATOM) for text in texts)
    random = body.random or any(item.random for item in conditions)
    name = inside.function("pt.switch" if random else "np.where")
    neutral = neutral.replace("inf", inside.function("np.inf")) if "inf" in neutral else neutral
    code = call(name, keep, align(body, outer, len(body.inner)), neutral)
    return Array(code, outer, body.inner, random, body.elem)
