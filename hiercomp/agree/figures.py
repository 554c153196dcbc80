"""Figures as JSON can hold them."""

from __future__ import annotations

import math


def figure(value: float) -> float | str:
    """Return the number, or its name where JSON has no number for it: ``inf``, ``-inf``, ``nan``."""
    number = float(value)
    return number if math.isfinite(number) else str(number)
