"""One name defined over several ranges: do they overlap, do they leave a gap, and what may a recursion look back at."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hiercomp.diagnostics import Diagnostic, Diagnostics, Label
from hiercomp.model import surface
from hiercomp.model.draft import Draft, Item, NameUse
from hiercomp.model.letters import Reader
from hiercomp.records import record
from hiercomp.source import Span
from hiercomp.syntax.ast import Binary, Comprehension, Define, Expr, Name, Number, Random, Range, Statement


@record
class Region:
    """The part of one axis that a definition covers, counted from 1; `less` is how much short of the end it stops.

    Where a name says how far it goes: `upto` is the name that it ends with, `after` the one behind which it begins,
    `short` the one that it stops `less` elements short of. `last` is the name that picks its one element, as in `a[K]`.
    `vague`: where it begins is written otherwise than as a number.
    """

    lo: float
    hi: float
    less: int = 0
    upto: str = ""
    after: str = ""
    short: str = ""
    last: str = ""
    vague: bool = False

    @property
    def whole(self) -> bool:
        return self.lo == 1 and math.isinf(self.hi) and not self.less and not self.vague and not self.last

    def apart(self, other: Region) -> bool:
        if self.hi < other.lo or other.hi < self.lo:
            return True
        return any(
            (one.upto and one.upto == two.after)
            or (one.last and (two.lo == two.hi or (two.less and two.short == one.last)))
            for one, two in ((self, other), (other, self))
        )


def regions(item: Item) -> tuple[Region, ...]:
    """Return what a definition covers along each of its axes."""
    binders = {binder.var: binder.domain for binder in item.statement.clauses.binders}
    found: list[Region] = []
    for sub in item.subs:
        match sub:
            case Number(value=value):
                found.append(Region(value, value))
            case Name(ident=letter) if letter in item.stops and not isinstance(item.stops[letter], Number):
                found.append(Region(1, math.inf))  # all of a set of its own
            case Name(ident=word, subs=()) if word not in binders and word not in item.free:
                found.append(Region(1, math.inf, last=word))
            case Name(ident=letter):
                found.append(_of_range(binders.get(letter)))
            case _:
                found.append(Region(1, math.inf))
    return tuple(found)


def _of_range(domain: Name | Range | None) -> Region:
    if not isinstance(domain, Range):
        return Region(1, math.inf)
    lo = domain.lo.value if isinstance(domain.lo, Number) else 1
    match domain.lo:
        case Binary(op="+", left=Name(ident=after, subs=()), right=Number(value=1)):
            pass
        case _:
            after = ""
    vague = not isinstance(domain.lo, Number)
    match domain.hi:
        case Number(value=value):
            # A range that starts at 1 is the whole set as far as the text can tell.
            return Region(lo, value, vague=vague)
        case Binary(op="-", left=Name(ident=short), right=Number(value=int(less))):
            return Region(lo, math.inf, less, after=after, short=short, vague=vague)
        case Name(ident=word, subs=()):
            return Region(lo, math.inf, upto=word, after=after, vague=vague)
        case _:
            return Region(lo, math.inf, after=after, vague=vague)


def check_definitions(draft: Draft, diagnostics: Diagnostics) -> set[str]:
    """Report names that are defined twice over (H3), and return them."""
    faulty: set[str] = set()
    for use in draft.names.values():
        if len(use.definitions) < 2:
            continue
        items = [draft.items[number] for number in use.definitions]
        kinds = {type(item.statement) for item in items}
        ranks = {len(item.subs) for item in items}
        mixed = len(kinds) > 1 and not is_partly_fixed(items)
        if mixed or len(ranks) > 1 or 0 in ranks:
            _twice(use, items[0], items[1], diagnostics)
            faulty.add(use.name)
            continue
        covered = sorted(
            ((regions(item), n) for n, item in enumerate(items)), key=lambda pair: (pair[0][0].lo, pair[1])
        )
        active: list[tuple[tuple[Region, ...], int]] = []
        for region, number in covered:
            active = [(other, n) for other, n in active if not other[0].apart(region[0])]
            clash = next((n for other, n in active if not any(map(Region.apart, other, region))), None)
            if clash is not None:
                first, second = sorted((clash, number))
                _twice(use, items[first], items[second], diagnostics)
                faulty.add(use.name)
                break
            active.append((region, number))
    return faulty


def is_partly_fixed(items: Sequence[Item]) -> bool:
    """Say whether statements about one name define some elements and give the others distributions."""
    random = [item for item in items if isinstance(item.statement, Random)]
    return 0 < len(random) < len(items) and all(len(item.subs) == len(random[0].subs) > 0 for item in items)


def _twice(use: NameUse, first: Item, second: Item, diagnostics: Diagnostics) -> None:
    diagnostics.add(
        Diagnostic(
            "H3",
            f"`{use.name}` is defined twice",
            _target_span(second),
            "one definition of each name, or of each range of its index",
            f"a second definition of `{use.name}`",
            help=_transformed(first, second)
            or "leave one out; over parts of an index, give each its range: `for t in 2..T`",
            secondary=(Label(span, "the first"),) if (span := _target_span(first)) is not None else (),
        )
    )


def _transformed(*items: Item) -> str:
    """Return what to do about a definition and a distribution of one name."""
    computed = next((item.statement for item in items if isinstance(item.statement, Define)), None)
    if computed is None or not any(isinstance(item.statement, Random) for item in items):
        return ""
    if any(region.last for item in items for region in regions(item)):
        return ""  # what is computed is meant to be one more element
    value = computed.pieces[0].value
    given = "leave one out"
    match value:
        case Binary(op="-", left=Name() as left, right=right):
            given = f"give it to `{surface.show(left)}`, around `{surface.show(right)}`"
        case _:
            pass
    return (
        f"only what is computed from data alone may have a distribution too; else {given}, or constrain the "
        f"expression: `{surface.show(value)} ~ ...`"
    )


def _target_span(item: Item) -> Span | None:
    return surface.where(surface.target(item.statement), item.span)


def check_recursion(draft: Draft, reader: Reader, given: set[str], diagnostics: Diagnostics) -> set[str]:
    """Report names that need themselves other than through earlier elements (H4), and return them.

    Of names in `given` (data, observed or not) every element is there from the start; only none can need itself,
    but whether there is anything to be said of it (``y_i ~ ... if y_i >= 0``).
    """
    faulty: set[str] = set()
    for item in draft.items:
        if item.name is None or item.name not in item.uses or item.name in faulty:
            continue
        covered = regions(item)
        held = item.statement.pieces[0].condition if isinstance(item.statement, Random) else None
        parts = surface.body(item.statement)
        if item.name in given and len(surface.pieces(item.statement)) == 1:
            parts = [part for part in parts if part is not held]
        for node, _ in surface.walk(*parts):
            if not isinstance(node, Name) or reader.base(node) != item.name:
                continue
            _, subs = reader.subs(node)
            if item.name in given and subs != item.subs:
                continue
            if len(subs) <= len(item.subs) and any(
                earlier(sub, own, region, reader) or _before(sub, region, parts)
                for sub, own, region in zip(subs, item.subs, covered, strict=False)
            ):
                continue
            faulty.add(item.name)
            diagnostics.add(
                Diagnostic(
                    "H4",
                    f"`{item.name}` needs itself",
                    node.span,
                    "a definition in terms of other quantities, or of earlier elements",
                    f"`{surface.show(node)}` on the right side",
                    _order(item, reader),
                    secondary=(Label(span, "its definition"),) if (span := _target_span(item)) is not None else (),
                )
            )
            break
    return faulty


def _before(sub: Expr, region: Region, parts: Sequence[Expr]) -> bool:
    """Say whether a subscript is bound by ranges that stop short of the last element, which is defined."""
    if not region.last or not isinstance(sub, Name):
        return bool(region.last) and isinstance(sub, Number)
    ends = [
        binder.domain.hi if isinstance(binder.domain, Range) else None
        for node, _ in surface.walk(*parts)
        if isinstance(node, Comprehension)
        for binder in node.binders
        if binder.var == sub.ident
    ]
    return bool(ends) and all(
        isinstance(end, Binary) and end.op == "-" and end.left == Name(region.last) for end in ends
    )


def _order(item: Item, reader: Reader) -> str:
    """Say what a recursion needs that has none of it."""
    if looks_ahead(item.statement, reader):
        return (
            f"give its last element a definition, `{item.name}[T] = ...`, and the others a range: "
            f"`{item.name}_t = ... {item.name}_{{t+1}} ... for t in 1..T-1`"
        )
    return f"a recursion looks back: `{item.name}_t = ... {item.name}_{{t-1}} ... for t in 2..T`"


def looks_ahead(statement: Statement, reader: Reader) -> tuple[int, str] | None:
    """Return the axis and the letter along which a definition needs later elements of its own name."""
    if not isinstance(statement, Define):
        return None
    base, own = reader.subs(statement.target)
    if not own:
        return None
    for node, _ in surface.walk(*surface.body(statement)):
        if not isinstance(node, Name) or reader.base(node) != base:
            continue
        for at, (sub, left) in enumerate(zip(reader.subs(node)[1], own, strict=False)):
            match sub:
                case Binary(op="+", left=Name(subs=()) as letter, right=Number(value=int())) if letter == left:
                    return at, letter.ident
                case _:
                    pass
    return None


def earlier(sub: Expr, own: Expr, region: Region, reader: Reader) -> bool:
    """Say whether a subscript is sure to be less than that of the element that is defined."""
    match sub:
        case Binary(op="-", left=Name() as left, right=Name(ident=by, subs=())):
            return left == own and reader.is_index(by)
        case Binary(op="-", left=Name() as left, right=Number(value=int(step))):
            return left == own and step > 0
        case Number(value=value):
            return value < region.lo
        case _:
            return False


def check_gaps(item_regions: list[tuple[Region, ...]], lengths: list[int | None]) -> bool:
    """Say whether definitions that do not overlap cover the whole array, as far as its lengths are known."""
    if any(all(map(_covers, each, lengths)) for each in item_regions):
        return True
    if all(length is not None for length in lengths):
        known = [length for length in lengths if length is not None]
        return sum(_volume(each, known) for each in item_regions) == math.prod(known)
    if len(lengths) > 1:
        return len(item_regions) > 1
    reached, short = 0.0, 0
    for (region,) in sorted(item_regions, key=lambda each: (bool(each[0].last), each[0].lo)):
        if region.last:
            reached = math.inf if short == 1 else reached
            continue
        if region.lo > reached + 1:
            return False
        short = region.less
        reached = region.hi - region.less if math.isfinite(region.hi) or region.less == 0 else -1
    return math.isinf(reached) or all(math.isfinite(each[0].hi) for each in item_regions)


def _covers(region: Region, length: int | None) -> bool:
    if region.last:
        return False
    return region.whole or (length is not None and region.lo == 1 and not region.less and region.hi >= length)


def _volume(each: tuple[Region, ...], lengths: list[int]) -> int:
    volume = 1
    for region, length in zip(each, lengths, strict=True):
        if region.last:
            continue
        last = length - region.less if math.isinf(region.hi) else min(int(region.hi), length)
        volume *= max(0, last - int(region.lo) + 1)
    return volume
