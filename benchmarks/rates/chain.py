"""What sampling gives: draws, and the processor time that they took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hiercomp.agree.chains import ess_bulk

TARGET_ACCEPT = 0.95


@dataclass(frozen=True, slots=True)
class Chain:
    """The draws of all unknowns after warm-up, shape (draws, unknowns), and the seconds of processor time for them.

    The time is that of the whole chain times the share of its gradients that were evaluated after warm-up.
    """

    draws: npt.NDArray[np.float64]
    seconds: float


def effective_rate(chains: Sequence[Chain]) -> float:
    """Return effective draws a second: the bulk effective sample size of the unknown that mixes worst."""
    draws = np.stack([chain.draws for chain in chains]).transpose(2, 0, 1)
    constant = np.ptp(draws, axis=(1, 2)) == 0  # an element that its constraint fixes
    return float(ess_bulk(draws[~constant]).min()) / sum(chain.seconds for chain in chains)
