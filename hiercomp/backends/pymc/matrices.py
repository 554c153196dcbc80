"""Correlation matrices and their Cholesky factors with LKJ priors.

PyMC's own LKJCorr is a distribution of Cholesky factors. A correlation matrix itself is an unknown of constant density
with a transform that the module brings along, and the log density is added to that of the model.
"""

from __future__ import annotations

from hiercomp.backends.printing import PRODUCT, SUM, Code
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc.expressions import expression
from hiercomp.backends.pymc.forms import Piece, Statement, needs, shape, site_of
from hiercomp.backends.pymc.layout import quote
from hiercomp.backends.pymc.scope import Scope, refuse
from hiercomp.expr import Ref
from hiercomp.plan.ir import ParamItem, TermStep

PRIORS = ("corr", "cholesky corr")


def correlations(param: ParamItem, term: TermStep, scope: Scope) -> Statement:
    """Return an unknown with an LKJ prior.

    Raises:
        CannotEmit: the concentration differs between matrices (H85), which PyMC has no form for.
    """
    assert isinstance(term.lhs, Ref)
    site = site_of(term.lhs.subs, term.binders, scope)
    if term.cases:
        raise refuse("H85", "an LKJ prior that depends on a condition", term.origin.span)
    concentration = expression(dict(term.dist.args)["concentration"], site)
    if concentration.outer:
        raise refuse("H85", "LKJ priors of different concentrations", term.origin.span)
    name, size, full = scope.strings[param.name], scope.size(param.axes[-1]).text, shape(param.axes, scope)
    if param.support.shape == "cholesky corr":
        args = f"{quote(name)}, n={size}, eta={concentration.code.text}, shape={full}"
        code = f"{scope.function('pm.LKJCorr')}({args})"
        return Statement(term.origin, (Piece(code, param.name),), param.name, needs(term), (name,))
    scope.correlations = True
    scope.used.add(param.name)
    start = f"{scope.function('np.eye')}({size})"
    if len(param.axes) > 2:
        start = f"{scope.function('np.broadcast_to')}({start}, {full})"
    args = f"{quote(name)}, shape={full}, default_transform=CorrelationMatrix({size}), initval={start}"
    flat = f"{scope.function('pm.Flat')}({args})"
    potential = scope.string(f"{param.name}_prior")
    factor = f"{scope.function('pt.linalg.cholesky')}({scope.variables[param.name]})"
    logs = Code(f"pt.log({scope.function('pt.diagonal')}({factor}, axis1=-2, axis2=-1))")
    power = join("*", Code("2"), join("-", concentration.code, Code("1"), SUM), PRODUCT)
    density = join("*", power, Code(f"pt.sum({logs.text})"), PRODUCT)
    added = f"{scope.function('pm.Potential')}({quote(potential)}, {density.text})"
    return Statement(term.origin, (Piece(flat, param.name), Piece(added)), param.name, needs(term), (name, potential))
