"""Fused forms: ``Bernoulli(inv_logit(x))`` is ``Bernoulli-Logit(x)``, which loses no digits and costs less."""

from __future__ import annotations

from collections import Counter
from functools import cache

from hiercomp.catalog import DISTRIBUTIONS, row_named
from hiercomp.catalog.schema import Fusion
from hiercomp.expr import Call, Expr, Index, Ref, set_indices, walk
from hiercomp.model.ir import DefineStmt, Dist, RandomStmt, Stmt
from hiercomp.plan.draft import Draft, exprs
from hiercomp.records import replace


@cache
def _fusions() -> dict[str, tuple[str, Fusion]]:
    """Return, by the name of the base row, the row that it can become and how."""
    return {row.fusion.base: (row.name, row.fusion) for row in DISTRIBUTIONS.values() if row.fusion is not None}


def fuse(draft: Draft) -> Draft:
    """Rewrite distributions whose argument is the inverse link that a fused row has built in.

    The argument may be written in place, or be a quantity defined through the link (``logit(p_i) = ...``) that nothing
    else in the model uses; such a quantity is then computed for output only.
    """
    defined = whole_definitions(draft)
    uses = Counter(
        node.name for stmt in draft.statements for expr in exprs(stmt) for node in walk(expr) if isinstance(node, Ref)
    )
    remarks = dict(draft.remarks)
    seen_through = dict(draft.seen_through)
    statements: list[Stmt] = []
    for stmt in draft.statements:
        if not isinstance(stmt, RandomStmt) or stmt.common.label in draft.drawn:
            statements.append(stmt)
            continue
        dist, through = _fused(stmt.dist, defined, uses)
        cases = tuple((when, _fused(case, {}, uses)[0]) for when, case in stmt.cases)
        statements.append(replace(stmt, dist=dist, cases=cases))
        if through:
            said = f"for output only: {stmt.common.label} uses its {_link(stmt.dist)}"
            remarks[through] = (*remarks.get(through, ()), said)
            seen_through[stmt.common.label] = dict(stmt.dist.args)[_fusions()[stmt.dist.row][1].param]
    return replace(draft, statements=tuple(statements), remarks=remarks, seen_through=seen_through)


def fused(dist: Dist, defined: dict[str, DefineStmt]) -> Dist:
    """Return the fused form of a distribution whose argument is written in place or has a definition; else the same."""
    return _fused(dist, defined, None)[0]


def by_definition(value: Expr, defined: dict[str, DefineStmt]) -> Expr:
    """Return what a value is defined as, where it is the element of a name that is defined once; else the value."""
    return _see_through(value, defined, None)[0]


def unfused(dist: Dist, quantity: Expr) -> Dist:
    """Return a fused distribution as the one that it was made of, in terms of the quantity that was seen through."""
    fusion = DISTRIBUTIONS[dist.row].fusion
    assert fusion is not None
    args = {**dict(dist.args), fusion.param: quantity}
    params = [param.name for param in DISTRIBUTIONS[fusion.base].params]
    return replace(dist, row=fusion.base, args=tuple((name, args[name]) for name in params))


def _link(dist: Dist) -> str:
    return {"inv_logit": "logit", "exp": "logarithm"}.get(_fusions()[dist.row][1].func, "link")


def whole_definitions(draft: Draft) -> dict[str, DefineStmt]:
    """Return the definitions of names that are defined once, with plain index variables for subscripts."""
    times = Counter(stmt.name for stmt in draft.statements if isinstance(stmt, DefineStmt))
    return {
        stmt.name: stmt
        for stmt in draft.statements
        if isinstance(stmt, DefineStmt)
        and times[stmt.name] == 1
        and all(isinstance(sub, Index) for sub in stmt.subs)
        and len(set(stmt.subs)) == len(stmt.subs)
    }


def _fused(dist: Dist, defined: dict[str, DefineStmt], uses: Counter[str] | None) -> tuple[Dist, str]:
    """Return the fused form, or the same distribution; and the label of the definition that was seen through.

    With `uses`, only what is used once is seen through.
    """
    if dist.parts:
        # A quantity that components share is not seen through: all of them, and draws of them, would have to agree.
        return replace(dist, parts=tuple(replace(part, dist=_fused(part.dist, {}, uses)[0]) for part in dist.parts)), ""
    cut = dist.truncated or dist.censored is not None
    if row_named(dist.row).kind != "discrete" or cut or dist.row not in _fusions():
        return dist, ""
    row, fusion = _fusions()[dist.row]
    value, through = _see_through(dict(dist.args)[fusion.param], defined, uses)
    if not isinstance(value, Call) or value.func != fusion.func:
        return dist, ""
    params = [param.name for param in DISTRIBUTIONS[row].params]
    args = {**dict(dist.args), fusion.argument: value.args[0]}
    return replace(dist, row=row, written="", args=tuple((name, args[name]) for name in params)), through


def _see_through(value: Expr, defined: dict[str, DefineStmt], uses: Counter[str] | None) -> tuple[Expr, str]:
    if isinstance(value, Ref) and value.name in defined and (uses is None or uses[value.name] == 1):
        define = defined[value.name]
        if len(define.subs) == len(value.subs):
            places = {sub.var: at for sub, at in zip(define.subs, value.subs, strict=True) if isinstance(sub, Index)}
            return set_indices(define.value, places), define.common.label
    return value, ""
