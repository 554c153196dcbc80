"""The functions of the catalogue as NumPy calls."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from hiercomp.catalog import FUNCTIONS, Unsupported
from hiercomp.expr import Expr

type Array = npt.NDArray[Any]
type Ufunc = Callable[..., Array]

_MODULES: dict[str, Any] = {"np": np, "scipy.special": special}


@cache
def ufunc(dotted: str) -> Ufunc:
    """Return the function that the catalogue calls ``np.NAME`` or ``scipy.special.NAME``."""
    module, _, name = dotted.rpartition(".")
    return getattr(_MODULES[module], name)


def numpy_form(func: str) -> str | Expr:
    """Return the dotted name of the catalogue's function `func`, or the tree over ``x`` and ``y`` that says it.

    A word that the catalogue lacks is NumPy's or SciPy's own, as trees of the catalogue may hold them.
    """
    row = FUNCTIONS.get(func)
    if row is None:
        return func
    if isinstance(row.numpy, Unsupported):
        raise NotImplementedError(f"the reference has no {func}: {row.numpy.reason}")
    return row.numpy


def operate(op: str, args: list[Array]) -> Array:
    """Apply an operator of `hiercomp.expr` to aligned operands. ``/`` divides reals; powers of integers stay exact.

    In arithmetic a truth counts as 1 or 0, where NumPy would take a sum of truths for another one.
    """
    if op in ("+", "-", "*", "/", "^", "neg"):
        args = [arg.astype(np.int64) if arg.dtype.kind == "b" else arg for arg in args]
    match op, args:
        case "neg", [x]:
            return np.negative(x)
        case "not", [x]:
            return np.logical_not(x)
        case "^", [x, y] if x.dtype.kind in "iu" and y.dtype.kind in "iu" and y.min(initial=0) >= 0:
            return np.power(x.astype(np.int64), y)
        case "^", [x, y]:
            return np.power(x.astype(float), y)
        case _, [x, y]:
            return _OPERATORS[op](x, y)
        case _:
            raise AssertionError(f"no operator {op} of {len(args)} operands")


_OPERATORS: dict[str, Ufunc] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.true_divide,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
}

_EMPTY = {"sum": 0.0, "prod": 1.0, "min": np.inf, "max": -np.inf, "log_sum_exp": -np.inf}


def fold(func: str, body: Array, axes: tuple[int, ...], mask: Array | None = None) -> Array:
    """Reduce `body` over `axes`, leaving out the elements that `mask` (of the shape of `body`) has False for.

    Over no elements a sum is 0, a product 1, a minimum and a maximum infinite, a mean nan.
    """
    if mask is None:
        number = np.full([1] * (body.ndim - len(axes)), np.prod([body.shape[axis] for axis in axes], dtype=np.int64))
    else:
        number = mask.sum(axis=axes)
    match func:
        case "count":
            return number
        case "mean":
            return fold("sum", body, axes, mask) / number
        case "var" | "sd":
            centre = np.expand_dims(fold("mean", body, axes, mask), axes)
            spread = fold("sum", np.square(body - centre), axes, mask) / (number - 1)
            return np.sqrt(spread) if func == "sd" else spread
        case "log_sum_exp":
            body = body if mask is None else np.where(mask, body, -np.inf)
            peak = body.max(axis=axes, initial=-np.inf, keepdims=True)
            peak = np.where(np.isfinite(peak), peak, 0.0)
            return np.squeeze(peak, axes) + np.log(np.exp(body - peak).sum(axis=axes))
        case _:
            pass
    body = body if mask is None else np.where(mask, body, _EMPTY[func])
    match func:
        case "sum":
            return body.sum(axis=axes)
        case "prod":
            return body.prod(axis=axes)
        case "min":
            return body.min(axis=axes) if body.size else np.min(body, axis=axes, initial=np.inf)
        case "max":
            return body.max(axis=axes) if body.size else np.max(body, axis=axes, initial=-np.inf)
        case _:
            raise AssertionError(f"no reduction {func}")
