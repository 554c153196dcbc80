"""What the statements of a module share: their pieces, what they need, and how left sides become axes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hiercomp.backends.pymc import naming
from hiercomp.backends.pymc.layout import quote
from hiercomp.backends.pymc.scope import Scope, Site
from hiercomp.expr import Binder, Const, Expr, Index, Ref, free_indices, names, walk
from hiercomp.model.ir import Dist
from hiercomp.model.parts import dist_exprs
from hiercomp.plan.ir import DefineStep, Origin, PredictStep, TermStep
from hiercomp.records import record


@record
class Piece:
    """One Python statement, `depth` levels inside others. With `target`, its value goes to that name of the spec if
    anything uses it. Without code it is an empty line."""

    code: str
    target: str = ""
    depth: int = 0


@record
class Statement:
    """What one statement of the spec becomes.

    `gives` is the name that later statements may use, `needs` those that have to stand before; `terms` are the names
    of the model's variables that hold the statement's part of the log density.
    """

    origin: Origin
    pieces: tuple[Piece, ...]
    gives: str
    needs: frozenset[str]
    terms: tuple[str, ...] = ()


def site_of(subs: Iterable[Expr], binders: Sequence[Binder], scope: Scope) -> Site:
    """Return the site of a statement: its binders in the order in which the left side has their variables."""
    place: dict[str, int] = {}
    for sub in subs:
        for node in walk(sub):
            if isinstance(node, Index):
                place.setdefault(node.var, len(place))
    return Site(scope, tuple(sorted(binders, key=lambda binder: place.get(binder.var, len(place)))))


def listed(site: Site) -> tuple[Site, tuple[Piece, ...]]:
    """Return the site of a statement with a range that depends on another index, at which these go together through
    the combinations that there are, and the code that lists them."""
    if not any(free_indices(bound) for bound in limits(site.binders)):
        return site, ()
    from hiercomp.backends.pymc.ranges import combinations  # noqa: PLC0415 - few models have one

    found = combinations(site)
    return site if found is None else found[0], () if found is None else (Piece(found[1]),)


def where_held(when: Expr, site: Site, before: tuple[Piece, ...]) -> tuple[Site, tuple[Piece, ...], bool]:
    """Return the site of what is said under a condition on data, with the code that lists where it holds, and whether
    it goes through these elements only."""
    from hiercomp.backends.pymc.ranges import held  # noqa: PLC0415 - few models have one

    found = held(when, site)
    return (site, before, False) if found is None else (found[0], (*before, Piece(found[1])), True)


def is_whole(lhs: Ref, binders: Sequence[Binder], scope: Scope) -> bool:
    """Say whether a left side goes once through all elements of its name."""
    by_var = {binder.var: binder for binder in binders}
    seen: set[str] = set()
    for sub, axis in zip(lhs.subs, scope.symbols[lhs.name].axes, strict=False):
        binder = by_var.get(sub.var) if isinstance(sub, Index) else None
        if binder is None or binder.var in seen or not _walks_all(binder, axis, scope):
            return False
        seen.add(binder.var)
    return len(seen) == len(binders)


def _walks_all(binder: Binder, axis: str, scope: Scope) -> bool:
    if binder.set != axis:
        return False
    from_first = binder.lo is None or (isinstance(binder.lo, Const) and binder.lo.value == 1)
    return from_first and (binder.hi is None or scope.is_size(binder.hi, axis))


def shape(axes: Sequence[str], scope: Scope) -> str:
    """Return the shape of an array as NumPy takes it."""
    sizes = [scope.size(axis).text for axis in axes]
    return sizes[0] if len(sizes) == 1 else f"({', '.join(sizes)})"


def dims(axes: Sequence[str], scope: Scope) -> tuple[str, ...]:
    """Return the keyword argument for the axes of a variable of the model; nothing for a scalar."""
    # No array with coordinates can have one dim twice: the second is told apart by its number.
    listed = [quote(naming.again(scope.dims[axis], list(axes[:place]).count(axis))) for place, axis in enumerate(axes)]
    if not listed:
        return ()
    return (f"dims={listed[0]}",) if len(listed) == 1 else (f"dims=({', '.join(listed)})",)


def case_exprs(dist: Dist, cases: Sequence[tuple[Expr, Dist]]) -> Iterator[Expr]:
    """Yield the expressions of a distribution and its cases, and the conditions."""
    for item in (dist, *(item for _, item in cases)):
        yield from dist_exprs(item)
    yield from (when for when, _ in cases)


def limits(binders: Iterable[Binder]) -> Iterator[Expr]:
    """Yield the limits that binders state."""
    for binder in binders:
        yield from (limit for limit in (binder.lo, binder.hi) if limit is not None)


def needs(step: TermStep | DefineStep | PredictStep) -> frozenset[str]:
    """Return the names that a step mentions, apart from the one on its left side."""
    found: set[str] = set()
    subs: tuple[Expr, ...] = ()
    match step:
        case TermStep(lhs=Ref() as lhs):
            subs = lhs.subs
        case TermStep():
            found |= names(step.lhs)
        case DefineStep() | PredictStep():
            subs = step.subs
    exprs = [step.value] if isinstance(step, DefineStep) else case_exprs(step.dist, step.cases)
    for expr in (*exprs, *subs, *limits(step.binders)):
        found |= names(expr)
    return frozenset(found)
