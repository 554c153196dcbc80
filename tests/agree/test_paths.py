"""Derivatives along paths: two parametrisations of one density must give the same slope."""

import numpy as np
import pytest

from hiercomp.agree import neighbours, slopes
from hiercomp.engines.base import Densities

ALPHA = np.array([2.0, 0.5, 3.0, 1.2])


def simplexes():
    return np.random.default_rng(2).dirichlet(ALPHA, size=20)


def log_ratio(points):
    """Dirichlet in u_k = log(x_k / x_K): d/du_k of sum (a - 1) log x is (a_k - 1) - x_k sum (a - 1)."""
    x = np.array([point["x"] for point in points])
    gradient = (ALPHA - 1) - x * (ALPHA - 1).sum()
    total = ((ALPHA - 1) * np.log(x)).sum(axis=-1)
    return Densities(total, {}, gradient[:, :-1], np.log(x[:, :-1] / x[:, -1:]), ("x[1]", "x[2]", "x[3]"))


def stick_breaking(points, wrong=0.0):
    """The same density in z_k = logit(x_k / rest): x_k = s_k r_k, r_{k+1} = (1 - s_k) r_k."""
    x = np.array([point["x"] for point in points])
    rest = 1 - np.concatenate([np.zeros((len(x), 1)), np.cumsum(x, axis=-1)[:, :-1]], axis=-1)
    share = x[:, :-1] / rest[:, :-1]
    # Raising z_k by dz raises log x_k by (1 - s_k) dz and lowers every later log x by s_k dz.
    powers = ALPHA - 1
    later = np.cumsum(powers[::-1])[::-1][1:]
    gradient = powers[:-1] * (1 - share) - share * later + wrong
    return Densities(
        (powers * np.log(x)).sum(axis=-1), {}, gradient, np.log(share / (1 - share)), ("x[1]", "x[2]", "x[3]")
    )


def slopes_of(engine, points, **more):
    paths = [neighbours(point, {"x": "simplex"}, np.random.default_rng([3, k])) for k, point in enumerate(points)]
    return slopes(engine(points, **more), [engine([path[k] for path in paths], **more) for k in range(6)])


def test_two_parametrisations_of_a_dirichlet_have_the_same_slopes():
    points = [{"x": x.tolist(), "mu": 1.0} for x in simplexes()]
    a, b = slopes_of(log_ratio, points), slopes_of(stick_breaking, points)
    # Along x_k exp(s e_k), normalised, the slope is sum (a_k - 1)(e_k - mean of e under x).
    moves = [np.random.default_rng([3, k]).normal(size=4) for k in range(len(points))]
    exact = [((ALPHA - 1) * (e - e @ np.array(p["x"]))).sum() for e, p in zip(moves, points, strict=True)]
    assert a == pytest.approx(exact, rel=1e-8, abs=1e-8)
    assert np.max(np.abs(a - b) / np.maximum(1, np.abs(a))) < 1e-8
    wrong = slopes_of(stick_breaking, points, wrong=1e-5)
    assert np.max(np.abs(wrong - a)) > 1e-7


@pytest.mark.parametrize(
    ("space", "value", "holds"),
    [
        ("", np.zeros(3), np.isfinite),
        ("simplex", np.array([0.2, 0.3, 0.5]), lambda x: (x > 0) & np.isclose(x.sum(), 1, atol=1e-14)),
        ("sum to zero", np.array([1.0, 2.0, -3.0]), lambda x: np.isclose(x.sum(), 0, atol=1e-14)),
        ("ordered", np.array([-1.0, -0.9, 4.0]), lambda x: np.diff(x) > 0),
        ("positive ordered", np.array([1e-3, 2e-3, 4.0]), lambda x: np.diff(x, prepend=0) > 0),
        ("unit vector", np.array([0.6, 0.8, 0.0]), lambda x: np.isclose(x @ x, 1, atol=1e-14)),
        ("cov", np.array([[4.0, 1.9], [1.9, 1.0]]), lambda x: np.isclose(x, x.T) & (np.linalg.det(x) > 0)),
        ("corr", np.array([[1.0, -0.99], [-0.99, 1.0]]), lambda x: np.isclose(np.diag(x), 1) & (np.linalg.det(x) > 0)),
        (
            "cholesky corr",
            np.array([[1.0, 0.0], [0.6, 0.8]]),
            lambda x: np.isclose((x * x).sum(axis=-1), 1) & (np.diag(x) > 0) & (x[0, 1] == 0),
        ),
    ],
)
def test_paths_stay_in_their_space(space, value, holds):
    found = [
        np.array(point["x"]) for point in neighbours({"x": value.tolist()}, {"x": space}, np.random.default_rng(1))
    ]
    assert all(np.all(holds(x)) for x in found)
    # Smooth, through the point, and moving: the mean of the innermost two is the point to second order.
    assert np.allclose((found[2] + found[3]) / 2, value, atol=1e-3)
    assert 1e-4 < np.abs(found[3] - found[2]).max() < 0.1
    copies = np.stack([value, value])
    pair = neighbours({"x": copies.tolist()}, {"x": space}, np.random.default_rng(1))[0]["x"]
    assert all(np.all(holds(np.array(x))) for x in pair)


def test_unknown_space():
    with pytest.raises(ValueError, match="torus"):
        neighbours({"x": [1.0]}, {"x": "torus"}, np.random.default_rng(1))
