"""Definitions: deterministic variables, or NumPy values where only data are in them."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.pymc.arrays import Array, align
from hiercomp.backends.pymc.expressions import expression, numeric
from hiercomp.backends.pymc.forms import Piece, Statement, dims, is_whole, needs, shape, site_of
from hiercomp.backends.pymc.layout import quote
from hiercomp.backends.pymc.scope import Scope, Site, refuse
from hiercomp.expr import Ref, free_indices, walk
from hiercomp.plan.ir import DefineStep

TAKE_STAN = "build the Stan program alone (`--backend stan`)"


def define(steps: Sequence[DefineStep], scope: Scope) -> Statement:
    """Return the definition of one name, given in one or several pieces.

    Raises:
        CannotEmit: H86, where elements are defined by earlier ones.
    """
    first = steps[0]
    for step in steps:
        _refuse_recursion(step)
    wanted = frozenset[str]().union(*map(needs, steps)) - {first.name}
    if len(steps) == 1 and is_whole(Ref(first.name, first.subs), first.binders, scope):
        site = site_of(first.subs, first.binders, scope)
        found = numeric(expression(first.value, site), site)
        value = _full(found, first.axes, site)
        if scope.symbols[first.name].random and not found.random:
            # How many unknowns there are depends on none of them.
            value = f"{scope.function('pt.as_tensor')}({value})"
        before: list[Piece] = []
    else:
        value = scope.variables[first.name]
        before = _filled(steps, scope)
    if scope.symbols[first.name].random:
        arguments = ", ".join((quote(scope.strings[first.name]), value, *dims(first.axes, scope)))
        last = [Piece(f"{scope.function('pm.Deterministic')}({arguments})", first.name)]
    else:
        last = [] if before else [Piece(value, first.name)]
    return Statement(first.origin, (*before, *last), first.name, wanted)


def _filled(steps: Sequence[DefineStep], scope: Scope) -> list[Piece]:
    """Return the statements that make an array and fill it piece by piece."""
    first = steps[0]
    random = scope.symbols[first.name].random
    variable = scope.variables[first.name]
    zeros = scope.function("pt.zeros" if random else "np.zeros")
    pieces = [Piece(f"{variable} = {zeros}({shape(first.axes, scope)})")]
    for step in steps:
        site = site_of(step.subs, step.binders, scope)
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


def _refuse_recursion(step: DefineStep) -> None:
    for node in walk(step.value):
        if isinstance(node, Ref) and node.name == step.name and (not node.subs or any(map(free_indices, node.subs))):
            raise refuse(
                "H86",
                f"`{step.name}` is defined by its own earlier elements, which whole arrays cannot be",
                step.origin.span,
                TAKE_STAN,
            )
