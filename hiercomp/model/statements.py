"""From surface statements to resolved ones: binders, links undone, pieces put together, bounds and notes in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hiercomp.catalog import DISTRIBUTIONS, FUNCTIONS
from hiercomp.diagnostics import Diagnostic, Label, Severity
from hiercomp.expr import INT, REAL, Binder, Call, Choose, Const, Expr, Index, Op, Ref, free_indices, number
from hiercomp.model import surface
from hiercomp.model.bounds import state_bounds
from hiercomp.model.dists import dist_support, lower_dist
from hiercomp.model.draft import Item
from hiercomp.model.intervals import interval
from hiercomp.model.ir import AddStmt, Common, DefineStmt, Dist, RandomStmt, Role, Stmt, Support
from hiercomp.model.linear import is_linear, is_random
from hiercomp.model.lower import Lower
from hiercomp.model.piecewise import cover
from hiercomp.model.ranges import reach
from hiercomp.model.scope import BoundCheck, Context, Reach, Refused, Sym
from hiercomp.model.spread import at, free_letter
from hiercomp.model.supports import from_interval, intersect, span_of
from hiercomp.model.values import check_variate
from hiercomp.source import Span
from hiercomp.syntax.ast import AddTerm, Define, DistPiece, ExprPiece, Name, Number, Otherwise, Random
from hiercomp.syntax.ast import Expr as Ast

_INVERSE_LINKS = {"log": "exp", "logit": "inv_logit", "probit": "Phi", "cloglog": "inv_cloglog", "sqrt": "square"}


@dataclass(slots=True)
class Work:
    """One statement being resolved: its scope, the variables that its left side binds, and what it has for a label."""

    item: Item
    low: Lower
    order: list[str]
    label: str

    @property
    def context(self) -> Context:
        return self.low.context

    def binders(self) -> tuple[Binder, ...]:
        return tuple(self.low.binder(var) for var in self.order)

    def common(self, binders: tuple[Binder, ...]) -> Common:
        statement = self.item.statement
        return Common(
            self.label,
            binders,
            statement.section,
            statement.clauses.note,
            surface.statement_text(statement),
            statement.span,
        )


def lower_statement(context: Context, item: Item, label: str) -> list[Stmt]:
    """Return what a statement means; several statements where a blend needs a weight of its own.

    Sets of indices are still nodes. Raises `Refused` once what is wrong has been said.
    """
    work = Work(item, Lower(context), [], label)
    _scope(work)
    match item.statement:
        case Define():
            return _define(work, item.statement)
        case Random(lhs=Name()):
            return [_random(work, item.statement)]
        case Random():
            return [_soft(work, item.statement)]
        case AddTerm():
            return [_add(work, item.statement)]


# --- scope --------------------------------------------------------------------------------------------------------


def _scope(work: Work) -> None:
    """Put the index variables of the statement in scope: those stated, and those on its left side."""
    context, item, scope = work.context, work.item, work.low.scope
    stated: list[str] = []
    for binder in item.statement.clauses.binders:
        if binder.var in scope:
            raise context.refuse(
                Diagnostic("H24", f"the index `{binder.var}` is given a range twice", binder.span, "one range")
            )
        scope[binder.var] = reach(context, binder)
        stated.append(binder.var)
    if item.name is None:
        # Nothing is defined: every index that the term leaves free is summed over.
        for letter, span in item.free.items():
            _enter(work, letter, span)
        work.order += [var for var in stated if var not in work.order]
        return
    for sub in item.subs:
        match sub:
            case Number(value=int()):
                pass
            case Name(ident=letter, subs=()) if context.reader.is_index(letter) and letter not in work.order:
                _enter(work, letter, sub.span)
            case _:
                raise context.refuse(
                    Diagnostic(
                        "H26",
                        "on the left side only letters, each once, and numbers can be indices",
                        sub.span or item.span,
                        "a letter or a number",
                        f"`{surface.show(sub)}`",
                        "shift the range instead: `x_t = ... x_{t-1} ... for t in 2..T`",
                    )
                )
    idle = next((var for var in stated if var not in work.order), None)
    if idle is not None:
        binder = next(b for b in item.statement.clauses.binders if b.var == idle)
        raise context.refuse(
            Diagnostic(
                "H5",
                f"the left side does not use the index `{idle}`",
                binder.span or item.span,
                f"`{idle}` among the indices of `{item.name}`",
                f"`{surface.show(surface.target(item.statement) or Number(0, '0'))}`",
                f"to sum on the right side, write `sum(... for {surface.show_binder(binder)})`",
            )
        )


def _enter(work: Work, letter: str, span: Span | None) -> None:
    if letter not in work.low.scope:
        context = work.context
        node = context.letters.get(letter) or context.axes.letter(letter)
        if letter in context.ambiguous:
            node = context.axes.fresh(letter=letter)
        work.low.scope[letter] = Reach(node, None, None, span)
    work.order.append(letter)


def _target(work: Work, sym: Sym) -> Ref:
    """Return the left side as a reference, its axes joined with what its indices run over."""
    item, context = work.item, work.context
    lhs = surface.target(item.statement)
    span = lhs.span if lhs is not None else item.span
    assert sym.axes is not None
    if len(item.subs) > len(sym.axes):
        raise context.refuse(_rank(sym, item, span))
    subs: list[Expr] = []
    for place, sub in enumerate(item.subs):
        match sub:
            case Number(value=int(value), text=text):
                subs.append(Const(value, text, INT, sub.span))
                context.axes.facts(sym.axes[place]).literals.append(value)
                words = f"`{item.name}[{text}]`"
                context.bounds_to_check.append(BoundCheck(sym.axes[place], value, value, 0, sub.span or span, words))
            case Name(ident=letter):
                subs.append(Index(letter, span=sub.span))
                words = f"`{surface.show(lhs) if lhs is not None else item.name}` has the index `{letter}`"
                if not context.axes.join(sym.axes[place], work.low.scope[letter].node, span, words):
                    raise Refused
            case _:
                raise Refused
    rest = tuple(sym.axes[len(subs) :])
    return Ref(sym.name, tuple(subs), replace(REAL, elem=sym.elem, axes=rest), span)


def _rank(sym: Sym, item: Item, span: Span | None) -> Diagnostic:
    assert sym.axes is not None
    label = sym.datum.header if sym.datum is not None else None
    rank, found = len(sym.axes), len(item.subs)
    return Diagnostic(
        "H6",
        f"`{sym.name}` has {found} {'index' if found == 1 else 'indices'} here, and the data has "
        + (f"an array with {rank}" if rank else "one number for it"),
        span,
        f"{rank} {'index' if rank == 1 else 'indices'}",
        f"{found}",
        secondary=(Label(label, "the data"),) if label else (),
    )


# --- definitions --------------------------------------------------------------------------------------------------


def _define(work: Work, statement: Define) -> list[Stmt]:
    context, item = work.context, work.item
    assert item.name is not None
    sym = context.symbols[item.name]
    clauses = statement.clauses
    if clauses.truncated is not None or clauses.centering is not None or clauses.modifiers:
        word = clauses.centering or (clauses.modifiers[0] if clauses.modifiers else "truncated to")
        raise context.refuse(_misplaced(word, item))
    scalar = bool(item.subs)
    values: list[tuple[Expr | None, Expr]] = []
    failed = False
    for piece in statement.pieces:
        try:
            value = work.low.scalar(piece.value) if scalar else work.low.expr(piece.value)
            values.append((_condition(work, piece), value))
        except Refused:
            failed = True
    if failed:
        raise Refused
    extra: list[Stmt] = []
    if statement.smoothly is not None:
        value, extra = _blend(work, statement, values)
    else:
        value = _choose(work, statement, values)
        if isinstance(value, Choose) and any(is_random(when, context.symbols) for when, _ in value.cases):
            _warn_of_jump(context, statement, item)
    if statement.link:
        inverse = _INVERSE_LINKS.get(statement.link)
        if inverse is None:
            raise context.refuse(
                Diagnostic(
                    "H13", f"`{statement.link}` is not a link that can be undone", item.span,
                    f"one of {', '.join(_INVERSE_LINKS)}", f"`{statement.link}(...) = ...`",
                )
            )  # fmt: skip
        value = Call(inverse, (value,), replace(REAL, axes=value.type.axes), value.span)
    if sym.axes is None:
        sym.axes = list(value.type.axes)
    lhs = _target(work, sym)
    found = interval(value, context.intervals)
    known = context.intervals.get(item.name)
    if item.name in context.lowered and known is not None:
        found = min(found[0], known[0]), max(found[1], known[1])
    context.intervals[item.name] = found
    sym.linear = sym.linear and is_linear(value, context.symbols)
    sym.support = intersect(from_interval(context.intervals[item.name]), _stated(work, sym), context.intervals)
    binders = work.binders()
    if value.type.axes:
        letters, whole = _letters(work, value, []), value
        part = at(value, tuple(Index(letter) for letter in letters))
        if part is not None:
            binders = tuple(Binder(v, axis) for v, axis in zip(letters, whole.type.axes, strict=True))
            return [*extra, DefineStmt(work.common(binders), item.name, tuple(Index(v) for v in letters), part)]
    return [*extra, DefineStmt(work.common(binders), item.name, lhs.subs, value)]


def _letters(work: Work, like: Expr, exprs: list[Expr]) -> list[str]:
    """Return an index variable for every axis of `like`."""
    letters: list[str] = []
    taken = {*work.low.scope, *work.context.symbols}
    for axis in like.type.axes:
        letter = free_letter(work.context.axes.facts(axis).letters, {*taken, *letters}, [like, *exprs])
        letters.append(letter)
    return letters


def _condition(work: Work, piece: ExprPiece | DistPiece) -> Expr | None:
    if piece.condition is None or isinstance(piece.condition, Otherwise):
        return None
    return work.low.scalar(piece.condition)


def _choose(work: Work, statement: Define, values: list[tuple[Expr | None, Expr]]) -> Expr:
    _check_pieces(work, statement.pieces, [when for when, _ in values])
    if len(values) == 1:
        return values[0][1]
    axes = next((value.type.axes for _, value in values if value.type.axes), ())
    for _, value in values:
        for x, y in zip(axes, value.type.axes, strict=False):
            if not work.context.axes.join(x, y, work.item.span, "the pieces are arrays"):
                raise Refused
    cases = tuple((when, value) for when, value in values[:-1] if when is not None)
    return Choose(cases, values[-1][1], replace(REAL, axes=axes), work.item.span)


def _check_pieces(work: Work, pieces: Sequence[ExprPiece | DistPiece], conditions: list[Expr | None]) -> None:
    """Check that the pieces cover every case, once (H18). The last condition may then count as `otherwise`."""
    context, item = work.context, work.item
    if len(pieces) == 1 and pieces[0].condition is None:
        return
    help_ = "end with `otherwise`, or with the complement of the other conditions"
    early = next((p for p in pieces[:-1] if p.condition is None or isinstance(p.condition, Otherwise)), None)
    if early is not None:
        what = "has no condition" if early.condition is None else "is `otherwise`"
        raise context.refuse(
            Diagnostic("H18", f"a piece before the last {what}", early.span or item.span, "`if` and a condition",
                       help="only the last piece may be `otherwise`")
        )  # fmt: skip
    last = pieces[-1]
    if isinstance(last.condition, Otherwise):
        return
    stated = [when for when in conditions if when is not None]
    if last.condition is None or len(stated) < len(pieces) or not cover(stated, context.intervals):
        shown = [surface.show(p.condition) for p in pieces if p.condition and not isinstance(p.condition, Otherwise)]
        raise context.refuse(
            Diagnostic(
                "H18",
                f"the pieces of `{item.name or work.label}` do not cover every case",
                last.span or item.span,
                "conditions one of which always holds",
                ", ".join(f"`{text}`" for text in shown),
                help_,
            )
        )


def _warn_of_jump(context: Context, statement: Define, item: Item) -> None:
    context.diagnostics.add(
        Diagnostic(
            "W2",
            f"`{item.name}` jumps where its condition, which depends on unknowns, changes",
            statement.pieces[0].span or item.span,
            "a density without jumps: samplers that follow gradients do not see them",
            help="`smoothly(rate)` after the last piece blends the pieces with a sigmoid",
            severity=Severity.WARNING,
        )
    )


def _blend(work: Work, statement: Define, values: list[tuple[Expr | None, Expr]]) -> tuple[Expr, list[Stmt]]:
    """Blend two pieces: the weight of the first is a sigmoid of how far its condition holds."""
    context, item = work.context, work.item
    assert statement.smoothly is not None
    assert item.name is not None
    when = values[0][0]
    if len(values) != 2 or not isinstance(when, Op) or when.op not in ("<", "<=", ">", ">="):
        raise context.refuse(
            Diagnostic(
                "H18",
                "`smoothly` blends two pieces whose first condition compares two quantities",
                statement.smoothly.span or item.span,
                "`... if a > b`, then `... otherwise`",
                f"{len(values)} piece{'s' if len(values) != 1 else ''}"
                + (f", the first `if {surface.show(statement.pieces[0].condition)}`"
                   if when is not None and not isinstance(statement.pieces[0].condition, Otherwise)
                   and statement.pieces[0].condition is not None else ""),
            )
        )  # fmt: skip
    _check_pieces(work, statement.pieces, [condition for condition, _ in values])
    rate = work.low.scalar(statement.smoothly)
    name = f"{item.name}_weight"
    if name in context.symbols:
        other = context.symbols[name]
        raise context.refuse(
            Diagnostic(
                "H3", f"`{name}` is defined, and is also the weight that `smoothly` makes", item.span,
                f"no other `{name}`", secondary=(Label(other.span, "defined here"),) if other.span else (),
            )
        )  # fmt: skip
    left, right = when.args if when.op in (">", ">=") else when.args[::-1]
    distance = Op("*", (Op("-", (left, right), REAL), rate), REAL)
    weight = Call("inv_logit", (distance,), REAL, when.span)
    free = free_indices(weight)
    order = [var for var in work.order if var in free]
    binders = tuple(work.low.binder(var) for var in order)
    subs = tuple(Index(var) for var in order)
    parts = statement.pieces[0].condition
    assert parts is not None
    assert not isinstance(parts, Otherwise)
    axes = [work.low.scope[var].node for var in order]
    random = is_random(weight, context.symbols)
    context.symbols[name] = Sym(
        name, Role.DERIVED if random else Role.CONSTANT, f"the weight that `smoothly` gives the first piece of "
        f"`{item.name}`", context.draft.names[item.name], axes, linear=not random, span=item.span,
    )  # fmt: skip
    context.intervals[name] = (0.0, 1.0)
    context.symbols[name].support = from_interval((0.0, 1.0))
    shown = f"{name} = inv_logit(({surface.show(_side(parts, 0))} - {surface.show(_side(parts, 1))}) * " \
            f"{surface.show(statement.smoothly)})"  # fmt: skip
    common = replace(work.common(binders), label=name, note="", text=shown)
    ref = Ref(name, subs, REAL)
    one = Op("*", (ref, values[0][1]), values[0][1].type)
    two = Op("*", (Op("-", (number(1), ref), REAL), values[1][1]), values[1][1].type)
    axes_of_value = values[0][1].type.axes or values[1][1].type.axes
    value = Op("+", (one, two), replace(REAL, axes=axes_of_value), item.span)
    return value, [DefineStmt(common, name, subs, weight)]


def _side(condition: Ast, place: int) -> Ast:
    from hiercomp.syntax.ast import Binary  # noqa: PLC0415

    assert isinstance(condition, Binary)
    sides = (condition.left, condition.right)
    return sides[place] if condition.op in (">", ">=") else sides[1 - place]


def _misplaced(word: str, item: Item) -> Diagnostic:
    return Diagnostic(
        "H21",
        f"`{word}` belongs to a distribution",
        item.span,
        f"`{item.name or 'name'} ~ ...` before it",
        "a definition with `=`",
    )


# --- random quantities --------------------------------------------------------------------------------------------


def _dists(work: Work, statement: Random, *, scalar: bool) -> tuple[Dist, tuple[tuple[Expr, Dist], ...]]:
    context = work.context
    found: list[tuple[Expr | None, Dist]] = []
    failed = False
    for piece in statement.pieces:
        try:
            when = _condition(work, piece)
            if when is not None and is_random(when, context.symbols):
                raise context.refuse(
                    Diagnostic(
                        "H18",
                        "which distribution holds can only depend on data",
                        piece.condition.span if piece.condition is not None else piece.span,
                        "a condition on data",
                        "a condition that depends on unknowns",
                    )
                )
            found.append((when, lower_dist(work.low, piece.dist, statement.clauses.truncated, scalar=scalar)))
        except Refused:
            failed = True
    if failed:
        raise Refused
    _check_pieces(work, statement.pieces, [when for when, _ in found])
    return found[-1][1], tuple((when, dist) for when, dist in found[:-1] if when is not None)


def _random(work: Work, statement: Random) -> RandomStmt:
    context, item = work.context, work.item
    assert item.name is not None
    sym = context.symbols[item.name]
    if statement.clauses.modifiers:
        word = statement.clauses.modifiers[0]
        raise context.refuse(
            Diagnostic("H26", f"this version has no unknowns that are {word}", item.span, "a distribution alone",
                       f"`{word}`")
        )  # fmt: skip
    whole = sym.axes is None or len(sym.axes) > len(item.subs)
    dist, cases = _dists(work, statement, scalar=not whole)
    dists = [*(case for _, case in cases), dist]
    if sym.axes is None:
        values = [value for d in dists for _, value in d.args]
        sym.axes = list(max((value.type.axes for value in values), key=len, default=()))
    lhs = _target(work, sym)
    if lhs.type.axes:
        lhs, dist, cases, binders = _element(work, lhs, dist, cases)
    else:
        binders = work.binders()
    check_variate(context, sym, dists, item, _first_position(binders))
    _bound(work, sym, dists)
    centering = statement.clauses.centering or ""
    if centering:
        _check_centering(context, sym, dists, item, centering)
    return RandomStmt(work.common(binders), lhs, dist, cases, centering)


def _element(
    work: Work, lhs: Ref, dist: Dist, cases: tuple[tuple[Expr, Dist], ...]
) -> tuple[Ref, Dist, tuple[tuple[Expr, Dist], ...], tuple[Binder, ...]]:
    """Write a statement about a whole array element by element."""
    context = work.context
    values = [value for d in (dist, *(case for _, case in cases)) for _, value in d.args]
    for value in values:
        if not value.type.axes:
            continue
        if len(value.type.axes) != len(lhs.type.axes):
            raise context.refuse(
                Diagnostic(
                    "H6", f"`{lhs.name}` and an argument of its distribution have different ranks",
                    value.span or work.item.span, f"{len(lhs.type.axes)} indices", f"{len(value.type.axes)}",
                )
            )  # fmt: skip
        for x, y in zip(lhs.type.axes, value.type.axes, strict=True):
            if not context.axes.join(x, y, value.span, f"`{lhs.name}` and its distribution go element by element"):
                raise Refused
    letters = _letters(work, lhs, values)
    subs = tuple(Index(letter) for letter in letters)

    def part(given: Dist) -> Dist:
        args: list[tuple[str, Expr]] = []
        for name, value in given.args:
            one = at(value, subs)
            if one is None:
                raise context.refuse(
                    Diagnostic(
                        "H26", "this product cannot be taken apart into elements", value.span or work.item.span,
                        "a definition of its own: `name = ...`",
                    )
                )  # fmt: skip
            args.append((name, one))
        return replace(given, args=tuple(args))

    binders = (*work.binders(), *(Binder(v, axis) for v, axis in zip(letters, lhs.type.axes, strict=True)))
    element = replace(lhs, subs=(*lhs.subs, *subs), type=replace(lhs.type, axes=()))
    return element, part(dist), tuple((when, part(case)) for when, case in cases), binders


def _first_position(binders: tuple[Binder, ...]) -> int:
    match binders:
        case (Binder(lo=Const(value=int(first))), *_):
            return first
        case _:
            return 1


def _stated(work: Work, sym: Sym) -> Support:
    return state_bounds(work.low, sym)


def _bound(work: Work, sym: Sym, dists: list[Dist]) -> None:
    """Bound the symbol by its distribution and by what the spec states (H20 where that would need a normaliser)."""
    context = work.context
    supports = [dist_support(DISTRIBUTIONS[dist.row], dist, context) for dist in dists]
    own = supports[0] if all(support == supports[0] for support in supports) else Support()
    stated = _stated(work, sym)
    if sym.role in (Role.PARAMETER, Role.PREDICTION) and stated != Support():
        _check_normaliser(work, sym, dists, own, stated)
    both = intersect(own, stated, context.intervals)
    if sym.name not in context.lowered:
        sym.support = both
    elif sym.support != both:
        if sym.role is Role.PARAMETER:
            raise context.refuse(
                Diagnostic(
                    "H26", f"the elements of `{sym.name}` have different supports, which this version cannot declare",
                    work.item.span, "one support for all elements",
                    secondary=(Label(sym.span, "another support"),) if sym.span else (),
                )
            )  # fmt: skip
        sym.support = Support()
    if sym.datum is None:
        context.intervals[sym.name] = span_of(sym.support, context.intervals)


def _check_normaliser(work: Work, sym: Sym, dists: list[Dist], own: Support, stated: Support) -> None:
    context = work.context
    if all(DISTRIBUTIONS[dist.row].improper for dist in dists):
        return
    if intersect(own, stated, context.intervals) == own:
        return
    exprs = [value for dist in dists for _, value in dist.args]
    exprs += [bound for bound in (stated.lower, stated.upper) if bound is not None]
    loose = next((expr for expr in exprs if is_random(expr, context.symbols)), None)
    if loose is None:
        return
    fact = next((f for f in sym.use.facts if f.kind in ("compare", "interval")), None)
    raise context.refuse(
        Diagnostic(
            "H20",
            f"this bound of `{sym.name}` would need a normaliser that depends on unknowns",
            fact.span if fact is not None else work.item.span,
            "a bound and a distribution that depend on data and constants only",
            "a distribution or a bound that depends on unknowns",
            f"`{sym.name} ~ ... truncated to [a, b]` renormalises; a flat prior needs no normaliser",
        )
    )


def _check_centering(context: Context, sym: Sym, dists: list[Dist], item: Item, word: str) -> None:
    row = DISTRIBUTIONS[dists[-1].row]
    roles = {param.name for param in row.params}
    located = bool(roles & {"mean", "location"}) and bool(roles & {"sd", "scale"}) and row.lower is None
    found = ""
    if sym.role is not Role.PARAMETER:
        found = f"`{sym.name}`, which is {sym.role}"
    elif not located or len(dists) > 1:
        found = f"`{row.name}`" if len(dists) == 1 else "several distributions"
    elif dists[-1].truncated or sym.support != Support():
        found = "a bounded unknown"
    if found:
        raise context.refuse(
            Diagnostic(
                "H21",
                f"`{word}` is for unknowns with a location and a scale",
                item.span,
                "an unbounded unknown with a distribution such as Normal(mu, tau)",
                found,
                f"leave `{word}` out",
            )
        )


# --- terms --------------------------------------------------------------------------------------------------------


def _soft(work: Work, statement: Random) -> RandomStmt:
    context, item = work.context, work.item
    if statement.clauses.centering or statement.clauses.modifiers:
        raise context.refuse(_misplaced(statement.clauses.centering or statement.clauses.modifiers[0], item))
    lhs = work.low.scalar(statement.lhs)
    dist, cases = _dists(work, statement, scalar=True)
    if not is_linear(lhs, context.symbols):
        context.diagnostics.add(
            Diagnostic(
                "W4",
                f"`{surface.show(statement.lhs)}` is not linear in the unknowns: this adds a term to the log density, "
                "and does not say that the expression has this distribution",
                statement.lhs.span or item.span,
                "an expression that is linear in unknowns, or a Jacobian added with `log_density +=`",
                severity=Severity.WARNING,
            )
        )
    return RandomStmt(work.common(work.binders()), lhs, dist, cases)


def _add(work: Work, statement: AddTerm) -> AddStmt:
    context, item = work.context, work.item
    clauses = statement.clauses
    if clauses.truncated is not None or clauses.centering is not None or clauses.modifiers:
        raise context.refuse(_misplaced(clauses.centering or next(iter(clauses.modifiers), "truncated to"), item))
    value = work.low.scalar(statement.value)
    context.diagnostics.add(
        Diagnostic(
            "N2",
            "`log_density +=` adds a term that simulation from the model leaves out",
            item.span,
            severity=Severity.NOTE,
        )
    )
    return AddStmt(work.common(work.binders()), value)


assert {*_INVERSE_LINKS.values()} <= FUNCTIONS.keys()
