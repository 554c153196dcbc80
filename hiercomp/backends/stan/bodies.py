"""Functions of the program whose value is a tree of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from hiercomp.backends.stan.containers import Container
from hiercomp.backends.stan.naming import assign
from hiercomp.backends.stan.scope import Held, Scope
from hiercomp.catalog.parts import hoisted
from hiercomp.catalog.schema import Distribution
from hiercomp.expr import Choose, Elem, Expr

_WHOLE = frozenset({"count", "positive int", "int"})


def numbers(row: Distribution) -> dict[str, Elem]:
    """Return what Stan holds each parameter of a row as."""
    return {param.name: "int" if param.support in _WHOLE else "real" for param in row.params}


def inner_scope(words: Mapping[str, Elem], scope: Scope, reserved: Iterable[str] = ()) -> Scope:
    """Return the scope of a function's body: its arguments and its own variables, which are plain numbers.

    What the body calls becomes part of the same program.
    """
    names = assign(words, frozenset(reserved))
    held = {
        word: Held(names[word], Container((), 0, "int" if elem == "int" else "real", elem), elem)
        for word, elem in words.items()
    }
    return Scope(held, scope.sets, scope.loops, scope.taken, helpers=scope.helpers)


def signature(result: str, name: str, words: Iterable[str], local: Scope) -> str:
    """Return the first line of a function with these arguments."""
    given = ", ".join(f"{local.held[word].elem} {local.held[word].name}" for word in words)
    return f"{result} {name}({given}) {{"


def returned(
    tree: Expr, text: Callable[[Expr], str], parts: Mapping[str, Expr], names: Mapping[str, Held]
) -> list[str]:
    """Return the lines of a body: the parts of the tree that have names, and what is returned, piece by piece."""
    found, rest = hoisted(tree, parts)
    lines = [f"  real {names[name].name} = {text(part)};" for name, part in found]
    pieces: Sequence[tuple[Expr, Expr]] = rest.cases if isinstance(rest, Choose) else ()
    for when, value in pieces:
        lines += [f"  if ({text(when)}) {{", f"    return {text(value)};", "  }"]
    return [*lines, f"  return {text(rest.otherwise if isinstance(rest, Choose) else rest)};"]
