"""Elements that need earlier ones: a function of one position, and a scan along the index."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.printing import SUM, Code
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc import indexing
from hiercomp.backends.pymc.arrays import align, transpose
from hiercomp.backends.pymc.expressions import expression, numeric
from hiercomp.backends.pymc.forms import Piece, is_whole
from hiercomp.backends.pymc.pasts import of_whole_ranges, padded
from hiercomp.backends.pymc.positions import Position, position_of, seen
from hiercomp.backends.pymc.scope import Scope, Site, refuse
from hiercomp.expr import INT, Binder, Expr, Index, Op, Ref, names, number
from hiercomp.plan.ir import DefineStep
from hiercomp.records import replace


def recursion(run: Sequence[DefineStep], scope: Scope) -> list[Piece]:
    """Return the statements that fill the part of arrays which the steps of `run` define, position by position.

    Raises:
        CannotEmit: H87, where what is needed is not so many positions back everywhere.
    """
    whole = [replace(step, value=of_whole_ranges(step.value, step.turn)) for step in run]
    position = position_of(whole, scope)
    position.padded = whole != list(run)
    run = whole
    values = [seen(step.value, step, position) for step in run]
    if position.padded and not scope.symbols[run[0].name].random:
        raise refuse("H87", "a sum over all that came before, of data alone", run[0].origin.span)
    if total := _running_sum(position, values):
        return [total]
    body = _body(position, values)
    mentioned = frozenset[str]().union(*map(names, values)) | {
        name for step in run for sub in step.subs for name in names(sub)
    }
    passed = [
        scope.variables[name]
        for name in sorted(mentioned)
        if name in scope.symbols and scope.symbols[name].random and name not in position.axis
    ]
    filled = list(position.axis)
    called = position.call_it(f"next_{'_'.join(scope.variables[name] for name in filled)}")
    parameters = [name for name, _ in position.sequences]
    for name in filled:
        if name in position.windows:
            parameters.append(position.windows[name][0])
        else:
            parameters += [position.lags[name][lag] for lag in sorted(_taps(position, name), reverse=True)]
    parameters += [name for name, _ in position.fixed] + passed
    results = [position.inner.variables[position.lagged(name, 0)] for name in filled]
    random = scope.symbols[filled[0]].random
    if random:
        for name in filled:
            if name in position.windows:
                window = position.windows[name][0]
                now = f"{position.inner.variables[position.lagged(name, 0)]}[None]"
                results.append(f"{scope.function('pt.concatenate')}([{window}[1:], {now}])")
    head = Piece(f"def {called}({', '.join(parameters)}):")
    *lines, last = [Piece(code, depth=1) for code in body]
    if len(results) == 1 and not lines and last.code.startswith(f"{results[0]} = "):
        lines = [Piece(f"return {last.code.removeprefix(f'{results[0]} = ')}", depth=1)]
    else:
        lines += [last, Piece(f"return {', '.join(results)}", depth=1)]
    extra = [code.text for _, code in position.fixed] + passed
    run_it = _scan(position, called, extra) if random else _loop(position, called, extra)
    return [Piece(""), head, *lines, Piece(""), *run_it]


def _taps(position: Position, name: str) -> list[int]:
    return [lag for lag in position.lags.get(name, {}) if lag]


def _body(position: Position, values: Sequence[Expr]) -> list[str]:
    """Return the statements that compute what stands at one position."""
    lines: list[str] = []
    started: set[str] = set()
    for step, value in zip(position.run, values, strict=True):
        name, others = step.name, position.others(step)
        key = position.lagged(name, 0)
        here = position.inner.variables[key]
        site = Site(position.inner, others)
        part = Ref(key, tuple(sub for sub in step.subs if sub != Index(step.turn)))
        array = numeric(expression(value, site, position.given), site)
        rank = len(position.inner.symbols[key].axes) - len(part.subs)
        text = align(array, site.order, rank).text
        if is_whole(part, others, position.inner):
            if array.outer != site.order or len(array.inner) != rank:
                sizes = [position.outside.size(axis).text for axis in position.inner.symbols[key].axes]
                spread = position.outside.function("pt.broadcast_to" if array.random else "np.broadcast_to")
                text = f"{spread}({text}, ({', '.join(sizes)},))"
            lines.append(f"{here} = {text}")
            continue
        if name not in started:
            # What other statements give of this position is there already.
            given = position.call_it(f"{position.outside.variables[name]}_given")
            position.sequences.append((given, _slice(position, name, position.turn)))
            lines.append(f"{here} = {given}")
            started.add(name)
        place = expression(part, site).code.text
        random = position.outside.symbols[name].random
        lines.append(f"{here} = {place}.set({text})" if random else f"{place} = {text}")
    return lines


def _front(position: Position, name: str) -> tuple[Binder, ...]:
    """Return binders for the axes of a name before that of the positions."""
    axes = position.outside.symbols[name].axes[: position.axis[name]]
    return tuple(Binder(f"~{place}", axis) for place, axis in enumerate(axes))


def _slice(position: Position, name: str, along: Binder, place: Expr | None = None) -> Code:
    """Return elements of a name at the positions of a binder, which come first, or at one place."""
    front = _front(position, name)
    subs = (*(Index(binder.var) for binder in front), Index(along.var) if place is None else place)
    binders = (along, *front) if place is None else front
    return expression(Ref(name, subs), Site(position.outside, binders)).code


def _first(position: Position) -> Expr:
    return position.turn.lo or number(1)


def _scan(position: Position, called: str, extra: Sequence[str]) -> list[Piece]:
    scope, turn = position.outside, position.turn
    initial: list[str] = []
    windows: list[str] = []
    for name in position.axis:
        taps = sorted(-lag for lag in _taps(position, name))
        if name in position.windows:
            initial.append("None")
            windows.append(_window(position, name))
        elif not taps:
            initial.append("None")
        elif taps == [-1]:
            initial.append(_slice(position, name, turn, _constant(_first(position), 1)).text)
        else:
            run = Binder(turn.var, turn.set, _constant(_first(position), -taps[0]), _constant(_first(position), 1))
            initial.append(f"{{'initial': {_slice(position, name, run).text}, 'taps': {taps}}}".replace("'", '"'))
    start, stop = indexing.limits(turn, 0, Site(scope))
    arguments = [called]
    if position.sequences:
        arguments.append(f"sequences=[{', '.join(code.text for _, code in position.sequences)}]")
    else:
        arguments.append(f"n_steps={stop if start == '0' else join('-', Code(stop, SUM), Code(start, SUM), SUM).text}")
    arguments.append(f"outputs_info=[{', '.join([*initial, *windows])}]")
    if extra:
        arguments.append(f"non_sequences=[{', '.join(extra)}]")
    results = [position.call_it(f"{scope.variables[name]}_later") for name in position.axis]
    targets = ", ".join([*results, *["_"] * len(windows)])
    pieces = [Piece(f"{targets} = pytensor.scan({', '.join(arguments)}, return_updates=False)")]
    for name, result in zip(position.axis, results, strict=True):
        front = _front(position, name)
        order = (*(binder.var for binder in front), turn.var)
        part = expression(Ref(name, tuple(map(Index, order))), Site(scope, (*front, turn)))
        value = transpose(Code(result), (turn.var, *order[:-1]), order, len(part.inner))
        everything = part.code.text == scope.variables[name]
        filled = value.text if everything else f"{part.code.text}.set({value.text})"
        pieces.append(Piece(f"{scope.variables[name]} = {filled}"))
    return pieces


def _constant(expr: Expr, less: int) -> Expr:
    """Return `expr` less a whole number."""
    base, offset = indexing.split_offset(expr)
    if base is None:
        return number(offset - less)
    return Op("+", (base, number(offset - less)), INT) if offset != less else base


def _window(position: Position, name: str) -> str:
    """Return the elements before the first position, as many as are looked back at."""
    _, length = position.windows[name]
    start, _ = indexing.limits(position.turn, 0, Site(position.outside))
    lead = ":, " * position.axis[name]
    first = join("-", Code(start, SUM), length, SUM).text
    variable = position.outside.variables[name]
    text = f"{variable}[{lead}:{start}]" if start == length.text else f"{variable}[{lead}{first} : {start}]"
    axes = position.outside.symbols[name].axes
    at, before = position.axis[name], ""
    if position.padded:
        sizes = [position.outside.size(axis).text for axis in (*axes[:at], *axes[at + 1 :])]
        text, before = padded(variable, lead, start, length, sizes, position.outside)
    names_ = [f"~{place}" for place in range(len(axes))]
    found = transpose(Code(text), tuple(names_), (names_[at], *names_[:at], *names_[at + 1 :]), 0).text
    if not before:
        return found
    return before if start == "0" else f"{position.outside.function('pt.concatenate')}([{before}, {found}])"


def _loop(position: Position, called: str, extra: Sequence[str]) -> list[Piece]:
    """Return a loop of Python's own over arrays in which nothing is random."""
    scope = position.outside
    start, stop = indexing.limits(position.turn, 0, Site(scope))
    row = position.call_it("row")

    def at(name: str, place: str) -> str:
        return f"{scope.variables[name]}[{':, ' * position.axis[name]}{place}]"

    arguments = [name for name, _ in position.sequences]
    for name in position.axis:
        if name in position.windows:
            length = position.windows[name][1].at_least(SUM + 1)
            arguments.append(at(name, f"{row} - {length} : {row}"))
        else:
            arguments += [at(name, f"{row} - {lag}") for lag in sorted(_taps(position, name), reverse=True)]
    targets = ", ".join(at(name, row) for name in position.axis)
    passed = [code.text for _, code in position.sequences]
    match passed:
        case []:
            head = f"for {row} in range({start}, {stop}):"
        case [alone]:
            head = f"for {row}, {arguments[0]} in enumerate({alone}, {start}):"
        case _:
            together = ", ".join(arguments[: len(passed)])
            head = f"for {row}, ({together}) in enumerate(zip({', '.join(passed)}), {start}):"
    return [Piece(head), Piece(f"{targets} = {called}({', '.join([*arguments, *extra])})", depth=1)]


def _running_sum(position: Position, values: Sequence[Expr]) -> Piece | None:
    """Return ``x_t = x_{t-1} + e_t`` as the sum of what is added so far."""
    (step, *more), scope = position.run, position.outside
    value = values[0]
    key = f"~{step.name}~1"
    if more or len(step.subs) != 1 or len(step.axes) != 1 or not isinstance(value, Op) or value.op != "+":
        return None
    left, right = value.args
    if left != Ref(key, (), left.type):
        left, right = right, left
    if left != Ref(key, (), left.type) or not (isinstance(right, Ref) and right.name in position.given):
        return None
    ((_, added),) = position.sequences
    before = _slice(position, step.name, position.turn, _constant(_first(position), 1)).text
    part = expression(Ref(step.name, step.subs), Site(scope, (position.turn,))).code.text
    random = scope.symbols[step.name].random
    total = f"{before} + {scope.function('pt.cumsum' if random else 'np.cumsum')}({added.text})"
    return Piece(f"{scope.variables[step.name]} = {part}.set({total})" if random else f"{part} = {total}")
