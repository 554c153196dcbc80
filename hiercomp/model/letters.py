"""Which subscripts are indices: only the whole spec can tell that `theta_i` is `theta[i]` and `sigma_cell` a name.

The rules: a customary letter (i j k l m n t) after the last underscore is an index; so is any word that the spec binds
(`for p in 1..P`, `g in groups`), any small letter that it writes inside braces or brackets (`beta_{j,d}`), and one with
which ``beta_p ~ ...`` is the only statement about the `beta` that is used. Several letters in a row (`x_ij`) are some
when each is known as one. A number is an element when the same name has an index elsewhere (`mu_1` beside `mu_t`), else
a part of the name; so is the end of that index's range (`mu_T` beside `mu_t ~ ... for t in 2..T`). What bound data has
under the whole word is that (`rate_l`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import field

from hiercomp.model import surface
from hiercomp.records import record, state
from hiercomp.source import Span
from hiercomp.syntax.ast import (
    Binary,
    Comprehension,
    Expr,
    FunctionDecl,
    IndexDecl,
    Name,
    Number,
    Range,
    Spec,
    Statement,
)

CUSTOMARY = frozenset("ijklmnt")
# Rows of letters that statisticians write for several indices; any other row needs evidence for each of its letters.
_USUAL_ROWS = frozenset({"ij", "jk", "ik", "it", "jt", "kt", "nt", "nk", "nj", "ijk", "ijt"})
_MAX_ROW = 4
# Rows of customary letters that are words: never read as indices, because `x_min` is a name to every reader.
_WORDS = frozenset("min lim lik lin ln in kin ink til nil mil int tin tim kl ml mi link mint kilt milk".split())  # noqa: SIM905

type Tail = tuple[str | int, ...]


@record
class Split:
    """An identifier taken apart: the name, and the indices (letters or numbers) that it ends in."""

    base: str
    tail: Tail = ()


@state
class Letters:
    """The index words of a spec. `places` says where each was first seen as one."""

    words: set[str] = field(default_factory=set[str])
    places: dict[str, Span] = field(default_factory=dict[str, Span])

    def add(self, word: str, span: Span | None) -> None:
        self.words.add(word)
        if span is not None:
            self.places.setdefault(word, span)


def collect(
    statements: Iterable[Statement], declared: Iterable[IndexDecl], functions: Iterable[FunctionDecl] = ()
) -> Letters:
    """Find every index word of the statements and declarations."""
    letters = Letters()
    for item in declared:
        letters.add(item.binder.var, item.binder.span or item.span)
    for function in functions:
        for node, _ in surface.walk(function.body):
            if isinstance(node, Comprehension):
                for binder in node.binders:
                    letters.add(binder.var, binder.span)
    targets: dict[str, Name] = {}
    used: set[str] = set()
    for statement in statements:
        for binder in statement.clauses.binders:
            letters.add(binder.var, binder.span)
        lhs = surface.target(statement)
        facts = [e for fact in statement.clauses.facts for e in (fact.subject, *surface.fact_values(fact))]
        for node, _ in surface.walk(
            *([lhs] if lhs is not None else []), *surface.body(statement), *facts, *surface.ranges(statement)
        ):
            if isinstance(node, Comprehension):
                for binder in node.binders:
                    letters.add(binder.var, binder.span)
            elif isinstance(node, Name):
                _evidence(node, letters)
                if node is not lhs:
                    used.add(node.ident)
        if lhs is not None:
            targets.setdefault(lhs.ident, lhs)
    _as_elements(targets, used, letters)
    return letters


def _as_elements(targets: Mapping[str, Name], used: Set[str], letters: Letters) -> None:
    """Take `p` for an index if only so ``beta_p ~ ...`` defines the `beta` that is used, and nothing else does."""

    def stem(ident: str) -> str:
        base, _, tail = ident.rpartition("_")
        return base if base and (tail in letters.words or tail in CUSTOMARY) else ident

    wanted = {stem(ident) for ident in used}
    defined = {stem(ident) for ident in targets}
    for ident, name in targets.items():
        base, _, tail = ident.rpartition("_")
        alone = ident not in used and tail not in used and tail not in targets
        if len(tail) == 1 and tail.islower() and not name.subs and alone and base in wanted - defined:
            letters.add(tail, name.span)


def _evidence(node: Name, letters: Letters) -> None:
    tail = node.ident.rpartition("_")[2] if "_" in node.ident else ""
    if tail in CUSTOMARY or tail in _USUAL_ROWS:
        for letter in tail:
            letters.add(letter, node.span)
    # Only subscripts tell: the end of a range (`t in 2..n`) is as likely a number.
    for sub, _ in surface.walk(*node.subs):
        if isinstance(sub, Name) and not sub.subs and len(sub.ident) == 1 and sub.ident.islower():
            letters.add(sub.ident, sub.span)


class Reader:
    """Takes identifiers apart, the same way everywhere in one spec. `names` are the words that it uses; `made` are the
    index words that only functions of the spec brought in, in the place of their own; `columns` are those of the data.
    """

    def __init__(self, letters: Letters, names: frozenset[str] = frozenset()) -> None:
        self.letters = letters
        self.names = names
        self.made: set[str] = set()
        self.indexed: frozenset[str] = frozenset()
        self.ends: dict[str, frozenset[str]] = {}
        self.whole: frozenset[str] = frozenset()
        self.columns: frozenset[str] = frozenset()
        self._known: dict[str, Split] = {}

    def is_index(self, word: str) -> bool:
        return word in self.letters.words or word in self.made

    def split(self, ident: str) -> Split:
        """Return the name and the indices that `ident` ends in."""
        known = self._known.get(ident)
        if known is None:
            known = self._known[ident] = self._split(ident)
        return known

    def subs(self, name: Name) -> tuple[str, tuple[Expr, ...]]:
        """Return the base name of `name` and all its subscripts as expressions, those in its identifier first."""
        if "_" not in name.ident:
            return name.ident, name.subs
        split = self.split(name.ident)
        if not split.tail:
            return split.base, name.subs
        tail: list[Expr] = [
            Number(item, str(item), span=name.span) if isinstance(item, int) else Name(item, span=name.span)
            for item in split.tail
        ]
        return split.base, (*tail, *name.subs)

    def base(self, name: Name) -> str:
        return self.split(name.ident).base if "_" in name.ident else name.ident

    def use_numbers(self, indexed: Iterable[str]) -> None:
        """Read `mu_1` as an element of `mu` for each of the names given."""
        self.indexed = frozenset(indexed)
        self._known.clear()

    def use_ends(self, ends: Mapping[str, frozenset[str]]) -> None:
        """Read `mu_T` as the element `mu[T]` for each word that a range ends at and the names given with it."""
        self.ends = dict(ends)
        self._known.clear()

    def leave_whole(self, idents: Iterable[str]) -> None:
        """Read each of the words given as one name, whatever it ends in."""
        self.whole |= frozenset(idents)
        self._known.clear()

    def _split(self, ident: str) -> Split:
        base, _, tail = ident.rpartition("_")
        if not base or ident in self.whole:
            return Split(ident)
        if ident in self.ends:
            return Split(base, (tail,))
        letters = self._tail(tail)
        if letters:
            inner = self.split(base)
            return Split(inner.base, (*inner.tail, *letters))
        if tail.isascii() and tail.isdigit() and not (len(tail) > 1 and tail[0] == "0"):
            inner = self.split(base)
            if inner.base in self.indexed:
                return Split(inner.base, (*inner.tail, int(tail)))
        elif tail in self.ends and ident not in self.columns and not self.is_index(tail):
            inner = self.split(base)
            if inner.base in self.ends[tail]:
                return Split(inner.base, (*inner.tail, tail))
        return Split(ident)

    def _tail(self, tail: str) -> tuple[str, ...]:
        words = self.letters.words
        if tail in words or tail in CUSTOMARY:
            return (tail,)
        if not 2 <= len(tail) <= _MAX_ROW or tail in _WORDS or len(set(tail)) < len(tail):
            return ()
        known = all(letter in words for letter in tail)
        return tuple(tail) if known or tail in _USUAL_ROWS else ()


def read_numbers(statements: Sequence[Statement], reader: Reader, columns: Set[str] = frozenset()) -> None:
    """Settle for which names a number behind the last underscore is an element.

    It is for those that a statement defines with an index, and for those that are used with one (`y_1` beside
    `y_{t-1}`), unless the whole word has a statement of its own. Where all words from `m_1` on to `m_2` or further
    have one, and neither a column nor a statement nor a fact gives a meaning to `m` itself, they are its elements. The
    name that a range ends at is an element, too, behind what statements define with an index that goes over the range.
    """
    ends = _ends_of_ranges(statements, reader)
    if ends:
        reader.use_ends(ends)
    defined: set[str] = set()
    used: set[str] = set()
    for statement in statements:
        lhs = surface.target(statement)
        if lhs is not None:
            base, subs = reader.subs(lhs)
            if subs:
                defined.add(base)
            elif base.rpartition("_")[2].isdigit():
                reader.leave_whole([base])
        for node, _ in surface.walk(*surface.body(statement)):
            if isinstance(node, Name):
                base, subs = reader.subs(node)
                if any(not isinstance(sub, Number) for sub in subs):
                    used.add(base)
    # What is defined with an index has no other statement for a word that ends in a number.
    reader.whole -= {word for word in reader.whole if word.rpartition("_")[0] in defined}
    told = {reader.base(fact.subject) for statement in statements for fact in statement.clauses.facts}
    for base in used - defined - reader.whole - columns - told:
        numbers = {int(word.rpartition("_")[2]) for word in reader.whole if word.rpartition("_")[0] == base}
        if len(numbers) > 1 and numbers == set(range(1, len(numbers) + 1)):
            reader.whole -= {f"{base}_{number}" for number in numbers}
    reader.use_numbers(defined | used)


def _ends_of_ranges(statements: Sequence[Statement], reader: Reader) -> dict[str, frozenset[str]]:
    """Return, for the words that ranges on left sides end at (`T`), the names that these statements define.

    A word with a statement of its own is the name that it says, unless ranges stop short of it: `a_K`, `1..K-1`.
    """
    found: dict[str, set[str]] = {}
    short: dict[str, set[str]] = {}
    stated: set[str] = set()
    for statement in statements:
        lhs = surface.target(statement)
        if lhs is None:
            continue
        base, subs = reader.subs(lhs)
        stated.add(lhs.ident)
        for binder in statement.clauses.binders:
            match binder.domain:
                case Range(hi=Name(ident=word, subs=())) if Name(binder.var) in subs:
                    found.setdefault(word, set()).add(base)
                case Range(hi=Binary(op="-", left=Name(ident=word, subs=()))) if Name(binder.var) in subs:
                    short.setdefault(word, set()).add(base)
                case _:
                    pass
    return {
        word: frozenset(base for base in found.get(word, ()) if f"{base}_{word}" not in stated)
        | frozenset(base for base in short.get(word, ()) if f"{base}_{word}" in stated)
        for word in (*found, *short)
    }


def all_statements(spec: Spec) -> list[Statement]:
    """Return every statement of the spec, those of all models together."""
    return [*spec.common, *(statement for block in spec.models for statement in block.statements)]
