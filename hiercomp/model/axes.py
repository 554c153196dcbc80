"""Index sets by unification: every axis of every name and every index is a node; what must run alike is joined."""

from __future__ import annotations

from dataclasses import field

from hiercomp.diagnostics import Diagnostic, Diagnostics, Label
from hiercomp.model import surface
from hiercomp.records import record, state
from hiercomp.source import Span
from hiercomp.syntax.ast import Binary, Number
from hiercomp.syntax.ast import Expr as Ast


@record
class Extent:
    """A length that bound data decides: `name`'s axis (from 0) has it, `words` says so."""

    name: str
    axis: int
    length: int
    span: Span | None


@state
class Facts:
    """What is known of one index set.

    `declared` is its name in the spec, `size` the upper end of its stated range, `ends` those of ranges that end at a
    number, `literals` the numbers that pick elements on left sides; `extents` and `largest` come from data. `labels`
    are those of the columns of a design, `pickers` the columns of text that pick members by their labels. `made` has
    the sums that its length is: a number, and the nodes of other sets whose lengths come on top. `first` is the number
    that the spec counts its first member as, `key` the column by whose labels another table picks members.
    """

    declared: str = ""
    size: Ast | None = None
    letters: list[str] = field(default_factory=list[str])
    span: Span | None = None
    extents: list[Extent] = field(default_factory=list[Extent])
    owner: str = ""
    literals: list[int] = field(default_factory=list[int])
    ends: list[int] = field(default_factory=list[int])
    largest: list[Extent] = field(default_factory=list[Extent])
    labels: tuple[str, ...] | None = None
    pickers: list[str] = field(default_factory=list[str])
    first: int = 1
    key: str = ""
    made: list[tuple[int, tuple[str, ...]]] = field(default_factory=list[tuple[int, tuple[str, ...]]])

    def words(self) -> str:
        """Name the set for a message."""
        if self.declared:
            return f"`{self.declared}`"
        if self.size is not None:
            last = self.size if self.first == 1 else Binary("+", self.size, Number(self.first - 1, str(self.first - 1)))
            return f"{self.first}..{surface.show(last)}"
        return f"the range of `{self.letters[0]}`" if self.letters else f"an axis of `{self.owner}`"


class Axes:
    """The nodes, by number; in types of expressions under way they stand as ``#number``."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        self._parent: list[int] = []
        self._facts: list[Facts] = []
        self._named: dict[str, str] = {}
        self._sized: dict[tuple[Ast, int], str] = {}
        self._letters: dict[str, str] = {}
        self._literal: dict[tuple[str, int, int], str] = {}
        self._diagnostics = diagnostics

    def fresh(self, owner: str = "", letter: str = "") -> str:
        """Return a new node; `owner` is the name it is an axis of, for naming a set that has no letter."""
        self._parent.append(len(self._parent))
        self._facts.append(Facts(owner=owner, letters=[letter] if letter else []))
        return f"#{len(self._parent) - 1}"

    def _root(self, node: str) -> int:
        at = int(node[1:])
        while self._parent[at] != at:
            self._parent[at] = self._parent[self._parent[at]]
            at = self._parent[at]
        return at

    def root(self, node: str) -> str:
        return f"#{self._root(node)}"

    def facts(self, node: str) -> Facts:
        return self._facts[self._root(node)]

    def same(self, left: str, right: str) -> bool:
        return left == right or self._root(left) == self._root(right)

    def named(self, name: str, span: Span | None) -> str:
        """Return the node of the index set that the spec calls `name`."""
        if name not in self._named:
            node = self._named[name] = self.fresh()
            self.facts(node).declared, self.facts(node).span = name, span
        return self._named[name]

    def sized(self, size: Ast, span: Span | None, first: int = 1) -> str:
        """Return the node of the index set 1..`size`, which the spec counts from `first`."""
        if (size, first) not in self._sized:
            node = self._sized[size, first] = self.fresh()
            facts = self.facts(node)
            facts.size, facts.span, facts.first = size, span, first
        return self._sized[size, first]

    def letter(self, letter: str) -> str:
        """Return the node of what `letter` ranges over wherever no statement says otherwise."""
        if letter not in self._letters:
            self._letters[letter] = self.fresh(letter=letter)
        return self._letters[letter]

    def literal(self, letter: str, last: int, first: int = 1) -> str:
        """Return the node of a range of `letter` that ends at a number: the whole set, unless more is known of it."""
        key = (letter, last, first)
        if key not in self._literal:
            node = self._literal[key] = self.fresh(letter=letter)
            self.facts(node).ends.append(last)
            self.facts(node).first = first
        return self._literal[key]

    def join(self, left: str, right: str, span: Span | None, words: str) -> bool:
        """Make two nodes one index set. H7, and False, where the spec has said that they are different ones."""
        a, b = self._root(left), self._root(right)
        if a == b:
            return True
        one, two = self._facts[a], self._facts[b]
        if self._clash(one, two):
            labels = [Label(f.span, f"{f.words()} is stated here") for f in (one, two) if f.span is not None]
            self._diagnostics.add(
                Diagnostic(
                    "H7", f"{words}, but they range over different index sets", span, "one index set",
                    f"{one.words()} and {two.words()}", "give the ranges one size, or use another index",
                    secondary=tuple(label for label in labels if label.span != span),
                )
            )  # fmt: skip
            return False
        if len(one.extents) + len(one.letters) < len(two.extents) + len(two.letters):
            a, b, one, two = b, a, two, one
        self._parent[b] = a
        one.declared = one.declared or two.declared
        one.size = one.size if one.size is not None else two.size
        one.span = one.span or two.span
        one.owner = one.owner or two.owner
        one.labels = one.labels or two.labels
        one.key = one.key or two.key
        one.letters += [letter for letter in two.letters if letter not in one.letters]
        one.extents += two.extents
        one.literals += two.literals
        one.ends += two.ends
        one.largest += two.largest
        one.pickers += two.pickers
        one.made += two.made
        one.first = one.first if one.first != 1 else two.first
        return True

    @staticmethod
    def _clash(one: Facts, two: Facts) -> bool:
        if one.declared and two.declared:
            return True
        if one.size is None or two.size is None:
            return False
        # Two letters over 1..8 run alike wherever they meet; 1..N and 1..M never do.
        alike = isinstance(one.size, Number) and isinstance(two.size, Number) and one.size == two.size
        return not alike or one.first != two.first

    def roots(self) -> list[str]:
        """Return one node of every index set, in the order in which they came up."""
        return [f"#{at}" for at, parent in enumerate(self._parent) if at == parent]
