"""All statements of a plan, sorted by where they belong in the module."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field

from hiercomp.backends.pymc import terms
from hiercomp.backends.pymc.definitions import define
from hiercomp.backends.pymc.forms import Statement
from hiercomp.backends.pymc.order import in_order
from hiercomp.backends.pymc.scope import TAKE_STAN, CannotEmit, Scope
from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.expr import Ref
from hiercomp.plan.ir import AddStep, DefineStep, Plan, TermStep
from hiercomp.records import record, state


@record
class Collected:
    """Definitions from data, the statements of the model, and those that only predictions need; in order."""

    from_data: list[Statement]
    inside: list[Statement]
    predicted: list[Statement]


@state
class _Collector:
    statements: list[Statement] = field(default_factory=list[Statement])
    faults: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def attempt(self, make: Callable[[], Statement | list[Statement]]) -> None:
        try:
            made = make()
        except CannotEmit as fault:
            self.faults.append(fault.diagnostic)
        else:
            self.statements += made if isinstance(made, list) else [made]


def collect(plan: Plan, scope: Scope) -> Collected:
    """Return the statements of a plan.

    Raises:
        SpecError: some have no form in PyMC (codes H85 to H88); all of them are reported.
    """
    about: dict[str, list[TermStep]] = {}
    for step in plan.terms:
        if isinstance(step, TermStep) and isinstance(step.lhs, Ref) and step.kind != "soft":
            about.setdefault(step.lhs.name, []).append(step)
    defined: dict[str, list[DefineStep]] = {}
    # Names that are computed together go by the first of them.
    home = {name: step.cycle[0] for step in plan.defines for name in step.cycle}
    for step in plan.defines:
        defined.setdefault(home.get(step.name, step.name), []).append(step)
    inside, draws, from_data = _Collector(), _Collector(), _Collector()
    params = {item.name: item for item in plan.params}
    for step in plan.terms:
        match step:
            case AddStep():
                inside.attempt(lambda step=step: terms.add(step, scope))
            case TermStep(kind="likelihood", lhs=Ref(name=name)):
                alone = len(about[name]) == 1
                inside.attempt(lambda step=step, alone=alone: terms.likelihood(step, alone, scope))
            case TermStep(kind="prior", lhs=Ref(name=name)):
                if param := params.pop(name, None):
                    inside.attempt(lambda param=param: terms.prior(param, about[param.name], scope))
            case TermStep():
                inside.attempt(lambda step=step: terms.potential(step, scope))
    for name, steps in defined.items():
        if scope.symbols[name].random:
            inside.attempt(lambda steps=steps: define(steps, scope))
    for step in plan.predictions:
        if not step.of:
            draws.attempt(lambda step=step: terms.predict(step, scope))
    from_data.statements += scope.prepared
    # Backwards, because only what something uses is computed.
    for name, steps in reversed(list(defined.items())):
        if not scope.symbols[name].random and not scope.used.isdisjoint(step.name for step in steps):
            from_data.attempt(lambda steps=steps: define(steps, scope))
    if faults := [*inside.faults, *draws.faults, *from_data.faults]:
        raise SpecError(faults)
    drawn = _drawn(inside.statements, draws.statements)
    kept = [item for item in inside.statements if not item.gives or item.gives not in drawn]
    late = [item for item in inside.statements if item.gives and item.gives in drawn]
    return Collected(_placed(from_data.statements), _placed(kept), _placed(draws.statements + late))


def _placed(statements: list[Statement]) -> list[Statement]:
    ordered = in_order(sorted(statements, key=_place))
    if len(ordered) < len(statements):
        left = [item for item in statements if item not in ordered]
        names = ", ".join(f"`{item.origin.label}`" for item in left)
        fault = Diagnostic(
            "H85", f"each needs another one first: {names}", left[0].origin.span,
            "statements that can be computed one after the other", f"{len(left)} that need each other", TAKE_STAN,
        )  # fmt: skip
        raise SpecError([fault])
    return ordered


def _place(statement: Statement) -> int:
    span = statement.origin.span
    return span.start if span is not None else 0


def _drawn(inside: Sequence[Statement], draws: Sequence[Statement]) -> set[str]:
    """Return the predictions, and the definitions that depend on them."""
    drawn = {item.gives for item in draws}
    for item in in_order(inside) if drawn else ():
        if item.gives and item.needs & drawn:
            drawn.add(item.gives)
    return drawn
