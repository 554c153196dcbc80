"""Expressions put in the place of names, without an index of the one catching an index of the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, cast

from hiercomp.model import surface
from hiercomp.model.letters import Reader
from hiercomp.records import replace
from hiercomp.source import Source, Span
from hiercomp.syntax.ast import (
    Apply,
    Binary,
    Comprehension,
    Expr,
    ForBinder,
    Name,
    Number,
    Range,
    Statement,
    Text,
    Unary,
    VectorLiteral,
    Whole,
)


def changed(node: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Return `node` with `change` applied to each direct subexpression; the same object where nothing changes."""
    match node:
        case Number() | Text() | Whole():
            return node
        case Name(subs=subs):
            made = tuple(map(change, subs))
            return node if made == subs else replace(node, subs=made)
        case Unary(arg=arg):
            return replace(node, arg=change(arg))
        case Binary(left=left, right=right):
            return replace(node, left=change(left), right=change(right))
        case Apply(args=args):
            return replace(node, args=tuple(replace(arg, value=change(arg.value)) for arg in args))
        case Comprehension(body=body, binders=binders, condition=held):
            ranges = tuple(_domain(binder, change) for binder in binders)
            return replace(node, body=change(body), binders=ranges, condition=change(held) if held else None)
        case VectorLiteral(items=items):
            return replace(node, items=tuple(map(change, items)))


def _domain(binder: ForBinder, change: Callable[[Expr], Expr]) -> ForBinder:
    match binder.domain:
        case Range(lo=lo, hi=hi) as given:
            return replace(binder, domain=replace(given, lo=change(lo), hi=change(hi)))
        case Name() as name:
            made = change(name)
            return replace(binder, domain=made) if isinstance(made, Name) else binder


def letters_of(value: Expr | Statement, reader: Reader, *, bound: bool = True) -> frozenset[str]:
    """Return the index letters that occur in an expression or a statement; those bound inside only with `bound`."""
    found: set[str] = set()
    _letters(value, reader, found, frozenset(), bound=bound)
    return frozenset(found)


def _letters(value: Any, reader: Reader, found: set[str], inner: frozenset[str], *, bound: bool) -> None:
    match value:
        case Name(ident=ident, subs=subs):
            split = reader.split(ident)
            words = [part for part in split.tail if isinstance(part, str)]
            if not split.tail and not subs and reader.is_index(ident):
                words.append(ident)
            found.update(word for word in words if bound or word not in inner)
            for sub in subs:
                _letters(sub, reader, found, inner, bound=bound)
        case Comprehension(body=body, binders=binders, condition=condition):
            for binder in binders:
                _letters(binder.domain, reader, found, inner, bound=bound)
                inner |= {binder.var}
                if bound:
                    found.add(binder.var)
            _letters((body, condition), reader, found, inner, bound=bound)
        case ForBinder(var=var, domain=domain):
            found.add(var)
            _letters(domain, reader, found, inner, bound=bound)
        case tuple():
            for item in cast(tuple[Any, ...], value):
                _letters(item, reader, found, inner, bound=bound)
        case _ if is_dataclass(value) and not isinstance(value, (Span, Source, type)):
            for item in fields(value):
                _letters(getattr(value, item.name), reader, found, inner, bound=bound)
        case _:
            pass


class Substitution:
    """`values` in the places of the names that are its keys. What an expression binds is renamed where it is in use
    around it (`busy`) or in a value. `misused` has a name with subscripts, and the value that cannot take them."""

    def __init__(self, values: Mapping[str, Expr], reader: Reader, busy: frozenset[str]) -> None:
        self.misused: tuple[str, Expr] | None = None
        self._values = dict(values)
        self._reader = reader
        self._busy = busy.union(*(letters_of(value, reader) for value in values.values()))

    def size(self, expr: Expr) -> int:
        """Return how many parts `expr` will have."""
        sizes = {name: sum(1 for _ in surface.walk(value)) for name, value in self._values.items()}
        return sum(sizes.get(node.ident, 1) if isinstance(node, Name) else 1 for node, _ in surface.walk(expr))

    def expr(self, expr: Expr) -> Expr:
        """Return `expr` with the values in it."""
        return self._expr(expr, self._values)

    def _expr(self, node: Expr, values: Mapping[str, Expr]) -> Expr:
        match node:
            case Name():
                return self._name(node, values)
            case Comprehension():
                return self._comprehension(node, values)
            case _:
                return changed(node, lambda part: self._expr(part, values))

    def _name(self, node: Name, values: Mapping[str, Expr]) -> Expr:
        split = self._reader.split(node.ident)
        given = tuple(self._expr(sub, values) for sub in node.subs)
        tail: tuple[Expr, ...] = tuple(
            Number(part, str(part), span=node.span)
            if isinstance(part, int)
            else values.get(part, Name(part, (), node.span))
            for part in split.tail
        )
        moved = any(isinstance(part, str) and part in values for part in split.tail)
        if split.base not in values:
            if not moved:
                return replace(node, subs=given) if given != node.subs else node
            return Name(split.base, (*tail, *given), node.span)
        value = values[split.base]
        if not tail and not given:
            return value
        if not isinstance(value, Name):
            self.misused = self.misused or (split.base, value)
            return node
        return replace(value, subs=(*value.subs, *tail, *given))

    def _comprehension(self, node: Comprehension, values: Mapping[str, Expr]) -> Comprehension:
        inner = dict(values)
        binders: list[ForBinder] = []
        for binder in node.binders:
            moved = _domain(binder, lambda part: self._expr(part, inner))
            inner.pop(binder.var, None)
            if binder.var in self._busy:
                moved = replace(moved, var=self._fresh(binder.var))
                inner[binder.var] = Name(moved.var, (), binder.span)
            binders.append(moved)
        held = self._expr(node.condition, inner) if node.condition is not None else None
        return replace(node, body=self._expr(node.body, inner), binders=tuple(binders), condition=held)

    def _fresh(self, letter: str) -> str:
        count = 2
        while f"{letter}{count}" in self._busy or self._taken(f"{letter}{count}"):
            count += 1
        made = f"{letter}{count}"
        self._reader.made.add(made)
        self._busy |= {made}
        return made

    def _taken(self, word: str) -> bool:
        """Say whether a word means something else already. What was made for another call may serve again."""
        return word not in self._reader.made and (self._reader.is_index(word) or word in self._reader.names)
