"""Normal elements that sum to zero, as one vector: their density, given the sum, has one standard deviation less."""

from __future__ import annotations

from hiercomp.expr import Binder, Const, Index, Ref, Type, free_indices
from hiercomp.model.ir import Dist
from hiercomp.model.scope import Sym
from hiercomp.records import replace

ROW = "Zero-Sum-Normal"


def zero_sum(sym: Sym, lhs: Ref, dist: Dist, binders: tuple[Binder, ...]) -> tuple[Ref, Dist, tuple[Binder, ...]]:
    """Return a statement ``a_j ~ Normal(0, sd)`` about elements that sum to zero as ``a ~ ZeroSumNormal(sd)``.

    Anything else is returned as it is: only normals of mean zero and one standard deviation have this normaliser,
    which is that of K - 1 of them.
    """
    if dist.row != "Normal" or dist.truncated or dist.compound or not lhs.subs or lhs.type.axes:
        return lhs, dist, binders
    args = dict(dist.args)
    last = lhs.subs[-1]
    binder = next((item for item in binders if isinstance(last, Index) and item.var == last.var), None)
    if binder is None or not (binder.lo is None or (isinstance(binder.lo, Const) and binder.lo.value == 1)):
        return lhs, dist, binders
    rest = tuple(item for item in binders if item is not binder)
    others = [args["sd"], *(end for item in rest for end in (item.lo, item.hi) if end is not None)]
    centered = isinstance(args["mean"], Const) and args["mean"].value == 0
    if not centered or any(binder.var in free_indices(expr) for expr in others):
        return lhs, dist, binders
    sym.event_rank = 1
    written = dist.written.replace("Normal(mean = 0, ", f"{ROW}(")
    return (
        replace(lhs, subs=lhs.subs[:-1], type=Type("real", (binder.set,))),
        replace(dist, row=ROW, args=(("sd", args["sd"]),), written=written),
        rest,
    )
