"""The parser: it follows the grammar's table and has the builder build what was read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from hiercomp.source import Source
from hiercomp.syntax.builder import Builder
from hiercomp.syntax.table import Rule, Table, table
from hiercomp.syntax.tokens import Tok

type Start = Literal["statement", "note"]


class StuckError(Exception):
    """The grammar has no way on: `found` (``$END`` at the end) is in the way, `expected` could have stood there."""

    def __init__(self, found: Tok, expected: frozenset[str]) -> None:
        super().__init__(found.type)
        self.found = found
        self.expected = expected


@cache
def _methods() -> tuple[Any, ...]:
    """Return the builder's method for each rule, None for those that only hand their values on."""
    builder = Builder()
    return tuple(getattr(builder, rule.build) if rule.build else None for rule in table().rules)


def run(tokens: Sequence[Tok], source: Source, start: Start = "statement") -> object:
    """Return what the builder makes of `tokens`; raise `StuckError`, or the builder's own `RejectedError`."""
    made = table()
    rows, rules, methods = made.states, made.rules, _methods()
    states, values = [made.starts[start]], list[Any]()
    last = tokens[-1].end if tokens else 0
    for number, token in enumerate((*tokens, Tok("$END", "", source, last, last))):
        while (action := rows[states[-1]].get(token.type)) is not None and action < 0:
            rule = rules[~action]
            parts = values[-rule.length :]
            del states[-rule.length :], values[-rule.length :]
            values.append(_reduced(rule, methods[~action], parts))
            states.append(rows[states[-1]][rule.origin])
            if states[-1] == made.ends[start] and token.type == "$END":
                return values[-1]
        if action is None:
            raise StuckError(token, _wanted(made, tokens[:number], start))
        states.append(action)
        values.append(token)
    raise AssertionError("the table has no end")


def _reduced(rule: Rule, method: Any, parts: list[Any]) -> Any:
    if rule.spread:
        # A list that comes first grows in place: a sum of ten thousand terms is not copied ten thousand times.
        spread: list[Any] = parts[0] if 0 in rule.spread else [parts[0]]
        for at in range(1, len(parts)):
            if at in rule.spread:
                spread += parts[at]
            else:
                spread.append(parts[at])
        parts = spread
    if rule.alone and len(parts) == 1:
        return parts[0]
    return parts if method is None else method(parts)


def _wanted(made: Table, tokens: Sequence[Tok], start: Start) -> frozenset[str]:
    """Return the terminals that could stand after `tokens`: not all that the state has a row for, since the table
    merges states that differ in which bracket is open."""
    states = [made.starts[start]]
    for token in tokens:
        _advance(made, states, token.type, start)
    terminals = [symbol for symbol in made.states[states[-1]] if symbol.isupper()]
    return frozenset(terminal for terminal in terminals if _advance(made, list(states), terminal, start))


def _advance(made: Table, states: list[int], terminal: str, start: Start) -> bool:
    """Take a terminal without building anything; say whether it fits."""
    while (action := made.states[states[-1]].get(terminal)) is not None and action < 0:
        rule = made.rules[~action]
        del states[-rule.length :]
        states.append(made.states[states[-1]][rule.origin])
        if states[-1] == made.ends[start] and terminal == "$END":
            return True
    if action is not None:
        states.append(action)
    return action is not None
