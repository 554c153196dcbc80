"""Expressions by broadcasting: every index variable has an array axis of its own, so that nothing is looped over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

import numpy as np

from hiercomp.catalog import FUNCTIONS, Function, Unsupported, row_named
from hiercomp.expr import (
    FILL,
    ROWS,
    VECTOR,
    Binder,
    Call,
    Choose,
    Const,
    Density,
    Expr,
    Index,
    Op,
    Reduce,
    Ref,
    Stack,
    children,
)
from hiercomp.reference.functions import Array, fold, numpy_form, operate, ufunc
from hiercomp.reference.matrices import add_diagonal, cholesky, inverse, rounded

type Values = Mapping[str, Array]


class EvaluationError(Exception):
    """An expression has no value: a name without one, an index outside its set. The text is for users."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Index variables and where they range; values have one leading axis for each, of its length or of length one.

    `positions` maps a variable to its place and its (1-based) integers: one row of them, or, where its range depends on
    other indices, a row for each of their positions. `mask`, where it is not None, is False where such a range has
    ended. `lengths` are those of all index sets. `outside` collects what was indexed outside its set: such elements are
    nan, and only matter where they are used. With a seed in `rounding`, covariances are rounded at random before they
    are decomposed (see `hiercomp.reference.matrices.rounded`).
    """

    values: Values
    lengths: Mapping[str, int] = field(default_factory=dict[str, int])
    positions: Mapping[str, tuple[int, Array]] = field(default_factory=dict[str, tuple[int, Array]])
    mask: Array | None = None
    outside: list[str] = field(default_factory=list[str])
    rounding: int | None = None

    @property
    def depth(self) -> int:
        return len(self.positions)

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the index variables' ranges, in order."""
        return tuple(index.shape[-1] for _, index in self.positions.values())

    def length(self, name: str) -> int:
        if name not in self.lengths:
            raise EvaluationError(f"nothing says how many elements {name} has")
        return self.lengths[name]

    def index(self, var: str) -> Array:
        """Return the positions of `var` along its own axis."""
        place, index = self.positions[var]
        lead = (1,) * (place + 1 - index.ndim)
        return index.reshape((*lead, *index.shape, *(1,) * (self.depth - place - 1)))


def bind(frame: Frame, binders: Sequence[Binder], only: Mapping[str, int] | None = None) -> Frame:
    """Return `frame` with further index variables; `only` holds some of them at one position of their range."""
    for binder in binders:
        frame = _bind_one(frame, binder, None if only is None else only.get(binder.var))
    return frame


def _bind_one(frame: Frame, binder: Binder, only: int | None) -> Frame:
    low = np.asarray(1) if binder.lo is None else evaluate(binder.lo, frame)
    high = np.asarray(frame.length(binder.set)) if binder.hi is None else evaluate(binder.hi, frame)
    mask = None if frame.mask is None else frame.mask[..., np.newaxis]
    if low.size > 1 or high.size > 1:
        # As many places as the longest range has: rows of groups do not cost what all groups together hold.
        first, last = low[..., np.newaxis], high[..., np.newaxis]
        index = first + np.arange(max(int((last - first).max()) + 1, 0))
        inside = index <= last if only is None else (index <= last) & (index == only)
        index = np.minimum(index, np.maximum(last, 1))
        mask = inside if mask is None else mask & inside
    else:
        start, stop = (int(low.item()), int(high.item())) if low.size and high.size else (1, 0)
        index = np.arange(start, stop + 1)
        if only is not None:
            index = index[index == only]
    positions = {**frame.positions, binder.var: (frame.depth, index)}
    return Frame(frame.values, frame.lengths, positions, mask, frame.outside, frame.rounding)


def align(arrays: Sequence[Array], depth: int) -> list[Array]:
    """Give all arrays the same number of axes: a scalar under an index spreads over the axes of the others."""
    most = max(array.ndim for array in arrays)
    return [
        array.reshape(array.shape + (1,) * (most - array.ndim)) if array.ndim == depth else array for array in arrays
    ]


def evaluate(expr: Expr, frame: Frame) -> Array:
    """Return the value of `expr`: one leading axis per index variable of `frame`, then the axes of its type.

    Iterative in the depth of expressions (sums of thousands of terms are legal input); only comprehensions recurse.
    Raises `EvaluationError` for a name without a value.
    """
    done: list[Array] = []
    todo: list[tuple[Expr, bool]] = [(expr, False)]
    with np.errstate(all="ignore"):
        while todo:
            node, ready = todo.pop()
            if isinstance(node, Reduce):
                done.append(_reduce(node, frame))
                continue
            parts = children(node)
            if parts and not ready:
                todo.append((node, True))
                todo.extend((part, False) for part in reversed(parts))
                continue
            first = len(done) - len(parts)
            args = done[first:]
            del done[first:]
            done.append(_apply(node, args, frame))
    return done[0]


def _apply(node: Expr, args: list[Array], frame: Frame) -> Array:
    match node:
        case Const(value=value):
            return np.full((1,) * frame.depth, value)
        case Index(var=var):
            return frame.index(var)
        case Ref():
            return _subscript(node, args, frame)
        case Op():
            return operate(node.op, align(args, frame.depth))
        case Call():
            return _call(node, args, frame)
        case Choose():
            *cases, value = align(args, frame.depth)
            for place in range(len(cases) - 2, -1, -2):
                value = np.where(cases[place], cases[place + 1], value)
            return value
        case Stack():
            return _stack(args, frame.depth)
        case Density():
            return _density(node, args, frame)
        case Reduce():
            raise AssertionError("comprehensions bind variables before their parts are evaluated")
        case _:
            assert_never(node)


def _density(node: Density, args: list[Array], frame: Frame) -> Array:
    from hiercomp.reference import rows  # noqa: PLC0415  (which imports this module)

    *given, x = args
    named = dict(zip((name for name, _ in node.args), given, strict=True))
    return rows.log_density(row_named(node.row), named, x, frame)


def _stack(items: list[Array], depth: int) -> Array:
    """Put numbers and vectors end to end, along an axis behind the first `depth`."""
    vectors = [item if item.ndim > depth else item[..., np.newaxis] for item in items]
    lead = np.broadcast_shapes(*(vector.shape[:depth] for vector in vectors))
    return np.concatenate([np.broadcast_to(one, (*lead, *one.shape[depth:])) for one in vectors], axis=depth)


def _subscript(node: Ref, subs: list[Array], frame: Frame) -> Array:
    if node.name not in frame.values:
        raise EvaluationError(f"{node.name} has no value")
    value = np.asarray(frame.values[node.name])
    if not subs:
        return value.reshape((1,) * frame.depth + value.shape)
    if len(subs) > value.ndim:
        raise EvaluationError(f"{node.name} has {value.ndim} axes but {len(subs)} subscripts")
    places: list[Array] = []
    inside: Array | None = None
    for axis, sub in enumerate(align(subs, frame.depth)):
        place = sub.astype(np.int64) - 1
        good = (place >= 0) & (place < value.shape[axis])
        if not good.all():
            frame.outside.append(f"{node.name} is used at a position outside 1..{value.shape[axis]}")
            inside = good if inside is None else inside & good
            place = np.where(good, place, 0)
        places.append(place)
    if inside is None:
        return value[tuple(places)]
    if not value.size:
        value = np.full([max(length, 1) for length in value.shape], np.nan)
    found = value[tuple(places)]
    inside = np.broadcast_to(inside, found.shape[: inside.ndim])
    return np.where(inside.reshape(inside.shape + (1,) * (found.ndim - inside.ndim)), found, np.nan)


def _call(node: Call, args: list[Array], frame: Frame) -> Array:
    if node.func == FILL:
        value = args[0][..., np.newaxis]
        return np.broadcast_to(value, (*value.shape[:-1], frame.length(node.type.axes[-1])))
    if node.func == ROWS:
        return np.stack(np.broadcast_arrays(*args), axis=frame.depth)
    row = FUNCTIONS.get(node.func)
    if row is not None and row.reduction:
        return fold(node.func, args[0], tuple(range(frame.depth, args[0].ndim)))
    if row is not None and row.kernel:
        return _covariances(row, args)
    if node.func == "cholesky":
        return cholesky(rounded(args[0], frame.rounding))
    if node.func == "add_diag":
        return add_diagonal(*args)
    if row is None or row.elementwise:
        args = align(args, frame.depth)
    if node.func in _OF_MATRICES:
        return _OF_MATRICES[node.func](args[0])
    if node.func == "outer":
        return args[0][..., :, np.newaxis] * args[1][..., np.newaxis, :]
    form = numpy_form(node.func)
    if row is not None and row.along and isinstance(form, str):
        return ufunc(form)(args[0], axis=-1)
    if isinstance(form, str):
        return ufunc(form)(*args)
    return evaluate(form, Frame(dict(zip(("x", "y"), args, strict=False))))


_OF_MATRICES: dict[str, Callable[[Array], Array]] = {
    "diag": lambda vector: vector[..., np.newaxis] * np.eye(vector.shape[-1]),
    "diagonal": lambda matrix: np.diagonal(matrix, axis1=-2, axis2=-1),
    "inverse": inverse,
    "det": np.linalg.det,
    "log_det": lambda matrix: np.linalg.slogdet(matrix)[1],
}


def _covariances(row: Function, args: list[Array]) -> Array:
    """Return the matrix of a kernel, from the distances of all pairs of points."""
    points, *rest = args
    given = {name: value[..., np.newaxis, np.newaxis] for name, value in zip(row.kernel, rest, strict=True)}
    given["d"] = np.abs(points[..., :, np.newaxis] - points[..., np.newaxis, :])
    assert not isinstance(row.numpy, str | Unsupported)
    assert row.distance is not None
    given["r"] = evaluate(row.distance, Frame(given))
    return evaluate(row.numpy, Frame(given))


def _reduce(node: Reduce, frame: Frame) -> Array:
    inner = bind(frame, node.binders)
    body = spread(evaluate(node.body, inner), inner, frame.depth)
    mask = inner.mask
    if node.func == VECTOR:
        # The log odds of what is no member of a group.
        return body if mask is None else np.where(mask, body, -np.inf)
    if mask is not None:
        mask = mask.reshape(mask.shape + (1,) * (body.ndim - mask.ndim))
        body, mask = np.broadcast_arrays(body, mask)
    return fold(node.func, body, tuple(range(frame.depth, inner.depth)), mask)


def spread(value: Array, frame: Frame, start: int = 0) -> Array:
    """Repeat `value` along the index variables (from the place `start` on) that it does not depend on."""
    lead = [frame.shape[at] if at >= start else value.shape[at] for at in range(frame.depth)]
    return np.broadcast_to(value, (*lead, *value.shape[frame.depth :]))
