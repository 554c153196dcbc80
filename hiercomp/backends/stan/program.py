"""A plan as a whole Stan program, and its instrumented form."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hiercomp.backends.base import Program, caption, provenance
from hiercomp.backends.stan import blocks
from hiercomp.backends.stan.blocks import Entry, Faults
from hiercomp.backends.stan.containers import Container, container, drawn
from hiercomp.backends.stan.layout import Line, broken, comment, indented, plain
from hiercomp.backends.stan.naming import assign, called
from hiercomp.backends.stan.scope import Held, Scope
from hiercomp.backends.stan.spaces import has_coordinates
from hiercomp.backends.templates import template
from hiercomp.diagnostics import SpecError
from hiercomp.expr import Elem
from hiercomp.plan.draft import fresh
from hiercomp.plan.ir import Plan, PredictStep, Stage
from hiercomp.plan.walk import plan_binders
from hiercomp.records import record
from hiercomp.source import Span

# The datum of the instrumented form that picks one term of the log density.
SELECTOR = "hiercomp_term"


@record
class Block:
    """A block of the program with its finished lines; `labels` of its entries are those of density terms."""

    name: str
    entries: tuple[Entry, ...]


@record
class Emitted:
    """All blocks of a program with the names that were chosen for it."""

    blocks: tuple[Block, ...]
    names: dict[str, str]
    labels: tuple[str, ...]
    samples: dict[str, str]


def emit(plan: Plan) -> Program:
    """Return the Stan program of a plan; it is accepted by every Stan from 2.27 on.

    Raises:
        SpecError: something in the plan has no form in Stan (codes H80 and H83), each with its place in the spec.
    """
    emitted = _emitted(plan)
    text, origins = _rendered(plan, [(block.name, _listed(block.entries)) for block in emitted.blocks])
    renames = {name: new for name, new in emitted.names.items() if name != new}
    return Program("stan", plan.model, text, renames, origins, emitted.labels, samples=emitted.samples)


def emit_terms(plan: Plan) -> str:
    """Return the same program with a switch: ``hiercomp_term`` 0 keeps all terms, k only the k-th of the labels.

    Generated quantities are left out: the form is for densities.
    """
    emitted = _emitted(plan)
    rendered: list[tuple[str, list[Line]]] = []
    for block in emitted.blocks:
        match block.name:
            case "generated quantities":
                continue
            case "data":
                lines = [*_listed(block.entries), Line(f"int<lower=0> {SELECTOR};")]
            case "model":
                lines = _listed(_switched(block.entries))
            case _:
                lines = _listed(block.entries)
        rendered.append((block.name, lines))
    if not any(name == "data" for name, _ in rendered):
        place = 1 if rendered and rendered[0][0] == "functions" else 0
        rendered.insert(place, ("data", [Line(f"int<lower=0> {SELECTOR};")]))
    return _rendered(plan, rendered)[0]


def _switched(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the terms under their conditions, numbered from 1 in the order of the labels."""
    found: list[Entry] = []
    for number, entry in enumerate(entries, start=1):
        head = Line(f"if ({SELECTOR} == 0 || {SELECTOR} == {number}) {{")
        found.append(Entry(entry.section, (head, *indented(entry.lines), Line("}")), entry.label))
    return tuple(found)


def _emitted(plan: Plan) -> Emitted:
    """Return the blocks. Names that turn out to hide a function that the program calls give way to it."""
    hidden: frozenset[str] = frozenset()
    while True:
        emitted = _attempt(plan, hidden)
        text = "\n".join(line.text for block in emitted.blocks for entry in block.entries for line in entry.lines)
        clash = called(text) & frozenset(emitted.names.values())
        if not clash:
            return emitted
        hidden |= clash


def _attempt(plan: Plan, hidden: frozenset[str]) -> Emitted:
    held = _containers(plan)
    reserved = hidden | {SELECTOR, f"{plan.model}_model"}
    coordinates = {item.name: fresh(f"{item.name}_free", held) for item in plan.params if has_coordinates(item)}
    names = assign([*held, *coordinates.values()], reserved)
    variables = list(dict.fromkeys(binder.var for binder in plan_binders(plan)))
    taken = frozenset(names.values()) | reserved
    loops = assign(variables, taken)
    scope = Scope(
        {name: Held(names[name], made, elem) for name, (made, elem) in held.items()},
        {item.name: item for item in plan.index_sets},
        loops,
        taken | frozenset(loops.values()),
        {name: names[free] for name, free in coordinates.items()},
        shapes={item.name: item.support.shape for item in plan.params},
        plain=plan.plain,
        known=frozenset(item.name for item in plan.data)
        | {step.name for step in plan.defines if step.stage is Stage.DATA},
    )
    faults: Faults = []
    computed = blocks.definitions(plan, Stage.DATA, scope, faults) + blocks.preparations(plan, scope, faults)
    scope.indicators = {}
    made = [
        ("data", blocks.data_block(plan, scope, faults)),
        ("transformed data", computed),
        ("parameters", blocks.parameter_block(plan, scope, faults)),
        (
            "transformed parameters",
            [*blocks.constrained(plan, scope), *blocks.definitions(plan, Stage.PARAMETER, scope, faults)],
        ),
        ("model", blocks.model_block(plan, scope, faults)),
        ("generated quantities", blocks.generated_block(plan, scope, faults)),
    ]
    if faults:
        raise SpecError(faults)
    labels = tuple(entry.label for entry in made[4][1])
    if scope.indicators:
        from hiercomp.backends.stan.indicators import filled  # noqa: PLC0415  (few models have one)

        text = "\n".join(line.text for _, entries in made for entry in entries for line in entry.lines)
        computed += filled(scope, text)
    helpers = [
        Entry("", tuple(Line(text) for line in lines for text in broken(line))) for lines in scope.helpers.values()
    ]
    made.insert(0, ("functions", helpers))
    kept = tuple(Block(name, tuple(entries)) for name, entries in made if entries or name == "model")
    samples = {free: name for name, free in scope.samples.items()}
    return Emitted(kept, {name: names[name] for name in held}, labels, samples)


def _containers(plan: Plan) -> dict[str, tuple[Container, Elem]]:
    """Return how every name of a plan is held."""
    held: dict[str, tuple[Container, Elem]] = {}
    for item in plan.data:
        held[item.name] = container(item.axes, item.elem, item.event_rank, item.support.shape), item.elem
    for param in plan.params:
        held[param.name] = container(param.axes, "real", param.event_rank, param.support.shape), "real"
    for step in plan.defines:
        held[step.name] = container(step.axes, step.elem), step.elem
    for step in plan.generated:
        if isinstance(step, PredictStep):
            held[step.name] = drawn(step.axes, step.elem, step.event_rank), step.elem
    for likelihood in plan.log_lik:
        held[likelihood.name] = container(likelihood.axes, "real"), "real"
    return held


def _listed(entries: Iterable[Entry]) -> list[Line]:
    """Return the lines of entries under the headings of their sections."""
    lines: list[Line] = []
    section = ""
    for entry in entries:
        if entry.section != section:
            section = entry.section
            lines += [Line(text) for text in comment(section)]
        lines += entry.lines
    return lines


def _rendered(plan: Plan, listed: list[tuple[str, list[Line]]]) -> tuple[str, dict[int, Span]]:
    """Return the text of a program, and for each of its lines the statement that it comes from."""
    view = [(name, indented(lines)) for name, lines in listed]
    text = template("stan/program.stan.jinja").render(
        heading=_heading(plan),
        blocks=[{"name": name, "lines": [line.text for line in lines]} for name, lines in view],
    )
    return text, _origins(text, [line for _, lines in view for line in lines])


def _origins(text: str, lines: list[Line]) -> dict[int, Span]:
    """Return the span behind each line number. Finished lines stand in the text in order, each as it is."""
    origins: dict[int, Span] = {}
    rest = iter(lines)
    line = next(rest, None)
    for number, shown in enumerate(text.split("\n"), start=1):
        if line is not None and shown == line.text:
            if line.span is not None:
                origins[number] = line.span
            line = next(rest, None)
    assert line is None, "a finished line is missing from the text"
    return origins


def _heading(plan: Plan) -> list[str]:
    source = re.split(r"[/\\]", plain(plan.source_name))[-1]
    lines = provenance("" if source.startswith("<") else source)
    return [*comment(caption(plan.model, plan.note or plan.title)), *(f"// {line}" for line in lines)]
