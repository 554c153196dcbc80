"""Products of vectors and matrices, for each combination of the axes around them."""

from __future__ import annotations

from hiercomp.backends.printing import ATOM, PRODUCT, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc.arrays import Array, align, union
from hiercomp.backends.pymc.scope import Site


def product(func: str, left: Array, right: Array, site: Site) -> Array:
    """Return the product `func` (dot, matvec, vecmat, matmul) of two arrays."""
    random = left.random or right.random
    outer = union((left, right), site.order)
    inner = {
        "dot": (),
        "matvec": left.inner[:1],
        "vecmat": right.inner[1:],
        "matmul": (*left.inner[:1], *right.inner[1:]),
    }[func]
    elem = "int" if left.elem == right.elem == "int" else "real"
    code = _matrix_product(func, left, right, outer)
    if code is None and func == "dot":
        both = join("*", align(left, outer, 1), align(right, outer, 1), PRODUCT)
        code = call(site.function("pt.sum" if random else "np.sum"), both, "axis=-1")
    elif code is None:
        a, b = align(left, outer, len(left.inner)), align(right, outer, len(right.inner))
        column, row = Code(f"{b.at_least(ATOM)}[..., None]"), Code(f"{a.at_least(ATOM)}[..., None, :]")
        match func:
            case "matvec" if left.outer == outer[:-1] and right.outer == outer[-1:]:
                # One product for each matrix, rather than for each matrix and vector.
                every = join("@", left.code, Code(f"{right.code.at_least(ATOM)}.T"), PRODUCT)
                code = call(site.function("pt.moveaxis" if random else "np.moveaxis"), every, "-1", "-2")
            case "matvec":
                code = Code(f"({join('@', a, column, PRODUCT).text})[..., 0]")
            case "vecmat":
                code = Code(f"({join('@', row, b, PRODUCT).text})[..., 0, :]")
            case _:
                code = join("@", a, b, PRODUCT)
    return Array(code, outer, inner, random, elem)


def _matrix_product(func: str, left: Array, right: Array, outer: tuple[str, ...]) -> Code | None:
    """Return the product as one ``@`` between arrays of at most two axes, where that is what it is."""
    a, b = left.code, right.code
    match func, len(left.outer), len(right.outer):
        case (_, 0, 0):
            return join("@", a, b, PRODUCT)
        case ("dot", _, 0) | ("vecmat", _, 0):
            return join("@", a, b, PRODUCT)
        case ("dot", 0, _):
            return join("@", b, a, PRODUCT)
        case ("dot", 1, 1) if left.outer != right.outer:
            first, second = (left, right) if left.outer[0] == outer[0] else (right, left)
            return join("@", first.code, Code(f"{second.code.at_least(ATOM)}.T"), PRODUCT)
        case ("matvec", 0, _):
            return join("@", b, Code(f"{a.at_least(ATOM)}.T"), PRODUCT)
        case _:
            return None
