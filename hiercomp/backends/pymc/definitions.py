"""Definitions: deterministic variables, or NumPy values where only data are in them."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.pymc.arrays import Array, align
from hiercomp.backends.pymc.expressions import expression, numeric
from hiercomp.backends.pymc.forms import Piece, Statement, dims, is_whole, listed, needs, shape, site_of
from hiercomp.backends.pymc.layout import quote
from hiercomp.backends.pymc.scope import Scope, Site
from hiercomp.expr import Ref
from hiercomp.plan.ir import DefineStep
from hiercomp.plan.recursions import joint_runs


def define(steps: Sequence[DefineStep], scope: Scope) -> list[Statement]:
    """Return the definition of one name, given in one or several pieces, or of names that are computed together.

    Raises:
        CannotEmit: something has no form in PyMC.
    """
    by_name: dict[str, list[DefineStep]] = {}
    for step in steps:
        by_name.setdefault(step.name, []).append(step)
    wanted = frozenset[str]().union(*map(needs, steps)) - by_name.keys()
    statements: list[Statement] = []
    before: list[Piece] = []
    for name, (first, *_) in by_name.items():
        if len(steps) == 1 and not first.turn and is_whole(Ref(name, first.subs), first.binders, scope):
            site = site_of(first.subs, first.binders, scope)
            found = numeric(expression(first.value, site), site)
            value = _full(found, first.axes, site)
            if scope.symbols[name].random and not found.random:
                # How many unknowns there are depends on none of them.
                value = f"{scope.function('pt.as_tensor')}({value})"
        else:
            value = scope.variables[name]
            before = [] if statements else _filled(steps, scope)
        if scope.symbols[name].random:
            arguments = ", ".join((quote(scope.strings[name]), value, *dims(first.axes, scope)))
            last = [Piece(f"{scope.function('pm.Deterministic')}({arguments})", name)]
        else:
            last = [] if before or statements else [Piece(value, name)]
        needed = frozenset({statements[0].gives}) if statements else wanted
        statements.append(Statement(first.origin, (*before, *last), name, needed))
        before = []
    return statements


def _filled(steps: Sequence[DefineStep], scope: Scope) -> list[Piece]:
    """Return the statements that make arrays and fill them piece by piece."""
    pieces: list[Piece] = []
    for step in steps:
        if step.first:
            zeros = scope.function("pt.zeros" if scope.symbols[step.name].random else "np.zeros")
            pieces.append(Piece(f"{scope.variables[step.name]} = {zeros}({shape(step.axes, scope)})"))
    for run in joint_runs(steps):
        if run[0].turn:
            from hiercomp.backends.pymc.recursion import recursion  # noqa: PLC0415

            pieces += recursion(run, scope)
            continue
        (step,) = run
        variable, random = scope.variables[step.name], scope.symbols[step.name].random
        site, pairs = listed(site_of(step.subs, step.binders, scope))
        pieces += pairs
        part = expression(Ref(step.name, step.subs), site)
        value = numeric(expression(step.value, site), site)
        text = align(value, part.outer, len(part.inner)).text
        place = part.code.text
        pieces.append(Piece(f"{variable} = {place}.set({text})" if random else f"{place} = {text}"))
    return pieces


def _full(value: Array, axes: tuple[str, ...], site: Site) -> str:
    """Return `value` with all axes, also those along which it does not vary."""
    rank = len(axes) - len(site.order)
    text = align(value, site.order, rank).text
    if value.outer == site.order and len(value.inner) == rank:
        return text
    wanted = shape(axes, site.scope)
    if value.scalar and not value.random:
        return f"{site.function('np.full')}({wanted}, {text})"
    wanted = wanted if len(axes) > 1 else f"({wanted},)"
    return f"{site.function('pt.broadcast_to' if value.random else 'np.broadcast_to')}({text}, {wanted})"
