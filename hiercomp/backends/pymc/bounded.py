"""Unknowns of constant density between bounds, and bounds that are stated besides a prior."""

from __future__ import annotations

import re
from collections.abc import Collection

from hiercomp.backends.printing import SUM, Code
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc.arrays import align
from hiercomp.backends.pymc.distributions import Bounds, Spelled
from hiercomp.backends.pymc.forms import shape
from hiercomp.backends.pymc.scope import Site
from hiercomp.catalog import row_named
from hiercomp.expr import Expr, names, substitute
from hiercomp.model.ir import Dist, Support
from hiercomp.plan.bounds import folded, parts
from hiercomp.records import record, replace

_NUMBER = re.compile(r"-?[0-9.]+")


@record
class Flat:
    """A constant density: what to declare, with further keyword arguments, and what to add to the log density.

    `mentions`: the unknown itself is in what is added.
    """

    spelled: Spelled
    further: tuple[str, ...] = ()
    potential: str = ""
    mentions: bool = False


def flat(bounds: Bounds, variable: str, axes: tuple[str, ...], site: Site) -> Flat:
    """Return a density of 1 between bounds. `variable` is the Python name that the unknown has, `axes` its index sets.

    Up to a constant where the bounds are known; exactly where they depend on unknowns.
    """
    low, high = (None if item is None else align(item, site.order, 0) for item in bounds)
    if low is None and high is None:
        return Flat(Spelled("Flat", ()))
    random = any(item is not None and item.random for item in bounds)
    if low is not None and high is not None:
        uniform = Spelled("Uniform", (f"lower={low.text}", f"upper={high.text}"))
        if not random:
            return Flat(uniform)
        # A uniform density is one over the width; the width is not constant, so it has to go.
        width = join("-", high, low, SUM) if low.text != "0" else high
        return Flat(uniform, (), f"{site.function('pt.log')}({width.text})")
    if low is not None and low.text == "0":
        return Flat(Spelled("HalfFlat", ()))
    limit = low or high or Code("0")
    if random:
        inside = f"{variable} {'>' if low is not None else '<'} {limit.at_least(SUM)}"
        infinite = f"-{site.function('np.inf')}"
        return Flat(Spelled("Flat", ()), (), f"{site.function('pt.switch')}({inside}, 0, {infinite})", mentions=True)
    side = "lower" if low is not None else "upper"
    other = "upper" if low is not None else "lower"
    start = f"{limit.at_least(SUM)} {'+' if low is not None else '-'} 1"
    if axes:
        start = f"{site.function('np.full')}({shape(axes, site.scope)}, {start})"
    interval = f"{site.function('pm.distributions.transforms.Interval')}({_sides(side, limit.text, other)})"
    return Flat(Spelled("Flat", ()), (f"default_transform={interval}", f"initval={start}"))


def start_of(cut: Spelled, axes: tuple[str, ...], site: Site) -> tuple[str, ...]:
    """Return the keyword argument for where sampling of a truncated unknown begins: inside of the bounds.

    PyMC begins at the mean of the whole distribution even if that is a bound, where its coordinate is infinite, and
    at half the width between two bounds wherever these are. It has a better choice for the normal.
    """
    base, *given = cut.args
    if base.startswith("pm.Normal.dist("):
        return ()
    if cut.moving:
        return ('initval="prior"',)  # PyMC takes no value that depends on other unknowns
    ends = dict(item.split("=", 1) for item in given)
    if len(ends) == 2:
        text = f"({ends['lower']} + {ends['upper']}) / 2"
    else:
        ((side, end),) = ends.items()
        text = f"{end} {'+' if side == 'lower' else '-'} 1"
    if all(_NUMBER.fullmatch(end) for end in ends.values()):
        numbers = [float(end) for end in ends.values()]
        text = f"{sum(numbers) / 2 if len(numbers) == 2 else numbers[0] + (1 if 'lower' in ends else -1):g}"
    if axes:
        text = f"{site.function('np.full')}({shape(axes, site.scope)}, {text})"
    return (f"initval={text}",)


def _sides(side: str, limit: str, other: str) -> str:
    sides = {side: limit, other: "None"}
    return f"lower={sides['lower']}, upper={sides['upper']}"


def between(dist: Dist) -> Dist:
    """Return a truncated distribution with its own end where it is not cut: PyMC lets an unknown move as far as the
    truncation says, and would try values that the distribution does not have."""
    if not dist.truncated:
        return dist
    row, values = row_named(dist.row), dict(dist.args)
    lower = _fill(row.lower, values) if dist.lower is None else dist.lower
    upper = _fill(row.upper, values) if dist.upper is None else dist.upper
    return replace(dist, lower=lower, upper=upper)


def further_bounds(support: Support, dist: Dist, derived: Collection[str]) -> tuple[Expr | None, Expr | None]:
    """Return the bounds that an unknown has besides those of its prior (its own, and where it is truncated).

    `derived` are names that the plan has written out in the support, so that one bound may read in two ways.
    """
    row, values = row_named(dist.row), dict(dist.args)
    own = [_fill(tree, values) for tree in (row.lower, row.upper)]
    return (
        None if _known(support.lower, (own[0], dist.lower), "fmax", derived) else support.lower,
        None if _known(support.upper, (own[1], dist.upper), "fmin", derived) else support.upper,
    )


def _known(stated: Expr | None, natural: tuple[Expr | None, Expr | None], func: str, derived: Collection[str]) -> bool:
    """Say whether a bound is but that of the distribution and that of its truncation, of which the tighter holds."""
    given = [folded(bound) for bound in natural if bound is not None]
    rest = [part for part in parts(func, stated) if part not in given]
    # A definition stands in the stated bound as what defines it.
    written_out = [bound for bound in given if bound is not None and not names(bound).isdisjoint(derived)]
    return len(rest) <= len(written_out)


def _fill(tree: Expr | None, values: dict[str, Expr]) -> Expr | None:
    return None if tree is None else substitute(tree, values)
