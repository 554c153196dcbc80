"""Catalogue trees as PyTensor graphs, straight from the rows: not the way that backends print them."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import pymc as pm
import pytensor.tensor as pt

from hiercomp.catalog import FUNCTIONS
from hiercomp.expr import Call, Choose, Const, Expr, Op, Ref

_MODULES = {"pt": pt, "pm": pm}
_OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
    ">": pt.gt,
    ">=": pt.ge,
    "<": pt.lt,
    "<=": pt.le,
}


def own_function(dotted: str) -> Any:
    module = next(known for known in _MODULES if dotted.startswith(f"{known}."))
    return operator.attrgetter(dotted.removeprefix(f"{module}."))(_MODULES[module])


def graph(tree: Expr, values: Mapping[str, Any]) -> Any:
    match tree:
        case Const(value=value):
            return pt.as_tensor(value)
        case Ref(name=name):
            return values[name]
        case Op(op="neg", args=(arg,)):
            return -graph(arg, values)
        case Op(op=op, args=(left, right)):
            return _OPERATORS[op](graph(left, values), graph(right, values))
        case Call(func=func, args=args):
            return call(func, [graph(arg, values) for arg in args])
        case Choose(cases=cases, otherwise=otherwise):
            chosen = graph(otherwise, values)
            for when, value in reversed(cases):
                chosen = pt.switch(graph(when, values), graph(value, values), chosen)
            return chosen
        case _:
            raise AssertionError(tree)


def call(func: str, args: list[Any]) -> Any:
    row = FUNCTIONS.get(func)
    spelled = func if row is None else row.pymc
    if isinstance(spelled, str):
        return own_function(spelled)(*args)
    return graph(spelled, dict(zip("xy", args, strict=False)))
