"""Unknowns in spaces that Stan 2.27 has no type for: the coordinates sampled, and the unknown made of them."""

from __future__ import annotations

from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import shifted, size
from hiercomp.backends.stan.naming import unused
from hiercomp.backends.stan.scope import Scope
from hiercomp.plan.ir import ParamItem

# Newer versions have sum_to_zero_vector, with other orthonormal coordinates. These are those of PyMC's
# ZeroSumTransform, which take one sum, and make gradients of both backends comparable number by number.
_SUM_TO_ZERO = """
// the vector that sums to zero with these orthonormal coordinates: no Jacobian is needed
vector sum_to_zero(vector free) {
  real n = num_elements(free) + 1;
  real shift = sum(free) / (sqrt(n) + n);
  return append_row(free - shift, -sum(free) / sqrt(n));
}
"""


def has_coordinates(param: ParamItem) -> bool:
    """Say whether coordinates are sampled in the place of an unknown."""
    return param.support.shape == "sum to zero"


def sampled(param: ParamItem, scope: Scope) -> list[str]:
    """Return the declaration of the coordinates: one fewer than the unknown has elements."""
    *leading, last = [size(axis, scope, compiled) for axis in param.axes]
    sizes = (*(code.text for code in leading), shifted(last, -1).text)
    return [f"{scope.held[param.name].container.declared(scope.samples[param.name], sizes)};"]


def constrained(param: ParamItem, scope: Scope) -> list[str]:
    """Return the unknown made of its coordinates."""
    scope.helpers["sum_to_zero"] = [*_SUM_TO_ZERO.strip().split("\n")]
    held, free = scope.held[param.name], scope.samples[param.name]
    sizes = tuple(size(axis, scope, compiled).text for axis in param.axes)
    declared = held.container.declared(held.name, sizes)
    if len(sizes) == 1:
        return [f"{declared} = sum_to_zero({free});"]
    lines = [f"{declared};"]
    variables: list[str] = []
    for depth, length in enumerate(sizes[:-1]):
        variables.append(unused(f"at_{depth + 1}", scope.taken))
        lines.append(f"{'  ' * depth}for ({variables[-1]} in 1:{length}) {{")
    depth = len(variables)
    place = ", ".join(variables)
    lines.append(f"{'  ' * depth}{held.name}[{place}] = sum_to_zero({free}[{place}]);")
    return lines + [f"{'  ' * step}}}" for step in reversed(range(depth))]
