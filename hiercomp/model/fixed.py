"""Unknowns some elements of which are fixed, ``a_1 = 0`` beside ``a_k ~ Normal(0, 1) for k in 2..K``, or lie elsewhere.

The elements with a distribution become an unknown of their own, ``a_free``, with an index set of its own, and the whole
is defined by them and by what is fixed. Several statements with distributions make several unknowns, ``a_free_1`` on:
the elements of one, such as ``a_1 ~ Half-Normal(0, 1)``, may have bounds that those of another have not.
"""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import INT, REAL, Binder, Expr, Index, Op, Ref, free_indices, set_indices
from hiercomp.model.intervals import constant
from hiercomp.model.ir import DefineStmt, Dist, IndexSet, Model, RandomStmt, Role, Stmt, Support, Symbol
from hiercomp.model.parts import changed
from hiercomp.model.positions import Place, Sizes, end_of, place, plain, whole
from hiercomp.model.positions import part as part_of
from hiercomp.model.scope import Context
from hiercomp.records import replace


def free_elements(context: Context, model: Model, supports: Mapping[str, Support]) -> Model:
    """Return the model with the elements that are not fixed as unknowns of their own.

    `supports` has, by the labels of statements, what they say of where values lie. Raises `Refused` (H26) where the
    elements are not a range along each index.
    """
    for symbol in model.symbols:
        if symbol.name in context.fixed and symbol.role is Role.PARAMETER:
            model = _freed(context, model, symbol, supports)
    return model


def _freed(context: Context, model: Model, symbol: Symbol, supports: Mapping[str, Support]) -> Model:
    randoms = [stmt for stmt in model.statements if isinstance(stmt, RandomStmt) and _gives(stmt, symbol.name)]
    free = _Free(context, model, symbol)
    made: list[tuple[RandomStmt, list[Stmt]]] = []
    for number_, random in enumerate(randoms, start=1):
        wanted = f"{symbol.name}_free" + (f"_{number_}" if len(randoms) > 1 else "")
        made.append((random, free.unknown(random, wanted, supports.get(random.common.label, symbol.support))))
    names = " and ".join(f"`{item.name}`" for item in free.symbols)
    fixed = any(isinstance(stmt, DefineStmt) and stmt.name == symbol.name for stmt in model.statements)
    why = f"{names} with the elements that are fixed" if fixed else names
    derived = replace(symbol, role=Role.DERIVED, support=Support(), why=why)
    symbols = tuple(new for old in model.symbols for new in ((*free.symbols, derived) if old is symbol else (old,)))
    for random, statements in made:
        model = _replaced(model, random, statements, symbols, (*model.index_sets,))
    return replace(model, index_sets=(*model.index_sets, *free.sets))


class _Free:
    """Makes unknowns of what is not fixed, one for each statement; `sets` are those that they run along."""

    def __init__(self, context: Context, model: Model, symbol: Symbol) -> None:
        self._context, self._model, self._symbol = context, model, symbol
        self._sizes = Sizes.of(model)
        self._taken = {item.name for item in (*model.symbols, *model.index_sets)}
        self._taken |= {item.size_name for item in model.index_sets}
        self.symbols: list[Symbol] = []
        self.sets: list[IndexSet] = []

    def _fresh(self, wanted: str) -> str:
        while wanted in self._taken:
            wanted += "_"
        self._taken.add(wanted)
        return wanted

    def unknown(self, random: RandomStmt, wanted: str, support: Support) -> list[Stmt]:
        """Return the statements about the elements that `random` is about: their distribution, and where they go."""
        assert isinstance(random.lhs, Ref)
        symbol, name = self._symbol, self._fresh(wanted)
        binders = {binder.var: binder for binder in random.common.binders}
        axes: list[str] = []
        moved: dict[str, Expr] = {}
        back: list[Expr] = []
        runs: list[Binder] = []
        if symbol.event_rank or len(random.lhs.subs) < len(symbol.axes) or support.shape:
            raise self._context.refuse(_no_range(symbol, random))
        for sub, axis in zip(random.lhs.subs, symbol.axes, strict=True):
            if not isinstance(sub, Index):
                continue  # one element, along this axis
            binder, item = binders[sub.var], self._model.index_set(axis)
            if any(end is not None and free_indices(end) for end in (binder.lo, binder.hi)):
                raise self._context.refuse(_no_range(symbol, random))
            first = 1 if binder.lo is None else int(constant(binder.lo, self._context.intervals) or 1)
            size = end_of(item)
            last = size if binder.hi is None else binder.hi
            if first == 1 and last == size:
                axes.append(axis)
                runs.append(Binder(sub.var, axis))
                back.append(sub)
                continue
            why = f"the elements of `{symbol.name}` that are not fixed"
            part = part_of(item, Place(first), place(last), self._fresh(f"{name}_{sub.var}"), why, self._sizes)
            self.sets.append(part)
            axes.append(part.name)
            runs.append(Binder(sub.var, part.name))
            moved[sub.var] = Op("+", (sub, whole(first - 1)), INT) if first > 1 else sub
            back.append(Op("-", (sub, whole(first - 1)), INT) if first > 1 else sub)

        def shifted(expr: Expr) -> Expr:
            return plain(set_indices(expr, moved))

        def of_part(dist: Dist) -> Dist:
            return changed(dist, shifted)

        subs = tuple(Index(run.var) for run in runs)
        free = replace(
            random,
            common=replace(random.common, label=name, binders=tuple(runs)),
            lhs=Ref(name, subs, REAL, random.lhs.span),
            dist=of_part(random.dist),
            cases=tuple((shifted(when), of_part(dist)) for when, dist in random.cases),
        )
        common = replace(random.common, label=f"{symbol.name}_from_{name}", note="")
        lower, upper = (end and shifted(end) for end in (support.lower, support.upper))
        own = Support(lower, upper)
        self.symbols.append(Symbol(name, Role.PARAMETER, tuple(axes), "real", own, symbol.why, span=symbol.span))
        return [free, DefineStmt(common, symbol.name, random.lhs.subs, Ref(name, tuple(back), REAL))]


def _no_range(symbol: Symbol, random: RandomStmt) -> Diagnostic:
    return Diagnostic(
        "H26", f"some elements of `{symbol.name}` are fixed, and the others are not a range", random.common.span,
        "a distribution of numbers over a range: `a_k ~ ... for k in 2..K`", f"`{random.common.text}`",
        f"fix the first elements, `{symbol.name}_1 = 0`, and give the others one range",
    )  # fmt: skip


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
