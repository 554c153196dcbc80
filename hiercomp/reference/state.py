"""The values of names while a model is evaluated: data, lengths of index sets, and what statements assign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hiercomp.expr import Binder, Expr
from hiercomp.model.ir import DefineStmt, Model, Role, Symbol
from hiercomp.reference.evaluate import EvaluationError, Frame, align, bind, evaluate, spread
from hiercomp.reference.functions import Array
from hiercomp.reference.links import shadow, shadow_symbol, shadows_of

UNKNOWN = frozenset({Role.PARAMETER})
RANDOM = frozenset({Role.PARAMETER, Role.OBSERVED, Role.PREDICTION, Role.SUMMED})


@dataclass(slots=True)
class State:
    """Grows as statements run. `outside` has what was indexed outside its set so far; `shadows` names the
    quantities whose values on the scale of a link are kept as well (see `hiercomp.reference.links`). `rounding` is that
    of its frames."""

    model: Model
    symbols: Mapping[str, Symbol]
    values: dict[str, Array]
    lengths: dict[str, int]
    outside: list[str] = field(default_factory=list[str])
    shadows: Mapping[str, str] = field(default_factory=dict[str, str])
    rounding: int | None = None

    def frame(self, binders: tuple[Binder, ...], only: Mapping[str, int] | None = None) -> Frame:
        base = Frame(self.values, self.lengths, outside=self.outside, rounding=self.rounding)
        return bind(base, binders, only)

    def shape(self, symbol: Symbol) -> tuple[int, ...]:
        missing = [axis for axis in symbol.axes if axis not in self.lengths]
        if missing:
            raise EvaluationError(f"nothing says how many elements {missing[0]} has")
        return tuple(self.lengths[axis] for axis in symbol.axes)

    def put(self, name: str, given: Any) -> None:
        """Give a name its whole value. Raises `EvaluationError` where the shape is another than its index sets say."""
        symbol = self.symbols[name]
        array = np.asarray(given)
        if symbol.elem == "real":
            array = array.astype(float)
        for axis, length in zip(symbol.axes, array.shape, strict=False):
            self.lengths.setdefault(axis, length)
        if array.shape != self.shape(symbol):
            raise EvaluationError(f"{name} has the shape {array.shape} where {self.shape(symbol)} is expected")
        self.values[name] = array

    def declare(self, name: str) -> None:
        """Make room for a name whose elements get their values one after the other; nan says which have none yet."""
        if name not in self.values:
            self.values[name] = np.full(self.shape(self.symbols[name]), np.nan)

    def result(self, name: str) -> Array:
        """Return the whole value of a name in its own type (as reals where an integer has no value)."""
        value = self.values[name]
        kind = {"int": np.int64, "bool": np.bool_}.get(self.symbols[name].elem)
        return value if kind is None or np.isnan(value).any() else value.astype(kind)

    def assign(self, name: str, subs: tuple[Expr, ...], frame: Frame, value: Array) -> None:
        """Give some elements of a name, one for each position of `frame`, their values."""
        symbol = self.symbols[name]
        shape = self.shape(symbol)
        self.declare(name)
        rest = len(shape) - len(subs)
        value = spread(align([value, np.empty((1,) * (frame.depth + rest))], frame.depth)[0], frame)
        value = np.broadcast_to(value, frame.shape + shape[len(subs) :])
        places: list[Array] = []
        for axis, sub in enumerate(subs):
            place = np.broadcast_to(evaluate(sub, frame).astype(np.int64) - 1, frame.shape)
            good = (place >= 0) & (place < shape[axis])
            if not (good if frame.mask is None else good | ~np.broadcast_to(frame.mask, frame.shape)).all():
                raise EvaluationError(f"{name} is given a value at a position outside 1..{shape[axis]}")
            places.append(place)
        if frame.mask is not None and places:
            kept = np.broadcast_to(frame.mask, frame.shape)
            places, value = [place[kept] for place in places], value[kept]
        # One array for the life of a state: frames hold on to the mapping, not to copies of it.
        self.values[name][tuple(places)] = value


def start(model: Model, data: Mapping[str, Any] | None = None) -> State:
    """Return the state that data and sizes make, before any statement has run.

    `data` replaces or supplies values bound to the model. Raises `EvaluationError` for data without a value.
    """
    symbols = {symbol.name: symbol for symbol in model.symbols}
    given: dict[str, Any] = {**model.data(), **(data or {})}
    shadows = shadows_of([stmt for stmt in model.statements if isinstance(stmt, DefineStmt)])
    symbols |= {shadow(name, func): shadow_symbol(symbols[name], func) for name, func in shadows.items()}
    state = State(model, symbols, {}, {}, shadows=shadows)
    sizes = {item.size_name: item.name for item in model.index_sets}
    for item in model.index_sets:
        if item.length is not None:
            state.lengths[item.name] = item.length
        if data is not None and item.size_name in data:
            state.lengths[item.name] = int(data[item.size_name])
    for name, value in given.items():
        symbol = symbols.get(name)
        if symbol is not None and symbol.role in (Role.DATA, Role.OBSERVED) and _numeric(value):
            state.put(name, value)
        elif symbol is None and _numeric(value):
            state.values[name] = np.asarray(value)
    for size, name in sizes.items():
        if name in state.lengths:
            state.values.setdefault(size, np.asarray(state.lengths[name]))
    return state


def finish_lengths(state: State) -> None:
    """Work out the lengths that are expressions of data and constants, as far as these have values."""
    for item in state.model.index_sets:
        if item.name not in state.lengths and item.size is not None:
            try:
                state.lengths[item.name] = int(evaluate(item.size, Frame(state.values, state.lengths)))
            except EvaluationError:
                continue
            state.values.setdefault(item.size_name, np.asarray(state.lengths[item.name]))


def _numeric(value: Any) -> bool:
    return np.asarray(value).dtype.kind in "iufb"
