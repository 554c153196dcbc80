"""Covariances that are written as products become their Cholesky factors, which spares every program a decomposition
of the product and keeps it positive definite to the last digit."""

from __future__ import annotations

from hiercomp.expr import Call, Const, Expr, Ref, free_indices
from hiercomp.model.ir import DefineStmt, Dist, RandomStmt, Role, Stmt, Support, Symbol
from hiercomp.model.parts import every_dist
from hiercomp.plan.draft import Draft, dists, fresh
from hiercomp.plan.fusing import whole_definitions
from hiercomp.plan.readings import is_converted
from hiercomp.records import replace

_JOINT, _BY_FACTOR = "Multi-Normal", "Multi-Normal-Cholesky"


def factor_covariances(draft: Draft) -> Draft:
    """Rewrite multivariate normals whose covariance is ``L * transpose(L)`` or ``diag(s) * Omega * diag(s)``.

    The covariance may be written in place or be the value of a name that is defined once. A factor that many variates
    share and that has to be computed is a quantity of its own, ``NAME_cholesky``, computed once.
    """
    if not any(isinstance(stmt, RandomStmt) and _JOINT in map(_row, every(stmt)) for stmt in draft.statements):
        return draft
    defined = whole_definitions(draft)
    symbols = dict(draft.symbols)
    statements: list[Stmt] = []
    for stmt in draft.statements:
        if not isinstance(stmt, RandomStmt):
            statements.append(stmt)
            continue
        shared: list[DefineStmt] = []

        def change(dist: Dist, stmt: RandomStmt = stmt, shared: list[DefineStmt] = shared) -> Dist:
            made = _factored(dist, defined, draft)
            if made is dist or made.parts or not stmt.common.binders:
                return made
            factor = dict(made.args)["cholesky"]
            known = next((item for item in shared if item.value == factor), None)
            once = known or computed_once(stmt, factor, symbols)
            if once is None:
                return made
            if known is None:
                shared.append(once)
            ref = Ref(once.name, (), factor.type)
            return replace(made, args=tuple((key, ref if key == "cholesky" else value) for key, value in made.args))

        cases = tuple((when, change(dist)) for when, dist in stmt.cases)
        statements += [replace(stmt, dist=change(stmt.dist), cases=cases), *shared]
    return replace(draft, symbols=symbols, statements=tuple(statements))


def computed_once(stmt: RandomStmt, factor: Expr, symbols: dict[str, Symbol]) -> DefineStmt | None:
    """Return the definition of a factor that all variates of a statement share, as a quantity of its own.

    None where they do not, or where it has a name already.
    """
    if not stmt.common.binders or isinstance(factor, Ref) or free_indices(factor):
        return None
    name = fresh(f"{stmt.common.label}_cholesky", symbols)
    why = f"the Cholesky factor of the covariance of {stmt.common.label}"
    support = Support(None, None, "cholesky cov")
    symbols[name] = Symbol(name, Role.DERIVED, factor.type.axes, "real", support, why)
    common = replace(stmt.common, label=name, binders=(), note="", text="")
    return DefineStmt(common, name, (), factor)


def _row(dist: Dist) -> str:
    return dist.row


def every(stmt: RandomStmt) -> list[Dist]:
    """Return all distributions of a statement, components included."""
    return [one for dist in dists(stmt) for one in every_dist(dist)]


def _factored(dist: Dist, defined: dict[str, DefineStmt], draft: Draft) -> Dist:
    if dist.parts:
        parts = tuple(replace(part, dist=_factored(part.dist, defined, draft)) for part in dist.parts)
        return replace(dist, parts=parts)
    if dist.row != _JOINT:
        return dist
    args = dict(dist.args)
    cov = args["cov"]
    if isinstance(cov, Ref) and not cov.subs and cov.name in defined and not defined[cov.name].subs:
        cov = defined[cov.name].value
    factor = factor_of(cov, draft)
    if factor is None:
        return dist
    written = dist.written if is_converted(dist) else ""
    return replace(dist, row=_BY_FACTOR, args=(("mean", args["mean"]), ("cholesky", factor)), written=written)


def factor_of(cov: Expr, draft: Draft) -> Expr | None:
    """Return the lower triangular factor of a covariance that is written as a product; None where it is not."""
    match cov:
        case Call("matmul", (left, Call("transpose", (right,)))) if left == right and _is_factor(left, draft):
            return left
        case Call("matmul", (Call("matmul", (Call("diag", (one,)), corr)), Call("diag", (two,)))) | Call(
            "matmul", (Call("diag", (one,)), Call("matmul", (corr, Call("diag", (two,)))))
        ) if one == two and _is_positive(one, draft):
            root = factor_of(corr, draft) or Call("cholesky", (corr,), corr.type)
            return Call("matmul", (Call("diag", (one,), corr.type), root), corr.type)
        case _:
            return None


def _is_factor(expr: Expr, draft: Draft) -> bool:
    """Say whether a matrix is sure to be lower triangular with a diagonal above zero."""
    match expr:
        case Ref(name=name):
            return draft.symbols[name].support.shape in ("cholesky corr", "cholesky cov")
        case Call("matmul", (Call("diag", (scale,)), right)):
            return _is_positive(scale, draft) and _is_factor(right, draft)
        case Call("cholesky"):
            return True
        case _:
            return False


def _is_positive(expr: Expr, draft: Draft) -> bool:
    match expr:
        case Ref(name=name):
            lower = draft.symbols[name].support.lower
            return isinstance(lower, Const) and lower.value >= 0
        case Call("exp"):
            return True
        case _:
            return False
