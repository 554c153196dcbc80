"""Names for parts of a row's trees, so that a function made of one computes each part once."""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.expr import Expr, Ref, rebuild


def hoisted(tree: Expr, parts: Mapping[str, Expr]) -> tuple[list[tuple[str, Expr]], Expr]:
    """Return the parts that occur in `tree`, in an order in which each needs earlier ones only, and `tree` in terms of
    them. Later ones of `parts` may be made of earlier ones."""
    trees: list[Expr] = [tree]
    found: list[str] = []
    for name in reversed(list(parts)):
        part = parts[name]
        changed = [_exchanged(each, part, Ref(name)) for each in trees]
        if changed != trees:
            trees = [*changed, part]
            found.append(name)
    return list(reversed(list(zip(found, trees[1:], strict=True)))), trees[0]


def _exchanged(tree: Expr, part: Expr, name: Ref) -> Expr:
    return name if tree == part else rebuild(tree, lambda inner: _exchanged(inner, part, name))
