"""What can only be checked once index sets have sizes: subscripts, and definitions piece by piece."""

from __future__ import annotations

from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.model.ir import IndexSet, Role
from hiercomp.model.regions import check_gaps, regions
from hiercomp.model.scope import BoundCheck, Context
from hiercomp.model.sets import Sets
from hiercomp.records import replace


def check_bounds(context: Context, sets: Sets) -> None:
    """Report subscripts outside their index set (H17)."""
    for stated in context.bounds_to_check:
        check = stated
        item = sets.by_node.get(context.axes.root(check.node))
        if item is None:
            continue
        if check.datum is not None:
            _check_picks(context, check, item)
            continue
        if check.whole and item.length is not None and check.hi is not None and check.hi < item.length:
            context.diagnostics.add(
                Diagnostic(
                    "H26", "a vector goes over a whole index set", check.span, f"a range that ends at {item.length}",
                    check.words, "define the values under a name of their own, with a range of its own",
                )
            )  # fmt: skip
            continue
        if check.within:
            by = sets.by_node[context.axes.root(check.within)].length
            check = replace(check, hi=None if by is None else by + check.past, past=0)
        first = check.lo
        if check.less and first is not None:
            by = sets.by_node[context.axes.root(check.less)].length
            first = first - by if by is not None else None
        low = first is not None and first < 1
        high = item.length is not None and check.hi is not None and check.hi > item.length
        beyond = check.hi is None and check.past > 0
        if not (low or high or beyond):
            continue
        size = str(item.length) if item.length is not None else item.size_name
        found = f"{first}" if low else f"{check.hi}" if high else f"the end plus {check.past}"
        context.diagnostics.add(
            Diagnostic(
                "H17",
                f"{check.words} reaches outside the index set `{item.name}`",
                check.span,
                f"a place from 1 to {size}",
                f"place {found}",
                _inside(low, beyond, check, item, size),
            )
        )


def _inside(low: bool, beyond: bool, check: BoundCheck, item: IndexSet, size: str) -> str:
    """Say how to keep a place inside an index set."""
    if low:
        return (
            "start the range later: `for t in 2..T`; the first elements may have statements of their own, `x_1 = ...`"
        )
    if beyond:
        return f"end the range earlier: `for {item.name} in 1..{size}-{check.past}`"
    return f"pick one of the {size} that there are, or let `{item.name}` have {check.hi} members: `1..{check.hi}`"


def _check_picks(context: Context, check: BoundCheck, item: IndexSet) -> None:
    assert check.datum is not None
    last = None if item.length is None else item.length + check.past
    least = 1 if check.lo is None else check.lo
    for index, value in check.datum.items():
        if isinstance(value, str) or (value >= least and (last is None or value <= last)):
            continue
        place = check.datum.span(index)
        context.diagnostics.add(
            Diagnostic(
                "H17",
                f"{check.words}, and the data has {value} for it in {check.datum.row(index)}",
                check.span,
                f"a whole number from {least} to {last if last is not None else item.size_name}",
                f"{value}",
                "members are counted from 1"
                if value < 1
                else f"write 1 to {last} in the data, or give `{item.name.removesuffix('_dim')}` {value} members",
                secondary=(Label(place, "this value"),) if place else (),
            )
        )
        return


def partly_defined(context: Context, sets: Sets) -> dict[str, bool]:
    """Return the unknowns and derived arrays that have elements without a definition, and whether that is sure."""
    found: dict[str, bool] = {}
    for sym in context.symbols.values():
        if not sym.use.definitions or sym.role in (Role.DATA, Role.OBSERVED) or not sym.axes:
            continue
        items = [context.draft.items[number] for number in sym.use.definitions]
        if any(len(item.subs) < len(sym.axes) for item in items):
            continue
        covered = [regions(item) for item in items]
        sure = not check_gaps(covered, [sets.by_node[context.axes.root(axis)].length for axis in sym.axes])
        if sure or any(region.vague for each in covered for region in each):
            found[sym.name] = sure
    return found
