"""Values of non-centered unknowns as the standardised values that programs sample, and the scale between the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from hiercomp.expr import Ref
from hiercomp.model.ir import Model, RandomStmt, Role
from hiercomp.reference.evaluate import Frame, align, evaluate, spread
from hiercomp.reference.functions import Array
from hiercomp.reference.matrices import cholesky
from hiercomp.reference.model import Floats, arguments, known

_LOCATIONS = ("mean", "location")


def standardise(
    model: Model, raws: Mapping[str, str], point: Mapping[str, Any], data: Mapping[str, Any] | None = None
) -> tuple[dict[str, Array], float]:
    """Return a point of `model` in terms of the unknowns that programs sample, and the log of the scale between them.

    `point` has the spec's own unknowns; `raws` names the standardised unknown of each that is non-centered. For
    theta = location + scale * raw the density of raw is that of theta times the scale (for vectors, times the
    determinant of the Cholesky factor): the log of all these factors is what the log densities differ by.
    """
    made = tuple(replace(model.symbol(name), name=raw, role=Role.DERIVED, event_rank=0) for name, raw in raws.items())
    state = known(replace(model, symbols=(*model.symbols, *made)), point, data)
    log_scale = 0.0
    for stmt in model.statements:
        if not isinstance(stmt, RandomStmt) or not isinstance(stmt.lhs, Ref) or stmt.lhs.name not in raws:
            continue
        frame = state.frame(stmt.common.binders)
        value = evaluate(stmt.lhs, frame)
        if stmt.centering == "non-centered":
            value, logs = _standard(stmt, value, frame)
            logs = spread(logs, frame)
            log_scale += float((logs if frame.mask is None else np.where(frame.mask, logs, 0.0)).sum())
        state.assign(raws[stmt.lhs.name], stmt.lhs.subs, frame, value)
    unknown = {symbol.name for symbol in model.symbols if symbol.role is Role.PARAMETER}
    return {name: state.values[name] for name in (*(unknown - raws.keys()), *raws.values())}, log_scale


def _standard(stmt: RandomStmt, value: Array, frame: Frame) -> tuple[Floats, Floats]:
    """Return the standardised values, and the log of the scale at each position of `frame`."""
    args = arguments(stmt.dist, frame)
    location = next(args[word] for word in _LOCATIONS if word in args)
    scale = next((args[word] for word in ("sd", "scale") if word in args), None)
    with np.errstate(all="ignore"):
        if scale is not None:
            value, location, scale = align([value, location, scale], frame.depth)
            return (value - location) / scale, np.log(scale)
        factor = args["cholesky"] if "cholesky" in args else cholesky(args["cov"])
        away = value - location
        lead = np.broadcast_shapes(factor.shape[:-2], away.shape[:-1])
        factor = np.broadcast_to(factor, (*lead, *factor.shape[-2:]))
        found = np.linalg.solve(factor, np.broadcast_to(away, (*lead, away.shape[-1]))[..., np.newaxis])[..., 0]
        return found, np.log(np.diagonal(factor, axis1=-2, axis2=-1)).sum(axis=-1)
