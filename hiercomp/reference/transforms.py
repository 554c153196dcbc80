"""Unconstrained coordinates of bounded unknowns, as Stan has them, and wide points drawn through them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from hiercomp.catalog import row_named
from hiercomp.expr import Expr, Ref, names
from hiercomp.model.ir import DefineStmt, Dist, Model, RandomStmt, Role, Stmt, Symbol
from hiercomp.reference import densities
from hiercomp.reference.evaluate import EvaluationError, Frame, align, evaluate
from hiercomp.reference.functions import Array
from hiercomp.reference.model import known, run, select
from hiercomp.reference.order import blocks, limits, needs, target
from hiercomp.reference.spaces import place, well_inside
from hiercomp.reference.state import State, finish_lengths, start

type Floats = npt.NDArray[np.float64]


def constrain(free: Floats, lower: Floats, upper: Floats) -> Floats:
    """Return values within (lower, upper), infinite ends being open: exp above or below one bound, a scaled inverse
    logit between two."""
    with np.errstate(all="ignore"):
        above = np.where(np.isfinite(upper), lower + (upper - lower) * special.expit(free), lower + np.exp(free))
        below = np.where(np.isfinite(upper), upper - np.exp(free), free)
    return np.where(np.isfinite(lower), above, below)


def unconstrain(value: Floats, lower: Floats, upper: Floats) -> Floats:
    """Undo `constrain`; infinite on a bound and nan beyond one."""
    with np.errstate(all="ignore"):
        above = np.where(np.isfinite(upper), special.logit((value - lower) / (upper - lower)), np.log(value - lower))
        below = np.where(np.isfinite(upper), np.log(upper - value), value)
    return np.where(np.isfinite(lower), above, below)


def wide_point(
    model: Model, rng: np.random.Generator, scale: float = 2.0, data: Mapping[str, Any] | None = None
) -> dict[str, Array]:
    """Return a point whose unconstrained coordinates are drawn from Normal(0, scale).

    Bounds are all that hold an element: those of its distribution, of a truncation, of ``where``; they may depend on
    other unknowns and derived quantities. Nothing else about the point is chosen: the density may be -inf or nan there.
    """

    def step(state: State, at: int, frame: Frame) -> None:
        stmt = state.model.statements[at]
        if isinstance(stmt, DefineStmt):
            state.assign(stmt.name, stmt.subs, frame, evaluate(stmt.value, frame))
            return
        assert isinstance(stmt, RandomStmt)
        assert isinstance(stmt.lhs, Ref)
        symbol = state.symbols[stmt.lhs.name]
        if symbol.support.shape:
            # All elements hang together, however many statements there are about them.
            if symbol.name not in state.values:
                state.put(symbol.name, place(symbol.support.shape, rng.normal(0.0, scale, state.shape(symbol))))
            return
        shape = frame.shape + state.shape(symbol)[len(stmt.lhs.subs) :]
        lower, upper = (np.broadcast_to(end, shape) for end in _ends(stmt, symbol, frame, len(shape)))
        free = rng.normal(0.0, scale, size=shape)
        state.assign(stmt.lhs.name, stmt.lhs.subs, frame, constrain(free, lower, upper))

    return _visit(model, data, step)


def inside(model: Model, point: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> bool:
    """Say whether every unknown of `point` lies strictly within its bounds (rounding may put a draw on one)."""
    unknown = {symbol.name for symbol in model.symbols if symbol.role is Role.PARAMETER}
    state = known(model, point, data)
    for stmt in model.statements:
        if not isinstance(stmt, RandomStmt) or not isinstance(stmt.lhs, Ref) or stmt.lhs.name not in unknown:
            continue
        symbol = state.symbols[stmt.lhs.name]
        if symbol.support.shape:
            if not well_inside(symbol.support.shape, np.asarray(point[symbol.name], dtype=float)):
                return False
            continue
        frame = state.frame(stmt.common.binders)
        value = evaluate(stmt.lhs, frame)
        lower, upper = _ends(stmt, state.symbols[stmt.lhs.name], frame, value.ndim)
        within = (value > lower) & (value < upper)
        if not (within if frame.mask is None else within | ~frame.mask).all():
            return False
    return True


def _visit(model: Model, data: Mapping[str, Any] | None, step: Callable[[State, int, Frame], None]) -> dict[str, Array]:
    """Run `step` on the statements of unknowns and on the definitions that their bounds need, in order."""
    state = start(model, data)
    finish_lengths(state)
    unknown = {symbol.name for symbol in model.symbols if symbol.role is Role.PARAMETER}
    chosen = [
        at
        for at, stmt in enumerate(model.statements)
        if isinstance(stmt, DefineStmt) or ((aim := target(stmt)) is not None and aim[0] in unknown)
    ]

    def wants(stmt: Stmt) -> Sequence[Expr]:
        if not isinstance(stmt, RandomStmt):
            return needs(stmt)
        assert isinstance(stmt.lhs, Ref)
        support = state.symbols[stmt.lhs.name].support
        found: list[Expr] = [*limits(stmt.common.binders), *stmt.lhs.subs, *(when for when, _ in stmt.cases)]
        found += [bound for bound in (support.lower, support.upper) if bound is not None]
        for dist in (stmt.dist, *(dist for _, dist in stmt.cases)):
            found += [bound for bound in (dist.lower, dist.upper) if bound is not None]
            found += _own_bound_arguments(dist).values()
        return found

    for block in blocks(model.statements, chosen, wants):
        try:
            run(state, block, lambda at, frame: step(state, at, frame))
        except EvaluationError:
            # A quantity derived from predictions has no value here, and no bound can need it.
            if any(isinstance(model.statements[at], RandomStmt) for at in block.members):
                raise
        finish_lengths(state)
    return {symbol.name: state.values[symbol.name] for symbol in model.symbols if symbol.name in unknown}


def _own_bound_arguments(dist: Dist) -> dict[str, Expr]:
    """The arguments that the support of the distribution itself depends on (the bounds of a uniform)."""
    row = row_named(dist.row)
    wanted = frozenset[str]().union(*(names(end) for end in (row.lower, row.upper) if end is not None))
    return {name: value for name, value in dist.args if name in wanted}


def _ends(stmt: RandomStmt, symbol: Symbol, frame: Frame, rank: int) -> tuple[Floats, Floats]:
    """Return the tightest bounds of each element of the left-hand side."""
    lower = [_case_bounds(dist, frame)[0] for _, dist in stmt.cases]
    upper = [_case_bounds(dist, frame)[1] for _, dist in stmt.cases]
    last = _case_bounds(stmt.dist, frame)
    whens = [when for when, _ in stmt.cases]
    low = select(list(zip(whens, lower, strict=True)), last[0], frame)
    high = select(list(zip(whens, upper, strict=True)), last[1], frame)
    for bound, which in ((symbol.support.lower, 0), (symbol.support.upper, 1)):
        if bound is not None:
            low, high, value = align([low, high, evaluate(bound, frame)], frame.depth)
            low, high = (np.maximum(low, value), high) if which == 0 else (low, np.minimum(high, value))
    filler = np.empty((1,) * rank)
    low, high, _ = align([low, high, filler], frame.depth)
    return low.astype(float), high.astype(float)


def _case_bounds(dist: Dist, frame: Frame) -> tuple[Floats, Floats]:
    args = {name: evaluate(value, frame) for name, value in _own_bound_arguments(dist).items()}
    blank = np.zeros((1,) * frame.depth)
    aligned = dict(zip(args, align([*args.values(), blank], frame.depth), strict=False))
    low, high = (end + blank for end in densities.bounds(row_named(dist.row), aligned))
    for bound, which in ((dist.lower, 0), (dist.upper, 1)):
        if bound is not None:
            low, high, value = align([low, high, evaluate(bound, frame)], frame.depth)
            low, high = (np.maximum(low, value), high) if which == 0 else (low, np.minimum(high, value))
    return low, high
