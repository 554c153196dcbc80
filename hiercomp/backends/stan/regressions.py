"""Likelihoods with a link: predictors are the rows of a matrix, computed once; equal rows are counted."""

from __future__ import annotations

from hiercomp.backends.printing import PRODUCT, SUM, Code, infix
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import extent
from hiercomp.backends.stan.reductions import loop
from hiercomp.backends.stan.rows import coefficient_vector, columns, row, row_count, stem
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import algebra, column
from hiercomp.expr import VECTOR, Reduce, free_indices
from hiercomp.plan.ir import Regression, TermStep
from hiercomp.plan.predictors import VECTOR_TYPE

# Densities that take the matrix themselves, by the row of the catalogue.
_GLM = {"Bernoulli-Logit": "bernoulli_logit_glm", "Poisson-Log": "poisson_log_glm"}


def prepared(step: TermStep, form: Regression, scope: Scope) -> list[str]:
    """Return the statements that compute the predictors, once from data."""
    before: list[str] = []
    values = row(form.linear, None, before, scope)
    wide = columns(form.linear, 0, scope)
    matrix = scope.extra(f"{stem(step)}_X")
    if form.counted:
        return _counted(step, before, values, wide, scope)
    (binder,) = step.binders
    return [
        f"matrix[{extent(binder, scope, compiled)}, {wide}] {matrix};",
        *loop([binder], [*before, f"{matrix}[{scope.loops[binder.var]}] = {values};"], scope, compiled),
    ]


def _counted(step: TermStep, before: list[str], values: str, wide: str, scope: Scope) -> list[str]:
    """Return the statements that find the different rows, how often each occurs, and the sum of its observations."""
    name = stem(step)
    matrix, trials, total = (scope.extra(f"{name}_{word}") for word in ("X", "trials", "sum"))
    different, new, cell = (scope.extra(f"{name}_{word}") for word in ("different", "row", "cell"))
    rows = row_count(step, scope)
    once = dict(step.dist.args).get("n")
    count = "1" if once is None else compiled(once, Frame(), scope).code.text
    seen = compiled(step.lhs, Frame(), scope).code.text
    all_rows, all_trials, all_sums = (scope.extra(f"{name}_all_{word}") for word in ("X", "trials", "sum"))
    body = [
        *before,
        f"row_vector[{wide}] {new} = {values};",
        f"int {cell} = 1;",
        f"while ({cell} <= {different} && squared_distance({all_rows}[{cell}], {new}) > 0) {{",
        f"  {cell} += 1;",
        "}",
        f"{different} = max({{{different}, {cell}}});",
        f"{all_rows}[{cell}] = {new};",
        f"{all_trials}[{cell}] += {count};",
        f"{all_sums}[{cell}] += {seen};",
    ]
    return [
        f"int {different} = 0;",
        f"matrix[{rows}, {wide}] {all_rows};",
        f"array[{rows}] int {all_trials} = rep_array(0, {rows});",
        f"array[{rows}] int {all_sums} = rep_array(0, {rows});",
        *loop(step.binders, body, scope, compiled),
        f"matrix[{different}, {wide}] {matrix} = {all_rows}[1:{different}];",
        f"vector[{different}] {trials} = to_vector({all_trials}[1:{different}]);",
        f"vector[{different}] {total} = to_vector({all_sums}[1:{different}]);",
    ]


def density(step: TermStep, form: Regression, scope: Scope) -> list[str]:
    """Return the statement that adds the log density of all rows, up to a constant."""
    name = stem(step)
    matrix = scope.extra(f"{name}_X")
    beta = coefficient_vector(form.linear, scope)
    product = infix("*", Code(matrix), beta, PRODUCT)
    before: list[str] = []
    if form.counted:
        rest = None if form.rest is None else compiled(form.rest, Frame((), before), scope).code
        location = product if rest is None else infix("+", rest, product, SUM)
        trials, total, logit = (scope.extra(f"{name}_{word}") for word in ("trials", "sum", "logit"))
        # Not binomial_logit: in Stan 2.27 that has no value at log odds beyond 700, where bernoulli_logit has one.
        before += [f"vector[rows({matrix})] {logit} = {location.text};"]
        sums = f"dot_product({total}, {logit}) - dot_product({trials}, log1p_exp({logit}))"
        return _with(before, f"target += {sums};")
    variate = compiled(step.lhs, Frame(step.binders), scope).code.text
    rest = _rest(step, form, before, scope)
    if step.dist.row in _GLM:
        code = f"{variate} ~ {_GLM[step.dist.row]}({matrix}, {'0' if rest is None else rest.text}, {beta.text});"
        return _with(before, code)
    trials = compiled(dict(step.dist.args)["n"], Frame(step.binders), scope).code.text
    location = product if rest is None else infix("+", product, rest, SUM)
    return _with(before, f"{variate} ~ binomial_logit({trials}, {location.text});")


def _rest(step: TermStep, form: Regression, before: list[str], scope: Scope) -> Code | None:
    """Return what is left of the location, a number or a vector with an element for each row."""
    if form.rest is None:
        return None
    (binder,) = step.binders
    if binder.var not in free_indices(form.rest):
        return compiled(form.rest, Frame((), before), scope).code
    every = Reduce(VECTOR, form.rest, (binder,), VECTOR_TYPE)
    return column(algebra(compiled(every, Frame((), before), scope))).code


def _with(before: list[str], code: str) -> list[str]:
    return ["{", *(f"  {line}" for line in (*before, code)), "}"] if before else [code]
