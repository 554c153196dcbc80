"""Comprehensions as vectors: over an index set wherever a vector may stand, over a group where one of it is picked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.expr import VECTOR, Binder, Call, Expr, Index, Reduce, Ref, Type, group_of
from hiercomp.model import surface
from hiercomp.model.binding import Datum
from hiercomp.model.draft import Item
from hiercomp.model.faults import bound_twice
from hiercomp.model.ranges import reach
from hiercomp.model.scope import BoundCheck, Context, Reach, Sym
from hiercomp.syntax.ast import Apply, Comprehension, ForBinder, Number
from hiercomp.syntax.ast import Expr as Ast

if TYPE_CHECKING:
    from hiercomp.model.lower import Lower


def vector(low: Lower, node: Comprehension) -> Expr:
    """Return the vector of the values along an index set. H6, H7, H24, H26."""
    context = low.context
    binder, run = _only(low, node)
    if run.member:
        raise context.refuse(
            Diagnostic(
                "H7", "groups differ in size, so what goes over their members is no array", node.span,
                "`Categorical(softmax(... for ...))` or `Categorical(logits = (... for ...))`, or a sum or the like",
                f"`{surface.show(node)}`",
                f"give it to the choice itself, `Categorical({surface.show(node)})`, with nothing around it"
                if node.func == "softmax"
                else f"take one number of it: `sum({surface.show(node.body)} for {surface.show_binder(binder)})`",
            )
        )  # fmt: skip
    if run.lo is not None or not (run.hi is None or isinstance(run.hi, Number)):
        raise context.refuse(
            Diagnostic(
                "H26", "a vector goes over a whole index set", binder.span or node.span,
                f"`{binder.var} in 1..N`, or the name of an index set", f"`{surface.show_binder(binder)}`",
                "define the values under a name of their own, with a range of its own",
            )
        )  # fmt: skip
    if isinstance(run.hi, Number):
        words = f"`{surface.show_binder(binder)}`"
        last = int(run.hi.value)
        check = BoundCheck(run.node, 1, last, 0, binder.span or node.span, words, whole=True)
        context.bounds_to_check.append(check)
    return _made(low, node, binder, run)


def chances(low: Lower, node: Ast) -> Expr:
    """Return what a distribution picks by; over a group it may be a vector of log odds, or the softmax of them."""
    match node:
        case Comprehension(func="" | "softmax"):
            inner, within = node, node.func
        case Apply(func="softmax", args=(arg,)) if isinstance(arg.value, Comprehension) and not arg.value.func:
            inner, within = arg.value, "softmax"
        case _:
            return low.expr(node)
    binder, run = _only(low, inner)
    if not run.member:
        return low.expr(node)
    value = _made(low, inner, binder, run)
    return Call(within, (value,), value.type, node.span) if within else value


def _only(low: Lower, node: Comprehension) -> tuple[ForBinder, Reach]:
    """Return the one range that a vector goes over."""
    context = low.context
    binder, *more = node.binders
    if more or node.condition is not None:
        raise context.refuse(
            Diagnostic(
                "H26", "a vector goes over one range, all of it", node.span, "one range without a condition",
                f"`{surface.show(node)}`", "leave out the indices of an array to mean all of it",
            )
        )  # fmt: skip
    if binder.var in low.scope:
        raise context.refuse(bound_twice(binder.var, binder.span or node.span, low.scope[binder.var].span))
    return binder, reach(context, binder, low.scope)


def _made(low: Lower, node: Comprehension, binder: ForBinder, run: Reach) -> Expr:
    inner = low.inside()
    inner.scope[binder.var] = run
    low.context.reduced.append(run.node)
    body = inner.scalar(node.body)
    return Reduce(VECTOR, body, (inner.binder(binder.var),), Type("real", (run.node,)), node.span)


def check_chances(context: Context, value: Expr, name: str, support: str) -> None:
    """Report log odds where probabilities have to be (H6): a group's own chances are a softmax."""
    if group_of(value) is None or (support == "simplex") == isinstance(value, Call):
        return
    found = "a softmax" if isinstance(value, Call) else "numbers for the members of a group"
    raise context.refuse(
        Diagnostic(
            "H6", f"the {name} of a choice among the members of a group " + (
                "are a softmax over them" if support == "simplex" else "are numbers for its members"
            ),
            value.span, "`Categorical(softmax(... for ...))` or `Categorical(logits = (... for ...))`", found,
            f"call them log odds, `logits = ...`, in the place of `{name} = ...`"
            if support == "simplex"
            else f"leave `softmax` out, or leave `{name} =` out",
        )
    )  # fmt: skip


def check_places(context: Context, sym: Sym, group: Binder, item: Item) -> None:
    """Check data that pick a place in a group against the size of that group, as far as data say which one it is.

    Reports the first fault (H17): a group without members, a place outside the group, a label.
    """
    assert isinstance(group.lo, Ref)
    assert isinstance(group.hi, Ref)
    first, final = (context.symbols[end.name].datum for end in (group.lo, group.hi))
    listing = group.lo.name.removesuffix("_first")
    if first is None or final is None:
        return
    sizes = [int(b) - int(a) + 1 for (_, a), (_, b) in zip(first.items(), final.items(), strict=True)]
    if 0 in sizes:
        at = sizes.index(0)
        raise context.refuse(
            Diagnostic(
                "H17", f"`{sym.name}` picks a member of a group, and group {at + 1} of `{listing}` has none",
                item.span, "groups with one member or more", f"an empty list in {context.symbols[listing].name}",
                f"take group {at + 1} out of the data, or give it a member",
                secondary=_where(context.symbols[listing].datum),
            )
        )  # fmt: skip
    datum = sym.datum
    if datum is None:
        return
    for index, value in datum.items():
        which = _which(context, group.lo.subs[0], item, index)
        most = sizes[which - 1] if which is not None and 1 <= which <= len(sizes) else max(sizes, default=0)
        if not isinstance(value, str) and value == int(value) and 1 <= value <= most:
            continue
        place = datum.span(index)
        size = f"the size of group {which} of `{listing}`" if which is not None else "the size of the largest group"
        raise context.refuse(
            Diagnostic(
                "H17",
                f"`{sym.name}` is the place of what was picked in its group of `{listing}`, and the data has "
                f"{value} for it in {datum.row(index)}",
                item.span, f"a whole number from 1 to {most}, {size}", f"{value}",
                "places are counted from 1 in the order of the group; they are no numbers or labels of members",
                secondary=(Label(place, "this value"),) if place else (),
            )
        )  # fmt: skip


def _where(datum: Datum | None) -> tuple[Label, ...]:
    return (Label(datum.header, "the groups"),) if datum is not None and datum.header is not None else ()


def _which(context: Context, sub: Expr, item: Item, index: tuple[int, ...]) -> int | None:
    """Return the number of the group of the element of `item` at `index` (from 0), if indices and data tell it."""
    match sub:
        case Index(var=var):
            at = next((n for n, one in enumerate(item.subs) if surface.show(one) == var), None)
            return index[at] + 1 if at is not None else None
        case Ref(name=name, subs=(inner,)):
            place = _which(context, inner, item, index)
            datum = context.symbols[name].datum
            values = datum.value if datum is not None else None
            if place is None or not isinstance(values, tuple) or not 1 <= place <= len(values):
                return None
            found = values[place - 1]
            return found if isinstance(found, int) else None
        case _:
            return None
