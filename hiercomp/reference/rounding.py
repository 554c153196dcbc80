"""By how much rounding of covariances changes log densities: what is left of them where they are nearly singular."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp.catalog import row_named
from hiercomp.expr import Call, walk
from hiercomp.model.ir import Model, RandomStmt
from hiercomp.model.parts import every_dist
from hiercomp.reference.model import log_density
from hiercomp.reference.order import needs

type Floats = npt.NDArray[np.float64]

_DRAWS = 4


def decomposes(model: Model) -> bool:
    """Say whether the Cholesky factor of a matrix is taken anywhere, by a function or within a distribution."""
    for stmt in model.statements:
        if isinstance(stmt, RandomStmt):
            whole = (stmt.dist, *(dist for _, dist in stmt.cases))
            rows = [row_named(one.row) for dist in whole for one in every_dist(dist)]
            if any(param.support == "cov" for row in rows for param in row.params):
                return True
        if any(isinstance(node, Call) and node.func == "cholesky" for expr in needs(stmt) for node in walk(expr)):
            return True
    return False


def rounded_densities(model: Model, points: Sequence[Mapping[str, Any]]) -> tuple[Floats, dict[str, Floats]]:
    """Return log densities and every statement's terms, (draws, points) each, with covariances rounded at random."""
    seen = [[log_density(model, point, rounding=seed) for point in points] for seed in range(_DRAWS)]
    totals = np.array([[total for total, _ in row] for row in seen])
    return totals, {label: np.array([[terms[label] for _, terms in row] for row in seen]) for label in seen[0][0][1]}
