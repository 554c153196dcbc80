"""The blocks of a program: declarations, definitions, the model, generated quantities."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from hiercomp.backends.stan import outputs, spaces, statements
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import size
from hiercomp.backends.stan.layout import Line, comment, indented, statement
from hiercomp.backends.stan.reductions import loop
from hiercomp.backends.stan.scope import Scope
from hiercomp.backends.stan.values import CannotEmit, CannotVectorise
from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import Binder, free_indices
from hiercomp.model.ir import Support
from hiercomp.plan.ir import (
    AddStep,
    ByPrecision,
    DefineStep,
    Form,
    Origin,
    ParamItem,
    Plan,
    PredictStep,
    Regression,
    Stage,
    TermStep,
)
from hiercomp.plan.recursions import at_position, joint_runs
from hiercomp.records import record, replace
from hiercomp.source import Span


@record
class Entry:
    """Lines of one statement of the spec, under its heading. `label` names the term that they add to the density."""

    section: str
    lines: tuple[Line, ...]
    label: str = ""


type Faults = list[Diagnostic]


def _entry(origin: Origin, code: Sequence[str], *, note: str = "", label: str = "") -> Entry:
    """Return code lines as finished ones, with a note behind or above them."""
    lines: list[str] = []
    if len(code) == 1:
        lines = statement(code[0], 0, note)
    else:
        lines = comment(note) if note else []
        for line in code:
            text = line.lstrip()
            lines += statement(text, len(line) - len(text))
    return Entry(origin.section, tuple(Line(line, origin.span) for line in lines), label)


def notes(origin: Origin) -> str:
    """Return what is to be said of a statement: how it was read, what the spec notes, what the plan did to it."""
    return "; ".join(part for part in (origin.reading, origin.note, *origin.remarks) if part)


def collected(items: Iterable[Callable[[], Entry | None]], faults: Faults) -> list[Entry]:
    """Return the entries of a block; what cannot be said is reported together."""
    found: list[Entry] = []
    for make in items:
        try:
            entry = make()
        except CannotEmit as error:
            faults.append(error.diagnostic)
        else:
            if entry is not None:
                found.append(entry)
    return found


def data_block(plan: Plan, scope: Scope, faults: Faults) -> list[Entry]:
    """Return the declarations of all data, with the bounds that validate them."""

    def declare(name: str, support: Support, origin: Origin) -> Callable[[], Entry]:
        return lambda: _entry(origin, [_declared(name, support, (), origin.span, scope)])

    return collected([declare(item.name, item.support, item.origin) for item in plan.data], faults)


def parameter_block(plan: Plan, scope: Scope, faults: Faults) -> list[Entry]:
    """Return the declarations of all unknowns."""

    def declare(item: ParamItem) -> Callable[[], Entry]:
        if item.name in scope.samples:
            return lambda: _entry(item.origin, spaces.sampled(item, scope))
        return lambda: _entry(item.origin, [_declared(item.name, item.support, item.binders, item.origin.span, scope)])

    return collected([declare(item) for item in plan.params], faults)


def constrained(plan: Plan, scope: Scope) -> list[Entry]:
    """Return the unknowns of which coordinates are sampled, made of these."""
    params = [item for item in plan.params if item.name in scope.samples]
    return [_entry(item.origin, spaces.constrained(item, scope)) for item in params]


def _declared(name: str, support: Support, binders: tuple[Binder, ...], span: Span | None, scope: Scope) -> str:
    held = scope.held[name]
    rank = len(held.container.axes) - held.container.arrays
    try:
        bounds = statements.constraint(support.lower, support.upper, binders, rank, scope)
    except CannotVectorise:
        fault = Diagnostic(
            "H83",
            f"the bounds of {name} differ from element to element in a way that Stan cannot declare",
            span,
            expected="one bound for all elements, or a vector of bounds for a vector",
            found="bounds of another shape",
            help="bound the unknown by a constant, or define it from an unbounded one",
        )
        raise CannotEmit(fault) from None
    constraint = bounds if held.container.type in ("int", "real", "vector", "matrix") else ""
    return f"{held.container.declared(held.name, _sizes(name, scope), constraint)};"


def _sizes(name: str, scope: Scope) -> tuple[str, ...]:
    return tuple(size(axis, scope, compiled).text for axis in scope.held[name].container.axes)


def definitions(plan: Plan, stage: Stage, scope: Scope, faults: Faults) -> list[Entry]:
    """Return the definitions of one stage."""
    runs = joint_runs(step for step in plan.defines if step.stage is stage)
    return collected([_definition(run, scope) for run in runs], faults)


def preparations(plan: Plan, scope: Scope, faults: Faults) -> list[Entry]:
    """Return what likelihoods in another form need of the data, computed once."""

    def make(step: TermStep, form: Form) -> Callable[[], Entry]:
        from hiercomp.backends.stan import forms  # noqa: PLC0415  (few models have as many rows)

        said = "; ".join(step.origin.remarks) or f"predictors of {step.origin.label}"
        return lambda: _entry(step.origin, forms.prepared(step, form, scope), note=said)

    steps = [step for step in plan.terms if isinstance(step, TermStep)]
    return collected(
        [make(step, step.form) for step in steps if step.form is not None and _has_rows(step.form)], faults
    )


def _has_rows(form: Form) -> bool:
    if isinstance(form, Regression):
        return bool(form.linear.predictors)
    return not isinstance(form, ByPrecision)


def _definition(run: Sequence[DefineStep], scope: Scope) -> Callable[[], Entry]:
    (step, *others) = run
    single = step.first and statements.whole(step)

    def make() -> Entry:
        if others:
            return _together(run, scope)
        code = statements.assignment(step, scope)
        lines = _with_declaration(step.name, code, step.first, single, scope)
        return _entry(step.origin, lines, note=notes(step.origin))

    return make


def _together(run: Sequence[DefineStep], scope: Scope) -> Entry:
    """Return one loop in which several names get their elements, each position after the one before."""
    lines: list[Line] = []
    for step in run:
        if step.first:
            held = scope.held[step.name]
            declared = f"{held.container.declared(held.name, _sizes(step.name, scope))};"
            lines += _entry(step.origin, [declared]).lines
    first = run[0]
    binder = next(binder for binder in first.binders if binder.var == first.turn)
    head, last = loop([binder], [], scope, compiled)
    lines += _entry(first.origin, [head]).lines
    for step in run:
        entry = _entry(step.origin, statements.assignment(at_position(step), scope), note=notes(step.origin))
        lines += indented(entry.lines)
    return Entry(first.origin.section, (*lines, Line(last)))


def _with_declaration(name: str, code: list[str], first: bool, single: bool, scope: Scope) -> list[str]:
    """Return assignments together with the declaration, in one line where the whole is assigned at once."""
    if not first:
        return code
    held = scope.held[name]
    declaration = held.container.declared(held.name, _sizes(name, scope))
    if single and len(code) == 1 and code[0].startswith(f"{held.name} = "):
        return [f"{declaration} = {code[0].partition(' = ')[2]}"]
    return [f"{declaration};", *code]


def model_block(plan: Plan, scope: Scope, faults: Faults) -> list[Entry]:
    """Return the statements that add to the log density, one entry a term, in the order of the plan's terms."""
    told: set[tuple[str, str]] = set()

    def make(step: TermStep | AddStep) -> Callable[[], Entry]:
        def entry() -> Entry:
            code = statements.term(step, scope) if isinstance(step, TermStep) else statements.added(step, scope)
            origin = step.origin
            if code:
                return _entry(origin, code, note=notes(origin), label=origin.label)
            # A flat density adds nothing; that is worth a word where people look for the statement.
            said = "; ".join(part for part in (origin.text or f"{origin.label} is flat", notes(origin)) if part)
            # Several names may have it in one statement.
            lines = () if (origin.section, said) in told else comment(said)
            told.add((origin.section, said))
            return Entry(origin.section, tuple(Line(text, origin.span) for text in lines), origin.label)

        return entry

    return collected([make(step) for step in plan.terms], faults)


def generated_block(plan: Plan, scope: Scope, faults: Faults) -> list[Entry]:
    """Return what is computed for kept draws only."""
    seen: set[str] = set()
    makers: list[Callable[[], Entry | None]] = []
    independent: list[Callable[[], Entry | None]] = []

    def replicate(step: PredictStep, first: bool) -> Callable[[], Entry]:
        def entry() -> Entry:
            code = outputs.drawn(step, scope)
            lines = _with_declaration(step.name, code, first, outputs.is_whole(step), scope)
            made_from = step.origin if not step.of else Origin(step.origin.label, span=step.origin.span)
            return _entry(made_from, lines, note="" if step.of else notes(step.origin))

        return entry

    for run in joint_runs(plan.generated):
        if isinstance(run[0], DefineStep):
            seen |= {step.name for step in run}
            makers.append(_definition([step for step in run if isinstance(step, DefineStep)], scope))
            continue
        step = run[0]
        first = step.name not in seen
        seen.add(step.name)
        (independent if step.of else makers).append(replicate(step, first))

    def likelihood(number: int) -> Callable[[], Entry]:
        step = plan.log_lik[number]
        first = step.name not in seen
        seen.add(step.name)

        def entry() -> Entry:
            code = outputs.pointwise(step, scope)
            if first and any(free_indices(end) for b in step.term.binders for end in (b.lo, b.hi) if end is not None):
                # Elements that no range reaches have nothing said of them.
                held = scope.held[step.name]
                code = [f"{held.name} = {held.container.filled('0', _sizes(step.name, scope))};", *code]
            made_from = Origin(step.term.origin.label, span=step.term.origin.span)
            return _entry(made_from, _with_declaration(step.name, code, first, not step.axes, scope))

        return entry

    entries = collected(makers, faults)
    independent += [likelihood(number) for number in range(len(plan.log_lik))]
    return entries + merged(collected(independent, faults))


def merged(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries that are independent of each other with all loops over the same range made one.

    A loop starts at the margin, and is the last thing in its entry. What several bodies prepare alike, in local
    variables, is prepared once; a body that would use such a variable for something else, or for a draw
    of its own, keeps a loop of its own.
    """
    bodies: dict[str, list[Line]] = {}
    prepared: dict[str, dict[str, list[str]]] = {}
    straight: list[Entry] = []
    for entry in entries:
        start = next((place for place, line in enumerate(entry.lines) if line.text.startswith("for (")), None)
        if start is None:
            straight.append(entry)
            continue
        head, *body, _ = entry.lines[start:]
        texts = [line.text for line in body]
        names, end = _preparation(texts) if len(texts) > 1 else (set[str](), 0)
        known = prepared.setdefault(head.text, {})
        drawn = any("_rng(" in text for text in texts[:end])
        if any(name in known and (drawn or known[name] != texts[:end]) for name in names):
            straight.append(entry)
            continue
        if start:
            straight.append(replace(entry, lines=entry.lines[:start]))
        done = bool(names) and names <= known.keys()
        known.update(dict.fromkeys(names, texts[:end]))
        bodies.setdefault(head.text, []).extend(body[end:] if done else body)
    return straight + [Entry("", (Line(head), *body, Line("}"))) for head, body in bodies.items()]


_DECLARED = r"  (?:int|real|vector|row_vector|matrix|array)\b.*? (\w+)(?: =.*)?;?$"
_ASSIGNED = r" *(\w+)\S* \+?= "


def _preparation(body: Sequence[str]) -> tuple[set[str], int]:
    """Return the local variables of a loop's body, and how many of its lines compute them."""
    names = {found[1] for text in body if (found := re.match(_DECLARED, text))}
    end = depth = last = 0
    for place, text in enumerate(body, start=1):
        found = re.match(_ASSIGNED, text)
        if re.match(_DECLARED, text) or (found and found[1] in names):
            last = place
        depth += text.count("{") - text.count("}")
        if depth == 0 and last > end:
            end = place
    return names, end
