"""Trials whose log odds are given: whole sums, with as few exponentials and logarithms as there can be."""

from __future__ import annotations

from hiercomp.backends.printing import PRODUCT, SUM, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc.arrays import Array, align
from hiercomp.backends.pymc.expressions import expression
from hiercomp.backends.pymc.forms import Piece, Statement, needs, shape
from hiercomp.backends.pymc.rows import is_vector, listed, product, whole_vector
from hiercomp.backends.pymc.scope import Site
from hiercomp.plan.ir import Origin, Regression, TermStep

_BERNOULLI = '''
def bernoulli_logit_sum(y, logit):
    """Return the sum of the log probabilities of y. With log(1 + exp(x)) = (x + |x|) / 2 + log(1 + exp(-|x|))
    there is one logarithm for a product over up to 500 elements, none of which is above 2."""
    y, logit = y.ravel(), logit.ravel()
    size = pt.abs(logit)
    factors = 1 + pt.exp(-size)
    whole = y.size - y.size % 500
    products = pt.prod(factors[:whole].reshape((-1, 500)), axis=1, no_zeros_in_input=True)
    logs = pt.sum(pt.log(products)) + pt.log(pt.prod(factors[whole:], no_zeros_in_input=True))
    return pt.dot(y - 0.5, logit) - 0.5 * pt.sum(size) - logs
'''

_BINOMIAL = '''
def binomial_logit_sum(y, n, logit):
    """Return the sum of the log probabilities of y successes in n trials, up to a constant."""
    if np.any(y > n):
        raise ValueError("there are more successes than trials")
    return pt.sum(y * logit - n * pt.softplus(logit))
'''

_EQUAL_ROWS = '''
def equal_rows(columns, values, trials):
    """Return the different rows, and of each the sums of its values and of its trials."""
    *spread, values, trials = (part.ravel() for part in np.broadcast_arrays(*columns, values, trials))
    if np.any(values > trials):
        raise ValueError("there are more successes than trials")
    rows, place = np.unique(np.column_stack(spread), axis=0, return_inverse=True)
    return rows.astype(float), np.bincount(place, values), np.bincount(place, trials)
'''


def density(term: TermStep, form: Regression, value: Array, site: Site) -> str | None:
    """Return the log density of all rows, up to a constant; None where PyMC's own costs no more."""
    if term.dist.row == "Poisson-Log":
        return None
    scope = site.scope
    trials = dict(term.dist.args).get("n")
    if form.counted:
        assert trials is None or not expression(trials, site).random
        return _counted(term, form, value, site)
    location = _location(term, form, value, site)
    if term.dist.row == "Bernoulli-Logit":
        scope.helpers["bernoulli_logit_sum"] = _BERNOULLI
        site.function("pt")
        full = location.code.text
        if location.outer != value.outer:
            wanted = shape([site.binder(var).set for var in value.outer], scope)
            full = call(site.function("pt.broadcast_to"), full, wanted if len(value.outer) > 1 else f"({wanted},)").text
        return f"bernoulli_logit_sum({value.code.text}, {full})"
    assert trials is not None
    logit = align(location, value.outer, 0)
    number = align(expression(trials, site), value.outer, 0)
    scope.helpers["binomial_logit_sum"] = _BINOMIAL
    site.function("pt")
    return f"binomial_logit_sum({value.code.text}, {number.text}, {logit.text})"


def _location(term: TermStep, form: Regression, value: Array, site: Site) -> Array:
    """Return the log odds of all rows: by a matrix of the predictors where their coefficients are a vector."""
    scope = site.scope
    if not form.linear.predictors or not is_vector(form.linear, scope) or len(site.order) > 1:
        return expression(dict(term.dist.args)[form.parameter], site)
    matrix = scope.extra(f"{value.code.text}_X")
    columns = f"np.column_stack({listed(form.linear, site)})"
    if any(item.feature.__class__.__name__ == "Const" for item in form.linear.predictors):
        columns = f"np.column_stack(np.broadcast_arrays(*{listed(form.linear, site)}))"
    _prepare(term, f"{matrix} = {columns}", site)
    total = product(matrix, form.linear, scope)
    if form.rest is not None:
        total = join("+", align(expression(form.rest, site), site.order, 0), total, SUM)
    return Array(total, site.order, (), random=True)


def _counted(term: TermStep, form: Regression, value: Array, site: Site) -> str:
    """Return the log density of the different rows, each counted as often as it occurs."""
    scope = site.scope
    scope.helpers["equal_rows"] = _EQUAL_ROWS
    stem = value.code.text if value.code.text.isidentifier() else "rows"
    matrix, total, number = (scope.extra(f"{stem}_{word}") for word in ("X", "sum", "trials"))
    given = dict(term.dist.args).get("n")
    trials = "1" if given is None else align(expression(given, site), site.order, 0).text
    _prepare(
        term,
        f"{matrix}, {total}, {number} = equal_rows({listed(form.linear, site)}, {value.code.text}, {trials})",
        site,
    )
    location = product(matrix, form.linear, scope)
    vector = whole_vector(form.linear, scope)
    if vector is not None and form.rest is None:
        # Successes enter by their sums times the predictors, which are known.
        function = site.function("pt.sum")
        linear = f"{function}(({total} @ {matrix}) * {vector.at_least(PRODUCT)})"
        return f"{linear} - {function}({number} * {site.function('pt.softplus')}({location.text}))"
    if form.rest is not None:
        location = join("+", expression(form.rest, Site(scope)).code, location, SUM)
    scope.helpers["binomial_logit_sum"] = _BINOMIAL
    site.function("pt")
    return f"binomial_logit_sum({total}, {number}, {location.text})"


def _prepare(term: TermStep, code: str, site: Site) -> None:
    site.function("np")
    origin = Origin(term.origin.label, term.origin.section, span=term.origin.span)
    site.scope.prepared.append(Statement(origin, (Piece(code),), "", needs(term)))
