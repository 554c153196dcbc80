"""Distributions: the call of the catalogue's spelling, truncated, mixed by cases, or bounded."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.printing import Code, call
from hiercomp.backends.pymc import functions, own
from hiercomp.backends.pymc.arrays import Array, align
from hiercomp.backends.pymc.expressions import expression
from hiercomp.backends.pymc.scope import Site, refuse
from hiercomp.catalog import row_named
from hiercomp.catalog.schema import Unsupported
from hiercomp.expr import INT, Choose, Expr, Stack, number
from hiercomp.model.ir import Dist
from hiercomp.plan.weights import whole_weights
from hiercomp.records import record, replace

type Cases = Sequence[tuple[Expr, Dist]]
type Bounds = tuple[Array | None, Array | None]


# Their variables keep the shape of their arguments, to which `pm.logp` wants to cut the density of a larger value.
_KEEPING_SHAPE = frozenset({"Weibull"})


@record
class Spelled:
    """A PyMC distribution: the class and the arguments after the name. `random`: an argument depends on unknowns.

    With `row`, its density is a function of the module, made of the row with that name. `moving`: it is truncated at a
    bound that depends on unknowns.
    """

    name: str
    args: tuple[str, ...]
    random: bool = False
    row: str = ""
    moving: bool = False

    def dist(self, site: Site) -> str:
        """Return the distribution as a value, without a name in the model."""
        return f"{site.function('pm.' + self.name)}.dist({', '.join(self.args)})"

    def logp(self, value: Code | str, site: Site) -> Code:
        """Return the log density of a value, which may have more elements than the arguments."""
        if self.name in _KEEPING_SHAPE:
            return call(site.function(f"pm.{self.name}.logp"), value, *self.args)
        return call(site.function("pm.logp"), self.dist(site), value)

    def variable(self, site: Site, name: str, *further: str) -> str:
        """Return the distribution as a variable of the model; `name` is a Python literal."""
        return f"{site.function('pm.' + self.name)}({', '.join((name, *self.args, *further))})"


def spell(dist: Dist, cases: Cases, site: Site, outer: tuple[str, ...], rank: int = 0) -> Spelled:
    """Return a distribution for a variate with the axes `outer` and `rank` inner ones.

    Raises:
        CannotEmit: PyMC lacks the distribution, or the combination of cases and truncations.
    """
    merged = _merged(dist, cases)
    if merged is not None:
        plain = _plain(merged, site, outer, rank)
        if not merged.truncated:
            return plain
        return truncate(plain, bounds_of(merged.lower, merged.upper, site), outer, rank, site)
    parts = [spell(item, (), site, outer, rank) for item in (*(item for _, item in cases), dist)]
    which = Choose(tuple((when, _whole(place)) for place, (when, _) in enumerate(cases)), _whole(len(cases)), INT)
    chosen = expression(which, site)
    # One row of the identity matrix for each observation: all weight on the case that holds.
    weights = (
        f"{site.function('pt.eye' if chosen.random else 'np.eye')}({len(parts)})[{align(chosen, outer, rank).text}]"
    )
    listed = ", ".join(part.dist(site) for part in parts)
    return Spelled("Mixture", (f"w={weights}", f"comp_dists=[{listed}]"), any(part.random for part in parts))


def _whole(value: int) -> Expr:
    return replace(number(value), type=INT)


def _merged(dist: Dist, cases: Cases) -> Dist | None:
    """Return one distribution with piecewise arguments, where all cases are of one kind."""
    if not cases:
        return dist
    if dist.parts:
        return None
    shapes = {(item.row, item.lower is None, item.upper is None) for _, item in cases}
    if shapes != {(dist.row, dist.lower is None, dist.upper is None)}:
        return None
    args = tuple(
        (name, _piecewise([(when, dict(item.args)[name]) for when, item in cases], value)) for name, value in dist.args
    )
    lower, upper = (
        None if last is None else _piecewise([(when, bound) for when, bound in bounds if bound is not None], last)
        for last, bounds in (
            (dist.lower, [(when, item.lower) for when, item in cases]),
            (dist.upper, [(when, item.upper) for when, item in cases]),
        )
    )
    return replace(dist, args=args, lower=lower, upper=upper)


def _piecewise(cases: list[tuple[Expr, Expr]], otherwise: Expr) -> Expr:
    if all(value == otherwise for _, value in cases):
        return otherwise
    return Choose(tuple(cases), otherwise)


def _plain(dist: Dist, site: Site, outer: tuple[str, ...], rank: int) -> Spelled:
    if dist.parts:
        return mixed(dist, site, outer, rank)
    spelling = row_named(dist.row).pymc
    if isinstance(spelling, Unsupported):
        raise refuse("H85", f"PyMC has no {dist.row} distribution: {spelling.reason}", dist.span)
    if dist.row == "Categorical-Logit":
        from hiercomp.backends.pymc.choices import by_segments  # noqa: PLC0415

        segments = by_segments(dict(dist.args)["logits"], site, outer)
        if segments is not None:
            return Spelled("CustomDist", segments, random=True)
    given = {name: expression(value, site) for name, value in dist.args}
    arrays = [expression(tree, site, given) for tree in spelling.args]
    if "pymc" in row_named(dist.row).own:
        from hiercomp.backends.pymc import formulas  # noqa: PLC0415 - few models have one

        return formulas.spelled(row_named(dist.row), arrays, site, outer, rank)
    multivariate = row_named(dist.row).multivariate
    # The axes of one variate stand behind all others, and each argument has its own.
    texts = [align(array, outer, len(array.inner) if multivariate else rank).text for array in arrays]
    keywords = spelling.keywords or ("",) * len(texts)
    args = tuple(f"{key}={text}" if key else text for key, text in zip(keywords, texts, strict=True))
    name, args = own.spelled(spelling.name, args, site.scope)
    return Spelled(name, args, any(array.random for array in arrays))


def mixed(dist: Dist, site: Site, outer: tuple[str, ...], rank: int) -> Spelled:
    """Return a mixture, with the weights along the last axis."""
    running = dist.parts[0].binder
    if running is not None:
        (part,) = dist.parts
        inside = site.inside((running,))
        along = (*outer, running.var)
        weights = expression(part.weight, inside)
        one = spell(part.dist, (), inside, along, rank)
        args = (f"w={align(weights, along, rank).text}", f"comp_dists={one.dist(inside)}")
        return Spelled("Mixture", args, weights.random or one.random)
    whole = whole_weights(dist.parts, lambda name: site.scope.symbols[name].axes, site.scope.sets)
    if whole is None:
        listed_weights = Stack(tuple(part.weight for part in dist.parts))
        weights = functions.stack([expression(part.weight, site) for part in dist.parts], listed_weights, site)
    else:
        weights = expression(whole, site)
    parts = [spell(part.dist, (), site, outer, rank) for part in dist.parts]
    random = weights.random or any(part.random for part in parts)
    listed = ", ".join(part.dist(site) for part in parts)
    return Spelled("Mixture", (f"w={align(weights, outer, 1).text}", f"comp_dists=[{listed}]"), random)


def bounds_of(lower: Expr | None, upper: Expr | None, site: Site) -> Bounds:
    """Return the code of bounds, None where there is none."""
    return (
        None if lower is None else expression(lower, site),
        None if upper is None else expression(upper, site),
    )


def truncate(plain: Spelled, bounds: Bounds, outer: tuple[str, ...], rank: int, site: Site) -> Spelled:
    """Return `plain` cut at the bounds and renormalised."""
    if plain.row:
        from hiercomp.backends.pymc import formulas  # noqa: PLC0415 - few models have one

        plain = formulas.with_tail(plain, site)
    given = [(side, array) for side, array in zip(("lower", "upper"), bounds, strict=True) if array is not None]
    args = [f"{side}={align(array, outer, rank).text}" for side, array in given]
    moving = any(array.random for _, array in given)
    return Spelled("Truncated", (plain.dist(site), *args), plain.random or moving, moving=moving)
