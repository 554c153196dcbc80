"""Log densities inside expressions: ``logp(Normal(mu_k, s), y_t)``, for what a statement with ``~`` cannot say."""

from __future__ import annotations

from math import inf, isnan

from hiercomp.catalog import find_distribution, is_hmm, is_mixture, row_named, zero_words
from hiercomp.catalog.schema import Distribution
from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.expr import (
    BOOL,
    REAL,
    VECTOR,
    Binder,
    Choose,
    CompareOp,
    Density,
    Expr,
    Index,
    Op,
    Reduce,
    Ref,
    Type,
    number,
)
from hiercomp.model import surface
from hiercomp.model.dists import lower_dist, row_support
from hiercomp.model.events import event_axes, leading
from hiercomp.model.faults import indices
from hiercomp.model.intervals import interval
from hiercomp.model.ir import Dist
from hiercomp.model.linear import is_random
from hiercomp.model.lower import Lower
from hiercomp.model.parts import changed
from hiercomp.model.scope import Refused
from hiercomp.model.spread import element_of, free_letter
from hiercomp.syntax.ast import Apply, Name
from hiercomp.syntax.ast import Expr as Ast

_SHAPE = "logp(D(...), x): a distribution, and the value whose log density is wanted"


def log_prob(low: Lower, node: Apply) -> Expr:
    """Return a log density (of counts, a log probability), -inf outside the support; over a vector, one for each.

    Raises `Refused` for what `lower_dist` does, and H6, H9, H11, H26.
    """
    context = low.context
    asts = [arg.value for arg in node.args]
    if len(asts) != 2 or any(arg.name for arg in node.args) or not _is_distribution(asts[0]):
        raise context.refuse(
            Diagnostic("H9", f"`{node.func}` takes a distribution and a value", node.span, _SHAPE,
                       f"`{surface.show(node)}`", _hint(asts))
        )  # fmt: skip
    inner, given = asts
    assert isinstance(inner, Apply)
    row = find_distribution(inner.func)
    if row is None or row.picks or row.improper:
        raise context.refuse(_has_none(node, inner, row, given))
    dist = lower_dist(low, inner, None, scalar=False)
    row = row_named(dist.row)
    value = _value(low, row, dist, given)
    if row.kind == "discrete":
        _check_counts(low, row, given, value)
    found = _element(low, node, dist, value)
    if not isinstance(found, Reduce):
        return _guarded(low, row, dist, found)
    assert isinstance(found.body, Density)
    body = _guarded(low, row, Dist(dist.row, found.body.args, ""), found.body)
    return Reduce(VECTOR, body, found.binders, found.type, node.span)


def _is_distribution(node: Ast) -> bool:
    return isinstance(node, Apply) and (
        find_distribution(node.func) is not None
        or is_mixture(node.func) or is_hmm(node.func) or zero_words(node.func) is not None
    )  # fmt: skip


def _hint(asts: list[Ast]) -> str:
    dist = next((ast for ast in asts if _is_distribution(ast)), None)
    rest = [surface.show(ast) for ast in asts if ast is not dist]
    if dist is not None:
        return f"write the distribution first: `logp({surface.show(dist)}, {rest[0] if rest else 'x'})`"
    return "write the distribution and then the value: `logp(Normal(m, s), x)`"


def _has_none(node: Apply, inner: Apply, row: Distribution | None, given: Ast) -> Diagnostic:
    """Say that a distribution's density is no number that an expression could have (H26)."""
    x = surface.show(given)
    if row is None:
        hint = f"put the parts together: `log_sum_exp(log(p) + logp(D1(...), {x}), log(1 - p) + logp(D2(...), {x}))`"
    elif row.improper:
        hint = "leave it out: a constant density changes nothing"
    else:
        p = inner.args[0].value if len(inner.args) == 1 else None
        hint = f"take the probability that is picked: `log({surface.show(p) if isinstance(p, Name) else 'p'}[{x}])`"
    return Diagnostic(
        "H26", f"`{node.func}` has no density of `{inner.func}`", inner.span or node.span,
        "a distribution of one row of `hiercomp catalog`", f"`{surface.show(inner)}`",
        hint,
    )  # fmt: skip


def _value(low: Lower, row: Distribution, dist: Dist, given: Ast) -> Expr:
    """Return the value with the axes of the distribution's own event, if that has any. H6, H7."""
    context = low.context
    if not row.event_rank:
        return low.expr(given)
    axes = event_axes(context, dist)
    value = low.expr(given)
    if len(value.type.axes) < len(axes) and low.grow(given, axes[0]):
        value = low.expr(given)
    if len(value.type.axes) != len(axes):
        found = f"an array with {indices(len(value.type.axes))}" if value.type.axes else "one number"
        raise context.refuse(
            Diagnostic(
                "H6", f"a value of `{row.name}` is an array", given.span, f"an array with {indices(len(axes))}",
                f"`{surface.show(given)}`, {found}", "leave the last letter out: it is the distribution's own",
            )
        )  # fmt: skip
    words = f"`{surface.show(given)}` is a value of the distribution"
    for own, axis in zip(axes, value.type.axes, strict=True):
        if not context.axes.join(own, axis, given.span, words):
            raise Refused
    return value


def _check_counts(low: Lower, row: Distribution, given: Ast, value: Expr) -> None:
    """See to it that a count is one: known, and a whole number in every row of bound data (H11, H26)."""
    context = low.context
    if is_random(value, context.symbols):
        raise context.refuse(
            Diagnostic(
                "H26", f"a value of `{row.name}` is a whole number, and unknowns in expressions are reals", given.span,
                "data or constants", f"`{surface.show(given)}`, which depends on unknowns",
                "a discrete unknown gets its distribution in a statement, `z_i ~ Bernoulli(p)`, and is summed out",
            )
        )  # fmt: skip
    datum = context.symbols[value.name].datum if isinstance(value, Ref) and value.name in context.symbols else None
    if datum is not None:
        for index, item in datum.items():
            if isinstance(item, str) or item == int(item):
                continue
            place = datum.span(index)
            raise context.refuse(
                Diagnostic(
                    "H11", f"`{surface.show(given)}` has a value that {row.name} cannot give", given.span,
                    "whole numbers", f"{item:g} in {datum.row(index)}",
                    "correct the value, or take a distribution of real numbers",
                    secondary=(Label(place, "this value"),) if place else (),
                )
            )  # fmt: skip
    if value.type.elem == "real":
        raise context.refuse(
            Diagnostic(
                "H26", f"a value of `{row.name}` is a whole number", given.span,
                "whole numbers, their sums and products, or a comparison", f"`{surface.show(given)}`, a real number",
                "compute the counts before they become data",
            )
        )  # fmt: skip


def _element(low: Lower, node: Apply, dist: Dist, value: Expr) -> Density | Reduce:
    """Return the log density, or where numbers come as vectors the vector of those of their elements. H6, H26."""
    context = low.context
    rank = row_named(dist.row).event_rank
    lead = {id(arg): axes for arg, axes in leading(dist)}
    lead[id(value)] = value.type.axes[: len(value.type.axes) - rank]
    arrays = [axes for axes in lead.values() if axes]
    if not arrays:
        return Density(dist.row, dist.args, value, REAL, node.span)
    most = max(map(len, arrays))
    if most > 1 or rank:
        raise context.refuse(
            Diagnostic(
                "H6", f"`{node.func}` goes over one vector", node.span, "numbers, or vectors over one index set",
                f"an array with {indices(most)}" + (f" of values of `{dist.row}`" if rank else ""),
                "write one element with its indices, and sum over them: `sum(logp(...) for i in 1..N)`",
            )
        )  # fmt: skip
    over = arrays[0]
    words = f"`{surface.show(node)}` goes element by element"
    for axes in arrays[1:]:
        if not context.axes.join(over[0], axes[0], node.span, words):
            raise Refused
    parts = [value, *(arg for _, arg in dist.args)]
    letter = free_letter(context.axes.facts(over[0]).letters, {*low.scope, *context.symbols}, parts)

    def one_of(expr: Expr) -> Expr:
        return element_of(context, expr, (Index(letter),), node.span) if lead.get(id(expr)) else expr

    context.reduced.append(over[0])
    body = Density(dist.row, changed(dist, one_of).args, one_of(value), REAL, node.span)
    return Reduce(VECTOR, body, (Binder(letter, over[0]),), Type("real", over), node.span)


def _guarded(low: Lower, row: Distribution, dist: Dist, found: Density) -> Expr:
    """Return a density that is -inf where the value may lie outside the support: programs' own functions would end
    there, or go on beyond an end that only the catalogue knows of."""
    if row.event_rank:
        return found
    support = row_support(row, dict(dist.args))
    values = low.context.intervals
    least, most = interval(found.value, values)
    inside: Expr | None = None
    ends: tuple[tuple[Expr | None, CompareOp], ...] = ((support.lower, ">="), (support.upper, "<="))
    for bound, op in ends:
        if bound is None:
            continue
        low_end, high_end = interval(bound, values)
        if isnan(low_end) or not (least >= high_end if op == ">=" else most <= low_end):
            keeps = Op(op, (found.value, bound), BOOL, found.span)
            inside = keeps if inside is None else Op("and", (inside, keeps), BOOL, found.span)
    return found if inside is None else Choose(((inside, found),), number(-inf), REAL, found.span)
