"""Draws within bounds: a function of the program that draws again, but not for ever."""

from __future__ import annotations

from hiercomp.backends.printing import call
from hiercomp.backends.stan.containers import Container
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.naming import assign
from hiercomp.backends.stan.scope import Frame, Held, Scope
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
    code = call(_function(row, row.rng, scope), *(arg.code for arg in args), *ends)
    return Value(code, "scalar", "int" if row.kind == "discrete" else "real")


def _function(row: Distribution, spelling: Spelling, scope: Scope) -> str:
    """Return the name of the function for a row; it becomes part of the program."""
    name = f"{'half_' if row.half else ''}{spelling.name}_within_rng"
    if name in scope.helpers:
        return name
    types = {param.name: "int" if param.support in _WHOLE else "real" for param in row.params}
    # What the function calls its own must not be taken for an argument.
    words = assign((*types, "low", "high"), frozenset({"draw", "attempt"}))
    held = {
        param: Held(words[param], Container((), 0, "int" if word == "int" else "real", word), word)
        for param, word in types.items()
    }
    local = Scope(held, scope.sets, scope.loops, scope.taken)
    drawn = call(f"{spelling.name}_rng", *(compiled(tree, Frame(), local).code for tree in spelling.args)).text
    given = ", ".join([*(f"{word} {words[param]}" for param, word in types.items()), "real low", "real high"])
    result = "int" if row.kind == "discrete" else "real"
    scope.helpers[name] = [
        f"// a draw from {row.name} within bounds, found by drawing again",
        f"{result} {name}({given}) {{",
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
