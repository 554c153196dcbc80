"""What a model will ask of its data, told from its text alone, before any data are there."""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.diagnostics import Diagnostics
from hiercomp.model.binding import Binding
from hiercomp.model.draft import draft
from hiercomp.model.ir import Role
from hiercomp.model.merge import chain, merge, reader_for
from hiercomp.model.roles import assign_roles
from hiercomp.records import record
from hiercomp.source import Span
from hiercomp.syntax.ast import Spec


@record
class Foreseen:
    """The names that are `observed`, and those that are `known` besides, with their places; sizes are not among them,
    since other data may tell them, nor are design matrices, which are computed."""

    observed: frozenset[str]
    known: Mapping[str, Span | None]


def foresee(spec: Spec, name: str, diagnostics: Diagnostics, extends: str | None = None) -> Foreseen | None:
    """Return what the model `name` needs of data; None where it makes no sense, which `diagnostics` then says."""
    blocks = chain(spec, name, diagnostics, extends)
    if blocks is None:
        return None
    reader = reader_for(spec, blocks)
    merged = merge(spec, blocks, reader, diagnostics)
    found = draft(merged.entries, reader, merged.indices)
    roles, _ = assign_roles(found, Binding(()), reader, diagnostics, completed_from=None)
    if diagnostics.errors:
        return None
    computed = {design.name for block in (spec, *blocks) for design in block.designs}
    known = {
        given: found.names[given].first.span
        for given, what in roles.items()
        if what.role is Role.DATA and given not in computed and not found.names[given].size
    }
    return Foreseen(frozenset(given for given, what in roles.items() if what.role is Role.OBSERVED), known)
