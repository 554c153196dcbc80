"""Comparisons of draws against closed forms for independent normal draws."""

import numpy as np
import pytest
from scipy import stats

from hiercomp.agree.scores import STATISTICS, compare_draws, normal_equivalent, t_equivalent

DRAWS = (4, 1000)
SIZE = 4000


def row(name):
    return STATISTICS.index(name)


def test_normal_equivalent_is_as_improbable_as_t():
    for degrees in (20.0, 100.0, 1000.0):
        for t in (0.5, 2.0, 4.0, 8.0):
            exact = stats.norm.isf(stats.t.sf(t, degrees))
            assert normal_equivalent(np.array([t]), np.array([degrees]))[0] == pytest.approx(exact, rel=0.004)
    z = np.array([0.0, 1.0, 4.0])
    assert normal_equivalent(t_equivalent(z, np.full(3, 30.0)), np.full(3, 30.0)) == pytest.approx(z)
    assert np.isfinite(normal_equivalent(np.array([-1e100]), np.array([50.0])))


def test_standard_errors_of_independent_normals():
    """The sd of each difference, in units of what is known for 2 x 4,000 independent draws, is one."""
    rng = np.random.default_rng(11)
    first, second = rng.normal(size=(2, 400, *DRAWS))
    found = compare_draws(first, second)
    assert found.shift.mean() == pytest.approx(np.sqrt(2 / SIZE), rel=0.03)
    assert found.z.std(axis=-1) == pytest.approx(np.ones(len(STATISTICS)), abs=0.12)
    # Known: sd of the difference of two means, and of two 95 % quantiles, of normal draws.
    means = (found.mean[0] - found.mean[1]) / np.sqrt(2 / SIZE)
    assert np.corrcoef(means, found.z[row("mean")])[0, 1] > 0.99
    error = np.sqrt(2 * 0.05 * 0.95 / SIZE) / stats.norm.pdf(stats.norm.ppf(0.95))
    quantiles = (found.quantiles[0][2] - found.quantiles[1][2]) / error
    assert quantiles.std() == pytest.approx(1, abs=0.12)
    assert np.corrcoef(quantiles, found.z[row("q95")])[0, 1] > 0.95
    sds = (found.sd[0] - found.sd[1]) / np.sqrt(1 / SIZE)
    assert np.corrcoef(sds, found.z[row("sd")])[0, 1] > 0.99


def test_size_of_z_for_known_differences():
    """A shift of d sds gives a z of d / sqrt(2 / n), a ratio r of sds one of |1 - r^2| / sqrt(2 (1 + r^4) / n)."""
    rng = np.random.default_rng(12)
    first = rng.normal(size=(100, *DRAWS))
    shifted = compare_draws(first, rng.normal(size=first.shape) + 0.2).z
    assert shifted[row("mean")].mean() == pytest.approx(-0.2 / np.sqrt(2 / SIZE), rel=0.05)
    wider = compare_draws(first, rng.normal(size=first.shape) * 1.2).z
    assert wider[row("sd")].mean() == pytest.approx((1 - 1.44) / np.sqrt(2 * (1 + 1.44**2) / SIZE), rel=0.05)
    assert abs(wider[row("mean")].mean()) < 0.5


def test_order_and_units_do_not_matter():
    rng = np.random.default_rng(13)
    first, second = rng.gamma(2.0, size=(2, 20, *DRAWS))
    found = compare_draws(first, second).z
    assert compare_draws(second, first).z == pytest.approx(-found, abs=1e-9)
    assert compare_draws(first * 1e-3 + 5, second * 1e-3 + 5).z == pytest.approx(found, abs=0.05)  # rounding makes ties
    assert compare_draws(first * 2.0**-100, second * 2.0**-100).z == pytest.approx(found, abs=1e-9)
    # Quantiles and ranks don't see a monotone transformation either.
    assert compare_draws(first**3, second**3).z[row("q5") : row("rank") + 1] == pytest.approx(
        found[row("q5") : row("rank") + 1], abs=1e-9
    )


def test_discrete_quantities():
    rng = np.random.default_rng(14)
    first = rng.poisson(1.0, size=(200, *DRAWS)).astype(float)
    same = compare_draws(first, rng.poisson(1.0, size=first.shape).astype(float)).z
    assert np.isfinite(same).all()
    # Below the median of a Poisson(1) lies more than half of the distribution: half of the ties must count.
    assert same.std(axis=-1) == pytest.approx(np.ones(len(STATISTICS)), abs=0.15)
    other = compare_draws(first, rng.poisson(1.2, size=first.shape).astype(float)).z
    assert (np.abs(other[row("mean")]) > 4).mean() > 0.95


def test_unequal_numbers_of_draws():
    rng = np.random.default_rng(15)
    z = compare_draws(rng.normal(size=(300, 4, 1000)), rng.normal(size=(300, 2, 700))).z
    assert z.std(axis=-1) == pytest.approx(np.ones(len(STATISTICS)), abs=0.15)
