"""Components of mixtures, one after the other: those that run over a set are written out for each of its members."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from hiercomp.expr import number, set_indices
from hiercomp.model.ir import Dist
from hiercomp.model.parts import changed, log_weight
from hiercomp.reference.evaluate import Frame, evaluate
from hiercomp.reference.functions import Array


def components(dist: Dist, frame: Frame) -> Iterator[tuple[Array, Dist]]:
    """Yield the logarithm of the weight of each component under the index variables of `frame`, and the component.

    -inf is the logarithm of no weight at all. Raises `EvaluationError` where a set has no length.
    """
    for part in dist.parts:
        if part.binder is None:
            yield evaluate(log_weight(part.weight), frame), part.dist
            continue
        for place in range(1, frame.length(part.binder.set) + 1):
            member = partial(set_indices, values={part.binder.var: number(place)})
            yield evaluate(log_weight(member(part.weight)), frame), changed(part.dist, member)
