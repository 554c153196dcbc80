"""Which uses of a name look back at earlier elements: a cycle through such uses is a recursion, and has an order."""

from __future__ import annotations

from collections.abc import Collection

from hiercomp.model import surface
from hiercomp.model.components import components
from hiercomp.model.draft import Draft, Item
from hiercomp.model.letters import Reader
from hiercomp.model.regions import earlier, regions
from hiercomp.syntax.ast import Define, Name


def looks_back(item: Item, name: str, reader: Reader) -> bool:
    """Say whether every use of `name` in a statement is one of earlier elements than those that it defines."""
    covered = regions(item)
    for node, _ in surface.walk(*surface.body(item.statement), *surface.ranges(item.statement)):
        if not isinstance(node, Name) or reader.base(node) != name:
            continue
        _, subs = reader.subs(node)
        if len(subs) != len(item.subs) or not any(
            earlier(sub, own, region, reader) for sub, own, region in zip(subs, item.subs, covered, strict=True)
        ):
            return False
    return True


def series(draft: Draft, reader: Reader) -> set[str]:
    """Return the names with a distribution that only their own later elements depend on, if through other names too.

    Such is ``y`` where ``y_t ~ Normal(mu, s_t)`` and ``s_t`` is computed from ``y_{t-1}``, or ``y_t ~ Normal(m_t, s)``
    and ``m_t`` from ``y_{t-1} - m_{t-1}``.
    """
    uses = {name: _used_by(draft, name) for name in draft.names}
    found: set[str] = set()
    for group in components(uses):
        if len(group) > 1 and not _feeds_others(draft, group):
            found |= {name for name in group if _only_looked_back_at(draft, name, reader)}
    return found


def _only_looked_back_at(draft: Draft, name: str, reader: Reader) -> bool:
    """Say whether something depends on a name, and no distribution does on elements at its own position."""
    reached, known = [name], {name}
    while reached:
        at = reached.pop()
        for number in draft.names[at].users:
            item = draft.items[number]
            if item.name in known or looks_back(item, at, reader):
                continue
            if item.name is None or not isinstance(item.statement, Define):
                return False
            known.add(item.name)
            reached.append(item.name)
    return bool(draft.names[name].users)


def _used_by(draft: Draft, name: str) -> set[str]:
    return {used for number in draft.names[name].definitions for used in draft.items[number].uses}


def _feeds_others(draft: Draft, group: Collection[str]) -> bool:
    """Say whether a density outside of the group depends on it; quantities that are only computed do not count."""
    reached = list(group)
    known = set(group)
    while reached:
        for number in draft.names[reached.pop()].users:
            item = draft.items[number]
            if item.name in known:
                continue
            if item.name is None or not isinstance(item.statement, Define):
                return True
            known.add(item.name)
            reached.append(item.name)
    return False
