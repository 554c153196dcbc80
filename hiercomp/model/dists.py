"""Distributions: the row, the signature that fits, canonical arguments, and whether they may be what they are."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

from hiercomp.catalog import (
    Distribution,
    Match,
    find_distribution,
    match_signature,
    row_named,
    written_signatures,
)
from hiercomp.diagnostics import Diagnostic, Label, Severity
from hiercomp.expr import Const, Expr, Ref, Stack, free_indices, group_of
from hiercomp.model import surface
from hiercomp.model.events import lower_arguments
from hiercomp.model.faults import DOMAIN_WORDS, no_distribution
from hiercomp.model.intervals import constant, interval
from hiercomp.model.ir import Dist, Part, Role, Support
from hiercomp.model.lower import Lower
from hiercomp.model.scope import Context, Refused
from hiercomp.model.shapes import SHAPES, check_listed, check_members
from hiercomp.model.supports import BOUNDS, WHOLE, instantiate, intersect, span_of, tighter
from hiercomp.records import record
from hiercomp.syntax.ast import Apply, Arg, Interval


def lower_dist(low: Lower, node: Apply, truncated: Interval | None, *, scalar: bool) -> Dist:
    """Return the distribution with canonical arguments; with `scalar`, each has to be one number.

    Raises `Refused` for H8 (no such distribution), H9 (arguments), H10 (outside its support), H19, H26, H28.
    """
    context = low.context
    row = find_distribution(node.func)
    if row is None:
        raise context.refuse(no_distribution(node))
    found = _match(context, row, node)
    values: dict[str, Expr] = {}
    failed = False
    for arg, name, value in lower_arguments(low, row, node, found, scalar=scalar):
        try:
            if name in found.signature.fixed:
                _check_fixed(context, row, arg, value, found.signature.fixed[name])
            else:
                support = dict(zip(found.signature.args, found.signature.supports, strict=False)).get(name, "real")
                check_argument(context, Slot(row, arg, name, support), value)
            values[name] = value
        except Refused:
            failed = True
    if failed:
        raise Refused
    convert = found.signature.convert
    word = row.name
    if found.signature.row:
        row = row_named(found.signature.row)
    args = tuple((param.name, instantiate(convert[param.name], values)) for param in row.params)
    _check_canonical(context, row, node, args)
    written = ", ".join(
        surface.show(arg.value) if found.listed else f"{name} = {surface.show(arg.value)}"
        for arg, name in zip(node.args, found.names, strict=True)
        if name not in found.signature.fixed
    )
    lower, upper = _truncation(low, row, node, truncated, dict(args))
    return Dist(row.name, args, f"{word}({written})", lower, upper, node.span)


def _match(context: Context, row: Distribution, node: Apply) -> Match:
    named = [arg.name for arg in node.args if arg.name is not None]
    positional = len(node.args) - len(named)
    in_order = all(arg.name is None for arg in node.args[:positional])
    found = match_signature(row, positional, named) if in_order else None
    if found is None:
        given = ", ".join(f"{arg.name} = " if arg.name else surface.show(arg.value) for arg in node.args)
        raise context.refuse(
            Diagnostic(
                "H9",
                f"`{row.name}` does not take these arguments",
                node.span,
                " or ".join(written_signatures(row)),
                f"{row.name}({given})",
                "arguments without names come first"
                if not in_order
                else f"`hiercomp catalog {row.name}` says what the arguments mean",
            )
        )
    return found


def _check_fixed(context: Context, row: Distribution, arg: Arg, value: Expr, wanted: float) -> None:
    if constant(value, context.intervals) == wanted:
        return
    full = row.name.removeprefix("Half-")
    raise context.refuse(
        Diagnostic(
            "H19",
            f"`{row.name}` begins at {wanted:g}, so its location has to be {wanted:g}",
            arg.span,
            f"{wanted:g}",
            f"`{surface.show(arg.value)}`",
            f"for the part above zero of a distribution that lies elsewhere: `{full}(...) truncated to [0, ]`",
        )
    )


@record
class Slot:
    """An argument of a distribution: the row, what the spec gives, the name and support that the row has for it."""

    row: Distribution
    arg: Arg
    name: str
    support: str


def check_argument(context: Context, slot: Slot, value: Expr) -> None:
    """Check one argument against its support. Data columns are looked at value by value, and become bounded by it."""
    if isinstance(value, Ref) and value.name in context.symbols:
        _check_name(context, slot, value)
    row, arg, name, support = slot.row, slot.arg, slot.name, slot.support
    if group_of(value) is not None:
        from hiercomp.model.groups import check_chances  # noqa: PLC0415

        check_chances(context, value, name, support)
    if support in SHAPES and isinstance(value, Stack):
        numbers = [constant(item, context.intervals) for item in value.items]
        if None not in numbers:
            given = [number for number in numbers if number is not None]
            check_listed(context, given, SHAPES[support][0], f"the {name} of `{row.name}`", value.span)
    low, high = interval(value, context.intervals)
    one = constant(value, context.intervals)
    if math.isnan(low) or not _may_be(support, low, high) or (one is not None and not _is(support, one)):
        from hiercomp.model.hints import argument  # noqa: PLC0415

        shown = surface.show(arg.value)
        is_number = one is None or math.isnan(one) or f"{one:g}" == shown
        raise context.refuse(
            Diagnostic(
                "H10",
                f"the {name} of `{row.name}` cannot be `{shown}`",
                arg.span or arg.value.span,
                f"a {DOMAIN_WORDS[support]}",
                f"`{shown}`" if is_number else f"`{shown}`, which is {one:g}",
                argument(row, name, support, one),
            )
        )


def _may_be(support: str, low: float, high: float) -> bool:
    least, most = BOUNDS[support]
    return (least is None or high >= least.value) and (most is None or low <= most.value)


def _is(support: str, value: float) -> bool:
    if math.isnan(value) or (support in WHOLE and value != int(value)):
        return False
    return _may_be(support, value, value) and not (support == "positive" and value == 0)


def _check_name(context: Context, slot: Slot, value: Ref) -> None:
    row, arg, name, support = slot.row, slot.arg, slot.name, slot.support
    sym = context.symbols[value.name]
    if sym.role is Role.DATA:
        if sym.datum is not None:
            for index, item in sym.datum.items():
                if isinstance(item, str) or _is(support, item):
                    continue
                place = sym.datum.span(index)
                raise context.refuse(
                    Diagnostic(
                        "H10",
                        f"the {name} of `{row.name}` is `{surface.show(arg.value)}`, and the data has {item:g} for it",
                        arg.span or arg.value.span,
                        f"a {DOMAIN_WORDS[support]} in every row",
                        f"{item:g} in {sym.datum.row(index)}",
                        "correct the data, or take another distribution",
                        secondary=(Label(place, "this value"),) if place else (),
                    )
                )
        shape, rank = SHAPES.get(support, ("", 0))
        if shape:
            words = f"the {name} of `{row.name}`, `{surface.show(arg.value)}`,"
            check_members(context, sym, shape, words, arg.span or arg.value.span)
            sym.event_rank = max(sym.event_rank, rank)
        if support != "real" and not sym.use.size:
            bound = Support(*BOUNDS[support], shape)
            sym.support = intersect(sym.support, bound, context.intervals)
            if sym.datum is None:
                context.intervals[value.name] = span_of(sym.support, context.intervals)
        return
    low, _ = context.intervals[value.name]
    least = BOUNDS[support][0]
    if sym.role is Role.PARAMETER and least is not None and low < least.value:
        context.diagnostics.add(
            Diagnostic(
                "W3",
                f"the {name} of `{row.name}` is `{surface.show(arg.value)}`, which can be negative",
                arg.span or arg.value.span,
                f"a {DOMAIN_WORDS[support]}",
                f"an unknown on {'the whole line' if math.isinf(low) else f'[{low:g}, ...]'}",
                "give it a prior on the positive numbers, such as Half-Normal(0, s), or `truncated to [0, ]`",
                Severity.WARNING,
                (Label(sym.span, "its distribution"),) if sym.span else (),
            )
        )


def _check_canonical(context: Context, row: Distribution, node: Apply, args: tuple[tuple[str, Expr], ...]) -> None:
    """Check what conversion makes of sound arguments: a beta with too large an sd has no shapes."""
    for name, value in args:
        one = constant(value, context.intervals)
        if one is not None and not _is(row.param(name).support, one):
            from hiercomp.model.hints import conversion  # noqa: PLC0415

            raise context.refuse(
                Diagnostic(
                    "H10",
                    f"no `{row.name}` has these arguments",
                    node.span,
                    f"arguments that make the {name} a {DOMAIN_WORDS[row.param(name).support]}",
                    f"{name} = {one:g}",
                    conversion(row, node),
                )
            )
    bounds = {
        param.role: constant(value, context.intervals) for param, (_, value) in zip(row.params, args, strict=True)
    }
    low, high = bounds.get("lower bound"), bounds.get("upper bound")
    if low is not None and high is not None and low >= high:
        raise context.refuse(
            Diagnostic("H10", f"`{row.name}` from {low:g} to {high:g} is empty", node.span,
                       "a lower bound below the upper one", f"{low:g} and {high:g}",
                       f"write the smaller one first: `{row.name}({high:g}, {low:g})`" if low > high
                       else f"take an upper bound above {high:g}")
        )  # fmt: skip


def _truncation(
    low: Lower, row: Distribution, node: Apply, truncated: Interval | None, args: dict[str, Expr]
) -> tuple[Expr | None, Expr | None]:
    if truncated is None:
        return None, None
    context = low.context
    lower = low.scalar(truncated.lo) if truncated.lo is not None else None
    upper = low.scalar(truncated.hi) if truncated.hi is not None else None
    if not row.has_cdf:
        from hiercomp.model.hints import no_truncation  # noqa: PLC0415

        raise context.refuse(
            Diagnostic(
                "H28", f"`{row.name}` cannot be truncated", truncated.span or node.span,
                "a distribution with a distribution function", f"`{row.name}`", no_truncation(row, truncated),
            )
        )  # fmt: skip
    values = context.intervals
    whole = row_support(row, args)
    least = tighter("fmax", whole.lower, lower, values)
    most = tighter("fmin", whole.upper, upper, values)
    a = constant(least, values) if least is not None else None
    b = constant(most, values) if most is not None else None
    if a is not None and b is not None and a >= b:
        from hiercomp.model.hints import nothing_left  # noqa: PLC0415

        ends = [constant(end, values) if end is not None else None for end in (whole.lower, whole.upper)]
        raise context.refuse(
            Diagnostic(
                "H28", f"nothing of `{row.name}` is left between these bounds", truncated.span or node.span,
                "bounds with some of the distribution between them", f"{surface.show(truncated)}",
                nothing_left(row, truncated, ends[0], ends[1]),
            )
        )  # fmt: skip
    return lower, upper


def row_support(row: Distribution, args: dict[str, Expr]) -> Support:
    """Return where the catalogue says that the variate lies, in terms of the arguments."""
    lower = instantiate(row.lower, args) if row.lower is not None else None
    upper = instantiate(row.upper, args) if row.upper is not None else None
    return Support(lower, upper, row.event_shape)


def dist_support(row: Distribution, dist: Dist, context: Context) -> Support:
    """Return the support of a variate of `dist`, truncation included."""
    if dist.parts:
        return _hull([(part, dist_support(row_named(part.dist.row), part.dist, context)) for part in dist.parts])
    return intersect(row_support(row, dict(dist.args)), Support(dist.lower, dist.upper), context.intervals)


def _hull(found: list[tuple[Part, Support]]) -> Support:
    """Return the support of a mixture: from the lowest end to the highest, where every component has one."""

    def end(bounds: list[Expr | None], looser: Callable[[float, float], bool]) -> Expr | None:
        result = bounds[0]
        for bound in bounds[1:]:
            if bound != result and not (isinstance(bound, Const) and isinstance(result, Const)):
                return None
            if isinstance(bound, Const) and isinstance(result, Const) and looser(bound.value, result.value):
                result = bound
        mentioned = free_indices(result) if result is not None else frozenset[str]()
        return None if any(part.binder and part.binder.var in mentioned for part, _ in found) else result

    supports = [support for _, support in found]
    return Support(end([s.lower for s in supports], operator.lt), end([s.upper for s in supports], operator.gt))
