"""A model made ready to run: its programs, its data, and the dims and coords that every fit of it shall have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hiercomp.backends import pymc, stan
from hiercomp.backends.base import Program
from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.engines.base import ProgramInput, SamplerSettings
from hiercomp.expr import names
from hiercomp.model.ir import Model, Role
from hiercomp.plan import make_plan, parameterise
from hiercomp.plan.ir import DefineStep, Plan, Stage
from hiercomp.source import Source
from hiercomp.workflow.build import data_of


@dataclass(frozen=True, slots=True)
class Subject:
    """A model with its two programs as inputs for the engines; `generated` are the programs with their origins.

    `sampled` is the same model in terms of the unknowns that the programs sample (non-centered effects standardised):
    what the reference evaluates, because a density depends on what it is a density of. `own` are the user's programs.
    """

    model: Model
    sampled: Model
    plan: Plan
    generated: Mapping[str, Program]
    inputs: Mapping[str, ProgramInput]
    own: Mapping[str, Source] = field(default_factory=dict[str, Source])

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def quantities(self) -> tuple[str, ...]:
        """The unknowns and what is derived from them, in the order of the spec: what posteriors are compared by."""
        derived = {step.name for step in self.plan.defines if step.stage is Stage.PARAMETER}
        params = {item.name for item in self.plan.params}
        return tuple(symbol.name for symbol in self.model.symbols if symbol.name in params or symbol.name in derived)


def subject(model: Model, texts: Mapping[str, Source] | None = None) -> Subject:
    """Return `model` with its programs; `texts` gives users' own programs by backend, in place of ours.

    Raises:
        SpecError: no data is bound, so nothing can be run.
    """
    if not model.bound and any(symbol.role in (Role.DATA, Role.OBSERVED) for symbol in model.symbols):
        raise SpecError(
            [
                Diagnostic(
                    code="H99",
                    message=f"model {model.name} has no data, so its programs cannot be run",
                    primary=model.statements[0].common.span if model.statements else None,
                    expected='a line data "FILE" in the spec, or --data FILE',
                    found="a model without data",
                    help="give the data; `hiercomp build` works without",
                )
            ]
        )
    plan = make_plan(model)
    generated = {"stan": stan.emit(plan), "pymc": pymc.emit(plan)}
    common = _common(model, plan)
    inputs: dict[str, ProgramInput] = {}
    for backend, program in generated.items():
        own = (texts or {}).get(backend)
        if own is not None:
            inputs[backend] = ProgramInput(name=model.name, text=own.text, **common)
            continue
        terms = stan.emit_terms(plan) if backend == "stan" else ""
        inputs[backend] = ProgramInput(
            name=model.name,
            text=program.text,
            renames=program.renames,
            labels=program.labels,
            terms=program.terms,
            terms_text=terms,
            from_zero=program.from_zero,
            samples=program.samples,
            **common,
        )
    return Subject(model, parameterise(model), plan, generated, inputs, texts or {})


def _common(model: Model, plan: Plan) -> dict[str, Any]:
    coords = {
        item.name: list(item.labels) if item.labels is not None else list(range(1, (item.length or 0) + 1))
        for item in model.index_sets
    }
    dims = {symbol.name: symbol.axes for symbol in model.symbols}
    dims |= {step.name: step.axes for step in plan.defines}
    dims |= {item.name: item.axes for item in plan.params}
    dims |= {step.name: step.axes for step in plan.predictions}
    return {
        "data": data_of(model),
        "dims": dims,
        "coords": coords,
        "unknowns": tuple(item.name for item in plan.params),
        "observed": (*(item.name for item in plan.data if item.observed), *plan.computed_outcomes()),
        "predicted": _predicted(plan),
    }


def _predicted(plan: Plan) -> tuple[str, ...]:
    """Return what is only drawn, and what is computed from it."""
    found = [step.name for step in plan.predictions if not step.of]
    for step in plan.generated:
        if isinstance(step, DefineStep) and not names(step.value).isdisjoint(found):
            found.append(step.name)
    return tuple(dict.fromkeys(found))


def settings_of(model: Model, seed: int | None) -> SamplerSettings:
    """Return how to sample: what the spec's ``fit:`` says, over 4 chains of 1,000 + 1,000 at target acceptance 0.95."""
    given: dict[str, Any] = dict(model.settings)
    if seed is not None:
        given["seed"] = seed
    return SamplerSettings(**given)
