"""The study of a spec: how its data are simulated, as steps each of which needs only what those before it give.

A study consists of ordinary statements about data. Three forms lay out the design and are known here only:
``llm_j = crossed(6)`` (a factor; those of one index are crossed), ``cell_m = each(j, 20)`` (units in every cell) and
``choices_m ~ Subset(R, 2, 4)`` (sets drawn without replacement). All others are what they are in a model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hiercomp.data import Table
from hiercomp.diagnostics import Diagnostic, Diagnostics
from hiercomp.model import study_faults as faults
from hiercomp.model import surface
from hiercomp.model.ir import Model
from hiercomp.model.letters import Reader
from hiercomp.model.merge import reader_for
from hiercomp.model.resolve import resolve
from hiercomp.model.study_forms import (
    Amount,
    Crossing,
    Design,
    Factor,
    Ordinary,
    Step,
    Subsets,
    Units,
    design_call,
    levels_of,
    names_of,
    units_or_subsets,
)
from hiercomp.records import record, replace
from hiercomp.source import Span
from hiercomp.syntax.ast import AddTerm, ForBinder, IndexDecl, ModelBlock, Name, Number, Range, Spec, Statement


@record
class _Item:
    """A step with what it gives and what it has to be given."""

    step: Step
    gives: frozenset[str]
    needs: frozenset[str]


def study_steps(spec: Spec, diagnostics: Diagnostics) -> tuple[Step, ...]:
    """Return the steps of the spec's study in an order in which they can be taken; none without a study.

    H100 for a statement that a study cannot have, H101 where steps need each other.
    """
    if spec.study is None:
        return ()
    for declaration in spec.study.data:
        diagnostics.add(faults.no_statement(declaration.span, "a line for a data file"))
    for declaration in spec.study.designs:
        diagnostics.add(faults.no_statement(declaration.span, "a line for a design matrix"))
    reader = reader_for(*_as_model(spec, spec.study.statements))
    items = _items(spec.study, reader, diagnostics)
    return () if diagnostics.errors else _ordered(items, diagnostics)


def resolve_ordinary(
    spec: Spec, step: Ordinary, tables: Sequence[Table], lengths: Mapping[str, int], diagnostics: Diagnostics
) -> Model | None:
    """Return the model of ordinary statements in which everything random is observed, hence drawn from `tables`.

    `lengths` has the lengths of indices that earlier steps have settled.
    """
    assert spec.study is not None
    whole, blocks = _as_model(spec, tuple(statement for _, statement in step.statements), lengths)
    return resolve(whole, blocks[0].name, tables, diagnostics, awaited=frozenset(step.names))


def _as_model(
    spec: Spec, statements: tuple[Statement, ...], lengths: Mapping[str, int] | None = None
) -> tuple[Spec, list[ModelBlock]]:
    """Return statements of the study as the last model of a spec in which index letters are those of all models."""
    assert spec.study is not None
    settled = tuple(
        IndexDecl(ForBinder(letter, Range(Number(1, "1"), Number(length, str(length)))))
        for letter, length in (lengths or {}).items()
    )
    declared = tuple(item for item in spec.study.indices if item.binder.var not in (lengths or {}))
    block = replace(spec.study, statements=statements, indices=(*declared, *settled), data=(), designs=())
    others = (ModelBlock("common", spec.common), *spec.models)
    return replace(spec, models=(*others, block), common=(), data=(), designs=(), document=False, study=None), [block]


def _items(study: ModelBlock, reader: Reader, diagnostics: Diagnostics) -> list[_Item]:
    crossings: dict[str, list[tuple[Factor, Span | None]]] = {}
    designs: dict[str, Design] = {}
    ordinary: dict[str, list[Statement]] = {}
    for statement in study.statements:
        target = surface.target(statement)
        if target is None:
            diagnostics.add(faults.no_data(statement.span, isinstance(statement, AddTerm)))
            continue
        name, subs = reader.subs(target)
        call = design_call(statement)
        if call is None:
            ordinary.setdefault(name, []).append(statement)
            continue
        letter = subs[0].ident if len(subs) == 1 and isinstance(subs[0], Name) and not subs[0].subs else ""
        if not letter:
            diagnostics.add(faults.no_index(call, name))
        elif name in designs or any(factor.name == name for group in crossings.values() for factor, _ in group):
            diagnostics.add(faults.twice(name, statement.span))
        elif call.func == "crossed":
            levels = levels_of(call, diagnostics)
            if levels is not None:
                crossings.setdefault(letter, []).append((Factor(name, levels), statement.span))
        elif (made := units_or_subsets(name, letter, call, statement, diagnostics)) is not None:
            designs[name] = made
    for letter, group in crossings.items():
        factors = tuple(factor for factor, _ in group)
        designs[factors[0].name] = Crossing(letter, factors, group[0][1])
    for name in ordinary.keys() & {each for step in designs.values() for each in names_of(step)}:
        diagnostics.add(faults.twice(name, ordinary[name][0].span))
    counted = {step.letter for step in designs.values() if not isinstance(step, Subsets)}
    found = [_design_item(step) for step in designs.values()]
    return [*found, *(_ordinary_item(name, group, reader, counted) for name, group in ordinary.items())]


def _design_item(step: Design) -> _Item:
    match step:
        case Crossing(letter=letter, factors=factors):
            amounts = [factor.levels for factor in factors if isinstance(factor.levels, Amount)]
            gives, needs = {*names_of(step), _index(letter)}, set[str]()
        case Units(letter=letter, of=of, times=times):
            amounts, gives, needs = [times], {step.name, _index(letter)}, {_index(of)}
        case Subsets(letter=letter, members=members, least=least, most=most, count=count):
            amounts = [members, least, most, *([count] if count is not None else [])]
            gives, needs = {step.name}, {_index(letter)} if count is None else set[str]()
    needs |= {amount.value for amount in amounts if isinstance(amount.value, str)}
    return _Item(step, frozenset(gives), frozenset(needs))


def _ordinary_item(name: str, statements: list[Statement], reader: Reader, counted: set[str]) -> _Item:
    mentioned = {node for statement in statements for node in _mentions(statement, reader)}
    letters = {node for node in mentioned if reader.is_index(node)}
    needs = (mentioned - letters - {name}) | {_index(letter) for letter in letters & counted}
    gives = {name} | {_index(letter) for letter in letters - counted}
    step = Ordinary(tuple((name, statement) for statement in statements), statements[0].span)
    return _Item(step, frozenset(gives), frozenset(needs))


def _mentions(statement: Statement, reader: Reader) -> set[str]:
    target = surface.target(statement)
    roots = [*surface.body(statement), *surface.ranges(statement), *([target] if target is not None else [])]
    found = {binder.var for binder in statement.clauses.binders}
    for node, _ in surface.walk(*roots):
        if isinstance(node, Name):
            base, subs = reader.subs(node)
            found.add(base)
            found |= {sub.ident for sub in subs if isinstance(sub, Name)}
    return found


def _index(letter: str) -> str:
    # Distinct from every name, so that an index and a quantity may be called alike.
    return f"index {letter}"


def _ordered(items: list[_Item], diagnostics: Diagnostics) -> tuple[Step, ...]:
    """Put every step after those that give what it needs; ordinary statements that can be drawn together are one."""
    promised = frozenset[str]().union(*(item.gives for item in items))
    done: set[str] = set()
    steps: list[Step] = []
    left = list(items)
    while left:
        # A letter may come with several steps, any of which settles it; a name comes with all of its own.
        pending = {name for item in left for name in item.gives if name not in done}
        ready = [item for item in left if not (item.needs & promised & pending) - item.gives]
        if not ready:
            diagnostics.add(_stuck(left))
            return ()
        together = [item.step for item in ready if isinstance(item.step, Ordinary)]
        if together:
            steps.append(Ordinary(tuple(item for step in together for item in step.statements), together[0].span))
        steps += [item.step for item in ready if not isinstance(item.step, Ordinary)]
        done |= {name for item in ready for name in item.gives}
        left = [item for item in left if item not in ready]
    return tuple(steps)


def _stuck(left: list[_Item]) -> Diagnostic:
    steps = [item.step for item in left]
    names = [name for step in steps for name in (step.names if isinstance(step, Ordinary) else names_of(step))]
    return faults.circle(names, steps[0].span)
