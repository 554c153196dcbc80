"""Comprehensions: a reduction of a vector expression where there is one, else a loop before the statement."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.printing import ATOM, PRODUCT, SUM, Code, call, infix
from hiercomp.backends.stan.calls import dot, reduced
from hiercomp.backends.stan.indexing import Compile, extent, limits, may_be_empty
from hiercomp.backends.stan.scope import Frame, Scope, depends
from hiercomp.backends.stan.values import CannotVectorise, Value, algebra, column, refuse, scalar
from hiercomp.catalog import FUNCTIONS
from hiercomp.expr import VECTOR, Binder, Density, Op, Reduce
from hiercomp.model.ir import Dist
from hiercomp.records import replace

_NESTS = frozenset({"sum", "prod", "min", "max", "log_sum_exp", "count"})


def reduction(expr: Reduce, frame: Frame, scope: Scope, compile_: Compile) -> Value:
    """Return the value of a comprehension.

    Raises:
        CannotVectorise: it varies with a vectorised variable of the statement.
        CannotEmit: it needs a loop where there is no place for one.
    """
    if expr.func == VECTOR:
        return _vector(expr, frame, scope, compile_)
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


def _vector(expr: Reduce, frame: Frame, scope: Scope, compile_: Compile) -> Value:
    """Return a comprehension as a vector: of a group, a segment of what the list of all members picks."""
    if depends(expr, frame):
        raise CannotVectorise
    here, (binder,) = frame.with_over(()), expr.binders
    trial = replace(here, before=None if here.before is None else [])
    try:
        value = algebra(compile_(expr.body, trial.with_over(expr.binders), scope))
    except CannotVectorise:
        return _each(expr, here, scope, compile_)
    if here.before is not None:
        here.before.extend(trial.before or ())
    if not value.lead:
        return Value(call("rep_vector", value.code, extent(binder, scope, compile_)), "vector", "real", 0, 1)
    return replace(column(value), lead=0)


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


def of_one(expr: Density, frame: Frame, scope: Scope) -> Value:
    """Return a log density; along vectorised variables there would be several, and Stan's functions sum them.

    Raises:
        CannotVectorise: it varies with a vectorised variable of the statement.
    """
    from hiercomp.backends.stan.dists import log_density  # noqa: PLC0415  (which imports this module)

    if depends(expr, frame):
        raise CannotVectorise
    return scalar(log_density(expr.value, Dist(expr.row, expr.args, ""), scope, frame.with_over(())))


def _summed(expr: Density, frame: Frame, scope: Scope, compile_: Compile) -> Value:
    """Return the sum of log densities along the frame's vectorised variables: one call of Stan's function."""
    from hiercomp.backends.stan.dists import log_density  # noqa: PLC0415  (which imports this module)

    if compile_(expr.value, frame, scope).lead < len(frame.over):
        raise CannotVectorise
    return scalar(log_density(expr.value, Dist(expr.row, expr.args, ""), scope, frame))


def at_once(expr: Reduce, frame: Frame, scope: Scope, compile_: Compile) -> Value:
    """Return a comprehension as a reduction of one vector or matrix expression.

    Raises:
        CannotVectorise: there is no such expression.
    """
    binders = list(expr.binders)
    inner = frame.with_over(expr.binders)
    if expr.func == "sum" and isinstance(expr.body, Density):
        return _summed(expr.body, inner, scope, compile_)
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
    """Return a comprehension as a sum that a loop before the statement makes, or a reduction of a vector from one."""
    if expr.func not in ("sum", "count"):
        return scalar(f"{_word(expr.func)}({_each(expr, frame, scope, compile_).code.text})")
    lines, inside, value = _body(expr, frame, scope, compile_)
    counting = expr.func == "count"
    integral = counting or value.elem in ("int", "bool")
    name = frame.fresh("total", scope)
    term = value.code.text if not counting or value.elem == "bool" else "1"
    lines.append(f"{'int' if integral else 'real'} {name} = 0;")
    lines.extend(loop(expr.binders, [*inside, f"{name} += {term};"], scope, compile_))
    return scalar(name, "int" if integral else "real")


def _each(expr: Reduce, frame: Frame, scope: Scope, compile_: Compile) -> Value:
    """Return the values of a comprehension as a vector that a loop before the statement fills."""
    lines, inside, value = _body(expr, frame, scope, compile_)
    (binder,) = expr.binders
    name = frame.fresh("each", scope)
    length = extent(binder, scope, compile_)
    lines.append(f"vector[{f'max(0, {length})' if may_be_empty(binder) else length}] {name};")
    at = _position(binder, scope.loops[binder.var], scope, compile_)
    lines.extend(loop([binder], [*inside, f"{name}[{at}] = {value.code.text};"], scope, compile_))
    return Value(Code(name), "vector", "real", 0, 1)


def _body(expr: Reduce, frame: Frame, scope: Scope, compile_: Compile) -> tuple[list[str], list[str], Value]:
    """Return where lines before the statement go, and the lines and the value of one element of a comprehension."""
    if frame.before is None:
        raise refuse(
            f"{expr.func} needs a loop where Stan has no place for one",
            expr.span,
            "a comprehension inside a declaration",
            "define it under a name of its own",
        )
    inside: list[str] = []
    value = compile_(expr.body, Frame((), inside, frame.locals), scope)
    if value.rank:
        raise refuse(f"{expr.func} of arrays", expr.span, "an element with axes", "give it all its subscripts")
    return frame.before, inside, value


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
