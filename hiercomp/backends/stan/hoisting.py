"""Products of a matrix with one vector after the other, as one product of matrices before the loop."""

from __future__ import annotations

from hiercomp.backends.printing import ATOM, PRODUCT, Code, infix
from hiercomp.backends.stan.containers import Container
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import size
from hiercomp.backends.stan.scope import Frame, Held, Scope
from hiercomp.backends.stan.values import CannotVectorise
from hiercomp.expr import Binder, Call, Choose, Density, Expr, Index, Reduce, Ref, free_indices, names, rebuild, walk
from hiercomp.plan.ir import DefineStep, Stage
from hiercomp.records import replace


def products_first(step: DefineStep, scope: Scope) -> tuple[list[str], DefineStep] | None:
    """Return the statement that computes, for all values of the last index variable, the product ``A v_r`` in a
    definition, and what remains to be done for each of them, with rows of the result in the product's place. None
    where there is no such product, or none is needed because the definition has a vectorised form.

    ``A`` must be the same for all values of the variable, and ``v_r`` a row of a matrix that has one for each.
    """
    if not step.binders or step.stage is not Stage.PARAMETER or step.turn or step.name in names(step.value):
        return None
    last = step.binders[-1]
    if last.lo is not None or last.hi is not None or not _is_plain(step.value):
        return None
    found = {node for node in walk(step.value) if isinstance(node, Call) and _varies(node, last)}
    if len(found) != 1 or _is_vectorised(step, last, scope):
        return None
    (product,) = found
    matrix, vector = product.args
    assert isinstance(matrix, Ref)
    assert isinstance(vector, Ref)
    rows, factor = compiled(vector, Frame((last,)), scope), compiled(matrix, Frame(), scope)
    if (rows.form, rows.lead, rows.rank, factor.form) != ("matrix", 1, 2, "matrix"):
        return None
    name = scope.extra(f"{step.name}_product")
    axes = (last.set, matrix.type.axes[0])
    held = Container(axes, 0, "matrix", "matrix")
    scope.held[name] = Held(name, held, "real")
    every = infix("*", rows.code, Code(f"{factor.code.at_least(ATOM)}'"), PRODUCT)
    declared = held.declared(name, tuple(size(axis, scope, compiled).text for axis in axes))
    row = Ref(name, (Index(last.var),), product.type)
    return [f"{declared} = {every.text};"], replace(step, binders=(last,), value=_replaced(step.value, product, row))


def _is_plain(expr: Expr) -> bool:
    """Say whether nothing in an expression has variables or conditions of its own."""
    return not any(isinstance(node, Reduce | Choose | Density) for node in walk(expr))


def _varies(node: Call, last: Binder) -> bool:
    match node:
        case Call(func="matvec", args=(Ref() as matrix, Ref(subs=(*others, Index(var=var))) as vector)):
            outside = [matrix, *others]
            whole = len(matrix.type.axes) == 2 and len(vector.type.axes) == 1
            return whole and var == last.var and not any(var in free_indices(expr) for expr in outside)
        case _:
            return False


def _is_vectorised(step: DefineStep, last: Binder, scope: Scope) -> bool:
    try:
        return compiled(step.value, Frame((last,), []), scope).lead > 0
    except CannotVectorise:
        return False


def _replaced(expr: Expr, old: Expr, new: Expr) -> Expr:
    return new if expr == old else rebuild(expr, lambda part: _replaced(part, old, new))
