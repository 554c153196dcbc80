"""Unknowns whose elements lie in a constrained space together: PyMC's transforms or distributions for them."""

from __future__ import annotations

from hiercomp.backends.pymc.arrays import align
from hiercomp.backends.pymc.expressions import expression
from hiercomp.backends.pymc.forms import Piece, Statement, dims, needs, shape, site_of
from hiercomp.backends.pymc.layout import quote
from hiercomp.backends.pymc.scope import Scope, refuse
from hiercomp.expr import Ref
from hiercomp.plan.ir import ParamItem, TermStep

_TRANSFORMS = {
    "ordered": "ordered",
    "positive ordered": "Ordered(positive=True)",
    "simplex": "simplex",
    "sum to zero": "ZeroSumTransform([-1])",
}


def in_space(param: ParamItem, scope: Scope) -> tuple[str, ...]:
    """Return the keyword arguments that hold an unknown in its space; nothing where it has none."""
    if param.support.shape in ("cov", "corr"):
        from hiercomp.backends.pymc.matrices import in_matrices  # noqa: PLC0415  (few models have one)

        return in_matrices(param, scope)
    if param.support.shape not in _TRANSFORMS:
        return ()
    transform = scope.function("pm.distributions.transforms.") + _TRANSFORMS[param.support.shape]
    size = scope.size(param.axes[-1]).text
    if param.support.shape == "simplex":
        start = f"{scope.function('np.full')}({shape(param.axes, scope)}, 1 / {size})"
    elif param.support.shape == "sum to zero":
        start = f"{scope.function('np.zeros')}({shape(param.axes, scope)})"
    else:
        start = f"{scope.function('np.arange')}(1.0, {size} + 1)"
        if len(param.axes) > 1:
            start = f"{scope.function('np.broadcast_to')}({start}, {shape(param.axes, scope)})"
    return f"default_transform={transform}", f"initval={start}"


def zero_sum_normal(param: ParamItem, term: TermStep, scope: Scope) -> Statement:
    """Return an unknown vector of normals that sum to zero, or an array of such vectors.

    Raises:
        CannotEmit: its prior depends on a condition.
    """
    assert isinstance(term.lhs, Ref)
    if term.cases:
        raise refuse("H85", "a prior of a vector that sums to zero under a condition", term.origin.span)
    site = site_of(term.lhs.subs, term.binders, scope)
    sd = align(expression(dict(term.dist.args)["sd"], site), site.order, 1).text
    string = scope.strings[param.name]
    args = ", ".join((quote(string), f"sigma={sd}", *dims(param.axes, scope)))
    code = f"{scope.function('pm.ZeroSumNormal')}({args})"
    return Statement(term.origin, (Piece(code, param.name),), param.name, needs(term), (string,))


def on_sphere(param: ParamItem, scope: Scope) -> Statement:
    """Return a unit vector, uniform on the sphere: standard normals over their length.

    The length has no part in the model. Held close to one by a potential, it leaves samplers no neck near the origin,
    where steps along the sphere would be short. At a unit vector all this is the same number for all directions.
    """
    raw, string = scope.sampled(param.name)
    length = scope.extra(f"{scope.variables[param.name]}_length")
    scope.used.add(param.name)
    along = dims(param.axes, scope)
    start = f"initval={scope.function('np.ones')}({shape(param.axes, scope)})"
    given = ", ".join((quote(string), "mu=0", "sigma=1", *along, start))
    made = ", ".join((quote(scope.strings[param.name]), f"{raw} / {length}", *along))
    held = f"{quote(scope.string(f'{param.name}_length'))}, -12.5 * ({length} - 1)**2"
    pieces = (
        Piece(f"{raw} = {scope.function('pm.Normal')}({given})"),
        Piece(f"{length} = {scope.function('pt.sqrt')}({scope.function('pt.sum')}({raw}**2, axis=-1, keepdims=True))"),
        Piece(f"{scope.function('pm.Potential')}({held})"),
        Piece(f"{scope.function('pm.Deterministic')}({made})", param.name),
    )
    return Statement(param.origin, pieces, param.name, frozenset())
