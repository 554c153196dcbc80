"""The pieces of a right side: conditions that cover every case, jumps, and blends."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.diagnostics import Diagnostic, Label, Severity
from hiercomp.expr import REAL, Call, Choose, Expr, Index, Op, Ref, free_indices, number
from hiercomp.model import surface
from hiercomp.model.draft import Item
from hiercomp.model.ir import DefineStmt, Role, Stmt
from hiercomp.model.linear import is_random
from hiercomp.model.piecewise import cover
from hiercomp.model.scope import Context, Refused, Sym
from hiercomp.model.supports import from_interval
from hiercomp.model.work import Work
from hiercomp.records import replace
from hiercomp.syntax.ast import Binary, Define, DistPiece, ExprPiece, Otherwise
from hiercomp.syntax.ast import Expr as Ast


def condition(work: Work, piece: ExprPiece | DistPiece) -> Expr | None:
    """Return the condition of a piece; None where it has none, or `otherwise`."""
    if piece.condition is None or isinstance(piece.condition, Otherwise):
        return None
    return work.low.scalar(piece.condition)


def choose(work: Work, statement: Define, values: list[tuple[Expr | None, Expr]]) -> Expr:
    """Return the value of a definition whose pieces do not blend."""
    check_pieces(work, statement.pieces, [when for when, _ in values])
    if len(values) == 1:
        return values[0][1]
    axes = next((value.type.axes for _, value in values if value.type.axes), ())
    for _, value in values:
        for x, y in zip(axes, value.type.axes, strict=False):
            if not work.context.axes.join(x, y, work.item.span, "the pieces are arrays"):
                raise Refused
    cases = tuple((when, value) for when, value in values[:-1] if when is not None)
    return Choose(cases, values[-1][1], replace(REAL, axes=axes), work.item.span)


def check_pieces(work: Work, pieces: Sequence[ExprPiece | DistPiece], conditions: list[Expr | None]) -> None:
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
                       "`otherwise` with a piece below" if early.condition else "a piece that always holds",
                       help="only the last piece may be `otherwise`")
        )  # fmt: skip
    last = pieces[-1]
    if isinstance(last.condition, Otherwise):
        return
    stated = [when for when in conditions if when is not None]
    if context.indicators:
        from hiercomp.model.texts import of_columns  # noqa: PLC0415  (few models have text)

        stated = [of_columns(context, when) for when in stated]

    def held(subject: Expr) -> set[float] | None:
        datum = context.symbols[subject.name].datum if isinstance(subject, Ref) else None
        if isinstance(subject, Ref) and any(name == subject.name for name, _ in context.indicators.values()):
            from hiercomp.model.texts import texts  # noqa: PLC0415  (few models have text)

            return set(map(float, range(len(texts(context, subject.name)))))
        if datum is None or datum.elem == "str":
            return None
        return {float(value) for _, value in datum.items()}

    if last.condition is None or len(stated) < len(pieces) or not cover(stated, context.intervals, held):
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


def warn_of_jump(context: Context, statement: Define, item: Item) -> None:
    """Warn of a density that samplers which follow gradients cannot see the whole of (W2)."""
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


def blend(work: Work, statement: Define, values: list[tuple[Expr | None, Expr]]) -> tuple[Expr, list[Stmt]]:
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
                "leave `smoothly` out, or blend two pieces at a time" if len(values) != 2
                else "compare by size, as in `if a > b`; leave `smoothly` out where the data decide",
            )
        )  # fmt: skip
    check_pieces(work, statement.pieces, [condition for condition, _ in values])
    rate = work.low.scalar(statement.smoothly)
    name = f"{item.name}_weight"
    if name in context.symbols:
        other = context.symbols[name]
        raise context.refuse(
            Diagnostic(
                "H3", f"`{name}` is defined, and is also the weight that `smoothly` makes", item.span,
                f"no other `{name}`", f"another `{name}`",
                f"rename it, or `{item.name}`, after which the weight is called",
                secondary=(Label(other.span, "defined here"),) if other.span else (),
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
    assert isinstance(condition, Binary)
    sides = (condition.left, condition.right)
    return sides[place] if condition.op in (">", ">=") else sides[1 - place]
