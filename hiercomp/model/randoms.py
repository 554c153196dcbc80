"""Random quantities: their distributions, their bounds, and how they are parameterised."""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.catalog import is_hmm, is_mixture, row_named, zero_words
from hiercomp.catalog.schema import Shape
from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.expr import Binder, Const, Expr, Index, Ref, free_indices
from hiercomp.model.bounds import state_bounds
from hiercomp.model.dists import dist_support, lower_dist
from hiercomp.model.draft import event_rank
from hiercomp.model.events import event_axes, join_event, join_picked, leading
from hiercomp.model.ir import Dist, RandomStmt, Role, Support
from hiercomp.model.linear import is_random, only_summed
from hiercomp.model.parts import changed, dist_exprs
from hiercomp.model.pieces import check_pieces, condition
from hiercomp.model.scope import WHOLE_LINE, Refused, Sym
from hiercomp.model.spread import element_of
from hiercomp.model.supports import intersect, span_of
from hiercomp.model.values import check_variate
from hiercomp.model.work import Work, letters_for, target
from hiercomp.records import replace
from hiercomp.syntax.ast import Apply, Clauses, Random


def lower_dists(
    work: Work, statement: Random, sym: Sym | None, *, scalar: bool
) -> tuple[Dist, tuple[tuple[Expr, Dist], ...]]:
    """Return the distribution that holds otherwise, and the cases before it, which depend on data (H18).

    Data with one piece and a condition have a constant density where the condition does not hold.
    """
    context = work.context
    found: list[tuple[Expr | None, Dist]] = []
    failed = False
    for piece in statement.pieces:
        try:
            when = condition(work, piece)
            if when is not None and is_random(when, context.symbols) and not only_summed(when, context.symbols):
                raise context.refuse(
                    Diagnostic(
                        "H18",
                        "which distribution holds can only depend on data",
                        piece.condition.span if piece.condition is not None else piece.span,
                        "a condition on data",
                        "a condition that depends on unknowns",
                        "compute an argument in pieces instead, `m = a if b > 0`, `= c otherwise`, and use `m` in one",
                    )
                )
            found.append((when, _one_dist(work, statement.clauses, piece.dist, sym, scalar=scalar)))
        except Refused:
            failed = True
    if failed:
        raise Refused
    (when, dist), *more = found
    observed = work.item.name is None or context.symbols[work.item.name].role is Role.OBSERVED
    if when is not None and not more and observed:
        return Dist("Flat", (), "Flat()", span=dist.span), ((when, dist),)
    check_pieces(work, statement.pieces, [when for when, _ in found])
    return found[-1][1], tuple((when, dist) for when, dist in found[:-1] if when is not None)


def _one_dist(work: Work, clauses: Clauses, node: Apply, sym: Sym | None, *, scalar: bool) -> Dist:
    """Return one distribution: of a single row, a mixture, or a hidden Markov chain, with the clauses about it."""
    if is_hmm(node.func):
        from hiercomp.model.chains import lower_chain  # noqa: PLC0415

        dist = lower_chain(work, node)
    elif is_mixture(node.func) or zero_words(node.func) is not None:
        from hiercomp.model.mixtures import lower_any  # noqa: PLC0415

        dist = lower_any(work.low, node, clauses.truncated, scalar=scalar)
    else:
        dist = lower_dist(work.low, node, clauses.truncated, scalar=scalar)
    if clauses.censored is None and clauses.weight is None:
        return dist
    from hiercomp.model.observations import observe  # noqa: PLC0415

    return observe(work, clauses, dist, sym)


def random_quantity(work: Work, statement: Random) -> RandomStmt:
    """Return the statement that gives a name its distribution."""
    context, item = work.context, work.item
    assert item.name is not None
    sym = context.symbols[item.name]
    stated = _stated(work, sym)
    whole = sym.axes is None or len(sym.axes) > len(item.subs) + event_rank(item)
    dist, cases = lower_dists(work, statement, sym, scalar=not whole)
    if stated.shape in _MATRICES and not cases:
        from hiercomp.model.matrices import flat_matrix  # noqa: PLC0415  (few specs have one)

        dist = flat_matrix(dist, stated.shape)
    dists = [*(case for _, case in cases), dist]
    if sym.axes is None:
        lead = max((axes for d in dists for _, axes in leading(d)), key=len, default=())
        event = event_axes(context, dist)
        sym.axes = [*(lead or ([context.axes.fresh(sym.name)] if stated.shape and not event else ())), *event]
    rank = join_event(context, sym, dists, item)
    join_picked(context, sym, dists, item)
    lhs = target(work, sym)
    if len(lhs.type.axes) > rank:
        lhs, dist, cases, binders = _element(work, lhs, dist, cases, rank)
    else:
        binders = work.binders()
    if any(run.moving for run in work.low.scope.values()) and (sym.role in (Role.PARAMETER, Role.SUMMED) or sym.gaps):
        from hiercomp.model.moving import check_covered  # noqa: PLC0415  (few models have such ranges)

        check_covered(context, sym.name, binders, work.low.scope)
    if stated.shape == "sum to zero" and not cases and len(sym.use.definitions) == 1:
        from hiercomp.model.zero_sums import zero_sum  # noqa: PLC0415

        lhs, dist, binders = zero_sum(sym, lhs, dist, binders)
        dists = [dist]
    check_variate(context, sym, dists, item, _first_position(binders))
    bound_by(work, sym, dists, stated)
    centering = statement.clauses.centering or ""
    if centering:
        from hiercomp.model.centering import check_centering  # noqa: PLC0415

        check_centering(context, sym, dists, item, centering)
    return RandomStmt(work.common(binders), lhs, dist, cases, centering)


def _element(
    work: Work, lhs: Ref, dist: Dist, cases: tuple[tuple[Expr, Dist], ...], rank: int
) -> tuple[Ref, Dist, tuple[tuple[Expr, Dist], ...], tuple[Binder, ...]]:
    """Write a statement about a whole array element by element; the last `rank` axes belong to each element."""
    context = work.context
    dists = (dist, *(case for _, case in cases))
    lead = {id(value): (value, axes) for d in dists for value, axes in leading(d)}
    over = lhs.type.axes[: len(lhs.type.axes) - rank]
    for value, axes in lead.values():
        if not axes:
            continue
        if len(axes) != len(over):
            raise context.refuse(
                Diagnostic(
                    "H6", f"`{lhs.name}` and an argument of its distribution have different ranks",
                    value.span or work.item.span, f"{len(over)} indices", f"{len(axes)}",
                    f"write the statement with its indices: `{lhs.name}_i ~ ...`, and one for each axis on the right",
                )
            )  # fmt: skip
        for x, y in zip(over, axes, strict=True):
            if not context.axes.join(x, y, value.span, f"`{lhs.name}` and its distribution go element by element"):
                raise Refused
    letters = letters_for(work, replace(lhs, type=replace(lhs.type, axes=over)), [value for value, _ in lead.values()])
    subs = tuple(Index(letter) for letter in letters)

    def one_of(value: Expr) -> Expr:
        return element_of(context, value, subs, work.item.span) if lead[id(value)][1] else value

    def part(given: Dist) -> Dist:
        return changed(given, one_of)

    binders = (*work.binders(), *(Binder(v, axis) for v, axis in zip(letters, over, strict=True)))
    element = replace(lhs, subs=(*lhs.subs, *subs), type=replace(lhs.type, axes=lhs.type.axes[len(over) :]))
    return element, part(dist), tuple((when, part(case)) for when, case in cases), binders


def _first_position(binders: tuple[Binder, ...]) -> int:
    match binders:
        case (Binder(lo=Const(value=int(first))), *_):
            return first
        case _:
            return 1


def _stated(work: Work, sym: Sym) -> Support:
    """Return the bounds and the space that the spec states for a name, in facts and by words behind its statements."""
    stated = state_bounds(work.low, sym)
    statements = [work.context.draft.items[number].statement for number in sym.use.definitions]
    for word, shape in _MODIFIERS.items():
        of_part = [item for item in statements if word in item.clauses.modifiers]
        if not of_part:
            continue
        # A fact about the name as a whole may stand behind any of them: `where mu is positive ordered`.
        facts = [fact for item in of_part for fact in item.clauses.facts]
        if len(of_part) < len(statements) and all(work.context.reader.subs(fact.subject)[1] for fact in facts):
            raise work.context.refuse(
                Diagnostic(
                    "H26", f"`{word}` is said of a part of `{sym.name}`, all of which it would be about",
                    of_part[0].span, f"`{word}` behind every statement about `{sym.name}`, or none",
                    f"one of {len(statements)} statements about it",
                    f"say it behind all of them, or give the part a name of its own: `{sym.name}_rest`",
                )
            )  # fmt: skip
        stated = intersect(stated, Support(None, None, shape), work.context.intervals)
    return stated


_MODIFIERS: Mapping[str, Shape] = {"ordered": "ordered", "sum-to-zero": "sum to zero"}


def _in_space(work: Work, sym: Sym, dists: list[Dist], both: Support) -> Support:
    """Give the last axis of a name to the space that its elements lie in together.

    H26 where the space cannot have the bounds, or the density within it is not that of its elements one by one.
    """
    lower = both.lower.value if isinstance(both.lower, Const) else None
    improper = all(row_named(dist.row).improper for dist in dists)
    found = ""
    if both.shape == "ordered" and both.upper is None and both.lower is not None and lower == 0:
        both = replace(both, shape="positive ordered")
    elif both.shape == "ordered" and (both.lower is not None or both.upper is not None):
        found = "an ordered vector between bounds"
    elif both.shape == "positive ordered" and (lower != 0 or both.upper is not None):
        found = "a positive ordered vector between other bounds"
    elif both.shape in ("sum to zero", "unit vector") and (both.lower is not None or both.upper is not None):
        found = "elements between bounds"
    elif both.shape == "simplex" and not improper:
        found = "a simplex whose elements have distributions of their own"
    elif both.shape in _MATRICES:
        found = "a matrix whose elements have distributions of their own"
    elif not sym.axes:
        found = "one number"
    if found:
        hint = f"give its elements a distribution of all real numbers: `{sym.name}_k ~ Normal(0, s)`"
        if found == "one number":
            hint = f"give it an index: `{sym.name}_k ~ ... for k in 1..K`"
        elif both.shape == "simplex":
            hint = f"draw them together: `{sym.name} ~ Dirichlet(1, 1, 1)`"
        elif both.shape in _MATRICES:
            hint = f"draw it as a whole: `{sym.name} ~ {'LKJ(2)' if both.shape == 'corr' else 'Inverse-Wishart(5, S)'}`"
        wanted = "an array of real unknowns, bounded by nothing or by zero; a simplex with `Dirichlet` or `Flat`"
        if both.shape in _MATRICES:
            wanted = "`Flat()`, or a distribution of whole matrices"
        raise work.context.refuse(
            Diagnostic(
                "H26", f"`{sym.name}` cannot be {_ADJECTIVES.get(both.shape, both.shape)}", work.item.span,
                wanted, found, hint,
            )
        )  # fmt: skip
    sym.event_rank = 1
    return both


_MATRICES = ("cov", "corr")
_ADJECTIVES: Mapping[Shape, str] = {
    "simplex": "a simplex", "sum to zero": "a vector that sums to zero", "unit vector": "a unit vector",
    "cov": "a covariance matrix", "corr": "a correlation matrix",
}  # fmt: skip


def bound_by(work: Work, sym: Sym, dists: list[Dist], stated: Support) -> None:
    """Bound the symbol by its distribution and by what the spec states (H20 where that would need a normaliser)."""
    context = work.context
    supports = [dist_support(row_named(dist.row), dist, context) for dist in dists]
    own = supports[0] if all(support == supports[0] for support in supports) else Support()
    if (sym.gaps or sym.role in (Role.PARAMETER, Role.PREDICTION)) and stated != Support():
        _check_normaliser(work, sym, dists, own, stated)
    both = intersect(own, stated, context.intervals)
    if stated.shape and not own.shape:
        both = _in_space(work, sym, dists, both)
    context.supports[work.label] = both
    if sym.name not in context.lowered or sym.name in context.fixed:
        sym.support = both
    elif sym.support != both:
        if sym.role is Role.PARAMETER and not sym.gaps and not (sym.support.shape or both.shape):
            context.fixed |= {sym.name}  # what each statement is about is an unknown of its own
            context.intervals[sym.name] = WHOLE_LINE
        elif sym.role is Role.PARAMETER or sym.gaps:
            raise context.refuse(
                Diagnostic(
                    "H26", f"the elements of `{sym.name}` have different supports, which this version cannot declare",
                    work.item.span, "one support for all elements",
                    "another one than above", "give these elements a name of their own, or the bounds of the others",
                    secondary=(Label(sym.span, "another support"),) if sym.span else (),
                )
            )  # fmt: skip
        sym.support = Support()
    if (sym.datum is None or sym.gaps) and sym.name not in context.fixed:
        context.intervals[sym.name] = span_of(sym.support, context.intervals)


def _check_normaliser(work: Work, sym: Sym, dists: list[Dist], own: Support, stated: Support) -> None:
    context = work.context
    if all(row_named(dist.row).improper for dist in dists):
        return
    if intersect(own, stated, context.intervals) == own:
        return
    exprs = [value for dist in dists for value in dist_exprs(dist)]
    exprs += [bound for bound in (stated.lower, stated.upper) if bound is not None]
    if stated.shape == "ordered" and stated.lower is None and stated.upper is None:
        # Elements that are alike are in order one time in n!, whatever the unknowns they depend on.
        exprs = [expr for expr in exprs if free_indices(expr)]
    loose = next((expr for expr in exprs if is_random(expr, context.symbols)), None)
    if loose is None:
        return
    fact = next((f for f in sym.use.facts if f.kind in ("compare", "interval")), None)
    if stated.shape in _HELP:
        raise context.refuse(
            Diagnostic(
                "H20",
                f"given its space, the prior of `{sym.name}` would need a normaliser that depends on unknowns",
                work.item.span,
                "a prior that depends on data and constants only",
                "a prior that depends on unknowns",
                _HELP[stated.shape],
            )
        )
    raise context.refuse(
        Diagnostic(
            "H20",
            f"this bound of `{sym.name}` would need a normaliser that depends on unknowns",
            fact.span if fact is not None else work.item.span,
            "a bound and a distribution that depend on data and constants only",
            "a distribution or a bound that depends on unknowns",
            f"`{sym.name} ~ ... truncated to [a, b]` renormalises; a flat prior needs no normaliser",
        )
    )


_HELP: Mapping[Shape, str] = {
    "sum to zero": "`Normal(0, sd)` with one sd for all elements has its normaliser, and `Flat()` needs none",
    "unit vector": "`Flat()`, which is uniform, needs no normaliser",
}
