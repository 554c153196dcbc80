"""Arguments and variates with axes of their own: vectors of probabilities, simplexes, members of an index set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hiercomp.catalog import Distribution, Match, row_named
from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.expr import FILL, Call, Expr, Index, Ref, Stack, Type
from hiercomp.model import surface
from hiercomp.model.axes import Extent
from hiercomp.model.draft import Item
from hiercomp.model.faults import indices
from hiercomp.model.intervals import constant
from hiercomp.model.ir import Dist, Role
from hiercomp.model.lower import Lower
from hiercomp.model.members import take_labels
from hiercomp.model.parts import dist_exprs, every_dist, picked_group
from hiercomp.model.scope import BoundCheck, Context, Refused, Sym
from hiercomp.syntax.ast import Apply, Arg, VectorLiteral

# One number may stand for a whole vector of these: a concentration, a mean.
_SPREAD = frozenset({"real", "positive", "nonnegative"})

type Given = list[tuple[Arg, str, Expr]]


def lower_arguments(low: Lower, row: Distribution, node: Apply, found: Match, *, scalar: bool) -> Given:
    """Return the arguments of a distribution with their names in its signature, arrays with the axes that they need.

    With `scalar`, they have no other axes. Raises `Refused` once what is wrong has been said (H6, H7).
    """
    if found.listed:
        items = tuple(low.scalar(arg.value) for arg in node.args)
        axis = low.context.axes.fresh()
        low.context.axes.facts(axis).ends.append(len(items))
        low.context.reduced.append(axis)
        return [(node.args[0], found.names[0], Stack(items, Type("real", (axis,)), node.span))]
    given: Given = []
    nodes: dict[str, str] = {}
    failed = False
    for arg, name in zip(node.args, found.names, strict=True):
        letters = found.signature.axes.get(name, ())
        try:
            value = _argument(low, row, arg, name, letters, scalar=scalar)
            if value.type.axes and letters:
                _name_axes(low.context, arg, value, letters, nodes)
            given.append((arg, name, value))
        except Refused:
            failed = True
    if failed:
        raise Refused
    supports = dict(zip(found.signature.args, found.signature.supports, strict=True))
    return [(arg, name, _filled(low, found, name, supports[name], value, nodes)) for arg, name, value in given]


def _argument(low: Lower, row: Distribution, arg: Arg, name: str, letters: tuple[str, ...], *, scalar: bool) -> Expr:
    if not letters:
        return low.scalar(arg.value) if scalar else low.expr(arg.value)
    match arg.value:
        case VectorLiteral() as by_rows if len(letters) > 1:
            from hiercomp.model.calls import rows  # noqa: PLC0415

            value = rows(low, by_rows)
        case _ if row.picks:
            from hiercomp.model.groups import chances  # noqa: PLC0415

            value = chances(low, arg.value)
        case _:
            value = low.expr(arg.value)
    missing = len(letters) - len(value.type.axes)
    if scalar and missing < 0:
        raise low.context.refuse(_ranks(arg, name, letters, value))
    return value


def _name_axes(context: Context, arg: Arg, value: Expr, letters: tuple[str, ...], nodes: dict[str, str]) -> None:
    """Join the own axes of a value with those of other arguments under the same letters."""
    words = f"`{surface.show(arg.value)}` goes with the other arguments"
    for letter, axis in zip(letters, value.type.axes[-len(letters) :], strict=False):
        if not context.axes.join(nodes.setdefault(letter, axis), axis, arg.span or arg.value.span, words):
            raise Refused


def _filled(low: Lower, found: Match, name: str, support: str, value: Expr, nodes: dict[str, str]) -> Expr:
    """Return one number that stands for a vector as that vector; data of which nothing is known grow into one."""
    letters = found.signature.axes.get(name, ())
    if len(value.type.axes) >= len(letters):
        return value
    context = low.context
    if len(letters) == 1 and support in _SPREAD:
        axis = nodes.setdefault(letters[0], context.axes.fresh())
        return Call(FILL, (value,), Type("real", (axis,)), value.span)
    if isinstance(value, Ref) and context.symbols[value.name].open:
        sym = context.symbols[value.name]
        assert sym.axes is not None
        added = [nodes.setdefault(letter, context.axes.fresh(sym.name)) for letter in letters[len(value.type.axes) :]]
        sym.axes += added
        sym.open = False
        return Ref(value.name, value.subs, Type(value.type.elem, (*value.type.axes, *added)), value.span)
    raise context.refuse(
        Diagnostic(
            "H6", f"the {name} is an array, whatever the indices of the statement", value.span,
            f"an array with {indices(len(letters))}",
            "one number" if not value.type.axes else f"an array with {indices(len(value.type.axes))}",
            _array_hint(name, len(letters), value),
        )
    )  # fmt: skip


def _array_hint(name: str, rank: int, value: Expr) -> str:
    if name == "kernel":
        return "write a kernel of the points: `exp_quad(x, alpha, length)`"
    if rank == 2:
        rows = "((0.9, 0.1), (0.5, 0.5))" if name == "transition" else "((1, 0.5), (0.5, 2))"
        return f"give `{name}` a matrix: a name with two indices, or its rows, `{rows}`"
    if name == "p" and isinstance(value, Ref) and not value.subs:
        return f"write a probability for each: `({value.name}, 1 - {value.name})`"
    return f"give `{name}` a vector: a name with one index, or its elements, such as `(0.2, 0.3, 0.5)`"


def _ranks(arg: Arg, name: str, letters: tuple[str, ...], value: Expr) -> Diagnostic:
    return Diagnostic(
        "H6", f"this array has more axes than the {name} takes", arg.span or arg.value.span,
        f"an array with {indices(len(letters))}",
        f"`{surface.show(arg.value)}`, with {indices(len(value.type.axes))}",
        "give it the indices of the left side",
    )  # fmt: skip


def own_rank(row: Distribution, name: str) -> int:
    """Return how many of the last axes of an argument are its own."""
    return len(row.param(name).axes)


def event_axes(context: Context, dist: Dist) -> list[str]:
    """Return the nodes of the axes that one variate of `dist` has: those of its arguments where these have them too."""
    if dist.along is not None:
        return [dist.along.set]
    row = row_named(dist.row)
    nodes: dict[str, str] = {}
    for name, value in dist.args:
        letters = row.param(name).axes
        nodes |= dict(zip(letters, value.type.axes[len(value.type.axes) - len(letters) :], strict=True))
    return [nodes.setdefault(letter, context.axes.fresh()) for letter in row.event_axes]


def leading(dist: Dist) -> Iterator[tuple[Expr, tuple[str, ...]]]:
    """Yield every expression of a distribution and of its components with the axes that are not its own."""
    own: dict[int, int] = {}
    for one in every_dist(dist):
        own |= {id(value): own_rank(row_named(one.row), name) for name, value in one.args}
    for value in dist_exprs(dist):
        yield value, value.type.axes[: len(value.type.axes) - own.get(id(value), 0)]


def join_event(context: Context, sym: Sym, dists: Sequence[Dist], item: Item) -> int:
    """Give the last axes of a name to the events of its distributions, and return how many they are.

    Raises `Refused` (H6, H7) where they do not fit.
    """
    ranks = {row_named(dist.row).event_rank for dist in dists}
    rank = max(ranks)
    assert sym.axes is not None
    if len(ranks) > 1 or len(item.subs) + rank > len(sym.axes):
        row = row_named(dists[-1].row)
        wanted = len(item.subs) + rank
        raise context.refuse(
            Diagnostic(
                "H6", f"a value of `{row.name}` is an array", item.span,
                f"`{item.name}` with {indices(wanted)}, the last {rank} without a letter" if rank else "one number",
                f"`{item.name}` with {indices(len(sym.axes))}",
                f"leave the last {'letter' if rank == 1 else f'{rank} letters'} on the left out: they are the "
                f"distribution's own" if rank else "give all pieces distributions of one kind",
            )
        )  # fmt: skip
    for dist in dists if rank else ():
        words = f"`{sym.name}` has the axes of its distribution"
        for axis, node in zip(sym.axes[-rank:], event_axes(context, dist), strict=True):
            facts = context.axes.facts(node)
            facts.owner = facts.owner or sym.name
            if not context.axes.join(axis, node, item.span, words):
                raise Refused
    sym.event_rank = rank
    return rank


def join_picked(context: Context, sym: Sym, dists: Sequence[Dist], item: Item) -> None:
    """See to it that the values of a name that picks members are members of the index set that it picks from.

    Of elements about which nothing is said, because a condition does not hold, the values are no concern.
    """
    some = _only_some(dists)
    for dist in dists:
        group = picked_group(dist)
        if group is not None:
            from hiercomp.model.groups import check_places  # noqa: PLC0415

            check_places(context, sym, group, item)
            continue
        axis = picked_axis(dist)
        if axis is None:
            if not some:
                _check_categories(context, sym, dist, item)
            _check_totals(context, sym, dist, item)
            continue
        facts = context.axes.facts(axis)
        facts.owner = facts.owner or sym.name
        datum = sym.datum
        if facts.first != 1:
            raise context.refuse(
                Diagnostic(
                    "H26", f"`{sym.name}` picks one of probabilities that are counted from {facts.first}", item.span,
                    "probabilities counted from 1, as what is picked is", f"{facts.words()}",
                    "count the probabilities from 1, and subtract 1 where the number itself is meant",
                )
            )  # fmt: skip
        if sym.role is Role.SUMMED:
            context.picking[sym.name] = axis
        if datum is None:
            continue
        if datum.elem == "str":
            take_labels(context, axis, sym.name)
        elif datum.elem == "int":
            largest = max((int(value) for _, value in datum.items()), default=0)
            facts.largest.append(Extent(sym.name, 0, largest, datum.header))
            if some:
                continue
            words = f"`{sym.name}` is a member of its index set"
            context.bounds_to_check.append(BoundCheck(axis, None, None, 0, item.span, words, datum))


def _only_some(dists: Sequence[Dist]) -> bool:
    """Say whether there are elements of data of which nothing is said."""
    return len(dists) > 1 and dists[-1].row == "Flat"


def picked_axis(dist: Dist) -> str | None:
    """Return the index set that a variate of `dist` picks a member of, None where it picks nothing.

    Of a group it is the list of all members: what is picked is a place in a part of it (see `picked_group`).
    """
    row = row_named(dist.row)
    for name, value in dist.args:
        letters = row.param(name).axes
        if row.picks and row.picks in letters:
            return value.type.axes[len(value.type.axes) - len(letters) + letters.index(row.picks)]
    return next(filter(None, (picked_axis(part.dist) for part in dist.parts)), None)


def _check_categories(context: Context, sym: Sym, dist: Dist, item: Item) -> None:
    """Note that data in ordered categories have one more of them, at most, than there are cutpoints."""
    cuts = row_named(dist.row).cuts
    if not cuts or sym.datum is None:
        return
    cutpoints = dict(dist.args)[cuts].type.axes[-1]
    words = f"`{sym.name}` is a category between cutpoints"
    if levels := context.binding.levels.get(sym.name):
        between = f"what separates the {len(levels)} levels of `{sym.name}`"
        context.bounds_to_check.append(BoundCheck(cutpoints, None, len(levels) - 1, 0, item.span, between))
    context.bounds_to_check.append(BoundCheck(cutpoints, None, None, 1, item.span, words, sym.datum))


def _check_totals(context: Context, sym: Sym, dist: Dist, item: Item) -> None:
    """Report the first row of counts that are not as many as the trials that they are counts of (H10)."""
    row, args = row_named(dist.row), dict(dist.args)
    if sym.datum is None or not row.event_axes or "n" not in args:
        return
    totals: dict[tuple[int, ...], int] = {}
    for index, value in sym.datum.items():
        totals[index[:-1]] = totals.get(index[:-1], 0) + int(value)
    trials = _by_row(context, args["n"], item)
    for index, total in totals.items():
        wanted = trials.get(index, trials.get(()))
        if wanted is None or wanted == total:
            continue
        place = sym.datum.span((*index, 0))
        raise context.refuse(
            Diagnostic(
                "H10",
                f"`{sym.name}` are counts of another number of trials",
                item.span,
                f"counts that sum to {wanted:g}",
                f"a sum of {total}" if not index else f"a sum of {total} in {sym.datum.row((*index, 0))}",
                "correct the data",
                secondary=(Label(place, "in these counts"),) if place else (),
            )
        )


def _by_row(context: Context, value: Expr, item: Item) -> dict[tuple[int, ...], float]:
    """Return what is known of a number: one for each row, or a single one without index."""
    one = constant(value, context.intervals)
    if one is not None:
        return {(): one}
    letters = [surface.show(sub) for sub in item.subs]
    if not isinstance(value, Ref):
        return {}
    if value.subs and [sub.var if isinstance(sub, Index) else "" for sub in value.subs] != letters:
        return {}
    datum = context.symbols[value.name].datum
    return {} if datum is None else {index: float(number) for index, number in datum.items()}
