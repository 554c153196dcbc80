"""What every name is: data, observed, parameter, derived, constant or prediction, by the rules of the language."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from hiercomp.diagnostics import Diagnostics
from hiercomp.model import role_faults
from hiercomp.model.binding import Binding, Datum, Members
from hiercomp.model.draft import Draft, Item, NameUse, discrete_row, is_ordered
from hiercomp.model.ir import Role
from hiercomp.model.letters import Reader
from hiercomp.model.near import NearNames
from hiercomp.model.regions import is_partly_fixed
from hiercomp.model.role_faults import Asked
from hiercomp.model.scope import enough
from hiercomp.records import record
from hiercomp.syntax.ast import Random

PI = "pi"
# Distributions with so few values that they can be summed out.
FINITE = frozenset(
    {"Bernoulli", "Bernoulli-Logit", "Categorical", "Categorical-Logit", "Binomial", "Binomial-Logit",
     "Beta-Binomial", "Discrete-Uniform"}
)  # fmt: skip


@record
class Known:
    """A name's role, the rule that made it so, and its value where data is bound."""

    role: Role
    why: str
    datum: Datum | None = None
    groups: Members | None = None


def assign_roles(
    draft: Draft, binding: Binding, reader: Reader, diagnostics: Diagnostics, *, completed_from: frozenset[str] | None
) -> tuple[dict[str, Known], set[str]]:
    """Return what every name is, and the names about which there is an error.

    `completed_from` has the names that the base of a completed fragment uses; None when nothing was completed.
    """
    near = NearNames([*(name for name, use in draft.names.items() if use.definitions), *binding.names()])
    alone = frozenset[str]()
    if not binding.bound:
        from hiercomp.model.lags import series  # noqa: PLC0415

        alone = frozenset(series(draft, reader))
    asked = Asked(draft, binding, diagnostics, near, completed_from, alone)
    before = len(diagnostics.errors)
    known: dict[str, Known] = {}
    faulty: set[str] = set()
    for name, use in draft.names.items():
        if name in binding and name in reader.letters.words:
            faulty.add(name)  # `check_letters` says why
            continue
        found = _role(asked, use) if not enough(diagnostics, use.first.span) else None
        if found is not None:
            known[name] = found
        elif not is_pi(use, binding):
            faulty.add(name)
    role_faults.check_letters(asked, reader)
    if len(diagnostics.errors) == before:
        for name, what in known.items():
            # After an error, that nothing uses a name may only be because its user has it wrong.
            if what.role is Role.PREDICTION:
                role_faults.predicted(asked, draft.names[name])
    return known, faulty


def is_pi(use: NameUse, binding: Binding) -> bool:
    """Say whether a name can only be the number, which needs no definition."""
    return use.name == PI and not use.definitions and not use.facts and not use.subscripts and PI not in binding


def _role(asked: Asked, use: NameUse) -> Known | None:
    binding = asked.binding
    items = [asked.draft.items[number] for number in use.definitions]
    random = [item for item in items if isinstance(item.statement, Random)]
    if items and len(random) < len(items):
        if use.name in binding:
            return role_faults.defined_and_data(asked, use, items[0])
        if is_partly_fixed(items):
            return _sampled(asked, use, random[0])
        return Known(Role.DERIVED, "has a definition")
    if use.group is not None and not items and use.name in binding:
        groups = binding.groups(use.name, use.group, asked.diagnostics)
        if groups is None:
            return role_faults.no_groups(asked, use)
        return Known(Role.DATA, "the members of every group, in the data", groups.members, groups)
    if use.name in binding:
        gaps = bool(random) and not use.picked
        text = use.subscript or use.picked or use.compared
        ordered = any(is_ordered(item.statement) for item in random)
        numbers = not text if not ordered else use.name in binding.levels
        datum = binding.use(use.name, asked.diagnostics, numbers=numbers, gaps=gaps)
        if datum is None:
            return None
        if ordered and datum.elem == "str":
            return role_faults.without_order(asked, use, datum)
        if datum.missing:
            return _imputed(asked, use, random, datum)
        if random:
            return Known(Role.OBSERVED, "has a distribution, and the data has it", datum)
        return Known(Role.DATA, binding.computed.get(use.name, "the data has it"), datum)
    if random:
        return _random(asked, use, random[0])
    if is_pi(use, binding):
        return None
    if use.size and not use.subscripts:
        return Known(Role.DATA, "the size of an index set")
    if use.states("known") or use.states("observed"):
        if binding.bound:
            return role_faults.missing_column(asked, use)
        return Known(Role.DATA, "stated to be known")
    if binding.bound:
        return role_faults.undefined(asked, use)
    if asked.completed_from is not None and use.name not in asked.completed_from and looks_unknown(use):
        found = "no statement about it in this block or in the one that completes it"
        return role_faults.without_prior(asked, use, found)
    return Known(Role.DATA, "has no definition, and no data is bound: known data")


def _imputed(asked: Asked, use: NameUse, items: list[Item], datum: Datum) -> Known | None:
    pieces = [piece for item in items if isinstance(item.statement, Random) for piece in item.statement.pieces]
    piece = next((piece for piece in pieces if discrete_row(piece.dist)), None)
    if piece is not None:
        return role_faults.discrete_missing(asked, use, piece, datum)
    total = prod(datum.lengths)
    where = datum.place.where(datum.missing)
    return Known(
        Role.OBSERVED,
        f"{len(datum.missing)} of {total} values of `{use.name}` are missing in the data ({where})",
        datum,
    )


def _random(asked: Asked, use: NameUse, item: Item) -> Known | None:
    if use.name in asked.binding.awaited:
        return Known(Role.OBSERVED, "is observed, and its values are to be drawn")
    if use.states("observed") or use.states("known"):
        if asked.binding.bound:
            return role_faults.missing_column(asked, use)
        return Known(Role.OBSERVED, "stated to be observed")
    if use.name in asked.series:
        return Known(Role.OBSERVED, "has a distribution, only what comes later depends on it, and no data is bound")
    if use.users:
        return _sampled(asked, use, item)
    if not asked.binding.bound:
        return Known(Role.OBSERVED, "has a distribution and nothing depends on it, and no data is bound")
    return Known(Role.PREDICTION, "has a distribution, nothing depends on it, and the data lacks it")


def _sampled(asked: Asked, use: NameUse, item: Item) -> Known | None:
    assert isinstance(item.statement, Random)
    for piece in item.statement.pieces:
        row = discrete_row(piece.dist)
        clauses = item.statement.clauses
        ends = clauses.truncated is not None and clauses.truncated.hi is not None
        if (row in FINITE or (row and ends)) and len(use.definitions) == len(item.statement.pieces) == 1:
            return Known(Role.SUMMED, "is unknown and has few values: it is summed out of the density")
        if row:
            return role_faults.discrete_unknown(asked, use, piece, row)
    return Known(Role.PARAMETER, "has a distribution, and other quantities depend on it")


def looks_unknown(use: NameUse) -> bool:
    """Say whether a name without definition looks like an unknown rather than data: `beta`, not `X_i` or `N`."""
    return not use.subscripts and not use.integer and not use.facts and use.name[:1].islower()


def constants(known: Mapping[str, Known], draft: Draft, order: list[int]) -> dict[str, Known]:
    """Turn derived quantities in which nothing is random into constants. `order` puts what is needed first."""
    settled = dict(known)
    for number in order:
        item = draft.items[number]
        if item.name is None or item.name not in settled or settled[item.name].role is not Role.DERIVED:
            continue
        uses = {use for n in draft.names[item.name].definitions for use in draft.items[n].uses} - {item.name}
        roles = {settled[use].role for use in uses if use in settled}
        gaps = any(what.datum is not None and what.datum.missing for use in uses if (what := settled.get(use)))
        if not gaps and not roles & {Role.PARAMETER, Role.DERIVED, Role.PREDICTION, Role.SUMMED}:
            data = roles & {Role.DATA, Role.OBSERVED}
            why = "computed from data" if data else "has a definition in which nothing is random"
            settled[item.name] = Known(Role.CONSTANT, why)
    return settled
