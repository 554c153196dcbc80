"""The last step from a rewritten model to a plan: statements become data, unknowns, definitions, terms and draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hiercomp.expr import Ref, names
from hiercomp.model.ir import AddStmt, DefineStmt, Dist, RandomStmt, Role
from hiercomp.model.parts import dist_exprs
from hiercomp.plan.bounds import unknown_support
from hiercomp.plan.data import data_items
from hiercomp.plan.draft import Draft, dists, kind, origin
from hiercomp.plan.ir import (
    AddStep,
    DefineStep,
    ParamItem,
    Plan,
    Stage,
    TermStep,
)
from hiercomp.plan.outputs import generated, outputs
from hiercomp.plan.readings import reading
from hiercomp.plan.recursions import Group
from hiercomp.plan.stages import definitions, in_order, stages


def assemble(draft: Draft) -> Plan:
    """Return the plan of a model that all passes have gone over."""
    defined = definitions(draft)
    about: dict[str, list[RandomStmt]] = {}
    for stmt in draft.statements:
        if isinstance(stmt, RandomStmt) and isinstance(stmt.lhs, Ref):
            about.setdefault(stmt.lhs.name, []).append(stmt)
    # Bounds may mention definitions, and definitions needed by bounds are not for output only.
    bounds = [
        bound
        for name in about
        if draft.symbols[name].role is not Role.PREDICTION
        for stmt in about[name]
        if stmt.common.label not in draft.drawn
        if stmt.common.label not in draft.forms
        for dist in dists(stmt)
        for bound in dist_exprs(dist)
    ]
    bounds += [b for symbol in draft.symbols.values() for b in (symbol.support.lower, symbol.support.upper) if b]
    stage = stages(draft, defined, bounds)
    params = _params(draft, about, stage)
    unknown = {item.name for item in params} | {name for name in stage if stage[name] is not Stage.DATA}
    terms = _terms(draft, unknown)
    defines = _defines(draft, defined, stage)
    predictions, log_lik = outputs(draft, terms)
    model = draft.model
    return Plan(
        model.name,
        model.title,
        model.note,
        model.source_name,
        model.index_sets,
        data_items(draft, about),
        params,
        defines,
        terms,
        predictions,
        log_lik,
        model.settings,
        generated(defines, predictions),
        model.plain,
    )


def _params(draft: Draft, about: Mapping[str, list[RandomStmt]], stage: Mapping[str, Stage]) -> tuple[ParamItem, ...]:
    """Return the unknowns in the order of the spec, as far as their bounds allow."""
    items: dict[str, ParamItem] = {}
    for name, stmts in about.items():
        symbol = draft.symbols[name]
        if symbol.role is Role.PARAMETER:
            support, binders = unknown_support(draft, symbol, stmts, stage)
            items[name] = ParamItem(name, symbol.axes, symbol.event_rank, support, origin(draft, stmts[0]), binders)
    needs = {
        name: frozenset[str]().union(*(names(b) for b in (item.support.lower, item.support.upper) if b is not None))
        for name, item in items.items()
    }
    order = in_order(items, needs)
    return tuple(items[name] for name in order)


def _defines(draft: Draft, defined: Sequence[Group], stage: Mapping[str, Stage]) -> tuple[DefineStep, ...]:
    steps: list[DefineStep] = []
    declared: set[str] = set()
    for group in defined:
        for place, (stmt, turn) in enumerate(group.stmts, start=1):
            symbol = draft.symbols[stmt.name]
            steps.append(
                DefineStep(
                    stmt.name,
                    symbol.axes,
                    symbol.elem,
                    symbol.support,
                    stmt.subs,
                    stmt.common.binders,
                    stmt.value,
                    stage[stmt.name],
                    stmt.name not in declared,
                    origin(draft, stmt),
                    turn,
                    group.names if place > len(group.stmts) - group.joint else (),
                )
            )
            declared.add(stmt.name)
    return tuple(steps)


def _terms(draft: Draft, unknown: set[str]) -> tuple[TermStep | AddStep, ...]:
    steps: list[TermStep | AddStep] = []
    for stmt in draft.statements:
        match stmt:
            case AddStmt():
                steps.append(AddStep(stmt.value, stmt.common.binders, origin(draft, stmt)))
            case RandomStmt():
                what = kind(draft, stmt)
                if what == "prediction" or stmt.common.label in draft.drawn:
                    continue
                constant = all(_is_constant(dist, unknown) for dist in dists(stmt))
                said = reading(stmt.dist)
                steps.append(
                    TermStep(
                        stmt.lhs,
                        stmt.dist,
                        stmt.cases,
                        stmt.common.binders,
                        what,
                        constant,
                        origin(draft, stmt, said),
                        draft.forms.get(stmt.common.label),
                    )
                )
            case DefineStmt():
                pass
    return tuple(steps)


def _is_constant(dist: Dist, unknown: set[str]) -> bool:
    return not dist.truncated or not any(names(expr) & unknown for expr in dist_exprs(dist))
