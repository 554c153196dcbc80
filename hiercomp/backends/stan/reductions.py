"""Comprehensions: a reduction of a vector expression where there is one, else a loop before the statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hiercomp.backends.printing import ATOM, PRODUCT, SUM, Code, infix
from hiercomp.backends.stan.calls import dot, reduced
from hiercomp.backends.stan.indexing import Compile, extent, limits
from hiercomp.backends.stan.scope import Frame, Scope, depends
from hiercomp.backends.stan.values import CannotVectorise, Value, algebra, column, refuse, scalar
from hiercomp.catalog import FUNCTIONS
from hiercomp.expr import Binder, Op, Reduce

_NESTS = frozenset({"sum", "prod", "min", "max", "log_sum_exp", "count"})


def reduction(expr: Reduce, frame: Frame, scope: Scope, compile_: Compile) -> Value:
    """Return the value of a comprehension.

    Raises:
        CannotVectorise: it varies with a vectorised variable of the statement.
        CannotEmit: it needs a loop where there is no place for one.
    """
    if depends(expr, frame):
        return _row_sums(expr, frame, scope, compile_)
    here = frame.with_over(())
    if expr.body.type.axes:
        raise refuse(
            f"a comprehension of {expr.func} over whole arrays",
            expr.span,
            "an element with axes of its own",
            "give the element all its subscripts",
        )
    if 1 <= len(expr.binders) <= 2:
        trial = replace(here, before=None if here.before is None else [])
        try:
            value = at_once(expr, trial, scope, compile_)
        except CannotVectorise:
            pass
        else:
            if here.before is not None:
                here.before.extend(trial.before or ())
            return value
    if len(expr.binders) > 1:
        return compile_(_nested(expr), here, scope)
    return _looped(expr, here, scope, compile_)


def _row_sums(expr: Reduce, frame: Frame, scope: Scope, compile_: Compile) -> Value:
    """Return the sums of products over the rows of a matrix, which are a product of a matrix and a vector."""
    body = expr.body
    if expr.func != "sum" or len(frame.over) != 1 or len(expr.binders) != 1:
        raise CannotVectorise
    if not isinstance(body, Op) or body.op != "*":
        raise CannotVectorise
    both = frame.with_over((*frame.over, *expr.binders))
    inner = frame.with_over(expr.binders)
    for matrix, vector in (body.args, body.args[::-1]):
        if depends(vector, frame) or not depends(vector, inner):
            continue
        left, right = algebra(compile_(matrix, both, scope)), algebra(compile_(vector, inner, scope))
        if left.lead == left.rank == 2 and right.lead == right.rank == 1:
            return Value(infix("*", left.code, column(right).code, PRODUCT), "vector", "real", 1, 1)
    raise CannotVectorise


def at_once(expr: Reduce, frame: Frame, scope: Scope, compile_: Compile) -> Value:
    """Return a comprehension as a reduction of one vector or matrix expression.

    Raises:
        CannotVectorise: there is no such expression.
    """
    binders = list(expr.binders)
    inner = frame.with_over(expr.binders)
    if expr.func == "sum" and isinstance(expr.body, Op) and expr.body.op == "*" and len(binders) == 1:
        factors = [compile_(factor, inner, scope) for factor in expr.body.args]
        if all(factor.lead == factor.rank == 1 for factor in factors):
            return dot(*(replace(algebra(factor), lead=0) for factor in factors))
    value = compile_(expr.body, inner, scope)
    if value.lead == len(binders):
        word = FUNCTIONS[expr.func].stan
        assert isinstance(word, str)
        if value.elem == "bool":
            raise CannotVectorise
        return reduced(expr.func, word, replace(value, lead=0))
    if value.lead or len(binders) > 1:
        raise CannotVectorise
    times = extent(binders[0], scope, compile_)
    count = Code(times, SUM if " " in times else ATOM)
    match expr.func:
        case "mean" | "min" | "max":
            return value
        case "count" if value.elem != "bool":
            return scalar(count, "int")
        case "sum":
            return scalar(infix("*", count, value.code, PRODUCT), value.elem)
        case _:
            raise CannotVectorise


def _nested(expr: Reduce) -> Reduce | Op:
    """Return a comprehension over several variables as one inside another."""
    first, *rest = expr.binders
    if expr.func in _NESTS:
        outer = "sum" if expr.func == "count" else expr.func
        return replace(expr, func=outer, body=replace(expr, binders=tuple(rest)), binders=(first,))
    if expr.func == "mean":
        total, number = (replace(expr, func=func) for func in ("sum", "count"))
        return Op("/", (_nested(total), _nested(number)), expr.type)
    raise refuse(f"{expr.func} over several variables", expr.span, expr.func, "define the inner one under its own name")


def _looped(expr: Reduce, frame: Frame, scope: Scope, compile_: Compile) -> Value:
    if frame.before is None:
        raise refuse(
            f"{expr.func} needs a loop where Stan has no place for one",
            expr.span,
            "a comprehension inside a declaration",
            "define it under a name of its own",
        )
    binder = expr.binders[0]
    body_frame = Frame((), [], frame.locals)
    value = compile_(expr.body, body_frame, scope)
    if value.rank:
        raise refuse(f"{expr.func} of arrays", expr.span, "an element with axes", "give it all its subscripts")
    counting = expr.func == "count"
    totals = counting or expr.func == "sum"
    integral = counting or value.elem in ("int", "bool")
    name = frame.fresh("total" if totals else "each", scope)
    var = scope.loops[binder.var]
    assert body_frame.before is not None
    if totals:
        term = value.code.text if not counting or value.elem == "bool" else "1"
        declare = f"{'int' if integral else 'real'} {name} = 0;"
        body = [*body_frame.before, f"{name} += {term};"]
        result = scalar(name, "int" if integral else "real")
    else:
        declare = f"vector[{extent(binder, scope, compile_)}] {name};"
        at = _position(binder, var, scope, compile_)
        body = [*body_frame.before, f"{name}[{at}] = {value.code.text};"]
        result = scalar(f"{_word(expr.func)}({name})")
    frame.before.append(declare)
    frame.before.extend(loop([binder], body, scope, compile_))
    return result


def _word(func: str) -> str:
    word = FUNCTIONS[func].stan
    assert isinstance(word, str)
    return word


def _position(binder: Binder, var: str, scope: Scope, compile_: Compile) -> str:
    low, _ = limits(binder, scope, compile_)
    if low.text == "1":
        return var
    return f"{var} - {int(low.text) - 1}" if low.text.isdigit() else f"{var} - {low.at_least(PRODUCT)} + 1"


def loop(binders: Sequence[Binder], body: list[str], scope: Scope, compile_: Compile) -> list[str]:
    """Return `body` inside loops over `binders`, outermost first."""
    lines = body
    for binder in reversed(binders):
        low, high = limits(binder, scope, compile_)
        head = f"for ({scope.loops[binder.var]} in {low.at_least(PRODUCT)}:{high.at_least(PRODUCT)}) {{"
        lines = [head, *(f"  {line}" for line in lines), "}"]
    return lines
