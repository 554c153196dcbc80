"""Missing elements of data become unknowns, beside the observed ones, and the two are put together again.

Where the data lacks elements of `x`, which has a continuous distribution, the model is about two vectors:
``x_observed``, which is data, and ``x_missing``, which is unknown; ``x_observed_at`` and ``x_missing_at`` say where
their elements stand in `x`, which is defined by them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import INT, REAL, Binder, Const, Expr, Index, Ref, names, number, set_indices
from hiercomp.model.binding import Datum
from hiercomp.model.intervals import constant
from hiercomp.model.ir import (
    AddStmt,
    Common,
    DefineStmt,
    Dist,
    IndexSet,
    Model,
    RandomStmt,
    Role,
    Stmt,
    Support,
    Symbol,
)
from hiercomp.model.parts import changed, dist_exprs
from hiercomp.model.scope import Context
from hiercomp.records import record, replace

type Leaf = int | float | str | None
type Change = Callable[[Expr], Expr]


@record
class Half:
    """The elements of a name that the data has, or those that it lacks. `indices`: where they stand, counted from 1.

    `symbol` has their values, `places` where they stand, one vector for each axis.
    """

    symbol: Symbol
    places: tuple[Symbol, ...]
    set: IndexSet
    indices: tuple[tuple[int, ...], ...]

    def at(self, var: str) -> tuple[Expr, ...]:
        """Return the subscripts of the whole at which the element `var` of this half stands."""
        return tuple(Ref(place.name, (Index(var),), INT) for place in self.places)


def impute(context: Context, model: Model) -> Model:
    """Return the model with the missing elements of its data as unknowns.

    Raises `Refused` for H26 and H2: missing elements of what is distributed jointly, ranges that leave holes, and
    missing elements without a distribution.
    """
    for sym in list(context.symbols.values()):
        if sym.gaps and sym.datum is not None:
            model = _imputed(context, model, model.symbol(sym.name), sym.datum)
    return model


def _imputed(context: Context, model: Model, symbol: Symbol, datum: Datum) -> Model:
    about = [stmt for stmt in model.statements if _is_about(stmt, symbol.name)]
    if symbol.event_rank:
        found = f"no value in {datum.place.where(datum.missing)}"
        raise _refuse(context, symbol, "elements that are distributed jointly cannot be missing one by one", found)
    taken = {item.name for item in (*model.symbols, *model.index_sets)} | {s.size_name for s in model.index_sets}
    halves = (
        _half(model, symbol, "observed", taken, list(datum.items())),
        _half(model, symbol, "missing", taken, [(index, None) for index in datum.missing]),
    )
    statements: list[Stmt] = []
    origins: list[list[int]] = []
    covered: set[tuple[int, ...]] = set()
    made: list[Stmt] = []
    if any(symbol.name in _mentioned(stmt) for stmt in model.statements):
        made = [_definition(symbol, half, about[0].common) for half in halves]
    supports: dict[str, Support] = {}
    for stmt in model.statements:
        start = len(statements)
        if stmt is about[0]:
            statements += made
        if not isinstance(stmt, RandomStmt) or not _is_about(stmt, symbol.name):
            statements.append(stmt)
        else:
            for half in halves:
                part, chosen = _part(context, symbol, stmt, half)
                if part is not None:
                    statements.append(part)
                    supports.setdefault(half.symbol.name, _support(symbol, stmt, half))
                covered.update(chosen)
        origins.append(list(range(start, len(statements))))
    _check_covered(context, symbol, datum, covered)
    symbols: list[Symbol] = []
    for item in model.symbols:
        if item is not symbol:
            symbols.append(item)
            continue
        for half in halves:
            places = [place for place in half.places if any(place.name in _mentioned(stmt) for stmt in statements)]
            symbols += [replace(half.symbol, support=supports.get(half.symbol.name, Support())), *places]
        if made:
            why = f"`{halves[0].symbol.name}` and `{halves[1].symbol.name}` put together"
            symbols.append(replace(symbol, role=Role.DERIVED, support=Support(), value=None, why=why))
    return replace(
        model,
        index_sets=(*model.index_sets, *(half.set for half in halves)),
        symbols=tuple(symbols),
        statements=tuple(statements),
        order=tuple(place for number in model.order for place in origins[number]),
    )


def _is_about(stmt: Stmt, name: str) -> bool:
    return isinstance(stmt, RandomStmt) and isinstance(stmt.lhs, Ref) and stmt.lhs.name == name


def _mentioned(stmt: Stmt) -> set[str]:
    """Return the names that a statement needs, apart from the one whose distribution it gives."""
    found: set[str] = {name for b in stmt.common.binders for end in (b.lo, b.hi) if end for name in names(end)}
    match stmt:
        case RandomStmt(lhs=lhs, dist=dist, cases=cases):
            found |= {name for sub in lhs.subs for name in names(sub)} if isinstance(lhs, Ref) else names(lhs)
            found |= {name for when, _ in cases for name in names(when)}
            found |= {name for one in (dist, *(d for _, d in cases)) for e in dist_exprs(one) for name in names(e)}
        case DefineStmt(subs=subs, value=value):
            found |= {name for part in (*subs, value) for name in names(part)}
        case AddStmt(value=value):
            found |= names(value)
    return found


def _half(
    model: Model,
    symbol: Symbol,
    word: str,
    taken: set[str],
    found: Sequence[tuple[tuple[int, ...], Leaf]],
) -> Half:
    def new(wanted: str) -> str:
        while wanted in taken:
            wanted += "_"
        taken.add(wanted)
        return wanted

    name = new(f"{symbol.name}_{word}")
    indices = tuple(tuple(place + 1 for place in index) for index, _ in found)
    sets = [model.index_set(axis) for axis in symbol.axes]
    labels = tuple(
        ", ".join(item.labels[at - 1] if item.labels else str(at) for item, at in zip(sets, index, strict=True))
        for index in indices
    )
    what = "lacks" if word == "missing" else "has"
    set_ = IndexSet(
        new(f"{name}_dim"), new(f"N_{name}"), length=len(indices), labels=labels,
        why=f"the elements of `{symbol.name}` that the data {what}",
    )  # fmt: skip
    places = tuple(
        Symbol(
            new(f"{name}_at" + (f"_{axis}" if len(sets) > 1 else "")), Role.DATA, (set_.name,), "int",
            Support(replace(number(1), type=INT), _size(item)), f"where the elements of `{name}` stand",
            value=tuple(index[axis - 1] for index in indices), span=symbol.span,
        )
        for axis, item in enumerate(sets, start=1)
    )  # fmt: skip
    values = tuple(float(value) for _, value in found if isinstance(value, int | float))
    known = word == "observed"
    own = Symbol(
        name, Role.OBSERVED if known else Role.PARAMETER, (set_.name,), "real", Support(),
        f"the values of `{symbol.name}` in the data" if known else symbol.why,
        value=values if known else None, span=symbol.span,
    )  # fmt: skip
    return Half(own, places, set_, indices)


def _size(item: IndexSet) -> Expr:
    return Ref(item.size_name, (), INT) if item.size is None else item.size


def _definition(symbol: Symbol, half: Half, common: Common) -> DefineStmt:
    """Return the statement that puts the elements of a half where they stand in the whole."""
    var = "k"
    label = f"{symbol.name}_from_{half.symbol.name}"
    own = replace(common, label=label, binders=(Binder(var, half.set.name),), note="")
    return DefineStmt(own, symbol.name, half.at(var), Ref(half.symbol.name, (Index(var),), REAL))


def _part(
    context: Context, symbol: Symbol, stmt: RandomStmt, half: Half
) -> tuple[RandomStmt | None, list[tuple[int, ...]]]:
    """Return what a statement says about one half, and the indices of the elements that it says it about."""
    assert isinstance(stmt.lhs, Ref)
    ranges: list[tuple[float, float]] = []
    for sub in stmt.lhs.subs:
        ends = _range(context, sub, stmt.common.binders)
        if ends is None:
            raise _refuse(context, symbol, "which elements this is about cannot be told", "subscripts of another kind")
        ranges.append(ends)
    chosen = [
        place
        for place, index in enumerate(half.indices, start=1)
        if all(low <= at <= high for at, (low, high) in zip(index, ranges, strict=True))
    ]
    if not chosen:
        return None, []
    lo, hi = chosen[0], chosen[-1]
    if len(chosen) != hi - lo + 1:
        raise _refuse(context, symbol, "a part of the rows or columns cannot have missing elements", "a stated range")
    var = next((sub.var for sub in stmt.lhs.subs if isinstance(sub, Index)), "")
    change = _change(stmt, half, var)
    whole = len(chosen) == len(half.indices)
    first, last = (None, None) if whole else (replace(number(lo), type=INT), replace(number(hi), type=INT))
    binders = (Binder(var, half.set.name, first, last),) if var else ()
    sub = Index(var) if var else replace(number(lo), type=INT)
    common = replace(stmt.common, label=half.symbol.name + stmt.common.label.removeprefix(symbol.name), binders=binders)
    cases = tuple((change(when), _moved(dist, change)) for when, dist in stmt.cases)
    lhs = Ref(half.symbol.name, (sub,), REAL, stmt.lhs.span)
    return replace(stmt, common=common, lhs=lhs, dist=_moved(stmt.dist, change), cases=cases), [
        half.indices[place - 1] for place in chosen
    ]


def _range(context: Context, sub: Expr, binders: tuple[Binder, ...]) -> tuple[float, float] | None:
    """Return the positions that a subscript takes."""
    match sub:
        case Const(value=at):
            return at, at
        case Index(var=var):
            binder = next(binder for binder in binders if binder.var == var)
            ends = [
                default if end is None else constant(end, context.intervals)
                for end, default in ((binder.lo, 1.0), (binder.hi, float("inf")))
            ]
            low, high = ends
            return None if low is None or high is None else (low, high)
        case _:
            return None


def _change(stmt: RandomStmt, half: Half, var: str) -> Change:
    """Return what puts the place of an element of a half for the index variables of the whole."""
    assert isinstance(stmt.lhs, Ref)
    values = {sub.var: place for sub, place in zip(stmt.lhs.subs, half.at(var), strict=True) if isinstance(sub, Index)}
    return lambda expr: set_indices(expr, values)


def _moved(dist: Dist, change: Change) -> Dist:
    bind: Callable[[Binder], Binder] = lambda b: replace(b, lo=b.lo and change(b.lo), hi=b.hi and change(b.hi))  # noqa: E731
    return changed(dist, change, bind)


def _support(symbol: Symbol, stmt: RandomStmt, half: Half) -> Support:
    var = next((sub.var for sub in getattr(stmt.lhs, "subs", ()) if isinstance(sub, Index)), "")
    change = _change(stmt, half, var)
    lower, upper = (end and change(end) for end in (symbol.support.lower, symbol.support.upper))
    return Support(lower, upper, symbol.support.shape)


def _check_covered(context: Context, symbol: Symbol, datum: Datum, covered: set[tuple[int, ...]]) -> None:
    left = [index for index in datum.missing if tuple(place + 1 for place in index) not in covered]
    if left:
        raise context.refuse(
            Diagnostic(
                "H59", f"`{symbol.name}` has no value in {datum.place.where(left)}, and no distribution there",
                datum.span(left[0]) or symbol.span, "a value, or a statement `~` about the element", "neither",
                "state the distribution of the first elements too",
            )
        )  # fmt: skip


def _refuse(context: Context, symbol: Symbol, message: str, found: str) -> Exception:
    return context.refuse(
        Diagnostic(
            "H26", f"`{symbol.name}` has missing values: {message}", symbol.span,
            "a statement of its own about each element", found,
            f"write the distribution of the elements of `{symbol.name}` one by one, or leave incomplete rows out",
        )
    )  # fmt: skip
