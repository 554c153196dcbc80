"""One parameterization for all group effects of a model, whatever its statements say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from hiercomp.diagnostics import Diagnostic, Diagnostics, Severity
from hiercomp.expr import Ref, names
from hiercomp.model.ir import Model, RandomStmt, Role, Stmt, Symbol
from hiercomp.model.parts import dist_exprs
from hiercomp.plan.centering import non_center, obstacle
from hiercomp.plan.draft import dists, start
from hiercomp.records import replace

type Parameterization = Literal["centered", "non-centered"]

_RANDOM = frozenset({Role.PARAMETER, Role.DERIVED})


def override(model: Model, wanted: Parameterization, diagnostics: Diagnostics) -> Model:
    """Return `model` with all its group effects centered, or all of them non-centered.

    Group effects are the statements that say either, and those of unknowns with an index whose distribution depends on
    other unknowns. What cannot be non-centered stays as it is, with a note (N80).
    """
    symbols = {symbol.name: symbol for symbol in model.symbols}
    effects = _effects(model, symbols)
    if wanted == "centered":
        return recentered(model, dict.fromkeys(effects, wanted))
    chosen: dict[str, Parameterization] = {}
    for name, statements in effects.items():
        all_of_it = [
            replace(stmt, centering=wanted) if stmt in statements else stmt for stmt in _about(model.statements, name)
        ]
        found = next(((stmt, why) for stmt in all_of_it if (why := obstacle(symbols, stmt))), None)
        if found is None:
            chosen[name] = wanted
        else:
            diagnostics.add(_note(name, *found))
    return recentered(model, chosen)


def recentered(model: Model, chosen: Mapping[str, Parameterization]) -> Model:
    """Return `model` with the group effects that `chosen` names parameterized as it says."""
    effects = _effects(model, {symbol.name: symbol for symbol in model.symbols})

    def changed(stmt: Stmt) -> Stmt:
        if isinstance(stmt, RandomStmt) and isinstance(stmt.lhs, Ref) and stmt in effects.get(stmt.lhs.name, ()):
            return replace(stmt, centering=chosen.get(stmt.lhs.name, stmt.centering))
        return stmt

    return replace(model, statements=tuple(map(changed, model.statements)))


def standardised(model: Model) -> Mapping[str, str]:
    """Return, by the name of each unknown that is non-centered, the name of the one that programs sample instead."""
    return non_center(start(model)).standardised


def _effects(model: Model, symbols: Mapping[str, Symbol]) -> dict[str, list[RandomStmt]]:
    found: dict[str, list[RandomStmt]] = {}
    for stmt in model.statements:
        if isinstance(stmt, RandomStmt) and isinstance(stmt.lhs, Ref) and _is_effect(stmt, stmt.lhs, symbols):
            found.setdefault(stmt.lhs.name, []).append(stmt)
    return found


def _is_effect(stmt: RandomStmt, lhs: Ref, symbols: Mapping[str, Symbol]) -> bool:
    symbol = symbols[lhs.name]
    if stmt.centering:
        return True
    if symbol.role is not Role.PARAMETER or not symbol.axes:
        return False
    used = frozenset[str]().union(*(names(expr) for dist in dists(stmt) for expr in dist_exprs(dist)))
    # A random walk leads from element to element: these are states, not effects of groups.
    return lhs.name not in used and any(symbols[name].role in _RANDOM for name in used if name in symbols)


def _about(statements: Sequence[Stmt], name: str) -> list[RandomStmt]:
    return [
        stmt
        for stmt in statements
        if isinstance(stmt, RandomStmt) and isinstance(stmt.lhs, Ref) and stmt.lhs.name == name
    ]


def _note(name: str, stmt: RandomStmt, why: str) -> Diagnostic:
    return Diagnostic(
        "N80",
        f"`{name}` stays centered",
        stmt.common.span,
        expected="an unbounded unknown with a location and a scale, such as Normal(mu, tau)",
        found=why,
        severity=Severity.NOTE,
    )
