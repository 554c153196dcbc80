"""Normal likelihoods by least squares: once, rows with the same sums of squares and products; then these alone."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.printing import ATOM, PRODUCT, SUM, Code, call, infix
from hiercomp.backends.stan import moments
from hiercomp.backends.stan.exprs import arithmetic, compiled
from hiercomp.backends.stan.indexing import size
from hiercomp.backends.stan.reductions import loop
from hiercomp.backends.stan.rows import coefficient_vector, columns, row, row_count, stem
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import Value
from hiercomp.expr import Op
from hiercomp.plan.ir import LeastSquares, TermStep
from hiercomp.records import replace

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
_CROSSED = ("// whether in some group the products of different predictors do not sum to zero",)


def prepared(step: TermStep, form: LeastSquares, scope: Scope) -> list[str]:
    """Return the statements that compute, once from data, the rows that stand for all others."""
    scope.helpers["add_row"] = _ADD_ROW.strip().split("\n")
    before: list[str] = []
    offset = form.mean.offset
    values = row(form.mean, step.lhs if offset is None else Op("-", (step.lhs, offset)), before, scope)
    if form.effects:
        return moments.prepared(step, form, scope)
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
    if form.effects:
        return moments.density(step, form, scope)
    if form.mean.members is not None:
        return _density_by_group(step, form, scope)
    r, z = scope.extra(f"{stem(step)}_R"), scope.extra(f"{stem(step)}_z")
    scale = compiled(form.scale, Frame(), scope).code.text
    return [
        f"{z} ~ normal_id_glm({r}, 0, {coefficient_vector(form.mean, scope).text}, {scale});",
        f"target += lmultiply(rows({z}) - {row_count(step, scope)}, {scale});",
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
    crossed = scope.extra(f"{stem(step)}_crossed")
    # Where predictors of a group are orthogonal, rounding may leave something of their products.
    tests = [
        f"square({triangle}[{at}][{row}, {column}]) > 1e-28 * square({triangle}[{at}][{column}, {column}])"
        for row, column in places
        if row < column < wide
    ]
    both = f"{crossed} = {' || '.join([crossed, *tests])};"
    added = [*before, *inner, f"{triangle}[{group}] = add_row({triangle}[{group}], {values});"]
    return [
        *(f"vector[{groups}] {_element(step, place, wide, scope)};" for place in places),
        f"real {rss} = 0;",
        *([*_CROSSED, f"int {crossed} = 0;"] if form.orthogonal else []),
        "{",
        f"  array[{groups}] matrix[{wide}, {wide}] {triangle} = rep_array(rep_matrix(0, {wide}, {wide}), {groups});",
        *(f"  {line}" for line in loop(step.binders, added, scope, compiled)),
        f"  for ({at} in 1:{groups}) {{",
        *(
            f"    {_element(step, place, wide, scope)}[{at}] = {triangle}[{at}][{place[0]}, {place[1]}];"
            for place in places
        ),
        f"    {rss} += square({triangle}[{at}][{wide}, {wide}]);",
        *([f"    {both}"] if form.orthogonal else []),
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
    before: list[str] = []
    for number in range(1, wide):
        terms = [
            arithmetic("*", Value(Code(_element(step, (number, place), wide, scope)), "vector", "real", 1, 1), part)
            for place, part in enumerate(parts[number - 1 :], start=number)
        ]
        fitted = _sum(terms)
        if form.orthogonal and len(terms) > 1:
            fitted = _skipping(terms, scope.extra(f"{stem(step)}_fit_{number}"), step, form, before, scope)
        distance = call("squared_distance", _element(step, (number, wide), wide, scope), fitted.code)
        squares = infix("+", squares, distance, SUM)
    total = f"target += lmultiply(-{row_count(step, scope)}, {scale}) - 0.5 * ({squares.text}) * inv_square({scale});"
    return ["{", *(f"  {line}" for line in (*before, total)), "}"] if before else [total]


def _sum(terms: Sequence[Value]) -> Value:
    first, *others = terms
    for term in others:
        first = arithmetic("+", first, term)
    return first


def _skipping(
    terms: Sequence[Value], name: str, step: TermStep, form: LeastSquares, before: list[str], scope: Scope
) -> Value:
    """Return a sum as a variable that gets all terms but the first only where data do not make them zero."""
    assert form.mean.members is not None
    groups = size(form.mean.members.set, scope, compiled).text
    before += [
        f"vector[{groups}] {name} = {terms[0].code.text};",
        f"if ({scope.extra(f'{stem(step)}_crossed')}) {{",
        f"  {name} += {_sum(terms[1:]).code.text};",
        "}",
    ]
    return replace(terms[0], code=Code(name))


def _bracketed(size: str) -> str:
    return Code(size, SUM if " " in size else ATOM).at_least(PRODUCT)
