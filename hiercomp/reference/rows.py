"""The log density of one row of the catalogue, whether its values are numbers or arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp.catalog import Distribution
from hiercomp.reference import densities, multivariate
from hiercomp.reference.evaluate import Frame, align
from hiercomp.reference.matrices import rounded

type Array = npt.NDArray[Any]
type Floats = npt.NDArray[np.float64]


def log_density(row: Distribution, args: Mapping[str, Array], x: Array, frame: Frame) -> Floats:
    """Return log densities of values that have an axis for each index variable of `frame`, then those of their own."""
    if not row.multivariate:
        return densities.log_density(row, *_aligned(args, x, frame))
    args = {key: rounded(a, frame.rounding) if row.param(key).support == "cov" else a for key, a in args.items()}
    return multivariate.log_density(row, args, rounded(x, frame.rounding) if row.event_shape == "cov" else x)


def _aligned(args: Mapping[str, Array], x: Array, frame: Frame) -> tuple[dict[str, Array], Array]:
    """Return arguments and a variate with the same axes."""
    x, *values = align([x, *args.values()], frame.depth)
    return dict(zip(args, values, strict=True)), x
