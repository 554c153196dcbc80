"""Censoring, weights and zeros of their own against SciPy: densities, pointwise terms, draws."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from hiercomp import load
from hiercomp.model.ir import Model
from hiercomp.reference import log_lik, simulate

T = np.array([0.5, 2.0, 3.0, 1.0])
LIMIT = np.array([1.0, 2.0, 2.5, 1.0])


def made(text: str, **data: object) -> Model:
    return load(text, data=data, name="observations.hier").model()


def pointwise(text: str, point: dict[str, float], name: str, **data: object) -> np.ndarray:
    return log_lik(made(text, **data), point)[name]


def test_an_observation_at_its_limit_or_beyond_is_censored():
    found = pointwise(
        "t_i ~ Weibull(a, 2) censored above c_i\na ~ Gamma(2, 1)\n", {"a": 1.5}, "t", t=T.tolist(), c=LIMIT.tolist()
    )
    own, rest = stats.weibull_min.logpdf(T, 1.5, scale=2), stats.weibull_min.logsf(LIMIT, 1.5, scale=2)
    np.testing.assert_allclose(found, np.where(T >= LIMIT, rest, own), rtol=1e-14)


@pytest.mark.parametrize("mean", [-60.0, 0.3, 60.0])
def test_limits_on_both_sides_far_out(mean: float):
    y = np.array([-1.0, 0.5, 2.0])
    found = pointwise("y_i ~ Normal(m, 1) censored to [-1, 2]\nm ~ Normal(0, 50)\n", {"m": mean}, "y", y=y.tolist())
    expected = [stats.norm.logcdf(-1, mean), stats.norm.logpdf(0.5, mean), stats.norm.logsf(2, mean)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_an_interval_counts_with_its_probability_and_no_interval_with_its_density():
    y, upper = np.array([0.5, 1.0, 3.0]), np.array([1.5, 1.0, 4.0])
    found = pointwise(
        "y_i ~ LogNormal(m, 1) censored up to u_i\nm ~ Normal(0, 1)\n",
        {"m": 0.2}, "y", y=y.tolist(), u=upper.tolist(),
    )  # fmt: skip
    family = stats.lognorm(1, scale=np.exp(0.2))
    expected = [np.log(family.cdf(1.5) - family.cdf(0.5)), family.logpdf(1), np.log(family.cdf(4) - family.cdf(3))]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


CENSORED_COUNTS = {
    "Poisson(m)": stats.poisson(2.5),
    "NegBinomial(m, 3)": stats.nbinom(3, 3 / 5.5),
    "Binomial(9, m / 9)": stats.binom(9, 2.5 / 9),
    "Geometric(1 / m)": stats.geom(1 / 2.5),
}


@pytest.mark.parametrize("written", CENSORED_COUNTS)
def test_a_count_at_its_limit_stands_for_itself_and_for_all_beyond(written: str):
    y, limit = np.array([1, 4, 6, 3]), np.array([3, 4, 6, 5])
    family, prior, data = CENSORED_COUNTS[written], "m ~ Uniform(1.5, 4)\n", {"y": y.tolist(), "c": limit.tolist()}
    at = np.arange(60)

    def share(low: int, high: int) -> float:
        return float(np.log(family.pmf(at[low : high + 1]).sum()))

    found = pointwise(f"y_i ~ {written} censored above c_i\n{prior}", {"m": 2.5}, "y", **data)
    expected = [share(c, 59) if seen >= c else family.logpmf(seen) for seen, c in zip(y, limit, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    found = pointwise(f"y_i ~ {written} censored below 3\n{prior}", {"m": 2.5}, "y", **data)
    expected = [share(0, 3) if seen <= 3 else family.logpmf(seen) for seen in y]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    found = pointwise(f"y_i ~ {written} censored up to c_i\n{prior}", {"m": 2.5}, "y", **data)
    expected = [share(seen, c) if c > seen else family.logpmf(seen) for seen, c in zip(y, limit, strict=True)]
    np.testing.assert_allclose(found[:3], expected[:3], rtol=1e-12)
    if "Geometric" not in written:
        found = pointwise(f"y_i ~ {written} truncated to [1, ] censored above 4\n{prior}", {"m": 2.5}, "y", **data)
        expected = [(share(4, 59) if seen >= 4 else family.logpmf(seen)) - share(1, 59) for seen in y]
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    model = made(f"y_i ~ {written} censored above 3\n{prior}", **data)
    drawn = [simulate(model, np.random.default_rng(seed)).observed["y"].max() for seed in range(9)]
    assert max(drawn) == 3


def test_a_weight_multiplies_what_an_observation_adds():
    found = pointwise(
        "y_i ~ Normal(m, 1) weighted by w_i\nm ~ Normal(0, 1)\n",
        {"m": 0.2}, "y", y=T.tolist(), w=[0.0, 1.0, 2.0, 0.5],
    )  # fmt: skip
    np.testing.assert_allclose(found, np.array([0, 1, 2, 0.5]) * stats.norm.logpdf(T, 0.2, 1), rtol=1e-15)


COUNTS = np.array([0, 1, 5])


@pytest.mark.parametrize(
    ("written", "mass"),
    [
        ("ZeroInflatedPoisson(p, 2)", lambda x: stats.poisson.pmf(x, 2)),
        ("ZeroInflated(p, Poisson(2))", lambda x: stats.poisson.pmf(x, 2)),
        ("ZeroInflatedNegBinomial(p, 3, 2)", lambda x: stats.nbinom.pmf(x, 2, 2 / 5)),
        ("ZeroInflatedBinomial(pi = p, n = 8, p = 0.3)", lambda x: stats.binom.pmf(x, 8, 0.3)),
    ],
)
def test_zero_inflation(written: str, mass: Callable[[np.ndarray], np.ndarray]):
    found = pointwise(f"y_i ~ {written}\np ~ Beta(1, 1)\n", {"p": 0.3}, "y", y=COUNTS.tolist())
    np.testing.assert_allclose(found, np.log(0.3 * (COUNTS == 0) + 0.7 * mass(COUNTS)), rtol=1e-13)


@pytest.mark.parametrize("rate", [1e-9, 2.0])
def test_a_hurdle(rate: float):
    found = pointwise(
        "y_i ~ HurdlePoisson(p, r)\np ~ Beta(1, 1)\nr ~ Gamma(1, 1)\n", {"p": 0.3, "r": rate}, "y", y=COUNTS.tolist()
    )
    above = stats.poisson.logpmf(COUNTS, rate) - np.log(-np.expm1(-rate))
    np.testing.assert_allclose(found, np.where(COUNTS == 0, np.log(0.3), np.log(0.7) + above), rtol=1e-12)


def test_a_hurdle_before_a_real_quantity():
    y = np.array([0.0, 0.5, 3.0])
    found = pointwise("y_i ~ Hurdle(0.3, Gamma(a, 1))\na ~ Gamma(1, 1)\n", {"a": 0.5}, "y", y=y.tolist())
    with np.errstate(divide="ignore"):
        expected = np.where(y == 0, np.log(0.3), np.log(0.7) + stats.gamma.logpdf(np.maximum(y, 0.1), 0.5))
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_replicates_keep_to_limits_and_have_their_share_of_zeros():
    model = made(
        "t_i ~ Normal(0, 1) censored to [-1, 1]\ny_i ~ ZeroInflatedPoisson(0.4, 2)\nz_i ~ HurdlePoisson(0.4, 2)\n"
        "x_i ~ Normal(b, 1)\nb ~ Normal(0, 1)\n",
        t=[0.0] * 8000, y=[0] * 8000, z=[0] * 8000, x=[0.0] * 8000,
    )  # fmt: skip
    drawn = simulate(model, np.random.default_rng(3)).observed
    shares = [np.mean(drawn["t"] == 1.0), np.mean(drawn["y"] == 0), np.mean(drawn["z"] == 0)]
    expected = [stats.norm.sf(1), 0.4 + 0.6 * np.exp(-2), 0.4]
    np.testing.assert_allclose(shares, expected, atol=4 * 0.5 / np.sqrt(8000))
