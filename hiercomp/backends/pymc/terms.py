"""The parts of the log density: priors, observed variables, potentials; and what is only predicted."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.printing import PRODUCT, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc.arrays import Array, align, union
from hiercomp.backends.pymc.bounded import between, flat, further_bounds, start_of
from hiercomp.backends.pymc.distributions import Cases, Spelled, bounds_of, spell, truncate
from hiercomp.backends.pymc.expressions import expression, numeric
from hiercomp.backends.pymc.forms import (
    Piece,
    Statement,
    case_exprs,
    dims,
    is_whole,
    limits,
    listed,
    needs,
    shape,
    site_of,
    where_held,
)
from hiercomp.backends.pymc.indexing import length, positions
from hiercomp.backends.pymc.layout import quote
from hiercomp.backends.pymc.matrices import PRIORS, matrix
from hiercomp.backends.pymc.scope import Scope, Site, refuse
from hiercomp.backends.pymc.spaces import in_space, on_sphere, zero_sum_normal
from hiercomp.catalog import row_named
from hiercomp.expr import Choose, Expr, Ref, names, number
from hiercomp.model.events import picked_axis
from hiercomp.model.ir import Dist
from hiercomp.plan.draft import dists
from hiercomp.plan.ir import (
    AddStep,
    ByPrecision,
    LeastSquares,
    Origin,
    ParamItem,
    PredictStep,
    Regression,
    TermStep,
    TwoNormals,
)
from hiercomp.records import replace

_BEGINS = "Sampling begins at 1: PyMC's own choice is the mean, which exp(sigma^2 / 2) takes far out."
_IN_PIECES = "Its prior comes in pieces: a constant density here, to which each piece adds its own."


def prior(param: ParamItem, terms: Sequence[TermStep], scope: Scope) -> list[Statement]:
    """Return an unknown with its prior.

    A prior given in pieces, such as that of a random walk, is a constant density with the pieces as potentials.
    """
    term = terms[0]
    assert isinstance(term.lhs, Ref)
    if param.support.shape == "unit vector":
        return [on_sphere(param, scope), *(potential(item, scope) for item in terms)]
    if len(terms) > 1 or not is_whole(term.lhs, term.binders, scope) or _goes_on(param.name, term, scope):
        return [_constant(param, scope, _IN_PIECES), *(potential(item, scope) for item in terms)]
    if row_named(term.dist.row).improper and not term.cases:
        return [_constant(param, scope, "")]
    if row_named(term.dist.row).event_shape == "sum to zero":
        return [zero_sum_normal(param, term, scope)]
    if row_named(term.dist.row).event_shape in PRIORS:
        return [matrix(param, term, scope)]
    site = site_of(term.lhs.subs, term.binders, scope)
    rank = len(param.axes) - len(term.lhs.subs) - row_named(term.dist.row).event_rank
    spelled = spell(between(term.dist), term.cases, site, site.order, rank)
    bounds = (
        (None, None) if term.cases or param.support.shape else further_bounds(param.support, term.dist, scope.derived)
    )
    extra = tuple(item for item in bounds if item is not None)
    if extra:
        _refuse_moving(spelled, extra, term, scope)
        plain = spell(replace(term.dist, lower=None, upper=None), (), site, site.order, rank)
        spelled = truncate(plain, bounds_of(param.support.lower, param.support.upper, site), site.order, rank, site)
    string = scope.strings[param.name]
    further = () if row_named(term.dist.row).event_shape else in_space(param, scope)
    if spelled.row and not further:
        from hiercomp.backends.pymc import formulas  # noqa: PLC0415 - few models have one

        further = formulas.of_unknown(spelled, site)
    origin = term.origin
    if spelled.name == "Truncated" and not further:
        further = start_of(spelled, param.axes, site)
    if spelled.name == "LogNormal" and spelled.random and not further:
        ones = f"{scope.function('np.ones')}({shape(param.axes, scope)})" if param.axes else "1"
        further, origin = (f"initval={ones}",), replace(origin, remarks=(*origin.remarks, _BEGINS))
    code = spelled.variable(site, quote(string), *dims(param.axes, scope), *further)
    return [Statement(origin, (Piece(code, param.name),), param.name, needs(term), (string,))]


def _goes_on(name: str, term: TermStep, scope: Scope) -> bool:
    """Say whether the prior of an unknown depends on elements of it, through a definition that they are part of."""
    if scope.derived.isdisjoint(needs(term)):
        return False
    wanted, seen = list(needs(term)), set[str]()
    while wanted:
        new = wanted.pop()
        if new not in seen:
            seen.add(new)
            wanted += (other for step in scope.definitions(new) for other in needs(step))
    return name in seen


def _constant(param: ParamItem, scope: Scope, remark: str) -> Statement:
    """Return an unknown of constant density within its bounds."""
    site = Site(scope, param.binders)
    shaped = in_space(param, scope)
    bounds = (None, None) if shaped else bounds_of(param.support.lower, param.support.upper, site)
    base = flat(bounds, scope.variables[param.name], param.axes, site)
    string = scope.strings[param.name]
    code = base.spelled.variable(site, quote(string), *dims(param.axes, scope), *base.further, *shaped)
    pieces, terms = [Piece(code, param.name)], [string]
    if base.potential:
        if base.mentions:
            scope.used.add(param.name)
        terms.append(scope.string(f"{param.name}_bounds"))
        pieces.append(Piece(f"{scope.function('pm.Potential')}({quote(terms[1])}, {base.potential})"))
    wanted = frozenset(
        name for bound in (param.support.lower, param.support.upper) if bound is not None for name in names(bound)
    )
    origin = param.origin
    if remark:
        # The notes belong to the pieces.
        origin = Origin(origin.label, origin.section, remarks=(remark,), span=origin.span)
    return Statement(origin, tuple(pieces), param.name, wanted, tuple(terms))


def likelihood(term: TermStep, alone: bool, scope: Scope) -> Statement:
    """Return an observed variable. `alone`: no other statement is about the same data.

    Data of which nothing is said at some elements are none, as nothing can be drawn for those: they get a potential.
    """
    assert isinstance(term.lhs, Ref)
    if row_named(term.dist.row).improper and term.cases:
        return potential(term, scope)
    if term.cases and any(dist.along is not None for dist in dists(term)):
        raise refuse("H88", "a chain of hidden states under a condition", term.origin.span, "split the data instead")
    site, pairs = listed(site_of(term.lhs.subs, term.binders, scope))
    value = observed_value(term, site)
    if {*site.own} != {*value.outer}:
        raise refuse("H87", "one observation has several densities", term.origin.span)
    whole = alone and is_whole(term.lhs, term.binders, scope)
    spelled = _written_out(term, site, value) if any(dist.compound or dist.along for dist in dists(term)) else None
    if spelled is None:
        spelled = spell(term.dist, term.cases, site, value.outer, len(value.inner))
    string = scope.strings[term.lhs.name] if whole else scope.string(term.origin.label)
    axes = dims(scope.symbols[term.lhs.name].axes, scope) if whole else ()
    code = spelled.variable(site, quote(string), f"observed={value.code.text}", *axes)
    whole = None
    if term.form is not None:
        from hiercomp.backends.pymc import mixing, regressions, squares  # noqa: PLC0415  (few models have as many rows)

        match term.form:
            case LeastSquares():
                whole = squares.density(term, term.form, value, site)
            case Regression():
                whole = regressions.density(term, term.form, value, site)
            case TwoNormals():
                whole = mixing.density(term.form, value, site)
            case ByPrecision():
                pass  # the form of priors in Stan; PyMC has them by their standard deviation
    if whole is None:
        return Statement(term.origin, (*pairs, Piece(code)), "", needs(term), (string,))
    # An observed variable for what is asked of each observation, and the density of all for sampling.
    scope.pointwise = True
    of_all = f"{scope.function('pm.Potential')}({quote(string)}, {whole})"
    pieces = (Piece("if pointwise:"), Piece(code, depth=1), Piece("else:"), Piece(of_all, depth=1))
    said = tuple(filter(None, (term.origin.reading, term.origin.note)))
    origin = replace(term.origin, reading="", note="", remarks=(*said, *term.origin.remarks))
    return Statement(origin, pieces, "", needs(term), (string,))


def _written_out(term: TermStep, site: Site, value: Array) -> Spelled | None:
    """Return the variable of a density that PyMC has no distribution for, or None."""
    if term.dist.along is not None:
        from hiercomp.backends.pymc import chains  # noqa: PLC0415

        return chains.chain(term.dist, site)
    from hiercomp.backends.pymc.compound import custom, written_out  # noqa: PLC0415

    if not any(written_out(dist) for dist in (term.dist, *(dist for _, dist in term.cases))):
        return None
    if term.cases:
        raise refuse("H88", "cases of a density that is written out", term.origin.span, "split the data instead")
    return custom(term.dist, site, value.outer)


def observed_value(term: TermStep, site: Site) -> Array:
    """Return the left side of a term; members of an index set as PyMC has them, counted from 0."""
    picked = next(filter(None, map(picked_axis, dists(term))), None)
    return expression(term.lhs, site) if picked is None else positions(term.lhs, picked, site)


def potential(term: TermStep, scope: Scope) -> Statement:
    """Return the log density of an expression, or of a piece of an unknown, added to that of the model."""
    lhs = names(term.lhs)
    wanted = needs(term) | lhs
    if row_named(term.dist.row).improper and not term.cases:
        return Statement(term.origin, (), "", lhs)
    subs = term.lhs.subs if isinstance(term.lhs, Ref) else ()
    site, pairs = listed(site_of(subs, term.binders, scope))
    if row_named(term.dist.row).improper and len(term.cases) == 1:
        ((when, dist),) = term.cases
        site, pairs, found = where_held(when, site, pairs)
        term = replace(term, dist=dist, cases=()) if found else term
    value = observed_value(term, site)
    parts = [expression(item, site) for item in case_exprs(term.dist, term.cases)]
    outer = union((value, *parts), site.order)
    where = align(value, outer, len(value.inner)).text

    def density(dist: Dist, cases: Cases) -> str:
        return spell(dist, cases, site, outer, len(value.inner)).logp(where, site).text

    if row_named(term.dist.row).improper:
        # Where none of the conditions holds, nothing is said.
        text = "0"
        for when, dist in reversed(term.cases):
            held = align(expression(when, site), outer, len(value.inner)).text
            text = f"{scope.function('pt.switch')}({held}, {density(dist, ())}, {text})"
        code = Code(text)
    else:
        code = Code(density(term.dist, term.cases))
    return _added(code, outer, site, Statement(term.origin, pairs, "", wanted))


def add(step: AddStep, scope: Scope) -> Statement:
    """Return a term that the spec adds to the log density itself."""
    site, pairs = listed(Site(scope, step.binders))
    term = step.value
    if isinstance(term, Choose) and len(term.cases) == 1 and term.otherwise == number(0):
        ((when, inner),) = term.cases
        site, pairs, found = where_held(when, site, pairs)
        term = inner if found else term
    value = numeric(expression(term, site), site)
    wanted = names(step.value).union(*map(names, limits(step.binders)))
    return _added(value.code, value.outer, site, Statement(step.origin, pairs, "", wanted), known=not value.random)


def _added(code: Code, outer: tuple[str, ...], site: Site, statement: Statement, *, known: bool = False) -> Statement:
    """Return the statement with its potential, which counts once for each value of every index variable."""
    for binder in site.binders:
        if binder.var in site.own and binder.var not in outer:
            code = join("*", length(binder, site), code, PRODUCT)
    if code.text.isidentifier():
        # PyMC gives the term its own name, and what is renamed must not be the unknown itself.
        code = call(site.function("pt.sum"), code)
    elif known:
        code = call(site.function("pt.as_tensor"), code)  # of numbers alone, which have no name that PyMC could set
    string = site.scope.string(statement.origin.label)
    piece = Piece(f"{site.function('pm.Potential')}({quote(string)}, {code.text})")
    return replace(statement, pieces=(*statement.pieces, piece), terms=(string,))


def predict(step: PredictStep, scope: Scope) -> Statement:
    """Return a random quantity that only draws of the posterior predictive have."""
    if not is_whole(Ref(step.name, step.subs), step.binders, scope):
        raise refuse("H87", f"`{step.name}` is predicted piece by piece", step.origin.span)
    site = site_of(step.subs, step.binders, scope)
    spelled = spell(step.dist, step.cases, site, site.order, len(step.axes) - len(step.subs))
    code = spelled.variable(site, quote(scope.strings[step.name]), *dims(step.axes, scope))
    if picked_axis(step.dist) is not None and _is_needed(step.name, scope):
        # As a variable of the model it counts from 0, as a name of the spec from 1.
        code = f"{code} + 1"
    return Statement(step.origin, (Piece(code, step.name),), step.name, needs(step))


def _is_needed(name: str, scope: Scope) -> bool:
    return any(name in needs(step) for step in (*scope.plan.predictions, *scope.plan.defines))


def _refuse_moving(spelled: Spelled, bounds: Sequence[Expr], term: TermStep, scope: Scope) -> None:
    mentioned = {name for bound in bounds for name in names(bound)}
    if spelled.random or any(scope.symbols[name].random for name in mentioned):
        raise refuse(
            "H88",
            "a bound without renormalising, on a prior whose mass within it depends on unknowns",
            term.origin.span,
            "write `truncated to [a, b]`, which renormalises",
        )
