"""Calls of the catalogue's functions."""

from __future__ import annotations

from hiercomp.backends.printing import ATOM, PRODUCT, Code, call, infix
from hiercomp.backends.stan.bodies import inner_scope, returned, signature
from hiercomp.backends.stan.indexing import Compile, size
from hiercomp.backends.stan.naming import unused
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import (
    CannotVectorise,
    Form,
    Value,
    algebra,
    as_real,
    column,
    like,
    refuse,
    scalar,
    together,
    transposed,
)
from hiercomp.catalog import FUNCTIONS
from hiercomp.catalog.schema import Function, Unsupported
from hiercomp.expr import FILL, ROWS, Call, Choose, substitute

# Reductions that Stan has for arrays of integers; the others want vectors.
_OF_INTEGERS = frozenset({"sum", "min", "max", "prod", "count"})


def called(expr: Call, frame: Frame, scope: Scope, compile_: Compile) -> Value:
    """Return the code of a call."""
    row = FUNCTIONS.get(expr.func)
    if expr.func == FILL:
        return _filled(compile_(expr.args[0], frame, scope), size(expr.type.axes[-1], scope, compile_))
    if expr.func == ROWS:
        return _by_rows([algebra(compile_(arg, frame, scope)) for arg in expr.args])
    if row is None:
        # A tree of the catalogue names a function of Stan's own.
        values = together([compile_(arg, frame, scope) for arg in expr.args])
        return like(values, call(expr.func, *(value.code for value in values))) if values else scalar(f"{expr.func}()")
    if isinstance(row.stan, Unsupported):
        raise refuse(f"Stan has no {row.name}", expr.span, row.stan.reason, f"write what {row.name} computes")
    if isinstance(row.stan, Choose):
        values = together([compile_(arg, frame, scope) for arg in expr.args])
        if any(value.rank for value in values):
            raise CannotVectorise
        return scalar(call(_function(row, row.stan, scope, compile_), *(value.code for value in values)))
    if not isinstance(row.stan, str):
        tree = substitute(row.stan, dict(zip(("x", "y"), expr.args, strict=False)))
        return compile_(tree, frame, scope)
    if row.name == "matmul" and (product := _scaled(expr, frame, scope, compile_)):
        return product
    values = [compile_(arg, frame, scope) for arg in expr.args]
    if row.kernel:
        return _covariances(row, values)
    if row.elementwise:
        values = together(values)
        if any(value.rank for value in values) and not row.stan_vectorised:
            raise CannotVectorise
        integral = bool(row.stan_integers) and all(value.elem == "int" and not value.rank for value in values)
        code = call(row.stan_integers if integral else row.stan, *(value.code for value in values))
        return like(values, code, "int" if integral else "real") if values else scalar(code)
    if row.reduction:
        return reduced(row.name, row.stan, values[0])
    if row.along:
        return _along(row.stan, values[0])
    return _product(row.name, [_matrix_of(value, scope) for value in values])


_ROWS = (
    "// the matrix with these rows",
    "matrix {name}(array[] vector x) {{",
    "  matrix[size(x), num_elements(x[1])] m;",
    "  for (i in 1:size(x)) {{",
    "    m[i] = x[i]';",
    "  }}",
    "  return m;",
    "}}",
)


def _matrix_of(value: Value, scope: Scope) -> Value:
    """Return an array of vectors, such as simplexes are held in, as a matrix that products can take."""
    if value.form != "other" or value.rank != 2 or value.lead:
        return value
    name = unused("matrix_of", scope.taken)
    scope.helpers.setdefault(name, [line.format(name=name) for line in _ROWS])
    return Value(call(name, value.code), "matrix", "real", 0, 2)


def _along(word: str, value: Value) -> Value:
    """Return a function that goes along one vector; Stan has most of them for columns only."""
    value = algebra(value)
    if value.lead or value.rank != 1:
        raise CannotVectorise
    return Value(call(word, column(value).code), "vector", "real", 0, 1)


def _by_rows(values: list[Value]) -> Value:
    """Return the matrix whose rows these vectors are."""
    if any(value.lead or value.rank != 1 for value in values):
        raise CannotVectorise
    rows = [value if value.form == "row" else transposed(value) for value in values]
    # A list of numbers is a row by itself.
    texts = [row.code.text.removesuffix("''") for row in rows]
    return Value(Code(f"[{', '.join(texts)}]"), "matrix", "real", 0, 2)


def _covariances(row: Function, values: list[Value]) -> Value:
    """Return the matrix of a kernel; Stan's kernels are of arrays."""
    if any(value.lead for value in values) or values[0].own != 1 or any(value.rank for value in values[1:]):
        raise CannotVectorise
    points = values[0] if values[0].form == "array" and values[0].elem == "real" else algebra(values[0])
    code = points.code if points.form == "array" else call("to_array_1d", points.code)
    assert isinstance(row.stan, str)
    # Stan 2.27 works with whole numbers as such here: pi / 4 becomes 0.
    rest = [as_real(value) if value.elem == "int" else value.code for value in values[1:]]
    return Value(call(row.stan, code, *rest), "matrix", "real", 0, 2)


def _filled(value: Value, length: Code) -> Value:
    """Return one number repeated to a vector of this length."""
    if value.rank:
        raise CannotVectorise
    return Value(call("rep_vector", value.code, length), "vector", "real", 0, 1)


def _function(row: Function, tree: Choose, scope: Scope, compile_: Compile) -> str:
    """Return the name of a function of the program for what is said piece by piece; it becomes part of the program."""
    if row.name not in scope.helpers:
        words = ("x", "y")[: row.arity]
        local = inner_scope(dict.fromkeys(words, "real"), scope)
        body = returned(tree, lambda part: compile_(part, Frame(), local).code.text, {}, local.held)
        said = [f"// {row.doc}"] if row.doc else []
        scope.helpers[row.name] = [*said, signature("real", row.name, words, local), *body, "}"]
    return row.name


def reduced(name: str, word: str, value: Value) -> Value:
    """Return a reduction of all axes of an array to one number."""
    if value.lead:
        raise CannotVectorise
    if name == "count":
        return scalar(call(word, value.code), "int")
    if value.form == "array" and value.elem == "int" and name in _OF_INTEGERS and value.rank == 1:
        return scalar(call(word, value.code), "int")
    return scalar(call(word, algebra(value).code))


def _scaled(expr: Call, frame: Frame, scope: Scope, compile_: Compile) -> Value | None:
    """Return a product with a diagonal matrix without making that matrix; None for any other product."""
    match expr.args:
        case (Call("matmul", (Call("diag", (one,)), inner)), Call("diag", (two,))) if one == two:
            word, parts = "quad_form_diag", (inner, one)
        case (Call("diag", (one,)), right):
            word, parts = "diag_pre_multiply", (one, right)
        case (left, Call("diag", (one,))):
            word, parts = "diag_post_multiply", (left, one)
        case _:
            return None
    values = [column(algebra(compile_(part, frame, scope))) for part in parts]
    if any(value.lead for value in values):
        raise CannotVectorise
    return Value(call(word, *(value.code for value in values)), "matrix", "real", 0, 2)


def _product(name: str, values: list[Value]) -> Value:
    """Return a product of linear algebra."""
    values = [algebra(value) for value in values]
    match name:
        case "dot":
            return dot(*values)
        case "matvec" if not any(value.lead for value in values):
            return _times(values[0], column(values[1]), "vector", 1)
        case "vecmat" if not any(value.lead for value in values):
            first = values[0] if values[0].form == "row" else transposed(values[0])
            return _times(first, values[1], "row", 1)
        case "matmul" if not any(value.lead for value in values):
            return _times(values[0], values[1], "matrix", 2)
        case "transpose" if not values[0].lead:
            value = values[0]
            if value.form == "matrix":
                return Value(Code(f"{value.code.at_least(ATOM)}'"), "matrix", "real", 0, 2)
            return transposed(value)
        case "diag" if not values[0].lead:
            return Value(call("diag_matrix", column(values[0]).code), "matrix", "real", 0, 2)
        case "cholesky" if not values[0].lead:
            return Value(call("cholesky_decompose", values[0].code), "matrix", "real", 0, 2)
        case "inverse" if not values[0].lead:
            return Value(call("inverse", values[0].code), "matrix", "real", 0, 2)
        case "det" | "log_det" if not values[0].lead:
            return scalar(call("determinant" if name == "det" else "log_determinant", values[0].code))
        case "outer" if not any(value.lead for value in values):
            left, right = column(values[0]), values[1] if values[1].form == "row" else transposed(values[1])
            return _times(left, right, "matrix", 2)
        case "add_diag" if not any(value.lead for value in values):
            return Value(call("add_diag", *(value.code for value in values)), "matrix", "real", 0, 2)
        case "diagonal" if not values[0].lead:
            return Value(call("diagonal", values[0].code), "vector", "real", 0, 1)
        case _:
            raise CannotVectorise


def _times(left: Value, right: Value, form: Form, rank: int, lead: int = 0) -> Value:
    return Value(infix("*", left.code, right.code, PRODUCT), form, "real", lead, rank)


def dot(left: Value, right: Value) -> Value:
    """Return a dot product; rows of a matrix times a vector, where one factor varies with a vectorised variable."""
    if left.own != 1 or right.own != 1 or max(left.lead, right.lead) > 1:
        raise CannotVectorise
    match (left.lead, right.lead):
        case (0, 0) if left.form == "row" and right.form == "vector":
            return _times(left, right, "scalar", 0)
        case (0, 0) if left.form == "vector" and right.form == "row":
            return _times(right, left, "scalar", 0)
        case (0, 0):
            return scalar(call("dot_product", left.code, right.code))
        case (1, 0):
            return _times(left, column(right), "vector", 1, 1)
        case (0, 1):
            return _times(right, column(left), "vector", 1, 1)
        case _:
            return Value(call("rows_dot_product", left.code, right.code), "vector", "real", 1, 1)
