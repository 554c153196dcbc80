"""Ranges that depend on another index of their statement: ``for t in 1..T, s in 1..t`` is a list of pairs."""

from __future__ import annotations

from hiercomp.backends.printing import ATOM, Code
from hiercomp.backends.pymc import expressions, indexing
from hiercomp.backends.pymc.arrays import Array, align, union
from hiercomp.backends.pymc.scope import Scope, Site
from hiercomp.expr import Binder, free_indices


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
