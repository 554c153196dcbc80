"""Places in index sets: sums of indices, sizes and whole numbers, in one form that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from hiercomp.expr import INT, Binder, Const, Expr, Index, Op, Ref, number, rebuild
from hiercomp.model.ir import IndexSet, Model, Value
from hiercomp.records import record, replace

type Binders = Mapping[str, Binder]


@record
class Place:
    """A whole number: `count`, and so many times each of the `terms`, the indices and sizes that it is made of."""

    count: int = 0
    terms: frozenset[tuple[Expr, int]] = frozenset()

    def plus(self, other: Place, times: int = 1) -> Place:
        """Return the sum with another one taken so many times."""
        found = dict(self.terms)
        for term, often in other.terms:
            found[term] = found.get(term, 0) + times * often
        kept = frozenset((term, often) for term, often in found.items() if often)
        return Place(self.count + times * other.count, kept)

    def expr(self) -> Expr:
        """Return it as an expression: indices first, then what else is added, then what is taken off."""
        made: Expr | None = None
        for term, often in sorted(
            self.terms, key=lambda item: (item[1] < 0, not isinstance(item[0], Index), str(item))
        ):
            for _ in range(abs(often)):
                if made is None and often > 0:
                    made = term
                else:
                    made = Op("+" if often > 0 else "-", (whole(0) if made is None else made, term), INT)
        if made is None:
            return whole(self.count)
        return Op("+" if self.count > 0 else "-", (made, whole(abs(self.count))), INT) if self.count else made


def whole(value: int) -> Const:
    """Return a whole number as an expression."""
    return replace(number(value), type=INT)


def place(expr: Expr) -> Place:
    """Return the form of an expression; what is no sum and no difference is a term of its own."""
    match expr:
        case Const(value=int(value)):
            return Place(value)
        case Op(op="+" | "-" as op, args=(left, right)):
            return place(left).plus(place(right), 1 if op == "+" else -1)
        case _:
            return Place(0, frozenset({(expr, 1)}))


def plain(expr: Expr) -> Expr:
    """Return an expression with `t` for ``t + 1 - 1`` in all subscripts."""
    made = rebuild(expr, plain)
    if isinstance(made, Ref) and made.subs:
        return replace(made, subs=tuple(place(sub).expr() if isinstance(sub, Op) else sub for sub in made.subs))
    return made


def end_of(item: IndexSet) -> Expr:
    """Return the last position of an index set."""
    return Ref(item.size_name, (), INT) if item.size is None else item.size


@record
class Sizes:
    """What is known of sizes and of whole numbers in the data: the least and the greatest, by name."""

    sets: Mapping[str, IndexSet]
    known: Mapping[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    @staticmethod
    def of(model: Model) -> Sizes:
        """Return the sizes of a model, as far as its data tell them."""
        known: dict[str, tuple[int, int]] = {}
        for symbol in model.symbols:
            leaves = list(_leaves(symbol.value)) if symbol.value is not None and symbol.elem == "int" else []
            if leaves:
                known[symbol.name] = min(leaves), max(leaves)
        for item in model.index_sets:
            if item.length is not None:
                known[item.size_name] = item.length, item.length
        return Sizes({item.name: item for item in model.index_sets}, known)

    def limit(self, at: Place, *, lowest: bool) -> int | None:
        """Return the least or the greatest that a place can be, None where that is not known."""
        total = at.count
        for term, often in at.terms:
            ends = self.known.get(term.name) if isinstance(term, Ref) else None
            if ends is None:
                return None
            total += often * ends[0 if (often > 0) == lowest else 1]
        return total

    def order(self, one: Place, other: Place) -> int:
        """Return how far a place lies behind another one; 1 where nobody knows."""
        apart = one.plus(other, -1)
        low, high = (self.limit(apart, lowest=lowest) for lowest in (True, False))
        return low if low is not None and low == high else 1

    def at_least(self, one: Place, other: Place) -> bool:
        """Say whether a place is sure not to lie before another one."""
        least = self.limit(one.plus(other, -1), lowest=True)
        return least is not None and least >= 0

    def shown(self, at: Place) -> str:
        """Write a place for a message."""
        terms = [(getattr(term, "name", "") or getattr(term, "var", "..."), often) for term, often in at.terms]
        words = " ".join(f"{'-' if often < 0 else '+'} {name}" for name, often in sorted(terms))
        words += f" {'-' if at.count < 0 else '+'} {abs(at.count)}" if at.count or not terms else ""
        return words.strip().removeprefix("+ ")


def _leaves(value: Value) -> Iterator[int]:
    if isinstance(value, tuple):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, int):
        yield value


def extreme(expr: Expr, binders: Binders, sizes: Sizes, *, lowest: bool) -> Place | None:
    """Return the least or the greatest place that a subscript takes as its indices run; None where that is unknown."""
    found = place(expr)
    for _ in range(len(binders) + 1):
        runs = [(term, often) for term, often in found.terms if isinstance(term, Index)]
        if not runs:
            return found
        for term, often in runs:
            binder = binders.get(term.var)
            if binder is None:
                return None
            low = place(binder.lo) if binder.lo is not None else Place(1)
            high = place(binder.hi if binder.hi is not None else end_of(sizes.sets[binder.set]))
            found = found.plus(place(term), -often).plus(low if (often > 0) == lowest else high, often)
    return None


def part(item: IndexSet, first: Place, last: Place, name: str, why: str, sizes: Sizes) -> IndexSet:
    """Return the part of an index set from `first` to `last` as a set of its own, with the labels of its members."""
    begin, finish = sizes.limit(first, lowest=True), sizes.limit(last, lowest=True)
    count = finish - begin + 1 if begin is not None and finish is not None else None
    labels: tuple[str, ...] | None = None
    if begin is not None and count is not None:
        every: Iterable[str] = item.labels or map(str, range(1, begin + count))
        labels = tuple(every)[begin - 1 : begin - 1 + count]
    size = last.plus(first, -1).plus(Place(1)).expr()
    return IndexSet(name, f"N_{name}", size, count, labels, why)
