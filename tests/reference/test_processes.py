"""Gaussian processes against SciPy's multivariate normal, and kernels against their formulas."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from scipy.special import gamma, kv

from hiercomp import load
from hiercomp.model.ir import Model, Role
from hiercomp.plan import parameterise
from hiercomp.reference import derive, log_density, log_lik, simulate

X = np.array([0.3, 1.1, 1.7, 4.0, 4.2])
Y = np.array([0.5, -0.2, 1.4, 2.0, 1.1])
D = np.abs(X[:, None] - X)


def made(text: str, **data: object) -> Model:
    return load(text, data=data, name="process.hier").model()


def matern(nu: float, alpha: float, length: float) -> np.ndarray:
    """Return the covariances of the Matern class (Rasmussen and Williams 2006, formula 4.14)."""
    r = np.where(D == 0, 1e-9, np.sqrt(2 * nu) * D / length)
    return alpha**2 * 2 ** (1 - nu) / gamma(nu) * r**nu * kv(nu, r)


def smooth(alpha: float, length: float) -> np.ndarray:
    return alpha**2 * np.exp(-(D**2) / (2 * length**2))


KERNELS: dict[str, Callable[[float, float], np.ndarray]] = {
    "exp_quad(x, alpha = a, length = l)": smooth,
    "matern32(x, a, l)": lambda alpha, length: matern(1.5, alpha, length),
    "matern52(x, length_scale = l, sd = a)": lambda alpha, length: matern(2.5, alpha, length),
    "exponential(x, a, l)": lambda alpha, length: matern(0.5, alpha, length),
    "periodic(x, a, l, period = 2)": lambda alpha, length: (
        alpha**2 * np.exp(-2 * np.sin(np.pi * D / 2) ** 2 / length**2)
    ),
    "exp_quad(x, a, l) + exponential(x, a, 1)": lambda alpha, length: smooth(alpha, length) + alpha**2 * np.exp(-D),
    "exp_quad(x, a, l) * exponential(x, 1, 1)": lambda alpha, length: smooth(alpha, length) * np.exp(-D),
}
PRIORS = "a ~ Half-Normal(1)\nl ~ Half-Normal(1)\n"


@pytest.mark.parametrize("kernel", KERNELS)
def test_an_observed_process(kernel: str):
    model = made(
        f"y ~ GP(m, {kernel}, noise = s)\nm ~ Normal(0, 1)\ns ~ Half-Normal(1)\n{PRIORS}", y=Y.tolist(), x=X.tolist()
    )
    cov = KERNELS[kernel](1.3, 0.8) + 0.4**2 * np.eye(len(X))
    expected = stats.multivariate_normal(np.full(len(X), 0.2), cov).logpdf(Y)
    found = log_lik(model, {"m": 0.2, "s": 0.4, "a": 1.3, "l": 0.8})["y"]
    assert found.shape == ()
    assert float(found) == pytest.approx(expected, rel=1e-11 if "exp_quad" in kernel or "periodic" in kernel else 1e-8)
    assert float(log_lik(model, {"m": 0.2, "s": 0.4, "a": 0.8, "l": 1.3})["y"]) != pytest.approx(expected, rel=1e-3)


def test_a_process_of_unknowns_with_a_mean_for_each_point_and_a_jitter():
    model = made(
        f"y_i ~ Poisson(exp(f_i))\nf ~ GP(c, exp_quad(x, a, l), jitter = 0.01)\n"
        f"c_i = b * x_i\nb ~ Normal(0, 1)\n{PRIORS}",
        y=[0, 1, 2, 3, 1], x=X.tolist(),
    )  # fmt: skip
    cov = 0.9**2 * np.exp(-(D**2) / 2) + 0.01 * np.eye(len(X))
    expected = stats.multivariate_normal(0.5 * X, cov).logpdf(Y)
    _, terms = log_density(model, {"f": Y, "b": 0.5, "a": 0.9, "l": 1.0})
    assert terms["f"] == pytest.approx(expected, rel=1e-11)


def test_non_centered_is_the_same_process():
    text = f"y_i ~ Normal(f_i, 1)\nf ~ GP(m, matern32(x, a, l)) WORD\nm ~ Normal(0, 1)\n{PRIORS}"
    centered, other = (
        made(text.replace("WORD", word), y=Y.tolist(), x=X.tolist()) for word in ("centered", "non-centered")
    )
    sampled = parameterise(other)
    assert {s.name for s in sampled.symbols if s.role is Role.PARAMETER} == {"f_raw", "m", "a", "l"}
    point = {"m": 0.3, "a": 1.2, "l": 0.7}
    raw = np.array([0.1, -1.0, 0.4, 2.0, -0.3])
    f = derive(sampled, {**point, "f_raw": raw})["f"]
    total, terms = log_density(centered, {**point, "f": f})
    assert terms["f"] != pytest.approx(stats.norm.logpdf(raw).sum())
    cov = matern(1.5, 1.2, 0.7) + 1e-6 * np.eye(len(X))
    jacobian = 0.5 * np.linalg.slogdet(cov)[1]
    assert log_density(sampled, {**point, "f_raw": raw})[0] == pytest.approx(total + jacobian, rel=1e-7)


def test_draws_have_the_covariances_of_the_kernel():
    model = made(f"f_j ~ GP(m, exp_quad(x, a, l)) for j in 1..4000\nm ~ Normal(0, 1)\n{PRIORS}", x=X.tolist())
    drawn = simulate(model, np.random.default_rng(3), given={"m": 2.0, "a": 1.5, "l": 1.0})
    values = {**drawn.observed, **drawn.predictions, **drawn.unknowns}["f"]
    np.testing.assert_allclose(values.mean(axis=0), 2.0, atol=0.15)
    np.testing.assert_allclose(np.cov(values.T), 1.5**2 * np.exp(-(D**2) / 2), atol=0.25)
