"""How to mend what is wrong with numbers: of distributions, of data, and of vectors and matrices that are written out.

Only errors pay for this module: it is imported where one is reported.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import fsum

from hiercomp.catalog.schema import Distribution, Shape
from hiercomp.model import surface
from hiercomp.syntax.ast import Apply, Expr, Interval, Name, Number

_SPACES = {
    "ordered": "write them from the least to the largest",
    "positive ordered": "write them from the least, which is above zero, to the largest",
    "cov": "write a symmetric matrix, with the variances on its diagonal",
    "corr": "write a symmetric matrix, with ones on its diagonal",
    "cholesky cov": "write zeros above the diagonal: `cholesky(S)` makes such a factor of a covariance matrix `S`",
    "cholesky corr": "write zeros above the diagonal: `cholesky(R)` makes such a factor of a correlation matrix `R`",
}
_DOMAINS = {
    "positive": "the exponential of a number is above zero: `exp(x)`",
    "nonnegative": "a square or an absolute value is never negative: `x^2`, `|x|`",
    "unit": "the inverse logit of a number is between 0 and 1: `inv_logit(x)`",
}


def in_space(shape: Shape, rows: Sequence[Sequence[float]], found: str) -> str:
    """Say how to make numbers lie in a space; `found` says what keeps them from it."""
    vector = [*rows[0]] if rows else [0.0]
    total = fsum(vector)
    match shape:
        case "simplex" if min(vector) < 0:
            return "write probabilities, none below zero"
        case "simplex" if 0 <= total - vector[-1] <= 1:
            return f"divide each by their sum, or write {1 - total + vector[-1]:.10g} as the last"
        case "simplex":
            return f"divide each by their sum, {total:.10g}"
        case "sum to zero":
            return f"take their mean, {total / len(vector):.10g}, off each of them"
        case "unit vector":
            return "divide each by the root of the sum of their squares"
        case _:
            pass
    if "squares" in found:
        return "divide each row by the root of the sum of its squares"
    if "not positive definite" in found:
        return "add a small number to its diagonal: `add_diag(S, 0.001)`"
    if ", but " in found:
        return "write one number at both places"
    if "diagonal" in found and shape == "corr":
        return "divide each element by the standard deviations of its row and its column"
    if "on the diagonal" in found:
        return "write a number above zero there"
    return _SPACES.get(shape, "")


def argument(row: Distribution, name: str, support: str, value: float | None) -> str:
    """Say what can be an argument of a distribution in the place of a number that lies outside its support."""
    if (row.name, name) == ("Normal", "sd"):
        return "the second argument of a normal is its standard deviation"
    if value is not None and value < 0 and support in ("positive", "nonnegative", "count", "positive int"):
        return f"take the minus sign off, `{-value:g}`, or give `{name}` a prior such as `Half-Normal(0, 1)`"
    if value == 0:
        return (
            f"write a small number for `{name}`, such as 0.001" if support == "positive" else f"`{name}` is 1 or more"
        )
    if value is not None and 1 < value <= 100 and support == "unit":
        return f"a percentage is written as a part of one, `{value / 100:g}`"
    if value is not None and value != int(value) and support in ("count", "positive int", "int"):
        return f"round it, `{round(value)}`"
    return f"`hiercomp catalog {row.name}` says what its arguments mean"


def domain(kind: str) -> str:
    """Say what can be an argument of a function that takes no others than those of a domain."""
    return _DOMAINS.get(kind, "")


def conversion(row: Distribution, node: Apply) -> str:
    """Say which arguments fit together where no distribution of the kind has them."""
    given = {arg.name: arg.value for arg in node.args}
    if row.name == "Beta" and {"mean", "sd"} <= given.keys():
        mean = given["mean"]
        if isinstance(mean, Number) and 0 < mean.value < 1:
            return f"take an sd below {math.sqrt(mean.value * (1 - mean.value)):.4g}, the most that such a mean allows"
        return "take a mean between 0 and 1, and an sd below sqrt(mean * (1 - mean))"
    return f"`hiercomp catalog {row.name}` says which arguments it takes instead"


def no_truncation(row: Distribution, bounds: Interval) -> str:
    """Say what to write instead of a distribution that cannot be truncated."""
    shown = surface.show(bounds)
    if row.name in ("Flat", "Half-Flat"):
        return f"state the bounds as a fact: `x ~ {row.name}() where x in {shown}`"
    if row.event_rank:
        return "leave the bounds out; a vector or a matrix is bounded by its distribution alone"
    return "leave the bounds out, or take a distribution such as Normal, Gamma or Binomial"


def nothing_left(row: Distribution, bounds: Interval, least: float | None, most: float | None) -> str:
    """Say how to mend bounds that leave nothing of a distribution that lies between `least` and `most`."""
    match bounds.lo, bounds.hi:
        case Number() as lo, Number() as hi if lo.value > hi.value:
            return f"write the lower bound first: `[{surface.show(hi)}, {surface.show(lo)}]`"
        case _:
            pass
    if least is not None and most is not None:
        return f"`{row.name}` lies between {least:g} and {most:g}: move the bounds there"
    if least is not None:
        return f"`{row.name}` lies above {least:g}: move the bounds there"
    if most is not None:
        return f"`{row.name}` lies below {most:g}: move the bounds there"
    return "write two bounds that differ"


def impossible(row: Distribution, name: str, value: float, limits: tuple[float, float], truncated: bool) -> str:
    """Say how to mend an observation of `name` that lies outside its support, or outside the bounds stated."""
    low, high = limits
    if truncated:
        return f"widen the bounds after `truncated to`, so that they hold {value:g}"
    if row.kind == "discrete":
        if value != int(value):
            return f"`{name}` is no count: take a distribution of real numbers, such as Normal, or round it in the data"
        if value < low:
            return f"`{name}` is no count: take a distribution of real numbers, such as Normal, or correct the data"
        return f"here it is {high:g} at most: correct one of the two in the data, or take another distribution"
    if math.isfinite(low) and math.isfinite(high):
        return f"rescale `{name}` to lie between {low:g} and {high:g}, or take a distribution such as Normal"
    return "take a distribution of all real numbers, such as Normal or StudentT, or correct the data"


def fewer_subscripts(node: Name, base: str, subs: Sequence[Expr], rank: int, where: str = "data") -> str:
    """Say how a name is written with `rank` subscripts; nothing where that cannot be told."""
    kept = [surface.show(sub) for sub in subs[:rank] if isinstance(sub, (Name, Number))]
    if len(kept) < rank or len(subs) <= rank:
        return f"write `{surface.show(node)}` with as many indices as `{base}` has"
    short = all(len(letter) == 1 for letter in kept)
    shown = f"{base}_{kept[0]}" if len(kept) == 1 and short else f"{base}[{', '.join(kept)}]" if kept else base
    more = "an index" if len(subs) - rank == 1 else f"{len(subs) - rank} indices"
    return f"write `{shown}`, or give `{base}` {more} more in {'the data' if where == 'data' else 'its definition'}"
