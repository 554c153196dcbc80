"""What `where` states about a name: bounds of data, of unknowns, and of what is derived."""

from __future__ import annotations

from hiercomp.diagnostics import Diagnostic
from hiercomp.model import surface
from hiercomp.model.intervals import interval
from hiercomp.model.ir import Support
from hiercomp.model.lower import Lower
from hiercomp.model.near import NearNames, did_you_mean
from hiercomp.model.scope import Context, Interval, Reach, Sym
from hiercomp.model.supports import ONE, ZERO, intersect
from hiercomp.syntax.ast import Fact, Name

_WORDS: dict[str, Support] = {
    "positive": Support(ZERO),
    "nonnegative": Support(ZERO),
    "non-negative": Support(ZERO),
    "negative": Support(None, ZERO),
    "integer": Support(),
    "real": Support(),
    "probability": Support(ZERO, ONE),
    "proportion": Support(ZERO, ONE),
    "simplex": Support(ZERO, ONE, "simplex"),
    "ordered": Support(None, None, "ordered"),
    "positive ordered": Support(ZERO, None, "positive ordered"),
    "positive and ordered": Support(ZERO, None, "positive ordered"),
    "sum-to-zero": Support(None, None, "sum to zero"),
    "unit vector": Support(None, None, "unit vector"),
    "covariance matrix": Support(None, None, "cov"),
    "correlation matrix": Support(None, None, "corr"),
}

_OF_ELEMENTS = ("ordered", "positive ordered", "sum to zero", "unit vector")


def state_bounds(low: Lower, sym: Sym) -> Support:
    """Return the bounds that the spec states for `sym`, in terms of the variables in scope where it is defined.

    Raises `Refused` (H26) for facts that this version cannot use.
    """
    found = Support()
    _refuse_of_part(low.context, sym)
    for fact in sym.use.facts:
        found = intersect(found, _of_fact(low, sym, fact), low.context.intervals)
    return found


def _refuse_of_part(context: Context, sym: Sym) -> None:
    """Refuse bounds of some elements of a name, all of which they would bound: of one element, ``mu_1 > 0``, and with
    letters, ``mu_k > 0``, behind one of several statements about the name (H26)."""
    items = [context.draft.items[number] for number in sym.use.definitions]
    own = [fact for item in items if len(items) > 1 for fact in item.statement.clauses.facts]
    for fact in sym.use.facts:
        _, subs = context.reader.subs(fact.subject)
        letters = all(isinstance(sub, Name) and not sub.subs and context.reader.is_index(sub.ident) for sub in subs)
        if fact.kind in ("known", "observed") or not subs or (letters and not any(fact is item for item in own)):
            continue
        raise context.refuse(
            Diagnostic(
                "H26", f"bounds are those of all elements of `{sym.name}`", fact.span,
                f"`{sym.name}`, or `{sym.name}` with letters where one statement is about all of it",
                f"`{surface.show(fact.subject)}`, which is a part of it",
                "say of a part in a statement of its own what it is cut to: "
                f"`{surface.show(Name(sym.name, subs))} ~ Normal(0, 1) truncated to [0, ]`",
            )
        )  # fmt: skip


def _of_fact(low: Lower, sym: Sym, fact: Fact) -> Support:
    context = low.context
    inner = Lower(context, {**_subject_scope(context, sym, fact), **low.scope})
    match fact.kind:
        case "known" | "observed":
            return Support()
        case "is":
            support = _WORDS.get(fact.word)
            if support is None:
                raise context.refuse(
                    Diagnostic(
                        "H26", f"this version cannot use the fact that `{sym.name}` is {fact.word}", fact.span,
                        f"one of {', '.join(_WORDS)}", f"`{fact.word}`",
                        did_you_mean(NearNames(_WORDS)(fact.word))
                        or f"leave it out, or state it by bounds: `where {sym.name} in [0, 1]`",
                    )
                )  # fmt: skip
            return support
        case "interval":
            assert fact.interval is not None
            limits = (fact.interval.lo, fact.interval.hi)
            lower, upper = (inner.scalar(limit) if limit is not None else None for limit in limits)
            return Support(lower, upper)
        case "compare":
            assert fact.value is not None
            if fact.op not in ("<", "<=", ">", ">="):
                raise context.refuse(
                    Diagnostic(
                        "H26", "a fact about a quantity is a bound", fact.span, "one of <, <=, >, >=, in [a, b]",
                        f"`{surface.show(fact.subject)} {fact.op} {surface.show(fact.value)}`",
                        f"a value that is fixed is defined: `{sym.name} = ...`",
                    )
                )  # fmt: skip
            value = inner.scalar(fact.value)
            return Support(value) if fact.op in (">", ">=") else Support(None, value)


def refuse_new_bounds(low: Lower, sym: Sym, within: Interval) -> None:
    """Refuse bounds of a quantity that its definition does not keep to: they would bound the unknowns in it. H26.

    That it is a simplex, or a matrix of covariances, is believed.
    """
    context = low.context
    for fact in sym.use.facts:
        stated = _of_fact(low, sym, fact)
        least, most = (interval(end, context.intervals) if end else None for end in (stated.lower, stated.upper))
        kept = (least is None or least[1] <= within[0]) and (most is None or within[1] <= most[0])
        if not kept or stated.shape in _OF_ELEMENTS:
            raise context.refuse(
                Diagnostic(
                    "H26", f"`{sym.name}` is computed from unknowns, which would be bounded by this", fact.span,
                    "a bound of data or of an unknown", f"a bound that the definition of `{sym.name}` may not keep to",
                    "bound the unknowns, such as `b ~ Uniform(0, 1 - a)` where `a + b` has to be below 1",
                )
            )  # fmt: skip


def _subject_scope(context: Context, sym: Sym, fact: Fact) -> dict[str, Reach]:
    """Return what the letters of a fact's subject run over: the axes that they stand for."""
    _, subs = context.reader.subs(fact.subject)
    return {
        sub.ident: Reach(axis, None, None, fact.span)
        for sub, axis in zip(subs, sym.axes or (), strict=False)
        if isinstance(sub, Name) and not sub.subs and context.reader.is_index(sub.ident)
    }
