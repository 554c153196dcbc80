"""An order in which everything can be computed: what a definition needs comes before it."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heappush

from hiercomp.diagnostics import Diagnostic, Diagnostics, Label
from hiercomp.model.draft import Draft
from hiercomp.model.ir import Role
from hiercomp.model.roles import Known
from hiercomp.syntax.ast import Random


def order_items(draft: Draft, known: Mapping[str, Known], faulty: set[str], diagnostics: Diagnostics) -> list[int]:
    """Return the numbers of the statements, each after those that define what it uses; otherwise as they stand.

    Quantities that need each other are reported (H4) and become faulty. A name that uses itself is not judged here:
    earlier elements of it may be meant.
    """
    needs = [_needs(draft, known, number) for number in range(len(draft.items))]
    waiting = [len(found) for found in needs]
    wanted_by: dict[int, list[int]] = {}
    for number, found in enumerate(needs):
        for other in found:
            wanted_by.setdefault(other, []).append(number)
    ready = [number for number, count in enumerate(waiting) if not count]
    heapify(ready)
    order: list[int] = []
    while ready:
        number = heappop(ready)
        order.append(number)
        for other in wanted_by.get(number, ()):
            waiting[other] -= 1
            if not waiting[other]:
                heappush(ready, other)
    if len(order) < len(needs):
        placed = set(order)
        stuck = [number for number in range(len(needs)) if number not in placed]
        _report(draft, needs, stuck, faulty, diagnostics)
        order += stuck
    return order


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


def _report(draft: Draft, needs: list[set[int]], stuck: list[int], faulty: set[str], diagnostics: Diagnostics) -> None:
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
