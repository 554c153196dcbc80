"""Draws within bounds: a function of the program that draws again, but not for ever."""

from __future__ import annotations

from hiercomp.backends.printing import call
from hiercomp.backends.stan.bodies import inner_scope, numbers, signature
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.truncation import cdf_bounds
from hiercomp.backends.stan.values import CannotVectorise, Value, algebra, refuse
from hiercomp.catalog import DISTRIBUTIONS
from hiercomp.catalog.schema import Distribution, Spelling
from hiercomp.model.ir import Dist

# So many draws take about a hundredth of a second. Where less than 1e-4 of a distribution is left, they may not do.
TRIES = 100_000
_WHOLE = ("count", "positive int", "int")


def draw_within(dist: Dist, frame: Frame, scope: Scope) -> Value:
    """Return a call of a function that draws one number within the bounds of a truncation.

    Raises:
        CannotEmit: Stan has no generator for the distribution.
        CannotVectorise: the arguments or the bounds are not single numbers.
    """
    row = DISTRIBUTIONS[dist.row]
    if not isinstance(row.rng, Spelling) or not row.rng.name:
        found = row.doc if isinstance(row.rng, Spelling) else row.rng.reason
        raise refuse(f"nothing can be drawn from {row.name}", dist.span, found, "use another distribution")
    whole = {param.name for param in row.params if param.support in _WHOLE}
    values = [(name, compiled(value, frame, scope)) for name, value in dist.args]
    args = [value if name in whole else algebra(value) for name, value in values]
    if any(arg.rank for arg in args):
        raise CannotVectorise
    low, high = cdf_bounds(dist, frame, scope)
    ends = (low or "negative_infinity()", high or "positive_infinity()")
    if "stan" in row.own:
        from hiercomp.backends.stan import formulas  # noqa: PLC0415 - few models have one

        formulas.add_generator(row, scope)
    code = call(_function(row, row.rng, scope), *(arg.code for arg in args), *ends)
    return Value(code, "scalar", "int" if row.kind == "discrete" else "real")


def _function(row: Distribution, spelling: Spelling, scope: Scope) -> str:
    """Return the name of the function for a row; it becomes part of the program."""
    name = f"{'half_' if row.half else ''}{spelling.name}_within_rng"
    if name in scope.helpers:
        return name
    types = numbers(row)
    # What the function calls its own must not be taken for an argument.
    local = inner_scope({**types, "low": "real", "high": "real"}, scope, ("draw", "attempt"))
    drawn = call(f"{spelling.name}_rng", *(compiled(tree, Frame(), local).code for tree in spelling.args)).text
    result = "int" if row.kind == "discrete" else "real"
    scope.helpers[name] = [
        f"// a draw from {row.name} within bounds, found by drawing again",
        signature(result, name, local.held, local),
        f"  for (attempt in 1:{TRIES}) {{",
        f"    {result} draw = {f'abs({drawn})' if row.half else drawn};",
        "    if (draw >= low && draw <= high) {",
        "      return draw;",
        "    }",
        "  }",
        f'  reject("{row.name} has so little between ", low, " and ", high, " that {TRIES} draws missed it");',
        "}",
    ]
    return name
