"""Likelihoods whose location is linear in coefficients that all rows share, apart from what is left."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from hiercomp.expr import REAL, Binder, Call, Const, Expr, Index, Op, Reduce, Ref, free_indices, names, walk
from hiercomp.model.ir import DefineStmt, RandomStmt, Role, Symbol, Value
from hiercomp.plan.draft import Draft
from hiercomp.plan.fusing import whole_definitions
from hiercomp.plan.ir import Linear, Predictor, Regression
from hiercomp.plan.predictors import ONE, NotLinear, linear, seen_through
from hiercomp.records import replace

# By the row of the catalogue: the parameter that is on the scale of the link.
LOCATIONS: Mapping[str, str] = {"Bernoulli-Logit": "logit", "Binomial-Logit": "logit", "Poisson-Log": "log_rate"}


def regression(draft: Draft, stmt: RandomStmt, length: int) -> Regression | None:
    """Return the form of a likelihood of `length` rows with a link; None where nothing is gained."""
    row, binders = stmt.dist.row, stmt.common.binders
    parameter = LOCATIONS[row]
    args = dict(stmt.dist.args)
    location = args[parameter]
    rows = {binder.var for binder in binders}
    if _is_known(draft, location):
        return None
    defined = whole_definitions(draft)
    parts = [
        (part, negative, _predictors(part, binders, draft))
        for part, negative in _summands(location, draft, defined, rows)
    ]
    columns = [item for _, _, predictors in parts for item in predictors or ()]
    if sum(2 if item.binder is not None else 1 for item in columns) < 2 or any(b.lo or b.hi for b in binders):
        # A matrix is not worth its while.
        return _plain(row, parameter, location)
    by_row = any(found is None and not free_indices(part).isdisjoint(rows) for part, _, found in parts)
    counted = row != "Poisson-Log" and not by_row and all(_is_whole(item.feature, draft, defined) for item in columns)
    counted = counted and not _differ(columns, length, draft)
    if (len(binders) > 1 and not counted) or not _is_simple(args.get("n"), draft):
        return _plain(row, parameter, location)
    found: list[Predictor] = []
    left: list[tuple[Expr, bool]] = []
    for part, negative, predictors in parts:
        # One more column costs less than one more sum.
        shared = (by_row or counted) and free_indices(part).isdisjoint(rows) and not _is_known(draft, part)
        of_part = (Predictor(part, ONE),) if predictors is None and shared else predictors
        if of_part is None:
            left.append((part, negative))
        else:
            found += [replace(item, feature=_signed(item.feature, negative=negative)) for item in of_part]
    return Regression(parameter, Linear(tuple(found)), _total(left), counted)


def _plain(row: str, parameter: str, location: Expr) -> Regression | None:
    return None if row == "Poisson-Log" else Regression(parameter, Linear(()), location)


def _is_simple(trials: Expr | None, draft: Draft) -> bool:
    """Say whether numbers of trials, if there are any, are data or one number."""
    match trials:
        case None | Const():
            return True
        case Ref(name=name):
            return not _is_unknown(draft, name)
        case _:
            return False


def _is_known(draft: Draft, expr: Expr) -> bool:
    return not any(_is_unknown(draft, name) for name in names(expr))


def _is_unknown(draft: Draft, name: str) -> bool:
    return name in draft.symbols and draft.symbols[name].role in (Role.PARAMETER, Role.DERIVED)


def _summands(
    expr: Expr, draft: Draft, defined: Mapping[str, DefineStmt], rows: set[str], *, negative: bool = False
) -> Iterator[tuple[Expr, bool]]:
    """Yield the parts of a sum, and which of them are subtracted; what is defined row by row is seen through."""
    match expr:
        case Op(op="+" | "-" as sign, args=(left, right)):
            yield from _summands(left, draft, defined, rows, negative=negative)
            yield from _summands(right, draft, defined, rows, negative=negative != (sign == "-"))
        case Op(op="neg", args=(value,)):
            yield from _summands(value, draft, defined, rows, negative=not negative)
        case Ref(name=name, subs=subs) if _is_unknown(draft, name) and name in defined:
            plain = all(isinstance(sub, Index) and sub.var in rows for sub in subs)
            value = seen_through(expr, defined[name]) if plain and subs else None
            if value is None:
                yield expr, negative
            else:
                yield from _summands(value, draft, defined, rows, negative=negative)
        case _:
            yield expr, negative


def _predictors(part: Expr, binders: Sequence[Binder], draft: Draft) -> tuple[Predictor, ...] | None:
    """Return a part of the location as coefficients times features; None where it is none, or the same for all rows."""
    try:
        found = linear(part, binders, draft)
    except NotLinear:
        return None
    same = any(item.feature == ONE for item in found.predictors)
    if same or found.members is not None or found.offset is not None or not found.predictors:
        return None
    return found.predictors


def _signed(expr: Expr, *, negative: bool) -> Expr:
    return Op("neg", (expr,), REAL) if negative else expr


def _total(parts: Sequence[tuple[Expr, bool]]) -> Expr | None:
    """Return a sum again."""
    total: Expr | None = None
    for part, negative in parts:
        sign = "-" if negative else "+"
        total = _signed(part, negative=negative) if total is None else Op(sign, (total, part), REAL)
    return total


def _is_whole(expr: Expr, draft: Draft, defined: Mapping[str, DefineStmt]) -> bool:
    """Say whether a feature is a whole number in every row."""
    for node in walk(expr):
        match node:
            case Const(value=value) if not isinstance(value, int):
                return False
            case Ref(name=name) if name in defined:
                if name in names(defined[name].value) or not _is_whole(defined[name].value, draft, defined):
                    return False
            case Ref(name=name) if name in draft.symbols and not _holds_whole(draft.symbols[name]):
                return False
            case Op(op="/" | "^") | Call():
                return False
            case Reduce(func=func) if func not in ("sum", "count", "min", "max"):
                return False
            case _:
                pass
    return True


def _holds_whole(symbol: Symbol) -> bool:
    if symbol.elem != "real":
        return True
    return symbol.value is not None and all(float(value).is_integer() for value in _numbers(symbol.value))


def _numbers(value: Value) -> Iterator[int | float]:
    if isinstance(value, tuple):
        for item in value:
            yield from _numbers(item)
    elif not isinstance(value, str):
        yield value


def _differ(columns: Sequence[Predictor], length: int, draft: Draft) -> bool:
    """Say whether data have so many values that few rows are equal."""
    read = {name for item in columns for name in names(item.feature)}
    values = [draft.symbols[name].value for name in read if name in draft.symbols]
    return 2 * math.prod(len({*_numbers(value)}) for value in values if value is not None) > length
