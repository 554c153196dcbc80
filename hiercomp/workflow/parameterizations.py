"""Densities of a user's program whose effects are parameterized otherwise than the spec's: centered, or not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from hiercomp.agree import DensityResult
from hiercomp.engines.base import Densities, Engine, EngineError, Point, ProgramInput
from hiercomp.model.ir import Model
from hiercomp.workflow.scales import to_sampled, to_spec
from hiercomp.workflow.subject import Subject


def densities_elsewhere(
    made: Subject, other: Model, engine: Engine, program: ProgramInput, points: Sequence[Point]
) -> Densities:
    """Return log densities of a program in the unknowns of `other` at points in what the programs of `made` sample.

    Both are densities of the same effects: what they differ by is the scale of the effects, which is taken out here.
    Where the program cannot take the points (its unknown of that name has another length), all are nan.
    """
    spec, here = to_spec(made.model, made.sampled, points)
    moved, there = to_sampled(other, spec)
    try:
        found = engine.densities(program, moved)
    except EngineError as error:
        nothing = np.full((len(points), 0), np.nan)
        return Densities(np.full(len(points), np.nan), {}, nothing, nothing, (), (error.output,))
    return replace(found, total=found.total - there + here)


def read_with_care(result: DensityResult, backends: Collection[str]) -> DensityResult:
    """Return a result in which programs of other parameterizations can only be shown to be right.

    That an unknown is the standardised effect was read off its name: where the densities differ, it may be another one.
    """
    remark = f"gradients are not compared: the {' and '.join(backends)} program has other unknowns"
    result = replace(result, remarks=(*result.remarks, remark))
    own = {name for pair in result.pairs if not pair.agree for name in (pair.first, pair.second)} & {*backends}
    sure = [term for term in result.terms if not term.agree]
    sure += [pair for pair in result.pairs if not pair.agree and not {pair.first, pair.second} & {*backends}]
    if result.verdict == "disagree" and own and not sure:
        doubt = f"the {' and '.join(sorted(own))} program may mean something else by the unknowns it is assumed to have"
        return replace(result, verdict="cannot say", reasons=(*result.reasons, doubt))
    return result
