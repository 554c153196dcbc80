"""Recursions that begin at the end: ``chi[T] = 1`` with ``chi_t = f(chi_{t+1}) for t in 1..T-1``.

They are recursions forwards of the elements in reverse order. So ``chi_backwards`` is defined, whose first element is
the last one of ``chi``, and ``chi`` by it; later layers know recursions of one direction only.
"""

from __future__ import annotations

from collections.abc import Iterable

from hiercomp.model.letters import Reader
from hiercomp.model.merge import Entry
from hiercomp.model.origins import EXPRESSIONS, add
from hiercomp.model.regions import looks_ahead
from hiercomp.model.substitution import Substitution, changed
from hiercomp.records import record, replace
from hiercomp.syntax.ast import Binary, Clauses, Define, Expr, ExprPiece, ForBinder, Name, Number, Range
from hiercomp.syntax.walk import expressions, mentioned


@record
class _Turned:
    """A name that is computed backwards along one axis, by the letter `var`, from its element `last` on."""

    name: str
    axis: int
    var: str
    last: Expr
    made: str


def forwards(entries: tuple[Entry, ...], reader: Reader) -> tuple[Entry, ...]:
    """Return the statements with recursions that look ahead as such that look back.

    What looks ahead without an end that is given stays as it is, to be refused.
    """
    used = {node.ident for entry in entries for node in mentioned(expressions(entry.statement))}
    names = dict.fromkeys(entry.name for entry in entries if _ahead(entry, reader) is not None)
    for name in filter(None, names):
        own = [entry for entry in entries if entry.name == name]
        turned = _turned(name, own, reader, used)
        if turned is None:
            continue
        reader.indexed |= {turned.made}
        found: list[Entry] = []
        for entry in entries:
            if entry.name != name:
                found.append(entry)
                continue
            found.append(_reversed(entry, turned, reader))
            if entry is own[-1]:
                found.append(_whole(entry, turned, reader))
        entries = tuple(found)
    return entries


def _ahead(entry: Entry, reader: Reader) -> tuple[int, str] | None:
    return looks_ahead(entry.statement, reader)


def _turned(name: str, own: list[Entry], reader: Reader, used: Iterable[str]) -> _Turned | None:
    if not all(isinstance(entry.statement, Define) for entry in own):
        return None
    along = {ahead for entry in own if (ahead := _ahead(entry, reader)) is not None}
    if len(along) != 1:
        return None
    ((axis, var),) = along
    ends = [end for entry in own if _ahead(entry, reader) is None and (end := _end(entry, axis, reader)) is not None]
    if not ends or not all(_stated(entry, axis, var, reader) for entry in own):
        return None
    last = max(ends, key=lambda end: end.value if isinstance(end, Number) else 0)
    made = f"{name}_backwards"
    while made in used:
        made += "_"
    return _Turned(name, axis, var, last, made.replace("__", "_again_"))


def _stated(entry: Entry, axis: int, var: str, reader: Reader) -> bool:
    """Say whether the place of what an entry defines along an axis is known: an element, or a range."""
    assert isinstance(entry.statement, Define)
    subs = reader.subs(entry.statement.target)[1]
    if len(subs) <= axis:
        return False
    sub = subs[axis]
    if not isinstance(sub, Name) or not reader.is_index(sub.ident):
        return True
    return sub.ident == var and any(
        binder.var == var and isinstance(binder.domain, Range) for binder in entry.statement.clauses.binders
    )


def _end(entry: Entry, axis: int, reader: Reader) -> Expr | None:
    """Return the last element that an entry defines along an axis."""
    assert isinstance(entry.statement, Define)
    subs = reader.subs(entry.statement.target)[1]
    sub = subs[axis] if axis < len(subs) else None
    if isinstance(sub, Name) and reader.is_index(sub.ident):
        domains = [binder.domain for binder in entry.statement.clauses.binders if binder.var == sub.ident]
        return domains[0].hi if domains and isinstance(domains[0], Range) else None
    return sub


def _mirror(place: Expr, last: Expr) -> Expr:
    """Return where an element stands in reverse order: `last + 1 - place`."""
    if place == last:
        return Number(1, "1")
    match place, last:
        case Number(value=int(here)), Number(value=int(end)):
            return Number(end + 1 - here, str(end + 1 - here))
        case Binary(op="-", left=left, right=Number(value=int(less))), _ if left == last:
            return Number(1 + less, str(1 + less))
        case Number(value=int(here)), _:
            return add(last, 1 - here)
        case _:
            return Binary("-", add(last, 1), place)


def _reversed(entry: Entry, turned: _Turned, reader: Reader) -> Entry:
    """Return a definition of elements of a name as one of the same elements in reverse order."""
    statement = entry.statement
    assert isinstance(statement, Define)
    here = Substitution({turned.var: _mirror(Name(turned.var), turned.last)}, reader, frozenset())
    there = _Elements(turned, reader, here)
    subs = list(reader.subs(statement.target)[1])
    sub = subs[turned.axis]
    if not isinstance(sub, Name) or sub.ident != turned.var:
        subs[turned.axis] = _mirror(sub, turned.last)
    binders: list[ForBinder] = []
    for binder in statement.clauses.binders:
        domain = binder.domain
        if binder.var == turned.var and isinstance(domain, Range):
            lo, hi = domain.lo, domain.hi
            if isinstance(hi, Number) and hi.value == 1 and lo != hi:
                # People write the range in the order in which it is gone through.
                lo, hi = hi, lo
            domain = replace(domain, lo=_mirror(hi, turned.last), hi=_mirror(lo, turned.last))
        binders.append(replace(binder, domain=domain))
    pieces = tuple(
        replace(
            piece,
            value=there.expr(piece.value),
            condition=there.expr(piece.condition) if isinstance(piece.condition, EXPRESSIONS) else piece.condition,
        )
        for piece in statement.pieces
    )
    target = Name(turned.made, tuple(subs), statement.target.span)
    clauses = replace(statement.clauses, binders=tuple(binders))
    return replace(entry, statement=replace(statement, target=target, pieces=pieces, clauses=clauses), name=turned.made)


class _Elements:
    """Expressions in which later elements of a name become earlier ones of the same in reverse order."""

    def __init__(self, turned: _Turned, reader: Reader, here: Substitution) -> None:
        self._turned, self._reader, self._here = turned, reader, here

    def expr(self, node: Expr) -> Expr:
        turned = self._turned
        if isinstance(node, Name) and self._reader.base(node) == turned.name:
            subs = list(self._reader.subs(node)[1])
            match subs[turned.axis] if len(subs) > turned.axis else None:
                case Binary(op="+", left=Name(subs=()) as left, right=Number() as step) if left.ident == turned.var:
                    subs[turned.axis] = Binary("-", left, step, node.span)
                    return Name(turned.made, tuple(subs), node.span)
                case _:
                    return self._here.expr(node)
        if isinstance(node, Name):
            return self._here.expr(node)
        return changed(node, self.expr)


def _whole(entry: Entry, turned: _Turned, reader: Reader) -> Entry:
    """Return the definition of a name by its elements in reverse order."""
    statement = entry.statement
    assert isinstance(statement, Define)
    subs = list(reader.subs(statement.target)[1])
    subs[turned.axis] = Name(turned.var)
    there = [*subs]
    there[turned.axis] = _mirror(Name(turned.var), turned.last)
    binder = ForBinder(turned.var, Range(Number(1, "1"), turned.last), statement.span)
    others = tuple(item for item in statement.clauses.binders if item.var != turned.var)
    value = ExprPiece(Name(turned.made, tuple(there), statement.target.span), None, statement.span)
    made = Define(
        target=Name(turned.name, tuple(subs), statement.target.span),
        pieces=(value,),
        clauses=Clauses(binders=(*others, binder)),
        section=statement.section,
        span=statement.span,
    )
    return replace(entry, statement=made)
