"""Which numbers have to stay integers, and within which bounds: the rest of the data serve as reals."""

from __future__ import annotations

from collections.abc import Iterator

from hiercomp.catalog import row_named
from hiercomp.expr import INT, Density, Expr, Op, Ref, names, number, walk
from hiercomp.model.events import picked_axis
from hiercomp.model.ir import DefineStmt, RandomStmt, Role, Stmt, Support, Symbol
from hiercomp.model.parts import every_dist, picked_group
from hiercomp.plan.draft import Draft, binder_exprs, dists, exprs, set_size
from hiercomp.records import replace


def settle_elements(draft: Draft) -> Draft:
    """Turn integers into reals unless they count, number something, or are compared for equality."""
    needed: set[str] = set()
    for item in draft.index_sets.values():
        needed |= {item.size_name} | names(set_size(item))
    for stmt in draft.statements:
        for expr in _integral(stmt):
            needed |= names(expr)
    # Going backwards, what an integer definition mentions is known to be needed before it is looked at itself.
    made_of: dict[str, set[str]] = {}
    for stmt in draft.statements:
        if isinstance(stmt, DefineStmt):
            made_of.setdefault(stmt.name, set()).update(names(stmt.value))
    pending = [name for name in needed if name in made_of]
    while pending:
        more = made_of[pending.pop()] - needed
        needed |= more
        pending += [name for name in more if name in made_of]
    symbols = {
        name: replace(symbol, elem="real") if symbol.elem == "int" and name not in needed else symbol
        for name, symbol in draft.symbols.items()
    }
    return replace(draft, symbols=symbols)


def _integral(stmt: Stmt) -> Iterator[Expr]:
    """Yield the expressions of a statement that have to be integers."""
    yield from binder_exprs(stmt.common.binders)
    for expr in exprs(stmt):
        for node in walk(expr):
            match node:
                case Ref(subs=subs):
                    yield from subs
                case Op(op="==" | "!="):
                    yield node
                case Density(row=row, args=args, value=value):
                    yield from _counts(row, args)
                    if row_named(row).kind == "discrete":
                        yield value
                case _:
                    yield from binder_exprs(getattr(node, "binders", ()))
    match stmt:
        case RandomStmt():
            if any(row_named(dist.row).kind == "discrete" for dist in dists(stmt)):
                yield stmt.lhs
            for dist in (each for whole in dists(stmt) for each in every_dist(whole)):
                yield from _counts(dist.row, dist.args)
                if row_named(dist.row).kind == "discrete":
                    censored = dist.censored
                    ends = (dist.lower, dist.upper, *((censored.lower, censored.upper) if censored else ()))
                    yield from (end for end in ends if end is not None)
        case DefineStmt():
            yield from stmt.subs
        case _:
            pass


def _counts(row: str, args: tuple[tuple[str, Expr], ...]) -> Iterator[Expr]:
    yield from (value for name, value in args if row_named(row).param(name).counts)


def bound_positions(draft: Draft) -> Draft:
    """Bound what picks members of an index set, subscripts in data and variates, by its size: data are validated."""
    symbols = dict(draft.symbols)
    for stmt in draft.statements:
        if isinstance(stmt, RandomStmt) and isinstance(stmt.lhs, Ref):
            for dist in dists(stmt):
                axis = picked_axis(dist)
                if axis is not None:
                    # Groups differ in size, and a bound of data is one for all elements.
                    size = set_size(draft.index_sets[axis]) if picked_group(dist) is None else None
                    # With a condition alone, something is said of some elements, and the others may be anything.
                    if not (stmt.cases and stmt.dist.row == "Flat"):
                        symbols[stmt.lhs.name] = _within(symbols[stmt.lhs.name], size)
        for expr in exprs(stmt):
            for node in walk(expr):
                if not isinstance(node, Ref) or node.name not in draft.symbols:
                    continue
                for sub, axis in zip(node.subs, draft.symbols[node.name].axes, strict=False):
                    if isinstance(sub, Ref) and sub.name in symbols and symbols[sub.name].role is Role.DATA:
                        size = set_size(draft.index_sets[axis])
                        # The last element, `x[T]`, is there whatever T is.
                        if sub.name not in names(size):
                            symbols[sub.name] = _within(symbols[sub.name], size)
    return replace(draft, symbols=symbols)


def _within(symbol: Symbol, size: Expr | None) -> Symbol:
    if symbol.support.upper is not None:
        return symbol
    return replace(symbol, elem="int", support=Support(replace(number(1), type=INT), size, symbol.support.shape))
