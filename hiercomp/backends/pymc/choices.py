"""Choices among the members of groups: the log odds of all groups in a row, summed segment by segment."""

from __future__ import annotations

from hiercomp.backends.printing import Code
from hiercomp.backends.pymc import indexing
from hiercomp.backends.pymc.arrays import Array
from hiercomp.backends.pymc.expressions import expression, numeric
from hiercomp.backends.pymc.scope import Site
from hiercomp.expr import Binder, Expr, Reduce, Ref, group_of, names

_SIGNATURE = '"(n),()->()"'


def by_segments(logits: Expr, site: Site, outer: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the arguments of a ``CustomDist`` that picks a place in a group for each value of one index variable.

    None where that is not what `logits` are for; then they fill a rectangle.
    """
    group = group_of(logits)
    if group is None or not isinstance(logits, Reduce) or len(site.binders) != 1 or site.groups:
        return None
    (binder,) = site.binders
    assert isinstance(group.lo, Ref)
    assert isinstance(group.hi, Ref)
    known = all(site.scope.symbols[name].datum for end in (group.lo, group.hi) for name in names(end))
    if not known or outer != (binder.var,) or binder.lo is not None or binder.hi is not None:
        return None
    ends = [indexing.positions(end, group.set, site) for end in (group.lo, group.hi)]
    if any(end.outer != outer for end in ends):
        return None
    stem = group.lo.name.removesuffix("_first")
    made = site.scope.segments(stem, *(end.code.text for end in ends))
    along = (group.var,)
    places = {
        var: Array(Code(name), along, (), False, "int")
        for var, name in ((binder.var, made.group), (group.var, made.place))
    }
    inside = Site(site.scope, (binder, Binder(group.var, group.set)), places)
    values = numeric(expression(logits.body, inside), site)
    if values.outer != along:
        return None
    count = f"{site.function('np.arange')}({indexing.length(binder, site).text})"
    return (values.code.text, count, f"logp={made.logp}", f"random={made.draw}", f"signature={_SIGNATURE}",
            'dtype="int64"')  # fmt: skip
