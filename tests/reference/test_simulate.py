"""Draws against closed forms: each statement is drawn from what it depends on, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hiercomp.expr import Op, Ref, number
from hiercomp.model.ir import Support
from hiercomp.reference import CannotSimulateError, derive, log_density, prior_point, simulate
from tests.plan.models import model, noncentered
from tests.reference.test_density import SCHOOLS, SIGMA, autoregression


def draws(made, number_of_draws, data=None, seed=1):
    rng = np.random.default_rng(seed)
    return [simulate(made, rng, data) for _ in range(number_of_draws)]


def test_everything_is_drawn_and_derived():
    one = simulate(noncentered(), np.random.default_rng(1), SCHOOLS)
    assert set(one) == {"eta", "mu", "tau"}
    assert dict(one) == one.unknowns
    np.testing.assert_allclose(one.derived["theta"], one["mu"] + one["tau"] * one["eta"])
    assert one.observed["y"].shape == (8,)
    total, _ = log_density(noncentered(), one, {**SCHOOLS, "y": one.observed["y"]})
    assert np.isfinite(total)
    np.testing.assert_allclose(derive(noncentered(), one, SCHOOLS)["theta"], one.derived["theta"])


def test_same_seed_same_draw():
    first, second = (simulate(noncentered(), np.random.default_rng(7), SCHOOLS) for _ in range(2))
    np.testing.assert_array_equal(first.observed["y"], second.observed["y"])


def test_data_are_drawn_around_the_unknowns():
    rng = np.random.default_rng(2)
    point = {"eta": np.linspace(-1, 1, 8), "mu": 3.0, "tau": 5.0}
    y = np.array([simulate(noncentered(), rng, SCHOOLS, given=point).observed["y"] for _ in range(500)])
    z = (y - (3 + 5 * point["eta"])) / SIGMA
    assert stats.kstest(z.ravel(), "norm").pvalue > 1e-3


def test_unknowns_have_their_priors():
    made = draws(noncentered(), 500, SCHOOLS)
    assert stats.kstest([one["mu"] for one in made], stats.norm(0, 20).cdf).pvalue > 1e-3
    assert stats.kstest([one["tau"] for one in made], stats.halfcauchy(0, 10).cdf).pvalue > 1e-3


def test_elements_are_independent():
    made = model("m", ["x[i] ~ Normal(mu, 1)", "mu ~ Normal(0, 1)"], axes={"x": ["schools"]})
    x = np.array([one["x"] for one in draws(made, 1500, {"N_schools": 2})])
    assert np.corrcoef(x.T)[0, 1] == pytest.approx(0.5, abs=0.08)


def test_a_series_is_drawn_one_step_after_the_other():
    rng = np.random.default_rng(3)
    point = {"a": 1.0, "b": 0.8, "s": 0.5}
    with_start = model(
        "ar",
        ["y[t] ~ Normal(a + b * y[t - 1], s) | t in 2..T", "y[1] ~ Normal(100, 0.001)", *(
            "a ~ Normal(0, 10)", "b ~ Normal(0, 1)", "s ~ Half-Cauchy(2)")],
        data={"y": ["T"]}, sets={"T": "T"}, letters={"t": "T"},
    )  # fmt: skip
    y = np.array([simulate(with_start, rng, {"y": np.zeros(4)}, given=point).observed["y"] for _ in range(600)])
    mean = [100, 81, 65.8, 53.64]
    sd = [0.001, 0.5, 0.5 * np.sqrt(1 + 0.64), 0.5 * np.sqrt(1 + 0.64 + 0.4096)]
    np.testing.assert_allclose(y.mean(axis=0), mean, atol=0.15)
    np.testing.assert_allclose(y.std(axis=0)[1:], sd[1:], rtol=0.12)


def test_a_series_starts_from_what_was_observed():
    given = {"a": 0.0, "b": 1.0, "s": 1e-6}
    observed = np.full(4, 5.0)
    one = simulate(autoregression(), np.random.default_rng(1), {"y": observed}, given=given)
    np.testing.assert_allclose(one.observed["y"], 5.0, atol=1e-4)
    assert (one.observed["y"][1:] != 5.0).all()
    assert (observed == 5.0).all()


def test_a_series_without_a_start_says_so():
    made = model(
        "walk", ["x[t] ~ Normal(x[t - 1], 1) | t in 2..T"], axes={"x": ["T"]}, sets={"T": "T"}, letters={"t": "T"}
    )
    with pytest.raises(CannotSimulateError, match="x: some elements"):
        simulate(made, np.random.default_rng(1), {"T": 4})


def test_a_state_that_feeds_on_what_was_drawn():
    made = model(
        "garch",
        [
            "y[t] ~ Normal(0, sigma[t])",
            "sigma[t] = sqrt(1 + 0.9 * y[t - 1] ** 2) | t in 2..T",
            "sigma[1] = 5",
        ],
        data={"y": ["T"]}, axes={"sigma": ["T"]}, sets={"T": "T"}, letters={"t": "T"},
    )  # fmt: skip
    one = simulate(made, np.random.default_rng(4), {"y": np.zeros(50)})
    y = one.observed["y"]
    np.testing.assert_allclose(one.derived["sigma"][1:], np.sqrt(1 + 0.9 * y[:-1] ** 2))


@pytest.mark.parametrize(("low", "high"), [("1", "3"), ("", "-20"), ("30", ""), ("-1", "50")])
def test_truncated_draws(low, high):
    made = model("cut", [f"x ~ Normal(2, 3) | truncated {low}..{high}"])
    x = np.array([one["x"] for one in draws(made, 600)], dtype=float)
    a, b = ((float(end) - 2) / 3 if end else side for end, side in ((low, -np.inf), (high, np.inf)))
    assert stats.kstest(x, stats.truncnorm(a, b, 2, 3).cdf).pvalue > 1e-3


def test_truncated_counts():
    made = model("cut", ["x ~ Poisson(2.5) | truncated 2..5"])
    x = np.array([one["x"] for one in draws(made, 1500)])
    mass = stats.poisson.pmf(np.arange(2, 6), 2.5)
    share = [(x == value).mean() for value in range(2, 6)]
    np.testing.assert_allclose(share, mass / mass.sum(), atol=0.05)


def test_half_t_draws_within_bounds():
    made = model("cut", ["x ~ Half-StudentT(4, 2) | truncated 1..5"])
    x = np.array([one["x"] for one in draws(made, 600)], dtype=float)
    below, above = stats.t.cdf([1 / 2, 5 / 2], 4)
    assert stats.kstest(x, lambda v: (stats.t.cdf(v / 2, 4) - below) / (above - below)).pvalue > 1e-3


def test_bounds_by_where_hold_for_draws():
    below = {"b": Support(upper=Op("-", (number(1), Ref("a"))))}
    made = model("bounded", ["b ~ Normal(0, 1)", "a ~ Uniform(0, 1)"], supports=below)
    for one in draws(made, 300):
        assert one["b"] <= 1 - one["a"]


def test_piecewise_draws():
    made = model(
        "mixed",
        ["y[i] ~ Normal(0, 1) if c[i] == 0 otherwise Normal(100, 1)"],
        data={"y": ["schools"], "c": ["schools"]},
        ints=["c"],
    )
    c = np.array([0, 1, 0, 1])
    y = simulate(made, np.random.default_rng(1), {"y": np.zeros(4), "c": c}).observed["y"]
    np.testing.assert_array_equal(y > 50, c == 1)


def test_predictions_are_drawn_and_are_no_part_of_the_density():
    made = model(
        "m",
        ["mu ~ Normal(0, 1)", "p[i] ~ Normal(mu, 0.001)", "q[i] = 2 * p[i]"],
        axes={"p": ["schools"], "q": ["schools"]},
        predictions=["p"],
    )
    one = simulate(made, np.random.default_rng(1), {"N_schools": 3})
    np.testing.assert_allclose(one.predictions["p"], np.full(3, one["mu"]), atol=0.01)
    assert "q" in one.derived
    assert log_density(made, one, {"N_schools": 3})[1].keys() == {"mu"}
    assert derive(made, one, {"N_schools": 3}) == {}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("mu ~ Flat()", "Flat, which is improper"),
        ("mu + 1 ~ Normal(0, 1)", "soft constraint"),
        ("log_density += mu", "not a distribution"),
    ],
)
def test_what_cannot_be_simulated_says_so(line, told):
    lines = [line] if line.startswith("mu ~") else [line, "mu ~ Normal(0, 1)"]
    made = model("m", lines)
    with pytest.raises(CannotSimulateError, match=told):
        simulate(made, np.random.default_rng(1))
    assert prior_point(made, np.random.default_rng(1)) is None


def test_what_was_observed_is_not_drawn_for_a_point():
    """A rate of e^1000 has no draw; points of the unknowns do not need one."""
    lines = ["y[i] ~ Poisson(exp(mu))", "mu ~ Normal(1000, 1)"]
    made = model("m", lines, data={"y": ["i"]}, ints=["y"], sets={"i": "N"})
    data = {"y": [1, 2], "N": 2}
    with pytest.raises(ValueError, match="too large"):
        simulate(made, np.random.default_rng(1), data)
    point = prior_point(made, np.random.default_rng(1), data)
    assert point is not None
    assert set(point) == {"mu"}
