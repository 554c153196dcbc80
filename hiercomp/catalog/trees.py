"""Short words for building the expression trees of catalogue rows."""

from __future__ import annotations

from hiercomp.expr import ArithOp, Call, CompareOp, Const, Expr, Op, Ref, number

ZERO = number(0)
ONE = number(1)
TWO = number(2)
HALF = number(0.5)
X = Ref("x")
Y = Ref("y")
PI = Const(3.141592653589793, "3.141592653589793")


def ref(name: str) -> Expr:
    """A parameter of the row, or the variate ``x``."""
    return Ref(name)


def op(symbol: ArithOp | CompareOp, *args: Expr) -> Expr:
    """Any operator."""
    return Op(symbol, args)


def add(first: Expr, *rest: Expr) -> Expr:
    """Sum from left to right."""
    total = first
    for term in rest:
        total = Op("+", (total, term))
    return total


def sub(left: Expr, right: Expr) -> Expr:
    """Difference."""
    return Op("-", (left, right))


def mul(left: Expr, right: Expr) -> Expr:
    """Product."""
    return Op("*", (left, right))


def div(left: Expr, right: Expr) -> Expr:
    """Quotient."""
    return Op("/", (left, right))


def power(base: Expr, exponent: Expr) -> Expr:
    """Power."""
    return Op("^", (base, exponent))


def neg(value: Expr) -> Expr:
    """Negation."""
    return Op("neg", (value,))


def call(func: str, *args: Expr) -> Expr:
    """A function of the catalogue."""
    return Call(func, args)
