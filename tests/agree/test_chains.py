"""Chain diagnostics against ArviZ, and against closed forms."""

import numpy as np
import pytest
from scipy import stats
from scipy.signal import lfilter

from hiercomp.agree import chains


def autoregressive(rng, phi, shape):
    """Stationary AR(1) with unit variance; its autocorrelation time is (1 + phi) / (1 - phi)."""
    noise = lfilter([np.sqrt(1 - phi**2)], [1, -phi], rng.normal(size=shape), axis=-1)
    return noise + phi ** np.arange(1, shape[-1] + 1) * rng.normal(size=(*shape[:-1], 1))


@pytest.mark.parametrize("phi", [-0.5, 0.0, 0.6, 0.95])
@pytest.mark.parametrize("draws", [999, 1000])
def test_like_arviz(phi, draws):
    from arviz_stats.base import array_stats

    values = autoregressive(np.random.default_rng(3), phi, (12, 4, draws))
    values[:3] = np.round(values[:3])  # ties
    values[3:6] = np.exp(3 * values[3:6])  # a heavy tail
    axes = {"chain_axis": 1, "draw_axis": 2}
    assert chains.rhat(values) == pytest.approx(array_stats.rhat(values, **axes), rel=1e-12)
    assert chains.ess_bulk(values) == pytest.approx(array_stats.ess(values, **axes), rel=1e-10)
    expected = array_stats.ess(values, method="tail", prob=(0.05, 0.95), **axes)
    assert chains.ess_tail(values) == pytest.approx(expected, rel=1e-10)
    assert chains.ess(chains.split(values)) == pytest.approx(array_stats.ess(values, method="mean", **axes), rel=1e-10)
    assert chains.bfmi(values[0]) == pytest.approx(array_stats.bfmi(values[0]), rel=1e-12)


@pytest.mark.parametrize("phi", [0.0, 0.5, 0.8])
def test_effective_draws_of_an_autoregression(phi):
    values = autoregressive(np.random.default_rng(1), phi, (200, 4, 1000))
    found = chains.ess(chains.split(values))
    assert np.median(found) == pytest.approx(4000 * (1 - phi) / (1 + phi), rel=0.05)


def test_constant_quantities():
    values = np.full((2, 4, 100), 3.0)
    values[1] += np.arange(4)[:, None]
    assert chains.ess(chains.split(values))[0] == 400
    assert np.isnan(chains.rhat(values)[0])
    assert chains.rhat(values)[1] > 1e3


def test_small_units_are_not_constant():
    values = np.random.default_rng(4).normal(size=(1, 4, 500)).cumsum(axis=-1)
    assert chains.ess(values * 1e-30) == pytest.approx(chains.ess(values), rel=1e-9)


@pytest.mark.parametrize(("shape", "draw"), [(1.0, stats.cauchy.rvs), (1 / 3, stats.t(3).rvs), (0.0, stats.norm.rvs)])
def test_tail_shapes(shape, draw):
    values = draw(size=(60, 8000), random_state=np.random.default_rng(5))
    # A normal deviate reaches its limiting shape 0 from below, very slowly.
    assert np.median(chains.tail_shape(values)) == pytest.approx(shape, abs=0.12)


def test_no_tail_in_discrete_or_bounded_quantities():
    rng = np.random.default_rng(6)
    assert chains.tail_shape(rng.integers(0, 3, size=(1, 4000)).astype(float))[0] == -np.inf
    assert chains.tail_shape(rng.uniform(size=(1, 4000)))[0] < 0
