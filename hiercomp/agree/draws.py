"""The draws of two fits, side by side: one row per scalar quantity that both have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hiercomp.agree.chains import Floats

LEFT_OUT = ("log_lik", "y_rep")

# Sums that ought to be constant (of a simplex, of effects that sum to zero) vary by rounding, and not alike in two
# programs.
ROUNDING = 1e-13
FEW = 0.2


@dataclass(frozen=True, slots=True)
class Matched:
    """`first` and `second` have the shape (quantities, chains, draws); `names` are ``tau``, ``theta[Choate]``.

    `unmatched` says of every name that only one fit has, or that has two shapes, what is the matter.
    """

    names: list[str]
    first: Floats
    second: Floats
    unmatched: tuple[str, ...]


def _array(variable: Any) -> Any:
    """Return the values as (..., chain, draw)."""
    dims = [dim for dim in variable.dims if dim not in ("chain", "draw")]
    return variable.transpose(*dims, "chain", "draw")


def _elements(name: str, variable: Any) -> list[str]:
    dims = variable.dims[:-2]
    if not dims:
        return [name]
    labels = [
        [str(label) for label in variable.coords[dim].values.tolist()]
        if dim in variable.coords
        else [str(k + 1) for k in range(variable.sizes[dim])]
        for dim in dims
    ]
    elements = [""]
    for axis in labels:
        elements = [f"{head}, {label}" if head else label for head in elements for label in axis]
    return [f"{name}[{element}]" for element in elements]


def match_draws(
    first: Any, second: Any, names: Iterable[str] | None = None, labels: Sequence[str] = ("first", "second")
) -> Matched:
    """Pair the variables of two DataTrees' posterior groups by name and shape, in the first fit's order.

    `names` restricts them; without it everything but ``log_lik...`` and ``y_rep...`` is taken.
    """
    sides = [tree["posterior"].dataset for tree in (first, second)]
    known = [[str(name) for name in side.data_vars] for side in sides]
    if names is None:
        wanted = [name for name in dict.fromkeys([*known[0], *known[1]]) if not name.startswith(LEFT_OUT)]
    else:
        wanted = list(dict.fromkeys(names))
    unmatched: list[str] = []
    rows: list[str] = []
    values: tuple[list[Any], list[Any]] = ([], [])
    for name in wanted:
        absent = [label for label, names_there in zip(labels, known, strict=True) if name not in names_there]
        if absent:
            unmatched.append(f"{name} is not in the fit of {' nor of '.join(absent)}")
            continue
        pair = [_array(side[name]) for side in sides]
        shapes = [tuple(int(size) for size in variable.shape[:-2]) for variable in pair]
        if shapes[0] != shapes[1]:
            unmatched.append(f"{name} has shape {shapes[0]} in {labels[0]}, {shapes[1]} in {labels[1]}")
            continue
        rows += _elements(name, pair[0])
        for kept, variable in zip(values, pair, strict=True):
            kept.append(np.asarray(variable.values, dtype=float).reshape(-1, *variable.shape[-2:]))
    blank = [np.empty((0, side.sizes["chain"], side.sizes["draw"])) for side in sides]
    stacked = [np.concatenate([empty, *kept]) for empty, kept in zip(blank, values, strict=True)]
    return Matched(rows, stacked[0], stacked[1], tuple(unmatched))


def statistic(tree: Any, name: str) -> Floats | None:
    """Return a sampler statistic, (chains, draws), or None where the fit has none."""
    if "sample_stats" not in tree.children or name not in tree["sample_stats"].dataset.data_vars:
        return None
    variable = tree["sample_stats"].dataset[name]
    return np.asarray(variable.transpose("chain", "draw").values, dtype=float)


def constants(matched: Matched) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], Floats]:
    """Return which quantities are constant in both fits, but for rounding, and how far the two constants lie apart in
    units of what rounding allows (above 1: they differ). Never a number in both counts as the same constant."""
    if not matched.names:
        return np.zeros(0, dtype=bool), np.zeros(0)
    sides = [side.reshape(len(matched.names), -1) for side in (matched.first, matched.second)]
    finite = [np.where(np.isfinite(side), side, 0.0) for side in sides]
    size = np.maximum(*(np.abs(side).max(axis=-1) for side in finite))
    allowed = ROUNDING * size
    whole = ROUNDING * max(float(np.median(np.abs(side), axis=-1).max()) for side in finite)
    still = np.ones(len(matched.names), dtype=bool)
    for side in sides:
        with np.errstate(invalid="ignore"):
            spread = np.ptp(side, axis=-1)
        same = np.isnan(side).all(axis=-1) | (side == side[:, :1]).all(axis=-1) | (spread <= allowed)
        # Around zero only the other quantities tell the scale; few distinct values tell rounding from a small unknown.
        for row in np.flatnonzero(~same & (spread <= whole)):
            values = np.unique(side[row])
            same[row] = len(values) <= FEW * side.shape[-1] and bool((values != np.round(values)).any())
        still &= same
    centres = [np.median(side, axis=-1) for side in sides]
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(centres[0] - centres[1])
        spreads = [np.ptp(side, axis=-1) for side in sides]
        room = np.fmax(allowed, np.fmax(*spreads))
        distance = np.where(centres[0] == centres[1], 0.0, apart / room)
    both = np.isnan(sides[0]).all(axis=-1) & np.isnan(sides[1]).all(axis=-1)
    distance = np.where(both, 0.0, np.where(np.isnan(distance), np.inf, distance))
    return still, distance
