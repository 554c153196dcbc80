"""Ranges whose ends depend on another index: ``for t in first[i]..last[i]``, ``for s in 1..t``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import Binder, Const, Expr, Index, Op, Ref, free_indices, names
from hiercomp.model import surface
from hiercomp.model.axes import Extent
from hiercomp.model.scope import BoundCheck, Context, Reach
from hiercomp.source import Span
from hiercomp.syntax.ast import Expr as Ast

if TYPE_CHECKING:
    from hiercomp.model.lower import Lower

type Ends = dict[tuple[int, ...], int]


def check_end(context: Context, run: Reach, end: Ast, value: Expr, *, last: bool) -> None:
    """Check an end of a range that moves, and note how far it reaches. H17 for what is no whole number of the data."""
    span = end.span or run.span
    unknown = next((name for name in sorted(names(value)) if context.symbols[name].random), None)
    if value.type.elem != "int" or unknown is not None:
        found = f"`{unknown}`, which is unknown" if unknown is not None else f"`{surface.show(end)}`, a real number"
        raise context.refuse(
            Diagnostic(
                "H17", "a range ends at whole numbers that are known", span,
                "a column of whole numbers, or the index of another range", found,
                "sum over the whole range with a condition on data, `sum(... for ... if ...)`, or blend with "
                "`inv_logit` what changes at an unknown place" if unknown is not None
                else "write the ends in the data as whole numbers, without a point",
            )
        )  # fmt: skip
    found = ends(context, value)
    if not found:
        return
    words = f"a range that {'ends' if last else 'begins'} at `{surface.show(end)}`"
    if last and context.binding.bound:
        context.axes.facts(run.node).largest.append(Extent(surface.show(end), 0, max(found.values()), span))
    if not isinstance(value, Ref):
        least = min(found.values())
        context.bounds_to_check.append(BoundCheck(run.node, max(least, 1) if last else least, None, 0, span, words))
        most = max(found.values())
        context.bounds_to_check.append(BoundCheck(run.node, None, most - (not last), 0, span, words))
        return
    # Nothing is in a range that ends before it begins, wherever that is.
    datum = context.symbols[value.name].datum
    check = BoundCheck(run.node, 0 if last else 1, None, 0 if last else 1, span, words, datum)
    context.bounds_to_check.append(check)


def in_order(context: Context, binders: Sequence[Binder], scope: Mapping[str, Reach]) -> tuple[Binder, ...]:
    """Return the binders of a statement, each behind those that its range depends on. H17 where there is no first."""
    waiting, found = list(binders), list[Binder]()
    while waiting:
        around = {binder.var for binder in waiting}
        ready = next((binder for binder in waiting if not _leans_on(binder) & around), None)
        if ready is None:
            var = waiting[0].var
            raise context.refuse(
                Diagnostic(
                    "H17", "these ranges depend on each other", scope[var].span,
                    "a range that can be known before those that depend on it",
                    f"the range of `{var}`, which depends on " + " and ".join(
                        f"`{name}`" for name in sorted(_leans_on(waiting[0]) & around)
                    ),
                    "end one of the ranges at a number, or at a column of data without that index",
                )
            )  # fmt: skip
        waiting.remove(ready)
        found.append(ready)
    return tuple(found)


def _leans_on(binder: Binder) -> set[str]:
    return {var for end in (binder.lo, binder.hi) if end is not None for var in free_indices(end)}


def check_covered(context: Context, name: str, binders: Sequence[Binder], scope: Mapping[str, Reach]) -> None:
    """Report an unknown that has a distribution at some of its elements only (H25)."""
    moving = next((binder for binder in binders if _leans_on(binder)), None)
    if moving is None:
        return
    span = scope[moving.var].span if moving.var in scope else None
    raise context.refuse(
        Diagnostic(
            "H25", f"some elements of the unknown `{name}` have no distribution", span,
            "a distribution of every element",
            f"one in a range of `{moving.var}` that differs from element to element",
            f"let the range of `{moving.var}` be the whole one here, and go over the part where `{name}` is used: "
            "elements that nothing uses just have their prior",
        )
    )  # fmt: skip


def check_shift(lower: Lower, run: Reach, shift: int, axis: str, shown: str, span: Span | None) -> None:
    """Report `y_{t-1}` and `y_{t+1}` where a range that moves, shifted, leaves the index set (H17)."""
    context = lower.context
    low: Ends = {(): 1} if run.lo is None else ends(context, lower.scalar(run.lo))
    high: Ends = {} if run.hi is None else ends(context, lower.scalar(run.hi))
    if len(low) > 1 and low.keys() == high.keys():
        # Elements at which the range is empty have nothing to look at.
        inside = [at for at in low if low[at] <= high[at]]
        low, high = {at: low[at] for at in inside}, {at: high[at] for at in inside}
    if low:
        check = BoundCheck(axis, min(low.values()) + shift, None, 0, span, f"`{shown}`")
        context.bounds_to_check.append(check)
    if high:
        check = BoundCheck(axis, None, max(high.values()) + shift, 0, span, f"`{shown}`")
        context.bounds_to_check.append(check)


def ends(context: Context, value: Expr) -> Ends:
    """Return the known values of the end of a range, by their places in the data; nothing where they are not known."""
    match value:
        case Const(value=int(number)):
            return {(): number}
        case Ref(name=name, subs=subs) if subs and all(isinstance(sub, Index) for sub in subs):
            datum = context.symbols[name].datum
            if datum is None or datum.elem != "int" or datum.missing:
                return {}
            return {index: int(number) for index, number in datum.items()}
        case Op(op="+" | "-" as op, args=(left, Const(value=int(step)))):
            return {at: number + (step if op == "+" else -step) for at, number in ends(context, left).items()}
        case _:
            return {}
