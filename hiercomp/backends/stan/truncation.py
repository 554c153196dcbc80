"""Normalisers of truncated distributions, exact in both tails where the catalogue has a closed form."""

from __future__ import annotations

from hiercomp.backends.printing import Code, call
from hiercomp.backends.stan.containers import Container
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.naming import assign
from hiercomp.backends.stan.scope import Frame, Held, Scope
from hiercomp.backends.stan.values import CannotVectorise, Value
from hiercomp.catalog import DISTRIBUTIONS
from hiercomp.expr import Expr, Ref, substitute
from hiercomp.model.ir import Dist
from hiercomp.plan.tidying import tidy


def log_mass(dist: Dist, frame: Frame, scope: Scope) -> Value | None:
    """Return the log probability of the interval that a distribution is truncated to.

    None where the catalogue has no closed form: then Stan's own distribution functions have to do.
    """
    row = DISTRIBUTIONS[dist.row]
    if row.log_cdf is None or row.log_ccdf is None:
        return None
    values = dict(dist.args)
    if dist.upper is None:
        assert dist.lower is not None
        return compiled(tidy(substitute(row.log_ccdf, {**values, "x": dist.lower})), frame, scope)
    if dist.lower is None:
        return compiled(tidy(substitute(row.log_cdf, {**values, "x": dist.upper})), frame, scope)
    args = [compiled(expr, frame, scope) for expr in (dist.lower, dist.upper, *values.values())]
    if any(arg.rank for arg in args):
        raise CannotVectorise
    name = _helper(dist, scope)
    return Value(call(name, *(arg.code for arg in args)))


def _helper(dist: Dist, scope: Scope) -> str:
    """Return the name of a function for the probability between two bounds; it becomes part of the program."""
    row = DISTRIBUTIONS[dist.row]
    assert row.log_cdf is not None
    assert row.log_ccdf is not None
    name = f"{row.name.lower().replace('-', '_')}_log_mass"
    if name not in scope.helpers:
        local = _arguments_only(scope, ("from", "to", *(param.name for param in row.params)))

        def at(tree: Expr, bound: str) -> str:
            return compiled(substitute(tree, {"x": Ref(bound)}), Frame(), local).code.text

        arguments = ", ".join(f"real {held.name}" for held in local.held.values())
        scope.helpers[name] = [
            f"// The log probability that {row.name} gives to an interval, exact in both tails.",
            f"real {name}({arguments}) {{",
            f"  real below = {at(row.log_cdf, 'from')};",
            "  if (below > log(0.5)) {",
            f"    return log_diff_exp({at(row.log_ccdf, 'from')}, {at(row.log_ccdf, 'to')});",
            "  }",
            f"  return log_diff_exp({at(row.log_cdf, 'to')}, below);",
            "}",
        ]
    return name


def _arguments_only(scope: Scope, words: tuple[str, ...]) -> Scope:
    """Return the scope of a helper function: its arguments, which are plain reals."""
    number = Container((), 0, "real", "real")
    names = assign(words, frozenset({"below"}))
    return Scope({word: Held(names[word], number, "real") for word in words}, scope.sets, scope.loops, scope.taken)


def cdf_bounds(dist: Dist, frame: Frame, scope: Scope) -> tuple[str, str]:
    """Return the bounds as Stan's ``T[a, b]`` wants them; a half-distribution is a full one cut at zero."""
    row = DISTRIBUTIONS[dist.row]
    low = "" if dist.lower is None else _scalar(dist.lower, frame, scope).text
    high = "" if dist.upper is None else _scalar(dist.upper, frame, scope).text
    return ("0" if row.half and not low else low), high


def _scalar(expr: Expr, frame: Frame, scope: Scope) -> Code:
    value = compiled(expr, frame, scope)
    if value.rank:
        raise CannotVectorise
    return value.code
