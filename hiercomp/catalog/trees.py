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
# From here on three or four terms of an asymptotic series are as exact as anything; special functions underflow later.
FAR = number(30)


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


def log_t_beyond(df: Expr, z: Expr) -> Expr:
    """Log of the probability that a Student t with `df` degrees of freedom lies beyond `z` on either side, |z| >= FAR.

    The incomplete beta function by its hypergeometric series (DLMF 8.17.7) after Pfaff's transformation (DLMF 15.8.1):
    exact to 1e-12 there for any `df`. With many degrees of freedom the function itself underflows.
    """
    half_df = mul(HALF, df)
    ratio = div(df, power(z, TWO))
    series: Expr = ONE
    for n in range(4, 0, -1):
        series = sub(ONE, mul(div(mul(number(n - 0.5), ratio), add(half_df, number(n))), series))
    head = sub(mul(HALF, call("log1p", ratio)), mul(half_df, call("log1p", div(ONE, ratio))))
    return add(sub(head, add(call("log", half_df), call("lbeta", half_df, HALF))), call("log", series))
