"""The meaning of the language in NumPy and SciPy: log densities, derived quantities, draws. Exact, not fast."""

from hiercomp.reference.evaluate import EvaluationError
from hiercomp.reference.model import derive, log_density, log_lik
from hiercomp.reference.rounding import decomposes, rounded_densities
from hiercomp.reference.simulate import CannotSimulateError, Simulation, prior_point, simulate
from hiercomp.reference.transforms import constrain, inside, unconstrain, wide_point
from hiercomp.reference.truncations import Truncation, truncations

__all__ = [
    "CannotSimulateError",
    "EvaluationError",
    "Simulation",
    "Truncation",
    "constrain",
    "decomposes",
    "derive",
    "inside",
    "log_density",
    "log_lik",
    "prior_point",
    "rounded_densities",
    "simulate",
    "truncations",
    "unconstrain",
    "wide_point",
]
