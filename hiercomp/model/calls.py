"""Calls and comprehensions, resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from hiercomp.catalog import FUNCTIONS, Function, find_function, near_functions
from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import INT, REAL, ROWS, VECTOR, Binder, Call, Const, Elem, Expr, Index, Reduce, Stack, Type
from hiercomp.model import surface
from hiercomp.model.faults import DOMAIN_WORDS, bound_twice, indices, no_function
from hiercomp.model.filters import counted, filtered, known_condition
from hiercomp.model.groups import vector
from hiercomp.model.intervals import constant, interval
from hiercomp.model.near import did_you_mean
from hiercomp.model.ranges import reach
from hiercomp.model.scope import Context, Refused
from hiercomp.model.spread import at, free_letter
from hiercomp.records import replace
from hiercomp.source import Span
from hiercomp.syntax.ast import Apply, Arg, Binary, Comprehension, Name, VectorLiteral
from hiercomp.syntax.ast import Expr as Ast
from hiercomp.syntax.words import is_log_density

if TYPE_CHECKING:
    from hiercomp.model.lower import Lower

_PRODUCTS = frozenset({"dot", "matvec", "vecmat", "matmul"})
_OF_SQUARE = frozenset({"cholesky", "add_diag", "inverse", "det", "log_det", "trace"})
_BY_ELEMENT = frozenset({"sum", "mean", "prod"})
_SPREADS = frozenset({"sd", "var"})  # of a whole vector, since they go over it twice
_COMPREHENSIONS = frozenset({"sum", "prod", "mean", "min", "max", "log_sum_exp", "count"})


def called(low: Lower, node: Apply | Comprehension | VectorLiteral, *, scalar: bool) -> Expr:
    """Return the call of a function, what goes over a range, or a list. H6, H7, H9, H10, H13, H24, H26."""
    match node:
        case Apply():
            return apply(low, node, scalar=scalar)
        case Comprehension():
            return comprehension(low, node)
        case VectorLiteral(items=items) if items and all(isinstance(item, VectorLiteral) for item in items):
            return rows(low, node)
        case VectorLiteral(items=items, span=span):
            return stack(low, items, span)
        case _:
            assert_never(node)


def apply(low: Lower, node: Apply, *, scalar: bool) -> Expr:
    """Return the call of a function of the catalogue. H9, H10, H13."""
    context = low.context
    row = find_function(node.func, len(node.args))
    if row is None and is_log_density(node.func):
        from hiercomp.model.log_probs import log_prob  # noqa: PLC0415 - few models have one

        return log_prob(low, node)
    if row is None:
        raise context.refuse(no_function(node, context))
    if row.kernel:
        from hiercomp.model.kernels import kernel  # noqa: PLC0415 - few models have one

        return kernel(low, node, row)
    named = next((arg for arg in node.args if arg.name), None)
    if named is None and len(node.args) > 1 and (row.along or row.reduction or row.name == "diag"):
        # What takes one vector may be given its items instead: cumsum(0, delta) is cumsum((0, delta)).
        items = VectorLiteral(tuple(arg.value for arg in node.args), node.span)
        node = replace(node, args=(Arg(items, None, node.span),))
    if row.arity != len(node.args) or named is not None:
        found = f"an argument called `{named.name}`" if named else f"{len(node.args)} arguments"
        hint = "write the values in order, separated by commas"
        if row.name in ("Phi", "log_Phi") and len(node.args) == 3 and named is None:
            x, mean, sd = (surface.show(arg.value) for arg in node.args)
            hint = f"it is that of the standard normal: `{row.name}(({x} - {mean}) / {sd})`"
        wanted = f"{row.arity} argument{'s' if row.arity != 1 else ''} without names"
        raise context.refuse(
            Diagnostic("H9", f"`{node.func}` does not take these arguments", node.span, wanted, found, hint)
        )
    asts = [arg.value for arg in node.args]
    if row.name in _PRODUCTS:
        return low.multiply(low.expr(asts[0]), low.expr(asts[1]), Binary("*", asts[0], asts[1], node.span))
    if row.name == "transpose":
        value = low.expr(asts[0])
        if len(value.type.axes) != 2:
            raise context.refuse(
                Diagnostic("H6", "only a matrix can be transposed", node.span, "a matrix",
                           f"an array with {indices(len(value.type.axes))}",
                           f"leave `{node.func}` out: in a product, `x · y`, a vector stands as it is")
            )  # fmt: skip
        return Call(row.name, (value,), Type(value.type.elem, value.type.axes[::-1]), node.span)
    if row.name == "outer":
        return _outer(low, node, asts)
    if row.name in _OF_SQUARE:
        return _of_square(low, node, row, asts)
    if row.reduction:
        return _reduction(low, node, row.name, asts[0])
    if row.along or row.name in ("diag", "diagonal"):
        return _of_array(low, node, row, asts[0])
    values = [low.expr(ast, scalar=scalar) for ast in asts]
    axes = values[0].type.axes if values else ()
    for value, ast in zip(values[1:], asts[1:], strict=True):
        axes = low.spread(Binary("+", asts[0], ast, node.span), Const(0, "0", Type("real", axes)), value)
    _check_domain(context, node, row.domain, values)
    if row.stan_integers and not axes and all(value.type.elem == "int" for value in values):
        return Call(row.name, tuple(values), INT, node.span)
    return Call(row.name, tuple(values), Type("real", axes) if axes else REAL, node.span)


def _check_domain(context: Context, node: Apply, domain: str, values: list[Expr]) -> None:
    if domain == "real":
        return
    intervals = context.intervals
    for arg, value in zip(node.args, values, strict=True):
        low, high = interval(value, intervals)
        one = constant(value, intervals)
        bad = high < 0 or (domain == "positive" and one == 0) or (domain == "unit" and low > 1)
        if bad:
            from hiercomp.model.hints import domain as domain_hint  # noqa: PLC0415

            raise context.refuse(
                Diagnostic(
                    "H10",
                    f"`{node.func}` has no value here",
                    arg.span or node.span,
                    f"a {DOMAIN_WORDS[domain]}",
                    _shown(surface.show(arg.value), one),
                    domain_hint(domain),
                )
            )


def _shown(text: str, value: float | None) -> str:
    return f"`{text}`" if value is None or text == f"{value:g}" else f"`{text}`, which is {value:g}"


def _reduction(low: Lower, node: Apply, func: str, arg: Ast) -> Expr:
    context = low.context
    value = low.expr(arg)
    if not value.type.axes and isinstance(arg, Name):
        sym = context.symbols.get(context.reader.base(arg))
        if sym is not None and sym.open:
            low.grow(arg, context.axes.fresh(sym.name))
            value = low.expr(arg)
    if not value.type.axes:
        raise context.refuse(
            Diagnostic(
                "H6",
                f"`{node.func}` is of many numbers, and `{surface.show(arg)}` is one",
                arg.span or node.span,
                "an array, or a range to go over",
                "one number",
                f"write `{node.func}(... for i in 1..N)`, or leave the index out to mean the whole array",
            )
        )
    if isinstance(value, Reduce) and value.func == VECTOR and func in _COMPREHENSIONS - {"count"}:
        return replace(value, func=func, type=REAL)
    elem: Elem = "int" if func == "count" else "real"
    return Call(func, (value,), Type(elem), node.span)


def _of_array(low: Lower, node: Apply, row: Function, arg: Ast) -> Expr:
    """Return a function of one vector (or, the diagonal, of one matrix) that makes another array. H6."""
    context = low.context
    value = low.expr(arg)
    wanted = 2 if row.name == "diagonal" else 1
    if not value.type.axes and wanted == 1 and isinstance(arg, Name):
        sym = context.symbols.get(context.reader.base(arg))
        if sym is not None and low.grow(arg, context.axes.fresh(sym.name)):
            value = low.expr(arg)
    axes = value.type.axes
    if len(axes) != wanted:
        raise context.refuse(
            Diagnostic(
                "H6",
                f"`{node.func}` is of a {'matrix' if wanted == 2 else 'vector'}",
                arg.span or node.span,
                "an array with two indices" if wanted == 2 else "an array with one index",
                f"`{surface.show(arg)}`, " + (f"an array with {indices(len(axes))}" if axes else "one number"),
                "leave out the last index of an array to mean the vector along it"
                if wanted == 1
                else "give a name with two indices, and leave them out to mean the whole matrix",
            )
        )
    if row.name == "diagonal":
        if not context.axes.join(axes[0], axes[1], node.span, f"`{surface.show(arg)}` has a diagonal"):
            raise Refused
        axes = axes[:1]
    return Call(row.name, (value,), Type("real", (*axes, *axes) if row.name == "diag" else axes), node.span)


def _of_square(low: Lower, node: Apply, row: Function, asts: list[Ast]) -> Expr:
    """Return a function of a square matrix that makes another one. H6."""
    context = low.context
    value = low.expr(asts[0])
    if len(value.type.axes) != 2:
        raise context.refuse(
            Diagnostic(
                "H6", f"`{node.func}` is of a square matrix", asts[0].span or node.span, "an array with two indices",
                f"an array with {indices(len(value.type.axes))}" if value.type.axes else "one number",
                f"`{node.func}(diag({surface.show(asts[0])}))` takes the matrix with these on its diagonal"
                if len(value.type.axes) == 1
                else "give a name with two indices, and leave them out to mean the whole matrix",
            )
        )  # fmt: skip
    if not context.axes.join(*value.type.axes, node.span, f"`{surface.show(asts[0])}` is square"):
        raise Refused
    if row.name == "trace":
        return Call("sum", (Call("diagonal", (value,), Type("real", value.type.axes[:1]), node.span),), REAL, node.span)
    kind = REAL if row.name in ("det", "log_det") else value.type
    return Call(row.name, (value, *map(low.scalar, asts[1:])), kind, node.span)


def _outer(low: Lower, node: Apply, asts: list[Ast]) -> Expr:
    """Return the product of every element of a vector with every one of another. H6."""
    one, two = (low.expr(ast) for ast in asts)
    for ast, value in zip(asts, (one, two), strict=True):
        if len(value.type.axes) != 1:
            found = f"an array with {indices(len(value.type.axes))}" if value.type.axes else "one number"
            raise low.context.refuse(
                Diagnostic("H6", f"`{node.func}` is of two vectors", ast.span or node.span, "an array with one index",
                           f"`{surface.show(ast)}`, {found}", "write the elements of the matrix: `C_{i,j} = a_i * b_j`")
            )  # fmt: skip
    low.context.reduced += [*one.type.axes, *two.type.axes]
    return Call("outer", (one, two), Type("real", (*one.type.axes, *two.type.axes)), node.span)


def stack(low: Lower, items: tuple[Ast, ...], span: Span | None) -> Expr:
    """Return a vector written out; items that are vectors themselves are put end to end. H6."""
    context = low.context
    parts = tuple(low.expr(item) for item in items)
    for item, part in zip(items, parts, strict=True):
        if len(part.type.axes) > 1:
            raise context.refuse(
                Diagnostic(
                    "H6", "a list holds numbers and vectors", item.span, "a number or a vector",
                    f"`{surface.show(item)}`, an array with {indices(len(part.type.axes))}",
                    f"put its rows there one by one: `{surface.show(item)}[1], {surface.show(item)}[2]`",
                )
            )  # fmt: skip
    axis = context.axes.fresh("list")
    context.reduced.append(axis)
    vectors = tuple(part.type.axes[0] for part in parts if part.type.axes)
    if vectors:
        context.axes.facts(axis).made.append((len(items) - len(vectors), vectors))
    else:
        context.axes.facts(axis).ends.append(len(items))
    return Stack(parts, Type("real", (axis,)), span)


def rows(low: Lower, node: VectorLiteral) -> Expr:
    """Return a matrix written out by its rows, each a vector or a list of numbers. H6, H7."""
    context = low.context
    items = tuple(low.expr(item) for item in node.items)
    for place, item in enumerate(node.items):
        if not items[place].type.axes and low.grow(item, context.axes.fresh("a row")):
            items = (*items[:place], low.expr(item), *items[place + 1 :])
        rank = len(items[place].type.axes)
        if rank != 1:
            raise context.refuse(
                Diagnostic(
                    "H6", "a matrix is written by its rows", item.span or node.span, "a vector for each row",
                    f"`{surface.show(item)}`, "
                    + (f"an array with {indices(rank)}" if rank else "a number"),
                    "`((a, b), (c, d))`, or `(u, v)` for two vectors",
                )
            )  # fmt: skip
    across = items[0].type.axes[0]
    for item in items[1:]:
        if not context.axes.join(across, item.type.axes[0], node.span, "the rows of a matrix are of one length"):
            raise Refused
    down = context.axes.fresh("rows")
    context.axes.facts(down).ends.append(len(items))
    context.reduced += [down, across]
    return Call(ROWS, items, Type("real", (down, across)), node.span)


def _of_vectors(inner: Lower, func: str, body: Expr, binders: list[Binder], node: Comprehension) -> Expr:
    """Return a sum (a mean, a product) of vectors: the vector of the sums of their elements. H6."""
    context, (axis, *more) = inner.context, body.type.axes
    letter = free_letter(context.axes.facts(axis).letters, {*inner.scope, *context.symbols}, [body])
    element = at(body, (Index(letter),))
    if more or func not in _BY_ELEMENT or node.condition is not None or element is None:
        inner.scalar(node.body)  # which says that one number is wanted
        raise Refused
    context.reduced.append(axis)
    total = Reduce(func, element, tuple(binders), REAL, node.span)
    return Reduce(VECTOR, total, (Binder(letter, axis),), Type("real", (axis,)), node.span)


def comprehension(low: Lower, node: Comprehension) -> Expr:
    """Return a reduction over ranges, ``sum(x_i for i in 1..N)``, or a vector, alone or in a function that goes along
    it: ``softmax(a_k for k in 1..K)``. H6, H7, H13, H24, H26."""
    context = low.context
    if not node.func:
        return vector(low, node)
    row = find_function(node.func)
    if row is not None and row.along:
        value = vector(low, node)
        return Call(row.name, (value,), value.type, node.span)
    if row is not None and row.name in _SPREADS and node.condition is None:
        return Call(row.name, (vector(low, node),), REAL, node.span)
    if row is not None and not row.reduction:
        row = next((r for r in (FUNCTIONS.get(node.func),) if r is not None and r.reduction), None)
    if row is None or row.name not in _COMPREHENSIONS | _SPREADS:
        raise context.refuse(
            Diagnostic(
                "H13", f"`{node.func}` does not go over a range", node.span,
                f"one of {', '.join(sorted(_COMPREHENSIONS | _SPREADS))}", f"`{node.func}(... for ...)`",
                did_you_mean(name for name in near_functions(node.func) if name in _COMPREHENSIONS)
                or f"`sum({node.func}({surface.show(node.body)}) for ...)` adds up its values",
            )
        )  # fmt: skip
    inner = low.inside()
    binders: list[Binder] = []
    for binder in node.binders:
        if binder.var in inner.scope:
            raise context.refuse(bound_twice(binder.var, binder.span or node.span, inner.scope[binder.var].span))
        run = reach(context, binder, inner.scope)
        inner.scope[binder.var] = run
        context.reduced.append(run.node)
        binders.append(inner.binder(binder.var))
    body = inner.expr(node.body, scalar=True)
    if body.type.axes:
        return _of_vectors(inner, row.name, body, binders, node)
    if node.condition is not None:
        return filtered(context, row.name, body, known_condition(inner, node.condition), tuple(binders), node)
    if row.name == "count" and body.type.elem == "bool":
        return counted(body, tuple(binders), node.span)
    return Reduce(row.name, body, tuple(binders), INT if row.name == "count" else REAL, node.span)
