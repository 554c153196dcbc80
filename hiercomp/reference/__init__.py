"""The meaning of the language in NumPy and SciPy: log densities, derived quantities, draws. Exact, not fast."""

from hiercomp.reference.evaluate import EvaluationError
from hiercomp.reference.model import derive, log_density, log_lik
from hiercomp.reference.simulate import CannotSimulateError, Simulation, simulate
from hiercomp.reference.transforms import constrain, unconstrain, wide_point

__all__ = [
    "CannotSimulateError",
    "EvaluationError",
    "Simulation",
    "constrain",
    "derive",
    "log_density",
    "log_lik",
    "simulate",
    "unconstrain",
    "wide_point",
]
