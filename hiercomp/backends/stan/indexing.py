"""Subscripts: single positions, slices along a vectorised index variable, and positions that data hold."""

from __future__ import annotations

from collections.abc import Callable

from hiercomp.backends.printing import SUM, Code, infix
from hiercomp.backends.stan.scope import Frame, Held, Scope
from hiercomp.backends.stan.values import CannotVectorise, Form, Value, algebra, scalar, transposed
from hiercomp.expr import INT, Binder, Const, Elem, Expr, Index, Op, Ref, free_indices
from hiercomp.records import record

type Compile = Callable[[Expr, Frame, Scope], Value]


@record
class _Place:
    """What stands in one dimension: `kept` where it is not a single position, `var` where it runs along a binder,
    `run` where it does so position by position, rather than by positions that data hold."""

    text: str
    kept: bool
    var: str = ""
    run: bool = False


def size(index_set: str, scope: Scope, compile_: Compile) -> Code:
    """Return the length of an index set."""
    item = scope.sets[index_set]
    expr = Ref(item.size_name, (), INT) if item.size is None else item.size
    return compile_(expr, Frame(), scope).code


def limits(binder: Binder, scope: Scope, compile_: Compile) -> tuple[Code, Code]:
    """Return the first and the last position that a binder takes."""
    low = Code("1") if binder.lo is None else compile_(binder.lo, Frame(), scope).code
    high = size(binder.set, scope, compile_) if binder.hi is None else compile_(binder.hi, Frame(), scope).code
    return low, high


def extent(binder: Binder, scope: Scope, compile_: Compile) -> str:
    """Return how many positions a binder takes."""
    low, high = limits(binder, scope, compile_)
    if low.text == "1":
        return high.text
    return shifted(infix("-", high, low, SUM) if not low.text.isdigit() else shifted(high, -int(low.text)), 1).text


def may_be_empty(binder: Binder) -> bool:
    """Say whether a range whose ends depend on other indices may end before it begins."""
    lo, hi = binder.lo, binder.hi
    if not any(free_indices(end) for end in (lo, hi) if end is not None):
        return False
    first_or_before = lo is None or lo == Const(1, "1", INT)
    match hi:
        case Index() | Op(op="+", args=(Index(), Const())):
            return not first_or_before
        case None:
            return not isinstance(lo, Index)
        case _:
            return True


def shifted(code: Code, by: int) -> Code:
    """Return `code` plus a whole number, worked out where `code` is one."""
    if code.text.lstrip("-").isdigit():
        return Code(str(int(code.text) + by))
    match = code.text.rpartition(" - ")
    if code.strength == SUM and match[1] and match[2].isdigit():
        by -= int(match[2])
        code = Code(match[0])
    if by == 0:
        return code
    return Code(f"{code.text} {'+' if by > 0 else '-'} {abs(by)}", SUM)


def reference(expr: Ref, frame: Frame, scope: Scope, compile_: Compile) -> Value:
    """Return the value of a name with its subscripts.

    Raises:
        CannotVectorise: what the subscripts pick does not run along the vectorised variables in order.
    """
    held = scope.held[expr.name]
    axes = held.container.axes
    if not axes and not expr.subs:  # most names of a large spec
        return scalar(held.name, _elem(held))
    places = [_place(sub, axis, frame, scope, compile_) for sub, axis in zip(expr.subs, axes, strict=False)]
    empty = {binder.var for binder in frame.over if may_be_empty(binder)}
    if empty and any(place.run and place.var in empty for place in places[held.container.arrays :]):
        # Stan 2.27 takes no slice of a vector that ends before it begins, or takes it backwards; of arrays it does.
        raise CannotVectorise
    runs = [place.var for place in places if place.var]
    places += [_Place(":", kept=True) for _ in axes[len(places) :]]
    wanted = [binder.var for binder in frame.over if binder.var in runs]
    value = _picked(held, places, len(runs))
    if runs == wanted:
        return value
    if runs == wanted[::-1] and value.form == "matrix":
        return Value(Code(f"{value.code.text}'"), "matrix", value.elem, value.lead, value.rank)
    raise CannotVectorise


def _place(sub: Expr, axis: str, frame: Frame, scope: Scope, compile_: Compile) -> _Place:
    along = [binder for binder in frame.over if binder.var in free_indices(sub)]
    if not along:
        return _Place(compile_(sub, frame.with_over(()), scope).code.text, kept=False)
    binder = along[0]
    match sub:
        case Index():
            return _Place(_run(binder, axis, 0, scope, compile_), kept=True, var=binder.var, run=True)
        case Op(op="+" | "-" as sign, args=(Index(), Const(value=int() as by))):
            text = _run(binder, axis, by if sign == "+" else -by, scope, compile_)
            return _Place(text, kept=True, var=binder.var, run=True)
        case Ref() if len(along) == 1:
            value = compile_(sub, frame, scope)
            if value.form == "array" and value.elem == "int" and value.rank == value.lead == 1:
                return _Place(value.code.text, kept=True, var=binder.var)
            raise CannotVectorise
        case _:
            raise CannotVectorise


def _run(binder: Binder, axis: str, by: int, scope: Scope, compile_: Compile) -> str:
    """Return the positions of a binder, `by` further on, as a slice of the axis."""
    if binder.lo is None and binder.hi is None and binder.set == axis and by == 0:
        return ":"
    low, high = limits(binder, scope, compile_)
    # The colon of a slice binds less strongly than a sum, but people should not have to know that.
    first, last = shifted(low, by), shifted(high, by)
    return f"{first.at_least(SUM + 1)}:{last.at_least(SUM + 1)}"


def _picked(held: Held, places: list[_Place], lead: int) -> Value:
    """Return what is left of a container, and the text that picks it."""
    arrays = held.container.arrays
    outer = [place for place in places[:arrays] if place.kept]
    base = [place.kept for place in places[arrays:]]
    rank = len(outer) + sum(base)
    form: Form
    match (len(outer), base):
        case (0, []) | (0, [False]) | (0, [False, False]):
            form = "scalar"
        case (0, [True]) | (0, [True, False]):
            form = "vector"
        case (0, [False, True]):
            form = "row"
        case (0, _):
            form = "matrix"
        case (_, _) if not any(base):
            form = "array"
        case _:
            form = "other"
    texts = [place.text for place in places]
    while texts and texts[-1] == ":":
        texts.pop()
    text = f"{held.name}[{', '.join(texts)}]" if texts else held.name
    return Value(Code(text), form, _elem(held), lead, rank)


def _elem(held: Held) -> Elem:
    return "real" if held.elem == "real" else "int" if held.elem == "int" else "bool"


def assignable(expr: Ref, frame: Frame, scope: Scope, compile_: Compile) -> Value:
    """Return the left side of an assignment."""
    value = reference(expr, frame, scope, compile_)
    if value.code.text.endswith("'"):
        raise CannotVectorise
    return value


def fit(value: Value, target: Value) -> Value:
    """Return `value` in the form of the place that it is assigned to, or of the others that it stands with."""
    if value.form in (target.form, "scalar"):
        return value
    if {value.form, target.form} == {"vector", "row"}:
        return transposed(value)
    return algebra(value)
