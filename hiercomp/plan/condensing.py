"""Likelihoods of many rows, which fewer numbers than the rows determine, and priors that cost less said otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.expr import Binder, Index, Ref, free_indices
from hiercomp.model.ir import RandomStmt
from hiercomp.plan.draft import Draft, binder_exprs, kind
from hiercomp.plan.fusing import whole_definitions
from hiercomp.plan.ir import Form
from hiercomp.plan.precision import by_precision
from hiercomp.records import replace

# Fewer rows are left as they are: code that says what the spec says is worth more than what could be saved.
_MANY_ROWS = {"Normal": 50, "Bernoulli-Logit": 10, "Binomial-Logit": 10, "Poisson-Log": 10, "Mixture": 50}


def condense(draft: Draft) -> Draft:
    """Give likelihoods of many rows the form in which they cost least, where it is known how many rows there are, and
    priors of effects that share a precision theirs."""
    remarks, forms = dict(draft.remarks), dict(draft.forms)
    defined = whole_definitions(draft)
    for stmt in draft.statements:
        if not isinstance(stmt, RandomStmt) or stmt.dist.row not in _MANY_ROWS:
            continue
        if stmt.dist.row == "Normal" and (shared := by_precision(draft, stmt, defined)) is not None:
            forms[stmt.common.label] = shared
        if not _is_plain(draft, stmt):
            continue
        rows = _length(draft, stmt.common.binders)
        if rows is None or rows < _MANY_ROWS[stmt.dist.row]:
            continue
        form, said = _form(draft, stmt, rows)
        if form is not None:
            forms[stmt.common.label] = form
        if said:
            remarks[stmt.common.label] = (*remarks.get(stmt.common.label, ()), said)
    return replace(draft, remarks=remarks, forms=forms)


def _form(draft: Draft, stmt: RandomStmt, rows: int) -> tuple[Form | None, str]:
    """Return another form of a likelihood, if there is one, and what is to be said of it."""
    if stmt.dist.row == "Normal":
        from hiercomp.plan.least_squares import least_squares  # noqa: PLC0415  (few specs have as many rows)

        said = "by least squares, which has the same sums of squares and products as all rows"
        form = least_squares(draft, stmt, rows)
        return form, said if form is not None else ""
    if stmt.dist.row == "Mixture":
        from hiercomp.plan.mixing import two_normals  # noqa: PLC0415  (few specs have one of so many rows)

        return two_normals(stmt), ""
    from hiercomp.plan.regression import regression  # noqa: PLC0415  (few specs have such rows)

    found = regression(draft, stmt, rows)
    return found, "rows with equal predictors are counted once" if found is not None and found.counted else ""


def _is_plain(draft: Draft, stmt: RandomStmt) -> bool:
    """Say whether a statement is about observations, one for each value of its index variables."""
    dist = stmt.dist
    if kind(draft, stmt) != "likelihood" or stmt.cases or dist.truncated or (dist.compound and not dist.parts):
        return False
    if dist.censored is not None or dist.weight is not None or dist.along is not None:
        return False
    if any(free_indices(bound) for bound in binder_exprs(stmt.common.binders)):
        return False
    variables = [binder.var for binder in stmt.common.binders]
    subs = stmt.lhs.subs if isinstance(stmt.lhs, Ref) else ()
    picked = [sub.var for sub in subs if isinstance(sub, Index)]
    return len(picked) == len(subs) and sorted(picked) == sorted(variables)


def _length(draft: Draft, binders: Sequence[Binder]) -> int | None:
    """Return how many rows there are at most; None where only data can tell."""
    rows = 1
    for binder in binders:
        length = draft.index_sets[binder.set].length
        if length is None:
            return None
        rows *= length
    return rows
