"""Log densities and draws of distributions with axes of their own, from their formulas.

Arrays have leading axes that broadcast, then the axes that the catalogue gives to the parameter or the variate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special as scipy_special

from hiercomp.catalog import Distribution
from hiercomp.reference.spaces import holds

type Floats = npt.NDArray[np.float64]
type Array = npt.NDArray[Any]

special: Any = scipy_special  # some of its functions have no types
type Args = Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Form:
    """`log_density` of arguments and variate, over the leading axes; `draw` of arguments that all have the leading axes
    of the result."""

    log_density: Callable[[Args, Array], Floats]
    draw: Callable[[Args, np.random.Generator], Array]


def log_density(row: Distribution, args: Args, x: Array) -> Floats:
    """Return the log density of each variate, with all constants: -inf outside the support, nan for bad arguments."""
    with np.errstate(all="ignore"):
        return np.asarray(FORMS[row.name].log_density(args, x), dtype=float)


def draw(row: Distribution, args: Args, rng: np.random.Generator, lead: tuple[int, ...]) -> Array:
    """Return independent draws, one for each place of the leading axes `lead`."""
    ranks = {param.name: len(param.axes) for param in row.params}
    full = {
        name: np.broadcast_to(value, lead + value.shape[value.ndim - ranks[name] :]) for name, value in args.items()
    }
    return FORMS[row.name].draw(full, rng)


def _dirichlet(args: Args, x: Array) -> Floats:
    a = args["concentration"]
    total = special.gammaln((a + 0.0 * x).sum(axis=-1)) + (special.xlogy(a - 1, x) - special.gammaln(a)).sum(axis=-1)
    total = np.where((a > 0).all(axis=-1), total, np.nan)
    return np.where(holds("simplex", x), total, -np.inf)


def _draw_dirichlet(args: Args, rng: np.random.Generator) -> Array:
    a = args["concentration"]
    # A gamma variate of small shape underflows; its logarithm does not.
    logs = np.log(rng.standard_gamma(a + 1.0)) + np.log(rng.uniform(size=a.shape)) / a
    return special.softmax(logs, axis=-1)


def _picked(logs: Floats, x: Array) -> Floats:
    """Return the element of the last axis at the position x, counted from 1; -inf where there is none."""
    shape = np.broadcast_shapes(logs.shape[:-1], x.shape)
    place = np.broadcast_to(x, shape)
    inside = (place >= 1) & (place <= logs.shape[-1]) & (place == np.floor(place))
    at = np.where(inside, place, 1).astype(np.int64) - 1
    found = np.take_along_axis(np.broadcast_to(logs, (*shape, logs.shape[-1])), at[..., np.newaxis], axis=-1)
    return np.where(inside, found[..., 0], -np.inf)


def _categorical(args: Args, x: Array) -> Floats:
    p = args["p"]
    good = holds("simplex", p)
    return np.where(good, _picked(np.log(p), x), np.nan)


def _categorical_logit(args: Args, x: Array) -> Floats:
    return _picked(special.log_softmax(args["logits"], axis=-1), x)


def _draw_member(logs: Floats, rng: np.random.Generator) -> Array:
    return np.argmax(logs + rng.gumbel(size=logs.shape), axis=-1) + 1


def _draw_categorical(args: Args, rng: np.random.Generator) -> Array:
    return _draw_member(np.log(args["p"]), rng)


def _draw_categorical_logit(args: Args, rng: np.random.Generator) -> Array:
    return _draw_member(args["logits"], rng)


FORMS: Mapping[str, Form] = {
    "Dirichlet": Form(_dirichlet, _draw_dirichlet),
    "Categorical": Form(_categorical, _draw_categorical),
    "Categorical-Logit": Form(_categorical_logit, _draw_categorical_logit),
}
