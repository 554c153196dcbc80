"""Hidden Markov chains by the forward algorithm (Rabiner 1989, section III.A), on the logarithmic scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special as scipy_special

from hiercomp.expr import Binder
from hiercomp.model.ir import Dist
from hiercomp.reference.evaluate import Frame, bind, evaluate, spread
from hiercomp.reference.functions import Array
from hiercomp.reference.mixtures import components
from hiercomp.reference.spaces import holds

type Floats = npt.NDArray[np.float64]

special: Any = scipy_special


def log_density(dist: Dist, frame: Frame, emitted: Callable[[Dist, Frame], Floats]) -> Floats:
    """Return the log density of each series; `emitted` gives that of an emission at every position.

    nan where the initial or the transition probabilities are none.
    """
    inner = positions(dist, frame)
    states = list(components(dist, frame))
    emission = np.stack([spread(emitted(one, inner), inner) for _, one in states], axis=-1)
    transition, start = _probabilities(dist, frame, len(states))
    with np.errstate(divide="ignore"):
        moves, begun = np.log(transition), np.log(start)
    reached = begun + emission[..., 0, :]
    for place in range(1, emission.shape[-2]):
        reached = special.logsumexp(reached[..., np.newaxis] + moves, axis=-2) + emission[..., place, :]
    good = holds("simplex", transition).all(axis=-1)
    if "initial" in dict(dist.args):
        good = good & holds("simplex", start)
    return np.where(good, special.logsumexp(reached, axis=-1), np.nan)


def draw(
    dist: Dist, frame: Frame, rng: np.random.Generator, emit: Callable[[Dist, Frame], Array], shape: tuple[int, ...]
) -> Array:
    """Return a series for each place of the frame; `emit` draws an emission at every position.

    Where nothing is said of the first state, all are as likely.
    """
    inner = positions(dist, frame)
    states = list(components(dist, frame))
    draws = np.stack([np.broadcast_to(emit(one, inner), shape) for _, one in states], axis=-1)
    transition, start = _probabilities(dist, frame, len(states))
    start = np.broadcast_to(start, (*frame.shape, len(states)))
    transition = np.broadcast_to(transition, frame.shape + transition.shape[frame.depth :])
    state = _chosen(start, rng)
    found = np.empty(shape, dtype=draws.dtype)
    for place in range(shape[-1]):
        if place:
            state = _chosen(np.take_along_axis(transition, state[..., np.newaxis, np.newaxis], axis=-2)[..., 0, :], rng)
        found[..., place] = np.take_along_axis(draws[..., place, :], state[..., np.newaxis], axis=-1)[..., 0]
    return found


def _probabilities(dist: Dist, frame: Frame, states: int) -> tuple[Floats, Floats]:
    """Return those of the next state, and those of the first: ones where nothing is said of it."""
    args = {name: evaluate(value, frame) for name, value in dist.args}
    return args["transition"], args.get("initial", np.ones(states))


def positions(dist: Dist, frame: Frame) -> Frame:
    """Return the frame in which emissions are: the position in the series is an index of its own."""
    assert isinstance(dist.along, Binder)
    return bind(frame, (dist.along,))


def _chosen(weights: Floats, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return a place along the last axis for each of the others, with these weights."""
    upto = np.cumsum(weights, axis=-1)
    return (upto[..., :-1] < rng.uniform(size=weights.shape[:-1])[..., np.newaxis] * upto[..., -1:]).sum(axis=-1)
