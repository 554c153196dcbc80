"""The order in which definitions can be computed, and when: once from data, at every evaluation, or for output only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush

from hiercomp.expr import Expr, names
from hiercomp.model.components import components
from hiercomp.model.ir import DefineStmt, RandomStmt, Role, Symbol
from hiercomp.plan.draft import Draft, form_exprs, used
from hiercomp.plan.ir import Stage
from hiercomp.plan.recursions import Group, grouped


def in_order(nodes: Iterable[str], needs: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the nodes so that each comes after those it needs, and otherwise as they stood.

    What is left out of the result is part of a cycle or depends on one.
    """
    listed = list(nodes)
    place = {name: position for position, name in enumerate(listed)}
    waiting = {name: {other for other in needs[name] if other in place and other != name} for name in listed}
    wanted_by: dict[str, list[str]] = {}
    for name, others in waiting.items():
        for other in others:
            wanted_by.setdefault(other, []).append(name)
    ready = [place[name] for name in listed if not waiting[name]]
    heapify(ready)
    result: list[str] = []
    while ready:
        name = listed[heappop(ready)]
        result.append(name)
        for other in wanted_by.get(name, ()):
            waiting[other].discard(name)
            if not waiting[other]:
                heappush(ready, place[other])
    return result


def definitions(draft: Draft) -> list[Group]:
    """Return the definitions of all names, in an order in which they can be computed.

    Raises:
        SpecError: H81, where quantities need each other and have no order.
    """
    found: dict[str, list[DefineStmt]] = {}
    for stmt in draft.statements:
        if isinstance(stmt, DefineStmt):
            found.setdefault(stmt.name, []).append(stmt)
    needs = {name: frozenset[str]().union(*map(used, stmts)) for name, stmts in found.items()}
    together = {group[0]: group for group in components(needs)}
    home = {name: first for first, group in together.items() for name in group}
    wanted = {
        first: frozenset(home[other] for name in group for other in needs[name] if other in home)
        for first, group in together.items()
    }
    return [grouped(found, together[first]) for first in in_order([name for name in found if name in together], wanted)]


def stages(draft: Draft, defined: Sequence[Group], bounds: Iterable[Expr]) -> dict[str, Stage]:
    """Return when each defined name is computed. What only output needs is generated."""
    own = {name for group in defined for name in group.names}
    known = {name: _given(symbol) for name, symbol in draft.symbols.items() if name not in own}
    found: dict[str, Stage] = {}
    for group in defined:
        when = {known.get(other) or found.get(other, Stage.DATA) for other in _needs(group)}
        found |= dict.fromkeys(group.names, max(when, key=list(Stage).index, default=Stage.DATA))
    wanted = {name for bound in bounds for name in names(bound)}
    for stmt in draft.statements:
        if not isinstance(stmt, DefineStmt) and not _drawn(draft, stmt):
            form = draft.forms.get(stmt.common.label)
            wanted |= used(stmt) if form is None else {name for expr in form_exprs(form) for name in names(expr)}
            if isinstance(stmt, RandomStmt):
                wanted |= names(stmt.lhs)
    for group in reversed(defined):
        if wanted.intersection(group.names):
            wanted |= _needs(group)
        elif found[group.names[0]] is Stage.PARAMETER:
            found |= dict.fromkeys(group.names, Stage.GENERATED)
    return found


def _needs(group: Group) -> set[str]:
    return {other for stmt, _ in group.stmts for other in used(stmt)} - set(group.names)


def _given(symbol: Symbol) -> Stage:
    match symbol.role:
        case Role.PARAMETER:
            return Stage.PARAMETER
        case Role.PREDICTION:
            return Stage.GENERATED
        case _:
            return Stage.DATA


def _drawn(draft: Draft, stmt: object) -> bool:
    """Tell whether a statement only serves draws: it is about a prediction, or a sum over values has its density."""
    if not isinstance(stmt, RandomStmt):
        return False
    if stmt.common.label in draft.drawn:
        return True
    return any(name in draft.symbols and draft.symbols[name].role is Role.PREDICTION for name in names(stmt.lhs))
