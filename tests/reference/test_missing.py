"""Missing elements of data as unknowns, against SciPy: densities, pointwise terms, draws, and what is said of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from hiercomp import load
from hiercomp.diagnostics import SpecError
from hiercomp.model.explain import explain
from hiercomp.model.ir import Model, Role
from hiercomp.reference import derive, log_density, log_lik, simulate
from hiercomp.reference.simulate import CannotSimulateError

PREDICTOR = "y_i ~ Normal(a + b * x_i, 1)\nx_i ~ Normal(m, 2)\na ~ Normal(0, 1)\nb ~ Normal(0, 1)\nm ~ Normal(0, 1)\n"
X = [0.5, None, 1.5, math.nan]
Y = [1.0, 2.0, None, 3.0]
POINT = {"a": 0.3, "b": -0.4, "m": 0.2, "x_missing": [0.7, -1.1], "y_missing": [0.9]}


def made(text: str, **data: object) -> Model:
    return load(text, data=data, name="missing.hier").model()


def test_a_predictor_and_an_outcome_are_completed():
    model = made(PREDICTOR, x=X, y=Y)
    x, y = np.array([0.5, 0.7, 1.5, -1.1]), np.array([1.0, 2.0, 0.9, 3.0])
    expected = stats.norm.logpdf(y, 0.3 - 0.4 * x, 1).sum() + stats.norm.logpdf(x, 0.2, 2).sum()
    expected += stats.norm.logpdf([0.3, -0.4, 0.2]).sum()
    assert log_density(model, POINT)[0] == pytest.approx(expected, rel=1e-14)
    np.testing.assert_array_equal(derive(model, POINT)["x"], x)


def test_only_what_was_observed_has_a_pointwise_likelihood():
    found = log_lik(made(PREDICTOR, x=X, y=Y), POINT)
    assert found.keys() == {"x_observed", "y_observed"}
    x = np.array([0.5, 0.7, -1.1])
    np.testing.assert_allclose(found["y_observed"], stats.norm.logpdf([1, 2, 3], 0.3 - 0.4 * x, 1), rtol=1e-14)
    np.testing.assert_allclose(found["x_observed"], stats.norm.logpdf([0.5, 1.5], 0.2, 2), rtol=1e-14)


def test_explain_says_what_is_missing_and_where():
    model = made(PREDICTOR, x=X, y=Y)
    rows = {row.name: row for row in explain(model)}
    assert rows["x_missing"].role == "parameter"
    assert rows["x_missing"].why.startswith("2 of 4 values of `x` are missing in the data (elements [2], [4])")
    assert rows["x"].role == "derived"
    assert model.index_set("x_missing_dim").labels == ("2", "4")
    assert model.index_set("y_observed_dim").labels == ("1", "2", "4")


def test_draws_complete_the_data():
    drawn = simulate(made(PREDICTOR, x=X, y=Y), np.random.default_rng(3))
    assert drawn.unknowns["x_missing"].shape == (2,)
    assert drawn.observed["x_observed"].shape == (2,)
    whole = drawn.derived["x"]
    np.testing.assert_array_equal(whole[[1, 3]], drawn.unknowns["x_missing"])
    np.testing.assert_array_equal(whole[[0, 2]], drawn.observed["x_observed"])


def test_elements_of_a_matrix():
    w = [[1.0, None, 2.0], [None, 3.0, 0.5]]
    model = made("w_{i,j} ~ LogNormal(m_j, 1)\nm_j ~ Normal(0, 1)\n", w=w)
    m, missing = np.array([0.1, 0.2, 0.3]), [1.7, 0.4]
    whole = np.array([[1.0, 1.7, 2.0], [0.4, 3.0, 0.5]])
    expected = stats.lognorm.logpdf(whole, 1, scale=np.exp(m)).sum() + stats.norm.logpdf(m).sum()
    assert log_density(model, {"m": m, "w_missing": missing})[0] == pytest.approx(expected, rel=1e-14)
    assert model.index_set("w_missing_dim").labels == ("1, 2", "2, 1")
    assert model.symbol("w_missing").support.lower is not None


SERIES = "y_t ~ Normal(a * y_{t-1}, 1) for t in 2..6\na ~ Normal(0, 1)\n"


def test_a_series_with_holes():
    model = made("y_1 ~ Normal(0, 5)\n" + SERIES, y=[None, 1.0, None, None, 0.3, None])
    y = np.array([0.4, 1.0, -0.6, 2.0, 0.3, 0.9])
    expected = stats.norm.logpdf(y[0], 0, 5) + stats.norm.logpdf(y[1:], 0.8 * y[:-1]).sum() + stats.norm.logpdf(0.8)
    point = {"a": 0.8, "y_missing": y[[0, 2, 3, 5]]}
    assert log_density(model, point)[0] == pytest.approx(expected, rel=1e-14)
    with pytest.raises(CannotSimulateError, match="no order"):
        simulate(model, np.random.default_rng(1))


def test_what_is_derived_from_missing_data_is_not_constant():
    model = made("z_i = 2 * x_i\n" + PREDICTOR.replace("b * x_i", "b * z_i"), x=X, y=Y)
    assert model.symbol("z").role is Role.DERIVED
    np.testing.assert_array_equal(derive(model, POINT)["z"], [1.0, 1.4, 3.0, -2.2])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SERIES, "H59"),
        ("u_i ~ Normal(y_i, 1)\n", "H59"),
        ("y_i ~ Poisson(a)\na ~ Gamma(1, 1)\n", "H12"),
        ("u_i ~ Normal(0, 1) if y_i > 0\n  ~ Normal(0, 2) otherwise\ny_i ~ Normal(a, 1)\na ~ Normal(0, 1)\n", "H18"),
        ("y_i ~ Normal(a, 1) weighted by u_i\na ~ Normal(0, 1)\n", "H28"),
        ("u_i ~ Normal(a, 1) weighted by y_i\ny_i ~ Normal(a, 1)\na ~ Normal(0, 1)\n", "H28"),
    ],
)
def test_what_cannot_be_missing(text: str, code: str):
    with pytest.raises(SpecError) as found:
        made(text, y=[None, 1.0, None, None, 0.3, None], u=[1, 2, 3, 4, 5, 6])
    assert [item.code for item in found.value.diagnostics if item.code[0] == "H"] == [code]
