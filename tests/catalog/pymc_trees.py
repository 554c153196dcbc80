"""Catalogue trees as PyTensor graphs, straight from the rows: not the way that backends print them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pymc as pm
import pytensor.tensor as pt

from hiercomp.catalog import FUNCTIONS
from hiercomp.expr import Call, Choose, Const, Expr, Op, Ref

_MODULES = {"pt": pt, "pm.math": pm.math}
_OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
    ">": pt.gt,
    ">=": pt.ge,
    "<": pt.lt,
}


def own_function(dotted: str) -> Any:
    module, _, name = dotted.rpartition(".")
    return getattr(_MODULES[module], name)


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
        case Choose(cases=((when, value),), otherwise=otherwise):
            return pt.switch(graph(when, values), graph(value, values), graph(otherwise, values))
        case _:
            raise AssertionError(tree)


def call(func: str, args: list[Any]) -> Any:
    row = FUNCTIONS.get(func)
    spelled = func if row is None else row.pymc
    if isinstance(spelled, str):
        return own_function(spelled)(*args)
    return graph(spelled, dict(zip("xy", args, strict=False)))
