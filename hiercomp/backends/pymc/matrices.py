"""Unknown correlation and covariance matrices, and Cholesky factors of correlation matrices, with their priors.

PyMC's own LKJCorr is a distribution of Cholesky factors, and its Wishart has no transform. A matrix itself is an
unknown of constant density with a transform that the module brings along, and the log density is added to the model's.
"""

from __future__ import annotations

from hiercomp.backends.printing import PRODUCT, SUM, Code
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc.expressions import expression
from hiercomp.backends.pymc.forms import Piece, Statement, dims, needs, shape, site_of
from hiercomp.backends.pymc.layout import quote
from hiercomp.backends.pymc.scope import Scope, Site, refuse
from hiercomp.expr import Ref
from hiercomp.plan.ir import ParamItem, TermStep

PRIORS = ("corr", "cholesky corr", "cov")
# By the space: the transform that the template brings along.
_TRANSFORMS = {"corr": "CorrelationMatrix", "cov": "CovarianceMatrix"}
_LOG_DET = '''
def log_det(matrix):
    """Return the log determinants of covariance matrices, and their Cholesky factors."""
    factor = pt.linalg.cholesky(matrix)
    return 2 * pt.sum(pt.log(pt.diagonal(factor, axis1=-2, axis2=-1)), axis=-1), factor
'''
_CONSTANT = '''
def wishart_constant(df, n):
    """Return what the log density has apart from determinants and the trace."""
    logs = pt.sum(pt.gammaln((df - pt.arange(n)) / 2))
    value = -df * n / 2 * np.log(2) - n * (n - 1) / 4 * np.log(np.pi) - logs
    return pt.switch(pt.gt(df, n - 1), value, -np.inf)
'''
_WISHART = '''
def wishart(x, df, scale):
    """Return the log densities of Wishart matrices; the trace of x over the scale is a sum of squares."""
    n = scale.shape[-1]
    (log_x, factor), (log_scale, root) = log_det(x), log_det(scale)
    trace = pt.sum(pt.linalg.solve_triangular(root, factor, lower=True) ** 2, axis=(-1, -2))
    return wishart_constant(df, n) + (df - n - 1) / 2 * log_x - df / 2 * log_scale - trace / 2
'''
_INVERSE_WISHART = '''
def inverse_wishart(x, df, scale):
    """Return the log densities of matrices with Wishart inverses; the trace of the scale over x is a sum of squares."""
    n = scale.shape[-1]
    (log_x, factor), (log_scale, root) = log_det(x), log_det(scale)
    trace = pt.sum(pt.linalg.solve_triangular(factor, root, lower=True) ** 2, axis=(-1, -2))
    return wishart_constant(df, n) + df / 2 * log_scale - (df + n + 1) / 2 * log_x - trace / 2
'''


def in_matrices(param: ParamItem, scope: Scope) -> tuple[str, ...]:
    """Return the keyword arguments that hold an unknown matrix, or an array of them, in its space."""
    size, full = scope.size(param.axes[-1]).text, shape(param.axes, scope)
    transform = _TRANSFORMS[param.support.shape]
    scope.matrices.add(transform)
    scope.function("pt.linalg.cholesky")  # as the transform does
    start = f"{scope.function('np.eye')}({size})"
    if len(param.axes) > 2:
        start = f"{scope.function('np.broadcast_to')}({start}, {full})"
    return f"default_transform={transform}({size})", f"initval={start}"


def matrix(param: ParamItem, term: TermStep, scope: Scope) -> Statement:
    """Return an unknown matrix with its prior.

    Raises:
        CannotEmit: the prior depends on a condition, or its parameters differ between matrices (H85), for which PyMC
            has no form.
    """
    assert isinstance(term.lhs, Ref)
    site = site_of(term.lhs.subs, term.binders, scope)
    if term.cases:
        raise refuse("H85", f"a prior of a {_NAMES[param.support.shape]} under a condition", term.origin.span)
    given = {name: expression(value, site) for name, value in term.dist.args}
    if any(value.outer for value in given.values()):
        raise refuse("H85", f"{term.dist.row} priors that differ between matrices", term.origin.span)
    name = scope.strings[param.name]
    if param.support.shape == "cholesky corr":
        size, full = scope.size(param.axes[-1]).text, shape(param.axes, scope)
        args = f"{quote(name)}, n={size}, eta={given['concentration'].code.text}, shape={full}"
        code = f"{scope.function('pm.LKJCorr')}({args})"
        return Statement(term.origin, (Piece(code, param.name),), param.name, needs(term), (name,))
    scope.used.add(param.name)
    flat = (
        f"{scope.function('pm.Flat')}({', '.join((quote(name), *dims(param.axes, scope), *in_matrices(param, scope)))})"
    )
    potential = scope.string(f"{param.name}_prior")
    density = _lkj(param, given["concentration"].code, scope) if "concentration" in given else ""
    if not density:
        density = _wishart(term, param, {key: value.code for key, value in given.items()}, site)
    added = f"{scope.function('pm.Potential')}({quote(potential)}, {density})"
    return Statement(term.origin, (Piece(flat, param.name), Piece(added)), param.name, needs(term), (name, potential))


_NAMES = {"corr": "correlation matrix", "cholesky corr": "Cholesky factor", "cov": "covariance matrix"}


def _lkj(param: ParamItem, concentration: Code, scope: Scope) -> str:
    factor = f"{scope.function('pt.linalg.cholesky')}({scope.variables[param.name]})"
    logs = Code(f"pt.log({scope.function('pt.diagonal')}({factor}, axis1=-2, axis2=-1))")
    power = join("*", Code("2"), join("-", concentration, Code("1"), SUM), PRODUCT)
    return join("*", power, Code(f"pt.sum({logs.text})"), PRODUCT).text


def _wishart(term: TermStep, param: ParamItem, args: dict[str, Code], site: Site) -> str:
    scope = site.scope
    scope.helpers["log_det"] = _LOG_DET
    scope.helpers["wishart_constant"] = _CONSTANT
    name, helper = ("wishart", _WISHART) if term.dist.row == "Wishart" else ("inverse_wishart", _INVERSE_WISHART)
    scope.helpers[name] = helper
    for module in ("np", "pt"):
        site.function(module)
    return f"{name}({scope.variables[param.name]}, {args['df'].text}, {args['scale'].text})"
