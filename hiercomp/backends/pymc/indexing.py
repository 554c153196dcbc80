"""Subscripts as slices and index arrays: positions are counted from 1 in the spec and from 0 here."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.printing import ATOM, SUM, Code, call
from hiercomp.backends.pymc import expressions
from hiercomp.backends.pymc.arrays import Array, align, transpose, union
from hiercomp.backends.pymc.scope import Site, refuse
from hiercomp.expr import Binder, Const, Expr, Index, Op, Ref, free_indices
from hiercomp.records import record, replace
from hiercomp.source import Span


@record
class _Slice:
    """A run of positions that an index variable walks along, `shift` away from it."""

    var: str
    text: str
    shift: int


def reference(expr: Ref, site: Site) -> Array:
    """Return the array that a reference stands for, all index variables at once."""
    symbol = site.scope.symbols[expr.name]
    site.scope.used.add(expr.name)
    return _select(Code(site.scope.variables[expr.name]), expr, site, symbol.random)


def positions(sub: Expr, selected_from: str, site: Site) -> Array:
    """Return a subscript as positions counted from 0; data that serve as subscripts are converted once, where read."""
    base, offset = split_offset(sub)
    match base:
        case None:
            return Array(Code(str(_not_negative(offset - 1, sub.span))))
        case Ref(name=name) if name in site.scope.position_names:
            variable = Code(site.scope.position(name, selected_from))
            array = _select(variable, base, site, random=False)
        case Index(var=var):
            return _walk(site.binder(var), offset, site)
        case _:
            array = expressions.expression(base, site)
            offset -= 1
    return Array(add_offset(array.code, offset), array.outer, array.inner, array.random, "int")


def counted(binder: Binder, site: Site) -> Array:
    """Return the values 1, 2, ... that an index variable takes."""
    if binder.var in site.groups:
        places = site.groups[binder.var]
        return replace(places, code=add_offset(places.code, 1))
    start, stop = limits(binder, 0, site)
    stop = add_offset(Code(stop), 1).text if not stop.isdigit() else str(int(stop) + 1)
    start = add_offset(Code(start), 1).text if not start.isdigit() else str(int(start) + 1)
    return Array(call(site.function("np.arange"), start, stop), (binder.var,), (), False, "int")


def length(binder: Binder, site: Site) -> Code:
    """Return how many values an index variable takes."""
    if binder.var in site.groups:
        return Code(f"{site.groups[binder.var].code.at_least(ATOM)}.size")
    if binder.lo is None and (binder.hi is None or site.scope.is_size(binder.hi, binder.set)):
        return site.scope.size(binder.set)
    return Code(f"{counted(binder, site).code.text}.size")


def split_offset(expr: Expr) -> tuple[Expr | None, int]:
    """Return `expr` as (rest, whole number added to it); the rest is None where nothing is left."""
    match expr:
        case Const(value=int(value)):
            return None, value
        case Op(op="+", args=(left, Const(value=int(value)))) | Op(op="+", args=(Const(value=int(value)), left)):
            base, offset = split_offset(left)
            return base, offset + value
        case Op(op="-", args=(left, Const(value=int(value)))):
            base, offset = split_offset(left)
            return base, offset - value
        case _:
            return expr, 0


def add_offset(code: Code, offset: int) -> Code:
    """Return ``code + offset``."""
    if offset == 0:
        return code
    return Code(f"{code.at_least(SUM)} {'+' if offset > 0 else '-'} {abs(offset)}", SUM)


def _not_negative(position: int, span: Span | None) -> int:
    if position < 0:
        raise refuse("H87", "a subscript is below 1", span, "positions count from 1; start the range later")
    return position


def limits(binder: Binder, shift: int, site: Site) -> tuple[str, str]:
    """Return the positions, counted from 0, of the first element and of the one behind the last."""
    for bound in (binder.lo, binder.hi):
        if bound is not None and free_indices(bound):
            raise refuse(
                "H87",
                f"the range of `{binder.var}` differs from row to row, which a whole-array expression cannot say",
                bound.span,
                "write the groups in long form, with a column that says which group a row belongs to",
            )
    base, offset = (None, 1) if binder.lo is None else split_offset(binder.lo)
    offset += shift - 1
    start = str(_not_negative(offset, binder.lo and binder.lo.span)) if base is None else _sum(base, offset, site)
    base, offset = (None, 0) if binder.hi is None else split_offset(binder.hi)
    if binder.hi is None or site.scope.is_size(base, binder.set):
        return start, add_offset(site.scope.size(binder.set), offset + shift).text
    return start, str(offset + shift) if base is None else _sum(base, offset + shift, site)


def _sum(base: Expr, offset: int, site: Site) -> str:
    return add_offset(expressions.expression(base, site).code, offset).text


def members(binder: Binder, site: Site) -> tuple[Array, Array] | None:
    """Return the padded positions of the members of groups, and which of them are members; None for other ranges."""
    match binder:
        case Binder(lo=Ref(name=first, subs=(sub,)) as start, hi=Ref(name=final, subs=(other,))) if sub == other:
            if not (site.scope.symbols[first].datum and site.scope.symbols[final].datum):
                return None
        case _:
            return None
    found: list[Array] = []
    for name, elem in zip(site.scope.group(first, final), ("int", "bool"), strict=True):
        picked = _select(Code(name), start, site, random=False)
        found.append(Array(picked.code, (*picked.outer, binder.var), (), False, elem))
    # Only what is data counts positions from 0, so that both ends are read as such.
    for name in (first, final):
        site.scope.position(name, binder.set)
    return found[0], found[1]


def looked_up(whole: Code, like: Ref, site: Site) -> Array:
    """Return the elements of an array, which depends on unknowns and has the axes of the one that `like` refers to, at
    the subscripts that `like` has."""
    return _select(whole, like, site, random=True)


def _walk(binder: Binder, shift: int, site: Site) -> Array:
    if binder.var in site.groups:
        places = site.groups[binder.var]
        return replace(places, code=add_offset(places.code, shift))
    start, stop = limits(binder, shift, site)
    between = (stop,) if start == "0" else (start, stop)
    return Array(call(site.function("np.arange"), *between), (binder.var,), (), False, "int")


def _slice(sub: Expr, axis: str, site: Site) -> _Slice | None:
    base, shift = split_offset(sub)
    if not isinstance(base, Index) or base.var in site.groups:
        return None
    binder = site.binder(base.var)
    hi_base, hi_offset = (None, 0) if binder.hi is None else split_offset(binder.hi)
    to_end = binder.set == axis and (binder.hi is None or site.scope.is_size(hi_base, binder.set))
    if to_end and hi_offset + shift > 0:
        raise refuse("H87", f"a subscript runs past the end of `{axis}`", sub.span, "end the range earlier")
    if to_end:
        start = _start(binder, shift, site)
        stop = "" if hi_offset + shift == 0 else str(hi_offset + shift)
    else:
        start, stop = limits(binder, shift, site)
    start = "" if start == "0" else start
    text = f"{start}:{stop}" if _plain(start) and _plain(stop) else f"{start} : {stop}".strip()
    return _Slice(base.var, text, shift)


def _start(binder: Binder, shift: int, site: Site) -> str:
    head = Binder(binder.var, binder.set, binder.lo, Const(1, "1"))
    return limits(head, shift, site)[0]


def _plain(limit: str) -> bool:
    # The formatters put blanks around the colon of a slice with anything but names and numbers.
    return " " not in limit and "(" not in limit


def _select(base: Code, expr: Ref, site: Site, random: bool) -> Array:
    """Return ``base[subscripts]`` with its axes in the order of the frame."""
    axes = site.scope.symbols[expr.name].axes
    elem = site.scope.symbols[expr.name].elem
    inner = axes[len(expr.subs) :]
    if not expr.subs:
        return Array(base, (), inner, random, elem)
    slices = [_slice(sub, axis, site) for sub, axis in zip(expr.subs, axes, strict=False)]
    arrays: list[Array | None] = []
    for sub, axis, run in zip(expr.subs, axes, slices, strict=False):
        arrays.append(None if run else positions(sub, axis, site))
    # A variable in two subscripts picks pairs, which slices cannot: it becomes an index array in both.
    vars_ = [run.var for run in slices if run]
    vars_ += [var for array in arrays if array for var in array.outer]
    for place, run in enumerate(slices):
        if run and vars_.count(run.var) > 1:
            slices[place] = None
            arrays[place] = _walk(site.binder(run.var), run.shift, site)
    together = union(tuple(array for array in arrays if array), site.order)
    texts: list[str] = []
    for run, array in zip(slices, arrays, strict=True):
        if run:
            texts.append(run.text)
        elif array:
            texts.append(align(array, together, 0).text if together else array.code.text)
    have = _axes_of(slices, together)
    while texts and texts[-1] == ":":
        texts.pop()
    code = Code(f"{base.at_least(ATOM)}[{', '.join(texts)}]") if texts else base
    want = tuple(var for var in site.order if var in have)
    return Array(transpose(code, have, want, len(inner)), want, inner, random, elem)


def _axes_of(slices: Sequence[_Slice | None], together: tuple[str, ...]) -> tuple[str, ...]:
    """Return the axes that NumPy's rules give: those of index arrays come where the arrays stand if they stand side
    by side (single numbers among index arrays count as arrays), else first."""
    if not together:
        return tuple(run.var for run in slices if run)
    places = [place for place, run in enumerate(slices) if run is None]
    contiguous = places[-1] - places[0] + 1 == len(places)
    before = tuple(run.var for run in slices[: places[0]] if run)
    after = tuple(run.var for run in slices[places[0] :] if run)
    return (*before, *together, *after) if contiguous else (*together, *before, *after)
