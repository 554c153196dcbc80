"""Whether two programs are the same model: log densities, gradients and draws compared."""

from hiercomp.agree.convergence import Convergence
from hiercomp.agree.density import compare_densities
from hiercomp.agree.density_result import DensityResult, PairError, TermError, no_comparison
from hiercomp.agree.gradients import GradientError, matching
from hiercomp.agree.paths import neighbours, slopes
from hiercomp.agree.points import choose_points
from hiercomp.agree.posterior import compare_posteriors, judge, measure
from hiercomp.agree.quantities import Comparison, PosteriorResult, Quantity

__all__ = [
    "Comparison",
    "Convergence",
    "DensityResult",
    "GradientError",
    "PairError",
    "PosteriorResult",
    "Quantity",
    "TermError",
    "choose_points",
    "compare_densities",
    "compare_posteriors",
    "judge",
    "matching",
    "measure",
    "neighbours",
    "no_comparison",
    "slopes",
]
