"""What only output needs: predictions, replicated data, pointwise log-likelihoods."""

from __future__ import annotations

from hiercomp.catalog import row_named
from hiercomp.expr import Expr, Ref, names
from hiercomp.model.ir import RandomStmt, Symbol
from hiercomp.model.parts import dist_exprs, every_dist
from hiercomp.plan.draft import Draft, binder_exprs, dists, fresh, is_moving, kind, origin
from hiercomp.plan.fusing import unfused
from hiercomp.plan.ir import AddStep, DefineStep, LogLikStep, Origin, PredictStep, Stage, TermStep
from hiercomp.plan.readings import reading
from hiercomp.plan.stages import in_order
from hiercomp.records import replace


def outputs(
    draft: Draft, terms: tuple[TermStep | AddStep, ...]
) -> tuple[tuple[PredictStep, ...], tuple[LogLikStep, ...]]:
    """Return what is drawn, and the pointwise log-likelihoods."""
    observed: dict[str, list[TermStep]] = {}
    for term in terms:
        if isinstance(term, TermStep) and term.kind == "likelihood" and isinstance(term.lhs, Ref):
            observed.setdefault(term.lhs.name, []).append(term)
    draws: list[PredictStep] = []
    for stmt in draft.statements:
        if isinstance(stmt, RandomStmt) and kind(draft, stmt) == "prediction":
            assert isinstance(stmt.lhs, Ref)
            made_from = origin(draft, stmt, reading(stmt.dist))
            draws.append(
                _draw(
                    draft.symbols[stmt.lhs.name],
                    stmt,
                    name=stmt.lhs.name,
                    of="",
                    subs=stmt.lhs.subs,
                    made_from=made_from,
                )
            )
    taken = set(draft.symbols)
    log_lik: list[LogLikStep] = []
    summed = _summed(draft)
    count = len(observed.keys() | summed.keys())
    for name, stmts in summed.items():
        replicate = fresh("y_rep" if count == 1 else f"y_rep_{name}", taken)
        draws += [
            _draw(draft.symbols[name], stmt, name=replicate, of="", subs=_subs(stmt), made_from=_silent(stmt))
            for stmt in stmts
            if not any(row_named(dist.row).improper for dist in dists(stmt))
        ]
    for name, steps in observed.items():
        symbol = draft.symbols[name]
        suffix = "" if count == 1 else f"_{name}"
        replicate, pointwise = fresh(f"y_rep{suffix}", taken), fresh(f"log_lik{suffix}", taken)
        axes = symbol.axes[: len(symbol.axes) - symbol.event_rank]
        log_lik += [LogLikStep(pointwise, step, axes) for step in steps]
        drawable = not any(
            row_named(each.row).improper for step in steps for dist in dists(step) for each in every_dist(dist)
        ) and not any(is_moving(step.binders) for step in steps)
        if drawable:
            draws += [
                _draw(symbol, step, name=replicate, of=name, subs=_subs(step), made_from=step.origin)
                for step in (_drawable(draft, step) for step in steps)
            ]
    return tuple(draws), tuple(log_lik)


def _drawable(draft: Draft, step: TermStep) -> TermStep:
    """Return a likelihood for draws: a probability that is output anyhow is not computed again from its logit."""
    quantity = draft.seen_through.get(step.origin.label)
    return step if quantity is None else replace(step, dist=unfused(step.dist, quantity))


def _silent(stmt: RandomStmt) -> Origin:
    """Return where a replicate comes from; what there is to say of its statement stands beside the density."""
    return Origin(stmt.common.label, span=stmt.common.span)


def _summed(draft: Draft) -> dict[str, list[RandomStmt]]:
    """Return what is said of the observed quantities whose densities discrete unknowns are summed out of."""
    found: dict[str, list[RandomStmt]] = {}
    for stmt in draft.statements:
        if isinstance(stmt, RandomStmt) and stmt.common.label in draft.drawn and kind(draft, stmt) == "likelihood":
            assert isinstance(stmt.lhs, Ref)
            found.setdefault(stmt.lhs.name, []).append(stmt)
    return found


def _subs(step: TermStep | RandomStmt) -> tuple[Expr, ...]:
    assert isinstance(step.lhs, Ref)
    return step.lhs.subs


def _draw(
    symbol: Symbol, stmt: RandomStmt | TermStep, *, name: str, of: str, subs: tuple[Expr, ...], made_from: Origin
) -> PredictStep:
    binders = stmt.common.binders if isinstance(stmt, RandomStmt) else stmt.binders
    rank = row_named(stmt.dist.row).event_rank
    return PredictStep(name, of, symbol.axes, symbol.elem, stmt.dist, stmt.cases, binders, made_from, subs, rank)


def generated(
    defines: tuple[DefineStep, ...], predictions: tuple[PredictStep, ...]
) -> tuple[DefineStep | PredictStep, ...]:
    """Return what is only for output, each after what it needs."""
    steps: dict[str, list[DefineStep | PredictStep]] = {}
    needs: dict[str, frozenset[str]] = {}
    # Names that are computed together go by the first of them.
    home = {name: step.cycle[0] for step in defines for name in step.cycle}
    for step in (*(item for item in defines if item.stage is Stage.GENERATED), *predictions):
        first = home.get(step.name, step.name)
        steps.setdefault(first, []).append(step)
        mentioned = (
            [step.value]
            if isinstance(step, DefineStep)
            else [expr for dist in dists(step) for expr in dist_exprs(dist)] + [when for when, _ in step.cases]
        )
        mentioned += [*step.subs, *binder_exprs(step.binders)]
        found = frozenset(home.get(name, name) for expr in mentioned for name in names(expr))
        needs[first] = needs.get(first, frozenset()) | found
    return tuple(step for name in in_order(steps, needs) for step in steps[name])
