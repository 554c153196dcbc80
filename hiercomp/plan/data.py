"""What has to be read: sizes and data, with the bounds that validate them."""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.expr import INT, Expr, Reduce, Ref, names, number, walk
from hiercomp.model.ir import RandomStmt, Role, Support
from hiercomp.model.parts import dist_binders
from hiercomp.plan.bounds import data_support
from hiercomp.plan.draft import Draft, dists, exprs
from hiercomp.plan.ir import DataItem, Origin
from hiercomp.plan.stages import in_order
from hiercomp.records import replace


def data_items(draft: Draft, about: Mapping[str, list[RandomStmt]]) -> tuple[DataItem, ...]:
    """Return sizes first, then scalars and arrays, each after the data that its bounds mention."""
    items: dict[str, DataItem] = {}
    sets = _index_sets_used(draft)
    sizes = {item.size_name: item.name for item in draft.index_sets.values() if item.name in sets}
    for name, index_set in sizes.items():
        size = draft.index_sets[index_set].size
        if name in draft.symbols or (size is not None and not (isinstance(size, Ref) and size.name == name)):
            continue
        items[name] = DataItem(name, "int", (), Support(replace(number(0), type=INT)), False, Origin(name), index_set)
    given = [symbol for symbol in draft.symbols.values() if symbol.role in (Role.DATA, Role.OBSERVED)]
    readable = frozenset(items) | {symbol.name for symbol in given}
    for symbol in sorted(given, key=lambda symbol: (symbol.name not in sizes, bool(symbol.axes))):
        support = data_support(symbol, about.get(symbol.name, []), readable)
        if symbol.name in sizes and support.lower is None:
            support = replace(support, lower=replace(number(0), type=INT))
        items[symbol.name] = DataItem(
            symbol.name,
            symbol.elem,
            symbol.axes,
            support,
            symbol.role is Role.OBSERVED,
            Origin(symbol.name, span=symbol.span),
            sizes.get(symbol.name, ""),
            symbol.event_rank,
        )
    needs = {
        name: frozenset[str]().union(*(names(b) for b in (item.support.lower, item.support.upper) if b is not None))
        for name, item in items.items()
    }
    return tuple(items[name] for name in in_order(items, needs))


def _index_sets_used(draft: Draft) -> set[str]:
    found = {axis for symbol in draft.symbols.values() for axis in symbol.axes}
    for stmt in draft.statements:
        found |= {binder.set for binder in stmt.common.binders}
        for expr in exprs(stmt):
            found |= _sets_bound(expr)
        if isinstance(stmt, RandomStmt):
            found |= {binder.set for dist in dists(stmt) for binder in dist_binders(dist)}
    return found


def _sets_bound(expr: Expr) -> set[str]:
    return {binder.set for node in walk(expr) if isinstance(node, Reduce) for binder in node.binders}
