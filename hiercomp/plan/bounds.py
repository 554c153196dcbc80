"""Where unknowns and data may lie: what is stated, what their distributions say, and where they are truncated to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.expr import REAL, Binder, Call, Const, Expr, Index, Op, Ref, names, rebuild, set_indices
from hiercomp.model.ir import DefineStmt, Dist, RandomStmt, Support, Symbol
from hiercomp.plan.draft import Draft, dists, row_bounds
from hiercomp.plan.ir import Stage
from hiercomp.records import replace

type Bound = Expr | None


def unknown_support(
    draft: Draft, symbol: Symbol, stmts: list[RandomStmt], stage: Mapping[str, Stage]
) -> tuple[Support, tuple[Binder, ...]]:
    """Return the support of an unknown and the binders of the index variables that its bounds mention.

    Definitions that depend on unknowns are written out in the bounds, because unknowns are declared before them.

    Raises:
        SpecError: H83, where a bound cannot be written in terms of data and unknowns.
    """
    lowers = [_combined("fmax", [symbol.support.lower, *_stated(stmt, 0)]) for stmt in stmts]
    uppers = [_combined("fmin", [symbol.support.upper, *_stated(stmt, 1)]) for stmt in stmts]
    lower, upper = (_written_out(draft, _common(bounds), stage) for bounds in (lowers, uppers))
    binders = stmts[0].common.binders if stmts else ()
    return Support(lower, upper, symbol.support.shape), binders


def data_support(symbol: Symbol, stmts: list[RandomStmt], readable: frozenset[str]) -> Support:
    """Return the support of a datum: only bounds that are one number for all its elements can be declared.

    `readable` are the names that are read as data.
    """
    lower, upper = symbol.support.lower, symbol.support.upper
    if len(stmts) == 1:
        lower = _combined("fmax", [lower, *_stated(stmts[0], 0)])
        upper = _combined("fmin", [upper, *_stated(stmts[0], 1)])
    return Support(_declarable(readable, lower), _declarable(readable, upper), symbol.support.shape)


def _declarable(readable: frozenset[str], bound: Bound) -> Bound:
    if bound is None or isinstance(bound, Call) or _indexed(bound) or not names(bound) <= readable:
        return None
    return bound


def _indexed(expr: Expr) -> bool:
    if isinstance(expr, Index) or expr.type.axes:
        return True
    return any(_indexed(child) for child in getattr(expr, "args", ()) or getattr(expr, "subs", ()))


def _stated(stmt: RandomStmt, side: int) -> list[Bound]:
    """Return the lower (0) or upper (1) bounds that a statement's distributions put on its variate."""
    each = [_of_dist(dist, side) for dist in dists(stmt)]
    first = each[0]
    return first if all(bounds == first for bounds in each) else []


def _of_dist(dist: Dist, side: int) -> list[Bound]:
    return [row_bounds(dist)[side], dist.lower if side == 0 else dist.upper]


def _common(bounds: list[Bound]) -> Bound:
    """Return the bound that all statements of one name share; where they differ, the density alone decides."""
    return bounds[0] if bounds and all(bound == bounds[0] for bound in bounds) else None


def _combined(func: str, bounds: list[Bound]) -> Bound:
    """Return the tightest of several bounds; of two numbers that is decided here."""
    choose: Callable[[Const, Const], Const] = (
        (lambda a, b: a if a.value >= b.value else b)
        if func == "fmax"
        else (lambda a, b: a if a.value <= b.value else b)
    )
    kept: list[Expr] = []
    for bound in map(folded, bounds):
        for part in parts(func, bound):
            known = next((k for k, other in enumerate(kept) if isinstance(other, Const)), None)
            if isinstance(part, Const) and known is not None:
                other = kept[known]
                assert isinstance(other, Const)
                kept[known] = choose(other, part)
            elif part not in kept:
                kept.append(part)
    if not kept:
        return None
    result = kept[0]
    for part in kept[1:]:
        result = Call(func, (result, part), REAL)
    return result


def parts(func: str, bound: Bound) -> list[Expr]:
    """Return what a bound is the tightest of."""
    if bound is None:
        return []
    if isinstance(bound, Call) and bound.func == func:
        return [part for arg in bound.args for part in parts(func, arg)]
    return [bound]


def folded(bound: Bound) -> Bound:
    """Return a negated number as a number."""
    if isinstance(bound, Op) and bound.op == "neg" and isinstance(bound.args[0], Const) and bound.args[0].value > 0:
        inner = bound.args[0]
        return replace(inner, value=-inner.value, text=f"-{inner.text}")
    return bound


def _written_out(draft: Draft, bound: Bound, stage: Mapping[str, Stage]) -> Bound:
    """Return a bound with every definition that depends on unknowns replaced by what defines it."""
    if bound is None or all(stage.get(name, Stage.DATA) is Stage.DATA for name in names(bound)):
        return bound
    defined: dict[str, list[DefineStmt]] = {}
    for stmt in draft.statements:
        if isinstance(stmt, DefineStmt):
            defined.setdefault(stmt.name, []).append(stmt)

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Ref) and stage.get(expr.name, Stage.DATA) is not Stage.DATA:
            stmts = defined[expr.name]
            vars_ = [sub.var for sub in stmts[0].subs if isinstance(sub, Index)]
            if len(stmts) > 1 or len(vars_) != len(stmts[0].subs) or len(vars_) != len(expr.subs):
                raise SpecError([_unwritable(draft, expr.name, bound)])
            return change(set_indices(stmts[0].value, dict(zip(vars_, map(change, expr.subs), strict=True))))
        return rebuild(expr, change)

    return change(bound)


def _unwritable(draft: Draft, name: str, bound: Expr) -> Diagnostic:
    return Diagnostic(
        "H83",
        f"a bound of an unknown depends on {name}, which is computed after the unknowns",
        bound.span or draft.symbols[name].span,
        expected="a bound in terms of data and unknowns",
        found=f"{name}, which is defined piece by piece or used as a whole",
        help=f"write out what {name} is in the bound",
    )
