"""Normal likelihoods by least squares: once, rows with the same sums of squares and products; then these alone."""

from __future__ import annotations

from hiercomp.backends.printing import ATOM, PRODUCT, SUM, Code, call, infix
from hiercomp.backends.stan.exprs import arithmetic, compiled
from hiercomp.backends.stan.indexing import extent, size
from hiercomp.backends.stan.reductions import loop
from hiercomp.backends.stan.rows import coefficient_vector, columns, row, stem
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import Value
from hiercomp.expr import Op
from hiercomp.plan.ir import LeastSquares, TermStep

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


def prepared(step: TermStep, form: LeastSquares, scope: Scope) -> list[str]:
    """Return the statements that compute, once from data, the rows that stand for all others."""
    scope.helpers["add_row"] = _ADD_ROW.strip().split("\n")
    before: list[str] = []
    offset = form.mean.offset
    values = row(form.mean, step.lhs if offset is None else Op("-", (step.lhs, offset)), before, scope)
    if form.mean.members is not None:
        return _prepared_by_group(step, form, before, values, scope)
    wide, less = columns(form.mean, 1, scope), columns(form.mean, 0, scope)
    name = stem(step)
    r, z, triangle = (scope.extra(f"{name}_{word}") for word in ("R", "z", "triangle"))
    return [
        f"matrix[{wide}, {wide}] {triangle} = rep_matrix(0, {wide}, {wide});",
        *loop(step.binders, [*before, f"{triangle} = add_row({triangle}, {values});"], scope, compiled),
        f"matrix[{wide}, {less}] {r} = {triangle}[ : , 1:{_bracketed(less)}];",
        f"vector[{wide}] {z} = {triangle}[ : , {wide}];",
    ]


def density(step: TermStep, form: LeastSquares, scope: Scope) -> list[str]:
    """Return the statements that add the log density of all rows, up to a constant."""
    if form.mean.members is not None:
        return _density_by_group(step, form, scope)
    r, z = scope.extra(f"{stem(step)}_R"), scope.extra(f"{stem(step)}_z")
    scale = compiled(form.scale, Frame(), scope).code.text
    return [
        f"{z} ~ normal_id_glm({r}, 0, {coefficient_vector(form.mean, scope).text}, {scale});",
        f"target += -({_count(step, scope)} - rows({z})) * log({scale});",
    ]


def _prepared_by_group(step: TermStep, form: LeastSquares, before: list[str], values: str, scope: Scope) -> list[str]:
    assert form.mean.members is not None
    assert form.mean.group is not None
    wide = len(form.mean.predictors) + 1
    groups = size(form.mean.members.set, scope, compiled).text
    rss, triangle = scope.extra(f"{stem(step)}_rss"), scope.extra(f"{stem(step)}_triangle")
    inner: list[str] = []
    group = compiled(form.mean.group, Frame((), inner), scope).code.text
    at = scope.loops[form.mean.members.var]
    places = [(row, column) for row in range(1, wide) for column in range(row, wide + 1)]
    added = [*before, *inner, f"{triangle}[{group}] = add_row({triangle}[{group}], {values});"]
    return [
        *(f"vector[{groups}] {_element(step, place, wide, scope)};" for place in places),
        f"real {rss} = 0;",
        "{",
        f"  array[{groups}] matrix[{wide}, {wide}] {triangle} = rep_array(rep_matrix(0, {wide}, {wide}), {groups});",
        *(f"  {line}" for line in loop(step.binders, added, scope, compiled)),
        f"  for ({at} in 1:{groups}) {{",
        *(
            f"    {_element(step, place, wide, scope)}[{at}] = {triangle}[{at}][{place[0]}, {place[1]}];"
            for place in places
        ),
        f"    {rss} += square({triangle}[{at}][{wide}, {wide}]);",
        "  }",
        "}",
    ]


def _element(step: TermStep, place: tuple[int, int], wide: int, scope: Scope) -> str:
    """Return the vector that has this element of the triangles of all groups: the last column is of observations."""
    row, column = place
    word = f"z_{row}" if column == wide else f"R_{row}{column}" if wide < 11 else f"R_{row}_{column}"
    return scope.extra(f"{stem(step)}_{word}")


def _density_by_group(step: TermStep, form: LeastSquares, scope: Scope) -> list[str]:
    assert form.mean.members is not None
    frame = Frame((form.mean.members,))
    parts = [compiled(item.coefficient, frame, scope) for item in form.mean.predictors if item.coefficient is not None]
    scale = compiled(form.scale, Frame(), scope).code.text
    squares = Code(scope.extra(f"{stem(step)}_rss"))
    wide = len(parts) + 1
    for number in range(1, wide):
        total: Value | None = None
        for place in range(number, wide):
            weights = Value(Code(_element(step, (number, place), wide, scope)), "vector", "real", 1, 1)
            term = arithmetic("*", weights, parts[place - 1])
            total = term if total is None else arithmetic("+", total, term)
        assert total is not None
        distance = call("squared_distance", _element(step, (number, wide), wide, scope), total.code)
        squares = infix("+", squares, distance, SUM)
    return [f"target += -{_count(step, scope)} * log({scale}) - 0.5 * ({squares.text}) * inv_square({scale});"]


def _bracketed(size: str) -> str:
    return Code(size, SUM if " " in size else ATOM).at_least(PRODUCT)


def _count(step: TermStep, scope: Scope) -> str:
    return " * ".join(
        Code(text, SUM if " " in text else PRODUCT).at_least(PRODUCT)
        for text in (extent(binder, scope, compiled) for binder in step.binders)
    )
