"""PyMC needs what a statement mentions to stand before it; a spec may have any order, most often the reverse."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

from hiercomp.backends.pymc.forms import Statement


def in_order(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements so that names come before their uses, section by section where that is possible.

    A section begins when nothing outside of it is left to wait for; if sections need each other, it is broken off.
    What has not been placed when nothing can go on (a cycle) is left out.
    """
    giver = {item.gives: place for place, item in enumerate(statements) if item.gives}
    after: list[list[int]] = [[] for _ in statements]
    waits = [0] * len(statements)
    foreign: dict[str, int] = {}
    ready: dict[str, list[int]] = {}
    for place, item in enumerate(statements):
        section = item.origin.section
        foreign.setdefault(section, 0)
        for name in item.needs:
            source = giver.get(name)
            if source is None or source == place:
                continue
            after[source].append(place)
            waits[place] += 1
            foreign[section] += statements[source].origin.section != section
    for place, item in enumerate(statements):
        if not waits[place]:
            heappush(ready.setdefault(item.origin.section, []), place)
    # Where sections are free, those of a spec that goes from the data to the priors are taken from its end.
    top_down = bool(statements) and foreign[statements[0].origin.section] > 0
    first = {section: -place if top_down else place for place, section in enumerate(foreign)}
    open_: list[tuple[int, str]] = []
    for section, count in foreign.items():
        if count == 0:
            heappush(open_, (first[section], section))
    result: list[Statement] = []
    section: str | None = None
    while True:
        if section is None or not ready.get(section):
            section = _next(open_, ready, first)
            if section is None:
                return result
        place = heappop(ready[section])
        result.append(statements[place])
        for later in after[place]:
            home = statements[later].origin.section
            waits[later] -= 1
            if not waits[later]:
                heappush(ready.setdefault(home, []), later)
            if home != section:
                foreign[home] -= 1
                if not foreign[home]:
                    heappush(open_, (first[home], home))


def _next(open_: list[tuple[int, str]], ready: dict[str, list[int]], first: dict[str, int]) -> str | None:
    while open_:
        section = heappop(open_)[1]
        if ready.get(section):
            return section
    waiting = [section for section, places in ready.items() if places]
    return min(waiting, key=first.__getitem__, default=None)
