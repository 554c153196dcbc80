"""The first look at a merged model: which names it defines, which it uses and how, before anything has a type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from hiercomp.catalog import (
    Distribution,
    argument_name,
    find_distribution,
    is_hmm,
    is_mixture,
    row_named,
    zero_words,
)
from hiercomp.model import surface
from hiercomp.model.letters import Reader
from hiercomp.model.merge import Entry
from hiercomp.records import replace, state
from hiercomp.source import Span
from hiercomp.syntax.ast import (
    Apply,
    Arg,
    Binary,
    Comprehension,
    Define,
    Expr,
    Fact,
    IndexDecl,
    Name,
    Random,
    Range,
    Statement,
    Text,
    Unary,
    VectorLiteral,
    Whole,
)
from hiercomp.syntax.words import is_log_density


@state
class NameUse:
    """What the text says of one name. `users` are the statements, other than its own, that mention it.

    `integer`: it stands where only a whole number can; `subscript`: it picks an element; `picked`: its distribution
    picks members of an index set; `compared`: it stands beside text; `size`: it ends a range. `limits` are the names
    that facts bound it by. `group`: comprehensions go over its members (`for r in choices_m`); the letter of its own
    index, if it is one.
    """

    name: str
    first: Name
    definitions: list[int] = field(default_factory=list[int])
    users: set[int] = field(default_factory=set[int])
    facts: list[Fact] = field(default_factory=list[Fact])
    limits: set[str] = field(default_factory=set[str])
    subscripts: int = 0
    indexed: Name | None = None
    integer: bool = False
    subscript: bool = False
    picked: bool = False
    compared: bool = False
    size: bool = False
    only_size: bool = True
    group: str | None = None

    def states(self, kind: str) -> bool:
        return any(fact.kind == kind for fact in self.facts)


@state
class Item:
    """A statement of the model: what it defines, which names it uses, which index words its own text leaves free.

    `stops` has, for letters whose ranges end short of where one might think, how long the set is that they go over.
    """

    statement: Statement
    name: str | None
    subs: tuple[Expr, ...]
    own: bool
    uses: set[str] = field(default_factory=set[str])
    free: dict[str, Span | None] = field(default_factory=dict[str, Span | None])
    stops: Mapping[str, Expr] = field(default_factory=dict[str, Expr])

    @property
    def span(self) -> Span | None:
        return self.statement.span


@state
class Draft:
    items: list[Item]
    names: dict[str, NameUse]


def draft(entries: Iterable[Entry], reader: Reader, indices: Iterable[IndexDecl] = ()) -> Draft:
    """Collect the names of all statements, in the order of the text, and those that end declared ranges in use."""
    found = Draft([], {})
    for number, entry in enumerate(entries):
        lhs = surface.target(entry.statement)
        name, subs = reader.subs(lhs) if lhs is not None else (None, ())
        if subs and isinstance(subs[-1], Whole):
            from hiercomp.model.columns import without_last  # noqa: PLC0415  (few models have empty places)

            subs = without_last(subs)
        item = Item(entry.statement, name, subs, entry.own)
        found.items.append(item)
        if lhs is not None and name is not None:
            use = _use(found, name, lhs)
            use.definitions.append(number)
            use.only_size = False
            _count(use, subs, lhs)
            use.integer = use.integer or is_discrete(entry.statement)
            use.picked = use.picked or _picks(entry.statement)
            for sub in subs:
                _scan(found, item, number, reader, sub, inside=True)
        for root in surface.body(entry.statement):
            _scan(found, item, number, reader, root)
        for limits in surface.ranges(entry.statement):
            _scan(found, item, number, reader, limits)
        for fact in entry.statement.clauses.facts:
            _fact(found, item, number, reader, fact)
        if isinstance(entry.statement, Random):
            _count_limits(found, entry.statement, reader)
            _count_arguments(found, [piece.dist for piece in entry.statement.pieces], reader)
    for declaration in indices:
        domain = declaration.binder.domain
        if isinstance(domain, Range) and any(declaration.binder.var in item.free for item in found.items):
            for node, _ in surface.walk(domain.hi):
                if isinstance(node, Name) and not reader.is_index(reader.base(node)):
                    use = _use(found, reader.base(node), node)
                    use.integer = use.size = True
    computed = {item.name for item in found.items if isinstance(item.statement, Define)}
    if any(use.integer and use.name in computed for use in found.names.values()) or any(
        item.name is None and is_discrete(item.statement) for item in found.items
    ):
        from hiercomp.model.wholes import spread_integers  # noqa: PLC0415  (few models compute whole numbers)

        spread_integers(found, reader)
    return found


def _use(found: Draft, name: str, node: Name) -> NameUse:
    use = found.names.get(name)
    if use is None:
        use = found.names[name] = NameUse(name, node)
    return use


def _count(use: NameUse, subs: tuple[Expr, ...], node: Name) -> None:
    use.subscripts = max(use.subscripts, len(subs))
    if subs and use.indexed is None:
        use.indexed = node


def _fact(found: Draft, item: Item, number: int, reader: Reader, fact: Fact) -> None:
    base, subs = reader.subs(fact.subject)
    use = _use(found, base, fact.subject)
    use.facts.append(fact)
    use.only_size = False
    use.integer = use.integer or (fact.kind == "is" and fact.word == "integer")
    _count(use, subs, fact.subject)
    for value in surface.fact_values(fact):
        _scan(found, item, number, reader, value)
        use.limits |= {reader.base(node) for node, _ in surface.walk(value) if isinstance(node, Name)}


def _scan(found: Draft, item: Item, number: int, reader: Reader, root: Expr | Range, *, inside: bool = False) -> None:
    bound: set[str] = set()
    stack: list[tuple[Expr | Range, bool, bool]] = [(root, inside, isinstance(root, Range))]
    while stack:
        node, within, size = stack.pop()
        match node:
            case Name():
                base, subs = reader.subs(node)
                if not subs and reader.is_index(base):
                    item.free.setdefault(base, node.span)
                    continue
                use = _use(found, base, node)
                use.integer = use.integer or within
                use.subscript = use.subscript or (within and not size)
                use.size = use.size or size
                use.only_size = use.only_size and size
                _count(use, subs, node)
                item.uses.add(base)
                if base != item.name:
                    use.users.add(number)
                stack.extend((sub, True, False) for sub in reversed(subs))
                continue
            case Binary(left=Name() as name, right=Text()) | Binary(left=Text(), right=Name() as name):
                _use(found, reader.base(name), name).compared = True
            case Apply(func=func, args=(Arg(value=Apply() as dist), Arg(value=value))) if is_log_density(func):
                if discrete_row(dist):
                    _mark_counts(found, value, reader)
                _count_arguments(found, [dist], reader)
            case Comprehension(binders=binders):
                bound |= {binder.var for binder in binders}
                for binder in binders:
                    if isinstance(binder.domain, Name):
                        stack.extend((sub, True, False) for sub in _group(found, item, number, reader, binder.domain))
            case _:
                pass
        stack.extend(
            (part, deep, size or isinstance(node, Range)) for part, deep in reversed(surface.parts(node, within))
        )
    for var in bound:
        # A letter that only a comprehension of this expression binds is not free in the statement.
        item.free.pop(var, None)


def _group(found: Draft, item: Item, number: int, reader: Reader, domain: Name) -> tuple[Expr, ...]:
    """Take up a name that lists the members of groups; return its subscripts. Names without any are index sets."""
    base, subs = reader.subs(domain)
    if not subs:
        return ()
    use = _use(found, base, domain)
    letter = subs[0].ident if isinstance(subs[0], Name) and not subs[0].subs else ""
    use.group = use.group or letter
    use.integer = use.subscript = True
    use.only_size = False
    use.users.add(number)
    item.uses.add(base)
    _count(use, subs, domain)
    return subs


def is_discrete(statement: Statement) -> bool:
    """Say whether a statement gives its left side a discrete distribution."""
    return isinstance(statement, Random) and any(discrete_row(piece.dist) for piece in statement.pieces)


def discrete_row(node: Apply) -> str:
    """Return the name of the distribution of whole numbers that a spec writes, the first in a mixture; else nothing."""
    zeros = zero_words(node.func)
    if zeros is not None and zeros[1]:
        return discrete_row(replace(node, func=zeros[1]))
    if is_mixture(node.func) or is_hmm(node.func) or zeros is not None:
        found = (discrete_row(item) for item in components_of(node))
        return next(filter(None, found), "")
    row = find_distribution(node.func)
    return row.name if row is not None and row.kind == "discrete" else ""


def components_of(node: Apply) -> list[Apply]:
    """Return what a spec writes as components of a mixture, as emissions of a hidden Markov chain, or behind a zero."""
    items = [arg.value for arg in node.args[1:]]
    if is_hmm(node.func):
        emission = next((arg.value for arg in node.args if arg.name == "emission"), None)
        items = list(emission.items) if isinstance(emission, VectorLiteral) else [emission]
    return [item for item in items if isinstance(item, Apply)]


def _rows(statement: Statement) -> list[Distribution]:
    pieces = statement.pieces if isinstance(statement, Random) else ()
    found = [row_named("HMM") if is_hmm(p.dist.func) else find_distribution(p.dist.func) for p in pieces]
    return [row for row in found if row is not None]


def _picks(statement: Statement) -> bool:
    return any(row.picks for row in _rows(statement))


def is_ordered(statement: Statement) -> bool:
    """Say whether a statement is about categories that have an order."""
    return any(row.cuts for row in _rows(statement))


def event_rank(item: Item) -> int:
    """Return how many axes one variate of a statement has: they stand behind its indices."""
    return max((row.event_rank for row in _rows(item.statement)), default=0)


def _count_limits(found: Draft, statement: Random, reader: Reader) -> None:
    """Mark names that a distribution of whole numbers is cut or censored at."""
    if not is_discrete(statement):
        return
    clauses = statement.clauses
    limits = (side for end in (clauses.truncated, clauses.censored) if end is not None for side in (end.lo, end.hi))
    for limit in limits:
        if isinstance(limit, Name):
            _mark_integer(found, limit, reader)


def _count_arguments(found: Draft, pending: list[Apply], reader: Reader) -> None:
    """Mark names that stand where a distribution takes a whole number (the trials of a binomial)."""
    while pending:
        node = pending.pop()
        zeros = zero_words(node.func)
        if zeros is not None and zeros[1]:
            node = replace(node, func=zeros[1], args=node.args[1:])
        elif is_mixture(node.func) or is_hmm(node.func) or zeros is not None:
            pending += components_of(node)
            continue
        row = find_distribution(node.func)
        if row is None or not any(param.counts for param in row.params):
            continue
        counts = {param.name for param in row.params if param.counts}
        for place, arg in enumerate(node.args):
            canonical = row.params[place].name if place < len(row.params) else ""
            name = argument_name(row, arg.name) if arg.name else canonical
            if name in counts:
                _mark_counts(found, arg.value, reader)


def _mark_integer(found: Draft, node: Name, reader: Reader) -> None:
    base, subs = reader.subs(node)
    if subs or not reader.is_index(base):
        _use(found, base, node).integer = True


def _mark_counts(found: Draft, node: Expr, reader: Reader) -> None:
    """Mark the names that a whole number is a sum or a product of."""
    match node:
        case Name():
            _mark_integer(found, node, reader)
        case Unary(arg=arg):
            _mark_counts(found, arg, reader)
        case Binary(op="+" | "-" | "*", left=left, right=right):
            _mark_counts(found, left, reader)
            _mark_counts(found, right, reader)
        case _:
            pass
