"""Discrete unknowns: their density is a sum over all values of theirs, each of which the model is evaluated at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special as scipy_special

from hiercomp.expr import INT, Const, Expr
from hiercomp.model.ir import AddStmt, Latent, Model, RandomStmt
from hiercomp.model.parts import changed
from hiercomp.plan.values import with_value
from hiercomp.reference.evaluate import evaluate
from hiercomp.reference.state import State

special: Any = scipy_special  # some of its functions have no types
type Floats = npt.NDArray[np.float64]


def labels(latent: Latent) -> Iterator[str]:
    """Yield the labels of the statements that are no terms of their own, because an unknown is summed out of them."""
    yield latent.prior.common.label
    yield from (member.stmt.common.label for member in latent.members)


def log_density(
    model: Model,
    latent: Latent,
    at: Callable[[Mapping[str, int]], State],
    elements: Callable[[State, RandomStmt | AddStmt], Floats],
) -> Floats:
    """Return the log density of each element of a discrete unknown with all that depends on it.

    `at` evaluates the model with one value for all elements of the unknown, `elements` a statement. Given its value,
    what depends on an element is independent of the others, so that all elements can be at one value at once.
    """
    statements = {stmt.common.label: stmt for stmt in model.statements if isinstance(stmt, RandomStmt)}
    count = model.index_set(latent.values).length
    terms: list[Floats] = []
    number = 0
    while count is None or number < count:
        state = at({latent.name: latent.first + number})
        count = state.lengths[latent.values]
        total = np.array(elements(state, statements[latent.prior.common.label]))
        for member in latent.members:
            each = elements(state, _at(statements[member.stmt.common.label], latent, latent.first + number))
            frame = state.frame(member.stmt.common.binders)
            places = tuple(np.broadcast_to(evaluate(sub, frame).astype(int) - 1, each.shape) for sub in member.subs)
            if places:
                np.add.at(total, places, each)
            else:
                total += each.sum()
        terms.append(total)
        number += 1
    return np.asarray(special.logsumexp(np.stack(terms), axis=0), dtype=float)


def _at(stmt: RandomStmt, latent: Latent, number: int) -> RandomStmt:
    """Return a statement with a value of the unknown written into it: `p * 1` is `p`, whose logit may be known."""
    value = Const(number, str(number), INT)

    def put(expr: Expr) -> Expr:
        return with_value(expr, latent.name, value)

    cases = tuple((put(when), changed(dist, put)) for when, dist in stmt.cases)
    return replace(stmt, dist=changed(stmt.dist, put), cases=cases)
