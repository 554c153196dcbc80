"""What a model means: the values of its derived quantities and its log density, statement by statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp.catalog import Distribution, row_named
from hiercomp.expr import Expr, names
from hiercomp.model.ir import AddStmt, Censoring, DefineStmt, Dist, Model, RandomStmt, Role, Symbol
from hiercomp.reference import chains, densities, latent, rows
from hiercomp.reference.evaluate import EvaluationError, Frame, align, evaluate, spread
from hiercomp.reference.functions import Array, fold
from hiercomp.reference.links import by_link, inside, shadow
from hiercomp.reference.mixtures import components
from hiercomp.reference.order import Block, blocks, needs, target
from hiercomp.reference.state import UNKNOWN, State, finish_lengths, start

type Floats = npt.NDArray[np.float64]
type Point = Mapping[str, Any]


def run(state: State, block: Block, step: Callable[[int, Frame], None]) -> None:
    """Run `step` on the frame of each statement of `block`: once, or position by position where it is recursive."""
    statements = state.model.statements
    if not block.loop:
        (at,) = block.members
        step(at, state.frame(statements[at].common.binders))
        return
    for at in block.members:
        if (place := target(statements[at])) is not None:
            state.declare(place[0])
    # What goes on from fixed elements is one shorter than the whole.
    sets = {binder.set for at in block.members for binder in statements[at].common.binders if binder.var in block.loop}
    ends = [state.lengths[name] for name in {block.set, *sets} if name]
    positions = range(1, max([*ends, *(var for var in block.loop if isinstance(var, int))]) + 1)
    for position in reversed(positions) if block.backwards else positions:
        for at, var in zip(block.members, block.loop, strict=True):
            if isinstance(var, int):
                if var == position:
                    step(at, state.frame(statements[at].common.binders))
                continue
            frame = state.frame(statements[at].common.binders, {var: position})
            if all(frame.shape):
                step(at, frame)


def _define(state: State, at: int, frame: Frame) -> None:
    stmt = state.model.statements[at]
    assert isinstance(stmt, DefineStmt)
    state.assign(stmt.name, stmt.subs, frame, evaluate(stmt.value, frame))
    held = inside(stmt.value)
    if held is not None and state.shadows.get(stmt.name) == held[0]:
        state.assign(shadow(stmt.name, held[0]), stmt.subs, frame, evaluate(held[1], frame))


def known(
    model: Model,
    point: Point,
    data: Mapping[str, Any] | None,
    held: Mapping[str, int] | None = None,
    rounding: int | None = None,
) -> State:
    """Return the state with data, the unknowns at `point`, and all that is derived from them.

    `held` gives discrete unknowns that are summed out of densities one value for all of their elements; `rounding` is
    that of `log_density`.
    """
    state = start(model, data)
    state.rounding = rounding
    predicted = [s.name for s in model.symbols if s.role is Role.PREDICTION and s.name in point]
    unknown = [s.name for s in model.symbols if s.role in UNKNOWN]
    missing = [name for name in unknown if name not in point]
    if missing:
        raise EvaluationError(f"the point has no value for {', '.join(missing)}")
    finish_lengths(state)
    for name in (*unknown, *predicted):
        state.put(name, point[name])
    for name, value in (held or {}).items():
        state.put(name, np.full(state.shape(state.symbols[name]), value))
    # A quantity derived from predictions, or from what is summed out, has a value only where these have one.
    absent = {s.name for s in model.symbols if s.role is Role.PREDICTION and s.name not in point}
    absent |= {s.name for s in model.symbols if s.role is Role.SUMMED and s.name not in (held or {})}
    chosen = [at for at, stmt in enumerate(model.statements) if isinstance(stmt, DefineStmt)]
    for block in blocks(model.statements, chosen):
        wanted = {name for at in block.members for expr in needs(model.statements[at]) for name in names(expr)}
        if wanted & absent:
            absent |= {place[0] for at in block.members if (place := target(model.statements[at]))}
            continue
        run(state, block, lambda at, frame: _define(state, at, frame))
        finish_lengths(state)
    return state


def derive(model: Model, point: Point, data: Mapping[str, Any] | None = None) -> dict[str, Array]:
    """Return the values of all derived quantities and constants.

    `point` has the unknowns on the constrained scale (numbers or nested lists, row first); `data` replaces bound data.
    Raises `EvaluationError` for missing values, wrong shapes and indices outside their sets.
    """
    state = known(model, point, data)
    roles = (Role.DERIVED, Role.CONSTANT)
    return {s.name: state.result(s.name) for s in model.symbols if s.role in roles and s.name in state.values}


def arguments(dist: Dist, frame: Frame) -> dict[str, Array]:
    """Return the canonical arguments of `dist` under the index variables of `frame`."""
    return {name: evaluate(value, frame) for name, value in dist.args}


def _element(dist: Dist, x: Array, frame: Frame, shadows: Mapping[str, str]) -> Floats:
    """Return the log density of each position of `frame`; of a mixture, the logarithm of the weighted sum."""
    if dist.weight is not None:
        whole = _element(replace(dist, weight=None), x, frame, shadows)
        weight, value = align([evaluate(dist.weight, frame), whole], frame.depth)
        return np.asarray(weight * value, dtype=float)
    if dist.censored is not None:
        value = _censored(replace(dist, lower=None, upper=None), dist.censored, x, frame, shadows)
        return _within_bounds(dist, value, x, arguments(dist, frame), frame) if dist.truncated else value
    if dist.row == "Zero":
        return np.where(x == 0, 0.0, -np.inf)
    if dist.along is not None:
        return chains.log_density(dist, frame, lambda one, inner: _element(one, x, inner, shadows))
    if dist.parts:
        found: list[list[Array]] = []
        for log_w, one in components(dist, frame):
            term = _element(one, x, frame, shadows)
            if dist.parts[0].dist.row == "Zero" and row_named(one.row).kind == "continuous":
                # A point has a probability beside which a density does not count.
                term = np.where(x == 0, -np.inf, term)
            found.append(align([log_w, term], frame.depth))
        terms = np.broadcast_arrays(*(log_w + term for log_w, term in found))
        return fold("log_sum_exp", np.stack(terms), (0,))
    row, given_as = by_link(dist, shadows)
    args = {name: evaluate(value, frame) for name, value in given_as.items()}
    plain = rows.log_density(row, args, x, frame)
    return _within_bounds(dist, plain, x, args, frame, row) if dist.truncated else plain


def _within_bounds(
    dist: Dist, value: Floats, x: Array, args: Mapping[str, Array], frame: Frame, row: Distribution | None = None
) -> Floats:
    """Return a log density as that of the distribution cut at the bounds and renormalised."""
    bounds = [None if bound is None else evaluate(bound, frame) for bound in (dist.lower, dist.upper)]
    value, x, *aligned = align(
        [value, x, *args.values(), *(bound for bound in bounds if bound is not None)], frame.depth
    )
    given = dict(zip(args, aligned, strict=False))
    rest = iter(aligned[len(args) :])
    lower, upper = (None if bound is None else next(rest).astype(float) for bound in bounds)
    value = value - densities.log_mass(row or row_named(dist.row), given, lower, upper)
    outside = np.zeros((), bool)
    for bound, beyond in ((lower, np.less), (upper, np.greater)):
        if bound is not None:
            outside = outside | beyond(x, bound)
    return np.where(outside, -np.inf, value)


def _censored(dist: Dist, censored: Censoring, x: Array, frame: Frame, shadows: Mapping[str, str]) -> Floats:
    """Return the log density, or where an observation is at a limit the log probability of lying there or beyond."""
    value = _element(replace(dist, censored=None), x, frame, shadows)
    row = row_named(dist.row)
    args = arguments(dist, frame)
    limits = [None if end is None else evaluate(end, frame).astype(float) for end in (censored.lower, censored.upper)]
    given = [x.astype(float), value, *args.values(), *(end for end in limits if end is not None)]
    x, value, *rest = align(given, frame.depth)
    args = dict(zip(args, rest, strict=False))
    ends = iter(rest[len(args) :])
    lower, upper = (None if end is None else next(ends) for end in limits)
    if censored.kind == "interval":
        return np.where(upper == x, value, densities.log_mass(row, args, x, upper))
    if lower is not None:
        value = np.where(x <= lower, densities.log_cdf(row, args, lower), value)
    if upper is not None:
        # A count at the limit is among those that it stands for.
        below = np.ceil(upper) - 1.0 if row.kind == "discrete" else upper
        value = np.where(x >= upper, densities.log_ccdf(row, args, below), value)
    return value


def _within(symbol: Symbol, x: Array, frame: Frame) -> Array:
    """Say where `x` respects the bounds that the model states for an unknown (a ``where`` does not renormalise)."""
    inside = np.ones((), bool)
    for bound, fits in ((symbol.support.lower, np.greater_equal), (symbol.support.upper, np.less_equal)):
        if bound is not None:
            value, limit = align([x, evaluate(bound, frame)], frame.depth)
            inside = inside & fits(value, limit)
    return inside


def elements(state: State, stmt: RandomStmt | AddStmt) -> Floats:
    """Return the terms that a statement adds to the log density, one for each position of its index variables.

    Array-valued terms keep their axes at the end. Where the range of one index depends on another, elements outside
    it are 0.
    """
    frame = state.frame(stmt.common.binders)
    if isinstance(stmt, AddStmt):
        value = evaluate(stmt.value, frame)
    else:
        x = evaluate(stmt.lhs, frame)
        value = select(
            [(when, _element(dist, x, frame, state.shadows)) for when, dist in stmt.cases],
            _element(stmt.dist, x, frame, state.shadows),
            frame,
        )
        place = target(stmt)
        if place is not None and state.symbols[place[0]].role in UNKNOWN:
            inside = _within(state.symbols[place[0]], x, frame)
            value = np.where(inside.all(axis=tuple(range(value.ndim, inside.ndim))), value, -np.inf)
    value = spread(np.asarray(value, dtype=float), frame)
    if frame.mask is not None:
        value = np.where(frame.mask.reshape(frame.mask.shape + (1,) * (value.ndim - frame.depth)), value, 0.0)
    return value


def select(cases: list[tuple[Expr, Floats]], otherwise: Floats, frame: Frame) -> Floats:
    """Return, element by element, the value of the first case whose condition holds."""
    for when, value in reversed(cases):
        condition, first, second = align([evaluate(when, frame), value, otherwise], frame.depth)
        otherwise = np.where(condition, first, second)
    return otherwise


def _terms(state: State) -> list[RandomStmt | AddStmt]:
    found: list[RandomStmt | AddStmt] = []
    summed = {label for item in state.model.latent for label in latent.labels(item)}
    for stmt in state.model.statements:
        if stmt.common.label in summed:
            continue
        if isinstance(stmt, AddStmt):
            found.append(stmt)
        elif isinstance(stmt, RandomStmt):
            place = target(stmt)
            if place is None or state.symbols[place[0]].role is not Role.PREDICTION:
                found.append(stmt)
    return found


def _summed_out(
    model: Model, point: Point, data: Mapping[str, Any] | None, rounding: int | None = None
) -> Iterator[tuple[str, Floats]]:
    """Yield, by the label of its statement, the log density of every element of each discrete unknown."""

    def at(held: Mapping[str, int]) -> State:
        return known(model, point, data, held, rounding)

    for item in model.latent:
        yield item.prior.common.label, latent.log_density(model, item, at, elements)


def log_density(
    model: Model, point: Point, data: Mapping[str, Any] | None = None, *, rounding: int | None = None
) -> tuple[float, dict[str, float]]:
    """Return the log density on the constrained scale (no Jacobian, all constants) and each statement's own term.

    -inf where a value is outside a support or a bound; nan where an argument is outside its support (a negative sd).
    With a seed in `rounding`, covariances are rounded at random before they are decomposed: how much that changes is
    what no program can be exact to. Raises `EvaluationError` for missing values, wrong shapes, and where an index
    outside its set decides.
    """
    state = known(model, point, data, rounding=rounding)
    with np.errstate(all="ignore"):
        terms = {stmt.common.label: float(elements(state, stmt).sum()) for stmt in _terms(state)}
        terms |= {label: float(each.sum()) for label, each in _summed_out(model, point, data, rounding)}
    total = float(sum(terms.values()))
    if np.isnan(total) and state.outside:
        raise EvaluationError(state.outside[0])
    return total, terms


def log_lik(model: Model, point: Point, data: Mapping[str, Any] | None = None) -> dict[str, Floats]:
    """Return the pointwise log likelihood: for each statement on observed data, an array over its index variables."""
    state = known(model, point, data)
    found: dict[str, Floats] = {}
    for stmt in _terms(state):
        place = target(stmt)
        if place is not None and state.symbols[place[0]].role in (Role.OBSERVED, Role.CONSTANT):
            found[stmt.common.label] = elements(state, stmt)
    return found | dict(_summed_out(model, point, data))
