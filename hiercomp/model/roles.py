"""What every name is: data, observed, parameter, derived, constant or prediction, by the rules of the language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hiercomp.diagnostics import Diagnostic, Diagnostics, Label, Severity
from hiercomp.model import surface
from hiercomp.model.binding import Binding, Datum
from hiercomp.model.draft import Draft, Item, NameUse, row_of
from hiercomp.model.ir import Role
from hiercomp.model.letters import Reader
from hiercomp.model.near import NearNames, did_you_mean
from hiercomp.syntax.ast import Random

_GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi "
    "psi omega".split()
)
PI = "pi"


@dataclass(frozen=True, slots=True)
class Known:
    """A name's role, the rule that made it so, and its value where data is bound."""

    role: Role
    why: str
    datum: Datum | None = None


def assign_roles(
    draft: Draft, binding: Binding, reader: Reader, diagnostics: Diagnostics, *, completed_from: frozenset[str] | None
) -> tuple[dict[str, Known], set[str]]:
    """Return what every name is, and the names about which there is an error.

    `completed_from` has the names that the base of a completed fragment uses; None when nothing was completed.
    """
    near = NearNames([*draft.names, *binding.names()])
    known: dict[str, Known] = {}
    faulty: set[str] = set()
    for name, use in draft.names.items():
        if name in binding and name in reader.letters.words:
            faulty.add(name)  # `check_letters` says why
            continue
        found = _role(draft, use, binding, diagnostics, near, completed_from)
        if found is not None:
            known[name] = found
        elif not is_pi(use, binding):
            faulty.add(name)
    check_letters(draft, binding, reader, diagnostics)
    return known, faulty


def is_pi(use: NameUse, binding: Binding) -> bool:
    return use.name == PI and not use.definitions and not use.facts and not use.subscripts and PI not in binding


def _role(
    draft: Draft,
    use: NameUse,
    binding: Binding,
    diagnostics: Diagnostics,
    near: NearNames,
    completed_from: frozenset[str] | None,
) -> Known | None:
    name = use.name
    held = name in binding
    items = [draft.items[number] for number in use.definitions]
    random = [item for item in items if isinstance(item.statement, Random)]
    if items and len(random) < len(items):
        if held:
            _defined_and_data(use, items[0], binding, diagnostics)
            return None
        return Known(Role.DERIVED, "has a definition")
    if held:
        datum = binding.use(name, diagnostics, numbers=not use.subscript)
        if datum is None:
            return None
        if random:
            return Known(Role.OBSERVED, "has a distribution, and the data has it", datum)
        return Known(Role.DATA, "the data has it", datum)
    if random:
        return _random(use, random[0], binding, diagnostics, near)
    if is_pi(use, binding):
        return None
    if use.size:
        return Known(Role.DATA, "the size of an index set")
    if use.states("known") or use.states("observed"):
        if binding.bound:
            _missing_column(use, binding, diagnostics, near)
            return None
        return Known(Role.DATA, "stated to be known")
    if binding.bound:
        _undefined(use, binding, diagnostics, near)
        return None
    if completed_from is not None and _looks_unknown(use) and not use.facts and name not in completed_from:
        _without_prior(use, "no statement about it in this block or in the one that completes it", diagnostics)
        return None
    return Known(Role.DATA, "has no definition, and no data is bound: known data")


def _random(
    use: NameUse, item: Item, binding: Binding, diagnostics: Diagnostics, near: NearNames
) -> Known | None:
    if use.states("observed") or use.states("known"):
        if binding.bound:
            _missing_column(use, binding, diagnostics, near)
            return None
        return Known(Role.OBSERVED, "stated to be observed")
    if use.users:
        return _sampled(use, item, diagnostics)
    if not binding.bound:
        return Known(Role.OBSERVED, "has a distribution and nothing depends on it, and no data is bound")
    hint = did_you_mean(word for word in near(use.name) if word in binding)
    diagnostics.add(
        Diagnostic(
            "W1",
            f"`{use.name}` is only predicted: the data has no column `{use.name}`, and nothing depends on it",
            use.first.span,
            f"a column `{use.name}`, if it was observed",
            f"the columns {', '.join(binding.names())}",
            hint or "if it is meant to be predicted, all is well",
            Severity.WARNING,
        )
    )
    return Known(Role.PREDICTION, "has a distribution, nothing depends on it, and the data lacks it")


def _sampled(use: NameUse, item: Item, diagnostics: Diagnostics) -> Known | None:
    assert isinstance(item.statement, Random)
    for piece in item.statement.pieces:
        row = row_of(piece)
        if row is not None and row.kind == "discrete":
            diagnostics.add(
                Diagnostic(
                    "H12",
                    f"`{use.name}` is unknown and discrete, which the samplers cannot draw",
                    piece.dist.func_span or piece.span,
                    "a continuous distribution of an unknown",
                    f"{row.name}, whose values are whole numbers",
                    f"if it was observed, bind data with a column `{use.name}` or say `where {use.name} is observed`; "
                    "else sum over its values in the density of what depends on it",
                )
            )
            return None
    return Known(Role.PARAMETER, "has a distribution, and other quantities depend on it")


def _looks_unknown(use: NameUse) -> bool:
    return not use.subscripts and not use.integer and use.name[:1].islower()


def _without_prior(use: NameUse, found: str, diagnostics: Diagnostics) -> None:
    prior = "Half-Normal(0, 1)" if use.name in ("sigma", "tau") else "Normal(0, 1)"
    diagnostics.add(
        Diagnostic(
            "H2",
            f"`{use.name}` has no prior",
            use.first.span,
            f"a statement `{use.name} ~ ...`",
            found,
            f"write a prior, say `{use.name} ~ {prior}`; a constant density is asked for with `{use.name} ~ Flat()`",
        )
    )


def _undefined(use: NameUse, binding: Binding, diagnostics: Diagnostics, near: NearNames) -> None:
    hints = near(use.name)
    greek = use.name.partition("_")[0] in _GREEK
    if use.name[:1].islower() and not use.subscript and (greek or not hints):
        _without_prior(use, f"no such statement, and no column of that name in {binding.files()}", diagnostics)
        return
    diagnostics.add(
        Diagnostic(
            "H1",
            f"`{use.name}` has no definition, and the data has no column `{use.name}`",
            use.first.span,
            "a name that is defined or that the data has",
            f"the data {binding.files()} with the columns {', '.join(binding.names())}",
            did_you_mean(hints) or f"add the column to the data, or a definition `{use.name} = ...` to the spec",
        )
    )


def _missing_column(use: NameUse, binding: Binding, diagnostics: Diagnostics, near: NearNames) -> None:
    fact = next(fact for fact in use.facts if fact.kind in ("known", "observed"))
    diagnostics.add(
        Diagnostic(
            "H15",
            f"`{use.name}` is stated to be {fact.kind}, but the data has no column `{use.name}`",
            fact.span or use.first.span,
            f"a column `{use.name}` in {binding.files()}",
            f"the columns {', '.join(binding.names())}",
            did_you_mean(word for word in near(use.name) if word in binding),
        )
    )


def _defined_and_data(use: NameUse, item: Item, binding: Binding, diagnostics: Diagnostics) -> None:
    datum = binding.use(use.name, diagnostics, numbers=False)
    header = datum.header if datum is not None else None
    diagnostics.add(
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


def check_letters(draft: Draft, binding: Binding, reader: Reader, diagnostics: Diagnostics) -> None:
    """Report words that are an index in one place and a name in another (H14)."""
    for word, span in reader.letters.places.items():
        use = draft.names.get(word)
        defined = use is not None and bool(use.definitions or use.subscripts)
        if word not in binding and not defined:
            continue
        datum = binding.use(word, Diagnostics(), numbers=False) if word in binding else None
        other = use.first.span if use is not None and defined else datum.header if datum is not None else None
        what = "a name that is defined" if defined else f"a column of {binding.files()}"
        diagnostics.add(
            Diagnostic(
                "H14",
                f"`{word}` is used as an index, and is also {what}",
                span,
                "a word that is either an index or a name",
                help=f"use another letter for the index, or rename the {'name' if defined else 'column'}",
                secondary=(Label(other, "here it is a name" if defined else "the column"),) if other else (),
            )
        )


def constants(known: Mapping[str, Known], draft: Draft, order: list[int]) -> dict[str, Known]:
    """Turn derived quantities in which nothing is random into constants. `order` puts what is needed first."""
    settled = dict(known)
    for number in order:
        item = draft.items[number]
        if item.name is None or item.name not in settled or settled[item.name].role is not Role.DERIVED:
            continue
        uses = {use for n in draft.names[item.name].definitions for use in draft.items[n].uses} - {item.name}
        roles = {settled[use].role for use in uses if use in settled}
        if not roles & {Role.PARAMETER, Role.DERIVED, Role.PREDICTION}:
            data = roles & {Role.DATA, Role.OBSERVED}
            why = "computed from data" if data else "has a definition in which nothing is random"
            settled[item.name] = Known(Role.CONSTANT, why)
    return settled
