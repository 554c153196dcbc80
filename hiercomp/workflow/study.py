"""Draws what the study of a spec declares: the design, the covariates, the sets to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any, assert_never, cast

import numpy as np

from hiercomp import reference
from hiercomp.data import Table, from_mapping
from hiercomp.diagnostics import Diagnostics, SpecError
from hiercomp.model import study, study_faults
from hiercomp.model.study_forms import Amount, Crossing, Ordinary, Step, Subsets, Units
from hiercomp.reference.functions import Array
from hiercomp.workflow.drawing import refused

if TYPE_CHECKING:
    from hiercomp.syntax.ast import Spec

type Values = dict[str, Any]


def _whole(value: Array) -> Array:
    """Return whole numbers as integers: what is computed serves as sizes and subscripts too."""
    whole = np.isfinite(value).all() and (value == np.round(value)).all()
    return value.astype(np.int64) if whole else value


def draw_study(spec: Spec, sizes: Mapping[str, int], rng: np.random.Generator) -> Values:
    """Return the data that the study declares: numbers, labels, nested lists (ragged for sets).

    `sizes` are numbers given from outside; they take the place of the study's own statements about them.

    Raises:
        SpecError: the study is at fault, or nothing can be drawn from it.
    """
    found = Diagnostics()
    steps = study.study_steps(spec, found)
    found.raise_errors()
    drawing = _Drawing(spec, dict(sizes), rng)
    for step in steps:
        drawing.take(step)
    return drawing.values


class _Drawing:
    """Values so far, and how many units there are of each index."""

    def __init__(self, spec: Spec, values: Values, rng: np.random.Generator) -> None:
        self.spec = spec
        self.values = values
        self.lengths: dict[str, int] = {}
        self.rng = rng

    def take(self, step: Step) -> None:
        match step:
            case Crossing():
                self._cross(step)
            case Units():
                self._units(step)
            case Subsets():
                self._subsets(step)
            case Ordinary():
                self._ordinary(step)
            case _:
                assert_never(step)

    def _cross(self, step: Crossing) -> None:
        sets: list[list[int] | list[str]] = []
        for factor in step.factors:
            levels = factor.levels
            sets.append(list(range(1, self._amount(levels) + 1)) if isinstance(levels, Amount) else list(levels))
        cells = list(product(*sets))
        for place, factor in enumerate(step.factors):
            self.values[factor.name] = [cell[place] for cell in cells]
        self.lengths[step.letter] = len(cells)

    def _units(self, step: Units) -> None:
        if step.of not in self.lengths:
            raise SpecError([study_faults.missing_length(step.of, step.span)])
        parents = range(1, self.lengths[step.of] + 1)
        times = self.values.get(step.times.value) if isinstance(step.times.value, str) else None
        counts = cast("list[Any]", times) if isinstance(times, list) else [self._amount(step.times)] * len(parents)
        if len(counts) != len(parents) or not all(isinstance(one, int) and one >= 0 for one in counts):
            raise SpecError([study_faults.not_whole(str(step.times.value), f"{counts}"[:60], step.times.span)])
        self.values[step.name] = [parent for parent, count in zip(parents, counts, strict=True) for _ in range(count)]
        self.lengths[step.letter] = len(self.values[step.name])

    def _subsets(self, step: Subsets) -> None:
        units = self._amount(step.count) if step.count is not None else self.lengths.get(step.letter)
        if units is None:
            raise SpecError([study_faults.missing_length(step.letter, step.span)])
        members, least, most = (self._amount(one) for one in (step.members, step.least, step.most))
        if not 0 <= least <= most <= members:
            raise SpecError([study_faults.impossible_subset(least, most, members, step.span)])
        sizes: list[int] = self.rng.integers(least, most, size=units, endpoint=True).tolist()
        drawn = (self.rng.permutation(members)[:size] for size in sizes)
        self.values[step.name] = [np.sort(one + 1).tolist() for one in drawn]
        self.lengths[step.letter] = units

    def _ordinary(self, step: Ordinary) -> None:
        step = step.without(self.values.keys())
        if not step.statements:
            return
        found = Diagnostics()
        model = study.resolve_ordinary(self.spec, step, [self._table()], self.lengths, found)
        found.raise_errors()
        assert model is not None
        with refused(model):
            drawn = reference.simulate(model, self.rng)
        for name in step.names:
            value = drawn.observed[name] if name in drawn.observed else _whole(drawn.derived[name])
            self.values[name] = value.tolist()
        for item in model.index_sets:
            if item.length is not None:
                self.lengths.setdefault(item.name, item.length)

    def _amount(self, amount: Amount) -> int:
        if isinstance(amount.value, int):
            return amount.value
        if amount.value not in self.values:
            raise SpecError([study_faults.missing_amount(amount.value, amount.span)])
        value = self.values[amount.value]
        whole = isinstance(value, (int, float)) and value >= 0 and value == int(value)
        if not whole:
            raise SpecError([study_faults.not_whole(amount.value, f"{value}"[:60], amount.span)])
        return int(value)

    def _table(self) -> Table:
        table = from_mapping(self.values, Diagnostics(), "the study")
        assert table is not None
        return table
