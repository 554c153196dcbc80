"""Constrained spaces: which arguments have to lie in one, and whether bound data do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import fsum

from hiercomp.catalog.schema import Shape
from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.model import matrices
from hiercomp.model.binding import Datum
from hiercomp.model.scope import Context, Sym
from hiercomp.source import Span

# By the support of a parameter: the space of its value, and how many of its last axes that space has.
SHAPES: Mapping[str, tuple[Shape, int]] = {
    "simplex": ("simplex", 1),
    "ordered": ("ordered", 1),
    "corr": ("corr", 2),
    "cov": ("cov", 2),
    "cholesky corr": ("cholesky corr", 2),
    "cholesky cov": ("cholesky cov", 2),
}
# What Stan leaves to rounding when it validates.
_ROUNDING = 1e-8


def check_members(context: Context, sym: Sym, shape: Shape, what: str, span: Span | None) -> None:
    """Report the first vector or matrix of bound data that does not lie in the space `shape` (H10)."""
    datum = sym.datum
    if datum is None or datum.elem == "str" or not shape:
        return
    rank = rank_of(shape)
    if len(datum.lengths) < rank:
        return
    for index, values in _events(datum, rank):
        found = _fault(shape, values[0]) if rank == 1 else matrices.fault(shape, values)
        if not found:
            continue
        from hiercomp.model.hints import in_space  # noqa: PLC0415

        first = (*index, *(0,) * rank)
        place = datum.span(first)
        raise context.refuse(
            Diagnostic(
                "H10",
                f"{what} is no {name_of(shape)}",
                span,
                _WANTED.get(shape) or matrices.WANTED[shape],
                found if not index else f"{found} in {datum.row(first)}",
                in_space(shape, values, found),
                secondary=(Label(place, "in these values"),) if place else (),
            )
        )


_WANTED: Mapping[str, str] = {
    "simplex": "numbers that are not negative and sum to one",
    "ordered": "numbers each of which is above the one before",
    "positive ordered": "numbers above zero, each of which is above the one before",
    "sum to zero": "numbers that sum to zero",
    "unit vector": "numbers whose squares sum to one",
}


def name_of(shape: Shape) -> str:
    """Return what a member of a space is called."""
    return "vector that sums to zero" if shape == "sum to zero" else matrices.NAMES.get(shape, shape)


def rank_of(shape: Shape) -> int:
    """Return how many axes the members of a space have."""
    return 2 if shape in matrices.NAMES else 1


def _events(datum: Datum, rank: int) -> Iterator[tuple[tuple[int, ...], list[list[float]]]]:
    """Yield every vector (as one row) or matrix along the last axes with the 0-based index of the axes before it."""
    found: dict[tuple[int, ...], dict[tuple[int, ...], list[float]]] = {}
    for index, value in datum.items():
        rows = found.setdefault(index[: len(index) - rank], {})
        rows.setdefault(index[len(index) - rank : -1], []).append(float(value))
    for index, rows in found.items():
        yield index, list(rows.values())


def _fault(shape: Shape, vector: list[float]) -> str:
    match shape:
        case "simplex":
            if min(vector, default=0.0) < 0:
                return f"{min(vector):g}"
            total = fsum(vector)
            return f"a sum of {total:.10g}" if abs(total - 1) > _ROUNDING else ""
        case "ordered" | "positive ordered":
            bad = next(((a, b) for a, b in pairwise(vector) if not a < b), None)
            return f"{bad[1]:g} behind {bad[0]:g}" if bad is not None else ""
        case "sum to zero":
            total = fsum(vector)
            size = max(1.0, max(map(abs, vector), default=0.0))
            return f"a sum of {total:.10g}" if abs(total) > _ROUNDING * size else ""
        case "unit vector":
            total = fsum(value * value for value in vector)
            return f"a sum of squares of {total:.10g}" if abs(total - 1) > _ROUNDING else ""
        case _:
            return ""


def check_listed(context: Context, values: list[float], shape: Shape, what: str, span: Span | None) -> None:
    """Report numbers written out in the spec that do not lie in the space `shape` (H10)."""
    found = _fault(shape, values)
    if found:
        from hiercomp.model.hints import in_space  # noqa: PLC0415

        hint = in_space(shape, [values], found)
        raise context.refuse(Diagnostic("H10", f"{what} is no {shape}", span, _WANTED[shape], found, hint))
