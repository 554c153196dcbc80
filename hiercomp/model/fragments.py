"""Blocks of a document that lean on others: which names they lack, who defines them, how to complete them."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.data import Table
from hiercomp.diagnostics import Diagnostic, Diagnostics, Severity
from hiercomp.model.binding import Binding
from hiercomp.model.draft import Draft, NameUse, draft
from hiercomp.model.letters import Reader
from hiercomp.model.merge import chain, merge
from hiercomp.model.resolve import reader_for
from hiercomp.model.roles import is_pi
from hiercomp.records import record
from hiercomp.source import Span
from hiercomp.syntax.ast import ModelBlock, Spec


@record
class Lack:
    """A name that a block uses and does not define; `defined_by` are the blocks of the document that do."""

    name: str
    span: Span | None
    defined_by: tuple[str, ...]


@record
class Fragment:
    """A block that cannot be built alone. `base` is the block that completes it best, `complete` the argument that
    asks for it (``proposal.md#option-b --extends model-class-1``), both empty where no block would do."""

    name: str
    title: str
    span: Span | None
    lacks: tuple[Lack, ...]
    base: str = ""
    complete: str = ""


def fragments(
    spec: Spec, tables: Sequence[Table] | None, diagnostics: Diagnostics | None = None
) -> tuple[Fragment, ...]:
    """Return the blocks of a document that use what only other blocks define; say so in a note (N5) of each.

    With bound data everything that a fragment lacks is listed, without them what another block defines and unindexed
    names that no block defines and that look like unknowns.
    """
    if not spec.document:
        return ()
    binding = Binding(tables or ())
    looks = {block.name: _look(spec, block) for block in spec.models}
    definers: dict[str, list[str]] = {}
    for name, found in looks.items():
        if found is not None:
            for use in found.names.values():
                if use.definitions:
                    definers.setdefault(use.name, []).append(name)
    lacking = {name: _lacks(name, found, binding, definers) for name, found in looks.items() if found is not None}
    partial = {name: lacks for name, lacks in lacking.items() if any(lack.defined_by for lack in lacks)}
    result: list[Fragment] = []
    for block in spec.models:
        if block.name not in partial:
            continue
        fragment = _fragment(spec, block, partial[block.name], [n for n in looks if n not in partial])
        result.append(fragment)
        if diagnostics is not None:
            diagnostics.add(_note(fragment))
    return tuple(result)


def _look(spec: Spec, block: ModelBlock) -> Draft | None:
    blocks = chain(spec, block.name, Diagnostics())
    if blocks is None:
        return None
    reader: Reader = reader_for(spec, blocks)
    return draft(merge(spec, blocks, reader, Diagnostics()).entries, reader)


def _lacks(name: str, found: Draft, binding: Binding, definers: dict[str, list[str]]) -> tuple[Lack, ...]:
    lacks: list[Lack] = []
    for use in found.names.values():
        if use.definitions or use.size or use.name in binding or is_pi(use, binding):
            continue
        others = tuple(other for other in definers.get(use.name, ()) if other != name)
        if others or (binding.bound or _looks_unknown(use)):
            lacks.append(Lack(use.name, use.first.span, others))
    return tuple(lacks)


def _looks_unknown(use: NameUse) -> bool:
    return not use.subscripts and not use.facts and not use.integer and use.name[:1].islower()


def _fragment(spec: Spec, block: ModelBlock, lacks: tuple[Lack, ...], whole: list[str]) -> Fragment:
    wanted = [lack for lack in lacks if lack.defined_by]
    score = {
        name: sum(name in lack.defined_by for lack in wanted) for name in whole if name not in spec.only_when_named
    }
    # Of several that bring as much, the first of the document: dictionaries keep its order.
    base = max(score, key=lambda name: score[name], default="")
    if not base or not score[base]:
        base = ""
    command = f"{spec.source.name}#{_dashed(block.name)} --extends {_dashed(base)}" if base else ""
    return Fragment(block.name, block.title, block.name_span or block.span, lacks, base, command)


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _note(fragment: Fragment) -> Diagnostic:
    lent = [lack.name for lack in fragment.lacks if lack.defined_by]
    missing = [lack.name for lack in fragment.lacks if not lack.defined_by]
    found = f"{', '.join(f'`{name}`' for name in lent)} from {fragment.base or 'other blocks'}"
    if missing:
        found += f"; no block says anything of {', '.join(f'`{name}`' for name in missing)}"
    return Diagnostic(
        "N5",
        f"`{fragment.name}` is a fragment: it leans on other blocks",
        fragment.span,
        "a block that defines what it uses",
        found,
        f"to complete it: hiercomp build {fragment.complete}" if fragment.complete else "",
        Severity.NOTE,
    )
