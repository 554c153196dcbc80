"""A program of the user's own in place of a generated one: what of it has a partner in the spec, and what has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hiercomp.diagnostics import Diagnostics
from hiercomp.engines.base import ProgramInput
from hiercomp.engines.interface import Interface, pymc_interface, stan_interface
from hiercomp.model.ir import Model
from hiercomp.plan import make_plan
from hiercomp.plan.parameterization import Parameterization, override, recentered, standardised
from hiercomp.workflow.subject import Subject


@dataclass(frozen=True, slots=True)
class Match:
    """`program` is ready to run, and worth it, if `runs`: it has all its data, and an unknown of the spec.

    `unmatched` says what has no partner; only when nothing has to be said of the unknowns are densities comparable
    (`comparable`). `assumed` says which sizes were filled in, and which unknowns are read as standardised effects:
    `model` is the model of the spec with its effects parameterized as in the program.
    """

    program: ProgramInput
    runs: bool
    comparable: bool
    unmatched: tuple[str, ...]
    assumed: tuple[str, ...]
    model: Model


def match_own(made: Subject, backend: str) -> Match:
    """Match the user's program of `backend` against the spec, by name and shape.

    Raises:
        hiercomp.engines.EngineError: stanc refuses the program, or the module cannot be loaded.
    """
    program = made.inputs[backend]
    asked = stan_interface(program) if backend == "stan" else pymc_interface(program)
    samples = {
        name: unknown
        for name, unknown in made.generated[backend].samples.items()
        if name in asked.unknowns and unknown not in asked.unknowns
    }
    held = {samples.get(name, name): rank for name, rank in asked.unknowns.items()}
    asked, program = replace(asked, unknowns=held), replace(program, samples=samples)
    model, readings = _as_parameterized(made.model, backend, asked)
    if model is not made.model:
        items = {item.name: item.axes for item in make_plan(model).params}
        program = replace(program, unknowns=tuple(items), dims={**program.dims, **items})
    sizes, missing, assumed = _data(made, program, asked)
    ranks = {name: len(program.dims.get(name, ())) for name in program.unknowns}
    unknowns = _unlike(backend, "unknown", ranks, asked.unknowns)
    shared = not ranks or any(name in asked.unknowns for name in ranks)
    return Match(
        program=replace(program, data={**program.data, **sizes}),
        runs=not missing and shared,
        comparable=not missing and not unknowns,
        unmatched=(*missing, *unknowns),
        assumed=(*assumed, *readings),
        model=model,
    )


def _as_parameterized(model: Model, backend: str, asked: Interface) -> tuple[Model, tuple[str, ...]]:
    """Return `model` with its effects centered or not as the unknowns of a program are called, and how these are read.

    One that is called like the standardised effect of our programs is taken to be it.
    """
    other = override(model, "non-centered", Diagnostics())
    chosen: dict[str, Parameterization] = {}
    for name, raw in standardised(other).items():
        if name in asked.unknowns:
            chosen[name] = "centered"
        elif raw in asked.unknowns:
            chosen[name] = "non-centered"
    made = recentered(model, chosen)
    now, then = standardised(model), standardised(made)
    if now == then:
        return model, ()
    of = f"of the {backend} program is taken to be"
    readings = [f"unknown {then[name]} {of} {name}, standardized" for name in then if name not in now]
    readings += [f"unknown {name} {of} the effect that {now[name]} standardizes" for name in now if name not in then]
    return made, tuple(readings)


def _unlike(backend: str, what: str, spec: Mapping[str, int], own: Mapping[str, int]) -> tuple[str, ...]:
    lines = [f"{what} {name} of the spec is none of the {backend} program" for name in spec if name not in own]
    lines += [f"{what} {name} of the {backend} program is none of the spec" for name in own if name not in spec]
    lines += [
        f"{what} {name} has {own[name]} axes in the {backend} program and {rank} in the spec"
        for name, rank in spec.items()
        if name in own and own[name] != rank
    ]
    return tuple(lines)


def _data(
    made: Subject, program: ProgramInput, asked: Interface
) -> tuple[dict[str, int], tuple[str, ...], tuple[str, ...]]:
    """Return sizes to fill in, data that the spec cannot give, and what was assumed of the sizes.

    People call sizes J or N as they like. Where all index sets of a model have one length there is nothing to guess: a
    single integer that the spec does not know is that length. Any other is left to the user.
    """
    lengths = {item.length for item in made.model.index_sets if item.length is not None}
    sizes: dict[str, int] = {}
    missing: list[str] = []
    assumed: list[str] = []
    for name, (rank, integer) in asked.data.items():
        if name in program.data:
            found = _rank(program.data[name])
            if found != rank:
                missing.append(f"datum {name} has {rank} axes in the program and {found} in the spec")
        elif integer and rank == 0 and len(lengths) == 1:
            (sizes[name],) = lengths
            sets = " and ".join(item.name for item in made.model.index_sets)
            assumed.append(f"datum {name} of the program is taken to be {sizes[name]}, the length of {sets}")
        else:
            missing.append(f"datum {name} of the program is none of the spec")
    return sizes, tuple(missing), tuple(assumed)


def _rank(value: Any) -> int:
    return 1 + _rank(value[0]) if isinstance(value, (list, tuple)) and value else int(isinstance(value, (list, tuple)))
