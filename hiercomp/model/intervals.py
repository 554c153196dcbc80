"""Where the value of an expression certainly lies: interval arithmetic, exact for constants."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from hiercomp.catalog import FUNCTIONS
from hiercomp.expr import VECTOR, Call, Choose, Const, Density, Expr, Index, Op, Reduce, Ref, Stack
from hiercomp.model.scope import WHOLE_LINE, Interval

NOWHERE: Interval = (math.nan, math.nan)
_IMAGES: dict[str, Interval] = {
    "positive": (0.0, math.inf),
    "nonnegative": (0.0, math.inf),
    "count": (0.0, math.inf),
    "positive int": (1.0, math.inf),
    "unit": (0.0, 1.0),
}


def _monotone(rise: Callable[[float], float]) -> Callable[[Interval], Interval]:
    def image(arg: Interval) -> Interval:
        return _apply(rise, arg[0]), _apply(rise, arg[1])

    return image


def _apply(func: Callable[[float], float], x: float) -> float:
    try:
        return func(x)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan


def _log(x: float) -> float:
    return -math.inf if x == 0 else math.log(x)


def _inv_logit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def _logit(p: float) -> float:
    return -math.inf if p == 0 else math.inf if p == 1 else math.log(p / (1 - p))


def _square(arg: Interval) -> Interval:
    return _power(arg, (2.0, 2.0))


def _abs(arg: Interval) -> Interval:
    low, high = sorted((abs(arg[0]), abs(arg[1])))
    return (0.0 if arg[0] <= 0 <= arg[1] else low), high


_EXACT: dict[str, Callable[[Interval], Interval]] = {
    "exp": _monotone(math.exp),
    "log": _monotone(_log),
    "sqrt": _monotone(math.sqrt),
    "log1p": _monotone(lambda x: -math.inf if x == -1 else math.log1p(x)),
    "expm1": _monotone(math.expm1),
    "inv_logit": _monotone(_inv_logit),
    "logit": _monotone(_logit),
    "floor": _monotone(lambda x: float(math.floor(x)) if math.isfinite(x) else x),
    "ceil": _monotone(lambda x: float(math.ceil(x)) if math.isfinite(x) else x),
    "square": _square,
    "abs": _abs,
}


def interval(expr: Expr, values: Mapping[str, Interval]) -> Interval:
    """Return (lowest, highest) over everything `expr` can be worth; `values` has the intervals of names.

    The interval may be wider than what is really taken. It is not-a-number where the expression has no value at all
    (`sqrt(-1)`).
    """
    match expr:
        case Const(value=value):
            return float(value), float(value)
        case Ref(name=name):
            return values.get(name, WHOLE_LINE)
        case Index():
            return 1.0, math.inf
        case Op(op=op, args=args):
            return _arithmetic(op, [interval(arg, values) for arg in args])
        case Call(func=func, args=args):
            return _call(func, [interval(arg, values) for arg in args])
        case Reduce(func=func, body=body):
            inner = interval(body, values)
            return inner if func in ("mean", "min", "max", VECTOR) else _sum(inner) if func == "sum" else WHOLE_LINE
        case Choose(cases=cases, otherwise=otherwise):
            return _hull([interval(value, values) for _, value in cases] + [interval(otherwise, values)])
        case Stack(items=items):
            return _hull([interval(item, values) for item in items])
        case Density():
            return WHOLE_LINE


def constant(expr: Expr, values: Mapping[str, Interval]) -> float | None:
    """Return the number that `expr` is worth, or None where it can be worth several."""
    low, high = interval(expr, values)
    return low if low == high or math.isnan(low) else None


def _hull(found: list[Interval]) -> Interval:
    return min(low for low, _ in found), max(high for _, high in found)


def _sum(arg: Interval) -> Interval:
    return (0.0 if arg[0] >= 0 else -math.inf), (0.0 if arg[1] <= 0 else math.inf)


def _call(func: str, args: list[Interval]) -> Interval:
    if func in _EXACT and len(args) == 1:
        low, high = _EXACT[func](args[0])
        # Partly outside the domain says nothing of the rest; wholly outside, there is no value.
        if math.isnan(low) and not math.isnan(high):
            return (-math.inf if func == "log" else 0.0), high
        return low, high
    if func in ("mean", "min", "max"):
        return args[0]
    if func in ("sum", "cumsum"):
        return _sum(args[0])
    row = FUNCTIONS.get(func)
    return _IMAGES.get(row.image, WHOLE_LINE) if row is not None else WHOLE_LINE


def _arithmetic(op: str, args: list[Interval]) -> Interval:
    if any(math.isnan(low) for low, _ in args):
        return NOWHERE
    match op, args:
        case "neg", [(low, high)]:
            return -high, -low
        case "+", [a, b]:
            return a[0] + b[0], a[1] + b[1]
        case "-", [a, b]:
            return a[0] - b[1], a[1] - b[0]
        case "*", [a, b]:
            return _hull_of([x * y if x and y else 0.0 for x in a for y in b])
        case "/", [a, b]:
            return _divide(a, b)
        case "^", [a, b]:
            return _power(a, b)
        case _:
            return 0.0, 1.0


def _hull_of(points: list[float]) -> Interval:
    sound = [point for point in points if not math.isnan(point)]
    return (min(sound), max(sound)) if sound else WHOLE_LINE


def _divide(a: Interval, b: Interval) -> Interval:
    if b == (0.0, 0.0):
        return NOWHERE
    if b[0] < 0 < b[1]:
        return WHOLE_LINE
    if b[0] == 0:
        return (0.0 if a[0] >= 0 else -math.inf), (0.0 if a[1] <= 0 else math.inf)
    if b[1] == 0:
        return (0.0 if a[1] <= 0 else -math.inf), (0.0 if a[0] >= 0 else math.inf)
    return _hull_of([x / y for x in a for y in b])


def _power(a: Interval, b: Interval) -> Interval:
    if b[0] != b[1]:
        return (0.0, math.inf) if a[0] >= 0 else WHOLE_LINE
    exponent = b[0]
    points = [_raise(x, exponent) for x in a]
    if exponent == int(exponent) and not math.isinf(exponent) and int(exponent) % 2 == 0:
        if a[0] <= 0 <= a[1]:
            points.append(0.0 if exponent > 0 else math.inf)
        return _hull_of(points)
    if a[0] >= 0 or (exponent > 0 and exponent == int(exponent)):
        return _hull_of(points)
    return NOWHERE if a[1] < 0 and exponent != int(exponent) else WHOLE_LINE


def _raise(x: float, exponent: float) -> float:
    try:
        result = x**exponent
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.inf
    return result if isinstance(result, float) else math.nan
