"""What can be wrong with the size of an index set: one function for each finding."""

from __future__ import annotations

from hiercomp.diagnostics import Diagnostic, Label, Severity
from hiercomp.model import surface
from hiercomp.model.axes import Extent, Facts
from hiercomp.model.ranges import LARGEST
from hiercomp.model.scope import Context, Sym
from hiercomp.syntax.ast import Name


def unlike_list(context: Context, fact: Facts, name: str, length: int, total: int) -> None:
    """H7: a list that is written out has more or fewer items than the index set that it runs over."""
    span = fact.span or context.reader.letters.places.get(fact.letters[0] if fact.letters else "")
    context.diagnostics.add(
        Diagnostic(
            "H7", f"a list with {total} items runs over {fact.words()}, which has {length} members", span,
            f"{length} items", f"{total}", f"add an item to the list, or take one away, so that it fits `{name}`",
        )
    )  # fmt: skip


def too_long(context: Context, fact: Facts, length: int) -> None:
    """H7: a range goes on beyond the data that run along the same index."""
    words = f"`{fact.extents[0].name}` in the data" if fact.extents else fact.words()
    span = context.reader.letters.places.get(fact.letters[0]) if fact.letters else fact.span
    context.diagnostics.add(
        Diagnostic(
            "H7",
            f"a range ends at {max(fact.ends)}, beyond the {length} of {words}",
            span,
            f"a range that ends at {length} or before",
            f"{max(fact.ends)}",
            f"end it at {length}" + (", or leave the range out: the data tell it" if fact.extents else ""),
            secondary=tuple(Label(e.span, f"{e.length} here") for e in fact.extents[:1] if e.span is not None),
        )
    )


def unlike_range(context: Context, fact: Facts, extent: Extent, stated: int) -> None:
    """H7: data are longer or shorter than the range that the spec states."""
    sym = context.symbols.get(extent.name)
    context.diagnostics.add(
        Diagnostic(
            "H7",
            f"`{extent.name}` has {extent.length} values along {fact.words()}, which is {stated} long",
            sym.use.first.span if sym is not None else fact.span,
            f"{stated} values",
            f"{extent.length} in the data",
            f"leave the range out, or end it at {extent.length}",
            secondary=(Label(fact.span, "the range"),) if fact.span is not None else (),
        )
    )


def no_count(context: Context, fact: Facts) -> None:
    """H27: a size is worked out by more than whole numbers and +, - and *."""
    context.diagnostics.add(
        Diagnostic(
            "H27", "the size of an index set is not sure to be a whole number", fact.span,
            "whole numbers, connected by +, - and *",
            f"`{surface.show(fact.size)}`" if fact.size is not None else "another size",
            "put the size into the data, and name it",
        )
    )  # fmt: skip


def array_size(context: Context, fact: Facts, sym: Sym) -> None:
    """H6: a range ends at a name that is an array."""
    context.diagnostics.add(
        Diagnostic(
            "H6", f"`{sym.name}` ends a range, but it has {len(sym.axes or ())} axes", fact.span, "one number",
            f"an array: {sym.why}", "put the size into the data as one number, and end the range at its name",
            secondary=(Label(sym.span, "here"),) if sym.span is not None else (),
        )
    )  # fmt: skip


def random_size(context: Context, fact: Facts, name: str) -> None:
    """H27: a range ends at an unknown."""
    context.diagnostics.add(
        Diagnostic(
            "H27", f"the size of an index set cannot be the unknown `{name}`", fact.span, "data or a constant",
            f"`{name}`, which is {context.symbols[name].role}",
            f"give it a number, `{name} = 8`, or put it into the data",
        )
    )  # fmt: skip


def unknown_size(context: Context, fact: Facts, name: str, size_name: str) -> None:
    """H27: nothing tells how many members an index set has."""
    size = f"`{fact.size.ident}`" if isinstance(fact.size, Name) else "a stated range"
    owner = context.symbols.get(fact.owner)
    letters = context.reader.letters.places
    span = fact.span or letters.get(fact.letters[0] if fact.letters else "") or (owner.span if owner else None)
    context.diagnostics.add(
        Diagnostic(
            "H27",
            f"how many members the index set `{name}` has cannot be told",
            span,
            f"data along it, or {size} in the data",
            "neither",
            f"state the range, `for i in 1..8`, or give the size, `--size {size_name}=8`"
            if context.binding.awaited
            else f"state the range, `for i in 1..8`, or add the size, `{size_name}`, to the data",
        )
    )


def note_largest(context: Context, fact: Facts, name: str, length: int) -> None:
    """N3: the largest value that picks from an index set decides its size."""
    first = fact.largest[0]
    context.diagnostics.add(
        Diagnostic(
            "N3",
            f"the index set `{name}` is taken to have {length} members, the largest value that picks from it",
            context.symbols[first.name].use.first.span if first.name in context.symbols else first.span,
            help="state its range if it has more: `for j in 1..J`",
            severity=Severity.NOTE,
        )
    )


def unlike_lengths(context: Context, first: Extent, other: Extent) -> None:
    """H7: two columns along one index, or the two sides of a square matrix, differ in length."""
    if other.name == first.name:
        context.diagnostics.add(
            Diagnostic(
                "H7", f"`{first.name}` has to be a square matrix",
                context.symbols[first.name].use.first.span if first.name in context.symbols else first.span,
                "as many rows as columns", f"{first.length} and {other.length}",
                f"write {min(first.length, other.length)} rows of as many numbers, or take its product with its "
                f"transpose: `{first.name} * transpose({first.name})`",
                secondary=(Label(first.span, "in the data"),) if first.span else (),
            )
        )  # fmt: skip
    else:
        spans = [Label(extent.span, f"{extent.length} here") for extent in (first,) if extent.span is not None]
        context.diagnostics.add(
            Diagnostic(
                "H7",
                f"`{first.name}` and `{other.name}` run over one index, but have different lengths in the data",
                context.symbols[other.name].use.first.span if other.name in context.symbols else other.span,
                f"{first.length} values of `{other.name}`, as of `{first.name}`",
                f"{other.length}",
                "use another index for one of them, if they do not run alike",
                secondary=(*spans, *([Label(other.span, f"{other.length} here")] if other.span else [])),
            )
        )


def not_whole(context: Context, fact: Facts, size: float) -> None:
    """H27: a size is negative, no whole number, or too large."""
    context.diagnostics.add(
        Diagnostic(
            "H27", "the size of an index set is a whole number", fact.span, f"a whole number from 0 to {LARGEST}",
            f"`{surface.show(fact.size)}`, which is {size:.15g}" if fact.size is not None else f"{size:.15g}",
            "write it as a whole number, such as 8",
        )
    )  # fmt: skip
