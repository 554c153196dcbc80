"""Calls of the catalogue's functions, element by element or over whole axes."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.printing import ATOM, PRODUCT, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc import expressions, products
from hiercomp.backends.pymc.arrays import Array, align, union
from hiercomp.backends.pymc.indexing import length as binder_length
from hiercomp.backends.pymc.scope import Site, refuse
from hiercomp.catalog import FUNCTIONS
from hiercomp.catalog.schema import Unsupported
from hiercomp.expr import FILL, ROWS, Call, Stack

_PRODUCTS = ("dot", "matvec", "vecmat", "matmul")
# Where both libraries have a word, it reads better than the formula of the catalogue; the values are the same.
_SAMPLE = {"sd": "std", "var": "var"}


def apply(func: str, args: Sequence[Array], expr: Call, site: Site) -> Array:
    """Return a call of the function `func` on arrays."""
    row = FUNCTIONS.get(func)
    if func == FILL:
        return filled(args[0], expr.type.axes[-1], site)
    if func == ROWS:
        return _by_rows(args, expr, site)
    if row is None:
        # A word of the target itself, from the spelling of another function.
        return _elementwise(func, args, site)
    if func == "matmul" and any(isinstance(arg, Call) and arg.func == "diag" for arg in expr.args):
        return _scaled(args, expr, site)
    if func in _PRODUCTS:
        return products.product(func, args[0], args[1], site)
    if row.reduction:
        return _over_inner(func, args[0], expr, site)
    if func == "transpose":
        matrix = args[0]
        name = site.function("pt.matrix_transpose" if matrix.random else "np.matrix_transpose")
        code = call(name, matrix.code) if matrix.outer else Code(f"{matrix.code.at_least(ATOM)}.T")
        return Array(code, matrix.outer, matrix.inner[::-1], matrix.random, matrix.elem)
    if func in ("cholesky", "inverse", "det", "log_det"):
        matrix, spelling = args[0], row.pymc if args[0].random else row.numpy
        assert isinstance(spelling, str)
        code = call(site.function(spelling), matrix.code)
        code = Code(f"{code.text}[1]") if func == "log_det" else code
        return Array(code, matrix.outer, expr.type.axes, matrix.random)
    if func == "outer":
        return _outer(args[0], args[1], site)
    if row.kernel or func == "add_diag":
        from hiercomp.backends.pymc import kernels  # noqa: PLC0415 - few models have one

        return kernels.covariances(row, args, site) if row.kernel else kernels.on_diagonal(args[0], args[1], site)
    if func in ("diag", "diagonal"):
        return _diagonal(func, args[0], site)
    random = any(arg.random for arg in args)
    spelling = row.pymc if random else row.numpy
    if isinstance(spelling, Unsupported):
        raise refuse("H85", f"PyMC has no `{func}`: {spelling.reason}", expr.span)
    if row.along and isinstance(spelling, str):
        vector = args[0]
        return Array(call(site.function(spelling), vector.code, "axis=-1"), vector.outer, vector.inner, random)
    if not row.elementwise:
        raise refuse("H85", f"`{func}` cannot be written for PyMC yet", expr.span)
    if isinstance(spelling, str):
        return _elementwise(spelling, args, site)
    return expressions.expression(spelling, site, dict(zip(("x", "y"), args, strict=False)))


def _scaled(args: Sequence[Array], expr: Call, site: Site) -> Array:
    """Return a product with a diagonal matrix on one side or both, as one of elements."""
    left, right = args
    outer = union((left, right), site.order)
    first, second = expr.args
    if isinstance(first, Call) and first.func == "diag":
        scale = expressions.expression(first.args[0], site)
        a = Code(f"{align(scale, outer, 1).at_least(ATOM)}[..., None]")
        code = join("*", a, align(right, outer, 2), PRODUCT)
    else:
        assert isinstance(second, Call)
        scale = expressions.expression(second.args[0], site)
        b = Code(f"{align(scale, outer, 1).at_least(ATOM)}[..., None, :]")
        code = join("*", align(left, outer, 2), b, PRODUCT)
    return Array(code, outer, (left.inner[0], right.inner[1]), left.random or right.random)


def _outer(left: Array, right: Array, site: Site) -> Array:
    """Return the products of all elements of a vector with all of another."""
    outer = union((left, right), site.order)
    a = Code(f"{align(left, outer, 1).at_least(ATOM)}[..., None]")
    b = Code(f"{align(right, outer, 1).at_least(ATOM)}[..., None, :]")
    return Array(join("*", a, b, PRODUCT), outer, (*left.inner, *right.inner), left.random or right.random)


def _diagonal(func: str, array: Array, site: Site) -> Array:
    """Return a matrix with a diagonal, or the diagonal of a matrix, for each combination of the axes around it."""
    root = "pt" if array.random else "np"
    if func == "diagonal":
        axes = ("axis1=-2", "axis2=-1") if array.outer else ()
        code = call(site.function(f"{root}.diagonal"), array.code, *axes)
        return Array(code, array.outer, array.inner[:1], array.random)
    inner = (array.inner[0], array.inner[0])
    if not array.outer:
        return Array(call(site.function(f"{root}.diag"), array.code), (), inner, array.random)
    unit = call(site.function("np.eye"), site.scope.size(array.inner[0]))
    code = join("*", Code(f"{array.code.at_least(ATOM)}[..., None]"), unit, PRODUCT)
    return Array(code, array.outer, inner, array.random)


def filled(array: Array, axis: str, site: Site) -> Array:
    """Return one number for every member of an index set, behind the axes that it has."""
    size = site.scope.size(axis)
    if array.outer:
        name = site.function("pt.repeat" if array.random else "np.repeat")
        code = call(name, f"{array.code.at_least(ATOM)}[..., None]", size, "axis=-1")
    else:
        # A whole number would make an array of whole numbers.
        value = f"{array.code.text}.0" if array.code.text.isdigit() else array.code.text
        code = call(site.function("pt.full" if array.random else "np.full"), size, value)
    return Array(code, array.outer, (axis,), array.random)


def _elementwise(name: str, args: Sequence[Array], site: Site) -> Array:
    outer = union(tuple(args), site.order)
    inner = next((arg.inner for arg in args if arg.inner), ())
    random = any(arg.random for arg in args)
    code = call(site.function(name), *(align(arg, outer, len(inner)) for arg in args))
    return Array(code, outer, inner, random)


def _over_inner(func: str, array: Array, expr: Call, site: Site) -> Array:
    """Return a reduction of an array over its own axes."""
    if not array.inner:
        raise refuse("H85", f"`{func}` of a single number", expr.span)
    if func == "count":
        return Array(_length(array.inner, site), elem="int")
    if not array.outer:
        return reduced(func, array, "", (), site)
    last = ", ".join(str(-place) for place in range(len(array.inner), 0, -1))
    axis = f"axis=({last})" if len(array.inner) > 1 else f"axis={last}"
    return reduced(func, array, axis, array.outer, site)


def reduced(func: str, array: Array, axis: str, outer: tuple[str, ...], site: Site) -> Array:
    """Return the reduction `func` over the axes that `axis` says, all of them where it says none."""
    row = FUNCTIONS[func]
    spelling = row.pymc if array.random else row.numpy
    further = [axis] if axis else []
    if func in _SAMPLE:
        spelling = f"{'pt' if array.random else 'np'}.{_SAMPLE[func]}"
        further.append("ddof=1")
    if not isinstance(spelling, str):
        raise refuse("H85", f"`{func}` cannot be written for PyMC", None)
    elem = "int" if array.elem == "int" and func in ("sum", "prod", "min", "max") else "real"
    # A comprehension may go over vectors; then they are what is left.
    inner = array.inner if array.outer != outer else ()
    return Array(call(site.function(spelling), array.code, *further), outer, inner, array.random, elem)


def _length(sets: Sequence[str], site: Site) -> Code:
    code = site.scope.size(sets[0])
    for name in sets[1:]:
        code = join("*", code, site.scope.size(name), PRODUCT)
    return code


def stack(items: Sequence[Array], expr: Stack, site: Site) -> Array:
    """Return a vector written out."""
    outer = union(tuple(items), site.order)
    random = any(item.random for item in items)
    inner = expr.type.axes[-1:] or ("",)
    if any(item.inner for item in items):
        return _end_to_end(items, outer, random, inner, site)
    texts = [align(item, outer, 0).text for item in items]
    listed = f"[{', '.join(texts)}]"
    if outer and any(item.outer != outer for item in items):
        listed = call(site.function("pt.broadcast_arrays" if random else "np.broadcast_arrays"), *texts).text
    if not random and not outer:
        return Array(call(site.function("np.array"), listed), (), inner, random)
    name = site.function("pt.stack" if random else "np.stack")
    return Array(call(name, listed, *(["axis=-1"] if outer else [])), outer, inner, random)


def _by_rows(rows: Sequence[Array], expr: Call, site: Site) -> Array:
    """Return the matrix with these rows, for each combination of the axes around them."""
    outer = union(tuple(rows), site.order)
    random = any(row.random for row in rows)
    listed = f"[{', '.join(align(row, outer, 1).text for row in rows)}]"
    if outer:
        listed = call(site.function("pt.broadcast_arrays"), Code(listed[1:-1])).text
    code = call(site.function("pt.stack" if random else "np.stack"), listed, "axis=-2")
    return Array(code, outer, expr.type.axes, random)


def _end_to_end(
    items: Sequence[Array], outer: tuple[str, ...], random: bool, inner: tuple[str, ...], site: Site
) -> Array:
    """Return numbers and vectors put end to end; all get the same leading axes first."""
    texts: list[str] = []
    for item in items:
        text = align(item, outer, len(item.inner)).text
        if item.scalar:
            text = f"[{text}]" if not outer else text
        elif not item.inner:
            text = Code(f"{align(item, outer, 0).at_least(ATOM)}[..., None]").text
        sizes = [binder_length(site.binder(var), site).text for var in outer]
        if outer and item.outer != outer:
            last = site.scope.size(item.inner[0]).text if item.inner else "1"
            spread = site.function("pt.broadcast_to" if item.random else "np.broadcast_to")
            text = call(spread, Code(text), f"({', '.join((*sizes, last))})").text
        texts.append(text)
    name = site.function("pt.concatenate" if random else "np.concatenate")
    return Array(call(name, f"[{', '.join(texts)}]", *(["axis=-1"] if outer else [])), outer, inner, random)
