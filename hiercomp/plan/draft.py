"""The model on its way to a plan: what the passes change, and the words they share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Literal

from hiercomp.catalog import row_named
from hiercomp.expr import INT, Binder, Expr, Ref, free_indices, names, substitute
from hiercomp.model.ir import AddStmt, DefineStmt, Dist, IndexSet, Model, RandomStmt, Role, Stmt, Symbol
from hiercomp.model.parts import dist_exprs
from hiercomp.plan.ir import ByPrecision, Form, LeastSquares, Origin, PredictStep, TermStep, TwoNormals
from hiercomp.records import record


@record
class Draft:
    """A model that passes rewrite. `statements` are in the order of the spec. By label are kept: `remarks`, and in
    `seen_through` the quantities in whose place fused distributions have the predictor on the scale of their link, in
    `forms` other forms of likelihoods.
    `standardised` names, for each non-centered unknown of the spec, the unknown that stands in its place.
    `drawn` are the labels of statements that only serve draws: discrete unknowns are summed out of their densities."""

    model: Model
    symbols: Mapping[str, Symbol]
    index_sets: Mapping[str, IndexSet]
    statements: tuple[Stmt, ...]
    remarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    seen_through: Mapping[str, Expr] = field(default_factory=dict[str, Expr])
    standardised: Mapping[str, str] = field(default_factory=dict[str, str])
    drawn: frozenset[str] = frozenset()
    forms: Mapping[str, Form] = field(default_factory=dict[str, Form])


type Pass = Callable[[Draft], Draft]


def start(model: Model) -> Draft:
    """Return the draft that the first pass gets."""
    return Draft(
        model,
        {item.name: item for item in model.symbols},
        {item.name: item for item in model.index_sets},
        model.statements,
    )


def dists(stmt: RandomStmt | TermStep | PredictStep) -> tuple[Dist, ...]:
    """Return the distributions of a statement: those of its cases, then the one that holds otherwise."""
    return (*[dist for _, dist in stmt.cases], stmt.dist) if stmt.cases else (stmt.dist,)


def binder_exprs(binders: tuple[Binder, ...]) -> Iterator[Expr]:
    """Yield the bounds that binders state."""
    for binder in binders:
        for bound in (binder.lo, binder.hi):
            if bound is not None:
                yield bound


def is_moving(binders: tuple[Binder, ...]) -> bool:
    """Say whether a range depends on the index of another one, so that some elements are in none."""
    return any(free_indices(bound) for bound in binder_exprs(binders))


def exprs(stmt: Stmt) -> Iterator[Expr]:
    """Yield every expression of a statement, subscripts and ranges included."""
    yield from binder_exprs(stmt.common.binders)
    match stmt:
        case RandomStmt():
            yield stmt.lhs
            for when, _ in stmt.cases:
                yield when
            for dist in dists(stmt):
                yield from dist_exprs(dist)
        case DefineStmt():
            yield from stmt.subs
            yield stmt.value
        case AddStmt():
            yield stmt.value


def form_exprs(form: Form) -> Iterator[Expr]:
    """Yield the expressions of another form of a likelihood, apart from what it shares with the usual one."""
    if isinstance(form, TwoNormals):
        yield from (form.weight, *form.means, *form.scales)
        return
    if isinstance(form, ByPrecision):
        yield from (form.mean, form.precision)
        return
    mean = form.mean if isinstance(form, LeastSquares) else form.linear
    further = form.scale if isinstance(form, LeastSquares) else form.rest
    yield from (expr for expr in (further, mean.offset, mean.group) if expr is not None)
    effects = form.effects if isinstance(form, LeastSquares) else ()
    for effect in effects:
        yield from (effect.location, effect.scale, effect.standard)
    for item in mean.predictors:
        yield item.feature
        if item.coefficient is not None and not effects:
            yield item.coefficient


def form_binders(form: Form) -> Iterator[Binder]:
    """Yield what variables another form of a likelihood binds itself."""
    if isinstance(form, TwoNormals | ByPrecision):
        return
    mean = form.mean if isinstance(form, LeastSquares) else form.linear
    if mean.members is not None:
        yield mean.members
    yield from (item.binder for item in mean.predictors if item.binder is not None)


def used(stmt: Stmt) -> frozenset[str]:
    """Return the names that a statement mentions, apart from the name it defines or gives a distribution."""
    found: set[str] = set()
    for expr in exprs(stmt):
        if isinstance(stmt, RandomStmt) and expr is stmt.lhs and isinstance(expr, Ref):
            found.update(name for sub in expr.subs for name in names(sub))
        else:
            found |= names(expr)
    return frozenset(found)


def set_size(item: IndexSet) -> Expr:
    """Return how long an index set is: what the spec says, or the integer that only data can tell."""
    return Ref(item.size_name, (), INT) if item.size is None else item.size


def fresh(wanted: str, taken: Mapping[str, object] | frozenset[str] | set[str]) -> str:
    """Return `wanted`, with as many underscores behind it as it takes to be new."""
    while wanted in taken:
        wanted += "_"
    return wanted


def origin(draft: Draft, stmt: Stmt, reading: str = "") -> Origin:
    """Return where a statement's steps come from."""
    common = stmt.common
    return Origin(
        common.label,
        common.section,
        common.note,
        reading,
        common.text,
        draft.remarks.get(common.label, ()),
        common.span,
    )


def row_bounds(dist: Dist) -> tuple[Expr | None, Expr | None]:
    """Return the bounds that the catalogue row puts on the variate, in terms of the distribution's arguments."""
    row = row_named(dist.row)
    values = dict(dist.args)
    lower = None if row.lower is None else substitute(row.lower, values)
    upper = None if row.upper is None else substitute(row.upper, values)
    return lower, upper


def own_ends(dist: Dist, among: Sequence[Dist]) -> list[tuple[Literal["lower", "upper"], Expr]]:
    """Return the ends of a distribution's values that not all of `among` share: beyond them it has density zero where
    others have not."""
    others = [row_bounds(other) for other in among]
    sides: tuple[Literal["lower", "upper"], ...] = ("lower", "upper")
    return [
        (side, bound)
        for place, (side, bound) in enumerate(zip(sides, row_bounds(dist), strict=True))
        if bound is not None and any(other[place] != bound for other in others)
    ]


def kind(draft: Draft, stmt: RandomStmt) -> Literal["prior", "likelihood", "soft", "prediction"]:
    """Return what a random statement is for."""
    if not isinstance(stmt.lhs, Ref):
        return "soft"
    match draft.symbols[stmt.lhs.name].role:
        case Role.OBSERVED | Role.CONSTANT:
            return "likelihood"
        case Role.PARAMETER:
            return "prior"
        case Role.PREDICTION:
            return "prediction"
        case _:
            return "soft"
