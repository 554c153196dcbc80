"""What the weights of a mixture have in common, so that they can be written as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from hiercomp.catalog import row_named
from hiercomp.expr import Call, Const, Expr, Op, Ref
from hiercomp.model.ir import Dist, IndexSet, Part


def is_rest(weight: Expr, of: Expr) -> bool:
    """Tell whether a weight is what another one leaves: ``1 - w``."""
    match weight:
        case Op(op="-", args=(Const(value=1), rest)):
            return rest == of
        case _:
            return False


def whole_weights(
    parts: Sequence[Part], axes: Callable[[str], Sequence[str]], sets: Mapping[str, IndexSet]
) -> Ref | None:
    """Return the vector whose elements are the weights, in order and all of them; None where there is no such vector.

    `axes` gives the index sets of a name.
    """
    first = parts[0].weight
    if not isinstance(first, Ref) or not first.subs:
        return None
    whole = Ref(first.name, first.subs[:-1])
    if sets[axes(first.name)[len(first.subs) - 1]].length != len(parts):
        return None
    for place, part in enumerate(parts, start=1):
        weight = part.weight
        if not isinstance(weight, Ref) or weight.name != whole.name or weight.subs[:-1] != whole.subs:
            return None
        last = weight.subs[-1]
        if not isinstance(last, Const) or last.value != place:
            return None
    return whole


def by_logit(part: Part) -> bool:
    """Tell whether a weight is given by its logit, and its logarithm better taken without the probability."""
    return isinstance(part.weight, Call) and part.weight.func == "inv_logit"


def inflated(dist: Dist) -> bool:
    """Tell whether a distribution with zeros of its own may also come to a zero in the usual way (no hurdle)."""
    other = dist.parts[1].dist
    return row_named(other.row).kind == "discrete" and not other.truncated
