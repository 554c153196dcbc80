"""Normalisers of truncated distributions, exact in both tails where the catalogue has a closed form."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.printing import Code, call
from hiercomp.backends.stan.bodies import inner_scope, returned, signature
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import CannotVectorise, Value, scalar
from hiercomp.catalog import DISTRIBUTIONS
from hiercomp.catalog.schema import Distribution, Spelling
from hiercomp.catalog.trees import ONE
from hiercomp.expr import INT, REAL, Call, Choose, Const, Expr, Op, Ref, number, substitute, walk
from hiercomp.model.ir import Dist
from hiercomp.plan.draft import row_bounds
from hiercomp.plan.tidying import settled, tidy

# Certainty: no normaliser is needed.
SURE = scalar("0")
_STAN = {"below": "lcdf", "above": "lccdf"}
_SAID = {"below": "P(X <= x)", "above": "P(X > x)"}


def log_mass(dist: Dist, frame: Frame, scope: Scope) -> Value | None:
    """Return the log probability of the interval that a distribution is truncated to.

    None where the catalogue has no closed form: then ``T[a, b]`` has to do. For an interval that is a difference of
    distribution functions, which are next to one where it lies in the upper tail, so there it is never used.
    """
    row = DISTRIBUTIONS[dist.row]
    if row.kind == "discrete":
        return None
    lower, upper = (
        _clipped(bound, end, word)
        for bound, end, word in zip((dist.lower, dist.upper), row_bounds(dist), ("fmax", "fmin"), strict=True)
    )
    if (lower is None or upper is None) and (row.log_cdf is None or row.log_ccdf is None):
        return None
    if lower is None:
        return SURE if upper is None else _tail(dist, "below", upper, frame, scope)
    if upper is None:
        return _tail(dist, "above", lower, frame, scope)
    return _helped(_interval(row, scope), (lower, upper), dist, frame, scope)


def log_count_mass(dist: Dist, frame: Frame, scope: Scope) -> Value:
    """Return the log probability of the counts from a lower bound to an upper one, both included, of which there is
    one at least. The catalogue has to have trees for both tails of the row."""
    lower = None if dist.lower is None else _one_less(dist.lower)
    if lower is not None and dist.upper is not None:
        return _helped(_interval(DISTRIBUTIONS[dist.row], scope), (lower, dist.upper), dist, frame, scope)
    if lower is not None:
        return _tail(dist, "above", lower, frame, scope)
    assert dist.upper is not None
    return _tail(dist, "below", dist.upper, frame, scope)


def _one_less(count: Expr) -> Expr:
    return number(count.value - 1) if isinstance(count, Const) else Op("-", (count, ONE), INT)


def _clipped(bound: Expr | None, end: Expr | None, word: str) -> Expr | None:
    """Return a bound moved into the support; None where it is the end of the support, or beyond it."""
    if bound is None or end is None:
        return bound
    if isinstance(bound, Const) and isinstance(end, Const):
        inside = bound.value > end.value if word == "fmax" else bound.value < end.value
        return bound if inside else None
    return None if bound == end else Call(word, (bound, end), REAL)


def _tail(dist: Dist, side: str, at: Expr, frame: Frame, scope: Scope) -> Value:
    """Return the log probability of one side: in place if that is one expression, else by a function."""
    row = DISTRIBUTIONS[dist.row]
    tree = row.log_cdf if side == "below" else row.log_ccdf
    assert tree is not None
    if row.kind == "discrete" and isinstance(at, Const):
        known = settled(tree, at)
        if not _piecewise(known):
            return compiled(tidy(substitute(known, dict(dist.args))), frame, scope)
    if _piecewise(tree):
        return _helped(_side(row, side, tree, scope), (at,), dist, frame, scope)
    return compiled(tidy(substitute(tree, {**dict(dist.args), "x": at})), frame, scope)


def _helped(name: str, bounds: Sequence[Expr], dist: Dist, frame: Frame, scope: Scope) -> Value:
    """Return a call of a function of the program, which takes single numbers."""
    args = [compiled(expr, frame, scope) for expr in (*bounds, *dict(dist.args).values())]
    if any(arg.rank for arg in args):
        raise CannotVectorise
    return Value(call(name, *(arg.code for arg in args)))


def _piecewise(tree: Expr) -> bool:
    return any(isinstance(node, Choose) for node in walk(tree))


def _named(row: Distribution, what: str) -> str:
    assert isinstance(row.stan, Spelling)
    return f"{'half_' if row.half else ''}{row.stan.name}_log_{what}"


def _bounds(row: Distribution, bounds: Sequence[str], scope: Scope) -> tuple[list[str], Scope]:
    """Return the arguments of a function, bounds and parameters as reals, and the scope of its body."""
    words = [*bounds, *(param.name for param in row.params)]
    return words, inner_scope(dict.fromkeys([*words, *row.parts], "real"), scope, ("before",))


def _side(row: Distribution, side: str, tree: Expr, scope: Scope) -> str:
    """Return the name of the function for the probability of one side; it becomes part of the program."""
    name = _named(row, side)
    if name not in scope.helpers:
        words, local = _bounds(row, ("x",), scope)
        scope.helpers[name] = [
            f"// log {_SAID[side]} for {row.name}, exact in both tails",
            signature("real", name, words, local),
            *returned(tree, lambda part: compiled(part, Frame(), local).code.text, row.parts, local.held),
            "}",
        ]
    return name


def _interval(row: Distribution, scope: Scope) -> str:
    """Return the name of the function for the probability between two bounds; it becomes part of the program."""
    name = _named(row, "mass")
    if name in scope.helpers:
        return name
    assert isinstance(row.stan, Spelling)
    stan = row.stan
    words, local = _bounds(row, ("from", "to"), scope)
    given = ", ".join(local.held[param.name].name for param in row.params)

    def at(side: str, tree: Expr | None, bound: str) -> str:
        if tree is None:
            spelled = ", ".join(compiled(arg, Frame(), local).code.text for arg in stan.args)
            return f"{stan.name}_{_STAN[side]}({local.held[bound].name} | {spelled})"
        if _piecewise(tree):
            return f"{_side(row, side, tree, scope)}({bound}, {given})".replace(", )", ")")
        return compiled(substitute(tree, {"x": Ref(bound)}), Frame(), local).code.text

    before, upto = (at("below", row.log_cdf, bound) for bound in ("from", "to"))
    beyond, past = (at("above", row.log_ccdf, bound) for bound in ("from", "to"))
    scope.helpers[name] = [
        f"// log P(from < X <= to) for {row.name}, exact in both tails",
        signature("real", name, words, local),
        f"  real before = {before};",
        "  if (before > log(0.5)) {",
        f"    return log_diff_exp({beyond}, {past});",
        "  }",
        f"  return log_diff_exp({upto}, before);",
        "}",
    ]
    return name


def cdf_bounds(dist: Dist, frame: Frame, scope: Scope) -> tuple[str, str]:
    """Return the bounds as Stan's ``T[a, b]`` wants them; a half-distribution is a full one cut at zero."""
    row = DISTRIBUTIONS[dist.row]
    low = "" if dist.lower is None else _single(dist.lower, frame, scope).text
    high = "" if dist.upper is None else _single(dist.upper, frame, scope).text
    return ("0" if row.half and not low else low), high


def _single(expr: Expr, frame: Frame, scope: Scope) -> Code:
    value = compiled(expr, frame, scope)
    if value.rank:
        raise CannotVectorise
    return value.code
