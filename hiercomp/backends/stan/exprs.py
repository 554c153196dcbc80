"""Expressions: from the resolved form to Stan code of the right type, vectorised where the frame says so."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import assert_never

from hiercomp.backends.printing import (
    AND,
    COMPARE,
    OR,
    POWER,
    PRODUCT,
    SUM,
    TERNARY,
    UNARY,
    Code,
    call,
    infix,
    prefix,
)
from hiercomp.backends.stan import calls, reductions
from hiercomp.backends.stan.indexing import reference
from hiercomp.backends.stan.reductions import reduction
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import CannotVectorise, Value, algebra, as_real, column, like, scalar, together
from hiercomp.expr import Call, Choose, Const, Density, Elem, Expr, Index, Op, Reduce, Ref, Stack
from hiercomp.records import replace

_NUMBER = re.compile(r"\d+(\.\d+)?([eE][+-]?\d+)?")
_LARGEST_INT = 2**31 - 1
_SIGNS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}
_LOGIC = {"and": ("&&", AND), "or": ("||", OR)}


def compiled(expr: Expr, frame: Frame, scope: Scope) -> Value:
    """Return the Stan code of an expression.

    Raises:
        CannotVectorise: it has to be computed element by element over the frame's vectorised variables.
        CannotEmit: Stan has nothing for it.
    """
    match expr:
        case Const():
            return constant(expr)
        case Ref():
            return reference(expr, frame, scope, compiled)
        case Index(var=var):
            if any(binder.var == var for binder in frame.over):
                raise CannotVectorise
            return scalar(scope.loops[var], "int")
        case Op():
            return _operation(expr, frame, scope)
        case Call():
            return calls.called(expr, frame, scope, compiled)
        case Reduce():
            return reduction(expr, frame, scope, compiled)
        case Choose():
            return _chosen(expr, frame, scope)
        case Stack(items=items):
            return _stacked([compiled(item, frame, scope) for item in items])
        case Density():
            return reductions.of_one(expr, frame, scope)
        case _:
            assert_never(expr)


def constant(expr: Const) -> Value:
    """Return a number as the spec wrote it, if Stan reads that alike."""
    return _written(expr.text, expr.value)


@lru_cache(maxsize=1024, typed=True)  # programs repeat a few numbers
def _written(text: str, value: float) -> Value:
    if isinstance(value, float) and not math.isfinite(value):
        word = "not_a_number()" if math.isnan(value) else "positive_infinity()"
        return scalar(Code("negative_infinity()" if value < 0 else word))
    text, negative = text.removeprefix("-"), value < 0
    if not _NUMBER.fullmatch(text) or float(text) != abs(value):
        text = repr(abs(value))
    elem: Elem = "int" if text.isdigit() else "real"
    if elem == "int" and abs(value) > _LARGEST_INT:
        text, elem = f"{text}.0", "real"
    return scalar(Code(f"-{text}", UNARY) if negative else Code(text), elem)


def _operation(expr: Op, frame: Frame, scope: Scope) -> Value:
    # stanc 2.27 turns -(-x) into the decrement --x of C++.
    match expr:
        case Op(op="neg", args=(Op(op="neg", args=(inner,)),)):
            return compiled(inner, frame, scope)
        case Op(op="neg", args=(Const(value=value, text=text) as number,)) if value < 0:
            return constant(replace(number, value=-value, text=text.removeprefix("-")))
        case Op(op="/", args=(Const(value=1), Call(func="sqrt", args=(inner,)))):
            # One function in place of two, each of which would get a node of the gradient.
            value = compiled(inner, frame, scope)
            if value.form in ("scalar", "vector", "row", "matrix"):
                return like([value], call("inv_sqrt", value.code))
        case _:
            pass
    values = [compiled(arg, frame, scope) for arg in expr.args]
    match expr.op:
        case "+" | "-" | "*" | "/":
            return arithmetic(expr.op, *values)
        case "^":
            return _power(*values)
        case "neg":
            (value,) = together(values)
            return like([value], prefix("-", value.code), "real" if value.elem == "real" else "int")
        case "not" | "and" | "or" | "<" | "<=" | ">" | ">=" | "==" | "!=":
            if any(value.rank for value in values):
                from hiercomp.backends.stan.indicators import indicator  # noqa: PLC0415  (few models have one)

                return indicator(expr, frame, scope)
            return _truth("!" if expr.op == "not" else expr.op, values)
        case _:
            assert_never(expr.op)


def arithmetic(sign: str, left: Value, right: Value) -> Value:
    """Return a sum, difference, product or quotient, element by element; quotients are those of reals."""
    left, right = together([left, right])
    elem: Elem = "real" if "real" in (left.elem, right.elem) else "int"
    first, second = left.code, right.code
    if sign == "/":
        if elem == "int" and second.text.isdigit() and not first.text.isdigit():
            second = as_real(right)
        elif elem == "int":
            first = as_real(left)
        elem = "real"
    symbol = sign
    if sign in "*/" and left.rank and right.rank:
        symbol = f".{sign}"
    elif sign == "/" and right.rank:
        symbol = "./"
    return like([left, right], infix(symbol, first, second, _SIGNS[sign]), elem)


def _power(base: Value, exponent: Value) -> Value:
    base, exponent = together([base, exponent])
    if base.rank and exponent.code.text == "2":
        return like([base], call("square", base.code))
    if base.rank or exponent.rank:
        code = infix(".^", base.code, exponent.code, POWER, right_associative=True)
    else:
        code = Code(f"{base.code.at_least(POWER + 1)}^{exponent.code.at_least(POWER)}", POWER)
    return like([base, exponent], code)


def _truth(word: str, values: list[Value]) -> Value:
    if word == "!":
        return scalar(prefix("!", values[0].code, UNARY), "bool")
    left, right = (value.code for value in values)
    if word in _LOGIC:
        symbol, strength = _LOGIC[word]
        return scalar(infix(symbol, left, right, strength), "bool")
    return scalar(infix(word, left, right, COMPARE, associative=False), "bool")


def _chosen(expr: Choose, frame: Frame, scope: Scope) -> Value:
    """Return a ternary. Stan 2.27 turns one between vectors into C++ that does not compile."""
    result = compiled(expr.otherwise, frame, scope)
    elems = {result.elem}
    code = result.code
    for when, value in reversed(expr.cases):
        condition, chosen = compiled(when, frame, scope), compiled(value, frame, scope)
        if condition.rank or chosen.rank or result.rank:
            raise CannotVectorise
        elems.add(chosen.elem)
        code = Code(f"{condition.code.at_least(OR)} ? {chosen.code.at_least(OR)} : {code.at_least(TERNARY)}", TERNARY)
    return scalar(code, "real" if "real" in elems else "int")


def _stacked(items: list[Value]) -> Value:
    """Return numbers and vectors put end to end."""
    if any(item.lead for item in items):
        raise CannotVectorise
    if all(item.form == "scalar" for item in items):
        return Value(Code(f"[{', '.join(item.code.text for item in items)}]"), "row", "real", 0, 1)
    parts: list[str] = []
    numbers: list[str] = []
    for item in map(algebra, items):
        if item.form == "scalar":
            numbers.append(item.code.text)
            continue
        parts += _column_of(numbers)
        numbers = []
        parts.append(column(item).code.text)
    parts += _column_of(numbers)
    text = parts[-1]
    for part in reversed(parts[:-1]):
        text = f"append_row({part}, {text})"
    return Value(Code(text), "vector", "real", 0, 1)


def _column_of(numbers: list[str]) -> list[str]:
    return [f"[{', '.join(numbers)}]'"] if len(numbers) > 1 else numbers
