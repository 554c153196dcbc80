"""Densities and generators of catalogue rows that Stan lacks: functions of the program, made of the row's own trees."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from hiercomp.backends.stan.bodies import inner_scope, numbers, returned, signature
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.catalog.schema import Distribution, Spelling
from hiercomp.catalog.trees import X, op
from hiercomp.expr import Choose, Elem, Expr, names, number

# Independent noise that a draw is made of.
_NOISE = {"uniform": "uniform_rng(0, 1)", "normal": "std_normal_rng()", "exponential": "exponential_rng(1)"}


def add_density(row: Distribution, scope: Scope) -> None:
    """Add the log density of a row to the functions of the program."""
    assert isinstance(row.stan, Spelling)
    assert row.log_density is not None
    name = f"{row.stan.name}_{'lpmf' if row.kind == 'discrete' else 'lpdf'}"
    if name not in scope.helpers:
        words: dict[str, Elem] = {"x": "int" if row.kind == "discrete" else "real", **numbers(row)}
        said, tree = f"the log density of {row.name}", _within(row, row.log_density)
        scope.helpers[name] = _function(name, said, words, (), tree, row, scope)


def add_generator(row: Distribution, scope: Scope) -> None:
    """Add the function that draws from a row to those of the program."""
    assert isinstance(row.stan, Spelling)
    assert row.draw is not None
    name = f"{row.stan.name}_rng"
    if name not in scope.helpers:
        noise = [word for word in _NOISE if word in names(row.draw)]
        said = f"a draw from {row.name}"
        scope.helpers[name] = _function(name, said, numbers(row), noise, row.draw, row, scope)


def _function(
    name: str, said: str, words: dict[str, Elem], noise: Sequence[str], tree: Expr, row: Distribution, scope: Scope
) -> list[str]:
    local = inner_scope({**words, **dict.fromkeys([*noise, *row.parts], "real")}, scope)
    drawn = [f"  real {local.held[word].name} = {_NOISE[word]};" for word in noise]
    body = returned(tree, lambda part: compiled(part, Frame(), local).code.text, row.parts, local.held)
    return [f"// {said}", signature("real", name, words, local), *drawn, *body, "}"]


def _within(row: Distribution, density: Expr) -> Expr:
    """Return a log density that says where the support ends, if that depends on parameters."""
    ends: list[tuple[Expr, Expr]] = []
    if row.lower is not None and names(row.lower):
        ends.append((op("<", X, row.lower), number(-inf)))
    if row.upper is not None and names(row.upper):
        ends.append((op(">", X, row.upper), number(-inf)))
    if isinstance(density, Choose):
        return Choose((*ends, *density.cases), density.otherwise)
    return Choose(tuple(ends), density) if ends else density
