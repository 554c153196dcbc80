"""Names that only a part of an index set has: ``z_t ~ Normal(0, 1) for t in 2..T``, of which nobody asks for `z_1`.

The name gets an index set of its own, the part that its definitions cover, and every subscript of it counts from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cmp_to_key
from itertools import pairwise

from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.expr import Binder, Expr, Index, Reduce, Ref, children, rebuild, set_indices
from hiercomp.model.ir import AddStmt, DefineStmt, Dist, IndexSet, Model, RandomStmt, Role, Stmt, Support, Symbol
from hiercomp.model.parts import changed, dist_binders, dist_exprs
from hiercomp.model.positions import Binders, Place, Sizes, end_of, extreme, part, place, plain
from hiercomp.model.scope import Context
from hiercomp.records import record, replace
from hiercomp.source import Span


@record
class _Covered:
    """What the definitions of a name cover: the positions from `first` to `last` along one of its axes."""

    axis: int
    first: Place
    last: Place

    @property
    def less(self) -> Place:
        return self.first.plus(Place(-1))


def of_parts(context: Context, model: Model, names: Mapping[str, bool]) -> Model:
    """Return the model with each of the names along the part of its index set that is defined.

    `names` says of each whether it is sure that elements of it have no definition. Raises `Refused` (H25) where what is
    defined is no part without gaps along one axis, or where others of its elements are used.
    """
    for name, sure in names.items():
        symbol, sizes = model.symbol(name), Sizes.of(model)
        covered = _covered(model, symbol, sizes)
        if covered is None and not sure:
            continue
        if covered is None:
            raise context.refuse(_gap(symbol, symbol.span, "definitions of only some elements"))
        for stmt, ref, binders in _reads(model, symbol):
            if not _inside(ref, covered, binders, sizes):
                span = ref.span or stmt.common.span
                words = (
                    f"definitions from `{name}[{sizes.shown(covered.first)}]` to `{name}[{sizes.shown(covered.last)}]`"
                )
                raise context.refuse(
                    _gap(symbol, symbol.span, words, Label(span, "this may be another element") if span else None)
                )
        model = _Moved(model, symbol, covered, sizes).model()
    return model


def _gap(symbol: Symbol, span: Span | None, found: str, used: Label | None = None) -> Diagnostic:
    return Diagnostic(
        "H25", f"some elements of `{symbol.name}` have no definition", span,
        "definitions that cover the whole index set, or every element that is used", found,
        f"define the rest too, such as `{symbol.name}_1 ~ ...` beside `for t in 2..T`",
        secondary=(used,) if used is not None else (),
    )  # fmt: skip


def _target(stmt: Stmt, name: str) -> Ref | None:
    """Return the left side of a statement about a name."""
    match stmt:
        case RandomStmt(lhs=Ref(name=of) as lhs) if of == name:
            return lhs
        case DefineStmt(name=of, subs=subs) if of == name:
            return Ref(name, subs)
        case _:
            return None


def _defines(stmt: Stmt, symbol: Symbol) -> bool:
    """Say whether a statement gives a name its elements; what is computed from data may have a distribution besides."""
    return isinstance(stmt, DefineStmt) or symbol.role not in (Role.DERIVED, Role.CONSTANT)


def _covered(model: Model, symbol: Symbol, sizes: Sizes) -> _Covered | None:
    """Return which part of its axis is defined of a name; None where that is all of it, or no part without gaps."""
    found: list[list[tuple[Place, Place]]] = []
    for stmt in model.statements:
        lhs = _target(stmt, symbol.name)
        if lhs is None or not _defines(stmt, symbol):
            continue
        binders = {binder.var: binder for binder in stmt.common.binders}
        ends = [
            (extreme(sub, binders, sizes, lowest=True), extreme(sub, binders, sizes, lowest=False)) for sub in lhs.subs
        ]
        known = [(low, high) for low, high in ends if low is not None and high is not None]
        if len(known) < len(lhs.subs):
            return None
        found.append(known)
    ends = [place(end_of(model.index_set(axis))) for axis in symbol.axes]
    short = [
        axis
        for axis, end in enumerate(ends)
        if any(each[axis:][:1] != [(Place(1), end)] for each in found if axis < len(each))
    ]
    if len(short) != 1:
        return None
    (axis,) = short
    runs = sorted((each[axis] for each in found), key=cmp_to_key(lambda a, b: sizes.order(a[0], b[0])))
    if any(sizes.order(low, high.plus(Place(1))) for (_, high), (low, _) in pairwise(runs)):
        return None
    first, last = runs[0][0], runs[-1][1]
    if not sizes.order(first, Place(1)) and not sizes.order(last, ends[axis]):
        return None
    return _Covered(axis, first, last)


def _reads(model: Model, symbol: Symbol) -> Iterator[tuple[Stmt, Ref, Binders]]:
    """Yield every use of a name with what the indices around it run over."""
    for stmt in model.statements:
        binders = {binder.var: binder for binder in stmt.common.binders}
        roots: list[Expr] = []
        match stmt:
            case RandomStmt(lhs=lhs, dist=dist, cases=cases):
                roots += [when for when, _ in cases]
                roots += [] if isinstance(lhs, Ref) and lhs.name == symbol.name and _defines(stmt, symbol) else [lhs]
                for one in (dist, *(case for _, case in cases)):
                    binders |= {binder.var: binder for binder in dist_binders(one)}
                    roots += dist_exprs(one)
            case DefineStmt(value=value) | AddStmt(value=value):
                roots.append(value)
        for root in roots:
            yield from ((stmt, ref, inner) for ref, inner in _refs(root, binders) if ref.name == symbol.name)


def _refs(expr: Expr, binders: Binders) -> Iterator[tuple[Ref, Binders]]:
    if isinstance(expr, Ref):
        yield expr, binders
    if isinstance(expr, Reduce):
        binders = {**binders, **{binder.var: binder for binder in expr.binders}}
    for child in children(expr):
        yield from _refs(child, binders)


def _inside(ref: Ref, covered: _Covered, binders: Binders, sizes: Sizes) -> bool:
    if len(ref.subs) <= covered.axis:
        return False
    sub = ref.subs[covered.axis]
    low, high = (extreme(sub, binders, sizes, lowest=lowest) for lowest in (True, False))
    if low is None or high is None:
        return False
    return sizes.at_least(low, covered.first) and sizes.at_least(covered.last, high)


class _Moved:
    """Moves a name to the part of its index set that it has."""

    def __init__(self, model: Model, symbol: Symbol, covered: _Covered, sizes: Sizes) -> None:
        self._model, self._symbol, self._covered = model, symbol, covered
        taken = {item.name for item in (*model.symbols, *model.index_sets)} | {s.size_name for s in model.index_sets}
        whole = model.index_set(symbol.axes[covered.axis])
        name = f"{symbol.name}_{whole.name}"
        while name in taken or f"N_{name}" in taken:
            name += "_"
        self._set: IndexSet = part(
            whole, covered.first, covered.last, name, f"the elements that `{symbol.name}` has", sizes
        )

    def model(self) -> Model:
        model, axis = self._model, self._covered.axis
        axes = (*self._symbol.axes[:axis], self._set.name, *self._symbol.axes[axis + 1 :])
        return replace(
            model,
            statements=tuple(map(self._statement, model.statements)),
            symbols=tuple(
                replace(
                    item,
                    axes=axes if item is self._symbol else item.axes,
                    support=Support(
                        self._maybe(item.support.lower), self._maybe(item.support.upper), item.support.shape
                    ),
                )
                for item in model.symbols
            ),
            index_sets=(*model.index_sets, self._set),
        )

    def _maybe(self, expr: Expr | None) -> Expr | None:
        return None if expr is None else self._read(expr)

    def _read(self, expr: Expr) -> Expr:
        """Return an expression with subscripts of the name that count from where it begins."""
        made = rebuild(expr, self._read)
        return self._ref(made) if isinstance(made, Ref) and made.name == self._symbol.name else made

    def _ref(self, ref: Ref) -> Ref:
        axis = self._covered.axis
        sub = place(ref.subs[axis]).plus(self._covered.less, -1).expr()
        return replace(ref, subs=(*ref.subs[:axis], sub, *ref.subs[axis + 1 :]))

    def _statement(self, stmt: Stmt) -> Stmt:
        lhs = _target(stmt, self._symbol.name)
        sub = lhs.subs[self._covered.axis] if lhs is not None else None
        change: Callable[[Expr], Expr] = self._read
        if isinstance(sub, Index):
            # The index itself runs over the part; where it stood, it is that much larger.
            shifted = {sub.var: place(sub).plus(self._covered.less).expr()}
            change = lambda expr: plain(self._read(set_indices(expr, shifted)))  # noqa: E731

        def bind(binder: Binder) -> Binder:
            return replace(binder, lo=binder.lo and change(binder.lo), hi=binder.hi and change(binder.hi))

        def dist(given: Dist) -> Dist:
            return changed(given, change, bind)

        binders = tuple(
            self._run(binder) if isinstance(sub, Index) and binder.var == sub.var else bind(binder)
            for binder in stmt.common.binders
        )
        common = replace(stmt.common, binders=binders)
        match stmt:
            case RandomStmt():
                cases = tuple((change(when), dist(case)) for when, case in stmt.cases)
                return replace(stmt, common=common, lhs=change(stmt.lhs), dist=dist(stmt.dist), cases=cases)
            case DefineStmt():
                target = change(Ref(stmt.name, stmt.subs)) if lhs is not None else None
                subs = target.subs if isinstance(target, Ref) else tuple(map(change, stmt.subs))
                return replace(stmt, common=common, subs=subs, value=change(stmt.value))
            case AddStmt():
                return replace(stmt, common=common, value=change(stmt.value))

    def _run(self, binder: Binder) -> Binder:
        less, last = self._covered.less, self._covered.last
        low = place(binder.lo).plus(less, -1) if binder.lo is not None else Place(1).plus(less, -1)
        high = place(binder.hi) if binder.hi is not None else place(end_of(self._model.index_set(binder.set)))
        return Binder(
            binder.var,
            self._set.name,
            None if low == Place(1) else low.expr(),
            None if high == last else high.plus(less, -1).expr(),
        )
