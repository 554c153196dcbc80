"""Ranges that begin at 0 or below: their letters, and the arrays along them, are counted from 1 from here on.

``theta_k ~ Normal(0, 1) for k in 0..K`` has K + 1 elements. In later layers every element is counted from 1, so that
statements are rewritten: the letter runs from 1 to K + 1, stands for itself as an index of what is counted from 0, and
for itself less 1 everywhere else. What an array is counted from is said by its definitions (``s_0 ~ ...`` beside
``s_t ~ ... for t in 1..T`` too), and of data by the letters that it is used with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, is_dataclass
from typing import Any, cast

from hiercomp.diagnostics import Diagnostic, Diagnostics
from hiercomp.model import surface
from hiercomp.model.letters import Reader
from hiercomp.model.merge import Entry, Merged
from hiercomp.model.ranges import begins
from hiercomp.model.substitution import changed
from hiercomp.records import record, replace, state
from hiercomp.source import Source, Span
from hiercomp.syntax.ast import (
    Apply,
    Binary,
    Comprehension,
    Expr,
    ForBinder,
    IndexDecl,
    Name,
    Number,
    Range,
    Statement,
    Text,
    Unary,
    VectorLiteral,
    Whole,
)

EXPRESSIONS = (Number, Text, Whole, Name, Unary, Binary, Apply, Comprehension, VectorLiteral)

type Place = tuple[str, int]
type Shifts = Mapping[str, int]


@state
class Origins:
    """By how much positions are more than what the spec counts: of `places`, the axes of names; of `letters`, where a
    statement does not say. `stated` has the letters that have a range anywhere, `left` the places that definitions
    have an index for."""

    reader: Reader
    diagnostics: Diagnostics
    places: dict[Place, int] = field(default_factory=dict[Place, int])
    letters: dict[str, int] = field(default_factory=dict[str, int])
    stated: set[str] = field(default_factory=set[str])
    left: set[Place] = field(default_factory=set[Place])

    def learn(self, merged: Merged) -> None:
        """Find out what is counted from where."""
        ranges: dict[str, set[int]] = {}
        declared = {item.binder.var for item in merged.indices}
        binders = [item.binder for item in merged.indices]
        for entry in merged.entries:
            binders += [binder for binder in entry.statement.clauses.binders if binder.var not in declared]
        for binder in binders:
            ranges.setdefault(binder.var, set()).add(_shift(binder.domain))
        self.stated = set(ranges)
        self.letters = {letter: found.pop() for letter, found in ranges.items() if len(found) == 1}
        for entry in merged.entries:
            self._learn_left(entry.statement)
        while True:
            before = len(self.places), len(self.letters)
            for entry in merged.entries:
                shifts = self.shifts(entry.statement, whole=True)
                lhs = surface.target(entry.statement)
                for node in ([lhs] if lhs is not None else []) + surface.body(entry.statement):
                    self._learn_uses(node, shifts)
            if before == (len(self.places), len(self.letters)):
                return

    def _learn_left(self, statement: Statement) -> None:
        lhs = surface.target(statement)
        if lhs is None:
            return
        base, subs = self.reader.subs(lhs)
        domains = {binder.var: binder.domain for binder in statement.clauses.binders}
        for at, sub in enumerate(subs):
            self.left.add((base, at))
            match sub:
                case Number(value=int(value)) if value < 1:
                    self._set((base, at), 1 - value, lhs)
                case Name(ident=letter, subs=()):
                    shift = _shift(domains[letter]) if letter in domains else self.letters.get(letter, 0)
                    if shift:
                        self._set((base, at), shift, lhs)
                case _:
                    pass

    def _set(self, place: Place, shift: int, node: Name) -> None:
        if self.places.setdefault(place, shift) != shift:
            found = sorted((1 - shift, 1 - self.places[place]))
            self.diagnostics.add(
                Diagnostic(
                    "H17", f"`{place[0]}` is counted from {found[0]} and from {found[1]}", node.span,
                    "one beginning for each index of a name", f"`{surface.show(node)}`",
                    "let the ranges of its definitions begin at the same number, or go on from each other",
                )
            )  # fmt: skip

    def _learn_uses(self, node: Expr, shifts: Shifts) -> None:
        """Take what is used with a letter as counted like it, where no definition says; and letters like arrays."""
        if isinstance(node, Name):
            base, subs = self.reader.subs(node)
            for at, sub in enumerate(subs):
                if not isinstance(sub, Name) or sub.subs or not self.reader.is_index(sub.ident):
                    continue
                letter, place = sub.ident, (base, at)
                if shifts.get(letter, 0) and place not in self.left:
                    self._set(place, shifts[letter], node)
                elif letter not in self.stated and letter not in shifts and place in self.places:
                    self.letters[letter] = self.places[place]
                if self.letters.get(letter) and letter not in self.stated and place in self.left:
                    self.places.setdefault(place, self.letters[letter])
        if isinstance(node, Comprehension):
            shifts = {**shifts, **{binder.var: _shift(binder.domain) for binder in node.binders}}
        for part, _ in surface.parts(node):
            if not isinstance(part, Range):
                self._learn_uses(part, shifts)

    def shifts(self, statement: Statement, *, whole: bool) -> dict[str, int]:
        """Return by how much the letters of a statement are moved. With `whole`, only those the ranges of which begin
        below 1: others are moved where they are an index of the left side that is counted from elsewhere."""
        found = {letter: shift for letter, shift in self.letters.items() if shift}
        found |= {binder.var: _shift(binder.domain) for binder in statement.clauses.binders}
        lhs = surface.target(statement)
        if lhs is not None and not whole:
            base, subs = self.reader.subs(lhs)
            for at, sub in enumerate(subs):
                if isinstance(sub, Name) and not sub.subs and (base, at) in self.places:
                    found[sub.ident] = self.places[base, at]
        return found

    # --- rewriting

    def entry(self, entry: Entry) -> Entry:
        """Return a statement in which everything is counted from 1."""
        statement = entry.statement
        shifts = self.shifts(statement, whole=False)
        binders = tuple(self._binder(binder, shifts, shifts.get(binder.var, 0)) for binder in statement.clauses.binders)
        bare = replace(statement, clauses=replace(statement.clauses, binders=()))
        made: Statement = self._mapped(bare, shifts)
        return replace(entry, statement=replace(made, clauses=replace(made.clauses, binders=binders)))

    def declaration(self, item: IndexDecl) -> IndexDecl:
        return replace(item, binder=self._binder(item.binder, {}, _shift(item.binder.domain)))

    def _binder(self, binder: ForBinder, shifts: Shifts, by: int) -> ForBinder:
        match binder.domain:
            case Range(lo=lo, hi=hi) as given:
                first = begins(given)
                start = Number(first + by, str(first + by)) if first is not None else add(self.expr(lo, shifts), by)
                return replace(binder, domain=Range(start, add(self.expr(hi, shifts), by), given.span, 1 - by))
            case Name() as group:
                name = self.expr(group, shifts)
                return replace(binder, domain=name) if isinstance(name, Name) else binder

    def _mapped(self, value: Any, shifts: Shifts) -> Any:
        if isinstance(value, (Span, Source)) or not (is_dataclass(value) or isinstance(value, tuple)):
            return value
        if isinstance(value, tuple):
            return tuple(self._mapped(item, shifts) for item in cast(tuple[Any, ...], value))
        if isinstance(value, EXPRESSIONS):
            return self.expr(value, shifts)
        made = {item.name: self._mapped(getattr(value, item.name), shifts) for item in fields(cast(Any, value))}
        return replace(cast(Any, value), **made)

    def expr(self, node: Expr, shifts: Shifts) -> Expr:
        """Return an expression in which everything is counted from 1."""
        match node:
            case Name():
                return self._name(node, shifts)
            case Comprehension(body=body, binders=binders, condition=held):
                inner, moved = dict(shifts), list[ForBinder]()
                for binder in binders:
                    by = _shift(binder.domain)
                    moved.append(self._binder(binder, inner, by))
                    inner[binder.var] = by
                condition = self.expr(held, inner) if held is not None else None
                return replace(node, body=self.expr(body, inner), binders=tuple(moved), condition=condition)
            case Binary(op="+" | "-", left=Name(ident=letter, subs=()) as left, right=Number()) if shifts.get(letter):
                return add(left, _step(node) - shifts[letter])
            case _:
                return changed(node, lambda part: self.expr(part, shifts))

    def _name(self, node: Name, shifts: Shifts) -> Expr:
        base, subs = self.reader.subs(node)
        if not subs:
            by = shifts.get(base, 0) if self.reader.is_index(base) else 0
            return add(node, -by)
        made = tuple(self._position(sub, self.places.get((base, at), 0), shifts) for at, sub in enumerate(subs))
        return node if made == subs else Name(base, made, node.span)

    def _position(self, sub: Expr, by: int, shifts: Shifts) -> Expr:
        match sub:
            case Number(value=int(value)):
                return replace(sub, value=value + by, text=str(value + by))
            case Name(ident=letter, subs=()) if self.reader.is_index(letter):
                return add(sub, by - shifts.get(letter, 0))
            case Binary(op="+" | "-", left=Name(ident=word, subs=()) as left, right=Number()) if self.reader.is_index(
                word
            ):
                return add(left, by - shifts.get(word, 0) + _step(sub))
            case _:
                return add(self.expr(sub, shifts), by)


def _shift(domain: Name | Range) -> int:
    first = begins(domain)
    return 1 - first if first is not None and first < 1 else 0


def _step(node: Binary) -> int:
    """Return what `t + 2` or `t - 1` adds."""
    assert isinstance(node.right, Number)
    return int(node.right.value) if node.op == "+" else -int(node.right.value)


def add(node: Expr, by: int) -> Expr:
    """Return an expression plus a whole number, worked out where it is one already."""
    match node:
        case Number(value=int(value)):
            return replace(node, value=value + by, text=str(value + by))
        case Binary(op="+" | "-", left=left, right=Number(value=int())):
            return add(left, by + _step(node))
        case _ if not by:
            return node
        case _:
            return Binary("+" if by > 0 else "-", node, Number(abs(by), str(abs(by)), span=node.span), node.span)


@record
class Firsts:
    """What the spec counts from another number than 1: the axes of names, and letters without a range anywhere; and the
    ranges by which the other letters are known where a statement does not say."""

    places: Mapping[Place, int]
    letters: Mapping[str, int]
    ranges: tuple[ForBinder, ...]


def counted_from_one(merged: Merged, reader: Reader, diagnostics: Diagnostics) -> tuple[Merged, Firsts]:
    """Return the statements with everything counted from 1, and what was not."""
    origins = Origins(reader, diagnostics)
    origins.learn(merged)
    entries = tuple(map(origins.entry, merged.entries))
    indices = tuple(map(origins.declaration, merged.indices))
    letters: list[ForBinder] = []
    for before, after in zip(merged.entries, entries, strict=True):
        for old, new in zip(before.statement.clauses.binders, after.statement.clauses.binders, strict=True):
            letters.append(new if _shift(old.domain) else old)
    firsts = {place: 1 - shift for place, shift in origins.places.items()}
    unstated = {letter: 1 - shift for letter, shift in origins.letters.items() if letter not in origins.stated}
    return replace(merged, entries=entries, indices=indices), Firsts(firsts, unstated, tuple(letters))
