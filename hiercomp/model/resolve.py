"""The passes from a parsed spec to a resolved model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hiercomp.data import Table
from hiercomp.diagnostics import Diagnostics
from hiercomp.model.axes import Axes
from hiercomp.model.binding import Binding
from hiercomp.model.bounds import state_bounds
from hiercomp.model.checks import check_bounds, partly_defined
from hiercomp.model.draft import draft
from hiercomp.model.find import find_model
from hiercomp.model.ir import DefineStmt, IndexSet, Model, Role, Stmt, Symbol, Value
from hiercomp.model.letters import Reader
from hiercomp.model.lower import Lower
from hiercomp.model.merge import Merged, chain, merge, reader_for
from hiercomp.model.order import order_items
from hiercomp.model.ranges import check_ranges, continued, counts_from_elsewhere, letter_nodes, mark_stops
from hiercomp.model.regions import check_definitions, check_recursion, is_partly_fixed, looks_ahead
from hiercomp.model.roles import assign_roles, constants
from hiercomp.model.scope import Context, Refused, Sym, enough
from hiercomp.model.seal import Sealer
from hiercomp.model.sets import Sets, name_sets, nodes_of
from hiercomp.model.shapes import check_members
from hiercomp.model.statements import lower_statement
from hiercomp.model.supports import intersect
from hiercomp.model.surface import body, target, walk
from hiercomp.model.symbols import make_symbols
from hiercomp.model.values import check_facts
from hiercomp.records import replace
from hiercomp.syntax.ast import (
    Comprehension,
    Define,
    DesignDecl,
    LevelsDecl,
    ModelBlock,
    Name,
    Number,
    Random,
    Range,
    Spec,
    Statement,
    Unary,
)
from hiercomp.syntax.walk import expressions, mentioned

if TYPE_CHECKING:
    from hiercomp.model.origins import Firsts


def resolve(
    spec: Spec,
    name: str,
    tables: Sequence[Table] | None,
    diagnostics: Diagnostics,
    extends: str | None = None,
    awaited: frozenset[str] = frozenset(),
) -> Model | None:
    """Return the resolved model `name`, or None where there are errors, which `diagnostics` then has.

    `tables` are the bound data, none for a model without data. `extends` completes a block of a document that leans on
    another one, and names that one. `awaited` are observed quantities whose values the tables do not have yet.
    """
    # What other models had to say, even the same about statements that they share, does not count here.
    own = Diagnostics()
    model = _resolve(spec, name, Binding(tables or (), awaited), own, extends)
    diagnostics.extend(own.items)
    return model


def _resolve(spec: Spec, name: str, binding: Binding, diagnostics: Diagnostics, extends: str | None) -> Model | None:
    full = find_model(spec, name, diagnostics)
    blocks = chain(spec, full, diagnostics, extends) if full is not None else None
    if blocks is None:
        return None
    if spec.document:
        from hiercomp.model.fragments import refuse_fragment  # noqa: PLC0415

        if refuse_fragment(spec, blocks, binding, diagnostics):
            return None
    context, merged = look(spec, blocks, binding, diagnostics)
    return _finish(context, spec, merged, _lower_all(context))


def look(spec: Spec, blocks: list[ModelBlock], binding: Binding, diagnostics: Diagnostics) -> tuple[Context, Merged]:
    """Do what needs no types: one list of statements, names, roles, definitions that clash, an order."""
    reader = reader_for(spec, blocks, frozenset(binding.names()))
    if binding.bound:
        _leave_columns_whole(reader, spec, blocks, binding)
        reader.columns = frozenset(binding.names())
    labels = _designs(spec, blocks, binding, diagnostics)
    merged = merge(spec, blocks, reader, diagnostics)
    merged, firsts = _rewritten(merged, reader, binding, diagnostics)
    found = draft(merged.entries, reader, merged.indices)
    completed: frozenset[str] | None = None
    if spec.document and len(blocks) > 1:
        base = merge(spec, blocks[:-1], reader, Diagnostics())
        completed = frozenset(draft(base.entries, reader, base.indices).names)
    known, faulty = assign_roles(found, binding, reader, diagnostics, completed_from=completed)
    faulty |= check_definitions(found, diagnostics)
    given = {name for name, what in known.items() if what.role in (Role.DATA, Role.OBSERVED)}
    faulty |= check_recursion(found, reader, given, diagnostics)
    order = order_items(found, known, reader, faulty, diagnostics)
    axes = Axes(diagnostics)
    binders = [binder for entry in merged.entries for binder in entry.statement.clauses.binders]
    check_ranges((binder.domain for binder in (*(d.binder for d in merged.indices), *binders)), diagnostics)
    if firsts is not None:
        binders = list(firsts.ranges)
    goes_on = continued(binders)
    mark_stops(found, reader)
    short = [b for item in found.items for b in item.statement.clauses.binders if b.var in item.stops]
    usual = [binder for binder in binders if all(binder is not one for one in short)]
    letters, ambiguous = letter_nodes(axes, merged.indices, usual, goes_on, reader)
    context = Context(found, reader, binding, axes, diagnostics, {}, faulty, letters, ambiguous, order)
    context.continued = goes_on
    context.stops = bool(short)
    context.soft = any(isinstance(item.statement, Random) and item.name is None for item in found.items)
    context.columns = labels
    if firsts is not None:
        context.firsts = firsts.places
        for letter, first in firsts.letters.items():
            axes.facts(axes.letter(letter)).first = first
    context.fixed = frozenset(
        name
        for name, use in found.names.items()
        if len(use.definitions) > 1 and is_partly_fixed([found.items[number] for number in use.definitions])
    )
    make_symbols(context, constants(known, found, order))
    return context, merged


def _rewritten(
    merged: Merged, reader: Reader, binding: Binding, diagnostics: Diagnostics
) -> tuple[Merged, Firsts | None]:
    """Return the statements as what they are short for, and what the spec counts from elsewhere than 1, if anything."""
    if any(looks_ahead(entry.statement, reader) for entry in merged.entries):
        from hiercomp.model.backwards import forwards  # noqa: PLC0415  (few models look ahead)

        merged = replace(merged, entries=forwards(merged.entries, reader))
    firsts: Firsts | None = None
    if counts_from_elsewhere((entry.statement for entry in merged.entries), merged.indices, reader):
        from hiercomp.model.origins import counted_from_one  # noqa: PLC0415  (few models count from elsewhere)

        merged, firsts = counted_from_one(merged, reader, diagnostics)
    if not binding.bound and any(entry.name is not None and entry.name.endswith("_joint") for entry in merged.entries):
        from hiercomp.model.joint import observed  # noqa: PLC0415  (few models have joint distributions)

        merged = replace(merged, entries=observed(merged.entries, reader))
    if _has_transformed(merged):
        from hiercomp.model.linked import of_transformed  # noqa: PLC0415  (few models transform what is random)

        merged = replace(merged, entries=of_transformed(merged.entries, binding, reader))
    if _has_ranges_inside(merged):
        from hiercomp.model.windows import looking_back  # noqa: PLC0415  (few models sum over a part of a range)

        merged = replace(merged, entries=looking_back(merged.entries, reader))
    return merged, firsts


def _leave_columns_whole(reader: Reader, spec: Spec, blocks: list[ModelBlock], binding: Binding) -> None:
    """Read as one name what the data has as one number under it, though it ends like an index: `rate_l`, not `rate[l]`.

    So is an array that the spec gives an index of its own, as `obs_t` in `obs_t_i`. Neither the data nor the spec then
    has anything called like what stands before the underscore.
    """
    statements = [*spec.common, *(statement for block in blocks for statement in block.statements)]
    defined = {reader.base(lhs) for statement in statements if (lhs := target(statement)) is not None}
    taken = {*binding.names(), *defined}
    reader.leave_whole(
        name
        for name in binding.names()
        if "_" in name
        and reader.split(name).tail
        and reader.split(name).base not in taken
        and (binding.single(name) or _has_index(name, statements))
    )


def _has_index(name: str, statements: Sequence[Statement]) -> bool:
    """Say whether subscripts follow on `name` somewhere: `obs_t_i`, `obs_t[i]`."""
    nodes = (node for statement in statements for node in mentioned(expressions(statement)))
    return any(node.ident.startswith(f"{name}_") or (node.ident == name and bool(node.subs)) for node in nodes)


def _has_transformed(merged: Merged) -> bool:
    """Say whether something may be said of the distribution of what is computed."""
    defined = {entry.name for entry in merged.entries if isinstance(entry.statement, Define)}
    return any(
        isinstance(entry.statement, Random) and (entry.name is None or entry.name in defined)
        for entry in merged.entries
    )


def _has_ranges_inside(merged: Merged) -> bool:
    """Say whether something goes over a range that ends at a name, or at what is computed from one."""
    nodes = (node for entry in merged.entries for node, _ in walk(*body(entry.statement)))
    return any(
        isinstance(binder.domain, Range) and not isinstance(binder.domain.hi, Number)
        for node in nodes
        if isinstance(node, Comprehension)
        for binder in node.binders
    )


def _designs(
    spec: Spec, blocks: list[ModelBlock], binding: Binding, diagnostics: Diagnostics
) -> dict[str, tuple[str, ...]]:
    """Give columns their levels, add the designs of a spec to bound data, and return what their columns are called."""
    stated = [*spec.designs, *(item for block in blocks for item in block.designs)]
    if not stated or not binding.bound:
        return {}
    if levels := [item for item in stated if isinstance(item, LevelsDecl)]:
        from hiercomp.model.levels import state_levels  # noqa: PLC0415  (few specs state levels)

        state_levels(levels, binding, diagnostics)
    designs = [item for item in stated if isinstance(item, DesignDecl)]
    if not designs:
        return {}
    from hiercomp.model.designs import add_designs  # noqa: PLC0415

    return add_designs(designs, binding, diagnostics)


def _lower_all(context: Context) -> dict[int, list[Stmt]]:
    """Lower every statement, what it needs first. A statement that fails takes what depends on it along, silently."""
    lowered: dict[int, list[Stmt]] = {}
    labels = _labels(context)
    for number in context.order:
        item = context.draft.items[number]
        if item.name is not None and item.name in context.faulty:
            continue
        if enough(context.diagnostics, item.span):
            break
        try:
            lowered[number] = lower_statement(context, item, labels[number])
            if item.name is not None:
                context.lowered.add(item.name)
        except Refused:
            if item.name is not None:
                context.faulty.add(item.name)
    for sym in list(context.symbols.values()):
        if sym.use.facts and sym.name not in context.faulty:
            _state_facts(context, sym)
    return lowered


def _state_facts(context: Context, sym: Sym) -> None:
    try:
        stated = state_bounds(Lower(context), sym)
        check_facts(context, sym, stated)
        check_members(context, sym, stated.shape, f"`{sym.name}`", sym.use.facts[0].span)
        if sym.role is Role.DATA:
            sym.support = intersect(sym.support, stated, context.intervals)
            sym.event_rank = max(sym.event_rank, 1 if stated.shape else 0)
    except Refused:
        context.faulty.add(sym.name)


def _labels(context: Context) -> dict[int, str]:
    """Return a label for every statement: the name it defines where that is unique."""
    taken = set(context.symbols)
    labels: dict[int, str] = {}
    counts: dict[str, int] = {}
    for number, item in enumerate(context.draft.items):
        if item.name is not None and len(context.draft.names[item.name].definitions) == 1:
            labels[number] = item.name
            continue
        stem = item.name or ("soft" if hasattr(item.statement, "lhs") else "log_density")
        match item.statement:
            case Random(lhs=Unary(op="+", arg=Name() as name)):
                stem = context.reader.base(name)
            case _:
                pass
        while True:
            counts[stem] = counts.get(stem, 0) + 1
            label = f"{stem}_{counts[stem]}"
            if label not in taken:
                break
        labels[number] = label
        taken.add(label)
    return labels


def _finish(context: Context, spec: Spec, merged: Merged, lowered: dict[int, list[Stmt]]) -> Model | None:
    """Name the index sets and put the model together; what needs lengths is checked here."""
    if context.failed:
        return None
    flat = [stmt for number in sorted(lowered) for stmt in lowered[number]]
    sets = name_sets(context, nodes_of(flat, context))
    check_bounds(context, sets)
    if context.failed:
        return None
    sealer = Sealer(context, sets)
    statements = tuple(sealer.statement(stmt) for stmt in flat)
    order: list[int] = []
    place = 0
    places: dict[int, range] = {}
    for number in sorted(lowered):
        places[number] = range(place, place + len(lowered[number]))
        place += len(lowered[number])
    for number in context.order:
        order += places[number]
    block = merged.block
    model = Model(
        block.name,
        block.title,
        block.note,
        spec.source.name,
        sets.items,
        _symbols(context, sealer, sets, statements),
        statements,
        tuple(order),
        context.binding.bound,
        spec.fit.settings if spec.fit is not None else (),
        merged.dropped,
        merged.base,
    )
    try:
        if partial := partly_defined(context, sets):
            from hiercomp.model.partial import of_parts  # noqa: PLC0415  (few models leave elements out)

            model = of_parts(context, model, partial)
        if any(sym.gaps for sym in context.symbols.values()):
            from hiercomp.model.imputation import impute  # noqa: PLC0415

            model = impute(context, model)
        if context.fixed:
            from hiercomp.model.fixed import free_elements  # noqa: PLC0415  (few models fix elements)

            supports = {label: sealer.support(support) for label, support in context.supports.items()}
            model = free_elements(context, model, supports)
        if any(symbol.role is Role.SUMMED for symbol in model.symbols):
            from hiercomp.model.latent import sum_out  # noqa: PLC0415  (few models have discrete unknowns)

            model = sum_out(context, model)
        return model
    except Refused:
        return None


def _symbols(context: Context, sealer: Sealer, sets: Sets, statements: tuple[Stmt, ...]) -> tuple[Symbol, ...]:
    """Return the symbols in the order in which the text mentions them; weights of blends before what they blend."""
    made = {stmt.name for stmt in statements if isinstance(stmt, DefineStmt)}
    symbols: list[Symbol] = []
    for sym in sorted(context.symbols.values(), key=lambda sym: _place(context, sym)):
        if not (sym.referenced or sym.use.definitions or sym.name in made):
            continue
        symbols.append(
            Symbol(
                sym.name,
                sym.role,
                sealer.axes(sym.axes or ()),
                sym.elem,
                sealer.support(sym.support),
                sym.why,
                sym.event_rank,
                _value(context, sym, sets),
                sym.span,
            )
        )
    return tuple(symbols)


def _place(context: Context, sym: Sym) -> tuple[int, bool]:
    return context.places[sym.use.name], sym.name == sym.use.name


def _value(context: Context, sym: Sym, sets: Sets) -> Value | None:
    if sym.datum is None:
        if sym.use.size and sym.role is Role.DATA:
            return next((item.length for item in sets.items if item.size_name == sym.name), None)
        return None
    if sym.name in context.factors:
        item = sets.by_node[context.axes.root(context.factors[sym.name])]
        return _codes(sym.datum.value, item)
    return _integral(sym.datum.value) if sym.elem == "int" else sym.datum.value


def _codes(value: Value, item: IndexSet) -> Value:
    codes = {label: number for number, label in enumerate(item.labels or (), 1)}

    def code(part: Value) -> Value:
        return tuple(map(code, part)) if isinstance(part, tuple) else codes[str(part)]

    return code(value)


def _integral(value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(map(_integral, value))
    return int(value) if isinstance(value, float) else value
