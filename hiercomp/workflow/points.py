"""Where the densities of a model are compared, and what the catalogue says of how exact they are there."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from hiercomp import reference
from hiercomp.agree import choose_points
from hiercomp.catalog.schema import Limit
from hiercomp.engines.base import Point
from hiercomp.expr import names
from hiercomp.model.ir import DefineStmt, Dist, Model, RandomStmt, Role
from hiercomp.reference.links import by_link, shadows_of


def points_of(model: Model, seed: int) -> list[Point]:
    """Return the points at which densities are compared: prior draws, where there is a proper prior, and wide ones."""
    return choose_points(
        simulate=lambda rng: reference.prior_point(model, rng),
        wide=lambda rng, scale: reference.wide_point(model, rng, scale),
        seed=seed,
        inside=lambda point: reference.inside(model, point),
    )


def limits_of(model: Model) -> dict[str, tuple[Limit, ...]]:
    """Return, for the label of each statement whose catalogue rows state any, the limits of its densities."""
    found: dict[str, tuple[Limit, ...]] = {}
    moving = {symbol.name for symbol in model.symbols if symbol.role in (Role.PARAMETER, Role.DERIVED)}
    shadows = shadows_of([statement for statement in model.statements if isinstance(statement, DefineStmt)])
    for statement in model.statements:
        if isinstance(statement, RandomStmt):
            dists = (statement.dist, *(dist for _, dist in statement.cases))
            limits = tuple(dict.fromkeys(limit for dist in dists for limit in _limits(dist, moving, shadows)))
            if limits:
                found[statement.common.label] = limits
    return found


def _limits(dist: Dist, moving: Collection[str], shadows: Mapping[str, str]) -> list[Limit]:
    row, args = by_link(dist, shadows)  # programs take log odds as they are, too
    cut = dist.truncated or dist.censored is not None
    rows = [limit for limit in row.limits if not limit.of_truncation or (cut if limit.argument else dist.truncated)]
    rows = [limit for limit in rows if not limit.rounding]
    return [limit for limit in rows if not limit.argument or not names(args[limit.argument]).isdisjoint(moving)]


def beyond_limits(model: Model, points: Sequence[Point]) -> list[frozenset[str]]:
    """Return, for each point, the labels of the statements whose truncation some target cannot renormalise there.

    A normaliser that is the same at all points is a constant factor, however inexact.
    """
    if not any(limit.of_truncation for limits in limits_of(model).values() for limit in limits):
        return [frozenset()] * len(points)
    seen = [reference.truncations(model, point) for point in points]
    moving = {place for place, rows in enumerate(zip(*seen, strict=True)) if _differ([row.log_left for row in rows])}
    return [
        frozenset(item.label for place, item in enumerate(found) if place in moving and _beyond(item)) for found in seen
    ]


def within_limits(model: Model, points: Sequence[Point]) -> tuple[list[Point], dict[str, int]]:
    """Return the points at which all targets can renormalise what is truncated, and how many of the others there are
    by the label of the statement at which they fail."""
    failing = beyond_limits(model, points)
    kept = [point for point, labels in zip(points, failing, strict=True) if not labels]
    return kept, dict(Counter(label for labels in failing for label in sorted(labels)))


def _differ(values: Sequence[np.ndarray]) -> bool:
    return any(not np.array_equal(value, values[0]) or not np.isfinite(value).all() for value in values)


def _beyond(item: reference.Truncation) -> bool:
    for limit in item.row.limits:
        if limit.least_left and not (item.log_left >= math.log(limit.least_left)).all():
            return True
        if limit.where is not None and item.ever(limit.where):
            return True
    return False
