"""Arguments on the scale of their link, where a probability or a rate itself has lost the digits.

``1 - inv_logit(20)`` has eight digits left and ``1 - inv_logit(40)`` none. Where the catalogue has a form of a
distribution that takes log odds or a logarithm, and the argument is that link undone, the reference evaluates that form
at what stood inside the link. It remembers the insides of definitions as they are made; it rewrites no expression.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from hiercomp.catalog import DISTRIBUTIONS, Distribution, row_named
from hiercomp.expr import Call, Expr, Ref
from hiercomp.model.ir import DefineStmt, Dist, Symbol


@cache
def _forms() -> Mapping[str, Distribution]:
    """Return, by the name of its base row, each row that takes an argument on the scale of a link."""
    return {row.fusion.base: row for row in DISTRIBUTIONS.values() if row.fusion is not None}


@cache
def _links() -> frozenset[str]:
    return frozenset(row.fusion.func for row in _forms().values() if row.fusion is not None)


def inside(value: Expr) -> tuple[str, Expr] | None:
    """Return the link's inverse and what stands in it, where `value` is just that."""
    return (value.func, value.args[0]) if isinstance(value, Call) and value.func in _links() else None


def shadow(name: str, func: str) -> str:
    """Return the name under which the inside of a definition is remembered; no spec can have it."""
    return f"{name} inside {func}"


def shadow_symbol(symbol: Symbol, func: str) -> Symbol:
    """Return the symbol of the inside of a definition: of the same shape, and real."""
    return replace(symbol, name=shadow(symbol.name, func), elem="real")


def by_link(dist: Dist, shadows: Mapping[str, str]) -> tuple[Distribution, dict[str, Expr]]:
    """Return the row and the arguments to evaluate. `shadows` maps names defined through a link to its inverse."""
    row, args = row_named(dist.row), dict(dist.args)
    form = None if dist.truncated else _forms().get(dist.row)
    if form is None or form.fusion is None:
        return row, args
    value = args[form.fusion.param]
    found = inside(value)
    if found is None and isinstance(value, Ref) and shadows.get(value.name) == form.fusion.func:
        found = form.fusion.func, replace(value, name=shadow(value.name, form.fusion.func))
    if found is None or found[0] != form.fusion.func:
        return row, args
    return form, {name: arg for name, arg in args.items() if name != form.fusion.param} | {
        form.fusion.argument: found[1]
    }


def shadows_of(definitions: list[DefineStmt]) -> dict[str, str]:
    """Return the names all of whose definitions undo one and the same link, with the function that undoes it."""
    found: dict[str, set[str]] = {}
    for stmt in definitions:
        held = inside(stmt.value)
        found.setdefault(stmt.name, set()).add(held[0] if held else "")
    return {name: next(iter(funcs)) for name, funcs in found.items() if len(funcs) == 1 and "" not in funcs}
