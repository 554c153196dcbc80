"""The catalogue as rows of plain text, for ``hiercomp catalog``."""

from __future__ import annotations

from typing import Literal, assert_never

from hiercomp.catalog import compound
from hiercomp.catalog.lookup import DISTRIBUTIONS, FUNCTIONS, written_signatures
from hiercomp.catalog.schema import Distribution, Function, Spelling, Unsupported
from hiercomp.catalog.trees import ONE
from hiercomp.expr import Call, Choose, Const, Density, Expr, Index, Op, Reduce, Ref, Stack
from hiercomp.records import replace

_STRENGTH = {
    "or": 1, "and": 2, "not": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "==": 4, "!=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "neg": 7, "^": 8,
}  # fmt: skip
_ATOM = 9


def _text(expr: Expr) -> tuple[str, int]:
    """Return the text of a catalogue tree and how strongly its outermost operator binds."""
    match expr:
        case Const(text=text):
            return text, _ATOM
        case Ref(name=name):
            return name, _ATOM
        case Op(op="neg" | "not" as symbol, args=(arg,)):
            sign = "-" if symbol == "neg" else "not "
            return sign + _at_least(arg, _STRENGTH[symbol]), _STRENGTH[symbol]
        case Op(op=symbol, args=(left, right)):
            strength = _STRENGTH[symbol]
            return f"{_at_least(left, strength)} {symbol} {_at_least(right, strength + 1)}", strength
        case Call(func=func, args=args):
            return f"{func}({', '.join(map(show, args))})", _ATOM
        case Choose(cases=cases, otherwise=otherwise):
            pieces = [f"{show(value)} if {show(when)}" for when, value in cases]
            return "; ".join([*pieces, f"{show(otherwise)} otherwise"]), 0
        case Op() | Index() | Reduce() | Stack() | Density():
            raise ValueError(f"no catalogue row holds {expr}")
        case _:
            assert_never(expr)


def _at_least(expr: Expr, strength: int) -> str:
    text, own = _text(expr)
    return text if own >= strength else f"({text})"


def show(expr: Expr) -> str:
    """Return the text of a catalogue tree, in the notation of specs."""
    return _text(expr)[0]


def _spelling(spelling: Spelling | Unsupported, prefix: str = "") -> str:
    if isinstance(spelling, Unsupported):
        return f"not there: {spelling.reason}"
    if not spelling.name:
        return "(nothing: the density is constant)"
    args = [
        f"{spelling.keywords[place]}={show(arg)}" if spelling.keywords else show(arg)
        for place, arg in enumerate(spelling.args)
    ]
    return f"{prefix}{spelling.name}({', '.join(args)})"


def _target(row: Distribution, target: Literal["stan", "pymc"]) -> str:
    spelling = row.stan if target == "stan" else row.pymc
    if target in row.own and isinstance(spelling, Spelling):
        return f"{_spelling(replace(spelling, keywords=()))}, a function of the program"
    return _spelling(spelling, "pm." if target == "pymc" else "")


def _support(row: Distribution) -> str:
    if row.cuts:
        return "1 to one more than there are cutpoints"
    if row.event_shape or row.picks:
        return row.event_shape or "1 to the number of members"
    low = show(row.lower) if row.lower is not None else ""
    high = show(row.upper) if row.upper is not None else ""
    if row.kind == "discrete":
        return f"{low}..{high}" if high else "1, 2, ..." if row.lower == ONE else f"{low}, 1, 2, ..."
    return f"[{low}, {high}]" if low or high else "all reals"


def _reference(row: Distribution) -> str:
    if row.multivariate and isinstance(row.scipy, Unsupported):
        return row.scipy.reason
    if isinstance(row.scipy, Spelling) and row.scipy.name.startswith("families."):
        return "its formula"
    spelled = _spelling(row.scipy, "scipy.stats.")
    return f"{spelled}, doubled above zero" if row.reference_half else spelled


def table() -> list[dict[str, str]]:
    """Return one dict per distribution: name, aliases, arguments with roles, signatures, support, spellings, notes."""
    rows: list[dict[str, str]] = []
    for row in DISTRIBUTIONS.values():
        limits = [
            f"{limit.target}: truncated, not exact {limit.domain}"
            if limit.of_truncation
            else f"{limit.target}: not exact {limit.domain}"
            if limit.rounding
            else f"{limit.target}: {limit.domain}"
            if limit.certain
            else f"{limit.target}: relative error {limit.error:g} {limit.domain}"
            for limit in row.limits
        ]
        rows.append(
            {
                "name": row.name,
                "aliases": ", ".join(row.aliases),
                "arguments": ", ".join(f"{p.name}: {p.role} ({p.support})" for p in row.params),
                "signatures": "; ".join(written_signatures(row)),
                "argument words": ", ".join(f"{word} = {name}" for word, name in row.words.items()),
                "kind": row.kind,
                "support": _support(row),
                "stan": _target(row, "stan") + (", on a positive variable" if row.half else ""),
                "pymc": _target(row, "pymc"),
                "reference": _reference(row),
                "truncation": "yes" if row.has_cdf else "no",
                "notes": "; ".join((*row.conventions, *limits)),
                "doc": row.doc,
            }
        )
    return rows


_COMPOUNDS = (
    ("Mixture", "weights, then components (or one component for every weight)", "that of its components",
     "Mixture(w, Normal(mu_k, s)); Mixture((p, 1 - p), Normal(a, 1), Cauchy(a, s))", compound.MIXTURE.doc),
    ("ZeroInflated", "pi: probability of an additional zero; a distribution of counts", "0, 1, 2, ...",
     "ZeroInflated(pi, Poisson(rate)); ZeroInflatedPoisson(pi, rate)",
     "zero with probability pi, else a draw from the distribution, which may be zero too"),
    ("Hurdle", "pi: probability of a zero; a distribution", "0 and that of the distribution",
     "Hurdle(pi, Poisson(rate)); HurdlePoisson(pi, rate); Hurdle(pi, Gamma(2, 1))",
     "zero with probability pi, else a draw from the distribution without its zeros"),
)  # fmt: skip


def compound_table() -> list[dict[str, str]]:
    """Return one dict for each kind of distribution that is made of others, with the keys of `table`."""
    blank = dict.fromkeys(table()[0], "")
    made = "written out, from its components"
    return [
        blank
        | {"name": name, "arguments": arguments, "signatures": signatures, "support": support, "doc": doc}
        | {"stan": made, "pymc": made, "reference": made, "truncation": "no"}
        for name, arguments, support, signatures, doc in _COMPOUNDS
    ]


def _function_spelling(spelling: str | Expr | Unsupported) -> str:
    match spelling:
        case str():
            return spelling
        case Unsupported(reason=reason):
            return f"not there: {reason}"
        case _:
            return show(spelling)


def function_table() -> list[dict[str, str]]:
    """Return one dict per function: name, aliases, arguments, spellings, inverse, doc."""
    return [_function_row(row) for row in FUNCTIONS.values()]


def _function_row(row: Function) -> dict[str, str]:
    kind = "each element" if row.elementwise else "an array to a number" if row.reduction else "arrays"
    kind = "a vector, along it" if row.along else kind
    return {
        "name": row.name,
        "aliases": ", ".join(row.aliases),
        "arguments": str(row.arity),
        "works on": kind,
        "domain": row.domain,
        "image": row.image,
        "stan": _function_spelling(row.stan),
        "pymc": _function_spelling(row.pymc),
        "reference": _function_spelling(row.numpy),
        "inverse": row.inverse,
        "doc": row.doc,
    }
