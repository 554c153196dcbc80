"""Index sets get their names, sizes and labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite

from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import INT, Const, Expr, Op, Ref, number
from hiercomp.model import size_faults, surface
from hiercomp.model.axes import Facts
from hiercomp.model.intervals import constant
from hiercomp.model.ir import IndexSet, Role, Stmt
from hiercomp.model.lower import Lower
from hiercomp.model.members import labels_of, picked_labels
from hiercomp.model.ranges import LARGEST
from hiercomp.model.scope import WHOLE_LINE, Context, Refused
from hiercomp.records import record, replace
from hiercomp.syntax.ast import Expr as Ast
from hiercomp.syntax.ast import Name, Number


@record
class Sets:
    """The index sets, and for each node that is used the name of its set."""

    items: tuple[IndexSet, ...]
    names: Mapping[str, str]
    by_node: Mapping[str, IndexSet]


def nodes_of(statements: Iterable[Stmt], context: Context) -> list[str]:
    """Return the node of every index set that the model uses, in the order in which they come up."""
    found: dict[str, None] = {}
    for sym in context.symbols.values():
        if sym.referenced or sym.use.definitions:
            found |= dict.fromkeys(map(context.axes.root, sym.axes or ()))
    for stmt in statements:
        found |= dict.fromkeys(context.axes.root(binder.set) for binder in stmt.common.binders)
    for node in context.reduced:
        found[context.axes.root(node)] = None
    return list(found)


def name_sets(context: Context, nodes: list[str]) -> Sets:
    """Name the index sets and find their sizes. H7 where lengths differ, H27 where bound data leave a size open."""
    facts = {node: context.axes.facts(node) for node in nodes}
    rank = {letter: place for place, letter in enumerate(context.reader.letters.places)}
    for fact in facts.values():
        fact.letters.sort(key=lambda letter: rank.get(letter, len(rank)))
    letters_only = [node for node in nodes if not facts[node].declared and facts[node].size is None]
    # A whole number in the data that is called like a size tells that size, where nothing else does.
    taken = {*context.symbols, *(name for name in context.binding.names() if context.binding.count(name) is None)}
    taken |= {f.size.ident for f in facts.values() if isinstance(f.size, Name)}
    alone = len(letters_only) == 1 and "N" not in taken
    names: dict[str, str] = {}
    used: set[str] = set()
    sizes: dict[str, str] = {}
    for node in nodes:
        fact = facts[node]
        name = _name(fact, used)
        used.add(name)
        names[node] = name
        sizes[node] = _size_name(fact, name, alone=alone, taken=taken)
        taken.add(sizes[node])
    items: dict[str, IndexSet] = {}
    for node in _parts_first(context, facts):
        made = [(number_, [items[context.axes.root(part)] for part in parts]) for number_, parts in facts[node].made]
        item = items[node] = _index_set(context, facts[node], names[node], sizes[node], made)
        if item.length is not None and item.size_name in context.symbols and isinstance(facts[node].size, Name):
            context.intervals[item.size_name] = float(item.length), float(item.length)
    return Sets(tuple(items[node] for node in nodes), names, items)


def _parts_first(context: Context, facts: Mapping[str, Facts]) -> list[str]:
    """Return the nodes so that sets that others are made of come before those; H4 where one is made of itself."""
    ordered: dict[str, None] = {}
    by_size = {fact.size.ident: node for node, fact in facts.items() if isinstance(fact.size, Name)}

    def visit(node: str, path: tuple[str, ...]) -> None:
        if node in path:
            fact = facts[node]
            context.diagnostics.add(
                Diagnostic(
                    "H7", f"{fact.words()} is longer than itself", fact.span, "index sets of their own",
                    "a vector that is an item of a list along which it runs too",
                    "write the list with another index, or leave the vector out of it",
                )
            )  # fmt: skip
            fact.made.clear()
        elif node not in ordered:
            for _, parts in facts[node].made:
                for part in parts:
                    visit(context.axes.root(part), (*path, node))
            # 1..A+T-1 needs the lengths of 1..A and 1..T, which data may tell. Of a list (v, 1) along 1..K, in which v
            # runs along 1..K-1, it is K itself that tells both.
            for name in _words(facts[node].size) & by_size.keys():
                if by_size[name] not in path:
                    visit(by_size[name], (*path, node))
            ordered[node] = None

    for node in facts:
        visit(node, ())
    return list(ordered)


def _words(size: Ast | None) -> set[str]:
    """Return the names that a size is computed from."""
    if size is None or isinstance(size, Name):
        return set()
    return {node.ident for node, _ in surface.walk(size) if isinstance(node, Name)}


def _name(fact: Facts, used: set[str]) -> str:
    wanted = fact.declared or (fact.letters[0] if fact.letters else f"{fact.owner.replace(' ', '_')}_dim")
    if wanted in used and isinstance(fact.size, Name):
        wanted = f"{wanted}_{fact.size.ident}"
    name, count = wanted, 2
    while name in used:
        name, count = f"{wanted}_{count}", count + 1
    return name


def _size_name(fact: Facts, name: str, *, alone: bool, taken: set[str]) -> str:
    if isinstance(fact.size, Name):
        return fact.size.ident
    if alone and not fact.declared and fact.size is None:
        return "N"
    wanted = f"N_{name}"
    while wanted in taken:
        wanted += "_"
    return wanted


type Made = list[tuple[int, list[IndexSet]]]


def _index_set(context: Context, fact: Facts, name: str, size_name: str, made: Made) -> IndexSet:
    length = _measured(context, fact)
    size, stated, why = _stated_size(context, fact)
    if length is None:
        length = stated
    elif stated is not None and stated != length:
        size_faults.unlike_range(context, fact, fact.extents[0], stated)
    if length is not None and fact.ends and max(fact.ends) > length:
        size_faults.too_long(context, fact, length)
    for count, parts in made:
        lengths = [part.length for part in parts]
        total = count + sum(one for one in lengths if one is not None) if None not in lengths else None
        known = length if length is not None else max(fact.ends, default=None)
        if total is not None and known is not None and total != known:
            size_faults.unlike_list(context, fact, name, known, total)
        if size is None and fact.size is None and length is None and not fact.ends:
            size, length, why = _sum_of(count, parts), total, "as long as a list that is written out"
    numbers = fact.ends or fact.literals
    if size is None and length is None and numbers and fact.size is None:
        length = max(numbers)
        size, why = replace(number(length), type=INT), f"ends at {length}"
    told = context.binding.count(size_name) if length is None and size_name not in context.symbols else None
    if told is not None and told >= 0:
        length, why = told, f"`{size_name}` in the data"
    picked = picked_labels(context, fact)
    labels = labels_of(context, fact, length, picked)
    if length is None and labels is not None:
        length, why = len(labels), "one for each label in the data"
    if length is None and fact.largest:
        length = max(extent.length for extent in fact.largest)
        columns = dict.fromkeys(f"`{extent.name}`" for extent in fact.largest if extent.name in context.symbols)
        number_ = next(extent.name for extent in fact.largest if extent.length == length)
        why = f"the largest value of {', '.join(columns)}" if columns else f"the largest number is that of `{number_}`"
        size_faults.note_largest(context, fact, name, length)
    if labels is None and length is not None and fact.first != 1:
        labels = tuple(map(str, range(fact.first, fact.first + length)))
    if length is not None and isinstance(fact.size, Name) and context.intervals.get(size_name) == WHOLE_LINE:
        context.intervals[size_name] = float(length), float(length)
    if length is None and context.binding.bound:
        size_faults.unknown_size(context, fact, name, size_name)
    if not why:
        why = f"the length of `{fact.extents[0].name}`" if fact.extents else "decided by the lengths of data"
    return IndexSet(name, size_name, size, length, labels, f"{_origin(fact)}; {why}")


def _sum_of(count: int, parts: list[IndexSet]) -> Expr:
    """Return the length of a list of `count` numbers and of vectors."""
    sizes = [Ref(part.size_name, (), INT) if part.size is None else part.size for part in parts]
    count += sum(size.value for size in sizes if isinstance(size, Const) and isinstance(size.value, int))
    total: Expr | None = None
    for size in sizes:
        if not isinstance(size, Const):
            total = size if total is None else Op("+", (total, size), INT)
    added = replace(number(count), type=INT)
    return added if total is None else total if not count else Op("+", (total, added), INT)


def _origin(fact: Facts) -> str:
    if fact.declared:
        return f"`{fact.letters[0]} in {fact.declared}`" if fact.letters else f"`{fact.declared}`"
    letters = ", ".join(f"`{letter}`" for letter in fact.letters)
    if fact.size is not None:
        return f"{letters or 'an index'} in {fact.words()}"
    return f"the index {letters}" if letters else f"an axis of `{fact.owner}`"


def _measured(context: Context, fact: Facts) -> int | None:
    """Return the length that data give; all columns along one index set must have the same one."""
    if not fact.extents:
        return None
    first = fact.extents[0]
    other = next((extent for extent in fact.extents if extent.length != first.length), None)
    if other is not None:
        size_faults.unlike_lengths(context, first, other)
    return first.length


def _stated_size(context: Context, fact: Facts) -> tuple[Expr | None, int | None, str]:
    """Return the size as an expression where the spec gives one, and as a number where it can be known."""
    match fact.size:
        case None:
            return None, None, ""
        case Number(value=int(length)):
            return replace(number(length), type=INT), length, f"ends at {length}"
        case Name(ident=name):
            sym = context.symbols.get(name)
            if sym is None:
                return None, None, ""
            if sym.axes:
                size_faults.array_size(context, fact, sym)
                return None, None, ""
            one = constant(Ref(name), context.intervals)
            if sym.role is Role.CONSTANT and one is not None:
                length = _whole(context, fact, one)
                return replace(number(length or 0), type=INT), length, f"`{name}` = {length}"
            if sym.random:
                size_faults.random_size(context, fact, name)
                return None, None, ""
            return None, _whole(context, fact, one), f"`{name}`"
        case size:
            try:
                expr = Lower(context).scalar(size)
            except Refused:
                return None, None, ""
            one = constant(expr, context.intervals)
            if one is None and not _counts(expr):
                size_faults.no_count(context, fact)
                return None, None, ""
            length = _whole(context, fact, one)
            # Programs take only whole numbers for sizes, and 2^3 is none to them.
            size_ = expr if _counts(expr) else replace(number(length or 0), type=INT)
            return size_, length, f"`{surface.show(size)}`"


def _counts(expr: Expr) -> bool:
    """Say whether an expression is whole because all in it is, and nothing but + - * connects it."""
    match expr:
        case Op(op="+" | "-" | "*" | "neg", args=args):
            return all(map(_counts, args))
        case _:
            return isinstance(expr, (Const, Ref)) and expr.type.elem == "int"


def _whole(context: Context, fact: Facts, size: float | None) -> int | None:
    """Return a size that is known as the whole number that it has to be (H27)."""
    if size is None:
        return None
    if isfinite(size) and size == int(size) and 0 <= size <= LARGEST:
        return int(size)
    size_faults.not_whole(context, fact, size)
    return None
