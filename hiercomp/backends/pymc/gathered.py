"""Products of looked-up elements as elements of one product: a lookup and its slope cost more than a factor."""

from __future__ import annotations

from hiercomp.backends.pymc import expressions, indexing
from hiercomp.backends.pymc.arrays import Array
from hiercomp.backends.pymc.scope import Site
from hiercomp.expr import Binder, Call, Const, Expr, Index, Op, Reduce, Ref, Stack, walk
from hiercomp.plan.ir import Stage
from hiercomp.records import replace

# What is finite for all finite arguments.
_FINITE = frozenset(
    {"+", "-", "*", "neg", "exp", "inv_logit", "tanh", "softmax", "cumsum", "dot", "matvec", "vecmat", "matmul", "sum",
     "mean", "transpose"}
)  # fmt: skip


def product(expr: Op, site: Site) -> Array | None:
    """Return ``a[i] * B[i, j]`` with lookups ``i`` and ``j`` as ``(a[:, None] * B)[i, j]``, None for other expressions.

    All of ``B`` has a definition of its own, so that one more product for each of its elements is little beside what
    they cost anyway, however many of them are looked up. They have to be finite, also those that are not: the slope of
    ``a`` is a sum over all of them.
    """
    match expr:
        case Op(op="*", args=(Ref() as first, Ref() as second)):
            small, large = sorted((first, second), key=lambda ref: len(ref.subs))
        case _:
            return None
    if not small.subs or not {*small.subs} < {*large.subs}:
        return None
    if {small.name, large.name} & site.given.keys() or any(_walks(sub, site) for sub in large.subs):
        return None
    if not _computed_whole(large, site) or not _is_finite(large.name, site):
        return None
    axes = site.scope.symbols[large.name].axes
    if len(axes) != len(large.subs) or len(site.scope.symbols[small.name].axes) != len(small.subs):
        return None
    binders = tuple(Binder(f"{number}", axis) for number, axis in enumerate(axes))
    places = {sub: Index(binder.var) for sub, binder in zip(large.subs, binders, strict=True)}
    if len(places) < len(binders):
        return None
    whole = Site(site.scope, binders)
    factors = [replace(ref, subs=tuple(places[sub] for sub in ref.subs)) for ref in (first, second)]
    code = expressions.expression(replace(expr, args=tuple(factors)), whole).code
    return indexing.looked_up(code, large, site)


def _computed_whole(ref: Ref, site: Site) -> bool:
    return any(step.stage is Stage.PARAMETER for step in site.scope.definitions(ref.name))


def _is_finite(name: str, site: Site) -> bool:
    """Say whether all elements of a name are finite wherever unknowns are, as what the data hold is."""
    nodes = [node for step in site.scope.definitions(name) for node in walk(step.value)]
    if any(not isinstance(node, Ref | Index | Const | Op | Call | Stack | Reduce) for node in nodes):
        return False
    used = {node.name for node in nodes if isinstance(node, Ref)} - {name}
    said = {node.op for node in nodes if isinstance(node, Op)}
    said |= {node.func for node in nodes if isinstance(node, Call | Reduce)}
    return said <= _FINITE and all(_is_finite(other, site) for other in used)


def _walks(sub: Expr, site: Site) -> bool:
    """Say whether a subscript is a variable that runs over its axis, so that nothing is looked up."""
    base, _ = indexing.split_offset(sub)
    return base is None or (isinstance(base, Index) and base.var not in site.groups)
