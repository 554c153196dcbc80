"""Definitions whose elements need earlier ones: along which index, and in what order where several names take turns."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.expr import (
    INT,
    Binder,
    Const,
    Expr,
    Index,
    Op,
    Ref,
    apart,
    free_indices,
    number,
    rebuild,
    set_indices,
    walk,
)
from hiercomp.model.components import components
from hiercomp.model.ir import DefineStmt
from hiercomp.plan.draft import exprs, used
from hiercomp.plan.ir import DefineStep
from hiercomp.records import record, replace

# So many positions of a range are written out before the names that start later join it.
_MOST_WRITTEN_OUT = 24


@record
class Group:
    """Names that are computed together, nearly always one, and their definitions in the order of their computation.

    Each comes with the index variable along which it needs earlier elements, or "" (see `DefineStep.turn`). The last
    `joint` of them run together.
    """

    names: tuple[str, ...]
    stmts: tuple[tuple[DefineStmt, str], ...]
    joint: int = 0


def grouped(defined: Mapping[str, Sequence[DefineStmt]], names: tuple[str, ...]) -> Group:
    """Return the definitions of `names` in order.

    Raises:
        SpecError: H81, where names need each other otherwise than through earlier elements.
    """
    stmts = [stmt for name in names for stmt in defined[name]]
    leaning = [stmt for stmt in stmts if stmt.name in used(stmt)]
    if len(names) == 1 and _one_after_the_other(leaning, _axis(leaning, names)):
        # A piece that leans on earlier elements of its own name comes after the pieces that start it.
        ordered = sorted(stmts, key=lambda stmt: _start(stmt) if stmt.name in used(stmt) else -1)
        return Group(names, tuple((stmt, _variable(stmt, _axis([stmt], names))) for stmt in ordered))
    return _taking_turns(stmts, names)


def _one_after_the_other(stmts: Sequence[DefineStmt], axis: int | None) -> bool:
    """Tell whether the ranges of an index that definitions run along leave none of them to wait for a later one."""
    if axis is None or len(stmts) < 2:
        return True
    binders = [_binder(stmt, axis) if _variable(stmt, axis) else None for stmt in sorted(stmts, key=_start)]
    return all(
        first is None
        or second is None
        or (isinstance(first.hi, Const) and isinstance(second.lo, Const) and first.hi.value < second.lo.value)
        for first, second in itertools.pairwise(binders)
    )


def _start(stmt: DefineStmt) -> float:
    """Return where the ranges of a definition start, as far as the spec says; the last element, `a[K]`, comes last."""
    if any(isinstance(sub, Ref) for sub in stmt.subs):
        return math.inf
    starts = [binder.lo.value for binder in stmt.common.binders if isinstance(binder.lo, Const)]
    return max((int(start) for start in starts), default=0)


def _own(stmt: DefineStmt, names: Sequence[str]) -> Iterator[Ref]:
    for expr in exprs(stmt):
        for node in walk(expr):
            if isinstance(node, Ref) and node.name in names:
                yield node


def _axis(stmts: Sequence[DefineStmt], names: Sequence[str]) -> int | None:
    """Return the axis along which definitions look back at elements of `names`, None if they do not."""
    for stmt in stmts:
        for node in _own(stmt, names):
            for axis, (sub, own) in enumerate(zip(node.subs, stmt.subs, strict=False)):
                if isinstance(own, Index) and sub != own and own.var in free_indices(sub):
                    return axis
    return None


def _variable(stmt: DefineStmt, axis: int | None) -> str:
    own = stmt.subs[axis] if axis is not None and axis < len(stmt.subs) else None
    return own.var if isinstance(own, Index) else ""


def _taking_turns(stmts: Sequence[DefineStmt], names: tuple[str, ...]) -> Group:
    """Return first what starts the names, then what is computed together, position by position."""
    axis = _axis(stmts, names)
    if axis is None or any(len(node.subs) <= axis for stmt in stmts for node in _own(stmt, names)):
        raise _stuck(stmts, names)
    needs = {at: [other for other, one in enumerate(stmts) if _uses(stmt, one.name)] for at, stmt in enumerate(stmts)}
    joint = [at for group in components(needs) for at in group if len(group) > 1 or at in needs[at]]
    turning = [stmts[at] for at in sorted(joint)]
    if not all(_variable(stmt, axis) for stmt in turning):
        raise _stuck(stmts, names)
    turning = [_by_variable(stmt, axis, _variable(turning[0], axis), names) for stmt in turning]
    heads, tails = _aligned(turning, axis, names)
    before = [stmt for at, stmt in enumerate(stmts) if at not in joint] + heads
    ordered = _topological(before, _may_use, names)
    tails = _topological(tails, lambda stmt, one: _uses_now(stmt, one, axis), names)
    alone = [(stmt, _variable(stmt, axis) if _axis([stmt], (stmt.name,)) is not None else "") for stmt in ordered]
    return Group(names, (*alone, *((stmt, _variable(stmt, axis)) for stmt in tails)), len(tails))


def _by_variable(stmt: DefineStmt, axis: int, var: str, names: tuple[str, ...]) -> DefineStmt:
    """Return a definition that runs along its turn by the index variable `var`."""
    old = _variable(stmt, axis)
    if old == var:
        return stmt
    if any(binder.var == var for binder in stmt.common.binders):
        raise _stuck([stmt], names)
    here: dict[str, Expr] = {old: Index(var)}
    binders = tuple(
        Binder(
            var if b.var == old else b.var, b.set, b.lo and set_indices(b.lo, here), b.hi and set_indices(b.hi, here)
        )
        for b in stmt.common.binders
    )
    return replace(
        stmt,
        common=replace(stmt.common, binders=binders),
        subs=tuple(set_indices(sub, here) for sub in stmt.subs),
        value=set_indices(stmt.value, here),
    )


def _uses(stmt: DefineStmt, name: str) -> bool:
    return any(True for _ in _own(stmt, (name,)))


def _uses_now(stmt: DefineStmt, other: DefineStmt, axis: int) -> bool:
    """Tell whether a definition may use what another one defines at the same position."""
    return any(
        node.subs[axis] == stmt.subs[axis] and not apart(node.subs, other.subs) for node in _own(stmt, (other.name,))
    )


def _may_use(stmt: DefineStmt, other: DefineStmt) -> bool:
    """Tell whether a definition may use what another one defines."""
    return any(not apart(node.subs, other.subs) for node in _own(stmt, (other.name,)))


def _aligned(
    turning: Sequence[DefineStmt], axis: int, names: tuple[str, ...]
) -> tuple[list[DefineStmt], list[DefineStmt]]:
    """Cut the ranges of definitions so that all start at the latest start: (what comes before it, the rest)."""
    binders = [_binder(stmt, axis) for stmt in turning]
    if len({binder.hi for binder in binders}) > 1:
        raise _stuck(turning, names)
    starts = {binder.lo or number(1) for binder in binders}
    fixed = [start.value for start in starts if isinstance(start, Const)]
    moving = [start for start in starts if not isinstance(start, Const)]
    if len(moving) > 1 or (moving and any(value != 1 for value in fixed)):
        raise _stuck(turning, names)
    start: Expr = moving[0] if moving else replace(number(int(max(fixed))), type=INT)
    heads: list[DefineStmt] = []
    tails: list[DefineStmt] = []
    for stmt, binder in zip(turning, binders, strict=True):
        own = binder.lo or number(1)
        if own != start and isinstance(start, Const):
            assert isinstance(own, Const)
            first, last = int(own.value), int(start.value)
            if last - first > _MOST_WRITTEN_OUT:
                raise _stuck(turning, names)
            heads += [_at(stmt, binder, position) for position in range(first, last)]
        elif own != start:
            heads.append(_with(stmt, binder, replace(binder, hi=_less_one(start))))
        tails.append(stmt if own == start else _with(stmt, binder, replace(binder, lo=start)))
    return heads, tails


def _binder(stmt: DefineStmt, axis: int) -> Binder:
    var = _variable(stmt, axis)
    return next(binder for binder in stmt.common.binders if binder.var == var)


def _with(stmt: DefineStmt, old: Binder, new: Binder | None) -> DefineStmt:
    binders = tuple(new if binder == old else binder for binder in stmt.common.binders)
    return replace(stmt, common=replace(stmt.common, binders=tuple(b for b in binders if b is not None)))


def _at(stmt: DefineStmt, binder: Binder, position: int) -> DefineStmt:
    """Return a definition at one position of a range."""
    here = {binder.var: replace(number(position), type=INT)}
    alone = _with(stmt, binder, None)
    return replace(
        alone,
        subs=tuple(set_indices(sub, here) for sub in stmt.subs),
        value=_worked_out(set_indices(stmt.value, here)),
    )


def _worked_out(expr: Expr) -> Expr:
    """Return `expr` with sums of whole numbers in subscripts worked out."""
    expr = rebuild(expr, _worked_out)
    if isinstance(expr, Ref):
        return replace(expr, subs=tuple(map(_whole, expr.subs)))
    return expr


def _whole(sub: Expr) -> Expr:
    match sub:
        case Op(op="+", args=(Const(value=int(left)), Const(value=int(right)))):
            return replace(number(left + right), type=INT)
        case Op(op="-", args=(Const(value=int(left)), Const(value=int(right)))):
            return replace(number(left - right), type=INT)
        case _:
            return sub


def _less_one(start: Expr) -> Expr:
    match start:
        case Op(op="+", args=(rest, Const(value=1))):
            return rest
        case _:
            return Op("-", (start, replace(number(1), type=INT)), INT)


def _topological(
    stmts: Sequence[DefineStmt], wants: Callable[[DefineStmt, DefineStmt], bool], names: tuple[str, ...]
) -> list[DefineStmt]:
    """Return definitions so that each comes after those that it wants; otherwise as they stand."""
    left = list(stmts)
    found: list[DefineStmt] = []
    while left:
        ready = next((stmt for stmt in left if not any(wants(stmt, one) for one in left if one is not stmt)), None)
        if ready is None:
            raise _stuck(stmts, names)
        found.append(ready)
        left.remove(ready)
    return found


def _stuck(stmts: Sequence[DefineStmt], names: tuple[str, ...]) -> SpecError:
    fault = Diagnostic(
        "H81",
        f"{' and '.join(names)} need each other",
        stmts[0].common.span,
        expected="definitions that can be computed one name after the other, or one position after the other",
        found="definitions that take turns in a way that has no order",
        help="give them the same range of the index along which they look back, or put the value of one into the "
        "definition of the other",
    )
    return SpecError([fault])


def joint_runs[T](steps: Iterable[DefineStep | T]) -> Iterator[list[DefineStep | T]]:
    """Yield steps one by one, those that run together (see `DefineStep.cycle`) as one list."""
    together: list[DefineStep | T] = []
    cycle: tuple[str, ...] = ()
    for step in steps:
        joint = step.cycle if isinstance(step, DefineStep) else ()
        if together and joint != cycle:
            yield together
            together = []
        cycle = joint
        if joint:
            together.append(step)
        else:
            yield [step]
    if together:
        yield together


def at_position(step: DefineStep) -> DefineStep:
    """Return a step for one position of its turn."""
    return replace(step, binders=tuple(binder for binder in step.binders if binder.var != step.turn))
