"""Chain diagnostics against closed forms, and their shapes and degenerate cases; the estimators are ArviZ's."""

import numpy as np
import pytest
from scipy import stats
from scipy.signal import lfilter

from hiercomp.agree import chains


def autoregressive(rng, phi, shape):
    """Stationary AR(1) with unit variance; its autocorrelation time is (1 + phi) / (1 - phi)."""
    noise = lfilter([np.sqrt(1 - phi**2)], [1, -phi], rng.normal(size=shape), axis=-1)
    return noise + phi ** np.arange(1, shape[-1] + 1) * rng.normal(size=(*shape[:-1], 1))


@pytest.mark.parametrize("draws", [999, 1000])
def test_each_quantity_by_itself(draws):
    """Diagnostics of many quantities at once are those of ArviZ for each alone."""
    import arviz_stats

    values = autoregressive(np.random.default_rng(3), 0.6, (6, 4, draws))
    values[:2] = np.round(values[:2])  # ties
    values[2:4] = np.exp(3 * values[2:4])  # a heavy tail
    for k, one in enumerate(values):
        assert chains.rhat(values)[k] == arviz_stats.rhat(one)
        assert chains.ess_bulk(values)[k] == arviz_stats.ess(one, method="bulk")
        assert chains.ess_tail(values)[k] == arviz_stats.ess(one, method="tail", prob=(0.05, 0.95))
        assert chains.ess_mean(values)[k] == pytest.approx(arviz_stats.ess(one, method="mean"), rel=1e-10)
    assert chains.bfmi(values[0]) == pytest.approx(
        np.square(np.diff(values[0])).mean(axis=-1) / np.var(values[0], axis=-1, ddof=1)
    )


def test_normal_scores_are_quantiles_of_mean_ranks():
    scores = chains.normal_scores(np.array([[3.0, 1.0, 1.0, 7.0]]))
    expected = stats.norm.ppf((np.array([3, 1.5, 1.5, 4]) - 3 / 8) / 4.25)
    assert scores[0] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("phi", [0.0, 0.5, 0.8])
def test_effective_draws_of_an_autoregression(phi):
    values = autoregressive(np.random.default_rng(1), phi, (200, 4, 1000))
    found = chains.ess_mean(values)
    assert np.median(found) == pytest.approx(4000 * (1 - phi) / (1 + phi), rel=0.05)


def test_constant_quantities():
    values = np.full((2, 4, 100), 3.0)
    values[1] += np.arange(4)[:, None]
    assert chains.ess_mean(values)[0] == 400
    assert np.isnan(chains.rhat(values)[0])
    assert chains.rhat(values)[1] > 1e3


def test_small_units_are_not_constant():
    values = np.random.default_rng(4).normal(size=(1, 4, 500)).cumsum(axis=-1)
    assert chains.ess_mean(values * 1e-30) == pytest.approx(chains.ess_mean(values), rel=1e-9)


@pytest.mark.parametrize(("shape", "draw"), [(1.0, stats.cauchy.rvs), (1 / 3, stats.t(3).rvs), (0.0, stats.norm.rvs)])
def test_tail_shapes(shape, draw):
    values = draw(size=(60, 4, 2000), random_state=np.random.default_rng(5))
    # A normal deviate reaches its limiting shape 0 from below, very slowly.
    assert np.median(chains.tail_shape(values)) == pytest.approx(shape, abs=0.12)


def test_no_tail_in_discrete_or_bounded_quantities():
    rng = np.random.default_rng(6)
    assert chains.tail_shape(rng.integers(0, 3, size=(1, 4, 1000)).astype(float))[0] == -np.inf
    assert chains.tail_shape(rng.uniform(size=(1, 4, 1000)))[0] < 0


def test_no_tail_in_flat_or_few_draws():
    values = np.random.default_rng(7).normal(size=(2, 4, 500))
    values[0] = np.minimum(values[0], 1.0)  # every tenth draw is the same
    values[0] = np.maximum(values[0], -1.0)
    assert chains.tail_shape(values)[0] == -np.inf
    assert np.isfinite(chains.tail_shape(values)[1])
    assert (chains.tail_shape(values[:, :, :4]) == -np.inf).all()
