"""Draws from what a model says: unknowns from their priors, then data from the unknowns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hiercomp.catalog import row_named
from hiercomp.expr import Expr, Ref
from hiercomp.model.ir import AddStmt, Censoring, DefineStmt, Dist, Model, RandomStmt, Role, Stmt, Symbol
from hiercomp.model.parts import every_dist
from hiercomp.reference import chains, densities, multivariate
from hiercomp.reference.evaluate import EvaluationError, Frame, align, evaluate
from hiercomp.reference.functions import Array
from hiercomp.reference.links import by_link
from hiercomp.reference.mixtures import components
from hiercomp.reference.model import arguments, run, select
from hiercomp.reference.order import NoOrderError, blocks, needs, target
from hiercomp.reference.spaces import holds
from hiercomp.reference.state import RANDOM, State, finish_lengths, start

# Draws of elements one by one are never in these.
_THIN = frozenset({"simplex", "sum to zero", "unit vector"})
# So many draws of everything are tried for one in which ordered vectors are in order.
_TRIES = 1000


class CannotSimulateError(EvaluationError):
    """The model has a term that is no distribution of something; the text names the statement."""


@dataclass(frozen=True, slots=True)
class Simulation(Mapping[str, Array]):
    """One draw of everything: as a mapping the point of the `unknowns`, besides it the replicated data (`observed`),
    the `predictions` and what is `derived`."""

    unknowns: dict[str, Array]
    observed: dict[str, Array]
    predictions: dict[str, Array]
    derived: dict[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.unknowns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.unknowns)

    def __len__(self) -> int:
        return len(self.unknowns)


def simulate(
    model: Model,
    rng: np.random.Generator,
    data: Mapping[str, Any] | None = None,
    given: Mapping[str, Any] | None = None,
) -> Simulation:
    """Draw all unknowns, then replicate the observed data, each statement from what it depends on.

    `data` replaces or supplies bound data: sizes, covariates, and observed values, which tell lengths and stay where no
    statement draws an element (the start of a series). `given` holds
    random quantities at values instead of drawing them: with a posterior draw this is posterior prediction. An unknown
    bounded by ``where`` is drawn within its bounds; where elements lie in a space together (an ordered vector),
    everything is drawn until they do.

    Raises `CannotSimulateError` for improper priors, soft constraints and ``log_density +=``.
    """
    for _ in range(_TRIES):
        found = _simulate(model, rng, data, given)
        placed = [s for s in model.symbols if s.support.shape and s.name in found.unknowns]
        if all(bool(holds(s.support.shape, found.unknowns[s.name]).all()) for s in placed):
            return found
    raise CannotSimulateError(f"{_TRIES} draws of the unknowns were not in the spaces that the model states")


def _simulate(
    model: Model,
    rng: np.random.Generator,
    data: Mapping[str, Any] | None,
    given: Mapping[str, Any] | None,
) -> Simulation:
    held = dict(given or {})
    _refuse(model, held)
    state = start(model, data)
    finish_lengths(state)
    for symbol in model.symbols:
        if symbol.role is Role.OBSERVED and symbol.name in state.values:
            # Elements that no statement draws (the start of a series) stay as they were observed.
            state.values[symbol.name] = state.values[symbol.name].copy()
    for name, value in held.items():
        state.put(name, value)
    chosen = [
        at
        for at, stmt in enumerate(model.statements)
        if (place := target(stmt)) is not None
        and place[0] not in held
        and not (isinstance(stmt, RandomStmt) and state.symbols[place[0]].role is Role.CONSTANT)
    ]

    def wants(stmt: Stmt) -> list[Expr]:
        if not isinstance(stmt, RandomStmt) or not isinstance(stmt.lhs, Ref):
            return needs(stmt)
        support = state.symbols[stmt.lhs.name].support
        return needs(stmt) + [end for end in (support.lower, support.upper) if end is not None]

    with np.errstate(all="ignore"):
        try:
            order = blocks(model.statements, chosen, wants)
        except NoOrderError as error:
            # Missing elements of a series are distributed given each other and the observed ones between them.
            raise CannotSimulateError(str(error)) from None
        for block in order:
            run(state, block, lambda at, frame: _step(state, at, frame, rng))
            finish_lengths(state)

    for symbol in model.symbols:
        if symbol.role in RANDOM and np.isnan(state.values.get(symbol.name, np.zeros(()))).any():
            raise CannotSimulateError(
                f"{symbol.name}: some elements have no distribution to be drawn from, and no value"
            )

    def having(*roles: Role) -> dict[str, Array]:
        return {s.name: state.result(s.name) for s in model.symbols if s.role in roles and s.name in state.values}

    return Simulation(
        having(Role.PARAMETER),
        having(Role.OBSERVED),
        having(Role.PREDICTION, Role.SUMMED),
        having(Role.DERIVED, Role.CONSTANT),
    )


def prior_point(
    model: Model, rng: np.random.Generator, data: Mapping[str, Any] | None = None
) -> dict[str, Array] | None:
    """Return the unknowns of one draw, or None where the model has a term that nothing can be drawn from.

    What was observed stays as it is: to draw it as well would take time, and fails for the rates of 10^80 that a wide
    prior of a logarithm has.
    """
    seen = model.data() | dict(data or {})
    given = {s.name: seen[s.name] for s in model.symbols if s.role is Role.OBSERVED and s.name in seen}
    try:
        return simulate(model, rng, data, given).unknowns
    except CannotSimulateError:
        return None


def _refuse(model: Model, held: Mapping[str, Any]) -> None:
    for stmt in model.statements:
        match stmt:
            case AddStmt(common=common):
                raise CannotSimulateError(
                    f"{common.label}: a term of the log density is not a distribution to draw from"
                )
            case RandomStmt(common=common, lhs=Ref(name=name), dist=dist, cases=cases):
                for one in (each for whole in (dist, *(case for _, case in cases)) for each in every_dist(whole)):
                    if name in held:
                        continue
                    space = model.symbol(name).support.shape
                    if space in _THIN and not row_named(one.row).event_shape:
                        raise CannotSimulateError(
                            f"{common.label}: nothing can be drawn from a {space} element by element"
                        )
                    if row_named(one.row).improper:
                        raise CannotSimulateError(
                            f"{common.label}: nothing can be drawn from {one.row}, which is improper"
                        )
            case RandomStmt(common=common):
                raise CannotSimulateError(f"{common.label}: a soft constraint on an expression is nothing to draw from")
            case DefineStmt():
                pass


def _step(state: State, at: int, frame: Frame, rng: np.random.Generator) -> None:
    stmt = state.model.statements[at]
    match stmt:
        case DefineStmt(name=name, subs=subs, value=value):
            state.assign(name, subs, frame, evaluate(value, frame))
        case RandomStmt(lhs=Ref(name=name, subs=subs), dist=dist, cases=cases):
            symbol = state.symbols[name]
            shape = frame.shape + state.shape(symbol)[len(subs) :]
            drawn = [(when, _draw(one, symbol, frame, shape, rng)) for when, one in cases]
            state.assign(name, subs, frame, select(drawn, _draw(dist, symbol, frame, shape, rng), frame))
        case RandomStmt() | AddStmt():
            raise AssertionError("refused before")


def _draw(dist: Dist, symbol: Symbol, frame: Frame, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    if dist.censored is not None:
        # A replicate goes no further than its limits; where only an interval is known, there is none to end at.
        drawn = _draw(replace(dist, censored=None), symbol, frame, shape, rng)
        limits = dist.censored if dist.censored.kind == "limits" else Censoring("limits")
        for end, nearer in ((limits.lower, np.maximum), (limits.upper, np.minimum)):
            if end is not None:
                drawn, at = align([drawn, evaluate(end, frame)], frame.depth)
                drawn = nearer(drawn, at)
        return drawn
    if dist.row == "Zero":
        return np.zeros(shape)
    if dist.along is not None:
        return chains.draw(dist, frame, rng, lambda one, inner: _draw(one, symbol, inner, shape, rng), shape)
    if dist.parts:
        return _draw_mixed(dist, symbol, frame, shape, rng)
    row = row_named(dist.row)
    if row.multivariate:
        row, given_as = by_link(dist, {})
        values = {name: evaluate(value, frame) for name, value in given_as.items()}
        return multivariate.draw(row, values, rng, shape)
    args = arguments(dist, frame)
    stated = symbol.support if symbol.role in RANDOM - {Role.OBSERVED} else None
    lower = _both([dist.lower, stated and stated.lower], frame, np.maximum)
    upper = _both([dist.upper, stated and stated.upper], frame, np.minimum)
    ends = [end for end in (lower, upper) if end is not None]
    aligned = align([np.empty((1,) * len(shape)), *args.values(), *ends], frame.depth)[1:]
    given = {name: np.broadcast_to(value, shape) for name, value in zip(args, aligned, strict=False)}
    rest = iter(np.broadcast_to(end, shape).astype(float) for end in aligned[len(args) :])
    low = None if lower is None else next(rest)
    high = None if upper is None else next(rest)
    least, most = densities.bounds(row, given)
    # A bound that the distribution has by itself needs no inverting of its distribution function.
    low = None if low is None or (low <= least).all() else low
    high = None if high is None or (high >= most).all() else high
    if low is None and high is None:
        return densities.draw(row, given, rng, shape)
    return densities.draw_within(row, given, rng, shape, (low, high))


def _draw_mixed(dist: Dist, symbol: Symbol, frame: Frame, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Return draws of a mixture: a component by its weight, then a draw from it."""
    members = list(components(dist, frame))
    blank = np.empty((1,) * len(shape))
    weights = np.exp([np.broadcast_to(align([log_w, blank], frame.depth)[0], shape) for log_w, _ in members])
    chosen = (np.cumsum(weights, axis=0) < rng.uniform(size=shape) * weights.sum(axis=0)).sum(axis=0)
    draws = np.stack([_draw(one, symbol, frame, shape, rng) for _, one in members])
    return np.take_along_axis(draws, chosen[np.newaxis], axis=0)[0]


def _both(bounds: list[Expr | None], frame: Frame, tighter: Any) -> Array | None:
    found: Array | None = None
    for bound in bounds:
        if bound is not None:
            value = evaluate(bound, frame)
            found = value if found is None else tighter(*align([found, value], frame.depth))
    return found
