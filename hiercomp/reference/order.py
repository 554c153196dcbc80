"""The order in which statements can be run, and how those run that refer to their own earlier elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hiercomp.expr import Binder, Const, Expr, Index, Op, Ref, apart, free_indices, names, walk
from hiercomp.model.components import components
from hiercomp.model.ir import AddStmt, DefineStmt, RandomStmt, Stmt
from hiercomp.model.parts import dist_exprs
from hiercomp.reference.evaluate import EvaluationError

type Needs = Callable[[Stmt], Sequence[Expr]]


@dataclass(frozen=True, slots=True)
class Block:
    """Statements that run together. `axis` is None for one statement that runs for all its indices at once; else the
    members run position by position along that index of each (`loop`: which variable of each member it is, or the only
    position of a member that has no more)."""

    members: tuple[int, ...]
    loop: tuple[str | int, ...] = ()
    set: str = ""
    backwards: bool = False


def target(stmt: Stmt) -> tuple[str, tuple[Expr, ...]] | None:
    """Return the name and the subscripts that a statement gives a value, or None for a mere term."""
    match stmt:
        case DefineStmt(name=name, subs=subs):
            return name, subs
        case RandomStmt(lhs=Ref(name=name, subs=subs)):
            return name, subs
        case RandomStmt() | AddStmt():
            return None


def limits(binders: Sequence[Binder]) -> Iterator[Expr]:
    """Yield the expressions that bound index ranges."""
    for binder in binders:
        for limit in (binder.lo, binder.hi):
            if limit is not None:
                yield limit


def needs(stmt: Stmt) -> list[Expr]:
    """Return all expressions that have to have a value before the target of `stmt` can get one."""
    found: list[Expr] = list(limits(stmt.common.binders))
    place = target(stmt)
    if place is not None:
        found += place[1]
    match stmt:
        case DefineStmt(value=value) | AddStmt(value=value):
            found.append(value)
        case RandomStmt(dist=dist, cases=cases):
            for one in (dist, *(case for _, case in cases)):
                found += dist_exprs(one)
            found += [when for when, _ in cases]
    return found


class NoOrderError(EvaluationError):
    """Elements need each other, so that none of them can have its value first."""


def blocks(statements: Sequence[Stmt], chosen: Sequence[int], wants: Needs = needs) -> list[Block]:
    """Return the chosen statements in an order in which each finds what it needs among those before it.

    `wants` says what a statement needs. Raises `NoOrderError` where elements depend on themselves.
    """
    providers: dict[str, list[int]] = {}
    for at in chosen:
        place = target(statements[at])
        if place is not None:
            providers.setdefault(place[0], []).append(at)
    wanted = {at: list(wants(statements[at])) for at in chosen}
    edges = {
        at: [
            source
            for name in _mentioned(wanted[at])
            for source in providers.get(name, ())
            if not _is_last_of(statements[source], statements[at], wanted[at])
        ]
        for at in chosen
    }
    found: list[Block] = []
    for group in components(edges):
        if len(group) == 1 and group[0] not in edges[group[0]]:
            found.append(Block(group))
        else:
            found.append(_recursive(statements, group, wanted))
    return found


def _is_last_of(source: Stmt, stmt: Stmt, wanted: Sequence[Expr]) -> bool:
    """Say whether a statement defines the last element of what the other one defines too without looking ahead."""
    one, other = target(source), target(stmt)
    if one is None or other is None or one[0] != other[0] or not any(isinstance(sub, Ref) for sub in one[1]):
        return False
    own = (node for expr in wanted for node in walk(expr) if isinstance(node, Ref) and node.name == one[0])
    return not any(_looks_ahead(sub) for node in own for sub in node.subs)


def _mentioned(exprs: Sequence[Expr]) -> list[str]:
    return sorted(frozenset[str]().union(*map(names, exprs)))


def _recursive(statements: Sequence[Stmt], group: tuple[int, ...], wanted: Mapping[int, Sequence[Expr]]) -> Block:
    """Find the index along which the members of a cycle feed one another, and their order at one position of it."""
    places = {at: target(statements[at]) for at in group}
    own = {place[0] for place in places.values() if place is not None}
    label = statements[group[0]].common.label
    lagged: list[tuple[bool, int, bool]] = []
    uses: list[tuple[int, Ref]] = [
        (at, node)
        for at in group
        for expr in wanted[at]
        for node in walk(expr)
        if isinstance(node, Ref) and node.name in own
    ]
    for at, node in uses:
        place = places[at]
        variables = {binder.var for binder in statements[at].common.binders}
        for axis, sub in enumerate(node.subs):
            if not (isinstance(sub, Index) and sub.var in variables):
                lagged.append((variables.isdisjoint(free_indices(sub)), axis, _looks_ahead(sub)))
    if not lagged:
        raise NoOrderError(f"{', '.join(sorted(own))}: each depends on itself")
    # Along the other axes, sums may go over all elements: `I_{t-1,j}` in a sum over j.
    _, axis, _ = min(lagged, key=lambda item: item[0])
    backwards = {ahead for _, along, ahead in lagged if along == axis}
    loop: list[str | int] = []
    set_ = ""
    for at in group:
        place = places[at]
        sub = place[1][axis] if place is not None and axis < len(place[1]) else None
        binder = next((b for b in statements[at].common.binders if isinstance(sub, Index) and b.var == sub.var), None)
        if isinstance(sub, Const):
            loop.append(int(sub.value))
            continue
        if binder is None:
            raise NoOrderError(f"{label}: refers to its own elements in a way that has no order")
        loop.append(binder.var)
        set_ = set_ or binder.set
    variable = dict(zip(group, loop, strict=True))
    same = {at: {
        source for user, node in uses if user == at
        and axis < len(node.subs) and _is_at(node.subs[axis], variable[at])
        for source in group
        if (place := places[source]) is not None and place[0] == node.name and not apart(node.subs, place[1])
    } for at in group}  # fmt: skip
    members = _within(group, same, label)
    return Block(members, tuple(variable[at] for at in members), set_, backwards == {True})


def _is_at(sub: Expr, place: str | int) -> bool:
    return isinstance(sub, Const) and sub.value == place if isinstance(place, int) else sub == Index(place)


def _within(group: tuple[int, ...], same: Mapping[int, set[int]], label: str) -> tuple[int, ...]:
    members: list[int] = []
    left = list(group)
    while left:
        ready = [at for at in left if not same[at] & set(left)]
        if not ready:
            raise NoOrderError(f"{label}: depends on itself at the same position")
        members += ready
        left = [at for at in left if at not in ready]
    return tuple(members)


def _looks_ahead(sub: Expr) -> bool:
    match sub:
        case Op(op="+", args=(Index(), Const(value=value))):
            return value > 0
        case _:
            return False
