"""What an index variable runs over: stated ranges and named sets as nodes of the unification."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hiercomp.diagnostics import Diagnostic, Diagnostics
from hiercomp.model import surface
from hiercomp.model.axes import Axes
from hiercomp.model.draft import Draft, Item, NameUse
from hiercomp.model.letters import Reader
from hiercomp.model.scope import Context, Reach, Refused
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
    Unary,
)

LARGEST = 2**31 - 1  # the largest integer of a Stan program


def reach(context: Context, binder: ForBinder, scope: Mapping[str, Reach]) -> Reach:
    """Return what a ``for`` clause says, among the index variables of `scope`. H17 for a range that cannot be, H7 for
    no group."""
    domain = binder.domain
    if isinstance(domain, Range):
        return _range(context, binder, domain, scope)
    base, subs = context.reader.subs(domain)
    if subs:
        return _group(context, binder, base, domain)
    if base in context.symbols:
        raise context.refuse(
            Diagnostic(
                "H7", f"`{base}` is not an index set", domain.span, "a range or the name of an index set",
                f"the {context.symbols[base].role} `{base}`", f"a range ends at a number: `{binder.var} in 1..{base}`",
            )
        )  # fmt: skip
    return Reach(context.axes.named(base, binder.span), None, None, binder.span)


def _group(context: Context, binder: ForBinder, base: str, domain: Name) -> Reach:
    """Return the places of a group in the list of all members."""
    ends = context.groups.get(base)
    _, subs = context.reader.subs(domain)
    if base in context.faulty:
        raise Refused
    if ends is None or len(subs) != 1:
        raise context.refuse(
            Diagnostic(
                "H7", f"`{surface.show(domain)}` is no group", domain.span,
                "data that lists the members of every group, with one index for the group", f"`{surface.show(domain)}`",
                "groups are read from a list of lists, or from a table with a row for each member",
            )
        )  # fmt: skip
    rows = context.symbols[base]
    rows.referenced = True
    assert rows.axes is not None
    first, final = (Name(end, subs, domain.span) for end in ends)
    return Reach(rows.axes[0], first, final, binder.span, base)


def continued(binders: Iterable[ForBinder]) -> dict[tuple[str, str], Expr]:
    """Return, for ranges that others go on from, where these end: ``t in 1..P`` is a part of 1..T, in a spec that also
    says ``t in P+1..T``. Keys are the letter and the name that the first range ends with."""
    found: dict[tuple[str, str], Expr] = {}
    for binder in binders:
        match binder.domain:
            case Range(lo=Binary(op="+", left=Name(ident=word, subs=()), right=Number(value=1))):
                found.setdefault((binder.var, word), _size(binder, {}))
            case _:
                pass
    return found


def follows(end: Expr | None) -> str:
    """Return the word that a range ends with, as it stands or with a number added or taken off: t of 1..t-1."""
    match end:
        case Name(ident=word, subs=()) | Binary(op="+" | "-", left=Name(ident=word, subs=()), right=Number()):
            return word
        case _:
            return ""


def _range(context: Context, binder: ForBinder, domain: Range, scope: Mapping[str, Reach]) -> Reach:
    found = fault(domain)
    if found is not None:
        raise context.refuse(found)
    lo = None if domain.lo == Number(1, "1") else domain.lo
    span = binder.span or domain.span
    outer = scope.get(follows(domain.hi))
    if outer is not None:
        # Up to where another index stands, so along what that one runs over.
        return Reach(outer.node, lo, domain.hi, span)
    if moves(context.reader, domain.hi):
        # How far it goes differs from element to element: a part of what the letter runs over elsewhere.
        most = _at_most(context.reader, domain.hi)
        if most is not None:
            return Reach(_of_size(context.axes, most, binder), lo, domain.hi, span, moving=True)
        node = None if binder.var in context.ambiguous else context.letters.get(binder.var)
        node = node or context.axes.letter(binder.var)
        return Reach(node, lo, domain.hi, span, moving=True)
    moving = lo is not None and moves(context.reader, lo)
    whole = _size(binder, context.continued)
    if whole is not domain.hi and isinstance(domain.hi, Name):
        return Reach(sized(context.axes, whole, binder), lo, domain.hi, span, moving=moving)
    match domain.hi:
        case Number(value=int(last)):
            return Reach(context.axes.literal(binder.var, last, domain.origin), lo, domain.hi, span, moving=moving)
        case Binary(op="-", left=Name(subs=()) as size, right=Number(value=int())):
            return Reach(sized(context.axes, size, binder), lo, domain.hi, span, moving=moving)
        case _:
            return Reach(sized(context.axes, domain.hi, binder), lo, None, span, moving=moving)


def _at_most(reader: Reader, end: Expr) -> Expr | None:
    """Return what a range never goes beyond, K of ``1..min(t-1, K)``."""
    match end:
        case Apply(func="min" | "fmin", args=args):
            return next((arg.value for arg in args if not moves(reader, arg.value)), None)
        case _:
            return None


def _of_size(axes: Axes, size: Expr, binder: ForBinder) -> str:
    match size:
        case Number(value=int(last)):
            return axes.literal(binder.var, last)
        case _:
            return sized(axes, size, binder)


def moves(reader: Reader, end: Expr) -> bool:
    """Say whether where a range ends depends on an index."""
    return any(
        isinstance(node, Name) and (reader.subs(node)[1] or reader.is_index(node.ident))
        for node, _ in surface.walk(end)
    )


def mark_stops(draft: Draft, reader: Reader) -> None:
    """Note on every statement the letters whose ranges are not all of an index set, or are one that ends short.

    A vector that stops short of a size is all there is of it wherever it is used as a whole: ``c_k ~ Normal(0, 5) for
    k in 1..K-1``. A range that ends at a number is a part where other statements define further elements:
    ``a_j ~ Normal(0, 1) for j in 1..2`` beside ``a_3 = 0``.
    """
    for use in draft.names.values():
        items = [draft.items[number] for number in use.definitions]
        if len(items) == 1:
            (item,) = items
            short = {letter: (place, hi) for letter, place, hi in _ends(item) if _short(item, letter)}
            if short:
                least = min(_ranks(draft, reader, use), default=len(item.subs))
                item.stops = {letter: hi for letter, (place, hi) in short.items() if least <= place}
            continue
        for item in items:
            for letter, place, hi in _ends(item):
                last = max((_last(other, place) for other in items), default=0)
                if isinstance(hi, Number) and hi.value < last:
                    item.stops = {**item.stops, letter: Number(last, str(last), span=hi.span)}


def _ends(item: Item) -> Iterator[tuple[str, int, Expr]]:
    """Yield the letters on the left side of a statement that it gives ranges, with their places and where these end."""
    domains = {binder.var: binder.domain for binder in item.statement.clauses.binders}
    for place, sub in enumerate(item.subs):
        domain = domains.get(sub.ident) if isinstance(sub, Name) else None
        if isinstance(sub, Name) and isinstance(domain, Range):
            yield sub.ident, place, domain.hi


def _last(item: Item, place: int) -> int:
    """Return the last element that a definition covers along an axis, as far as a number says so, else 0."""
    sub = item.subs[place] if place < len(item.subs) else None
    ends = {at: hi for _, at, hi in _ends(item)}
    match ends.get(place, sub):
        case Number(value=int(last)):
            return last
        case _:
            return 0


def _ranks(draft: Draft, reader: Reader, use: NameUse) -> Iterator[int]:
    """Yield with how many subscripts a name is used."""
    for number in use.users:
        for node, _ in surface.walk(*surface.body(draft.items[number].statement)):
            if isinstance(node, Name) and reader.base(node) == use.name:
                yield len(reader.subs(node)[1])


def _short(item: Item, letter: str) -> bool:
    domain = next(binder.domain for binder in item.statement.clauses.binders if binder.var == letter)
    match domain:
        case Range(lo=Number(value=1), hi=Binary(op="-", left=Name(subs=()), right=Number(value=int(less)))):
            return less > 0
        case _:
            return False


def fault(domain: Range) -> Diagnostic | None:
    """Return what is wrong with a range whatever the data are (H17): its ends are whole numbers, and hold something."""
    for end in (domain.lo, domain.hi):
        if isinstance(end, Number) and not isinstance(end.value, int):
            return Diagnostic(
                "H17", "a range begins and ends at whole numbers", end.span or domain.span,
                "a whole number, written without a point or an exponent", f"`{surface.show(end)}`",
                f"write `{round(end.value)}`",
            )  # fmt: skip
    lo, hi = domain.lo, domain.hi
    if isinstance(hi, Number) and hi.value > LARGEST:
        return Diagnostic(
            "H17", "this range is too long", domain.span, f"an end of {LARGEST} or less", f"`{surface.show(domain)}`",
            "write how many members there are; each of them has to fit into memory",
        )  # fmt: skip
    if isinstance(hi, Number) and hi.value == 1 and not isinstance(lo, (Number, Unary)):
        return Diagnostic(
            "H17", "this range goes downwards", domain.span, "the smaller end first", f"`{surface.show(domain)}`",
            f"write `1..{surface.show(lo)}`; what a recursion needs tells the order in which it is gone through",
        )  # fmt: skip
    if isinstance(hi, Number) and hi.value < (lo.value if isinstance(lo, Number) else 1):
        return Diagnostic(
            "H17", "this range is empty", domain.span, "a range that holds something", f"`{surface.show(domain)}`",
            f"write the smaller end first: `{surface.show(hi)}..{surface.show(lo)}`" if hi.value >= 1
            else "end it at 1 or later",
        )  # fmt: skip
    return None


def begins(domain: Name | Range) -> int | None:
    """Return the number that a range begins at, None where it is no number."""
    match domain:
        case Range(lo=Number(value=int(first))):
            return first
        case Range(lo=Unary(op="-", arg=Number(value=int(first)))):
            return -first
        case _:
            return None


def counts_from_elsewhere(statements: Iterable[Statement], declared: Iterable[IndexDecl], reader: Reader) -> bool:
    """Say whether a range begins, or an element on a left side stands, below 1."""
    domains = [item.binder.domain for item in declared]
    for statement in statements:
        domains += [binder.domain for binder in statement.clauses.binders]
        lhs = surface.target(statement)
        if lhs is not None and any(isinstance(sub, Number) and sub.value < 1 for sub in reader.subs(lhs)[1]):
            return True
        for node, _ in surface.walk(*surface.body(statement)):
            if isinstance(node, Comprehension):
                domains += [binder.domain for binder in node.binders]
    return any((first := begins(domain)) is not None and first < 1 for domain in domains)


def check_ranges(domains: Iterable[Range | Name], diagnostics: Diagnostics) -> None:
    """Report every range that `fault` finds fault with."""
    diagnostics.extend(found for domain in domains if isinstance(domain, Range) and (found := fault(domain)))


def sized(axes: Axes, size: Expr, binder: ForBinder) -> str:
    """Return the node of the index set 1..`size`, which the letter of `binder` runs over."""
    node = axes.sized(size, binder.span, _origin(binder))
    _name(axes, node, binder.var)
    return node


def _origin(binder: ForBinder) -> int:
    return binder.domain.origin if isinstance(binder.domain, Range) else 1


def _name(axes: Axes, node: str, letter: str) -> None:
    letters = axes.facts(node).letters
    if letter not in letters:
        letters.append(letter)


def declare(axes: Axes, declaration: IndexDecl) -> str:
    """Return the node that a letter stands for wherever no statement says otherwise: ``i in schools``."""
    binder = declaration.binder
    match binder.domain:
        case Name(ident=ident):
            node = axes.named(ident, declaration.span or binder.span)
        case Range(hi=Number() as size):
            node = axes.fresh(letter=binder.var)
            axes.facts(node).size, axes.facts(node).span = size, binder.span
            axes.facts(node).first = _origin(binder)
        case Range(hi=size):
            node = axes.sized(size, binder.span, _origin(binder))
    _name(axes, node, binder.var)
    return node


def letter_nodes(
    axes: Axes,
    declared: Iterable[IndexDecl],
    binders: Iterable[ForBinder],
    goes_on: Mapping[tuple[str, str], Expr],
    reader: Reader,
) -> tuple[dict[str, str], set[str]]:
    """Return what each letter stands for where a statement does not say, and the letters that have no one meaning.

    A letter stands for what it is declared to; else for what all statements that bind it agree on. Ranges that move
    with another index are parts of it.
    """
    nodes = {item.binder.var: declare(axes, item) for item in declared}
    stated: dict[str, dict[object, ForBinder]] = {}
    for binder in binders:
        if binder.var not in nodes and not (isinstance(binder.domain, Range) and moves(reader, binder.domain.hi)):
            stated.setdefault(binder.var, {}).setdefault(_key(binder, goes_on), binder)
    ambiguous = {letter for letter, found in stated.items() if len(found) > 1}
    for letter, found in stated.items():
        (key, binder), *others = found.items()
        if others:
            continue
        match key:
            case Number(value=int(last)):
                nodes[letter] = axes.literal(letter, last, _origin(binder))
            case str():
                nodes[letter] = axes.named(key, binder.span)
            case _:
                nodes[letter] = sized(axes, _size(binder, goes_on), binder)
    return nodes, ambiguous


def _key(binder: ForBinder, goes_on: Mapping[tuple[str, str], Expr]) -> str | Expr:
    return binder.domain.ident if isinstance(binder.domain, Name) else _size(binder, goes_on)


def _size(binder: ForBinder, goes_on: Mapping[tuple[str, str], Expr]) -> Expr:
    assert isinstance(binder.domain, Range)
    match binder.domain.hi:
        case Name(ident=word, subs=()) if (binder.var, word) in goes_on:
            return goes_on[binder.var, word]
        case Binary(op="-", left=Name(subs=()) as size, right=Number(value=int())):
            return size
        case hi:
            return hi


def last_position(run: Reach) -> tuple[int, int | None]:
    """Return where a reach ends: how far past the end of its set, or at which number."""
    match run.hi:
        case Number(value=int(last)):
            return 0, last
        case Binary(op="-", right=Number(value=int(less))):
            return -less, None
        case Binary(op="+", right=Number(value=int(more))):
            return more, None
        case _:
            return 0, None
