"""Members of groups of different sizes, all in a row: as many elements as there are members, and no rectangle."""

from __future__ import annotations

from hiercomp.backends.printing import PRODUCT, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc import expressions, indexing
from hiercomp.backends.pymc.arrays import Array
from hiercomp.backends.pymc.scope import Segments, Site
from hiercomp.expr import Binder, Expr, Reduce, Ref, free_indices, names
from hiercomp.records import record


@record
class Row:
    """The values of an expression for all members of all groups, with the index variable that says which group, and
    the variables of the module that say of every member where it is."""

    values: Array
    binder: Binder
    segments: Segments


def in_a_row(group: Binder, body: Expr, site: Site, *, picks: bool) -> Row | None:
    """Return what `body` is worth for the members of each group of one index variable; None for other ranges.

    `picks`: members are picked, which takes more than where they are.
    """
    free = {var for expr in (body, *filter(None, (group.lo, group.hi))) for var in free_indices(expr)}
    mine = [binder for binder in site.binders if binder.var in free]
    if len(mine) != 1 or group.var not in free_indices(body) or body.type.axes or site.groups or site.given:
        return None
    (binder,) = mine
    if not isinstance(group.lo, Ref) or not isinstance(group.hi, Ref) or group.lo.subs != group.hi.subs:
        return None
    known = all(site.scope.symbols[name].datum for end in (group.lo, group.hi) for name in names(end))
    if not known or binder.lo is not None or binder.hi is not None:
        return None
    ends = [indexing.positions(end, group.set, site) for end in (group.lo, group.hi)]
    if any(end.outer != (binder.var,) for end in ends):
        return None
    stem = group.lo.name.removesuffix("_first")
    made = site.scope.segments(stem, ends[0].code.text, ends[1].code.text, picks=picks)
    along = (group.var,)
    places = {
        var: Array(Code(name), along, (), False, "int")
        for var, name in ((binder.var, made.group), (group.var, made.place))
    }
    inside = Site(site.scope, (binder, Binder(group.var, group.set)), places)
    values = expressions.numeric(expressions.expression(body, inside), site)
    return Row(values, binder, made) if values.outer == along and not values.inner else None


def summed(expr: Reduce, site: Site) -> Array | None:
    """Return a sum or a mean over the members of each group; None where it has to be one over a rectangle."""
    if len(expr.binders) != 1 or expr.func not in ("sum", "mean"):
        return None
    row = in_a_row(expr.binders[0], expr.body, site, picks=False)
    if row is None:
        return None
    outer, size, group = (row.binder.var,), indexing.length(row.binder, site), row.segments.group
    if row.values.random:
        code = Code(f"{call(site.function('pt.zeros'), size).text}[{group}].inc({row.values.code.text})")
    else:
        code = call(site.function("np.bincount"), group, row.values.code, f"minlength={size.text}")
    if expr.func == "mean":
        code = join("/", code, call(site.function("np.bincount"), group, f"minlength={size.text}"), PRODUCT)
    return Array(code, outer, (), row.values.random)
