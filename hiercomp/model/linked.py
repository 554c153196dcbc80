"""Distributions of what is computed: of the logit of an unknown, of the logarithm of data.

``logit(p_j) ~ Normal(m, s)`` says that the logit of `p` is normal: the unknown is the logit, called ``logit_p``,
and `p` is defined by it, so that no Jacobian is left to anybody. If `p` are data, or if data were transformed before
(``z_i = log(y_i)``, ``z_i ~ Normal(m, s)``), the transformed data are what was observed.
"""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.model import surface
from hiercomp.model.binding import Binding
from hiercomp.model.letters import Reader
from hiercomp.model.merge import Entry
from hiercomp.records import replace
from hiercomp.syntax.ast import Apply, Clauses, Define, Expr, ExprPiece, Name, Random, Unary
from hiercomp.syntax.tokens import LINKS


def of_transformed(entries: Sequence[Entry], binding: Binding, reader: Reader) -> tuple[Entry, ...]:
    """Return the statements with distributions of transformed quantities put in terms of names for these."""
    found: list[Entry] = []
    defined = {entry.name for entry in entries if isinstance(entry.statement, Define)}
    for entry in entries:
        match entry.statement:
            case Random(lhs=Apply(func=link, args=(arg,)) as lhs) as statement if link in LINKS:
                if isinstance(arg.value, Name) and not _defines(entries, reader.base(arg.value)):
                    found += _through_link(entries, binding, reader, entry, statement, lhs, arg.value)
                    continue
            case Random(lhs=Name() as lhs) as statement if entry.name in defined:
                if _is_computed(entries, binding, reader, lhs):
                    found.append(Entry(replace(statement, lhs=outcome(lhs)), None, entry.own))
                    continue
            case _:
                pass
        found.append(entry)
    return tuple(found)


def outcome(name: Name) -> Unary:
    """Return computed data as the left side of a statement, which does not define them."""
    return Unary("+", name, name.span)


def _through_link(
    entries: Sequence[Entry],
    binding: Binding,
    reader: Reader,
    entry: Entry,
    statement: Random,
    lhs: Apply,
    inner: Name,
) -> list[Entry]:
    base, subs = reader.subs(inner)
    taken = {other.name for other in entries} | set(binding.names())
    wanted = f"{lhs.func}_{base}"
    name = Name(wanted if wanted not in taken else f"{lhs.func}_of_{base}", subs, inner.span)
    # Where it counts, the ranges are stated once more: a definition has its own.
    clauses = Clauses(binders=statement.clauses.binders)
    if _is_data(entries, binding, reader, base):
        define = Define(name, (ExprPiece(lhs),), clauses, section=statement.section, span=statement.span)
        random = replace(statement, lhs=outcome(name))
        return [Entry(define, name.ident, entry.own), Entry(random, None, entry.own)]
    random = replace(statement, lhs=name)
    define = Define(inner, (ExprPiece(name),), clauses, link=lhs.func, section=statement.section, span=statement.span)
    return [Entry(random, name.ident, entry.own), Entry(define, base, entry.own)]


def _defines(entries: Sequence[Entry], base: str) -> bool:
    return any(entry.name == base for entry in entries)


def _is_data(entries: Sequence[Entry], binding: Binding, reader: Reader, base: str) -> bool:
    """Say whether a name without a statement of its own is data: bound, or used by nothing where nothing is bound."""
    if binding.bound:
        return base in binding
    uses = sum(base in _uses(entry, reader) for entry in entries)
    return uses < 2  # the statement at hand is one of them


def _is_computed(entries: Sequence[Entry], binding: Binding, reader: Reader, lhs: Name) -> bool:
    """Say whether a name with a distribution is also defined, the same elements of it by data alone."""
    name, subs = reader.subs(lhs)
    defined = [entry.statement for entry in entries if entry.name == name and isinstance(entry.statement, Define)]
    ranks = [len(reader.subs(one.target)[1]) for one in defined]
    # A definition of the whole array has no index: `z = log(y)`, `z_i ~ Normal(m, s)`.
    if not ranks or any(rank not in (0, len(subs)) for rank in ranks):
        return False
    if any(not _is_letter(sub, reader) for one in defined for sub in reader.subs(one.target)[1]):
        return False  # some elements are defined, others have the distribution
    wanted, seen = [name], {name}
    while wanted:
        current = wanted.pop()
        about = [entry for entry in entries if entry.name == current]
        if any(isinstance(entry.statement, Random) for entry in about) and current != name and current not in binding:
            return False
        if binding.bound and not about and current not in binding and not _is_size(current):
            return False
        if current in binding:
            continue
        for entry in about:
            if isinstance(entry.statement, Define):
                fresh = _uses(entry, reader) - seen
                seen |= fresh
                wanted += fresh
    return True


def _is_letter(sub: Expr, reader: Reader) -> bool:
    return isinstance(sub, Name) and reader.is_index(sub.ident)


def _is_size(name: str) -> bool:
    """Say whether a name reads like a size, which lengths of data tell."""
    return name[:1].isupper()


def _uses(entry: Entry, reader: Reader) -> set[str]:
    roots = [*surface.body(entry.statement), *surface.ranges(entry.statement)]
    names = (node for node, _ in surface.walk(*roots) if isinstance(node, Name))
    return {base for node in names if not reader.is_index(base := reader.base(node))}
