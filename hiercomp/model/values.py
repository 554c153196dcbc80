"""Bound data against what the model says of them: supports of distributions, stated facts."""

from __future__ import annotations

import math

from hiercomp.catalog import row_named
from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.expr import Expr, Ref
from hiercomp.model import surface
from hiercomp.model.binding import Datum
from hiercomp.model.dists import dist_support, row_support
from hiercomp.model.draft import Item
from hiercomp.model.intervals import constant
from hiercomp.model.ir import Dist, Support, Value
from hiercomp.model.scope import Context, Sym
from hiercomp.model.shapes import check_members
from hiercomp.syntax.ast import Fact


def check_variate(context: Context, sym: Sym, dists: list[Dist], item: Item, first: int) -> None:
    """Report the first observed value that its distribution cannot give (H11). `first` is where the range begins."""
    datum = sym.datum
    if datum is None or len(dists) > 1 or datum.elem == "str":
        return
    dist = dists[0]
    row = row_named(dist.row)
    check_members(context, sym, row.event_shape, f"`{sym.name}`, which `{row.name}` gives,", item.span)
    support = dist_support(row, dist, context) if dist.parts else row_support(row, dict(dist.args))
    for bounds, what in ((support, row.name), (Support(dist.lower, dist.upper), f"the truncated {row.name}")):
        lower, upper = (_values(context, bound, datum) for bound in (bounds.lower, bounds.upper))
        for index, value in datum.items():
            assert not isinstance(value, str)
            if index and index[0] + 1 < first:
                continue
            low, high = _pick(lower, index), _pick(upper, index)
            whole = row.kind == "continuous" or value == int(value)
            if whole and low <= value <= high:
                continue
            wanted = _words(low, high, whole=row.kind == "discrete")
            from hiercomp.model.hints import impossible  # noqa: PLC0415

            place, truncated = datum.span(index), bounds is not support
            raise context.refuse(
                Diagnostic(
                    "H11",
                    f"`{sym.name}` has a value that {what} cannot give",
                    item.span,
                    wanted,
                    f"{value:g} in {datum.row(index)}",
                    impossible(row, sym.name, value, (low, high), truncated),
                    secondary=(Label(place, "this value"),) if place else (),
                )
            )


def check_facts(context: Context, sym: Sym, stated: Support) -> None:
    """Report the first value of data that contradicts what `where` states of it (H11)."""
    datum = sym.datum
    fact = next((f for f in sym.use.facts if f.kind not in ("known", "observed")), None)
    if datum is None or fact is None or datum.elem == "str":
        return
    strict = [f for f in sym.use.facts if f.op in ("<", ">") or f.word in ("positive", "negative")]
    lower, upper = (_values(context, bound, datum) for bound in (stated.lower, stated.upper))
    for index, value in datum.items():
        assert not isinstance(value, str)
        low, high = _pick(lower, index), _pick(upper, index)
        wrong = not low <= value <= high or (bool(strict) and value in (low, high))
        wrong = wrong or (sym.use.integer and value != int(value))
        if wrong:
            place = datum.span(index)
            raise context.refuse(
                Diagnostic(
                    "H11",
                    f"`{sym.name}` is not what the spec states of it",
                    fact.span,
                    _shown(fact),
                    f"{value:g} in {datum.row(index)}",
                    f"correct the value, or state of `{sym.name}` only what all its values keep to",
                    secondary=(Label(place, "this value"),) if place else (),
                )
            )


def _shown(fact: Fact) -> str:
    subject = surface.show(fact.subject)
    if fact.interval is not None:
        return f"`{subject} in {surface.show(fact.interval)}`"
    if fact.value is not None:
        return f"`{subject} {fact.op} {surface.show(fact.value)}`"
    return f"`{subject}` {fact.word}"


def _values(context: Context, bound: Expr | None, like: Datum) -> Value | float | None:
    """Return a bound as one number, or as data of the same shape; None where it depends on more than that."""
    if bound is None:
        return None
    one = constant(bound, context.intervals)
    if one is not None:
        return one
    if isinstance(bound, Ref) and bound.name in context.symbols:
        datum = context.symbols[bound.name].datum
        if datum is not None and datum.lengths == like.lengths and datum.elem != "str" and not datum.missing:
            return datum.value
    return None


def _pick(bound: Value | float | None, index: tuple[int, ...]) -> float:
    """Return the bound of one element, or not-a-number's opposite: a bound that nothing violates."""
    for place in index:
        if not isinstance(bound, tuple):
            break
        bound = bound[place]
    return float(bound) if isinstance(bound, (int, float)) else _NOTHING


class _Unbounded(float):
    """Compares as true from both sides, for a bound that is not known."""

    def __le__(self, other: float) -> bool:
        return True

    def __ge__(self, other: float) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = float.__hash__


_NOTHING = _Unbounded(math.nan)


def _words(low: float, high: float, *, whole: bool) -> str:
    kind = "a whole number" if whole else "a number"
    known_low, known_high = not math.isnan(low), not math.isnan(high)
    if known_low and known_high:
        return f"{kind} from {low:g} to {high:g}"
    if known_low:
        return f"{kind} from {low:g} on"
    return f"{kind} up to {high:g}" if known_high else kind
