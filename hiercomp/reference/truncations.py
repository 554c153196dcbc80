"""How much of a distribution a truncation leaves, which decides how exactly a target can renormalise it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hiercomp.catalog import Distribution, row_named
from hiercomp.expr import Expr
from hiercomp.model.ir import Dist, Model, RandomStmt
from hiercomp.reference import densities
from hiercomp.reference.evaluate import Frame, align, evaluate
from hiercomp.reference.functions import Array
from hiercomp.reference.model import arguments, known


@dataclass(frozen=True, slots=True)
class Truncation:
    """A truncated distribution of one statement at one point: its row, its arguments, and the logarithm of what is
    left of it, for all positions of the index variables (they broadcast)."""

    label: str
    row: Distribution
    args: Mapping[str, Array]
    log_left: densities.Floats

    def ever(self, condition: Expr) -> bool:
        """Say whether a tree over the row's parameters is true anywhere."""
        return bool(np.any(evaluate(condition, Frame(self.args, {}))))


def truncations(model: Model, point: Mapping[str, Any]) -> list[Truncation]:
    """Return the truncated distributions of a model's statements, those of all cases, at the point given.

    Raises `EvaluationError` as `log_density` does.
    """
    state = known(model, point, None)
    found: list[Truncation] = []
    for stmt in model.statements:
        if isinstance(stmt, RandomStmt):
            cut = [dist for dist in (stmt.dist, *(dist for _, dist in stmt.cases)) if dist.truncated]
            found += [_truncation(stmt.common.label, dist, state.frame(stmt.common.binders)) for dist in cut]
    return found


def _truncation(label: str, dist: Dist, frame: Frame) -> Truncation:
    row = row_named(dist.row)
    args = arguments(dist, frame)
    bounds = [None if bound is None else evaluate(bound, frame) for bound in (dist.lower, dist.upper)]
    aligned = iter(align([*args.values(), *(bound for bound in bounds if bound is not None)], frame.depth))
    given = {name: next(aligned) for name in args}
    lower, upper = (None if bound is None else next(aligned).astype(float) for bound in bounds)
    with np.errstate(all="ignore"):
        return Truncation(label, row, given, densities.log_mass(row, given, lower, upper))
