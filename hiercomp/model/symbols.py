"""Symbols under way: for every name its role, what its axes are so far, and what is known of its values."""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.expr import Elem
from hiercomp.model import surface
from hiercomp.model.axes import Extent
from hiercomp.model.binding import Datum
from hiercomp.model.draft import NameUse, event_rank
from hiercomp.model.ir import Role
from hiercomp.model.roles import Known
from hiercomp.model.scope import WHOLE_LINE, Context, Interval, Sym
from hiercomp.source import Span


def make_symbols(context: Context, known: Mapping[str, Known]) -> None:
    """Make a symbol for every name with a role; names whose data do not fit their indices become faulty (H6)."""
    for place, (name, use) in enumerate(context.draft.names.items()):
        context.places[name] = place
        if name not in known:
            continue
        what = known[name]
        if use.group is not None and what.role is Role.DATA and not use.definitions:
            _group(context, use, what)
            continue
        span = what.datum.header if what.datum is not None and not use.definitions else _span(context, use)
        sym = Sym(name, what.role, what.why, use, None, _elem(use, what.datum), what.datum, span=span)
        sym.axes = _axes(context, sym)
        if context.firsts:
            for place_, axis in enumerate(sym.axes or ()):
                context.axes.facts(axis).first = context.firsts.get((name, place_), 1)
        sym.open = sym.role is Role.DATA and what.datum is None and not use.size
        context.symbols[name] = sym
        context.intervals[name] = _interval(what.datum)


def _group(context: Context, use: NameUse, what: Known) -> None:
    """Make the symbols of groups: the list of all members, and the places in it where each group begins and ends."""
    given = what.groups
    node = context.axes.fresh(use.name)
    row = context.axes.fresh(use.name)
    context.axes.facts(row).declared = f"{use.name}_members"
    names = [use.name, f"{use.name}_first", f"{use.name}_final"]
    data = [None, None, None] if given is None else [given.members, given.first, given.final]
    whys = [what.why, f"where each group begins in `{use.name}`", f"where each group ends in `{use.name}`"]
    for name, datum, axis, why in zip(names, data, (row, node, node), whys, strict=True):
        if name != use.name and (name in context.draft.names or name in context.binding):
            context.diagnostics.add(
                Diagnostic("H3", f"`{name}` is where the groups of `{use.name}` begin or end", use.first.span,
                           "another name for what the spec or the data call so", f"`{name}`",
                           f"rename `{name}`, or `{use.name}`")
            )  # fmt: skip
        span = datum.header if datum is not None else use.first.span
        sym = Sym(name, what.role, why, use, [axis], "int", datum, span=span)
        if datum is not None:
            context.axes.facts(axis).extents.append(Extent(name, 0, datum.lengths[0], datum.header))
        context.symbols[name] = sym
        context.intervals[name] = _interval(datum)
    context.groups[use.name] = (names[1], names[2])


def _span(context: Context, use: NameUse) -> Span | None:
    if use.definitions:
        item = context.draft.items[use.definitions[0]]
        return surface.where(surface.target(item.statement), item.span)
    return use.first.span


def _elem(use: NameUse, datum: Datum | None) -> Elem:
    if not (use.integer or use.size):
        return "real"
    return "real" if datum is not None and (datum.elem == "real" or datum.missing) else "int"


def _axes(context: Context, sym: Sym) -> list[str] | None:
    use, datum = sym.use, sym.datum
    if datum is not None:
        if use.subscripts > len(datum.lengths) and not use.definitions:
            _too_few(context, sym, datum)
        nodes = [context.axes.fresh(sym.name) for _ in datum.lengths]
        for place, (node, length) in enumerate(zip(nodes, datum.lengths, strict=True)):
            context.axes.facts(node).extents.append(Extent(sym.name, place, length, datum.header))
        if sym.name in context.columns:
            context.axes.facts(nodes[-1]).labels = context.columns[sym.name]
        return nodes
    if use.definitions:
        item = context.draft.items[use.definitions[0]]
        # Without indices on the left, the right side decides: `theta = mu + tau * eta` is an array if eta is.
        rank = len(item.subs) + event_rank(item) if item.subs else 0
        return [context.axes.fresh(sym.name) for _ in range(rank)] if rank else None
    return [context.axes.fresh(sym.name) for _ in range(use.subscripts)]


def _too_few(context: Context, sym: Sym, datum: Datum) -> None:
    rank, node = len(datum.lengths), sym.use.indexed or sym.use.first
    header = datum.header
    context.faulty.add(sym.name)
    from hiercomp.model.hints import fewer_subscripts  # noqa: PLC0415

    context.diagnostics.add(
        Diagnostic(
            "H6",
            f"`{sym.name}` is used with {sym.use.subscripts} ind{'ex' if sym.use.subscripts == 1 else 'ices'}, "
            f"but the data has {'one number' if not rank else f'an array with {rank}'}",
            node.span,
            f"`{sym.name}` alone" if not rank else f"{rank} ind{'ex' if rank == 1 else 'ices'}",
            f"`{surface.show(node)}`",
            fewer_subscripts(node, sym.name, context.reader.subs(node)[1], rank),
            secondary=(Label(header, "the data"),) if header else (),
        )
    )


def _interval(datum: Datum | None) -> Interval:
    if datum is None or datum.elem == "str" or datum.missing:
        return WHOLE_LINE
    numbers = [float(item) for _, item in datum.items() if not isinstance(item, str)]
    return (min(numbers), max(numbers)) if numbers else WHOLE_LINE
