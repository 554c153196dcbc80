"""The order in which definitions can be computed, and when: once from data, at every evaluation, or for output only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush

from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.expr import Expr, names
from hiercomp.model.ir import DefineStmt, RandomStmt, Role, Symbol
from hiercomp.plan.draft import Draft, used
from hiercomp.plan.ir import Stage


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


def definitions(draft: Draft) -> dict[str, list[DefineStmt]]:
    """Return the definitions of every name, names in an order in which they can be computed.

    Raises:
        SpecError: H81, where quantities need each other element by element.
    """
    found: dict[str, list[DefineStmt]] = {}
    for stmt in draft.statements:
        if isinstance(stmt, DefineStmt):
            found.setdefault(stmt.name, []).append(stmt)
    needs = {name: frozenset[str]().union(*map(used, stmts)) for name, stmts in found.items()}
    order = in_order(found, needs)
    ordered = set(order)
    stuck = [name for name in found if name not in ordered]
    if stuck:
        raise SpecError(
            [
                Diagnostic(
                    "H81",
                    f"{' and '.join(stuck)} need each other",
                    found[stuck[0]][0].common.span,
                    expected="definitions that can be computed one name after the other",
                    found="definitions that take turns",
                    help="put the value of one into the definition of the other",
                )
            ]
        )
    # A piece that leans on earlier elements of its own name comes after the pieces that start it.
    return {name: sorted(found[name], key=lambda stmt: stmt.name in used(stmt)) for name in order}


def stages(draft: Draft, defined: Mapping[str, list[DefineStmt]], bounds: Iterable[Expr]) -> dict[str, Stage]:
    """Return when each defined name is computed. What only output needs is generated."""
    known = {name: _given(symbol) for name, symbol in draft.symbols.items() if name not in defined}
    found: dict[str, Stage] = {}
    for name, stmts in defined.items():
        needs = {other for stmt in stmts for other in used(stmt)} - {name}
        when = {known.get(other) or found.get(other, Stage.DATA) for other in needs}
        found[name] = max(when, key=list(Stage).index, default=Stage.DATA)
    wanted = {name for bound in bounds for name in names(bound)}
    for stmt in draft.statements:
        if not isinstance(stmt, DefineStmt) and not _drawn(draft, stmt):
            wanted |= used(stmt)
            if isinstance(stmt, RandomStmt):
                wanted |= names(stmt.lhs)
    for name in reversed(list(defined)):
        if name in wanted:
            wanted |= {other for stmt in defined[name] for other in used(stmt)}
        elif found[name] is Stage.PARAMETER:
            found[name] = Stage.GENERATED
    return found


def _given(symbol: Symbol) -> Stage:
    match symbol.role:
        case Role.PARAMETER:
            return Stage.PARAMETER
        case Role.PREDICTION:
            return Stage.GENERATED
        case _:
            return Stage.DATA


def _drawn(draft: Draft, stmt: object) -> bool:
    """Tell whether a statement is about a prediction, which has no part in the density."""
    if not isinstance(stmt, RandomStmt):
        return False
    return any(name in draft.symbols and draft.symbols[name].role is Role.PREDICTION for name in names(stmt.lhs))
