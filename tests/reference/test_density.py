"""Log densities against sums written out by hand, one kind of statement at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import special, stats

from hiercomp.expr import Binder, Index, Op, Ref, number
from hiercomp.model.ir import Support
from hiercomp.reference import EvaluationError, derive, log_density, log_lik
from tests.plan.models import adaptive, model, noncentered

SCHOOLS = {"y": [28, 8, -3, 7, -1, 1, 18, 12], "sigma": [15, 10, 16, 11, 9, 11, 10, 18]}
Y, SIGMA = (np.array(SCHOOLS[name], dtype=float) for name in ("y", "sigma"))
ETA = np.linspace(-1.2, 1.7, 8)


def test_noncentered_schools():
    point = {"eta": ETA, "mu": 4.4, "tau": 6.1}
    theta = 4.4 + 6.1 * ETA
    total, terms = log_density(noncentered(), point, SCHOOLS)
    assert terms == pytest.approx(
        {
            "y": stats.norm.logpdf(Y, theta, SIGMA).sum(),
            "eta": stats.norm.logpdf(ETA).sum(),
            "mu": stats.norm.logpdf(4.4, 0, 20),
            "tau": stats.halfcauchy.logpdf(6.1, 0, 10),
        },
        rel=1e-14,
    )
    assert total == pytest.approx(sum(terms.values()), rel=1e-15)
    np.testing.assert_allclose(derive(noncentered(), point, SCHOOLS)["theta"], theta, rtol=1e-15)
    pointwise = log_lik(noncentered(), point, SCHOOLS)
    np.testing.assert_allclose(pointwise["y"], stats.norm.logpdf(Y, theta, SIGMA), rtol=1e-14)


@pytest.mark.parametrize("tau", [5.0, 2.0])
def test_piecewise_definition_takes_the_piece_that_holds(tau):
    point = {"eta": ETA, "mu": 1.0, "tau": tau}
    theta = 1 + tau * ETA if tau > 3 else 1 + 4 * ETA * (tau / 3)
    np.testing.assert_allclose(derive(adaptive(), point, SCHOOLS)["theta"], theta, rtol=1e-15)
    assert log_density(adaptive(), point, SCHOOLS)[1]["y"] == pytest.approx(stats.norm.logpdf(Y, theta, SIGMA).sum())


def test_a_term_that_lacks_an_index_counts_once_for_each_position():
    pooled = model("pooled", ["y[i] ~ Normal(mu, 2)", "mu ~ Normal(0, 1)"], data={"y": ["schools"]})
    assert log_density(pooled, {"mu": 0.5}, SCHOOLS)[1]["y"] == pytest.approx(stats.norm.logpdf(Y, 0.5, 2).sum())


def test_nested_and_crossed_indices():
    made = model(
        "radon",
        [
            "y[n] ~ Normal(a[county[n]] + b[county[n], floor[n]] * x[n], s)",
            "a[j] ~ Normal(0, 1)",
            "b[j, k] ~ Normal(j, k)",
            "s ~ Exponential(1)",
        ],
        data={"y": ["N"], "x": ["N"], "county": ["N"], "floor": ["N"]},
        axes={"a": ["J"], "b": ["J", "K"]},
        ints=["county", "floor"],
        sets={"N": "N", "J": "J", "K": 2},
        letters={"n": "N", "j": "J", "k": "K"},
    )
    data = {
        "y": [1.0, 2.0, 3.5, -1.0],
        "x": [0.1, 0.2, 0.3, 0.4],
        "county": [3, 1, 3, 2],
        "floor": [1, 2, 2, 1],
        "J": 3,
    }
    a, b, s = np.array([0.3, -0.4, 1.1]), np.arange(6.0).reshape(3, 2) / 7, 0.7
    county, floor = np.array(data["county"]) - 1, np.array(data["floor"]) - 1
    mean = a[county] + b[county, floor] * np.array(data["x"])
    _, terms = log_density(made, {"a": a, "b": b, "s": s}, data)
    assert terms["y"] == pytest.approx(stats.norm.logpdf(data["y"], mean, s).sum(), rel=1e-14)
    assert terms["b"] == pytest.approx(stats.norm.logpdf(b, np.array([[1], [2], [3]]), [[1, 2]]).sum(), rel=1e-14)


def test_dot_products_and_matrices():
    made = model(
        "covariates",
        [
            "y[i] ~ Normal(mu + dot(X[i], beta), 2)",
            "mu ~ Normal(0, 1)",
            "beta[p] ~ Normal(0, 5)",
            "eta = matvec(X, beta)",
        ],
        data={"y": ["schools"], "X": ["schools", "P"]},
        axes={"beta": ["P"], "eta": ["schools"]},
        sets={"schools": "N_schools", "P": "P"},
        letters={"i": "schools", "p": "P"},
    )
    x = np.arange(16.0).reshape(8, 2) / 5
    beta = np.array([0.3, -1.2])
    point = {"mu": 0.7, "beta": beta}
    _, terms = log_density(made, point, {"y": SCHOOLS["y"], "X": x})
    assert terms["y"] == pytest.approx(stats.norm.logpdf(Y, 0.7 + x @ beta, 2).sum(), rel=1e-14)
    np.testing.assert_allclose(derive(made, point, {"y": SCHOOLS["y"], "X": x})["eta"], x @ beta, rtol=1e-15)


def autoregression():
    return model(
        "ar",
        [
            "y[t] ~ Normal(a + b * y[t - 1], s) | t in 2..T",
            "a ~ Normal(0, 10)",
            "b ~ Normal(0, 1)",
            "s ~ Half-Cauchy(2)",
        ],
        data={"y": ["T"]},
        sets={"T": "T"},
        letters={"t": "T"},
    )


def test_lagged_data():
    _, terms = log_density(autoregression(), {"a": 1, "b": 0.5, "s": 3}, {"y": SCHOOLS["y"]})
    assert terms["y"] == pytest.approx(stats.norm.logpdf(Y[1:], 1 + 0.5 * Y[:-1], 3).sum(), rel=1e-14)


def test_a_lag_beyond_the_first_element_is_an_error_and_not_the_last_one():
    wrong = model("ar", ["y[t] ~ Normal(y[t - 1], 1)"], data={"y": ["T"]}, sets={"T": "T"}, letters={"t": "T"})
    with pytest.raises(EvaluationError, match=r"outside 1\.\.8"):
        log_density(wrong, {}, {"y": SCHOOLS["y"]})


def test_recursive_definitions_run_in_order():
    garch = model(
        "garch",
        [
            "y[t] ~ Normal(mu, sigma[t])",
            "sigma[t] = sqrt(a0 + a1 * (y[t - 1] - mu) ** 2 + b1 * sigma[t - 1] ** 2) | t in 2..T",
            "sigma[1] = s1",
            "mu ~ Normal(0, 10)",
            "a0 ~ Exponential(1)",
            "a1 ~ Uniform(0, 1)",
            "b1 ~ Uniform(0, 1 - a1)",
        ],
        data={"y": ["T"], "s1": []},
        axes={"sigma": ["T"]},
        sets={"T": "T"},
        letters={"t": "T"},
    )
    point = {"mu": 2.0, "a0": 1.5, "a1": 0.3, "b1": 0.4}
    sigma = [2.5]
    for t in range(1, 8):
        sigma.append(np.sqrt(1.5 + 0.3 * (Y[t - 1] - 2) ** 2 + 0.4 * sigma[-1] ** 2))
    data = {"y": SCHOOLS["y"], "s1": 2.5}
    np.testing.assert_allclose(derive(garch, point, data)["sigma"], sigma, rtol=1e-14)
    total, terms = log_density(garch, point, data)
    assert terms["y"] == pytest.approx(stats.norm.logpdf(Y, 2, sigma).sum(), rel=1e-13)
    assert terms["b1"] == pytest.approx(-np.log(0.7))
    assert np.isfinite(total)
    assert log_density(garch, {**point, "b1": 0.71}, data)[0] == -np.inf


def test_two_quantities_that_feed_each_other():
    made = model(
        "coupled",
        [
            "u[t] = 0.5 * v[t - 1] + u[t - 1] | t in 2..T",
            "v[t] = u[t] - x[t] | t in 2..T",
            "u[1] = a",
            "v[1] = 2 * a",
            "a ~ Normal(0, 1)",
        ],
        data={"x": ["T"]},
        axes={"u": ["T"], "v": ["T"]},
        sets={"T": "T"},
        letters={"t": "T"},
    )
    x = np.array([0.3, 0.1, -0.4, 0.8, 1.0])
    u, v = [0.7], [1.4]
    for t in range(1, 5):
        u.append(0.5 * v[-1] + u[-1])
        v.append(u[-1] - x[t])
    derived = derive(made, {"a": 0.7}, {"x": x})
    np.testing.assert_allclose(derived["u"], u, rtol=1e-14)
    np.testing.assert_allclose(derived["v"], v, rtol=1e-14)


def test_a_recursion_may_run_backwards():
    made = model(
        "backwards",
        ["u[t] = 0.5 * u[t + 1] + x[t] | t in 1..T - 1", "u[T] = a", "a ~ Normal(0, 1)"],
        data={"x": ["T"]},
        axes={"u": ["T"]},
        sets={"T": "T"},
        letters={"t": "T"},
    )
    u = derive(made, {"a": 2.0}, {"x": [1.0, 2.0, 3.0]})["u"]
    np.testing.assert_allclose(u, [1 + 0.5 * (2 + 0.5 * 2), 2 + 0.5 * 2, 2])


def test_piecewise_distributions_go_by_the_data():
    made = model(
        "contaminated",
        ["y[i] ~ Normal(mu, 1) if c[i] == 0 otherwise StudentT(3, mu, 10)", "mu ~ Normal(0, 1)"],
        data={"y": ["schools"], "c": ["schools"]},
        ints=["c"],
    )
    c = np.array([0, 1, 1, 0, 0, 0, 1, 0])
    want = np.where(c == 0, stats.norm.logpdf(Y, 0.3, 1), stats.t.logpdf(Y, 3, 0.3, 10)).sum()
    assert log_density(made, {"mu": 0.3}, {"y": SCHOOLS["y"], "c": c})[0] == pytest.approx(
        want + stats.norm.logpdf(0.3)
    )


@pytest.mark.parametrize(
    ("bounds", "low", "high"), [("0..", 0.0, np.inf), ("..30", -np.inf, 30.0), ("-5..40", -5.0, 40.0)]
)
@pytest.mark.parametrize("mu", [3.0, -60.0, 90.0])
def test_truncation_renormalises(bounds, low, high, mu):
    made = model("cut", [f"y[i] ~ Normal(mu, 4) | truncated {bounds}", "mu ~ Normal(0, 1)"], data={"y": ["schools"]})
    y = np.array([1.0, 2.0, 25.0, 7.0, 9.0, 1.0, 18.0, 12.0])
    want = stats.truncnorm.logpdf(y, (low - mu) / 4, (high - mu) / 4, mu, 4).sum()
    assert log_density(made, {"mu": mu}, {"y": y})[1]["y"] == pytest.approx(want, rel=1e-9)


def test_outside_a_truncation_nothing_is_possible():
    made = model("cut", ["y[i] ~ Normal(mu, 4) | truncated 0..", "mu ~ Normal(0, 1)"], data={"y": ["schools"]})
    assert log_density(made, {"mu": 3.0}, SCHOOLS)[1]["y"] == -np.inf


def test_truncated_counts_keep_both_ends():
    made = model("cut", ["y[i] ~ Poisson(r) | truncated 1..6", "r ~ Exponential(1)"], data={"y": ["schools"]})
    y = np.array([1, 2, 6, 3, 1, 1, 4, 5])
    mass = stats.poisson.pmf(np.arange(1, 7), 2.5).sum()
    want = (stats.poisson.logpmf(y, 2.5) - np.log(mass)).sum()
    assert log_density(made, {"r": 2.5}, {"y": y})[1]["y"] == pytest.approx(want, rel=1e-12)


def test_a_bound_by_where_does_not_renormalise():
    made = model(
        "bounded", ["mu ~ Normal(0, 2)"], supports={"mu": Support(lower=number(0))}, sets={"schools": "N_schools"}
    )
    assert log_density(made, {"mu": 1.0})[0] == pytest.approx(stats.norm.logpdf(1, 0, 2))
    assert log_density(made, {"mu": -1.0})[0] == -np.inf


def test_soft_constraints_and_bare_terms():
    made = model(
        "spatial",
        [
            "sum(phi[i] for i in schools) ~ Normal(0, 0.001 * N_schools)",
            "phi[i] ~ Flat()",
            "log_density += -0.5 * (phi[i] - phi[i + 1]) ** 2 | i in 1..N_schools - 1",
        ],
        axes={"phi": ["schools"]},
    )
    phi = np.array([0.1, 0.3, -0.2, 0.05])
    total, terms = log_density(made, {"phi": phi}, {"N_schools": 4})
    assert total == pytest.approx(stats.norm.logpdf(phi.sum(), 0, 0.004) - 0.5 * (np.diff(phi) ** 2).sum(), rel=1e-13)
    assert terms["phi"] == 0.0


def test_a_range_that_depends_on_another_index():
    made = model(
        "ragged",
        ["m[i] = sum(x[k] for k in K)", "y[i] ~ Normal(m[i], 1)"],
        data={"y": ["schools"], "x": ["K"], "n": ["schools"]},
        ints=["n"],
        axes={"m": ["schools"]},
        sets={"schools": "N_schools", "K": "K"},
        letters={"i": "schools", "k": "K"},
    )
    define = made.statements[0]
    limit = Ref("n", (Index("i"),))
    cases = {
        "sum": [0.0, 1.0, 7.0],
        "prod": [1.0, 1.0, 8.0],
        "count": [0, 1, 3],
        "max": [-np.inf, 1.0, 4.0],
        "log_sum_exp": [-np.inf, 1.0, special.logsumexp([1, 2, 4])],
    }
    for func, want in cases.items():
        value = replace(define.value, func=func, binders=(Binder("k", "K", number(1), limit),))
        changed = replace(made, statements=(replace(define, value=value), *made.statements[1:]))
        derived = derive(changed, {}, {"y": [0, 0, 0], "n": [0, 1, 3], "x": [1.0, 2.0, 4.0, 8.0]})
        np.testing.assert_allclose(derived["m"], want)
    total = replace(made.statements[1], common=replace(made.statements[1].common, binders=(
        Binder("i", "schools"), Binder("k", "K", number(1), limit))), lhs=Ref("x", (Index("k"),)))  # fmt: skip
    changed = replace(made, statements=(made.statements[0], total))
    data = {"y": [0, 0, 0], "n": [0, 1, 3], "x": [1.0, 2.0, 4.0, 8.0]}
    want = stats.norm.logpdf(1, 15) + stats.norm.logpdf([1, 2, 4], 15).sum()
    assert log_density(changed, {}, data)[0] == pytest.approx(want)


def test_sums_of_thousands_of_terms_have_a_value():
    value = Ref("a")
    for _ in range(5000):
        value = Op("+", (value, Ref("a")))
    made = model("long", ["b = a", "a ~ Normal(0, 1)"])
    made = replace(made, statements=(replace(made.statements[0], value=value), made.statements[1]))
    assert derive(made, {"a": 0.5})["b"] == 0.5 * 5001


def test_division_of_integers_is_of_reals_and_powers_too():
    made = model(
        "ratio", ["r[i] = n[i] / 2 + 2 ** (-n[i])"], data={"n": ["schools"]}, ints=["n"], axes={"r": ["schools"]}
    )
    np.testing.assert_allclose(derive(made, {}, {"n": [1, 3]})["r"], [1.0, 1.625])


def test_wrong_points_are_told_apart():
    made = noncentered()
    with pytest.raises(EvaluationError, match="no value for mu"):
        log_density(made, {"eta": ETA, "tau": 1}, SCHOOLS)
    with pytest.raises(EvaluationError, match="eta has the shape"):
        log_density(made, {"eta": ETA[:3], "tau": 1, "mu": 1}, SCHOOLS)
    with pytest.raises(EvaluationError, match="nothing says how many elements schools has"):
        derive(model("m", ["b = sum(2 for i in schools)"]), {})
    assert np.isnan(log_density(made, {"eta": ETA, "tau": 1, "mu": 1}, {**SCHOOLS, "sigma": [-1] * 8})[0])


def test_an_element_that_needs_itself_is_an_error():
    made = model("loop", ["u[t] = 2 * u[t]"], axes={"u": ["T"]}, sets={"T": 3}, letters={"t": "T"})
    with pytest.raises(EvaluationError, match="depends on itself"):
        derive(made, {})
