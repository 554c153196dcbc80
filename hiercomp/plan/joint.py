"""``non-centered`` for vectors: location + Cholesky factor * vector of independent standard normals."""

from __future__ import annotations

from hiercomp.expr import FILL, REAL, Binder, Call, Const, Expr, Index, Op, Ref, Type, number
from hiercomp.model.ir import DefineStmt, Dist, RandomStmt, Role, Stmt, Support, Symbol
from hiercomp.plan.draft import Draft, fresh
from hiercomp.plan.factors import computed_once, factor_of
from hiercomp.records import replace


def standardise_jointly(
    draft: Draft, stmt: RandomStmt, symbols: dict[str, Symbol], raws: dict[str, str]
) -> tuple[Stmt, ...]:
    """Return the definition of an unknown vector by a standardised one, of the factor where that has to be computed,
    and, last, the prior of the standardised one, which `raws` then names."""
    assert isinstance(stmt.lhs, Ref)
    name, args = stmt.lhs.name, dict(stmt.dist.args)
    axis = symbols[name].axes[-1]
    factor: Expr | None = args.get("cholesky")
    if factor is None:
        factor = factor_of(args["cov"], draft) or Call("cholesky", (args["cov"],), args["cov"].type)
    once = computed_once(stmt, factor, symbols)
    raw = raws[name] = fresh(f"{name}_raw", symbols)
    why = f"the standardised form of {name}, which is non-centered"
    symbols[raw] = replace(symbols[name], name=raw, support=Support(), event_rank=0, why=why)
    symbols[name] = replace(symbols[name], role=Role.DERIVED, event_rank=0)
    vector = Type("real", (axis,))
    standard = Ref(raw, stmt.lhs.subs, vector)
    used = Ref(once.name, (), factor.type) if once is not None else factor
    value = _moved(args["mean"], Call("matvec", (used, standard), vector))
    var = fresh("k", {binder.var: None for binder in stmt.common.binders})
    common = replace(stmt.common, label=raw, note="", binders=(*stmt.common.binders, Binder(var, axis)))
    prior = RandomStmt(
        common,
        Ref(raw, (*stmt.lhs.subs, Index(var)), REAL),
        Dist("Normal", (("mean", number(0)), ("sd", number(1))), ""),
    )
    define = DefineStmt(stmt.common, name, stmt.lhs.subs, value)
    return (define, *([once] if once is not None else []), prior)


def _moved(mean: Expr, around: Expr) -> Expr:
    """Return a vector around zero moved to its mean, which may be one number for all elements."""
    match mean:
        case Call(func=func, args=(Const(value=0),)) if func == FILL:
            return around
        case Call(func=func, args=(one,)) if func == FILL:
            return Op("+", (one, around), around.type)
        case _:
            return Op("+", (mean, around), around.type)
