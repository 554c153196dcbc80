"""``non-centered``: an unknown becomes location + scale * standardised unknown."""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.catalog import row_named
from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.expr import REAL, Const, Expr, Op, Ref, number
from hiercomp.model.ir import DefineStmt, RandomStmt, Role, Stmt, Support, Symbol
from hiercomp.plan.draft import Draft, fresh
from hiercomp.records import replace

_JOINT = ("Multi-Normal", "Multi-Normal-Cholesky")
_LOCATIONS = ("mean", "location")
_SCALES = ("sd", "scale")


def non_center(draft: Draft) -> Draft:
    """Replace every statement marked non-centered by a standardised unknown and a definition.

    Raises:
        SpecError: H82, where the distribution is not a located and scaled one, or the unknown is bounded.
    """
    symbols = dict(draft.symbols)
    statements: list[Stmt] = []
    faults: list[Diagnostic] = []
    remarks = dict(draft.remarks)
    raws: dict[str, str] = {}
    marked = {name for stmt in draft.statements if (name := _non_centered(stmt))}
    for stmt in draft.statements:
        if not isinstance(stmt, RandomStmt) or not isinstance(stmt.lhs, Ref) or stmt.lhs.name not in marked:
            statements.append(stmt)
            continue
        why = obstacle(draft.symbols, stmt)
        if why:
            faults.append(
                Diagnostic(
                    "H82",
                    f"{stmt.common.label} cannot be non-centered",
                    stmt.common.span,
                    expected="an unbounded unknown with a location and a scale, such as Normal(mu, tau)",
                    found=why,
                    help="leave out `non-centered`, or write the standardised unknown yourself",
                )
            )
            continue
        if stmt.dist.row in _JOINT and stmt.centering == "non-centered":
            from hiercomp.plan.joint import standardise_jointly  # noqa: PLC0415

            made = standardise_jointly(draft, stmt, symbols, raws)
            statements += made
            remarks[made[-1].common.label] = (f"{stmt.common.label}, standardized",)
            continue
        define, standard = _standardise(stmt, symbols, raws)
        statements += (define, standard)
        if stmt.centering == "non-centered":
            remarks[standard.common.label] = (f"{stmt.common.label}, standardized",)
    if faults:
        raise SpecError(faults)
    return replace(draft, symbols=symbols, statements=tuple(statements), remarks=remarks, standardised=raws)


def _non_centered(stmt: Stmt) -> str:
    """Return the name of the unknown, some of whose elements a statement says are non-centered."""
    match stmt:
        case RandomStmt(lhs=Ref(name=name), centering="non-centered"):
            return name
        case _:
            return ""


def obstacle(symbols: Mapping[str, Symbol], stmt: RandomStmt) -> str:
    """Return what keeps a statement from being non-centered, or from standing beside one that is; or nothing."""
    words = [name for name, _ in stmt.dist.args]
    if not isinstance(stmt.lhs, Ref) or symbols[stmt.lhs.name].role is not Role.PARAMETER:
        return "a statement that is not about an unknown"
    support = symbols[stmt.lhs.name].support
    row = row_named(stmt.dist.row)
    as_it_is = stmt.centering != "non-centered"
    located = row.name in _JOINT or (
        any(word in words for word in _LOCATIONS) and any(word in words for word in _SCALES)
    )
    if not (located or as_it_is) or row.lower is not None or row.upper is not None or row.kind == "discrete":
        return row.name
    if stmt.cases and not as_it_is:
        return "a distribution that depends on a condition"
    if stmt.dist.truncated or support.lower is not None or support.upper is not None or support.shape:
        return "bounds"
    return ""


def _standardise(stmt: RandomStmt, symbols: dict[str, Symbol], raws: dict[str, str]) -> tuple[DefineStmt, RandomStmt]:
    """Return the definition of the elements of a statement by those of a standardised unknown, and its prior.

    Where other elements of the same name are non-centered and these are not, the two are equal.
    """
    assert isinstance(stmt.lhs, Ref)
    name = stmt.lhs.name
    if name not in raws:
        raws[name] = raw = fresh(f"{name}_raw", symbols)
        symbols[raw] = replace(
            symbols[name], name=raw, support=Support(), why=f"the standardised form of {name}, which is non-centered"
        )
        symbols[name] = replace(symbols[name], role=Role.DERIVED)
    raw = raws[name]
    lhs = replace(stmt.lhs, name=raw)
    # The density belongs to the standardised unknown; the note stays with the definition.
    common = replace(stmt.common, label=raw + stmt.common.label.removeprefix(name), note="")
    if stmt.centering != "non-centered":
        return DefineStmt(stmt.common, name, stmt.lhs.subs, lhs), replace(stmt, common=common, lhs=lhs)
    args = dict(stmt.dist.args)
    location, scale = (next(args[word] for word in words if word in args) for words in (_LOCATIONS, _SCALES))
    standard: dict[str, Expr] = {
        word: number(0) if word in _LOCATIONS else number(1) if word in _SCALES else value
        for word, value in args.items()
    }
    value: Expr = Op("*", (scale, lhs), REAL)
    if not (isinstance(location, Const) and location.value == 0):
        value = Op("+", (location, value), REAL)
    dist = replace(stmt.dist, args=tuple(standard.items()), written="")
    return DefineStmt(stmt.common, name, stmt.lhs.subs, value), RandomStmt(common, lhs, dist)
