"""An order in which everything can be computed: what a definition needs comes before it."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heappush

from hiercomp.diagnostics import Diagnostic, Diagnostics, Label
from hiercomp.model.components import components
from hiercomp.model.draft import Draft
from hiercomp.model.ir import Role
from hiercomp.model.letters import Reader
from hiercomp.model.roles import Known
from hiercomp.syntax.ast import Random


def order_items(
    draft: Draft, known: Mapping[str, Known], reader: Reader, faulty: set[str], diagnostics: Diagnostics
) -> list[int]:
    """Return the numbers of the statements, each after those that define what it uses; otherwise as they stand.

    Quantities that need each other are reported (H4) and become faulty, unless they need earlier elements: then there
    is an order for those at one position. A name that uses itself is not judged here.
    """
    needs = {number: _needs(draft, known, number) for number in range(len(draft.items))}
    order = _settled(needs)
    if len(order) == len(needs):
        return order
    placed = set(order)
    stuck = {number: needs[number] - placed for number in needs if number not in placed}
    for group in components(stuck):
        now = {number: stuck[number].intersection(group) for number in group}
        if len(group) > 1:
            now = {number: _needed_now(draft, number, found, reader) for number, found in now.items()}
        inner = _settled(now)
        order += inner
        if len(inner) < len(group):
            left = [number for number in group if number not in inner]
            _report(draft, now, left, faulty, diagnostics)
            order += left
    return order


def _settled(needs: Mapping[int, set[int]]) -> list[int]:
    """Return the statements, each after those it needs, as far as there are no cycles."""
    waiting = {number: len(found) for number, found in needs.items()}
    wanted_by: dict[int, list[int]] = {}
    for number, found in needs.items():
        for other in found:
            wanted_by.setdefault(other, []).append(number)
    ready = [number for number, count in waiting.items() if not count]
    heapify(ready)
    order: list[int] = []
    while ready:
        number = heappop(ready)
        order.append(number)
        for other in wanted_by.get(number, ()):
            waiting[other] -= 1
            if not waiting[other]:
                heappush(ready, other)
    return order


def _needed_now(draft: Draft, number: int, needed: set[int], reader: Reader) -> set[int]:
    """Return those of the statements in a cycle whose elements at the same position `number` may need."""
    from hiercomp.model.lags import looks_back  # noqa: PLC0415

    item = draft.items[number]
    return {
        other
        for other in needed
        if (name := draft.items[other].name) is None or not item.subs or not looks_back(item, name, reader)
    }


def _needs(draft: Draft, known: Mapping[str, Known], number: int) -> set[int]:
    """Return the statements that must come first. Data are there already, whatever distribution they have."""
    item = draft.items[number]
    uses = item.uses | draft.names[item.name].limits if item.name is not None else item.uses
    return {
        other
        for name in uses
        if name != item.name and name in draft.names and not _is_there(draft, known, name)
        for other in draft.names[name].definitions
    }


def _is_there(draft: Draft, known: Mapping[str, Known], name: str) -> bool:
    """Say whether a name needs no statement before it is used: its values or at least its rank are known."""
    if name not in known or known[name].role not in (Role.DATA, Role.OBSERVED):
        return False
    return known[name].datum is not None or all(draft.items[n].subs for n in draft.names[name].definitions)


def _report(
    draft: Draft, needs: Mapping[int, set[int]], stuck: list[int], faulty: set[str], diagnostics: Diagnostics
) -> None:
    """Say each cycle once. Statements that merely depend on one are not at fault, but cannot be looked at further."""
    inside = set(stuck)
    seen: set[int] = set()
    for start in stuck:
        path: dict[int, int] = {}
        number = start
        while number not in seen and number not in path:
            path[number] = len(path)
            number = min(needs[number] & inside)
        seen |= path.keys()
        if number in path:
            _cycle(draft, [n for n, place in path.items() if place >= path[number]], diagnostics)
    faulty |= {name for n in stuck if (name := draft.items[n].name) is not None}


def _cycle(draft: Draft, cycle: list[int], diagnostics: Diagnostics) -> None:
    first = min(cycle)
    turn = cycle.index(first)
    cycle = cycle[turn:] + cycle[:turn]
    names = [draft.items[number].name or "?" for number in cycle]
    random = any(isinstance(draft.items[number].statement, Random) for number in cycle)
    spans = [(name, draft.items[number].span) for name, number in zip(names[1:], cycle[1:], strict=True)]
    diagnostics.add(
        Diagnostic(
            "H4",
            f"{' and '.join(f'`{name}`' for name in names)} need each other",
            draft.items[first].span,
            "definitions that can be computed one after the other",
            " needs ".join(f"`{name}`" for name in [*names, names[0]]),
            "if one of them is data, bind the data or say `where NAME is observed`"
            if random
            else f"define {f'`{names[0]}`'} by something that does not need it",
            secondary=tuple(Label(span, f"`{name}` is defined here") for name, span in spans[:4] if span is not None),
        )
    )
