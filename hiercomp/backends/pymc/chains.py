"""Hidden Markov chains: a scan along the series, of the forward algorithm on the logarithmic scale."""

from __future__ import annotations

from hiercomp.backends.printing import PRODUCT, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc.arrays import Array, align, union
from hiercomp.backends.pymc.distributions import spell
from hiercomp.backends.pymc.expressions import expression
from hiercomp.backends.pymc.indexing import positions
from hiercomp.backends.pymc.scope import Site
from hiercomp.expr import Call, Expr, Ref
from hiercomp.model.chains import at_position
from hiercomp.model.events import picked_axis
from hiercomp.model.ir import Dist

_FORWARD = '''
def log_forward(start, transition, emitted):
    """Return the log densities of series with hidden states, from logarithms; the last axes are position and state."""

    def move(now, reached, transition):
        return pt.logsumexp(reached[..., None] + transition, axis=-2) + now

    emitted = pt.moveaxis(emitted, -2, 0)
    first = pt.zeros_like(emitted[0]) + start + emitted[0]
    moved = pytensor.scan(
        move, sequences=[emitted[1:]], outputs_info=[first], non_sequences=[transition], return_updates=False
    )
    return pt.logsumexp(pt.concatenate([first[None], moved])[-1], axis=-1)
'''


def log_density(lhs: Ref, dist: Dist, site: Site) -> Array:
    """Return the log density of each series, with an axis for each index variable that series vary with.

    Raises:
        CannotEmit: PyMC has no form for what a state emits.
    """
    assert dist.along is not None
    site.scope.helpers["log_forward"] = _FORWARD
    site.function("pt")
    binders = [part.binder for part in dist.parts if part.binder is not None]
    inside = site.inside((dist.along, *binders))
    picked = next(filter(None, (picked_axis(part.dist) for part in dist.parts)), None)
    place = at_position(lhs, dist)
    value = expression(place, inside) if picked is None else positions(place, picked, inside)
    outer = (*site.order, *inside.order[len(site.order) :])
    texts = [
        f"{site.function('pm.logp')}({spell(part.dist, (), inside, outer).dist(inside)}, {align(value, outer, 0).text})"
        for part in dist.parts
    ]
    emitted = Code(texts[0])
    if not binders:
        listed = call(site.function("pt.broadcast_arrays"), *texts)
        emitted = call(site.function("pt.stack"), listed, "axis=-1")
    args = dict(dist.args)
    start = align(_log(args["initial"], site), site.order, 1) if "initial" in args else Code("0")
    code = call("log_forward", start, align(_log(args["transition"], site), site.order, 2), emitted)
    found = Array(code, union((value,), site.order), (), random=True)
    if dist.weight is None:
        return found
    weight = expression(dist.weight, site)
    times = join("*", align(weight, site.order, 0), found.code, PRODUCT)
    return Array(times, union((weight, found), site.order), (), random=True)


def _log(expr: Expr, site: Site) -> Array:
    return expression(Call("log", (expr,), expr.type), site)
