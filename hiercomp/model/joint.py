"""Several names with one joint distribution: ``(a_g, b_g) ~ MultiNormal(...)``.

The vector of them is an unknown of its own, ``a_b_joint``, and each name is an element of it. Programs then hold an
array of vectors, which densities of vectors take whole. Where the names are data, the vector is put together from them.
"""

from __future__ import annotations

from collections.abc import Iterable

from hiercomp.model import surface
from hiercomp.model.letters import Reader
from hiercomp.records import replace
from hiercomp.syntax.ast import Clauses, Define, ExprPiece, Name, Number, Random, Statement, VectorLiteral


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
    whole = "_".join((*bases, "joint"))
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
