"""Means that are linear in unknowns: what each row of the data multiplies each coefficient by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from hiercomp.expr import (
    REAL,
    VECTOR,
    Binder,
    Call,
    Expr,
    Index,
    Op,
    Reduce,
    Ref,
    Stack,
    Type,
    free_indices,
    names,
    number,
    set_indices,
    walk,
)
from hiercomp.model.ir import DefineStmt, IndexSet, Role
from hiercomp.plan.draft import Draft, fresh
from hiercomp.plan.fusing import whole_definitions
from hiercomp.plan.ir import Linear, Predictor
from hiercomp.records import replace, state

ONE = number(1)
# A vector whose axis is no index set of the spec.
VECTOR_TYPE = Type("real", ("predictors",))
_UNKNOWN = (Role.PARAMETER, Role.DERIVED, Role.PREDICTION)


class NotLinear(Exception):  # noqa: N818 - not an error: the density stays as it is
    """A mean that is not linear in unknowns, or not one coefficient for all rows or for each group of them."""


def linear(expr: Expr, rows: Sequence[Binder], draft: Draft) -> Linear:
    """Return `expr`, the mean of a row, as coefficients times features, and of data alone.

    A coefficient is the same for all rows, or one for each group: then it mentions the variable of `Linear.members`.
    Quantities that are defined row by row are seen through.

    Raises:
        NotLinear: `expr` has another form.
    """
    reader = _Reader(draft, rows, whole_definitions(draft))
    predictors = reader.read(expr)
    known = [item.feature for item in predictors if item.coefficient is None]
    offset = known[0] if known else None
    for feature in known[1:]:
        assert offset is not None
        offset = Op("+", (offset, feature), REAL)
    unknown = tuple(item for item in predictors if item.coefficient is not None)
    return Linear(unknown, offset, reader.group, reader.members)


@state
class _Reader:
    draft: Draft
    rows: Sequence[Binder]
    defined: Mapping[str, DefineStmt]
    group: Expr | None = None
    members: Binder | None = None
    inside: list[str] = field(default_factory=list[str])

    def read(self, expr: Expr) -> list[Predictor]:
        """Return the terms of a sum; those without a coefficient are data."""
        if not self.is_random(expr):
            return [Predictor(None, expr)]
        if not self.by_row(expr):
            return [Predictor(expr, ONE)]
        match expr:
            case Op(op="+", args=(left, right)):
                return self.read(left) + self.read(right)
            case Op(op="-", args=(left, right)):
                return self.read(left) + [negated(item) for item in self.read(right)]
            case Op(op="neg", args=(value,)):
                return [negated(item) for item in self.read(value)]
            case Op(op="*", args=(left, right)):
                return self.product(left, right)
            case Op(op="/", args=(left, right)) if not self.is_random(right):
                return [replace(item, feature=quotient(item.feature, right)) for item in self.read(left)]
            case Reduce(func="sum", body=body, binders=(binder,)):
                return self.total(body, binder)
            case Call(func="dot", args=(Ref() as left, Ref() as right)):
                return self.dot(left, right)
            case Ref():
                return self.reference(expr)
            case _:
                raise NotLinear

    def is_random(self, expr: Expr) -> bool:
        symbols = self.draft.symbols
        return any(name in symbols and symbols[name].role in _UNKNOWN for name in names(expr))

    def by_row(self, expr: Expr) -> bool:
        return not free_indices(expr).isdisjoint(binder.var for binder in self.rows)

    def product(self, left: Expr, right: Expr) -> list[Predictor]:
        if not self.is_random(left):
            return [replace(item, feature=times(left, item.feature)) for item in self.read(right)]
        if not self.is_random(right):
            return [replace(item, feature=times(item.feature, right)) for item in self.read(left)]
        both = self.read(left), self.read(right)
        one = next((side for side in both if len(side) == 1 and _is_coefficient(side[0])), None)
        if one is None:
            raise NotLinear
        (factor,), others = one, both[1] if one is both[0] else both[0]
        assert factor.coefficient is not None
        return [
            replace(
                item,
                coefficient=factor.coefficient
                if item.coefficient is None
                else Op("*", (factor.coefficient, item.coefficient), REAL),
            )
            for item in others
        ]

    def total(self, body: Expr, binder: Binder) -> list[Predictor]:
        if any(bound is not None and self.by_row(bound) for bound in (binder.lo, binder.hi)) or self.inside:
            raise NotLinear
        self.inside.append(binder.var)
        found: list[Predictor] = []
        for item in self.read(body):
            if item.binder is not None:
                raise NotLinear
            if item.coefficient is None or binder.var not in free_indices(item.coefficient):
                found.append(replace(item, feature=Reduce("sum", item.feature, (binder,), REAL)))
            elif binder.var not in free_indices(item.feature):
                found.append(replace(item, coefficient=Reduce("sum", item.coefficient, (binder,), REAL)))
            else:
                found.append(replace(item, binder=binder))
        self.inside.pop()
        return found

    def dot(self, left: Ref, right: Ref) -> list[Predictor]:
        if len(left.type.axes) != 1 or self.inside:
            raise NotLinear
        taken = {binder.var for binder in self.rows} | free_indices(left) | free_indices(right)
        var = fresh("k", taken)
        body = Op("*", tuple(replace(ref, subs=(*ref.subs, Index(var)), type=REAL) for ref in (left, right)), REAL)
        return self.total(body, Binder(var, left.type.axes[0]))

    def reference(self, expr: Ref) -> list[Predictor]:
        """Return a coefficient of a group, or what stands behind a quantity that is defined row by row."""
        if expr.type.axes:
            raise NotLinear
        define = self.defined.get(expr.name)
        gathered = [sub for sub in expr.subs if self.by_row(sub)]
        if len(gathered) == 1 and self.is_group(gathered[0]):
            place = expr.subs.index(gathered[0])
            return [Predictor(self.of_group(expr, place), ONE)]
        value = None if define is None else seen_through(expr, define)
        if value is None:
            raise NotLinear
        return self.read(value)

    def is_group(self, sub: Expr) -> bool:
        """Say whether a subscript picks a group that rows belong to: by data, or as one of several indices of a row."""
        match sub:
            case Ref(name=name, subs=subs):
                plain = all(isinstance(at, Index) and self.by_row(at) for at in subs)
                return plain and self.draft.symbols[name].role is Role.DATA
            case Index():
                return len(self.rows) > 1
            case _:
                return False

    def of_group(self, expr: Ref, place: int) -> Expr:
        sub, axis = expr.subs[place], self.draft.symbols[expr.name].axes[place]
        if self.members is None or self.group is None:
            wanted = axis if len(axis) == 1 and axis.isalpha() else "g"
            taken = {binder.var for binder in self.rows} | set(self.inside) | self.draft.symbols.keys()
            self.group, self.members = sub, Binder(fresh(wanted, taken), axis)
        if self.group != sub or self.members.set != axis:
            raise NotLinear
        return replace(expr, subs=(*expr.subs[:place], Index(self.members.var), *expr.subs[place + 1 :]))


def seen_through(expr: Ref, define: DefineStmt) -> Expr | None:
    """Return what stands behind a quantity that is defined element by element; None where it cannot be put there."""
    if len(define.subs) != len(expr.subs) or expr.name in names(define.value):
        return None
    bound = {binder.var for node in walk(define.value) if isinstance(node, Reduce) for binder in node.binders}
    if any(not bound.isdisjoint(free_indices(at)) for at in expr.subs):
        return None
    places = {sub.var: at for sub, at in zip(define.subs, expr.subs, strict=True) if isinstance(sub, Index)}
    return set_indices(define.value, places)


def _is_coefficient(item: Predictor) -> bool:
    return item.coefficient is not None and item.feature == ONE and item.binder is None


def coefficients(mean: Linear, sets: Mapping[str, IndexSet], axes: Callable[[str], Sequence[str]]) -> Expr:
    """Return the coefficients of all predictors as one vector; `axes` gives the index sets of a name."""
    items = [
        item.coefficient if item.binder is None else Reduce(VECTOR, item.coefficient, (item.binder,), VECTOR_TYPE)
        for item in mean.predictors
        if item.coefficient is not None
    ]
    first = items[0]
    if len(items) == 1 and mean.predictors[0].binder is not None:
        return first
    if isinstance(first, Ref) and first.subs and sets[axes(first.name)[len(first.subs) - 1]].length == len(items):
        wanted = [replace(first, subs=(*first.subs[:-1], number(place))) for place in range(1, len(items) + 1)]
        if items == wanted:
            axis = axes(first.name)[len(first.subs) - 1]
            return replace(first, subs=first.subs[:-1], type=Type("real", (axis,)))
    return Stack(tuple(items), VECTOR_TYPE)


def negated(item: Predictor) -> Predictor:
    """Return a term with the other sign."""
    return replace(item, feature=Op("neg", (item.feature,), REAL))


def times(left: Expr, right: Expr) -> Expr:
    """Return a product, without ones."""
    if left == ONE:
        return right
    return left if right == ONE else Op("*", (left, right), REAL)


def quotient(left: Expr, right: Expr) -> Expr:
    """Return a quotient of reals."""
    return Op("/", (left, right), REAL)
