"""What a recursion computes at one position of its index, as an expression of what is there by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from hiercomp.backends.printing import ATOM, SUM, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc import indexing, naming
from hiercomp.backends.pymc.arrays import Array, transpose
from hiercomp.backends.pymc.expressions import expression
from hiercomp.backends.pymc.forms import site_of
from hiercomp.backends.pymc.scope import CannotEmit, Scope, Site, Symbol, refuse
from hiercomp.expr import Binder, Const, Expr, Index, Op, Reduce, Ref, free_indices, names, rebuild, walk
from hiercomp.plan.ir import DefineStep
from hiercomp.records import replace, state


@state
class Position:
    """One position of the steps of `run`, seen from inside of the function that computes it.

    `inner` is the scope there: elements some positions back are symbols of their own. `given` has what is computed
    outside for all positions at once, as it is at one of them, and elements at fixed places. `sequences` and `fixed`
    are parameters of the function with the code of what is passed. Of each name `axis` is the one that is run along,
    `lags` how many positions back it is needed (0: at the position itself), and `windows` how many of its last
    elements are kept where only data tell how far back one is; with `padded` they may reach back before the first.
    """

    run: Sequence[DefineStep]
    outside: Scope
    inner: Scope
    axis: dict[str, int]
    taken: set[str]
    given: dict[str, Array] = field(default_factory=dict[str, Array])
    known: dict[tuple[Expr, tuple[Binder, ...]], Ref] = field(
        default_factory=dict[tuple[Expr, tuple[Binder, ...]], Ref]
    )
    sequences: list[tuple[str, Code]] = field(default_factory=list[tuple[str, Code]])
    fixed: list[tuple[str, Code]] = field(default_factory=list[tuple[str, Code]])
    lags: dict[str, dict[int, str]] = field(default_factory=dict[str, dict[int, str]])
    windows: dict[str, tuple[str, Code]] = field(default_factory=dict[str, tuple[str, Code]])
    padded: bool = False

    @property
    def turn(self) -> Binder:
        return next(binder for binder in self.run[0].binders if binder.var == self.run[0].turn)

    def others(self, step: DefineStep) -> tuple[Binder, ...]:
        """Return the binders of a step without that of the position, in the order of its left side."""
        ordered = site_of(step.subs, step.binders, self.outside).binders
        return tuple(binder for binder in ordered if binder.var != step.turn)

    def call_it(self, wanted: str) -> str:
        """Return a new name for something inside of the function."""
        name = naming.unused(wanted, self.taken)
        self.taken.add(name)
        return name

    def lagged(self, name: str, lag: int) -> str:
        """Return what the scope calls the elements of `name` so many positions back."""
        key = f"~{name}~{lag}"
        if key in self.inner.symbols:
            return key
        symbol, variable, axis = self.outside.symbols[name], self.outside.variables[name], self.axis[name]
        self.inner.symbols[key] = Symbol(symbol.axes[:axis] + symbol.axes[axis + 1 :], symbol.elem, symbol.random)
        if lag and name in self.windows:
            window, length = self.windows[name]
            self.inner.variables[key] = f"{window}[{join('-', length, Code(str(lag)), SUM).text}]"
            return key
        words = f"{variable}_{self.turn.var}" if lag == 0 else f"{variable}_before{f'_{lag}' if lag > 1 else ''}"
        self.inner.variables[key] = self.lags.setdefault(name, {})[lag] = self.call_it(words)
        return key


def position_of(run: Sequence[DefineStep], scope: Scope) -> Position:
    """Return the view from one position of steps that run together."""
    inner = replace(scope, symbols=dict(scope.symbols), variables=dict(scope.variables))
    axis = {step.name: step.subs.index(Index(step.turn)) for step in run}
    found = Position(run, scope, inner, axis, {*scope.variables.values(), *naming.RESERVED})
    lengths: dict[str, list[Code]] = {}
    for step in run:
        bound = {binder.var: binder for binder in step.binders}
        for node in walk(step.value):
            if isinstance(node, Reduce):
                bound |= {binder.var: binder for binder in node.binders}
        for node in walk(step.value):
            if isinstance(node, Ref) and node.name in axis:
                length = _length(node, found, bound)
                lengths.setdefault(node.name, []).extend([] if length is None else [length])
    for name, each in lengths.items():
        moving = sorted({code.text for code in each if not code.text.isdigit()})
        if moving:
            most = max((int(code.text) for code in each if code.text.isdigit()), default=1)
            texts = [*moving, str(most)] if most > 1 else moving
            length = Code(texts[0], SUM if " " in texts[0] else ATOM) if len(texts) == 1 else call("max", *texts)
            found.windows[name] = (found.call_it(f"{scope.variables[name]}_window"), length)
    return found


def _length(node: Ref, position: Position, bound: dict[str, Binder]) -> Code | None:
    """Return how many positions back a reference reaches, None where it is to an element at a fixed place."""
    sub = _sub(node, position)
    turn = position.turn.var
    if turn not in free_indices(sub):
        return None
    lag, shift = _lag(sub, turn, node)
    if lag is None:
        return Code(str(-shift))
    site = Site(position.outside)
    if isinstance(lag, Index) and lag.var in bound:
        binder = bound[lag.var]
        if binder.hi is not None and free_indices(binder.hi):
            raise _unreachable(node)
        farthest = position.outside.size(binder.set) if binder.hi is None else expression(binder.hi, site).code
    elif not free_indices(lag):
        farthest = expression(lag, site).code
    else:
        raise _unreachable(node)
    return indexing.add_offset(farthest, -shift)


def _sub(node: Ref, position: Position) -> Expr:
    axis = position.axis[node.name]
    if len(node.subs) <= axis:
        raise _unreachable(node)
    return node.subs[axis]


def _lag(sub: Expr, turn: str, node: Ref) -> tuple[Expr | None, int]:
    """Return (what is taken off the position, the whole number added to it)."""
    base, shift = indexing.split_offset(sub)
    match base:
        case Index(var=var) if var == turn and shift <= 0:
            return None, shift
        case Op(op="-", args=(Index(var=var), lag)) if var == turn and turn not in free_indices(lag):
            return lag, shift
        case _:
            raise _unreachable(node)


def _unreachable(node: Ref) -> CannotEmit:
    return refuse(
        "H87",
        f"`{node.name}` is needed at positions that are not so many back everywhere",
        node.span,
        "look back by numbers: `x_{t-1}`, or by an index: `sum(b_k * x_{t-k} for k in 1..K)`",
    )


def seen(expr: Expr, step: DefineStep, position: Position, bound: tuple[Binder, ...] = ()) -> Expr:
    """Return an expression of a step as it reads at one position; `bound` are the binders of comprehensions around it.

    Raises:
        CannotEmit: H87, where it needs elements that a function of one position cannot be given.
    """
    turn = position.turn.var
    if isinstance(expr, Ref) and expr.name in position.axis:
        return _element(expr, step, position, bound)
    if names(expr).isdisjoint(position.axis):
        return _beforehand(expr, step, position, bound) if turn in free_indices(expr) else expr
    if isinstance(expr, Reduce):
        for binder in expr.binders:
            for limit in (binder.lo, binder.hi):
                if limit is not None and (turn in free_indices(limit) or not names(limit).isdisjoint(position.axis)):
                    raise refuse("H87", "a range that differs from position to position of a recursion", expr.span)
        return replace(expr, body=seen(expr.body, step, position, (*bound, *expr.binders)))
    return rebuild(expr, lambda child: seen(child, step, position, bound))


def _beforehand(expr: Expr, step: DefineStep, position: Position, bound: tuple[Binder, ...]) -> Ref:
    """Compute what depends on no element of the recursion for all positions at once."""
    free = free_indices(expr)
    around = tuple(binder for binder in (*position.others(step), *bound) if binder.var in free)
    if (expr, around) in position.known:
        return position.known[expr, around]
    array = expression(expr, Site(position.outside, (position.turn, *around)))
    if array.outer[:1] != (position.turn.var,):
        raise refuse("H87", "an expression that does not go along with the position of a recursion", step.origin.span)
    words = f"input_{position.turn.var}"
    if isinstance(expr, Ref) and expr.subs:
        shifts = [indexing.split_offset(sub)[1] for sub in expr.subs if position.turn.var in free_indices(sub)]
        variable = position.outside.variables[expr.name]
        words = f"{variable.rstrip('_')}_{position.turn.var if shifts == [0] else 'before'}"
    parameter = position.call_it(words)
    code = array.code
    if position.outside.symbols[step.name].random and not array.random:
        # A scan cuts its sequences to one length, and NumPy's arrays cannot be cut at a symbolic one.
        code = call(position.outside.function("pt.as_tensor"), code)
    position.sequences.append((parameter, code))
    key = f"~{len(position.given)}"
    position.given[key] = Array(Code(parameter), array.outer[1:], array.inner, array.random, array.elem)
    found = position.known[expr, around] = Ref(key, (), expr.type)
    return found


def _element(node: Ref, step: DefineStep, position: Position, bound: tuple[Binder, ...]) -> Ref:
    """Return an element of the recursion itself: at this position, so many back, or at a fixed place."""
    sub, axis, turn = _sub(node, position), position.axis[node.name], position.turn.var
    rest = tuple(seen(each, step, position, bound) for place, each in enumerate(node.subs) if place != axis)
    if turn in free_indices(sub):
        lag, shift = _lag(sub, turn, node)
        if lag is None:
            return Ref(position.lagged(node.name, -shift), rest, node.type, node.span)
        array = _from_window(node, lag, shift, rest, step, position, bound)
    else:
        around = (*position.others(step), *bound)
        outside = expression(node, Site(position.outside, around))
        parameter = position.call_it(f"{position.outside.variables[node.name]}_start")
        position.fixed.append((parameter, outside.code))
        array = replace(outside, code=Code(parameter))
    key = f"~{len(position.given)}"
    position.given[key] = array
    return Ref(key, (), node.type)


def _from_window(
    node: Ref, lag: Expr, shift: int, rest: tuple[Expr, ...], step: DefineStep, position: Position,
    bound: tuple[Binder, ...],
) -> Array:  # fmt: skip
    window, length = position.windows[node.name]
    others = position.others(step)
    if rest != tuple(Index(binder.var) for binder in others):
        raise _unreachable(node)
    site = Site(position.inner, (*others, *bound))
    symbol = position.outside.symbols[node.name]
    by_index = next((binder for binder in bound if lag == Index(binder.var)), None)
    if by_index is not None and shift == 0 and by_index.lo in (None, Const(1, "1", lag.type)):
        farthest = position.outside.size(by_index.set) if by_index.hi is None else expression(by_index.hi, site).code
        outer, text = (by_index.var,), f"{window}[::-1]"
        text += "" if farthest.text == length.text else f"[:{farthest.text}]"
    else:
        back = expression(lag, site, position.given)
        place = indexing.add_offset(join("-", length, back.code, SUM), shift)
        outer, text = back.outer, f"{window}[{place.text}]"
    have = (*outer, *(binder.var for binder in others))
    want = tuple(var for var in site.order if var in have)
    code = transpose(Code(text, ATOM), have, want, 0)
    return Array(code, want, (), symbol.random, symbol.elem)
