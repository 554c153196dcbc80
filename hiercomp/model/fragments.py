"""Blocks of a document that lean on others: which names they lack, who defines them, how to complete them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from hiercomp.data import Table
from hiercomp.diagnostics import Diagnostic, Diagnostics, Label, Severity
from hiercomp.model.binding import Binding
from hiercomp.model.draft import Draft, draft
from hiercomp.model.find import Same, find_model
from hiercomp.model.merge import chain, merge, reader_for
from hiercomp.model.roles import is_pi, looks_unknown
from hiercomp.records import record
from hiercomp.source import Span
from hiercomp.syntax.ast import ModelBlock, Spec


@record
class Lack:
    """A name that a block uses and does not define; `defined_by` are the blocks of the document that do. Where none
    does, `unknown` says that it reads like an unknown, which wants a prior, rather than like data."""

    name: str
    span: Span | None
    defined_by: tuple[str, ...]
    unknown: bool


@record
class Fragment:
    """A block that cannot be built alone. `base` is the block that completes it best, `complete` what asks for it
    (``proposal.md#option-b --extends model-class-1 --data data.csv``), both empty where no block would do."""

    name: str
    title: str
    span: Span | None
    lacks: tuple[Lack, ...]
    base: str = ""
    complete: str = ""


type Definers = dict[str, list[str]]


def fragments(
    spec: Spec, tables: Sequence[Table] | None, diagnostics: Diagnostics | None = None
) -> tuple[Fragment, ...]:
    """Return the blocks of a document that use what only other blocks define; say so in a note (N5) of each.

    With bound data everything that a fragment lacks is listed, without them what another block defines and unindexed
    names that no block defines and that look like unknowns.
    """
    if not spec.document:
        return ()
    looks, definers = _survey(Same(spec))
    binding = Binding(tables or ())
    partial = {name: lacks for name, found in looks.items() if (lacks := _lacks(name, found, binding, definers))}
    whole = [name for name in looks if name not in partial]
    result = tuple(
        _fragment(spec, block, partial[block.name], whole, binding) for block in spec.models if block.name in partial
    )
    if diagnostics is not None:
        diagnostics.extend(_note(fragment, binding) for fragment in result)
    return result


def refuse_fragment(spec: Spec, blocks: list[ModelBlock], binding: Binding, diagnostics: Diagnostics) -> bool:
    """Report a block of a document that, with what it extends, still leans on other blocks (H29)."""
    looks, definers = _survey(Same(spec))
    name = blocks[-1].name
    found = _draft(spec, blocks)
    lacks = _lacks(name, found, binding, definers)
    if not lacks:
        return False
    whole = [other for other, look in looks.items() if not _lacks(other, look, binding, definers)]
    fragment = _fragment(spec, blocks[-1], lacks, whole, binding)
    first = next(lack for lack in lacks if lack.defined_by)
    diagnostics.add(
        Diagnostic(
            "H29",
            f"`{name}` is a fragment: it lacks {_listed(lacks)}",
            first.span,
            "a block that defines what it uses, or that extends one which does",
            _lent(fragment),
            _cure(fragment),
            secondary=_nowhere(fragment, binding),
        )
    )
    return True


@lru_cache(maxsize=1)
def _survey(same: Same) -> tuple[Mapping[str, Draft], Definers]:
    """Return what each block of a document says, and which blocks define each name: every block asks for all."""
    looks = _looks(same.spec)
    return looks, _definers(looks)


def _looks(spec: Spec) -> dict[str, Draft]:
    found: dict[str, Draft] = {}
    for block in spec.models:
        blocks = chain(spec, block.name, Diagnostics())
        if blocks is not None:
            found[block.name] = _draft(spec, blocks)
    return found


def _draft(spec: Spec, blocks: list[ModelBlock]) -> Draft:
    reader = reader_for(spec, blocks)
    merged = merge(spec, blocks, reader, Diagnostics())
    return draft(merged.entries, reader, merged.indices)


def _definers(looks: dict[str, Draft]) -> Definers:
    definers: Definers = {}
    for name, found in looks.items():
        for use in found.names.values():
            if use.definitions:
                definers.setdefault(use.name, []).append(name)
    return definers


def _lacks(name: str, found: Draft, binding: Binding, definers: Definers) -> tuple[Lack, ...]:
    """Return what a block lacks, nothing unless another block defines some of it: then it is whole, if faulty."""
    lacks: list[Lack] = []
    for use in found.names.values():
        if use.definitions or use.size or use.name in binding or is_pi(use, binding):
            continue
        others = tuple(other for other in definers.get(use.name, ()) if other != name)
        if others or binding.bound or looks_unknown(use):
            lacks.append(Lack(use.name, use.first.span, others, looks_unknown(use)))
    return tuple(lacks) if any(lack.defined_by for lack in lacks) else ()


def _fragment(
    spec: Spec, block: ModelBlock, lacks: tuple[Lack, ...], whole: Iterable[str], binding: Binding
) -> Fragment:
    score = {name: sum(name in lack.defined_by for lack in lacks) for name in whole if name not in spec.only_when_named}
    # Of several that bring as much, the first of the document: dictionaries keep its order.
    base = max(score, key=lambda name: score[name], default="")
    if not base or not score[base]:
        return Fragment(block.name, block.title, block.name_span or block.span, lacks)
    command = f"{_quoted(f'{spec.source.name}#{_short(spec, block.name)}')} --extends {_short(spec, base)}"
    # A document declares data block by block only, so what is bound beside that was given on the command line.
    if not block.data:
        command += "".join(f" --data {_quoted(table.name)}" for table in binding.tables if table.name[:1] != "<")
    return Fragment(block.name, block.title, block.name_span or block.span, lacks, base, command)


def _quoted(word: str) -> str:
    """Return a word as a shell has to be given it."""
    return word if re.fullmatch(r"[\w./#:@%+=,-]+", word) else "'" + word.replace("'", "'\"'\"'") + "'"


def _short(spec: Spec, name: str) -> str:
    """Return the fewest first words of a name that say which block is meant; one word alone says too little."""
    words = name.split("_")
    for count in range(min(2, len(words)), len(words)):
        beginning = "_".join(words[:count])
        if find_model(spec, beginning, Diagnostics()) == name:
            return beginning.replace("_", "-")
    return name.replace("_", "-")


def _listed(lacks: Iterable[Lack]) -> str:
    return ", ".join(f"`{lack.name}`" for lack in lacks)


def _lent(fragment: Fragment) -> str:
    """Say which block defines what: of several, the one that would complete the fragment."""
    lenders: dict[str, list[Lack]] = {}
    for lack in fragment.lacks:
        if lack.defined_by:
            lender = fragment.base if fragment.base in lack.defined_by else lack.defined_by[0]
            lenders.setdefault(lender, []).append(lack)
    return "; ".join(f"{_listed(lacks)} in `{lender}`" for lender, lacks in lenders.items())


def _nowhere(fragment: Fragment, binding: Binding) -> tuple[Label, ...]:
    """Point at the names that no block of the document defines."""
    found: list[Label] = []
    for lack in fragment.lacks:
        if lack.defined_by or lack.span is None:
            continue
        text = f"no block states a prior for `{lack.name}`" if lack.unknown else f"no block defines `{lack.name}`"
        if binding.bound and not lack.unknown:
            text += f", and {binding.files()} has no such column"
        found.append(Label(lack.span, text))
    return tuple(found)


def _cure(fragment: Fragment) -> str:
    priors = [f"`{lack.name} ~ ...`" for lack in fragment.lacks if lack.unknown and not lack.defined_by]
    if not fragment.complete:
        return "define in the block what it lacks, or name the block that does: `<!-- hier: extends NAME -->`"
    first = f"state a prior, {', '.join(priors)}; then complete it" if priors else "complete it"
    return f"{first}: hiercomp build {fragment.complete}"


def _note(fragment: Fragment, binding: Binding) -> Diagnostic:
    return Diagnostic(
        "N5",
        f"`{fragment.name}` is a fragment: it lacks {_listed(fragment.lacks)}",
        fragment.span,
        found=_lent(fragment),
        help=_cure(fragment),
        severity=Severity.NOTE,
        secondary=_nowhere(fragment, binding),
    )
