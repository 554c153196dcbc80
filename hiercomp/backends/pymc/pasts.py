"""Sums over all that came before, ``sum(x_{t-s} * w_s for s in 1..t-1)``, in a function of one position.

Every position is given as many earlier elements, and what lies before the first one is left out by a condition.
"""

from __future__ import annotations

from hiercomp.backends.printing import ATOM, SUM, Code
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc.scope import Scope
from hiercomp.expr import BOOL, INT, Binder, Choose, Expr, Index, Op, Reduce, free_indices, number, rebuild
from hiercomp.records import replace

_NOTHING = {"sum": 0, "prod": 1}


def of_whole_ranges(expr: Expr, turn: str) -> Expr:
    """Return an expression with ranges that end where the position `turn` says as whole ones with a condition."""
    made = rebuild(expr, lambda child: of_whole_ranges(child, turn))
    if not isinstance(made, Reduce) or made.func not in _NOTHING:
        return made
    conditions: list[Expr] = []
    binders: list[Binder] = []
    for binder in made.binders:
        kept: dict[str, Expr | None] = {}
        for side, end, op in (("lo", binder.lo, ">="), ("hi", binder.hi, "<=")):
            moves = end is not None and turn in free_indices(end)
            kept[side] = None if moves else end
            if end is not None and moves:
                conditions.append(Op(">=" if op == ">=" else "<=", (Index(binder.var, INT), end), BOOL))
        binders.append(Binder(binder.var, binder.set, kept["lo"], kept["hi"]))
    if not conditions:
        return made
    when, *more = conditions
    for condition in more:
        when = Op("and", (when, condition), BOOL)
    body = Choose(((when, made.body),), number(_NOTHING[made.func]), made.body.type, made.span)
    return replace(made, body=body, binders=tuple(binders))


def padded(variable: str, lead: str, start: str, length: Code, sizes: list[str], scope: Scope) -> tuple[str, str]:
    """Return the elements of an array before `start`, at most `length` of them, and what stands for those before it.

    These are ones, which have a logarithm and an inverse: they count nowhere, and neither do their derivatives.
    """
    ones = scope.function("pt.ones")
    first = Code(start, ATOM if start.isdigit() else SUM)
    known = f"max({join('-', first, length, SUM).text}, 0)"
    missing = length.text if start == "0" else f"max({join('-', length, first, SUM).text}, 0)"
    part = f"{variable}[{lead}:{start}]" if start in ("0", "1") else f"{variable}[{lead}{known} : {start}]"
    shape = f"({', '.join([missing, *sizes])})" if sizes else missing
    return part, f"{ones}({shape})"
