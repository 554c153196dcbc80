"""Kernels: the matrix of covariances between the points of one vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiercomp.catalog import KERNEL_WORDS, Function
from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import Call, Expr, Type
from hiercomp.model import surface
from hiercomp.model.faults import indices
from hiercomp.model.intervals import constant, interval
from hiercomp.syntax.ast import Apply, Arg

if TYPE_CHECKING:
    from hiercomp.model.lower import Lower


def kernel(low: Lower, node: Apply, row: Function) -> Expr:
    """Return the covariances that a kernel gives all pairs of points, a matrix. H6, H9, H10."""
    context = low.context
    given: dict[str, Arg] = {}
    places = ("x", *row.kernel)
    fits = len(node.args) == len(places)
    for place, arg in enumerate(node.args):
        name = arg.name and KERNEL_WORDS.get(arg.name, arg.name)
        given[name or (places[place] if place < len(places) else "")] = arg
    if not fits or set(given) != set(places):
        raise context.refuse(
            Diagnostic(
                "H9", f"`{node.func}` does not take these arguments", node.span,
                f"{row.name}({', '.join(['x', *(f'{name} = ' for name in row.kernel)])})", f"`{surface.show(node)}`",
                "the points first, then what the kernel depends on, with or without names",
            )
        )  # fmt: skip
    points = low.expr(given["x"].value)
    if not points.type.axes and low.grow(given["x"].value, context.axes.fresh("points")):
        points = low.expr(given["x"].value)
    if len(points.type.axes) != 1:
        raise context.refuse(
            Diagnostic(
                "H6", f"`{node.func}` is of points along a line", given["x"].span or node.span,
                "a vector of points",
                f"`{surface.show(given['x'].value)}`, "
                + (f"an array with {indices(len(points.type.axes))}" if points.type.axes else "one number"),
                "leave out the last index of an array to mean the vector along it; points in a plane have a kernel for "
                "each coordinate, `exp_quad(X[, 1], a, l[1]) * exp_quad(X[, 2], 1, l[2])`",
            )
        )  # fmt: skip
    values = [_positive(low, node, name, given[name]) for name in row.kernel]
    (axis,) = points.type.axes
    context.reduced.append(axis)
    return Call(row.name, (points, *values), Type("real", (axis, axis)), node.span)


def _positive(low: Lower, node: Apply, name: str, arg: Arg) -> Expr:
    """Return an argument of a kernel, which has to be a positive number."""
    intervals = low.context.intervals
    value = low.scalar(arg.value)
    if interval(value, intervals)[1] <= 0 or constant(value, intervals) == 0:
        raise low.context.refuse(
            Diagnostic(
                "H10", f"the {name} of `{node.func}` cannot be `{surface.show(arg.value)}`", arg.span or node.span,
                "a positive number", f"`{surface.show(arg.value)}`",
                f"write a number above zero, or a name with a prior: `{name} ~ Half-Normal(0, 1)`",
            )
        )  # fmt: skip
    return value
