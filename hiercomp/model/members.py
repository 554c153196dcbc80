"""Labels of the members of an index set, and which rows of data belong to which."""

from __future__ import annotations

from hiercomp.diagnostics import Diagnostic, Label, Severity
from hiercomp.model.axes import Facts
from hiercomp.model.near import NearNames, did_you_mean
from hiercomp.model.scope import Context


def take_labels(context: Context, axis: str, name: str) -> None:
    """A column of text picks by label: its different texts are members of the index set."""
    context.axes.facts(axis).pickers.append(name)
    context.factors[name] = axis
    if name in context.binding.levels:
        context.axes.facts(axis).labels = context.binding.levels[name]
    if name in context.binding.keys:
        from hiercomp.model.joining import take_key  # noqa: PLC0415  (few specs have several tables)

        take_key(context, axis, name)


def picked_labels(context: Context, fact: Facts) -> tuple[str, ...]:
    """Return the different texts that pick from a set, in sorted order, which is that of the levels of designs.

    Where rows happen to stand in a file says nothing of the members: `a[1]` may not mean another one for it.
    """
    data = [context.symbols[name].datum for name in fact.pickers]
    return tuple(sorted({str(item) for datum in data if datum is not None for _, item in datum.items()}))


def labels_of(context: Context, fact: Facts, length: int | None, picked: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the labels of a set of `length` members in their order, None where members are numbered.

    They are those of a column that is called like the set, or the columns of a design, or else the texts in `picked`.
    H17 where a text picks no member, H7 where data run along the set and nothing says which row has which label.
    """
    stated = fact.labels or (context.binding.labels(fact.declared, length, fact.pickers) if fact.declared else None)
    if stated is not None and len(set(stated)) < len(stated):
        _note_repeated(context, fact)
        stated = None
    if not picked:
        return stated
    if stated is not None:
        if unknown := [label for label in picked if label not in stated]:
            _no_member(context, fact, unknown[0], stated)
            return (*stated, *unknown)
        if fact.key:
            from hiercomp.model.joining import check_rows  # noqa: PLC0415  (few specs have several tables)

            check_rows(context, fact.key, [extent.name for extent in fact.extents])
        return stated
    if fact.extents:
        _which_row(context, fact)
    elif length is not None and length != len(picked):
        _not_as_many(context, fact, length, picked)
    return picked


def _report(context: Context, fact: Facts, code: str, message: str, expected: str, found: str, help_: str) -> None:
    datum = context.symbols[fact.pickers[0]].datum
    place = datum.header if datum is not None else None
    context.diagnostics.add(
        Diagnostic(
            code, message, context.symbols[fact.pickers[0]].use.first.span, expected, found, help_,
            secondary=(Label(place, "the labels"),) if place is not None else (),
        )
    )  # fmt: skip


def _no_member(context: Context, fact: Facts, label: str, stated: tuple[str, ...]) -> None:
    known = ", ".join(stated[:5]) + (", ..." if len(stated) > 5 else "")
    picker = next(
        name for name in fact.pickers
        if (datum := context.symbols[name].datum) is not None and any(item == label for _, item in datum.items())
    )  # fmt: skip
    _report(
        context, fact, "H17", f"{fact.words()} has no member `{label}`", f"one of {known}", f"`{label}` in `{picker}`",
        f"{did_you_mean(NearNames(stated)(label))} add `{label}` to the labels of {fact.words()} if not".strip()
        if NearNames(stated)(label)
        else f"add `{label}` to the labels of {fact.words()}",
    )  # fmt: skip


def _which_row(context: Context, fact: Facts) -> None:
    along = fact.extents[0]
    _report(
        context,
        fact,
        "H7",
        f"which value of `{along.name}` belongs to which label of `{fact.pickers[0]}` cannot be told",
        f"a column of labels beside `{along.name}`, called like the index set",
        f"{along.length} values of `{along.name}` without labels",
        "name the index set, `j in schools`, and have a column `schools` or `school` where its other columns are",
    )


def _not_as_many(context: Context, fact: Facts, length: int, picked: tuple[str, ...]) -> None:
    _report(
        context,
        fact,
        "H7",
        f"`{fact.pickers[0]}` picks {len(picked)} members by their labels, but {fact.words()} has {length}",
        "as many members as labels, or a column with the labels of all",
        f"{length} members, and labels of {len(picked)}",
        "name the index set, `j in schools`, and have a column `schools` with a label for each member",
    )


def _note_repeated(context: Context, fact: Facts) -> None:
    context.diagnostics.add(
        Diagnostic(
            "N4",
            f"the labels of `{fact.declared}` are not all different, so its members are numbered",
            fact.span,
            help="label columns have a different text in every row",
            severity=Severity.NOTE,
        )
    )
