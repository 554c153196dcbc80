"""Several names with one joint distribution: ``(a_g, b_g) ~ MultiNormal(...)``.

The vector of them is an unknown of its own, ``a_b_joint``, and each name is an element of it. Programs then hold an
array of vectors, which densities of vectors take whole. Where the names are data, the vector is put together from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hiercomp.model import surface
from hiercomp.model.letters import Reader
from hiercomp.model.merge import Entry
from hiercomp.records import replace
from hiercomp.syntax.ast import (
    Apply,
    Arg,
    Clauses,
    Define,
    Expr,
    ExprPiece,
    Name,
    Number,
    Random,
    Statement,
    VectorLiteral,
)
from hiercomp.syntax.tokens import LINKS

SUFFIX = "joint"


def apart(statements: Sequence[Statement], reader: Reader) -> tuple[Statement, ...]:
    """Return the statements with each that is about several names in a list as one about their vector, and the
    definitions of the names, by their links where the list has those: ``(log(a_g), log(b_g))``. A list of anything but
    names with the same indices is left as it is: a soft constraint."""
    found: list[Statement] = []
    for statement in statements:
        made = _apart(statement, statements, reader) if isinstance(statement, Random) else None
        found += made or [statement]
    return tuple(found)


def _apart(statement: Random, statements: Sequence[Statement], reader: Reader) -> list[Statement] | None:
    if not isinstance(statement.lhs, VectorLiteral):
        return None
    items = [pair for item in statement.lhs.items if (pair := _linked(item)) is not None]
    read = [reader.subs(name) for _, name in items]
    alike = {tuple(surface.show(sub) for sub in subs) for _, subs in read}
    bases = [base for base, _ in read]
    if len(items) < len(statement.lhs.items) or len(alike) != 1 or len(set(bases)) < len(bases):
        return None
    linked = {base for (link, _), base in zip(items, bases, strict=True) if link}
    if linked and not linked.isdisjoint(_targets(statements, reader)):
        return None
    subs = read[0][1]
    words = [f"{link}_{base}" if link else base for (link, _), base in zip(items, bases, strict=True)]
    whole = "_".join((*words, SUFFIX))
    clauses = Clauses(binders=statement.clauses.binders)
    lhs = Name(whole, subs, statement.lhs.span)
    if reader.columns.issuperset(bases):
        value = ExprPiece(statement.lhs, None, statement.lhs.span)
        vector = Define(lhs, (value,), clauses, section=statement.section, span=statement.span)
        return [vector, replace(statement, lhs=lhs)]
    defined = [
        Define(
            replace(name, ident=base, subs=subs),
            (ExprPiece(Name(whole, (*subs, Number(place, str(place), span=name.span)), name.span), None, name.span),),
            clauses,
            link=link,
            section=statement.section,
            span=statement.span,
        )
        for place, ((link, name), base) in enumerate(zip(items, bases, strict=True), start=1)
    ]
    return [replace(statement, lhs=lhs), *defined]


def _linked(item: Expr) -> tuple[str, Name] | None:
    """Return a name and the link that it stands in, if it does; None for other expressions."""
    match item:
        case Name():
            return "", item
        case Apply(func=link, args=(Arg(value=Name() as name),)) if link in LINKS:
            return link, name
        case _:
            return None


def _targets(statements: Iterable[Statement], reader: Reader) -> set[str]:
    targets = (surface.target(statement) for statement in statements)
    return {reader.base(name) for name in targets if name is not None}


def observed(entries: Sequence[Entry], reader: Reader) -> tuple[Entry, ...]:
    """Return the statements of a model without data with the vectors of names on which nothing depends put together
    from these: they are what was observed."""
    found = list(entries)
    for entry in entries:
        match entry.statement:
            case Random(lhs=Name(ident=whole) as lhs) as statement if whole.endswith(f"_{SUFFIX}"):
                parts = [item for item in entries if _is_part(item, whole)]
                roots = [root for item in entries for root in surface.body(item.statement)]
                used = {reader.base(node) for node, _ in surface.walk(*roots) if isinstance(node, Name)}
                if not parts or used & {item.name for item in parts}:
                    continue
                items = tuple(_item(part, lhs) for part in parts)
                value = ExprPiece(VectorLiteral(items, lhs.span), None, lhs.span)
                clauses = Clauses(binders=statement.clauses.binders)
                vector = Define(lhs, (value,), clauses, section=statement.section, span=statement.span)
                found.insert(found.index(entry), Entry(vector, entry.name, entry.own))
                found = [item for item in found if all(item is not part for part in parts)]
            case _:
                pass
    return tuple(found)


def _item(part: Entry, like: Name) -> Expr:
    """Return what stood in the list for a name that is defined by its vector."""
    name = replace(like, ident=part.name or "")
    link = part.statement.link if isinstance(part.statement, Define) else ""
    return Apply(link, (Arg(name, None, like.span),), like.span, like.span) if link else name


def _is_part(entry: Entry, whole: str) -> bool:
    match entry.statement:
        case Define(pieces=(ExprPiece(value=Name(ident=ident, subs=(*_, Number()))),)):
            return ident == whole
        case _:
            return False
