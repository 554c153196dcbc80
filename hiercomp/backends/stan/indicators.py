"""Comparisons of data, which Stan has for numbers alone: vectors of zeros and ones, filled once in transformed data."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hiercomp.backends.printing import Code
from hiercomp.backends.stan.blocks import Entry
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import extent
from hiercomp.backends.stan.layout import Line, broken
from hiercomp.backends.stan.reductions import loop
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import CannotVectorise, Value
from hiercomp.expr import Const, Op, Ref, free_indices, names

_WORDS = {"==": "is", "!=": "is_not", "<": "below", "<=": "up_to", ">": "above", ">=": "from"}


def indicator(expr: Op, frame: Frame, scope: Scope) -> Value:
    """Return the vector of a comparison of data along the one index that the frame is vectorised over.

    Raises:
        CannotVectorise: it is about unknowns, about a part of an index set, or about several indices.
    """
    if scope.indicators is None or len(frame.over) != 1:
        raise CannotVectorise
    (binder,) = frame.over
    if binder.lo is not None or binder.hi is not None or free_indices(expr) != frozenset({binder.var}):
        raise CannotVectorise
    if not names(expr) <= scope.known:
        raise CannotVectorise
    if (expr, binder.set) not in scope.indicators:
        name = _unused(_wanted(expr), scope)
        code = compiled(expr, Frame(), scope).code.text
        lines = [
            f"vector[{extent(binder, scope, compiled)}] {name};",
            *loop([binder], [f"{name}[{scope.loops[binder.var]}] = {code};"], scope, compiled),
        ]
        scope.indicators[expr, binder.set] = name, lines
    return Value(Code(scope.indicators[expr, binder.set][0]), "vector", "real", 1, 1)


def _unused(wanted: str, scope: Scope) -> str:
    """Return a name that no other comparison has: ``x > 0.5`` and ``x > 0.7`` would both be called ``x_holds``."""
    found = {name for name, _ in (scope.indicators or {}).values()}
    name, number = scope.extra(wanted), 1
    while name in found:
        number += 1
        name = scope.extra(f"{wanted}_{number}")
    return name


def _wanted(expr: Op) -> str:
    """Return what a comparison is called: ``arm_is_2``."""
    match expr:
        case Op(op=sign, args=(Ref(name=name), Const(value=int(number)))) if sign in _WORDS and number >= 0:
            return f"{name}_{_WORDS[sign]}_{number}"
        case _:
            return f"{min(names(expr))}_holds"


def filled(scope: Scope, text: str) -> Iterable[Entry]:
    """Yield the entries that fill the indicators of which a program makes use."""
    for name, lines in (scope.indicators or {}).values():
        if re.search(rf"\b{name}\b", text):
            yield Entry("", tuple(Line(part) for line in lines for part in broken(line)))
