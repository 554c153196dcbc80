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
from hiercomp.reference import joint
from hiercomp.reference.spaces import holds, place

type Floats = npt.NDArray[np.float64]
type Array = npt.NDArray[Any]

special: Any = scipy_special  # some of its functions have no types
type Args = Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Form:
    """`log_density` of arguments and variate, over the leading axes; `draw` of arguments that all have the leading axes
    of the result, whose own axes have the lengths given."""

    log_density: Callable[[Args, Array], Floats]
    draw: Callable[[Args, np.random.Generator, tuple[int, ...]], Array]


def log_density(row: Distribution, args: Args, x: Array) -> Floats:
    """Return the log density of each variate, with all constants: -inf outside the support, nan for bad arguments."""
    with np.errstate(all="ignore"):
        return np.asarray(FORMS[row.name].log_density(args, x), dtype=float)


def draw(row: Distribution, args: Args, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return independent draws: `shape` has the leading axes, then those of one variate."""
    lead, event = shape[: len(shape) - row.event_rank], shape[len(shape) - row.event_rank :]
    ranks = {param.name: len(param.axes) for param in row.params}
    full = {
        name: np.broadcast_to(value, lead + value.shape[value.ndim - ranks[name] :]) for name, value in args.items()
    }
    return FORMS[row.name].draw(full, rng, event)


def _dirichlet(args: Args, x: Array) -> Floats:
    a = args["concentration"]
    total = special.gammaln((a + 0.0 * x).sum(axis=-1)) + (special.xlogy(a - 1, x) - special.gammaln(a)).sum(axis=-1)
    total = np.where((a > 0).all(axis=-1), total, np.nan)
    return np.where(holds("simplex", x), total, -np.inf)


def _draw_dirichlet(args: Args, rng: np.random.Generator, _: tuple[int, ...]) -> Array:
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


def _draw_categorical(args: Args, rng: np.random.Generator, _: tuple[int, ...]) -> Array:
    return _draw_member(np.log(args["p"]), rng)


def _draw_categorical_logit(args: Args, rng: np.random.Generator, _: tuple[int, ...]) -> Array:
    return _draw_member(args["logits"], rng)


def _between(args: Args, x: Array) -> tuple[Floats, Floats, Floats]:
    """Return the ends of the interval that each category is, the first and last ones infinite, and where they are."""
    eta, cuts = args["eta"], args["cutpoints"]
    shape = np.broadcast_shapes(eta.shape, cuts.shape[:-1], x.shape)
    inside = (x >= 1) & (x <= cuts.shape[-1] + 1) & (x == np.floor(x))
    at = np.broadcast_to(np.where(inside, x, 1).astype(np.int64), shape)[..., np.newaxis]
    beyond = np.full((*shape, 1), np.inf)
    ends = np.concatenate([-beyond, np.broadcast_to(cuts, (*shape, cuts.shape[-1])), beyond], axis=-1) - eta[..., None]
    low, high = (np.take_along_axis(ends, at - back, axis=-1)[..., 0] for back in (1, 0))
    none = np.where(holds("ordered", cuts), 0.0, np.nan)
    return low, high, np.where(np.broadcast_to(inside, shape), none, -np.inf)


def _log1m_exp(value: Floats) -> Floats:
    return np.where(value > -0.6931471805599453, np.log(-np.expm1(value)), np.log1p(-np.exp(value)))


def _ordered_logistic(args: Args, x: Array) -> Floats:
    low, high, there = _between(args, x)
    return special.log_expit(high) + special.log_expit(-low) + _log1m_exp(low - high) + there


def _ordered_probit(args: Args, x: Array) -> Floats:
    low, high, there = _between(args, x)
    above = low > 0
    far, near = np.where(above, -high, low), np.where(above, -low, high)
    most = special.log_ndtr(near)
    return most + _log1m_exp(special.log_ndtr(far) - most) + there


def _draw_category(noise: Floats, args: Args) -> Array:
    return 1 + ((args["eta"] + noise)[..., np.newaxis] > args["cutpoints"]).sum(axis=-1)


def _counts_of(args: Args, x: Array) -> tuple[Floats, Floats]:
    """Return log multinomial coefficients, and 0 where counts are of as many trials as they should, else -inf."""
    good = (x >= 0).all(axis=-1) & (x == np.floor(x)).all(axis=-1) & (x.sum(axis=-1) == args["n"])
    ways = special.gammaln(x.sum(axis=-1) + 1.0) - special.gammaln(x + 1.0).sum(axis=-1)
    return ways, np.where(good, 0.0, -np.inf)


def _multinomial(args: Args, x: Array) -> Floats:
    ways, there = _counts_of(args, x)
    value = ways + special.xlogy(x, args["p"]).sum(axis=-1) + there
    return np.where(holds("simplex", args["p"]), value, np.nan)


def _dirichlet_multinomial(args: Args, x: Array) -> Floats:
    ways, there = _counts_of(args, x)
    a = args["concentration"]
    total = a.sum(axis=-1)
    rising = (special.gammaln(x + a) - special.gammaln(a)).sum(axis=-1)
    value = ways + rising - special.gammaln(total + x.sum(axis=-1)) + special.gammaln(total) + there
    return np.where((a > 0).all(axis=-1), value, np.nan)


def _draw_counts(args: Args, p: Floats, rng: np.random.Generator) -> Array:
    return rng.multinomial(args["n"].astype(np.int64), p / p.sum(axis=-1, keepdims=True))


def _zero_sum_normal(args: Args, x: Array) -> Floats:
    """Return the density on the plane of all vectors that sum to zero, which has one dimension less than these."""
    sd = np.asarray(args["sd"], dtype=float)
    free = x.shape[-1] - 1
    value = -0.5 * np.square(x / sd[..., np.newaxis]).sum(axis=-1) - free * (np.log(sd) + 0.5 * np.log(2 * np.pi))
    return np.where(sd > 0, np.where(holds("sum to zero", x), value, -np.inf), np.nan)


def _draw_zero_sum_normal(args: Args, rng: np.random.Generator, event: tuple[int, ...]) -> Array:
    sd = np.asarray(args["sd"], dtype=float)
    return place("sum to zero", sd[..., np.newaxis] * rng.standard_normal((*sd.shape, *event)))


def _not_drawn(args: Args, rng: np.random.Generator, event: tuple[int, ...]) -> Array:
    raise NotImplementedError("nothing can be drawn from an improper distribution")


FORMS: Mapping[str, Form] = {
    "Dirichlet": Form(_dirichlet, _draw_dirichlet),
    "Categorical": Form(_categorical, _draw_categorical),
    "Categorical-Logit": Form(_categorical_logit, _draw_categorical_logit),
    "Ordered-Logistic": Form(
        _ordered_logistic, lambda args, rng, _: _draw_category(rng.logistic(size=args["eta"].shape), args)
    ),
    "Ordered-Probit": Form(
        _ordered_probit, lambda args, rng, _: _draw_category(rng.normal(size=args["eta"].shape), args)
    ),
    "Multinomial": Form(_multinomial, lambda args, rng, _: _draw_counts(args, args["p"], rng)),
    "Dirichlet-Multinomial": Form(
        _dirichlet_multinomial, lambda args, rng, _: _draw_counts(args, _draw_dirichlet(args, rng, _), rng)
    ),
    "Multi-Normal": Form(joint.normal, joint.draw_normal),
    "Multi-Normal-Cholesky": Form(joint.normal_cholesky, joint.draw_normal_cholesky),
    "Multi-Normal-Precision": Form(joint.normal_precision, joint.draw_normal_precision),
    "Multi-Student-t": Form(joint.student_t, joint.draw_student_t),
    "Zero-Sum-Normal": Form(_zero_sum_normal, _draw_zero_sum_normal),
    "Wishart": Form(joint.wishart, joint.draw_wishart),
    "Inverse-Wishart": Form(joint.inverse_wishart, joint.draw_inverse_wishart),
    "Flat-Covariance": Form(lambda _, x: np.where(holds("cov", x), 0.0, -np.inf), _not_drawn),
    "LKJ": Form(joint.lkj, joint.draw_lkj),
    "LKJ-Cholesky": Form(joint.lkj_cholesky, joint.draw_lkj_cholesky),
}
