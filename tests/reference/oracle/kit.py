"""What the tables of models share: unknowns that are drawn, log densities that are summed, and the list of cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

type Draw = Callable[[np.random.Generator], Any]

X = [0.3, -1.2, 2.0, 0.7, 1.5]
Y = [1.0, -0.5, 2.2, 0.4, 1.9]
COUNTS = [3, 0, 2, 1, 4]
GROUP = [1, 2, 2, 3, 1]


@dataclass(frozen=True)
class Case:
    """A spec with its data, what its unknowns are, and its log density as SciPy has it."""

    name: str
    spec: str
    data: Mapping[str, Any]
    unknowns: Mapping[str, Draw]
    density: Callable[[Mapping[str, Any], Mapping[str, Any]], Any]


CASES: list[Case] = []


def case(spec: str, data: Mapping[str, Any], **unknowns: Draw) -> Callable[..., Any]:
    """Add a model to the list: the function decorated takes a point and the data, and returns the log density."""

    def add(density: Callable[..., Any]) -> Callable[..., Any]:
        assert density.__name__ not in {item.name for item in CASES}, density.__name__
        CASES.append(Case(density.__name__, spec, data, unknowns, density))
        return density

    return add


def real(*shape: int) -> Draw:
    return lambda rng: rng.normal(size=shape)


def pos(*shape: int) -> Draw:
    return lambda rng: np.exp(0.5 * rng.normal(size=shape))


def unit(*shape: int) -> Draw:
    return lambda rng: rng.uniform(0.1, 0.9, size=shape)


def between(low: float, high: float, *shape: int) -> Draw:
    return lambda rng: rng.uniform(low, high, size=shape)


def simplex(*shape: int) -> Draw:
    return lambda rng: rng.dirichlet(np.ones(shape[-1]), size=shape[:-1] or None)


def rising(*shape: int) -> Draw:
    return lambda rng: np.sort(rng.normal(size=shape), axis=-1)


def zero_sum(*shape: int) -> Draw:
    def draw(rng: np.random.Generator) -> Any:
        x = rng.normal(size=shape)
        return x - x.mean(axis=-1, keepdims=True)

    return draw


def direction(*shape: int) -> Draw:
    def draw(rng: np.random.Generator) -> Any:
        x = rng.normal(size=shape)
        return x / np.linalg.norm(x, axis=-1, keepdims=True)

    return draw


def N(x: Any, mean: Any = 0, sd: Any = 1) -> Any:
    return stats.norm.logpdf(x, mean, sd).sum()


def HN(x: Any, scale: Any = 1) -> Any:
    return stats.halfnorm.logpdf(x, 0, scale).sum()


def HC(x: Any, scale: Any = 1) -> Any:
    return stats.halfcauchy.logpdf(x, 0, scale).sum()


def EX(x: Any, rate: Any = 1) -> Any:
    return stats.expon.logpdf(x, scale=1 / np.asarray(rate)).sum()


def GA(x: Any, shape: Any, rate: Any) -> Any:
    return stats.gamma.logpdf(x, shape, scale=1 / np.asarray(rate)).sum()


def PO(x: Any, rate: Any) -> Any:
    return stats.poisson.logpmf(x, rate).sum()


def BI(x: Any, n: Any, p: Any) -> Any:
    return stats.binom.logpmf(x, n, p).sum()


def BE(x: Any, p: Any) -> Any:
    return stats.bernoulli.logpmf(x, p).sum()
