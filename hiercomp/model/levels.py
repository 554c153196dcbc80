"""The order of a column's texts: ``levels rating = "low" < "medium" < "high"`` makes its levels 1, 2 and 3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hiercomp.data import Column, Value
from hiercomp.diagnostics import Diagnostic, Diagnostics, Label
from hiercomp.model.binding import Binding, Datum
from hiercomp.model.near import NearNames, did_you_mean
from hiercomp.records import replace
from hiercomp.syntax.ast import LevelsDecl

_SHOWN = 6


def state_levels(stated: Iterable[LevelsDecl], binding: Binding, diagnostics: Diagnostics) -> None:
    """Give columns their levels, the last ones stated of each. H11 for a column of numbers, H15 for none, H17 for text
    that is no level."""
    for item in {item.name: item for item in stated}.values():
        column = next((table.columns[item.name] for table in binding.tables if item.name in table.columns), None)
        if column is None:
            diagnostics.add(
                Diagnostic(
                    "H15", f"the data has no column `{item.name}`, whose levels are stated", item.span,
                    f"a column `{item.name}`", binding.columns(), "correct the name, or leave the line out",
                )
            )  # fmt: skip
            continue
        if column.elem != "str":
            diagnostics.add(
                Diagnostic(
                    "H11", f"`{item.name}` has numbers, and levels are texts", item.span, "a column of text",
                    "a column of numbers", "leave the line out: numbers have their order",
                    secondary=_header(column),
                )
            )  # fmt: skip
            continue
        _check(item, column, diagnostics)
        binding.levels[item.name] = item.levels


def _header(column: Column) -> tuple[Label, ...]:
    return (Label(column.header, "the column"),) if column.header is not None else ()


def _check(item: LevelsDecl, column: Column, diagnostics: Diagnostics) -> None:
    for place, leaf in enumerate(column.leaves()):
        if leaf in item.levels:
            continue
        span = column.span(*column.index(place))
        near = did_you_mean(NearNames(item.levels)(str(leaf)))
        diagnostics.add(
            Diagnostic(
                "H17", f"`{item.name}` is {_quoted(str(leaf))} somewhere, which is none of its levels", item.span,
                f"one of {', '.join(map(_quoted, item.levels))}", _quoted(str(leaf)),
                near or "state this level too, where it belongs in the order",
                secondary=(Label(span, "here"),) if span is not None else (),
            )
        )  # fmt: skip
        return


def _quoted(text: str) -> str:
    return f'"{text}"'


def as_numbers(column: Column, levels: tuple[str, ...]) -> Column:
    """Return a column of text as the places of its levels, counted from 1."""
    places: Mapping[Value, int] = {level: place for place, level in enumerate(levels, 1)}

    def at(value: Value) -> Value:
        return tuple(map(at, value)) if isinstance(value, tuple) else places.get(value, 1)

    return replace(column, value=at(column.value), elem="int")


def without_order(name: str, datum: Datum) -> Diagnostic:
    """Say that an ordered outcome is text, the order of which nothing tells (H60)."""
    texts = list(dict.fromkeys(str(value) for _, value in datum.items()))
    shown = " < ".join(map(_quoted, texts[:_SHOWN])) + (" < ..." if len(texts) > _SHOWN else "")
    return Diagnostic(
        "H60", f"`{name}` has ordered categories, and the data has text for them", datum.header,
        "whole numbers from 1 on, or texts with an order", ", ".join(map(_quoted, texts[:_SHOWN])),
        f"state the order, in a line of its own: `levels {name} = {shown}`, from the lowest to the highest",
    )  # fmt: skip
