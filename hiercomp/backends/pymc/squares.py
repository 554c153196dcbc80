"""Normal likelihoods by least squares: once, rows with the same sums of squares and products; then these alone."""

from __future__ import annotations

from hiercomp.backends.printing import ATOM, PRODUCT, SUM, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc.arrays import Array, align
from hiercomp.backends.pymc.expressions import expression, power
from hiercomp.backends.pymc.forms import Piece, Statement, needs
from hiercomp.backends.pymc.indexing import positions
from hiercomp.backends.pymc.rows import listed, product
from hiercomp.backends.pymc.scope import Site
from hiercomp.expr import Expr, Index, Ref
from hiercomp.plan.ir import LeastSquares, Origin, TermStep

_TWO = Code("2")
_LEAST_SQUARES = '''
def least_squares(columns, values):
    """Return R and z, of few rows, with |z - R b| = |values - columns b| for all b, by QR."""
    spread = np.broadcast_arrays(*columns, values)
    fit = np.linalg.qr(np.column_stack([column.ravel() for column in spread]), mode="r")
    return fit[:, :-1], fit[:, -1]
'''

_BY_GROUP = '''
def least_squares_by_group(columns, values, group, groups):
    """Return R and z with |z - R b| = |values - columns b| for all b within each group, along the last axis, by QR,
    and the sum of squares that no b takes away."""
    *spread, group = (part.ravel() for part in np.broadcast_arrays(*columns, values, group))
    fit = np.zeros((len(spread), len(spread), groups))
    for place in range(groups):
        triangle = np.linalg.qr(np.column_stack([part[group == place] for part in spread]), mode="r")
        fit[: len(triangle), :, place] = triangle
    return fit[:-1, :-1], fit[:-1, -1], np.sum(fit[-1, -1] ** 2)
'''


def density(term: TermStep, form: LeastSquares, value: Array, site: Site) -> str:
    """Return the log density of all rows, up to a constant; what it needs of the data goes to the scope."""
    scope = site.scope
    assert isinstance(term.lhs, Ref)
    stem = scope.variables[term.lhs.name]
    r, z = scope.extra(f"{stem}_R"), scope.extra(f"{stem}_z")
    columns = listed(form.mean, site)
    values = value.code.text
    if form.mean.offset is not None:
        values = join("-", value.code, align(expression(form.mean.offset, site), value.outer, 0), SUM).text
    if form.mean.members is None:
        scope.helpers["least_squares"] = _LEAST_SQUARES
        prepared = f"{r}, {z} = least_squares({columns}, {values})"
        fitted = product(r, form.mean, scope)
        squares = call(site.function("pt.sum"), power(join("-", Code(z), fitted, SUM), _TWO))
    else:
        scope.helpers["least_squares_by_group"] = _BY_GROUP
        rss = scope.extra(f"{stem}_rss")
        assert form.mean.group is not None
        axis = form.mean.members.set
        group = _group(form.mean.group, axis, site)
        size = scope.size(axis).text
        prepared = f"{r}, {z}, {rss} = least_squares_by_group({columns}, {values}, {group}, {size})"
        squares = join("+", Code(rss), call(site.function("pt.sum"), _by_group(form, r, z, site)), SUM)
    origin = Origin(term.origin.label, term.origin.section, span=term.origin.span)
    scope.prepared.append(Statement(origin, (Piece(prepared),), "", needs(term)))
    site.function("np")
    scale = expression(form.scale, Site(scope)).code
    rows = Code(f"{value.code.at_least(ATOM)}.size")
    return (
        f"-{rows.text} * {site.function('pt.log')}({scale.text}) "
        f"- 0.5 * {squares.at_least(PRODUCT)} / {power(scale, _TWO).text}"
    )


def _group(group: Expr, axis: str, site: Site) -> str:
    where = positions(group, axis, site)
    if isinstance(group, Index):
        binder = site.binder(group.var)
        where = Array(call(site.function("np.arange"), site.scope.size(binder.set)), (group.var,), (), False, "int")
    return align(where, site.order, 0).text


def _by_group(form: LeastSquares, r: str, z: str, site: Site) -> Code:
    """Return the squares that are left in each group."""
    assert form.mean.members is not None
    groups = Site(site.scope, (form.mean.members,))
    parts = [expression(item.coefficient, groups).code for item in form.mean.predictors if item.coefficient is not None]
    total: Code | None = None
    for row in range(len(parts)):
        rest = Code(f"{z}[{row}]")
        for place in range(row, len(parts)):
            rest = join("-", rest, join("*", Code(f"{r}[{row}, {place}]"), parts[place], PRODUCT), SUM)
        square = power(rest, _TWO)
        total = square if total is None else join("+", total, square, SUM)
    assert total is not None
    return total
