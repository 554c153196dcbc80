"""Normal likelihoods by least squares: once, rows with the same sums of squares and products; then these alone."""

from __future__ import annotations

from hiercomp.backends.printing import PRODUCT, SUM, Code, call, infix
from hiercomp.backends.stan.exprs import arithmetic, compiled
from hiercomp.backends.stan.indexing import extent, size
from hiercomp.backends.stan.reductions import loop
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import Value, algebra, column, scalar
from hiercomp.expr import VECTOR, Expr, Op, Reduce, Ref, Stack
from hiercomp.plan.ir import LeastSquares, TermStep
from hiercomp.plan.predictors import VECTOR_TYPE, coefficients
from hiercomp.records import record

_ADD_ROW: str = """
// a triangle with the sums of squares and products of another one and a row (Givens rotations)
matrix add_row(matrix triangle, row_vector row) {
  int K = cols(triangle);
  matrix[K, K] R = triangle;
  row_vector[K] rest = row;
  for (k in 1:K) {
    real r = hypot(R[k, k], rest[k]);
    if (r > 0) {
      row_vector[K] rotated = (R[k, k] * R[k] + rest[k] * rest) / r;
      rest = (R[k, k] * rest - rest[k] * R[k]) / r;
      R[k] = rotated;
    }
  }
  return R;
}
"""


@record
class _Names:
    """What the rows that stand for all others are called, and in how many columns they are."""

    R: str
    z: str
    columns: str


def prepared(step: TermStep, form: LeastSquares, scope: Scope) -> list[str]:
    """Return the statements that compute, once from data, the rows that stand for all others."""
    scope.helpers["add_row"] = _ADD_ROW.strip().split("\n")
    before: list[str] = []
    row = _row(step, form, before, scope)
    if form.mean.members is not None:
        return _prepared_by_group(step, form, before, row, scope)
    names = _names(step, form, scope)
    wide, triangle = names.columns, scope.extra(f"{_stem(step)}_triangle")
    added = [*before, f"{triangle} = add_row({triangle}, {row});"]
    return [
        f"matrix[{wide}, {wide}] {triangle} = rep_matrix(0, {wide}, {wide});",
        *loop(step.binders, added, scope, compiled),
        f"matrix[{wide}, {_less(wide)}] {names.R} = {triangle}[ : , 1:{_less(wide)}];",
        f"vector[{wide}] {names.z} = {triangle}[ : , {wide}];",
    ]


def density(step: TermStep, form: LeastSquares, scope: Scope) -> list[str]:
    """Return the statements that add the log density of all rows, up to a constant."""
    if form.mean.members is not None:
        return _density_by_group(step, form, scope)
    names = _names(step, form, scope)
    scale = compiled(form.scale, Frame(), scope).code
    vector = coefficients(form.mean, scope.sets, lambda name: scope.held[name].container.axes)
    beta = column(algebra(compiled(vector, Frame(), scope))).code.text
    return [
        f"{names.z} ~ normal_id_glm({names.R}, 0, {beta}, {scale.text});",
        f"target += -({_count(step, scope)} - rows({names.z})) * log({scale.text});",
    ]


def _prepared_by_group(step: TermStep, form: LeastSquares, before: list[str], new: str, scope: Scope) -> list[str]:
    assert form.mean.members is not None
    assert form.mean.group is not None
    wide = len(form.mean.predictors) + 1
    groups = size(form.mean.members.set, scope, compiled).text
    r, rss = scope.extra(f"{_stem(step)}_R"), scope.extra(f"{_stem(step)}_rss")
    triangle = scope.extra(f"{_stem(step)}_triangle")
    inner: list[str] = []
    group = compiled(form.mean.group, Frame((), inner), scope).code.text
    at = scope.loops[form.mean.members.var]
    row, column = scope.extra("row"), scope.extra("column")
    return [
        f"array[{wide - 1}, {wide}] vector[{groups}] {r};",
        f"real {rss} = 0;",
        "{",
        f"  array[{groups}] matrix[{wide}, {wide}] {triangle} = rep_array(rep_matrix(0, {wide}, {wide}), {groups});",
        *(
            f"  {line}"
            for line in loop(
                step.binders,
                [*before, *inner, f"{triangle}[{group}] = add_row({triangle}[{group}], {new});"],
                scope,
                compiled,
            )
        ),
        f"  for ({at} in 1:{groups}) {{",
        f"    for ({row} in 1:{wide - 1}) {{",
        f"      for ({column} in 1:{wide}) {{",
        f"        {r}[{row}, {column}][{at}] = {triangle}[{at}][{row}, {column}];",
        "      }",
        "    }",
        f"    {rss} += square({triangle}[{at}][{wide}, {wide}]);",
        "  }",
        "}",
    ]


def _density_by_group(step: TermStep, form: LeastSquares, scope: Scope) -> list[str]:
    assert form.mean.members is not None
    r, rss = scope.extra(f"{_stem(step)}_R"), scope.extra(f"{_stem(step)}_rss")
    frame = Frame((form.mean.members,))
    parts = [compiled(item.coefficient, frame, scope) for item in form.mean.predictors if item.coefficient is not None]
    scale = compiled(form.scale, Frame(), scope).code.text
    squares = Code(rss)
    for row in range(1, len(parts) + 1):
        total: Value | None = None
        for place in range(row, len(parts) + 1):
            weights = Value(Code(f"{r}[{row}, {place}]"), "vector", "real", 1, 1)
            term = arithmetic("*", weights, parts[place - 1])
            total = term if total is None else arithmetic("+", total, term)
        assert total is not None
        distance = call("squared_distance", f"{r}[{row}, {len(parts) + 1}]", total.code)
        squares = infix("+", squares, distance, SUM)
    return [f"target += -{_count(step, scope)} * log({scale}) - 0.5 * ({squares.text}) * inv_square({scale});"]


def _row(step: TermStep, form: LeastSquares, before: list[str], scope: Scope) -> str:
    """Return a row of the predictors' features, and of the observation behind them, as a row vector."""
    items: list[Expr] = []
    for item in form.mean.predictors:
        items.append(item.feature if item.binder is None else Reduce(VECTOR, item.feature, (item.binder,), VECTOR_TYPE))
    offset = form.mean.offset
    items.append(step.lhs if offset is None else Op("-", (step.lhs, offset)))
    value = algebra(compiled(Stack(tuple(items), VECTOR_TYPE), Frame((), before), scope))
    return value.code.text if value.form == "row" else f"{value.code.text}'"


def _names(step: TermStep, form: LeastSquares, scope: Scope) -> _Names:
    sizes: list[Value] = []
    numbers = 1
    for item in form.mean.predictors:
        if item.binder is None:
            numbers += 1
        else:
            sizes.append(scalar(Code(extent(item.binder, scope, compiled), SUM), "int"))
    total = sizes[0].code if sizes else None
    for other in sizes[1:]:
        assert total is not None
        total = infix("+", total, other.code, SUM)
    columns = str(numbers) if total is None else infix("+", total, Code(str(numbers)), SUM).text
    stem = _stem(step)
    return _Names(scope.extra(f"{stem}_R"), scope.extra(f"{stem}_z"), columns)


def _less(columns: str) -> str:
    head, plus, number = columns.rpartition(" + ")
    less = int(number) - 1
    return f"{head}{plus}{less}" if plus and less else head or str(less)


def _stem(step: TermStep) -> str:
    assert isinstance(step.lhs, Ref)
    return step.lhs.name


def _count(step: TermStep, scope: Scope) -> str:
    return " * ".join(
        Code(text, SUM if " " in text else PRODUCT).at_least(PRODUCT)
        for text in (extent(binder, scope, compiled) for binder in step.binders)
    )
