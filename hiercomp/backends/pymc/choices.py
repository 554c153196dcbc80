"""Choices among the members of groups: the log odds of all groups in a row, summed segment by segment."""

from __future__ import annotations

from hiercomp.backends.pymc import indexing
from hiercomp.backends.pymc.scope import Site
from hiercomp.backends.pymc.segments import in_a_row
from hiercomp.expr import Expr, Reduce, group_of

_SIGNATURE = '"(n),()->()"'


def by_segments(logits: Expr, site: Site, outer: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the arguments of a ``CustomDist`` that picks a place in a group for each value of one index variable.

    None where that is not what `logits` are for; then they fill a rectangle.
    """
    group = group_of(logits)
    if group is None or not isinstance(logits, Reduce) or len(site.binders) != 1 or site.groups:
        return None
    (binder,) = site.binders
    row = in_a_row(group, logits.body, site, picks=True) if outer == (binder.var,) else None
    if row is None:
        return None
    made = row.segments
    count = f"{site.function('np.arange')}({indexing.length(binder, site).text})"
    return (row.values.code.text, count, f"logp={made.logp}", f"random={made.draw}", f"signature={_SIGNATURE}",
            'dtype="int64"')  # fmt: skip
