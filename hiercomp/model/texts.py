"""Text that columns are compared with: ``arm[n] == "treated"`` is about a column of data that is 1 there, else 0."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.expr import BOOL, INT, Const, Expr, Op, Ref, Type, rebuild
from hiercomp.model import surface
from hiercomp.model.binding import Datum
from hiercomp.model.draft import NameUse
from hiercomp.model.ir import Role, Value
from hiercomp.model.near import NearNames, did_you_mean
from hiercomp.model.scope import Context, Refused, Sym
from hiercomp.records import replace
from hiercomp.syntax.ast import Binary, Name, Text

if TYPE_CHECKING:
    from hiercomp.model.lower import Lower

_ONE = Const(1, "1", INT)


def compared(low: Lower, node: Binary) -> Expr:
    """Return the comparison of a column with text, as one of the column's indicator with 1.

    H11 for anything else than a column of text, H17 for text that the column does not have.
    """
    context = low.context
    name, text = (node.left, node.right) if isinstance(node.right, Text) else (node.right, node.left)
    if not isinstance(name, Name) or not isinstance(text, Text) or node.op not in ("==", "!="):
        found = f"`{surface.show(node)}`"
        raise context.refuse(_misused(node, "the name of a column, `==` or `!=`, and text", found))
    base = context.reader.base(name)
    if base in context.faulty:
        raise Refused
    sym = context.symbols.get(base)
    if sym is None or sym.role not in (Role.DATA, Role.OBSERVED) or (sym.datum is None and base in context.binding):
        raise context.refuse(_misused(node, "a column of text", f"`{base}`, which is no data"))
    if sym.datum is not None and sym.datum.elem != "str":
        raise context.refuse(_misused(node, "a column of text", f"`{base}`, which holds numbers"))
    made = _indicator(context, sym, text)
    value = low.name(replace(name, ident=made, subs=context.reader.subs(name)[1]))
    return Op(node.op, (value, _ONE), Type("bool", value.type.axes) if value.type.axes else BOOL, node.span)


def _misused(node: Binary, expected: str, found: str) -> Diagnostic:
    return Diagnostic(
        "H11", f"`{surface.show(node)}` does not compare a column of text", node.span, expected, found,
        'write the column first, `arm_i == "treated"`; numbers are compared without quotes',
    )  # fmt: skip


def _indicator(context: Context, column: Sym, text: Text) -> str:
    """Return the name of the data that say where a column has a text; they are made when they are first asked for."""
    for name, (source, value) in context.indicators.items():
        if (source, value) == (column.name, text.value):
            return name
    if column.datum is not None:
        _check_there(context, column, column.datum, text)
    stem = f"{column.name}_is_{re.sub(r'[^A-Za-z0-9]+', '_', text.value).strip('_') or 'text'}"
    name, count = stem, 2
    while name in context.symbols or name in context.draft.names or name in context.binding:
        name, count = f"{stem}_{count}", count + 1
    datum = column.datum and _where(name, column.datum, text.value)
    use = NameUse(name, replace(column.use.first, ident=name), integer=True, only_size=False)
    why = f"1 where `{column.name}` is {surface.show(text)}, else 0"
    assert column.axes is not None
    made = Sym(name, Role.DATA, why, use, column.axes, "int", datum, span=column.span)
    context.symbols[name] = made
    context.places[name] = context.places[column.name]
    context.intervals[name] = 0.0, 1.0
    context.indicators[name] = column.name, text.value
    return name


def _where(name: str, datum: Datum, text: str) -> Datum:
    def at(value: Value) -> Value:
        return tuple(map(at, value)) if isinstance(value, tuple) else int(value == text)

    return Datum(name, at(datum.value), datum.lengths, "int", datum.columns)


def _check_there(context: Context, column: Sym, datum: Datum, text: Text) -> None:
    """Report text that a column nowhere has (H17): it is most likely misspelt."""
    known = list(dict.fromkeys(str(value) for _, value in datum.items()))
    if text.value in known:
        return
    near = did_you_mean(NearNames(known)(text.value))
    raise context.refuse(
        Diagnostic(
            "H17", f"`{column.name}` is nowhere {surface.show(text)}", text.span,
            f"one of {', '.join(known[:5])}{', ...' if len(known) > 5 else ''}", surface.show(text),
            near or "write the text as the column has it, capitals and blanks included",
            secondary=(Label(datum.header, "the column"),) if datum.header is not None else (),
        )
    )  # fmt: skip


def of_columns(context: Context, condition: Expr) -> Expr:
    """Return a condition on indicators as one on the columns that they are made of, whose texts are then numbers."""
    match condition:
        case Op(op="==" | "!=", args=(Ref(name=name) as value, _)) if name in context.indicators:
            source, text = context.indicators[name]
            place = texts(context, source).index(text)
            return replace(condition, args=(replace(value, name=source), Const(place, str(place), INT)))
        case _:
            return rebuild(condition, lambda part: of_columns(context, part))


def texts(context: Context, name: str) -> list[str]:
    """Return the different texts of a column; where no data are bound, those that it is compared with, and another."""
    datum = context.symbols[name].datum
    if datum is None:
        return [*(text for source, text in context.indicators.values() if source == name), ""]
    return list(dict.fromkeys(str(value) for _, value in datum.items()))
