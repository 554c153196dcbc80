"""Covariance functions of Gaussian processes, by the distance ``d`` of two points (Rasmussen and Williams 2006, chapter
4); the periodic one is MacKay's (1998)."""

from __future__ import annotations

from hiercomp.catalog.schema import Function
from hiercomp.catalog.trees import HALF, ONE, PI, TWO, add, call, div, mul, neg, number, power, ref
from hiercomp.expr import Expr

_LENGTH = ("alpha", "length")
_D, _R = ref("d"), ref("r")
_VARIANCE = power(ref("alpha"), TWO)


def _row(
    name: str, aliases: tuple[str, ...], distance: Expr, formula: Expr, args: tuple[str, ...], doc: str
) -> Function:
    return Function(
        name, aliases, 1 + len(args), f"gp_{name}_cov", formula, formula, elementwise=False,
        doc=f"the covariances {doc}", kernel=args, distance=distance,
    )  # fmt: skip


def _scaled(root: int) -> Expr:
    return div(mul(call("sqrt", number(root)), _D), ref("length"))


ROWS = (
    _row(
        "exp_quad", ("gp_exp_quad", "rbf", "squared_exponential", "exponentiated_quadratic"), div(_D, ref("length")),
        mul(_VARIANCE, call("exp", mul(neg(HALF), power(_R, TWO)))), _LENGTH,
        "alpha^2 exp(-r^2 / 2), r = d / length",
    ),
    _row(
        "matern32", ("gp_matern32",), _scaled(3), mul(mul(_VARIANCE, add(ONE, _R)), call("exp", neg(_R))), _LENGTH,
        "alpha^2 (1 + r) exp(-r), r = sqrt(3) d / length",
    ),
    _row(
        "matern52", ("gp_matern52",), _scaled(5),
        mul(mul(_VARIANCE, add(ONE, _R, div(power(_R, TWO), number(3)))), call("exp", neg(_R))), _LENGTH,
        "alpha^2 (1 + r + r^2 / 3) exp(-r), r = sqrt(5) d / length",
    ),
    _row(
        "exponential", ("gp_exponential", "matern12", "ornstein_uhlenbeck"), div(_D, ref("length")),
        mul(_VARIANCE, call("exp", neg(_R))), _LENGTH, "alpha^2 exp(-r), r = d / length",
    ),
    _row(
        "periodic", ("gp_periodic",), div(call("sin", div(mul(PI, _D), ref("period"))), ref("length")),
        mul(_VARIANCE, call("exp", mul(neg(TWO), power(_R, TWO)))), (*_LENGTH, "period"),
        "alpha^2 exp(-2 r^2), r = sin(pi d / period) / length",
    ),
)  # fmt: skip

# What the arguments are called elsewhere.
WORDS = {
    "sigma": "alpha", "sd": "alpha", "scale": "alpha", "magnitude": "alpha",
    "rho": "length", "l": "length", "length_scale": "length", "lengthscale": "length", "ls": "length",
    "p": "period",
}  # fmt: skip
