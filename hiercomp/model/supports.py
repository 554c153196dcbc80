"""Where values may lie: catalogue bounds put in terms of a distribution's arguments, stated bounds, and their union."""

from __future__ import annotations

import math
from collections.abc import Mapping

from hiercomp.expr import BOOL, INT, REAL, Call, Const, Expr, Op, Ref, number, rebuild
from hiercomp.model.intervals import constant, interval
from hiercomp.model.ir import Support
from hiercomp.model.scope import WHOLE_LINE, Interval
from hiercomp.records import replace

ZERO = replace(number(0), type=INT)
ONE = replace(number(1), type=INT)

BOUNDS: Mapping[str, tuple[Const | None, Const | None]] = {
    "real": (None, None),
    "int": (None, None),
    "positive": (ZERO, None),
    "nonnegative": (ZERO, None),
    "count": (ZERO, None),
    "positive int": (ONE, None),
    "unit": (ZERO, ONE),
    "simplex": (ZERO, ONE),
    "ordered": (None, None),
    "corr": (None, None),
    "cov": (None, None),
    "cholesky corr": (None, None),
    "cholesky cov": (None, None),
}
WHOLE = frozenset({"count", "positive int", "int"})


def instantiate(tree: Expr, args: Mapping[str, Expr]) -> Expr:
    """Return a catalogue tree with the arguments put in, typed by what they are."""
    if isinstance(tree, Ref):
        return args[tree.name]
    made = rebuild(tree, lambda child: instantiate(child, args))
    match made:
        case Op(op="<" | "<=" | ">" | ">=" | "==" | "!=" | "and" | "or" | "not"):
            return replace(made, type=BOOL)
        case Call(func="diag", args=(vector,)):
            return replace(made, type=replace(REAL, axes=vector.type.axes * 2))
        case Call(func="matmul", args=(left, right)):
            return replace(made, type=replace(REAL, axes=(left.type.axes[0], right.type.axes[1])))
        case Op(args=parts) | Call(args=parts):
            axes = next((part.type.axes for part in parts if part.type.axes), ())
            return replace(made, type=replace(REAL, axes=axes))
        case _:
            return made


def tighter(func: str, one: Expr | None, two: Expr | None, values: Mapping[str, Interval]) -> Expr | None:
    """Return the tighter of two bounds: `func` is fmax for lower ones, fmin for upper ones."""
    if one is None or two is None or one == two:
        return one if two is None else two
    a, b = constant(one, values), constant(two, values)
    if a is not None and b is not None:
        return one if (a >= b) == (func == "fmax") else two
    return Call(func, (one, two), REAL)


def intersect(one: Support, two: Support, values: Mapping[str, Interval]) -> Support:
    """Return the support that satisfies both."""
    return Support(
        tighter("fmax", one.lower, two.lower, values),
        tighter("fmin", one.upper, two.upper, values),
        one.shape or two.shape,
    )


def span_of(support: Support, values: Mapping[str, Interval]) -> Interval:
    """Return the interval that a support certainly lies in."""
    low = interval(support.lower, values)[0] if support.lower is not None else -math.inf
    high = interval(support.upper, values)[1] if support.upper is not None else math.inf
    return (low, high) if low <= high else WHOLE_LINE


def from_interval(found: Interval) -> Support:
    """Return the support of a derived quantity, as far as its sign or the unit interval says it."""
    low, high = found
    if low == high:
        return Support()  # a constant is its own bound
    lower = ONE if low == 1 else ZERO if low >= 0 else None
    upper = ONE if high == 1 and low >= 0 else ZERO if high <= 0 else None
    return Support(lower if lower is None or low in (0.0, 1.0) else ZERO, upper)
