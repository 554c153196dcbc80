"""One model's statements: what it has in common with all others, what it extends, and what it says itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from functools import lru_cache

from hiercomp.diagnostics import Diagnostic, Diagnostics, Severity
from hiercomp.model import surface
from hiercomp.model.find import Same, blocks_by_name, find_model
from hiercomp.model.letters import Letters, Reader, all_statements, collect, read_numbers
from hiercomp.records import record, replace
from hiercomp.source import Span
from hiercomp.syntax.ast import FunctionDecl, IndexDecl, ModelBlock, Name, Random, Spec, Statement, VectorLiteral
from hiercomp.syntax.walk import expressions, mentioned


@record
class Entry:
    """A statement of the merged model. `own` says that the model states it itself, not one that it extends."""

    statement: Statement
    name: str | None
    own: bool


@record
class Merged:
    """The statements of one model, in reading order, and what was dropped on the way."""

    block: ModelBlock
    entries: tuple[Entry, ...]
    indices: tuple[IndexDecl, ...]
    dropped: tuple[str, ...] = ()
    base: str = ""


LONGEST_CHAIN = 100


def chain(spec: Spec, name: str, diagnostics: Diagnostics, extends: str | None = None) -> list[ModelBlock] | None:
    """Return the model and all that it extends, the first ancestor first. H22 for an unknown one, H23 for a cycle.

    `extends` completes a block that does not say itself what it extends.
    """
    blocks = blocks_by_name(spec)
    found: list[ModelBlock] = []
    seen: set[str] = set()
    current: str | None = name
    span: Span | None = None
    while current is not None:
        full = current if current in blocks else find_model(spec, current, diagnostics, span)
        if full is None:
            return None
        block = blocks[full]
        if full in seen:
            _cycle(full, found, span, diagnostics)
            return None
        if len(found) == LONGEST_CHAIN:
            diagnostics.add(
                Diagnostic(
                    "H41", f"model `{name}` stands on too many others, one on the other", blocks[name].name_span,
                    f"at most {LONGEST_CHAIN}", "more", "let models extend the one that they change, not each other",
                )
            )  # fmt: skip
            return None
        seen.add(full)
        found.append(block)
        span = block.extends_span or block.span
        current = block.extends or None
        if current is None and extends is not None:
            current, extends, span = extends, None, None
            if find_model(spec, current, Diagnostics()) in seen:
                current = None  # `--extends` is also given where a block is completed already, then it changes nothing
    return found[::-1]


def _cycle(name: str, found: list[ModelBlock], span: Span | None, diagnostics: Diagnostics) -> None:
    names = [block.name for block in found]
    path = " -> ".join([*names[names.index(name) :], name])
    diagnostics.add(
        Diagnostic(
            "H23", f"model `{name}` extends itself", span, "a model that does not build on this one", path,
            "one of them has to stand on its own",
        )
    )  # fmt: skip


@lru_cache(maxsize=1)
def _letters(same: Same) -> Letters:
    """Return the index letters of all models of a spec. Resolving them one by one asks for each of them."""
    spec = same.spec
    indices = [*spec.indices, *(item for block in spec.models for item in block.indices)]
    return collect(all_statements(spec), indices, declared(spec, spec.models))


def declared(spec: Spec, blocks: Iterable[ModelBlock]) -> list[FunctionDecl]:
    """Return the functions that statements of `blocks` may call, a later one of a name in place of an earlier one."""
    return [*spec.functions, *(function for block in blocks for function in block.functions)]


def reader_for(spec: Spec, blocks: list[ModelBlock], columns: Set[str] = frozenset()) -> Reader:
    """Return what takes names apart. The models of one spec share their index letters, blocks of a document do not."""
    chained = [*spec.common, *(statement for block in blocks for statement in block.statements)]
    if spec.document:
        indices = [*spec.indices, *(item for block in blocks for item in block.indices)]
        letters = collect(chained, indices, declared(spec, blocks))
    else:
        letters = _letters(Same(spec))
    functions = declared(spec, blocks)
    words = {node.ident for statement in chained for node in mentioned(expressions(statement))} if functions else ()
    reader = Reader(letters, frozenset(words))
    read_numbers(chained, reader, columns)
    return reader


def merge(spec: Spec, blocks: list[ModelBlock], reader: Reader, diagnostics: Diagnostics) -> Merged:
    """Put the statements of a chain together: each block replaces the definitions of names that it defines again."""
    last = blocks[-1]
    called = _called(spec, blocks, reader, diagnostics)
    entries = _entries(called(spec.common), reader, own=len(blocks) == 1)
    indices = list(spec.indices)
    dropped: list[str] = []
    for place, block in enumerate(blocks):
        fresh = _entries(called(block.statements), reader, own=block is last)
        before = entries
        entries = _replace(entries, fresh) if entries else fresh
        indices = [
            *(d for d in indices if d.binder.var not in {own.binder.var for own in block.indices}), *block.indices
        ]  # fmt: skip
        if place or before:
            entries, gone = _without_unused(before, entries, {e.name for e in fresh}, reader)
            dropped += [name for name in gone if name not in dropped]
    if dropped:
        listed = ", ".join(f"`{name}`" for name in dropped)
        diagnostics.add(
            Diagnostic(
                "N1",
                f"model `{last.name}` leaves {listed} out: nothing in it uses {'it' if len(dropped) == 1 else 'them'}",
                last.name_span or last.span,
                help="use the name, or define it again in this model, to keep it",
                severity=Severity.NOTE,
            )
        )
    base = blocks[-2].name if len(blocks) > 1 else ""
    return Merged(last, tuple(entries), tuple(indices), tuple(dropped), base)


def _called(
    spec: Spec, blocks: list[ModelBlock], reader: Reader, diagnostics: Diagnostics
) -> Callable[[tuple[Statement, ...]], tuple[Statement, ...]]:
    """Return what puts the functions of the spec in the places of their calls."""
    if not declared(spec, blocks):
        return lambda statements: statements
    from hiercomp.model.functions import expander  # noqa: PLC0415

    return expander(spec, blocks, reader, diagnostics).statements


def _entries(statements: tuple[Statement, ...], reader: Reader, *, own: bool) -> list[Entry]:
    found: list[Entry] = []
    if any(isinstance(statement, Random) and isinstance(statement.lhs, VectorLiteral) for statement in statements):
        from hiercomp.model.joint import apart  # noqa: PLC0415

        statements = apart(statements, reader)
    for statement in statements:
        lhs = surface.target(statement)
        found.append(Entry(statement, reader.base(lhs) if lhs is not None else None, own))
    return found


def _replace(old: list[Entry], new: list[Entry]) -> list[Entry]:
    """Put each definition where the one it replaces was, and what is new after what it follows in its own block."""
    replaced = {entry.name for entry in new if entry.name is not None} & {entry.name for entry in old}
    following: dict[str | None, list[Entry]] = {}
    anchor: str | None = None  # None: before anything that replaces
    groups: dict[str, list[Entry]] = {}
    for entry in new:
        if entry.name is not None and entry.name in replaced:
            anchor = entry.name
            groups.setdefault(anchor, []).append(entry)
        else:
            following.setdefault(anchor, []).append(entry)
    merged: list[Entry] = []
    placed: set[str] = set()
    for entry in old:
        if entry.name is None or entry.name not in replaced:
            merged.append(entry)
            continue
        if entry.name in placed:
            continue
        placed.add(entry.name)
        for item in groups[entry.name]:
            statement = item.statement
            if not statement.section and entry.statement.section:
                statement = replace(statement, section=entry.statement.section)
            merged.append(Entry(statement, item.name, item.own))
        merged += following.get(entry.name, [])
    return [*merged, *following.get(None, [])]


def _used(entry: Entry, reader: Reader) -> set[str]:
    return {
        base
        for node, _ in surface.walk(*surface.body(entry.statement), *surface.ranges(entry.statement))
        if isinstance(node, Name) and (base := reader.base(node)) != entry.name
    } | _used_in_subs(entry, reader)


def _used_in_subs(entry: Entry, reader: Reader) -> set[str]:
    lhs = surface.target(entry.statement)
    facts = [value for fact in entry.statement.clauses.facts for value in surface.fact_values(fact)]
    roots = [*(lhs.subs if lhs is not None else ()), *facts]
    return {reader.base(node) for node, _ in surface.walk(*roots) if isinstance(node, Name)}


def _without_unused(
    before: list[Entry], after: list[Entry], again: set[str | None], reader: Reader
) -> tuple[list[Entry], list[str]]:
    """Drop inherited definitions that something used before and nothing uses now, and then what only they used."""
    was_used = {name for entry in before for name in _used(entry, reader)}
    uses = [_used(entry, reader) for entry in after]
    count: dict[str, int] = {}
    for names in uses:
        for name in names:
            count[name] = count.get(name, 0) + 1
    places: dict[str, list[int]] = {}
    for position, entry in enumerate(after):
        if entry.name is not None:
            places.setdefault(entry.name, []).append(position)
    candidates = [n for n in places if n in was_used and n not in again and not count.get(n)]
    gone: list[str] = []
    removed: set[int] = set()
    while candidates:
        name = candidates.pop(0)
        gone.append(name)
        for position in places[name]:
            removed.add(position)
            for used in sorted(uses[position]):
                count[used] -= 1
                if not count[used] and used in places and used in was_used and used not in again:
                    candidates.append(used)
    kept = [entry for position, entry in enumerate(after) if position not in removed]
    names = dict.fromkeys(entry.name for entry in before if entry.name is not None)
    return kept, [name for name in names if name in gone]
