"""Conditions on which elements count: ``sum(x_i for i in 1..N if g_i == 2)``, ``log_density += x_i if g_i == 2``."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import BOOL, INT, REAL, Binder, Choose, Expr, Op, Reduce, number
from hiercomp.model.linear import is_random
from hiercomp.model.scope import Context
from hiercomp.source import Span
from hiercomp.syntax.ast import Comprehension
from hiercomp.syntax.ast import Expr as Ast

if TYPE_CHECKING:
    from hiercomp.model.lower import Lower

# What an element is worth that does not count.
_NEUTRAL = {"sum": 0, "prod": 1, "max": -inf, "min": inf, "log_sum_exp": -inf}


def known_condition(low: Lower, node: Ast) -> Expr:
    """Return a condition that says which elements count, which only data can (H18)."""
    when = low.scalar(node)
    if is_random(when, low.context.symbols):
        raise low.context.refuse(
            Diagnostic(
                "H18", "which elements count can only depend on data", node.span, "a condition on data",
                "a condition that depends on unknowns", "define a quantity in pieces, and use that",
            )
        )  # fmt: skip
    return when


def counted(truth: Expr, binders: tuple[Binder, ...], span: Span | None) -> Expr:
    """Return how often a condition holds."""
    return Reduce("sum", Choose(((truth, number(1)),), number(0), INT, span), binders, INT, span)


def filtered(
    context: Context, func: str, body: Expr, when: Expr, binders: tuple[Binder, ...], node: Comprehension
) -> Expr:
    """Return a reduction over the elements at which a condition holds: the others are what changes nothing."""

    def kept(neutral: float) -> Choose:
        return Choose(((when, body),), number(neutral), REAL, node.span)

    span = node.span
    match func:
        case "sum" | "prod" | "max" | "min" | "log_sum_exp":
            return Reduce(func, kept(_NEUTRAL[func]), binders, REAL, span)
        case "count":
            return counted(Op("and", (when, body), BOOL, span) if body.type.elem == "bool" else when, binders, span)
        case "mean":
            total, count = Reduce("sum", kept(0), binders, REAL, span), counted(when, binders, span)
            return Op("/", (total, count), REAL, span)
        case _:
            raise context.refuse(
                Diagnostic(
                    "H13", f"`{func}` goes over a whole range", span,
                    f"one of {', '.join(sorted([*_NEUTRAL, 'count', 'mean']))} before `if`",
                    f"`{func}(... if ...)`", "put the elements that are wanted into a column of the data",
                )
            )  # fmt: skip
