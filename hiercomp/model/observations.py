"""What is said of observations beside their distribution: where they are censored, and how often they count."""

from __future__ import annotations

from hiercomp.catalog import row_named
from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import Const, Expr
from hiercomp.model import surface
from hiercomp.model.intervals import constant, interval
from hiercomp.model.ir import Censoring, Dist, Role
from hiercomp.model.linear import is_random
from hiercomp.model.scope import Context, Sym
from hiercomp.model.work import Work
from hiercomp.records import replace
from hiercomp.syntax.ast import Censored, Clauses
from hiercomp.syntax.ast import Expr as Ast


def observe(work: Work, clauses: Clauses, dist: Dist, sym: Sym | None) -> Dist:
    """Return `dist` with the censoring and the weight that the clauses of its statement state.

    `sym` is what the statement is about. Raises `Refused` for H28: a censored distribution without distribution
    functions in closed form, limits and weights that are not known, and clauses on what is not observed.
    """
    context = work.context
    if sym is None or sym.role is not Role.OBSERVED:
        word = "censored" if clauses.censored is not None else "weighted"
        found = f"`{sym.name}`, which is {sym.role}" if sym is not None else "a constraint on an expression"
        hint = "leave `weighted by` out: what is not observed counts once"
        if word == "censored":
            hint = "leave the clause out, or bound the distribution: `truncated to [0, ]`"
        raise context.refuse(
            Diagnostic(
                "H28", f"only what is observed can be {word}", work.item.span, "data on the left side", found, hint
            )
        )
    if sym.gaps:
        raise context.refuse(
            Diagnostic(
                "H28", f"`{sym.name}` is missing in places, so that it cannot be censored or weighted", work.item.span,
                "data with a value in every place", f"no value in {len(sym.datum.missing) if sym.datum else 0} of them",
                "leave the rows out: with nothing known there, they say nothing of its distribution",
            )
        )  # fmt: skip
    if clauses.censored is not None:
        dist = replace(dist, censored=_censoring(work, clauses.censored, dist))
    if clauses.weight is not None:
        weight = _known(work, clauses.weight, "weight")
        if interval(weight, context.intervals)[1] < 0:
            raise context.refuse(
                Diagnostic("H28", "a weight says how often an observation counts", clauses.weight.span,
                           "a number from 0 on", f"`{surface.show(clauses.weight)}`",
                           "write how often it counts: 0 leaves it out, 1 counts it once")
            )  # fmt: skip
        dist = replace(dist, weight=weight)
    return dist


def _censoring(work: Work, clause: Censored, dist: Dist) -> Censoring:
    context, row = work.context, row_named(dist.row)
    expected = "a distribution whose distribution function Stan and PyMC have, such as Normal, Gamma or Poisson"
    why, hint = (
        "",
        "take another distribution, such as Gamma or LogNormal for positive numbers, or leave the clause out",
    )
    if dist.parts:
        why = "a mixture"
    elif (clause.lo is not None and dist.lower is not None) or (
        clause.hi is not None and dist.upper is not None and not clause.interval
    ):
        why = "a distribution that is truncated at the same end"
        hint = "keep one of the two: what lies beyond is either seen at the limit, or not in the data at all"
    elif row.log_cdf is None or row.log_ccdf is None:
        why = f"`{row.name}`"
        if row.fusion is not None:
            hint = f"write it as `{row.fusion.base}` with `{row.fusion.func}` of its argument"
        elif row.kind == "discrete":
            hint = "take another distribution, such as Binomial or NegBinomial for counts, or leave the clause out"
    if why:
        raise context.refuse(
            Diagnostic("H28", f"{why} cannot be censored", clause.span or work.item.span, expected, why, hint)
        )
    lower, upper = (None if end is None else _known(work, end, "limit") for end in (clause.lo, clause.hi))
    if row.kind == "discrete":
        for node, limit in ((clause.lo, lower), (clause.hi, upper)):
            if node is not None and limit is not None and not _is_whole(limit):
                raise context.refuse(
                    Diagnostic(
                        "H28", "a count is censored at a count", node.span or work.item.span, "a whole number",
                        f"`{surface.show(node)}`", "write the count that stands for itself and all that lie beyond it",
                    )
                )  # fmt: skip
    if lower is not None and upper is not None:
        _check_order(context, clause, lower, upper)
    return Censoring("interval" if clause.interval else "limits", lower, upper)


def _is_whole(limit: Expr) -> bool:
    return limit.value == int(limit.value) if isinstance(limit, Const) else limit.type.elem == "int"


def _check_order(context: Context, clause: Censored, lower: Expr, upper: Expr) -> None:
    a, b = constant(lower, context.intervals), constant(upper, context.intervals)
    if a is not None and b is not None and a >= b:
        raise context.refuse(
            Diagnostic(
                "H28", "nothing is observed between these limits", clause.span, "a lower limit below the upper one",
                f"{a:g} and {b:g}",
                f"write the lower limit first: {b:g}, then {a:g}" if a > b else "write two limits that differ",
            )
        )  # fmt: skip


def _known(work: Work, node: Ast, what: str) -> Expr:
    """Return a limit or a weight, which has to be known."""
    context = work.context
    value = work.low.scalar(node)
    if is_random(value, context.symbols):
        raise context.refuse(
            Diagnostic("H28", f"the {what} of an observation is known", node.span or work.item.span,
                       "data and constants", f"`{surface.show(node)}`, which depends on unknowns",
                       f"write the {what} as a number, or add a column with it to the data")
        )  # fmt: skip
    return value
