"""Normal priors of group effects whose sd is one over the root of a precision."""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.expr import Call, Const, Expr, Op, Ref, free_indices, names
from hiercomp.model.ir import DefineStmt, RandomStmt, Role
from hiercomp.plan.draft import Draft, kind
from hiercomp.plan.ir import ByPrecision


def by_precision(draft: Draft, stmt: RandomStmt, defined: Mapping[str, DefineStmt]) -> ByPrecision | None:
    """Return the form of a prior whose elements share an unknown precision; None of any other.

    What is `defined` for all of a name is seen through: people who think in precisions define the sd to look at it.
    """
    dist, binders = stmt.dist, stmt.common.binders
    if dist.row != "Normal" or dist.truncated or dist.compound or dist.weight is not None or stmt.cases:
        return None
    if kind(draft, stmt) != "prior" or len(binders) != 1:
        return None
    args = dict(dist.args)
    precision = _precision(args["sd"], defined)
    if precision is None or any(binder.var in free_indices(precision) for binder in binders):
        return None
    if any(draft.symbols[name].role is Role.PREDICTION for value in args.values() for name in names(value)):
        return None
    return ByPrecision(args["mean"], precision)


def _precision(sd: Expr, defined: Mapping[str, DefineStmt]) -> Expr | None:
    if isinstance(sd, Ref) and not sd.subs and (known := defined.get(sd.name)):
        sd = known.value
    match sd:
        case Op(op="/", args=(Const(value=1), Call(func="sqrt", args=(precision,)))):
            return precision
        case _:
            return None
