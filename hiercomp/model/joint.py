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
from hiercomp.syntax.ast import Clauses, Define, ExprPiece, Name, Number, Random, Statement, VectorLiteral

SUFFIX = "joint"


def apart(statements: Iterable[Statement], reader: Reader) -> tuple[Statement, ...]:
    """Return the statements with each that is about several names in a list as one about their vector, and the
    definitions of the names. A list of anything but names with the same indices is left as it is: a soft constraint."""
    found: list[Statement] = []
    for statement in statements:
        made = _apart(statement, reader) if isinstance(statement, Random) else None
        found += made or [statement]
    return tuple(found)


def _apart(statement: Random, reader: Reader) -> list[Statement] | None:
    if not isinstance(statement.lhs, VectorLiteral):
        return None
    names = [item for item in statement.lhs.items if isinstance(item, Name)]
    read = [reader.subs(name) for name in names]
    alike = {tuple(surface.show(sub) for sub in subs) for _, subs in read}
    bases = [base for base, _ in read]
    if len(names) < len(statement.lhs.items) or len(alike) != 1 or len(set(bases)) < len(bases):
        return None
    subs = read[0][1]
    whole = "_".join((*bases, SUFFIX))
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
            section=statement.section,
            span=statement.span,
        )
        for place, (name, base) in enumerate(zip(names, bases, strict=True), start=1)
    ]
    return [replace(statement, lhs=lhs), *defined]


def observed(entries: Sequence[Entry], reader: Reader) -> tuple[Entry, ...]:
    """Return the statements of a model without data with the vectors of names on which nothing depends put together
    from these: they are what was observed."""
    found = list(entries)
    for entry in entries:
        match entry.statement:
            case Random(lhs=Name(ident=whole, subs=subs) as lhs) as statement if whole.endswith(f"_{SUFFIX}"):
                parts = [item for item in entries if _is_part(item, whole)]
                roots = [root for item in entries for root in surface.body(item.statement)]
                used = {reader.base(node) for node, _ in surface.walk(*roots) if isinstance(node, Name)}
                if not parts or used & {item.name for item in parts}:
                    continue
                names = tuple(replace(lhs, ident=part.name or "", subs=subs) for part in parts)
                value = ExprPiece(VectorLiteral(names, lhs.span), None, lhs.span)
                clauses = Clauses(binders=statement.clauses.binders)
                vector = Define(lhs, (value,), clauses, section=statement.section, span=statement.span)
                found.insert(found.index(entry), Entry(vector, entry.name, entry.own))
                found = [item for item in found if all(item is not part for part in parts)]
            case _:
                pass
    return tuple(found)


def _is_part(entry: Entry, whole: str) -> bool:
    match entry.statement:
        case Define(pieces=(ExprPiece(value=Name(ident=ident, subs=(*_, Number()))),)):
            return ident == whole
        case _:
            return False
