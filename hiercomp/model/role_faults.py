"""What can be wrong with the role of a name: one function for each finding. They return None: no role."""

from __future__ import annotations

from collections.abc import Iterator

from hiercomp.diagnostics import Diagnostic, Diagnostics, Label, Severity
from hiercomp.model import surface
from hiercomp.model.binding import Binding, Datum
from hiercomp.model.draft import Draft, Item, NameUse, discrete_row
from hiercomp.model.letters import Reader
from hiercomp.model.near import NearNames, did_you_mean
from hiercomp.records import record
from hiercomp.syntax.ast import Binary, DistPiece, Expr, Name, Number, Random, Range

_GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau "  # noqa: SIM905
    "upsilon phi chi psi omega".split()
)


@record
class Asked:
    """What a role is decided from. `near` finds names that are defined or data; `completed_from` has the names that the
    base of a completed fragment uses; `series` those that, without data, only their own later elements depend on."""

    draft: Draft
    binding: Binding
    diagnostics: Diagnostics
    near: NearNames
    completed_from: frozenset[str] | None
    series: frozenset[str] = frozenset()


def predicted(asked: Asked, use: NameUse) -> None:
    """Warn that a random quantity is neither data nor used (W1)."""
    hint = did_you_mean(word for word in asked.near(use.name) if word in asked.binding)
    asked.diagnostics.add(
        Diagnostic(
            "W1",
            f"`{use.name}` is only predicted: the data has no column `{use.name}`, and nothing depends on it",
            use.first.span,
            f"a column `{use.name}`, if it was observed",
            asked.binding.columns(),
            hint or "if it is meant to be predicted, all is well",
            Severity.WARNING,
        )
    )


def discrete_unknown(asked: Asked, use: NameUse, piece: DistPiece, row: str) -> None:
    """Say that an unknown is discrete (H12)."""
    asked.diagnostics.add(
        Diagnostic(
            "H12",
            f"`{use.name}` is unknown and discrete, which the samplers cannot draw",
            piece.dist.func_span or piece.span,
            "a continuous distribution of an unknown, or one with few values, which is summed out",
            f"{row}, whose values are whole numbers",
            "`truncated to [0, 100]` leaves values that can be summed out; if it was observed, bind data with a column "
            f"`{use.name}` or say `where {use.name} is observed`; "
            "else sum over its values: what depends on it is `Mixture(weights, ...)` with a component for each of "
            "them, and states that depend on the one before are `HMM(...)`",
        )
    )


def discrete_missing(asked: Asked, use: NameUse, piece: DistPiece, datum: Datum) -> None:
    """Say that values of a discrete quantity are missing (H12)."""
    place = datum.span(datum.missing[0])
    asked.diagnostics.add(
        Diagnostic(
            "H12",
            f"`{use.name}` has missing values, and they are discrete, which the samplers cannot draw",
            piece.dist.func_span or piece.span,
            "a continuous distribution of what has missing values",
            f"{discrete_row(piece.dist)}, and no value in {datum.place.where(datum.missing)}",
            f"leave the rows out, together with what depends on `{use.name}` there",
            secondary=(Label(place, "no value here"),) if place else (),
        )
    )


def _with_letter(asked: Asked, use: NameUse) -> str:
    """Return what to do where the name is in use with a letter behind it that nothing makes an index."""
    ends = (name for name in asked.draft.names if name[:-2] == use.name and name[-2] == "_" and name[-1].islower())
    return next((_no_index(name, use.name) for name in ends), "")


def _without_letter(asked: Asked, use: NameUse) -> str:
    """Return what to do where the name is another one with a letter behind it that nothing makes an index."""
    base, _, letter = use.name.rpartition("_")
    known = base in asked.binding or base in asked.draft.names
    return _no_index(use.name, base) if known and len(letter) == 1 and letter.islower() else ""


def _no_index(name: str, base: str) -> str:
    letter = name[-1]
    range_ = f"for {letter} in 1..{letter.upper()}"
    return f"`{name}` has nothing to do with `{base}` unless `{letter}` is an index: say its range, as in `{range_}`"


def without_order(asked: Asked, use: NameUse, datum: Datum) -> None:
    """Report an ordered outcome that is text, the order of which nothing tells (H60)."""
    from hiercomp.model import levels  # noqa: PLC0415  (few specs state levels)

    asked.diagnostics.add(levels.without_order(use.name, datum))


def without_prior(asked: Asked, use: NameUse, found: str) -> None:
    """Say that an unknown has no prior (H2)."""
    prior = "Half-Normal(0, 1)" if use.name in ("sigma", "tau") else "Normal(0, 1)"
    name = surface.show(use.indexed) if use.indexed is not None else use.name
    asked.diagnostics.add(
        Diagnostic(
            "H2",
            f"`{use.name}` has no prior",
            use.first.span,
            f"a statement `{name} ~ ...`",
            found,
            _with_letter(asked, use)
            or _of_expression(asked, use)
            or f"write a prior, say `{name} ~ {prior}`; a constant density is asked for with `{name} ~ Flat()`",
        )
    )


def _of_expression(asked: Asked, use: NameUse) -> str:
    """Say how an unknown gets its prior by that of an expression: `nu - 1 ~ Exponential(1)`."""
    for item in asked.draft.items:
        if isinstance(item.statement, Random) and item.name is None and use.name in item.uses:
            solved = _solved(item.statement.lhs, use.name, "v")
            if solved:
                left = surface.show(item.statement.lhs)
                return f"`{left} ~ ...` is a term and defines nothing: write `v ~ ...` and `{use.name} = {solved}`"
    return ""


def _solved(left: Expr, name: str, right: str) -> str:
    """Return what `name` is worth where `left` is worth `right`; empty where that is not plain to see."""
    match left:
        case Name(ident=ident, subs=()):
            return right if ident == name else ""
        case Binary(op="^", left=inner, right=Number(value=2)):
            return _solved(inner, name, f"sqrt({right})")
        case Binary(op="-", left=inner, right=Number(text=number)):
            return _solved(inner, name, f"{right} + {number}")
        case Binary(op="+", left=inner, right=Number(text=number)):
            return _solved(inner, name, f"{right} - {number}")
        case Binary(op="/", left=Number(text=number), right=inner):
            return _solved(inner, name, f"{number} / {right}" if right == "v" else f"{number} / ({right})")
        case _:
            return ""


def _size(asked: Asked, use: NameUse) -> str:
    """Say how the size of an index set gets its name."""
    letter = use.name.lower()
    if len(use.name) > 1 or letter == use.name or not any(letter in _letters_of(item) for item in asked.draft.items):
        return ""
    return f"state the range, `for {letter} in 1..{use.name}`, for the number of `{letter}` to be called `{use.name}`"


def _letters_of(item: Item) -> set[str]:
    return {sub.ident for sub in item.subs if isinstance(sub, Name)}


def undefined(asked: Asked, use: NameUse) -> None:
    """Say that a name means nothing: a misprint, a missing column (H1), or an unknown without a prior (H2)."""
    binding = asked.binding
    hints = asked.near(use.name)
    greek = use.name.partition("_")[0] in _GREEK
    if use.name[:1].islower() and not use.subscript and (greek or not hints):
        without_prior(asked, use, f"no such statement, and no column of that name in {binding.files()}")
        return
    asked.diagnostics.add(
        Diagnostic(
            "H1",
            f"`{use.name}` has no definition, and the data has no column `{use.name}`",
            use.first.span,
            "a name that is defined or that the data has",
            f"{binding.columns()} in {binding.files()}",
            _without_letter(asked, use)
            or _size(asked, use)
            or did_you_mean(hints)
            or f"add the column to the data, or a definition `{use.name} = ...` to the spec",
        )
    )


def missing_column(asked: Asked, use: NameUse) -> None:
    """Say that the data lacks what is stated to be known or observed (H15)."""
    fact = next(fact for fact in use.facts if fact.kind in ("known", "observed"))
    asked.diagnostics.add(
        Diagnostic(
            "H15",
            f"`{use.name}` is stated to be {fact.kind}, but the data has no column `{use.name}`",
            fact.span or use.first.span,
            f"a column `{use.name}` in {asked.binding.files()}",
            asked.binding.columns(),
            did_you_mean(word for word in asked.near(use.name) if word in asked.binding)
            or "add the column to the data, or leave the clause out",
        )
    )


def defined_and_data(asked: Asked, use: NameUse, item: Item) -> None:
    """Say that a name is both defined with `=` and data (H3)."""
    binding = asked.binding
    datum = binding.use(use.name, Diagnostics(), numbers=False)
    header = datum.header if datum is not None else None
    asked.diagnostics.add(
        Diagnostic(
            "H3",
            f"`{use.name}` is defined, and is also a column of the data",
            surface.where(surface.target(item.statement), item.span),
            "a name that is either defined or data",
            f"a definition, and a column in {binding.files()}",
            "rename one of them",
            secondary=(Label(header, "the column"),) if header else (),
        )
    )


def check_letters(asked: Asked, reader: Reader) -> None:
    """Report words that are an index in one place and a name in another (H14).

    A column called like an index is no concern where that is never used as a number.
    """
    draft, binding = asked.draft, asked.binding
    numbers = {name for item in draft.items for name in _worth(item)}
    # A table of the members of groups says with the index's own letter which group a row is of.
    keys = {use.group for use in draft.names.values() if use.group and use.name in binding}
    for word, span in reader.letters.places.items():
        use = draft.names.get(word)
        defined = use is not None and bool(use.definitions or use.subscripts)
        if not defined and (word not in binding or word in keys or word not in numbers):
            continue
        datum = binding.use(word, Diagnostics(), numbers=False) if word in binding else None
        other = use.first.span if use is not None and defined else datum.header if datum is not None else None
        what = "a name that is defined" if defined else f"a column of {binding.files()}"
        asked.diagnostics.add(
            Diagnostic(
                "H14",
                f"`{word}` is used as an index, and is also {what}",
                span,
                "a word that is either an index or a name",
                "one that is both",
                help=f"use another letter for the index, or rename the {'quantity' if defined else 'column'}",
                secondary=(Label(other, "here it is a name" if defined else "the column"),) if other else (),
            )
        )


def _worth(item: Item) -> Iterator[str]:
    """Yield the words that stand for a number in a statement: not in a subscript, but also at the end of a range."""
    for node, inside in surface.walk(*surface.body(item.statement), *surface.ranges(item.statement)):
        match node:
            case Name(ident=word, subs=()) if not inside:
                yield word
            case Range(lo=lo, hi=hi):
                yield from (end.ident for end in (lo, hi) if isinstance(end, Name))
            case _:
                pass


def no_groups(asked: Asked, use: NameUse) -> None:
    """Say that the data have no groups under a name (H7), unless what is wrong with it has been said."""
    before = [item.code for item in asked.diagnostics.errors]
    if before and before[-1].startswith(("H5", "H6")):
        return
    asked.diagnostics.add(
        Diagnostic(
            "H7",
            f"`{use.name}` does not list the members of groups",
            use.first.span,
            "a list of lists, or a table with a row for each member",
            f"`{use.name}` in {asked.binding.files()}",
            f"a table has the group's number, from 1, in a column `{use.group}` beside `{use.name}`"
            if use.group
            else f'write them as one: {{"{use.name}": [[1, 2], [3]]}}',
        )
    )
