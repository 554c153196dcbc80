"""Mixtures against SciPy: densities, pointwise terms, draws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from hiercomp import load
from hiercomp.model.ir import Model
from hiercomp.reference import log_density, log_lik, simulate

Y = np.array([-3.0, 0.2, 1.0, 8.5])
COUNTS = np.array([0, 1, 4, 30])


def made(text: str, **data: object) -> Model:
    return load(text, data=data, name="mixture.hier").model()


def mixed(weights: list[float] | np.ndarray, terms: list[np.ndarray]) -> np.ndarray:
    return special.logsumexp(np.log(np.asarray(weights))[:, None] + np.array(terms), axis=0)


def test_components_listed():
    model = made(
        "y_n ~ Mixture((t, 1 - t), Normal(m, 1), Cauchy(0, s))\nt ~ Beta(2, 2)\nm ~ Normal(0, 1)\ns ~ Half-Normal(1)\n",
        y=Y.tolist(),
    )
    point = {"t": 0.3, "m": 0.5, "s": 2.0}
    expected = mixed([0.3, 0.7], [stats.norm.logpdf(Y, 0.5, 1), stats.cauchy.logpdf(Y, 0, 2)])
    np.testing.assert_allclose(log_lik(model, point)["y"], expected, rtol=1e-14)
    assert log_density(model, point)[1]["y"] == pytest.approx(expected.sum(), rel=1e-14)


RUNNING = "mu_k ~ Normal(0, 1) for k in 1..3\ns_k ~ Half-Normal(1) for k in 1..3\n"


@pytest.mark.parametrize("component", ["Normal(mu_k, s_k)", "Normal(mu, s)", "Normal(mean = mu[k], sd = s_k)"])
def test_a_component_for_every_weight(component: str):
    model = made(f"y_n ~ Mixture(w, {component})\n{RUNNING}", y=Y.tolist(), w=[0.2, 0.5, 0.3])
    mu, s = np.array([-1.0, 0.0, 3.0]), np.array([0.5, 1.0, 4.0])
    expected = mixed([0.2, 0.5, 0.3], [stats.norm.logpdf(Y, a, b) for a, b in zip(mu, s, strict=True)])
    np.testing.assert_allclose(log_lik(model, {"mu": mu, "s": s})["y"], expected, rtol=1e-14)


def test_weights_of_each_observation():
    weights = np.array([[0.1, 0.9], [0.6, 0.4]])
    model = made(
        "c_n ~ Mixture(w[g[n]], Poisson(a), NegBinomial(b, 2))\na ~ Gamma(1, 1)\nb ~ Gamma(1, 1)\n",
        c=COUNTS.tolist(), g=[1, 2, 2, 1], w=weights.tolist(),
    )  # fmt: skip
    each = weights[[0, 1, 1, 0]]
    terms = np.stack([stats.poisson.logpmf(COUNTS, 1.5), stats.nbinom.logpmf(COUNTS, 2, 2 / 5)], axis=1)
    expected = special.logsumexp(np.log(each) + terms, axis=1)
    np.testing.assert_allclose(log_lik(model, {"a": 1.5, "b": 3.0})["c"], expected, rtol=1e-13)


@pytest.mark.parametrize("z", [-800.0, -3.0, 40.0])
def test_a_weight_given_by_its_logit_keeps_its_digits(z: float):
    model = made(
        "y_n ~ Mixture((inv_logit(z), 1 - inv_logit(z)), Normal(0, 1), Normal(5, 1))\nz ~ Normal(0, 5)\n", y=[4.0]
    )
    logs = np.array([-np.logaddexp(0, -z), -np.logaddexp(0, z)])
    expected = special.logsumexp(logs + stats.norm.logpdf(4.0, [0, 5], 1))
    assert log_lik(model, {"z": z})["y"][0] == pytest.approx(expected, rel=1e-14)


def test_draws_come_from_the_components_by_their_weights():
    model = made(
        "y_n ~ Mixture(w, Normal(mu_k, 0.1))\nmu_k ~ Normal(0, 1) for k in 1..3\n",
        y=np.zeros(20000).tolist(), w=[0.2, 0.5, 0.3],
    )  # fmt: skip
    drawn = simulate(model, np.random.default_rng(5), given={"mu": [-10.0, 0.0, 10.0]}).observed["y"]
    shares = np.histogram(drawn, [-15, -5, 5, 15])[0] / drawn.size
    assert np.abs(shares - [0.2, 0.5, 0.3]).max() < 4 * np.sqrt(0.25 / drawn.size)
    np.testing.assert_allclose(np.unique(np.round(drawn, -1)), [-10, 0, 10])


def test_a_mixture_as_a_prior():
    model = made("y_n ~ Normal(b, 1)\nb ~ Mixture((0.1, 0.9), Normal(0, 0.1), Normal(0, 10))\n", y=Y.tolist())
    expected = special.logsumexp(np.log([0.1, 0.9]) + stats.norm.logpdf(2.5, 0, [0.1, 10]))
    assert log_density(model, {"b": 2.5})[1]["b"] == pytest.approx(expected, rel=1e-14)
