"""Unknowns some elements of which are fixed: ``a_1 = 0`` beside ``a_k ~ Normal(0, 1) for k in 2..K``.

The elements with a distribution become an unknown of their own, ``a_free``, with an index set of its own, and the whole
is defined by them and by what is fixed.
"""

from __future__ import annotations

from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import INT, REAL, Binder, Expr, Index, Op, Ref, number, set_indices
from hiercomp.model.intervals import constant
from hiercomp.model.ir import DefineStmt, Dist, IndexSet, Model, RandomStmt, Role, Stmt, Support, Symbol
from hiercomp.model.parts import changed
from hiercomp.model.positions import Place, Sizes, place, plain
from hiercomp.model.positions import part as part_of
from hiercomp.model.scope import Context
from hiercomp.records import replace


def free_elements(context: Context, model: Model) -> Model:
    """Return the model with the elements that are not fixed as unknowns of their own.

    Raises `Refused` (H26) where they are not a range along each index.
    """
    for symbol in model.symbols:
        if symbol.name in context.fixed:
            model = _freed(context, model, symbol)
    return model


def _freed(context: Context, model: Model, symbol: Symbol) -> Model:
    random = next(stmt for stmt in model.statements if isinstance(stmt, RandomStmt) and _gives(stmt, symbol.name))
    assert isinstance(random.lhs, Ref)
    taken = {item.name for item in (*model.symbols, *model.index_sets)} | {s.size_name for s in model.index_sets}

    def fresh(wanted: str) -> str:
        while wanted in taken:
            wanted += "_"
        taken.add(wanted)
        return wanted

    name = fresh(f"{symbol.name}_free")
    binders = {binder.var: binder for binder in random.common.binders}
    axes: list[str] = []
    moved: dict[str, Expr] = {}
    back: list[Expr] = []
    runs: list[Binder] = []
    sets: list[IndexSet] = []
    sizes = Sizes.of(model)
    for sub, axis in zip(random.lhs.subs, symbol.axes, strict=False):
        if not isinstance(sub, Index) or symbol.event_rank or len(random.lhs.subs) < len(symbol.axes):
            found = f"`{random.common.text}`"
            raise context.refuse(
                Diagnostic(
                    "H26", f"some elements of `{symbol.name}` are fixed, and the others are not a range",
                    random.common.span, "a distribution of numbers over a range: `a_k ~ ... for k in 2..K`", found,
                    f"fix the first elements, `{symbol.name}_1 = 0`, and give the others one range",
                )
            )  # fmt: skip
        binder = binders[sub.var]
        item = model.index_set(axis)
        first = 1 if binder.lo is None else int(constant(binder.lo, context.intervals) or 1)
        size = Ref(item.size_name, (), INT) if item.size is None else item.size
        last = size if binder.hi is None else binder.hi
        if first == 1 and last == size:
            axes.append(axis)
            runs.append(Binder(sub.var, axis))
            back.append(sub)
            continue
        why = f"the elements of `{symbol.name}` that are not fixed"
        part = part_of(item, Place(first), place(last), fresh(f"{name}_{sub.var}"), why, sizes)
        sets.append(part)
        axes.append(part.name)
        runs.append(Binder(sub.var, part.name))
        less = replace(number(first - 1), type=INT)
        moved[sub.var] = Op("+", (sub, less), INT) if first > 1 else sub
        back.append(Op("-", (sub, less), INT) if first > 1 else sub)

    def shifted(expr: Expr) -> Expr:
        return plain(set_indices(expr, moved))

    def of_part(dist: Dist) -> Dist:
        return changed(dist, shifted)

    whole = Ref(symbol.name, random.lhs.subs, REAL)
    subs = tuple(Index(run.var) for run in runs)
    free = replace(
        random,
        common=replace(random.common, label=name, binders=tuple(runs)),
        lhs=Ref(name, subs, REAL, random.lhs.span),
        dist=of_part(random.dist),
        cases=tuple((shifted(when), of_part(dist)) for when, dist in random.cases),
    )
    common = replace(random.common, label=f"{symbol.name}_from_{name}", note="")
    joined = DefineStmt(common, symbol.name, whole.subs, Ref(name, tuple(back), REAL))
    lower, upper = (end and shifted(end) for end in (symbol.support.lower, symbol.support.upper))
    own = Symbol(name, Role.PARAMETER, tuple(axes), "real", Support(lower, upper), symbol.why, span=symbol.span)
    why = f"`{name}` with the elements that are fixed"
    derived = replace(symbol, role=Role.DERIVED, support=Support(), why=why)
    symbols = tuple(new for old in model.symbols for new in ((own, derived) if old is symbol else (old,)))
    return _replaced(model, random, [free, joined], symbols, (*model.index_sets, *sets))


def _gives(stmt: RandomStmt, name: str) -> bool:
    return isinstance(stmt.lhs, Ref) and stmt.lhs.name == name


def _replaced(
    model: Model, old: Stmt, new: list[Stmt], symbols: tuple[Symbol, ...], sets: tuple[IndexSet, ...]
) -> Model:
    """Return the model with statements in the place of one, and with the order that they can be computed in."""
    statements: list[Stmt] = []
    places: list[list[int]] = []
    for stmt in model.statements:
        start = len(statements)
        statements += new if stmt is old else [stmt]
        places.append(list(range(start, len(statements))))
    order = tuple(place for number in model.order for place in places[number])
    return replace(model, statements=tuple(statements), order=order, symbols=symbols, index_sets=sets)
