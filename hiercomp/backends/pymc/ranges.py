"""The elements that a statement is about, listed: pairs, where a range depends on another index (``for t in 1..T, s in
1..t``), and those at which a condition on data holds."""

from __future__ import annotations

from hiercomp.backends.printing import ATOM, SUM, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc import expressions, indexing
from hiercomp.backends.pymc.arrays import Array, align, union
from hiercomp.backends.pymc.scope import Scope, Site
from hiercomp.expr import Binder, Expr, free_indices


def combinations(site: Site) -> tuple[Site, str] | None:
    """Return a site at which index variables go together through the combinations that there are, and the code that
    lists these. None for several ranges that depend on others, and where they depend on unknowns."""
    ragged = [binder for binder in site.binders if _leans_on(binder)]
    if len(ragged) != 1:
        return None
    (last,) = ragged
    together = [binder for binder in site.binders if binder is last or binder.var in _leans_on(last)]
    whole = tuple(Binder(b.var, b.set) if b in together else b for b in site.binders)
    around = Site(site.scope, whole, site.groups, site.given)
    conditions = [condition for binder in together for condition in _conditions(binder, around)]
    if len(together) < 2 or any(item.random for item in conditions):
        return None
    outer = union(tuple(conditions), around.order)
    texts = [align(item, outer, 0) for item in conditions]
    mask = texts[0].text if len(texts) == 1 else " & ".join(text.at_least(ATOM) for text in texts)
    names = [_new(f"{binder.var}_at", site.scope) for binder in together]
    groups = {
        binder.var: Array(Code(name), (last.var,), (), False, "int")
        for binder, name in zip(together, names, strict=True)
    }
    code = f"{', '.join(names)} = {site.function('np.nonzero')}({mask})"
    return Site(site.scope, whole, {**site.groups, **groups}, site.given), code


def held(when: Expr, site: Site) -> tuple[Site, str] | None:
    """Return a site at which the index variables of a condition go through the elements at which it holds, and the code
    that lists these. None where the condition is one truth, or about elements that are listed already.

    What is computed at the other elements need not be finite there, and then has no derivatives even if unused.
    """
    condition = expressions.expression(when, site)
    if condition.random or not condition.outer or any(var in site.groups for var in condition.outer):
        return None
    codes = [Code(_new(f"{var}_at", site.scope)) for var in condition.outer]
    listing = "np.flatnonzero" if len(codes) == 1 else "np.nonzero"
    found = call(site.function(listing), condition.code)
    starts = [Code(indexing.limits(site.binder(var), 0, site)[0]) for var in condition.outer]
    if len(codes) == 1:
        line = f"{codes[0].text} = {_from(starts[0], found).text}"
    else:
        line = f"{', '.join(code.text for code in codes)} = {found.text}"
        codes = [_from(start, code) for start, code in zip(starts, codes, strict=True)]
    places = {
        var: Array(code, condition.outer[-1:], (), False, "int")
        for var, code in zip(condition.outer, codes, strict=True)
    }
    return Site(site.scope, site.binders, {**site.groups, **places}, site.given), line


def _from(start: Code, places: Code) -> Code:
    """Return places in a range as those in the whole index set, in which the range starts elsewhere."""
    return places if start.text == "0" else join("+", places, start, SUM)


def _leans_on(binder: Binder) -> set[str]:
    return {var for bound in (binder.lo, binder.hi) if bound is not None for var in free_indices(bound)}


def _conditions(binder: Binder, around: Site) -> list[Array]:
    at = indexing.counted(Binder(binder.var, binder.set), around)
    ends = ((binder.lo, ">="), (binder.hi, "<="))
    return [
        expressions.compared(op, at, expressions.expression(end, around), around) for end, op in ends if end is not None
    ]


def _new(wanted: str, scope: Scope) -> str:
    name, number = wanted, 2
    while name in scope.extras:
        name, number = f"{wanted}_{number}", number + 1
    return scope.extra(name)
