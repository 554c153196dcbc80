"""Covariances of Gaussian processes: a function of our own for each kernel, by the formula of the catalogue.

PyMC's own kernels take distances as the square root of a sum with 1e-12 in it, which costs them half their digits.
"""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.printing import PRODUCT, SUM, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc import expressions
from hiercomp.backends.pymc.arrays import Array, align, union
from hiercomp.backends.pymc.scope import Site
from hiercomp.catalog.schema import Function, Unsupported


def covariances(row: Function, args: Sequence[Array], site: Site) -> Array:
    """Return the matrix of a kernel for each combination of the axes around it."""
    assert not isinstance(row.pymc, str | Unsupported)
    assert row.distance is not None
    outer = union(tuple(args), site.order)
    points = args[0]
    inner = (points.inner[0], points.inner[0])
    random = any(arg.random for arg in args)
    name = f"{row.name}_kernel" if random else f"{row.name}_constants"
    if name not in site.scope.helpers:
        given = {word: Array(Code(word), random=random) for word in ("d", "r", *row.kernel)}
        scaled, formula = (expressions.expression(tree, site, given).code.text for tree in (row.distance, row.pymc))
        distance = site.function("pt.abs" if random else "np.abs")
        site.scope.helpers[name] = (
            f"def {name}(x, {', '.join(row.kernel)}):\n"
            f'    """Return {row.doc}, for points d apart."""\n'
            f"    d = {distance}(x[..., :, None] - x[..., None, :])\n"
            f"    r = {scaled}\n"
            f"    return {formula}\n"
        )
    texts = [align(points, outer, 1).text, *(align(arg, outer, 2).text for arg in args[1:])]
    return Array(Code(f"{name}({', '.join(texts)})"), outer, inner, random)


def on_diagonal(matrix: Array, number: Array, site: Site) -> Array:
    """Return a matrix with a number added along its diagonal."""
    outer = union((matrix, number), site.order)
    unit = call(site.function("np.eye"), site.scope.size(matrix.inner[0]))
    added = join("*", align(number, outer, 2), unit, PRODUCT)
    code = join("+", align(matrix, outer, 2), added, SUM)
    return Array(code, outer, matrix.inner, matrix.random or number.random)
