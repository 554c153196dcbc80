"""Names that stop short of a size: ``c_k ~ Normal(0, 5) for k in 1..K-1``, where nothing is said of `c_K`.

Such a name runs over an index set of its own, K - 1 long. Where ranges stop short of what other statements say the rest
of (``chi_T = 1``, ``chi_t = ... for t in 1..T-1``) they are parts of the whole set. Data that are longer than a range
by as much as the spec looks ahead in them (``t_{j+1} - t_j for j in 1..J``) have a set of their own too, J + 1 long,
and so do data that are as short as a range ends short (``c_k for k in 1..K-1``).
"""

from __future__ import annotations

from hiercomp.model import surface
from hiercomp.model.axes import Facts
from hiercomp.model.ranges import last_position, sized
from hiercomp.model.scope import Context, Reach, Sym
from hiercomp.syntax.ast import Binary, Expr, ForBinder, Name, Number, Range


def own_set(context: Context, binder: ForBinder, size: Expr) -> Reach:
    """Return what a letter goes over: all of a set that ends short, or the part of a set of `size` that is stated."""
    domain = binder.domain
    assert isinstance(domain, Range)
    if isinstance(size, Number):
        lo = None if domain.lo == Number(1, "1") else domain.lo
        return Reach(context.axes.literal(binder.var, int(size.value), domain.origin), lo, domain.hi, binder.span)
    return Reach(sized(context.axes, size, binder), None, None, binder.span)


def within(context: Context, axis: str, run: Reach, shift: int) -> bool:
    """Say whether an index goes over another set than an axis, every element of which, shifted, the axis has too."""
    own, over = _length(context.axes.facts(axis)), _length(context.axes.facts(run.node))
    past, last = last_position(run)
    first = run.lo.value if isinstance(run.lo, Number) else 1 if run.lo is None else None
    if own is None or over is None or own[0] != over[0] or last is not None or first is None:
        return False
    return over[1] + past + shift <= own[1] and first + shift >= 1


def ends_with(context: Context, axis: str, run: Reach) -> bool:
    """Say whether an index over another set than an axis stops at the last element of the axis."""
    own, over = _length(context.axes.facts(axis)), _length(context.axes.facts(run.node))
    past, last = last_position(run)
    return own is not None and over is not None and last is None and own == (over[0], over[1] + past)


def fit_data(context: Context, sym: Sym, place: int, axis: str, run: Reach, shift: int) -> None:
    """Give an axis of data a size of its own, if its length is that of a range and how far the spec looks ahead in it.

    Or that of the part of the range that is asked for, up to `shift` behind the end of the reach `run`.
    """
    facts, size = context.axes.facts(axis), context.axes.facts(run.node).size
    lengths = {extent.length for extent in facts.extents}
    if facts.size is not None or len(lengths) != 1 or not isinstance(size, Name):
        return
    least, most = context.intervals.get(context.reader.base(size), (0, 1))
    if least != most:
        return
    more = lengths.pop() - int(least)
    if not more:
        return
    past, last = last_position(run)
    if more < 0:
        if last is None and past + shift == more:
            facts.size, facts.span = Binary("-", size, Number(-more, str(-more))), run.span
        return
    for item in context.draft.items:
        for node, _ in surface.walk(*surface.body(item.statement)):
            if isinstance(node, Name) and context.reader.base(node) == sym.name:
                match context.reader.subs(node)[1][place : place + 1]:
                    case (Binary(op="+", left=Name(), right=Number(value=ahead)),) if ahead == more:
                        facts.size = Binary("+", size, Number(ahead, str(ahead)))
                        facts.span = node.span
                        return
                    case _:
                        pass


def _length(facts: Facts) -> tuple[str, int] | None:
    """Return a stated size as a name and what is added to it."""
    match facts.size:
        case Name(ident=name, subs=()):
            return name, 0
        case Binary(op="+" | "-" as op, left=Name(ident=name, subs=()), right=Number(value=int(step))):
            return name, step if op == "+" else -step
        case _:
            return None
