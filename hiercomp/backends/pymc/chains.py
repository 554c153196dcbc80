"""Hidden Markov chains: a scan along the series, of the forward algorithm on the logarithmic scale."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.printing import PRODUCT, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc.arrays import Array, align
from hiercomp.backends.pymc.distributions import Spelled, spell
from hiercomp.backends.pymc.expressions import expression
from hiercomp.backends.pymc.indexing import length
from hiercomp.backends.pymc.parameters import Parameters
from hiercomp.backends.pymc.scope import Site
from hiercomp.catalog import row_named
from hiercomp.expr import Call, Expr
from hiercomp.model.chains import all_lead_on
from hiercomp.model.ir import Dist
from hiercomp.records import replace

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

_PAIRS = '''
def halves_first(steps):
    """Return positions so that pairs of neighbours stand half of them apart, and so do pairs of these pairs. Their
    number is a power of two, and those from `steps` on stand for none."""
    order = np.array([0])
    while order.size < steps:
        order = np.concatenate([2 * order, 2 * order + 1])
    return order


def in_pairs(values, steps, axis=-1):
    """Return what stands along an axis in that order; what stands for none is there only to be left out."""
    order = halves_first(steps)
    return pt.take(values, np.where(order < steps, order, 0), axis=axis)


def log_forward_by_pairs(start, transition, emitted, steps):
    """Return the log densities of series with hidden states that all lead to each other, from logarithms; the last
    axes are position, halves first, and state. The steps are matrices, multiplied in pairs and scaled up before they
    can underflow."""
    order = halves_first(steps)
    real = order < steps
    moves = real & (order > 0)
    # Whatever the densities are relative to has no slope.
    top = pytensor.gradient.disconnected_grad(pt.max(emitted, axis=-1, keepdims=True))
    relative = pt.moveaxis(pt.exp(emitted - top), -1, -2)
    stays = pt.eye(transition.shape[-1])[:, :, None]
    relative = pt.switch(real, relative, 1)
    product = pt.switch(moves, pt.exp(transition)[..., None], stays) * relative[..., None, :, :]
    total = pt.sum(pt.switch(real[:, None], top, 0), axis=(-2, -1))
    for level in range(1, order.size.bit_length()):
        half = order.size >> level
        first, second = product[..., :half], product[..., half:]
        product = pt.sum(first[..., :, :, None, :] * second[..., None, :, :, :], axis=-3)
        if level % 4 == 0 and half > 1:
            scale = pytensor.gradient.disconnected_grad(pt.max(product, axis=(-3, -2), keepdims=True))
            product = product / scale
            total = total + pt.sum(pt.log(scale), axis=(-3, -2, -1))
    return total + pt.log(pt.sum(pt.exp(start) * pt.sum(product, axis=(-2, -1)), axis=-1))
'''

_DRAW = '''
def draw_series(start, transition, drawn):
    """Return series, given what each state would emit at each position; probabilities are logarithms."""

    def move(leads, state):
        return pt.take_along_axis(leads, state[..., None], axis=-1)[..., 0]

    # The largest of logarithms and Gumbel noise is a draw: here of where every state would lead.
    noise = pt.moveaxis(pm.Gumbel.dist(mu=0.0, beta=1.0, size=drawn.shape), -2, 0)
    first = pt.argmax(start + noise[0], axis=-1)
    leads = pt.argmax(transition + noise[1:, ..., None, :], axis=-1)
    moved = pytensor.scan(move, sequences=[leads], outputs_info=[first], return_updates=False)
    states = pt.moveaxis(pt.concatenate([first[None], moved]), 0, -1)
    return pt.take_along_axis(drawn, states[..., None], axis=-1)[..., 0]
'''


def chain(dist: Dist, site: Site) -> Spelled:
    """Return the distribution of observed series, with an axis for each index variable that series vary with.

    Raises:
        CannotEmit: PyMC has no form for what a state emits.
    """
    assert dist.along is not None
    site.scope.helpers["draw_series"] = _DRAW
    site.function("pt")
    site.function("pm")
    states = [part.binder for part in dist.parts if part.binder is not None]
    inside = site.inside((dist.along, *states))
    outer = (*site.order, *inside.order[len(site.order) :])
    gathered = Parameters(inside, outer, taken=("value", "size", "start", "transition", "weight"))
    abstract = [gathered.inside(part.dist) for part in dist.parts]
    args = dict(dist.args)
    start = align(_log(args["initial"], site), site.order, 1).text if "initial" in args else "0"
    transition = align(_log(args["transition"], site), site.order, 2).text
    codes, axes = [start, transition, *gathered.codes], ["(k)" if "initial" in args else "()", "(k,k)"]
    for place, array in enumerate(gathered.arrays):
        letters = f"t{'k' if states else ''}{'abc'[: len(array.inner)]}"
        rank = gathered.own_rank(place, len(site.order))
        axes.append(f"({','.join(letters[len(letters) - rank :])})")
    names = ["start", "transition", *gathered.given]
    within = replace(inside, given=gathered.given)
    spelled = [spell(part, (), within, outer) for part in abstract]
    pairs = all_lead_on(args["transition"], {item.name: item.support.shape for item in site.scope.plan.params})
    pairs = pairs and not site.scope.plan.plain
    steps = length(dist.along, inside)
    same = not any("t" in letters for letters in axes[2:])  # what states emit does not depend on the position
    value = f"in_pairs(value, {steps.text})" if pairs and same else "value"
    value = f"{value}[..., None]" if states else value
    emitted = _by_state([call("pm.logp", one.dist(within), value) for one in spelled], site, running=bool(states))
    if pairs and not same:
        emitted = call("in_pairs", emitted, steps, "axis=-2")
    size = f"({', '.join(length(binder, within).text for binder in inside.binders)},)"
    size = size.replace(",)", ")") if len(inside.binders) > 1 else size
    draws = [Code(replace(one, args=(*one.args, f"size={size}")).dist(within)) for one in spelled]
    drawn = _by_state(draws, site, running=bool(states))
    if pairs:
        site.scope.helpers["log_forward_by_pairs"] = _PAIRS
        site.function("np")
        density = call("log_forward_by_pairs", "start", "transition", emitted, steps)
    else:
        site.scope.helpers["log_forward"] = _FORWARD
        density = call("log_forward", "start", "transition", emitted)
    if dist.weight is not None:
        codes.append(align(expression(dist.weight, site), site.order, 0).text)
        axes.append("()")
        names.append("weight")
        density = join("*", Code("weight"), density, PRODUCT)
    further = (
        f"logp=lambda value, {', '.join(names)}: {density.text}",
        f"dist=lambda {', '.join(names)}, size: {call('draw_series', 'start', 'transition', drawn).text}",
        f'signature="{",".join(axes)}->(t)"',
        *(('dtype="int64"',) if row_named(dist.row).kind == "discrete" else ()),
    )
    return Spelled("CustomDist", (*codes, *further), random=True)


def _by_state(codes: Sequence[Code], site: Site, *, running: bool) -> Code:
    """Return arrays for the states one by one as one array, with the states along its last axis."""
    if running:
        return codes[0]
    listed = call(site.function("pt.broadcast_arrays"), *codes)
    return call(site.function("pt.stack"), listed, "axis=-1")


def _log(expr: Expr, site: Site) -> Array:
    return expression(Call("log", (expr,), expr.type), site)
