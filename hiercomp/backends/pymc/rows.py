"""Columns of predictors, and their product with the coefficients."""

from __future__ import annotations

from collections.abc import Iterator

from hiercomp.backends.printing import ATOM, PRODUCT, SUM, Code
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc.arrays import align
from hiercomp.backends.pymc.expressions import expression, numeric
from hiercomp.backends.pymc.scope import Scope, Site
from hiercomp.expr import Stack
from hiercomp.plan.ir import Linear, Predictor
from hiercomp.plan.predictors import coefficients

# More coefficients that are numbers make one vector, rather than a product each.
_FEW = 2


def listed(mean: Linear, site: Site) -> str:
    """Return the list of the predictors' columns."""
    return f"[{', '.join(_column(item, site) for item in mean.predictors)}]"


def _column(item: Predictor, site: Site) -> str:
    """Return a column of features, or several one after the other, with the axes of the rows."""
    inside = site if item.binder is None else site.inside((item.binder,))
    array = numeric(expression(item.feature, inside), inside)
    outer = (*site.order, *(() if item.binder is None else (item.binder.var,)))
    code = align(array, outer, 0)
    if item.binder is None:
        return code.text
    if len(outer) == 2:
        return f"*{code.at_least(ATOM)}.T"
    return f"*{site.function('np.moveaxis')}({code.text}, -1, 0)"


def product(matrix: str, mean: Linear, scope: Scope) -> Code:
    """Return a matrix with a column for each predictor times the coefficients."""
    parts = list(_parts(mean, scope)) if sum(item.binder is not None for item in mean.predictors) < 2 else []
    single = sum(not isinstance(place, slice) for place, _ in parts)
    if not parts or single > _FEW:
        parts = [(slice(None), _vector(mean, scope))]
    total: Code | None = None
    for place, code in parts:
        if isinstance(place, slice):
            bounds = ":".join("" if end is None else str(end) for end in (place.start, place.stop))
            term = join("@", Code(matrix if bounds == ":" else f"{matrix}[:, {bounds}]"), code, PRODUCT)
        else:
            term = join("*", Code(f"{matrix}[:, {place}]"), code, PRODUCT)
        total = term if total is None else join("+", total, term, SUM)
    assert total is not None
    return total


def is_vector(mean: Linear, scope: Scope) -> bool:
    """Say whether the coefficients are vectors and at most a few numbers."""
    parts = list(_parts(mean, scope))
    return sum(not isinstance(place, slice) for place, _ in parts) <= _FEW


def whole_vector(mean: Linear, scope: Scope) -> Code | None:
    """Return the coefficients where they are all elements of one vector."""
    return _vector(mean, scope) if _is_whole(mean.predictors, scope) else None


def _parts(mean: Linear, scope: Scope) -> Iterator[tuple[slice | int, Code]]:
    """Yield the columns, or the column, of each vector or number among the coefficients."""
    items = mean.predictors
    first = 0
    behind = False  # whether how many columns stand before is not known
    while first < len(items):
        last = first + 1
        while last <= len(items) and not _is_whole(items[first:last], scope):
            last += 1
        if last > len(items):
            last = first + 1
        run = items[first:last]
        start, stop = (first - len(items), last - len(items)) if behind else (first, last)
        vector = _is_whole(run, scope)
        several = run[0].binder is not None
        if several:
            stop = last - len(items)
        if vector:
            whole = start == 0 and last == len(items)
            yield (
                slice(None if whole or start == 0 else start, None if last == len(items) else stop),
                _vector(Linear(run), scope),
            )
        else:
            assert run[0].coefficient is not None
            yield start, Code(expression(run[0].coefficient, Site(scope)).code.at_least(PRODUCT))
        behind = behind or several
        first = last


def _is_whole(run: tuple[Predictor, ...], scope: Scope) -> bool:
    """Say whether coefficients are all elements of one vector."""
    if len(run) == 1 and run[0].binder is not None:
        return True
    if any(item.binder is not None for item in run):
        return False
    return not isinstance(coefficients(Linear(run), scope.sets, lambda name: scope.symbols[name].axes), Stack)


def _vector(mean: Linear, scope: Scope) -> Code:
    vector = coefficients(mean, scope.sets, lambda name: scope.symbols[name].axes)
    return expression(vector, Site(scope)).code
