"""Points are reproducible, many enough, and not chosen to avoid trouble."""

import numpy as np
import pytest

from hiercomp.agree import choose_points


def prior(rng):
    return {"mu": rng.normal(0, 20), "theta": rng.normal(size=3).tolist()}


def wide(rng, scale):
    return {"mu": scale * 1e3 * rng.normal(), "theta": (scale * rng.normal(size=3)).tolist()}


def test_enough_points_of_both_kinds():
    points = choose_points(prior, wide, seed=1)
    assert len(points) >= 20
    assert sum(abs(point["mu"]) < 80 for point in points) >= 12
    assert sum(abs(point["mu"]) > 200 for point in points) >= 6


def test_each_point_depends_on_the_seed_and_its_number_only():
    points = choose_points(prior, wide, seed=1)
    assert points == choose_points(prior, wide, seed=1)
    assert points != choose_points(prior, wide, seed=2)
    assert choose_points(prior, wide, seed=1, prior_points=3, wide_points=0) == points[:3]


def test_improper_priors_give_wide_points():
    points = choose_points(lambda rng: None, wide, seed=1)
    assert len(points) == len(choose_points(prior, wide, seed=1))


def test_overflow_is_no_point_but_trouble_is():
    def overflowing(rng):
        mu = rng.normal()
        return {"mu": np.inf if mu > 0 else mu, "derived": np.nan}

    points = choose_points(overflowing, wide, seed=1, unknowns=["mu"])
    assert all(np.isfinite(point["mu"]) for point in points)
    assert all(np.isnan(point["derived"]) for point in points[:12])


def test_values_without_powers_are_drawn_again():
    def far_out(rng):
        return {"tau": 10.0 ** rng.uniform(-300, 10), "zero": 0.0}

    points = choose_points(far_out, lambda rng, scale: {"tau": 2.0, "zero": 0.0}, seed=1)
    assert len(points) == 24
    assert all(1e-100 <= point["tau"] <= 1e100 for point in points)
    assert min(point["tau"] for point in points) < 1e-10


def test_points_on_a_boundary_are_drawn_again():
    points = choose_points(
        lambda rng: {"p": float(rng.integers(0, 2)) or 0.5},
        lambda rng, scale: {"p": 0.25},
        seed=1,
        inside=lambda point: 0 < point["p"] < 1,
    )
    assert {point["p"] for point in points} == {0.25, 0.5}


def test_hopeless_space():
    with pytest.raises(ValueError, match="20 tries"):
        choose_points(prior, lambda rng, scale: {"mu": np.inf}, seed=1)
