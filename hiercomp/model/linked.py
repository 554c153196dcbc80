"""Distributions of what is computed: of the logit of an unknown, of the logarithm of data.

``logit(p_j) ~ Normal(m, s)`` says that the logit of `p` is normal: the unknown is the logit, called ``logit_p``,
and `p` is defined by it, so that no Jacobian is left to anybody. So is what has a power with a distribution of positive
numbers, ``sigma^2 ~ Inverse-Gamma(a, b)``. If `p` are data, or if data were transformed before (``z_i = log(y_i)``,
``z_i ~ Normal(m, s)``), the transformed data are what was observed.
"""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.catalog import find_distribution
from hiercomp.expr import Const, Ref
from hiercomp.model import surface
from hiercomp.model.binding import Binding
from hiercomp.model.draft import discrete_row
from hiercomp.model.letters import Reader
from hiercomp.model.merge import Entry
from hiercomp.records import record, replace
from hiercomp.syntax.ast import Apply, Arg, Binary, Clauses, Define, Expr, ExprPiece, Name, Number, Random, Unary
from hiercomp.syntax.tokens import LINKS


@record
class _Transformed:
    """The name inside a transformation, and how what is transformed is called after it. What undoes it is a link, or
    taking away what was added (`shift`), or raising to one over `power`."""

    inner: Name
    called: str
    link: str = ""
    power: int | float = 1
    shift: Binary | None = None


def of_transformed(entries: Sequence[Entry], binding: Binding, reader: Reader) -> tuple[Entry, ...]:
    """Return the statements with distributions of transformed quantities put in terms of names for these."""
    found: list[Entry] = []
    defined = {entry.name for entry in entries if isinstance(entry.statement, Define)}
    for entry in entries:
        match entry.statement:
            case Random(lhs=Apply() | Binary()) as statement:
                made = _transformed(statement)
                if made is not None and _is_said(made, statement, entries, binding, reader):
                    found += _apart(entries, binding, reader, entry, statement, made)
                    continue
            case Random(lhs=Name() as lhs) as statement if entry.name in defined:
                if _is_computed(entries, binding, reader, lhs):
                    found.append(Entry(replace(statement, lhs=outcome(lhs)), None, entry.own))
                    continue
            case _:
                pass
        found.append(entry)
    return tuple(found)


def _transformed(statement: Random) -> _Transformed | None:
    match statement.lhs:
        case Apply(func=link, args=(Arg(value=Name() as inner),)) if link in LINKS:
            return _Transformed(inner, f"{link}_{{}}", link)
        case Binary(op="+" | "-", left=Name() as inner, right=Number()) as shift:
            return _Transformed(inner, "shifted_{}", shift=shift)
        case Binary() as lhs if (found := _raised(lhs)) is not None and _is_positive(statement):
            inner, power = found
            return _Transformed(inner, _CALLED.get(power, "power_of_{}"), power=power)
        case _:
            return None


def _is_said(made: _Transformed, statement: Random, entries: Sequence[Entry], binding: Binding, reader: Reader) -> bool:
    """Say whether this is how the name inside is distributed. Counts that a number is added to are data: nobody draws
    counts, and without data it is a statement about what is known."""
    base = reader.base(made.inner)
    if _defines(entries, base):
        return False
    counts = made.shift is not None and any(discrete_row(piece.dist) for piece in statement.pieces)
    return not counts or _is_data(entries, binding, reader, base)


_CALLED = {2: "{}_squared", -1: "inverse_{}", -2: "inverse_{}_squared", 0.5: "sqrt_{}"}


def _raised(node: Expr) -> tuple[Name, int | float] | None:
    """Return a name and the power to which it is raised: ``s^2``, ``s^-2``, ``1 / s``, ``1 / s^2``."""
    match node:
        case Binary(op="^", left=Name() as name, right=Number(value=power, percent=False)) if power not in (0, 1):
            return name, power
        case Binary(op="^", left=Name() as name, right=Unary(op="-", arg=Number(value=power, percent=False))) if power:
            return name, -power
        case Binary(op="/", left=Number(value=1, percent=False), right=Name() as name):
            return name, -1
        case Binary(op="/", left=Number(value=1, percent=False), right=Binary() as inner) if found := _raised(inner):
            return found[0], -found[1]
        case _:
            return None


def _is_positive(statement: Random) -> bool:
    """Say whether a distribution is sure to give positive numbers, of which there is one root that is positive."""
    if len(statement.pieces) != 1:
        return False
    (piece,) = statement.pieces
    cut = statement.clauses.truncated
    row = find_distribution(piece.dist.func)
    if row is None or row.event_rank or row.kind != "continuous":
        return False
    match row.lower if cut is None or cut.lo is None else cut.lo:
        case Const(value=value) | Number(value=value):
            return value >= 0
        case Ref(name=name):
            given = {arg.name or param.name: arg.value for arg, param in zip(piece.dist.args, row.params, strict=False)}
            least = given.get(name)
            return isinstance(least, Number) and least.value >= 0
        case _:
            return False


def outcome(name: Name) -> Unary:
    """Return computed data as the left side of a statement, which does not define them."""
    return Unary("+", name, name.span)


def _apart(
    entries: Sequence[Entry],
    binding: Binding,
    reader: Reader,
    entry: Entry,
    statement: Random,
    made: _Transformed,
) -> list[Entry]:
    """Return the statement about what is transformed, and the definition that goes with it."""
    base, subs = reader.subs(made.inner)
    taken = {other.name for other in entries} | set(binding.names())
    word = made.called.format(base)
    word = word if word not in taken else made.called.format(f"of_{base}")
    # A last letter would be read as an index.
    word = word if reader.base(Name(word)) == word else f"{word}_value"
    name = Name(word, subs, made.inner.span)
    # Where it counts, the ranges are stated once more: a definition has its own.
    clauses = Clauses(binders=statement.clauses.binders)
    if _is_data(entries, binding, reader, base):
        value = ExprPiece(statement.lhs)
        define = Define(name, (value,), clauses, section=statement.section, span=statement.span)
        random = replace(statement, lhs=outcome(name))
        return [Entry(define, name.ident, entry.own), Entry(random, None, entry.own)]
    random = replace(statement, lhs=name)
    value = ExprPiece(_undone(name, made))
    define = Define(made.inner, (value,), clauses, link=made.link, section=statement.section, span=statement.span)
    return [Entry(random, name.ident, entry.own), Entry(define, base, entry.own)]


def _undone(name: Name, made: _Transformed) -> Expr:
    """Return the name inside in terms of what is transformed: ``x + 1``, ``sqrt(x)``, ``1 / x``, ``x^(1 / 3)``."""
    if made.link:
        return name
    if made.shift is not None:
        return Binary("-" if made.shift.op == "+" else "+", name, made.shift.right, name.span)
    span, one, size = name.span, Number(1, "1", span=name.span), abs(made.power)
    root: Expr = name
    if size == 2:
        root = Apply("sqrt", (Arg(name, None, span),), span, span)
    elif size != 1:
        root = Binary("^", name, Binary("/", one, Number(size, repr(size), span=span), span), span)
    return root if made.power > 0 else Binary("/", one, root, span)


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
