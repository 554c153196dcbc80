"""Distributions that SciPy lacks, or has in another sense, with the methods that SciPy's own have."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

_BETA: Any = stats.beta
type Floats = npt.NDArray[np.float64]


class Kumaraswamy:
    """The Kumaraswamy distribution: ``x ** a`` is a beta variate with shapes 1 and `b` (Jones, 2009)."""

    def logpdf(self, x: Any, a: Any, b: Any) -> Floats:
        """Return the log density."""
        return _BETA.logpdf(np.power(x, a), 1, b) + np.log(a) + (a - 1) * np.log(x)

    def logcdf(self, x: Any, a: Any, b: Any) -> Floats:
        """Return log P(X <= x)."""
        return np.log(-np.expm1(self.logsf(x, a, b)))

    def logsf(self, x: Any, a: Any, b: Any) -> Floats:
        """Return log P(X > x)."""
        # Where the variate is close to one, its power has no digits left to say how close.
        return b * np.log(-np.expm1(a * np.log(x)))

    def ppf(self, probability: Any, a: Any, b: Any) -> Floats:
        """Return where P(X <= x) is `probability`."""
        return np.power(-np.expm1(np.log1p(-probability) / b), 1 / a)

    def isf(self, probability: Any, a: Any, b: Any) -> Floats:
        """Return where P(X > x) is `probability`."""
        return np.power(-np.expm1(np.log(probability) / b), 1 / a)

    def rvs(self, a: Any, b: Any, size: Any, random_state: np.random.Generator) -> Floats:
        """Return draws."""
        return np.power(_BETA.rvs(1, b, size=size, random_state=random_state), 1 / a)


FAMILIES: dict[str, Any] = {"families.kumaraswamy": Kumaraswamy()}
