"""Resolved expressions: every name is a symbol, every subscript an index; the one form that all later layers read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Literal

from hiercomp.records import record, replace
from hiercomp.source import Span

Elem = Literal["int", "real", "bool"]


@record
class Type:
    """What an expression is worth once its index variables have values.

    `axes` names the index sets that are left (a name used with fewer subscripts than it has axes is an array over
    the rest): () is a scalar, one axis a vector, two a matrix (row first).
    """

    elem: Elem = "real"
    axes: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        return len(self.axes)


REAL = Type("real")
INT = Type("int")
BOOL = Type("bool")


@record
class Const:
    """A number; `text` is how the spec wrote it (normalised: ``.5`` is ``0.5``), so that code can show it alike."""

    value: int | float
    text: str
    type: Type = REAL
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Ref:
    """A symbol with leading subscripts (1-based integer expressions, fewer than its axes or as many)."""

    name: str
    subs: tuple[Expr, ...] = ()
    type: Type = REAL
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Index:
    """An index variable (`i` of ``for i in schools``) used as an integer, counted from 1."""

    var: str
    type: Type = INT
    span: Span | None = field(default=None, compare=False, repr=False)


ArithOp = Literal["+", "-", "*", "/", "^", "neg"]
CompareOp = Literal["<", "<=", ">", ">=", "==", "!="]
LogicOp = Literal["and", "or", "not"]


@record
class Op:
    """Arithmetic, comparison or logic. Element by element where an operand has axes (a scalar spreads).

    Products of arrays other than element-wise are the calls ``dot`` (vector, vector), ``matvec``, ``vecmat`` and
    ``matmul``. ``/`` is always the division of reals, also between integers.
    """

    op: ArithOp | CompareOp | LogicOp
    args: tuple[Expr, ...]
    type: Type = REAL
    span: Span | None = field(default=None, compare=False, repr=False)


FILL = "fill"
ROWS = "rows"


@record
class Call:
    """A function of the catalogue, by its canonical name; or what is no word of the language: `FILL` is its argument
    for every member of the index set that is the last axis of its type, `ROWS` the matrix with these rows."""

    func: str
    args: tuple[Expr, ...]
    type: Type = REAL
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Binder:
    """``var in set``, over the whole index set or, where given, over the positions ``lo..hi`` (1-based, inclusive)."""

    var: str
    set: str
    lo: Expr | None = None
    hi: Expr | None = None


VECTOR = "vector"


@record
class Reduce:
    """A comprehension: `func` (sum, prod, mean, min, max, log_sum_exp, count) of `body` over the binders.

    With `VECTOR`, which is no word of the language, it is the vector of the values of `body` along its one binder. If
    its range depends on other indices, as that of a group does, so does the length of the vector: see `group_of`.
    """

    func: str
    body: Expr
    binders: tuple[Binder, ...]
    type: Type = REAL
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Choose:
    """A piecewise value: the first case whose condition holds, else `otherwise`. Conditions are scalar and boolean."""

    cases: tuple[tuple[Expr, Expr], ...]
    otherwise: Expr
    type: Type = REAL
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Stack:
    """A vector written out: ``(a, b, c)``; its axis is an index set of its own. Items that are vectors are put end to
    end: ``(0, delta)`` is one longer than delta."""

    items: tuple[Expr, ...]
    type: Type = REAL
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Density:
    """The log density of `value` under a row of the catalogue with these canonical arguments; all constants count.

    Specs have no word for it: it is what a discrete unknown is summed out of.
    """

    row: str
    args: tuple[tuple[str, Expr], ...]
    value: Expr
    type: Type = REAL
    span: Span | None = field(default=None, compare=False, repr=False)


_NOTHING: frozenset[str] = frozenset()

type Expr = Const | Ref | Index | Op | Call | Reduce | Choose | Stack | Density


def number(value: int | float) -> Const:
    """Return the constant `value`, written the shortest way that reads back equal."""
    text = repr(value)
    return Const(value, text, INT if isinstance(value, int) else REAL)


def children(expr: Expr) -> tuple[Expr, ...]:
    """Return the direct subexpressions of `expr`, left to right."""
    match expr:
        case Const() | Index():
            return ()
        case Ref(subs=subs):
            return subs
        case Op(args=args) | Call(args=args):
            return args
        case Reduce(body=body, binders=binders):
            bounds = tuple(b for binder in binders for b in (binder.lo, binder.hi) if b is not None)
            return (*bounds, body)
        case Choose(cases=cases, otherwise=otherwise):
            return (*(part for case in cases for part in case), otherwise)
        case Stack(items=items):
            return items
        case Density(args=given, value=value):
            return (*(arg for _, arg in given), value)


def walk(expr: Expr) -> Iterator[Expr]:
    """Yield `expr` and all its subexpressions, parents first. Iterative: deep expressions are legal input."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        parts = children(node)
        if parts:
            stack.extend(reversed(parts))


def rebuild(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Return `expr` with `change` applied to each direct subexpression."""
    match expr:
        case Const() | Index():
            return expr
        case Ref(subs=subs):
            return replace(expr, subs=tuple(map(change, subs))) if subs else expr
        case Op(args=args):
            return replace(expr, args=tuple(map(change, args)))
        case Call(args=args):
            return replace(expr, args=tuple(map(change, args)))
        case Reduce(body=body, binders=binders):
            moved = tuple(replace(b, lo=b.lo and change(b.lo), hi=b.hi and change(b.hi)) for b in binders)
            return replace(expr, body=change(body), binders=moved)
        case Choose(cases=cases, otherwise=otherwise):
            changed = tuple((change(when), change(value)) for when, value in cases)
            return replace(expr, cases=changed, otherwise=change(otherwise))
        case Stack(items=items):
            return replace(expr, items=tuple(map(change, items)))
        case Density(args=given, value=value):
            return replace(expr, args=tuple((name, change(arg)) for name, arg in given), value=change(value))


def names(expr: Expr) -> frozenset[str]:
    """Return the names of all symbols that `expr` mentions."""
    if isinstance(expr, Const):
        return _NOTHING
    if isinstance(expr, Ref) and not expr.subs:
        return frozenset((expr.name,))
    found: set[str] = set()
    stack: list[Expr] = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, Ref):
            found.add(node.name)
        stack.extend(children(node))
    return frozenset(found)


def free_indices(expr: Expr) -> frozenset[str]:
    """Return the index variables that `expr` mentions and does not bind itself."""
    match expr:
        case Const() | Ref(subs=()):
            return _NOTHING
        case Index(var=var):
            return frozenset({var})
        case Reduce(body=body, binders=binders):
            outer: frozenset[str] = frozenset()
            bound: frozenset[str] = frozenset()
            for binder in binders:
                for limit in (binder.lo, binder.hi):
                    if limit is not None:
                        outer |= free_indices(limit) - bound
                bound |= {binder.var}
            return outer | (free_indices(body) - bound)
        case _:
            found: frozenset[str] = frozenset()
            for child in children(expr):
                found |= free_indices(child)
            return found


def group_of(expr: Expr) -> Binder | None:
    """Return what a vector over the members of a group runs over: the places of these in the list of all members.

    Its length differs from group to group, so that it can stand for the log odds of a choice, or in the softmax of
    them, but not for an array with an index. None for all other expressions.
    """
    match expr:
        case Call(func="softmax", args=(inner,)):
            return group_of(inner)
        case Reduce(func="vector", binders=(Binder(lo=Ref(subs=subs), hi=Ref()) as binder,)) if subs:
            return binder
        case _:
            return None


def substitute(expr: Expr, values: Mapping[str, Expr]) -> Expr:
    """Return `expr` with each unsubscripted reference to a key of `values` replaced by its value."""
    if isinstance(expr, Ref) and not expr.subs:
        return values.get(expr.name, expr)
    return rebuild(expr, lambda child: substitute(child, values))


def set_indices(expr: Expr, values: Mapping[str, Expr]) -> Expr:
    """Return `expr` with index variables replaced. Variables that `expr` binds itself are other ones and stay."""
    if isinstance(expr, Index):
        return values.get(expr.var, expr)
    inner = {key: value for key, value in values.items() if key not in _bound(expr)}
    return rebuild(expr, lambda child: set_indices(child, inner))


def _bound(expr: Expr) -> frozenset[str]:
    binders: tuple[Binder, ...] = getattr(expr, "binders", ())
    return frozenset(binder.var for binder in binders)


def apart(subs: Sequence[Expr], others: Sequence[Expr]) -> bool:
    """Say whether two lists of subscripts are sure to pick different elements, by different numbers somewhere."""
    return any(
        isinstance(one, Const) and isinstance(two, Const) and one.value != two.value
        for one, two in zip(subs, others, strict=False)
    )
