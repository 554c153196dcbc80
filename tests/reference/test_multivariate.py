"""Distributions with axes of their own against SciPy, and points of constrained spaces."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from scipy import special, stats

from hiercomp import load, reference
from hiercomp.backends import pymc
from hiercomp.catalog import DISTRIBUTIONS
from hiercomp.catalog.schema import Shape
from hiercomp.plan import make_plan
from hiercomp.reference import multivariate, spaces

SHAPES = [shape for shape in get_args(Shape) if shape]


def density(name: str, x: Any, **args: Any) -> Any:
    given = {key: np.asarray(value, dtype=float) for key, value in args.items()}
    return multivariate.log_density(DISTRIBUTIONS[name], given, np.asarray(x))


def test_every_multivariate_row_has_a_formula():
    # Others are but ways to write one of these.
    own = [row for row in DISTRIBUTIONS.values() if row.multivariate and not all(one.row for one in row.signatures)]
    assert set(multivariate.FORMS) == {row.name for row in own}


def test_dirichlet():
    x, a = [0.2, 0.5, 0.3], [0.4, 2.0, 7.5]
    assert density("Dirichlet", x, concentration=a) == pytest.approx(stats.dirichlet.logpdf(x, a), rel=1e-13)
    both = density("Dirichlet", [x, x[::-1]], concentration=[a, [1.0, 1.0, 1.0]])
    assert both == pytest.approx([stats.dirichlet.logpdf(x, a), np.log(2.0)], rel=1e-13)
    assert density("Dirichlet", [0.2, 0.5, 0.4], concentration=a) == -np.inf
    assert np.isnan(density("Dirichlet", x, concentration=[-1.0, 1.0, 1.0]))


COV = np.array([[2.0, 0.5, 0.1], [0.5, 1.0, -0.3], [0.1, -0.3, 0.4]])


def test_joint_normal_and_student_t():
    x, mean, factor = [0.3, -1.0, 2.0], [1.0, 0.0, 0.5], np.linalg.cholesky(COV)
    expected = stats.multivariate_normal(mean, COV).logpdf(x)
    assert density("Multi-Normal", x, mean=mean, cov=COV) == pytest.approx(expected, rel=1e-14)
    assert density("Multi-Normal-Precision", x, mean=mean, precision=np.linalg.inv(COV)) == pytest.approx(expected)
    assert density("Multi-Normal-Cholesky", x, mean=mean, cholesky=factor) == pytest.approx(expected, rel=1e-14)
    heavy = stats.multivariate_t(mean, COV, 3.5).logpdf(x)
    assert density("Multi-Student-t", x, df=3.5, location=mean, scale=COV) == pytest.approx(heavy, rel=1e-14)
    several = density("Multi-Normal", [x, mean], mean=[mean, mean], cov=[COV, np.eye(3)])
    assert several == pytest.approx([expected, stats.multivariate_normal(mean, np.eye(3)).logpdf(mean)], rel=1e-14)
    assert np.isnan(density("Multi-Normal", x, mean=mean, cov=-COV))
    assert np.isnan(density("Multi-Normal-Cholesky", x, mean=mean, cholesky=factor.T))


@pytest.mark.parametrize(("name", "law"), [("Wishart", stats.wishart), ("Inverse-Wishart", stats.invwishart)])
def test_wishart(name: str, law: Any):
    matrices = np.array([COV, np.eye(3), COV @ COV])
    expected = [law(4.5, COV).logpdf(each) for each in matrices]
    assert density(name, matrices, df=4.5, scale=COV) == pytest.approx(expected, rel=1e-13)
    several = density(name, matrices[:2], df=[4.5, 2.1], scale=[COV, 3 * COV])
    assert several == pytest.approx([expected[0], law(2.1 + 0.0, 3 * COV).logpdf(np.eye(3))], rel=1e-13)
    assert density(name, -COV, df=4.5, scale=COV) == -np.inf
    assert np.isnan(density(name, COV, df=2.0, scale=COV))
    assert np.isnan(density(name, COV, df=4.5, scale=-COV))
    found = multivariate.draw(
        DISTRIBUTIONS[name], {"df": np.array(20.0), "scale": COV}, np.random.default_rng(3), (40_000, 3, 3)
    )
    assert found.mean(axis=0) == pytest.approx(20 * COV if name == "Wishart" else COV / 16, rel=0.03)
    assert found[:, 0, 1].std() == pytest.approx(law(20, COV).rvs(40_000, 5)[:, 0, 1].std(), rel=0.05)


def test_lkj():
    rng = np.random.default_rng(5)
    matrices = np.tile(np.eye(3), (200_000, 1, 1))
    for at, (i, j) in enumerate([(0, 1), (0, 2), (1, 2)]):
        matrices[:, i, j] = matrices[:, j, i] = rng.uniform(-1, 1, (3, 200_000))[at]
    masses = 8 * np.exp(density("LKJ", matrices, concentration=2.0))
    assert masses.mean() == pytest.approx(1, abs=5 * masses.std() / np.sqrt(200_000))
    for r in (-0.9, 0.2):
        # One correlation alone is a beta variate, stretched to [-1, 1].
        wanted = stats.beta(0.7, 0.7, loc=-1, scale=2).logpdf(r)
        assert density("LKJ", [[1, r], [r, 1]], concentration=0.7) == pytest.approx(wanted, rel=1e-12)
    assert density("LKJ", [[1, 1.1], [1.1, 1]], concentration=2.0) == -np.inf
    assert np.isnan(density("LKJ", np.eye(2), concentration=-1.0))


def test_lkj_of_factors_is_lkj_of_matrices_times_a_jacobian():
    rng = np.random.default_rng(8)
    at = np.tril_indices(4, -1)

    def matrix(lower: Any) -> Any:
        factor = np.zeros((4, 4))
        factor[at] = lower
        factor[np.arange(4), np.arange(4)] = np.sqrt(1 - np.square(factor).sum(axis=1))
        return factor @ factor.T

    for factor in spaces.place("cholesky corr", rng.normal(size=(3, 4, 4))):
        lower, step = factor[at], 1e-6
        moved = [(matrix(lower + h) - matrix(lower - h))[at] / (2 * step) for h in np.eye(6) * step]
        expected = density("LKJ", factor @ factor.T, concentration=1.7) + np.log(abs(np.linalg.det(moved)))
        assert density("LKJ-Cholesky", factor, concentration=1.7) == pytest.approx(expected, abs=1e-7)
    assert density("LKJ-Cholesky", np.eye(3)[::-1], concentration=1.0) == -np.inf


def test_draws_of_joint_distributions_have_their_covariance():
    rng = np.random.default_rng(9)
    args: dict[str, Any] = {"mean": np.arange(3.0), "cov": COV}
    found = multivariate.draw(DISTRIBUTIONS["Multi-Normal"], args, rng, (60_000, 3))
    assert np.cov(found.T) == pytest.approx(COV, abs=0.04)
    args = {"mean": np.arange(3.0), "cholesky": np.linalg.cholesky(COV)}
    found = multivariate.draw(DISTRIBUTIONS["Multi-Normal-Cholesky"], args, rng, (60_000, 3))
    assert np.cov(found.T) == pytest.approx(COV, abs=0.04)
    args = {"df": np.array(8.0), "location": np.arange(3.0), "scale": COV}
    found = multivariate.draw(DISTRIBUTIONS["Multi-Student-t"], args, rng, (60_000, 3))
    assert found.mean(axis=0) == pytest.approx(np.arange(3.0), abs=0.04)
    assert np.cov(found.T) == pytest.approx(COV * 8 / 6, abs=0.09)
    args = {"concentration": np.array(1.5)}
    found = multivariate.draw(DISTRIBUTIONS["LKJ"], args, rng, (30_000, 3, 3))
    assert spaces.holds("corr", found).all()
    # Each correlation is beta(c + (K - 2) / 2, same) on [-1, 1].
    wanted = stats.beta(2, 2, loc=-1, scale=2).std()
    assert [found[:, i, j].std() for i, j in ((0, 1), (0, 2), (1, 2))] == pytest.approx([wanted] * 3, rel=0.02)


def test_categorical():
    p = np.array([[0.2, 0.5, 0.3], [0.1, 0.1, 0.8]])
    assert density("Categorical", [3, 1], p=p) == pytest.approx(np.log([0.3, 0.1]), rel=1e-14)
    assert list(density("Categorical", [0, 4], p=p)) == [-np.inf, -np.inf]
    assert np.isnan(density("Categorical", 1, p=[0.5, 0.6]))
    logits = [800.0, 0.0, -3.0]
    assert density("Categorical-Logit", 2, logits=logits) == pytest.approx(special.log_softmax(logits)[1], rel=1e-14)


@pytest.mark.parametrize(("name", "variate"), [("Ordered-Logistic", stats.logistic), ("Ordered-Probit", stats.norm)])
def test_ordered_categories(name, variate):
    cuts = np.array([-1.0, 0.5, 3.0])
    upper, lower = variate.cdf([*cuts, np.inf], loc=0.4), variate.cdf([-np.inf, *cuts], loc=0.4)
    found = density(name, [1, 2, 3, 4], eta=0.4, cutpoints=cuts)
    assert found == pytest.approx(np.log(upper - lower), rel=1e-13)
    # Far out on either side, where differences of distribution functions have no digits left, it is the same mirrored.
    beyond = density(name, [2, 3], eta=-30.0, cutpoints=cuts)
    assert np.isfinite(beyond).all()
    assert beyond == pytest.approx(density(name, [3, 2], eta=30.0, cutpoints=-cuts[::-1]), rel=1e-13)
    tails = variate.sf(cuts, loc=-30.0)
    assert beyond == pytest.approx(np.log(tails[:-1] - tails[1:]), rel=1e-13)
    assert list(density(name, [0, 5], eta=0.4, cutpoints=cuts)) == [-np.inf, -np.inf]
    assert np.isnan(density(name, 1, eta=0.4, cutpoints=cuts[::-1]))


def test_counts_by_category():
    x, p, a = [[3, 0, 1], [2, 1, 1]], [0.2, 0.5, 0.3], [1.5, 0.4, 2.0]
    found = density("Multinomial", x, n=4, p=p)
    assert found == pytest.approx(stats.multinomial.logpmf(x, 4, p), rel=1e-13)
    found = density("Dirichlet-Multinomial", x, n=4, concentration=a)
    assert found == pytest.approx(stats.dirichlet_multinomial.logpmf(x, a, 4), rel=1e-13)
    for name, args in (("Multinomial", {"p": p}), ("Dirichlet-Multinomial", {"concentration": a})):
        assert density(name, [3, 0, 1], n=5, **args) == -np.inf
        assert density(name, [3, -1, 2], n=4, **args) == -np.inf
        drawn = multivariate.draw(
            DISTRIBUTIONS[name],
            {"n": np.asarray(4), **{key: np.asarray(value) for key, value in args.items()}},
            np.random.default_rng(5),
            (20_000, 3),
        )
        assert set(drawn.sum(axis=-1)) == {4}
        share = np.asarray(p if name == "Multinomial" else np.asarray(a) / np.sum(a))
        assert drawn.mean(axis=0) / 4 == pytest.approx(share, abs=0.01)
    assert np.isnan(density("Multinomial", x[0], n=4, p=[0.5, 0.5, 0.5]))


@pytest.mark.parametrize("name", ["Dirichlet", "Categorical", "Categorical-Logit"])
def test_draws_have_the_means_of_their_distribution(name):
    rng = np.random.default_rng(7)
    p = np.array([0.2, 0.05, 0.75])
    args = {
        "Dirichlet": {"concentration": 0.3 * p}, "Categorical": {"p": p}, "Categorical-Logit": {"logits": np.log(p)}
    }[name]  # fmt: skip
    drawn = multivariate.draw(DISTRIBUTIONS[name], args, rng, (40_000, 3) if name == "Dirichlet" else (40_000,))
    shares = drawn.mean(axis=0) if name == "Dirichlet" else np.bincount(drawn, minlength=4)[1:] / 40_000
    assert shares == pytest.approx(p, abs=0.012)


@pytest.mark.parametrize("shape", SHAPES)
def test_points_lie_in_their_space(shape):
    rng = np.random.default_rng(3)
    tail = (4, 4) if spaces.event_rank(shape) == 2 else (4,)
    points = spaces.place(shape, rng.normal(0, 1.0, size=(50, *tail)))
    assert points.shape == (50, *tail)
    assert spaces.holds(shape, points).all()
    assert spaces.well_inside(shape, points)
    beside = points.copy()
    beside[0, ..., 0] = points[0, ..., 0] - 40.0
    beside[0, ..., -1] = points[0, ..., -1] - 40.0
    assert not spaces.holds(shape, beside)[0]
    assert not spaces.well_inside(shape, beside)


SPEC = """
y_i ~ Categorical(theta_{g[i]})
theta_k ~ Dirichlet(alpha) for k in 1..2
z_i ~ Categorical(logits = eta_i)
eta_{i,j} ~ Normal(0, 1) for j in 1..3
s_k ~ Dirichlet(0.5) for k in 1..2
w_i ~ Normal(s[g[i], 2], 1)
x_i ~ Normal(s[1, h[i]], 1)
"""
DATA = {
    "y": [1, 3, 2, 1], "g": [1, 2, 2, 1], "alpha": [1.0, 2.0, 0.5], "z": ["b", "a", "b", "c"],
    "w": [0.1, 0.2, 0.3, 0.4], "x": [0.0, 0.1, 0.2, 0.3], "h": [1, 2, 3, 2],
}  # fmt: skip


def test_model_density_is_the_sum_of_its_closed_forms():
    model = load(SPEC, data=DATA, name="answers").model()
    point = reference.wide_point(model, np.random.default_rng(1))
    theta, eta, s = (np.asarray(point[name]) for name in ("theta", "eta", "s"))
    total, terms = reference.log_density(model, point)
    assert terms["y"] == pytest.approx(np.log([theta[0, 0], theta[1, 2], theta[1, 1], theta[0, 0]]).sum(), rel=1e-13)
    logs = special.log_softmax(eta, axis=-1)
    # Labels that nothing puts in order are sorted, as the levels of designs.
    assert terms["z"] == pytest.approx(logs[0, 1] + logs[1, 0] + logs[2, 1] + logs[3, 2], rel=1e-13)
    assert terms["theta"] == pytest.approx(sum(stats.dirichlet.logpdf(row, DATA["alpha"]) for row in theta), rel=1e-13)
    assert terms["s"] == pytest.approx(sum(stats.dirichlet.logpdf(row, [0.5] * 3) for row in s), rel=1e-13)
    assert total == pytest.approx(sum(terms.values()))
    assert [item.labels for item in model.index_sets if item.name == "j"] == [("a", "b", "c")]
    drawn = reference.simulate(model, np.random.default_rng(2))
    assert spaces.holds("simplex", drawn.unknowns["theta"]).all()
    assert set(drawn.observed["y"]) <= {1, 2, 3}


def test_ordered_unknowns_are_drawn_and_placed_in_order():
    text = "y_i ~ Normal(c[g[i]], 1)\nc_k ~ Normal(0, 5) for k in 1..3 ordered\n"
    text += "z_i ~ Normal(d[g[i]], 1)\nd[1] ~ Normal(3, 1) where d is positive ordered\nd[2] ~ Normal(4, 1)\n"
    text += "w_i ~ Categorical(p)\np ~ Flat() where p is a simplex\n"
    data = {"y": [1.0, 2.0, 3.0], "g": [1, 2, 2], "z": [1.0, 2.0, 3.0], "w": [2, 1, 1]}
    model = load(text, data=data, name="ordered").model()
    shapes: dict[str, Any] = {symbol.name: symbol.support.shape for symbol in model.symbols if symbol.support.shape}
    assert shapes == {"c": "ordered", "d": "positive ordered", "p": "simplex"}
    point = reference.wide_point(model, np.random.default_rng(1))
    assert all(spaces.holds(shape, np.asarray(point[name])).all() for name, shape in shapes.items())
    _, terms = reference.log_density(model, point)
    assert terms["c"] == pytest.approx(stats.norm.logpdf(point["c"], 0, 5).sum(), rel=1e-13)
    proper = load(text.replace("Flat() where p is a simplex", "Dirichlet(1)"), data=data, name="ordered").model()
    drawn = [reference.simulate(proper, np.random.default_rng([2, k])).unknowns for k in range(20)]
    assert all(spaces.holds("ordered", item["c"]).all() for item in drawn)
    assert all(spaces.holds("positive ordered", item["d"]).all() for item in drawn)


def test_values_to_start_at_are_gone_before_log_likelihoods_are_computed():
    text = "y_i ~ Normal(c[g[i]], 1)\nc_k ~ Normal(0, 5) for k in 1..3{}\n"
    data = {"y": [1.0, 2.0, 3.0], "g": [1, 2, 3]}
    for word, wanted in ((" ordered", True), ("", False)):
        model = load(text.format(word), data=data, name="starts").model()
        module = pymc.emit(make_plan(model)).text
        assert ("rvs_to_initial_values" in module) is wanted
        assert ("initval=" in module) is wanted
