"""Rows as a table, their geometric means, and the targets they miss."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rates.compare import Row, Side

GRADIENT_TARGETS = {"geometric_mean": 1.0, "each": 0.9, "naive": 3.0}
_HEADER = (
    "| model | backend | gradients/s emitted | by hand | ratio | effective draws/s emitted | by hand | ratio "
    "| seconds to compile emitted | by hand |\n|---|---|---|---|---|---|---|---|---|---|"
)


def geometric_mean(ratios: Iterable[float]) -> float:
    """Return the geometric mean; nan of none."""
    logs = [math.log(ratio) for ratio in ratios]
    return math.exp(math.fsum(logs) / len(logs)) if logs else math.nan


def render(rows: Sequence[Row], *, header: bool = True) -> str:
    """Return the rows as a Markdown table."""
    lines = [_HEADER] if header else []
    for row in rows:
        name = f"| {row.model}{' (naive)' if row.naive else ''} | {row.backend} ({row.engine}) |"
        if row.emitted is None or row.hand is None:
            lines.append(f"{name} {row.problem} |" + " |" * 7)
            continue
        sides = (row.emitted, row.hand)
        gradients = _pair([side.gradients for side in sides], row.gradient_ratio)
        draws = _pair([side.draws for side in sides], row.draws_ratio)
        lines.append(f"{name} {gradients} | {draws} | {_seconds(row.emitted)} | {_seconds(row.hand)} |")
    return "\n".join(lines)


def _pair(figures: Sequence[float | None], ratio: float | None) -> str:
    shown = [f"{figure:,.0f}" if figure is not None else "" for figure in figures]
    return " | ".join([*shown, f"{ratio:.2f}" if ratio is not None else ""])


def _seconds(side: Side) -> str:
    return f"{side.compiling:.1f}"


def summary(rows: Sequence[Row]) -> str:
    """Return the geometric means by backend, of the tuned programs."""
    lines: list[str] = []
    for backend in dict.fromkeys(row.backend for row in rows):
        tuned = [row for row in rows if row.backend == backend and not row.naive]
        gradients = [row.gradient_ratio for row in tuned if row.gradient_ratio is not None]
        draws = [row.draws_ratio for row in tuned if row.draws_ratio is not None]
        if gradients:
            mean, least = geometric_mean(gradients), min(gradients)
            effective = f"; effective draws {geometric_mean(draws):.2f} (least {min(draws):.2f})" if draws else ""
            lines.append(f"{backend}: gradients {mean:.2f} (least {least:.2f}) of {len(gradients)} models{effective}")
    return "\n".join(lines) or "nothing was measured"


def misses(rows: Sequence[Row]) -> list[str]:
    """Return a line for each target missed, and for each comparison that could not be made."""
    lines = [f"{row.model} ({row.backend}): {row.problem}" for row in rows if row.problem]
    for row in rows:
        least = GRADIENT_TARGETS["naive" if row.naive else "each"]
        if row.gradient_ratio is not None and row.gradient_ratio < least:
            lines.append(f"{row.model} ({row.backend}): {row.gradient_ratio:.2f} of the gradients, below {least}")
    for backend in dict.fromkeys(row.backend for row in rows):
        tuned = [row.gradient_ratio for row in rows if row.backend == backend and not row.naive]
        mean = geometric_mean(ratio for ratio in tuned if ratio is not None)
        if mean < GRADIENT_TARGETS["geometric_mean"]:
            lines.append(f"{backend}: the geometric mean of the gradient rates' ratios is {mean:.2f}, below 1.0")
    return lines
