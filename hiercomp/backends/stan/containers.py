"""How Stan holds a quantity: which of its axes are arrays, and whether the rest is a number, a vector or a matrix."""

from __future__ import annotations

from typing import Literal

from hiercomp.expr import Elem
from hiercomp.records import record

_VECTORS = {
    "simplex": "simplex",
    "ordered": "ordered",
    "positive ordered": "positive_ordered",
    "unit vector": "unit_vector",
}
_MATRICES = {
    "corr": "corr_matrix",
    "cov": "cov_matrix",
    "cholesky corr": "cholesky_factor_corr",
    "cholesky cov": "cholesky_factor_cov",
}


@record
class Container:
    """`axes` are the index sets; the first `arrays` of them are array dimensions, the others belong to `base`."""

    axes: tuple[str, ...]
    arrays: int
    base: Literal["int", "real", "vector", "matrix"]
    type: str

    def declared(self, name: str, sizes: tuple[str, ...], constraint: str = "") -> str:
        """Return ``vector<lower=0>[N] name`` and the like, for the sizes of all axes in order."""
        outer, inner = sizes[: self.arrays], sizes[self.arrays :]
        array = f"array[{', '.join(outer)}] " if outer else ""
        # A square constrained type is given its size once.
        given = inner[:1] if self.type in _MATRICES.values() else inner
        size = f"[{', '.join(given)}]" if given else ""
        return f"{array}{self.type}{constraint}{size} {name}"

    def filled(self, value: str, sizes: tuple[str, ...]) -> str:
        """Return a whole quantity each element of which is `value`."""
        outer, inner = sizes[: self.arrays], sizes[self.arrays :]
        text = f"rep_{self.base}({', '.join((value, *inner))})" if inner else value
        return f"rep_array({', '.join((text, *outer))})" if outer else text


def container(axes: tuple[str, ...], elem: Elem, event_rank: int = 0, shape: str = "") -> Container:
    """Return how Stan holds a quantity; numbers without an event of their own fill vectors and matrices."""
    if shape in _VECTORS:
        return Container(axes, len(axes) - 1, "vector", _VECTORS[shape])
    if shape in _MATRICES:
        return Container(axes, len(axes) - 2, "matrix", _MATRICES[shape])
    if elem != "real":
        return Container(axes, len(axes), "int", "int")
    inner = min(event_rank or len(axes), 2)
    base = ("real", "vector", "matrix")[inner]
    return Container(axes, len(axes) - inner, base, base)


def drawn(axes: tuple[str, ...], elem: Elem, event_rank: int = 0) -> Container:
    """Return how Stan holds what its ``_rng`` functions return: arrays, unless the event is a vector or a matrix."""
    if event_rank or elem != "real":
        return container(axes, elem, event_rank)
    return Container(axes, len(axes), "real", "real")
