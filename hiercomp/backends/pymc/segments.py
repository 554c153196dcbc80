"""Members of groups of different sizes, all in a row: as many elements as there are members, and no rectangle."""

from __future__ import annotations

from hiercomp.backends.printing import PRODUCT, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc import expressions, indexing
from hiercomp.backends.pymc.arrays import Array
from hiercomp.backends.pymc.scope import Segments, Site
from hiercomp.expr import Binder, Expr, Reduce, Ref, free_indices, names
from hiercomp.model.positions import end_of, whole
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
    first, final = (None if end is None else indexing.split_offset(end)[0] for end in (group.lo, group.hi))
    known = all(site.scope.symbols[name].datum for end in (first, final) if end is not None for name in names(end))
    columns = [end for end in (first, final) if isinstance(end, Ref) and end.subs]
    if not known or binder.lo is not None or binder.hi is not None or len({end.subs for end in columns}) != 1:
        return None
    ends = [indexing.positions(end, group.set, site) for end in _both_ends(group, site)]
    if any(end.outer not in ((), (binder.var,)) for end in ends):
        return None
    stem = columns[0].name.removesuffix("_first")
    made = site.scope.segments(stem, ends[0].code.text, ends[1].code.text, picks=picks)
    along = (group.var,)
    places = {
        var: Array(Code(name), along, (), False, "int")
        for var, name in ((binder.var, made.group), (group.var, made.place))
    }
    inside = Site(site.scope, (binder, Binder(group.var, group.set)), places)
    values = expressions.numeric(expressions.expression(body, inside), site)
    return Row(values, binder, made) if values.outer == along and not values.inner else None


def _both_ends(group: Binder, site: Site) -> tuple[Expr, Expr]:
    return group.lo or whole(1), group.hi or end_of(site.scope.sets[group.set])


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
