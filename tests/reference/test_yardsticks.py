"""Log densities of programs that others published, at their points: equal up to one constant per model.

The folder of points stands beside checkouts of this project where there is one; without it nothing is tested here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from hiercomp.expr import number
from hiercomp.model.ir import Support
from hiercomp.reference import log_density
from tests.plan.models import model

FOLDER = Path(__file__).parents[3] / "shared" / "posteriordb"


@dataclass(frozen=True)
class Spec:
    lines: list[str]
    data: dict[str, list[str]]
    sets: dict[str, str | int]
    letters: dict[str, str]
    axes: dict[str, list[str]] = field(default_factory=dict)
    ints: tuple[str, ...] = ()
    supports: dict[str, Support] = field(default_factory=dict)


SPECS = {
    "eight_schools-eight_schools_centered": Spec(
        [
            "y[j] ~ Normal(theta[j], sigma[j])", "theta[j] ~ Normal(mu, tau)",
            "mu ~ Normal(0, 5)", "tau ~ Half-Cauchy(5)",
        ],
        {"y": ["J"], "sigma": ["J"]}, {"J": "J"}, {"j": "J"},
    ),
    "kidiq-kidscore_interaction": Spec(
        [
            "kid_score[n] ~ Normal(beta[1] + beta[2] * mom_hs[n] + beta[3] * mom_iq[n]"
            " + beta[4] * mom_hs[n] * mom_iq[n], sigma)",
            "beta[k] ~ Flat()",
            "sigma ~ Half-Cauchy(2.5)",
        ],
        {"kid_score": ["N"], "mom_hs": ["N"], "mom_iq": ["N"]}, {"N": "N", "K": 4}, {"n": "N", "k": "K"},
        axes={"beta": ["K"]},
    ),
    "seeds_data-seeds_model": Spec(
        [
            "n[i] ~ Binomial-Logit(N[i], alpha0 + alpha1 * x1[i] + alpha2 * x2[i] + alpha12 * x1[i] * x2[i] + b[i])",
            "b[i] ~ Normal(0, 1 / sqrt(tau))",
            "alpha0 ~ Normal(0, 1000)", "alpha1 ~ Normal(0, 1000)", "alpha2 ~ Normal(0, 1000)",
            "alpha12 ~ Normal(0, 1000)", "tau ~ Gamma(0.001, 0.001)",
        ],
        {"n": ["I"], "N": ["I"], "x1": ["I"], "x2": ["I"]}, {"I": "I"}, {"i": "I"}, ints=("n", "N"),
    ),
    "surgical_data-surgical_model": Spec(
        [
            "r[i] ~ Binomial-Logit(n[i], b[i])", "b[i] ~ Normal(mu, sqrt(sigmasq))", "mu ~ Normal(0, 1000)",
            "sigmasq ~ Inverse-Gamma(0.001, 0.001)",
        ],
        {"r": ["N"], "n": ["N"]}, {"N": "N"}, {"i": "N"}, ints=("r", "n"),
    ),
    "rats_data-rats_model": Spec(
        [
            "y[n] ~ Normal(alpha[rat[n]] + beta[rat[n]] * (x[n] - xbar), sigma_y)",
            "alpha[r] ~ Normal(mu_alpha, sigma_alpha)", "beta[r] ~ Normal(mu_beta, sigma_beta)",
            "mu_alpha ~ Normal(0, 100)", "mu_beta ~ Normal(0, 100)",
            "sigma_y ~ Half-Flat()", "sigma_alpha ~ Half-Flat()", "sigma_beta ~ Half-Flat()",
        ],
        {"y": ["P"], "x": ["P"], "rat": ["P"], "xbar": []}, {"P": "Npts", "R": "N"}, {"n": "P", "r": "R"},
        axes={"alpha": ["R"], "beta": ["R"]}, ints=("rat",),
    ),
    "radon_mn-radon_variable_intercept_slope_noncentered": Spec(
        [
            "log_radon[n] ~ Normal(alpha[county_idx[n]] + beta[county_idx[n]] * floor_measure[n], sigma_y)",
            "alpha[j] = mu_alpha + sigma_alpha * alpha_raw[j]", "beta[j] = mu_beta + sigma_beta * beta_raw[j]",
            "alpha_raw[j] ~ Normal(0, 1)", "beta_raw[j] ~ Normal(0, 1)",
            "mu_alpha ~ Normal(0, 10)", "mu_beta ~ Normal(0, 10)",
            "sigma_y ~ Half-Normal(1)", "sigma_alpha ~ Half-Normal(1)", "sigma_beta ~ Half-Normal(1)",
        ],
        {"log_radon": ["N"], "floor_measure": ["N"], "county_idx": ["N"]}, {"N": "N", "J": "J"},
        {"n": "N", "j": "J"}, axes={"alpha": ["J"], "beta": ["J"]}, ints=("county_idx",),
    ),
    "GLMM_Poisson_data-GLMM_Poisson_model": Spec(
        [
            "C[t] ~ Poisson-Log(alpha + beta1 * year[t] + beta2 * year[t] ** 2 + beta3 * year[t] ** 3 + eps[t])",
            "eps[t] ~ Normal(0, sigma)", "alpha ~ Uniform(-20, 20)", "beta1 ~ Uniform(-10, 10)",
            "beta2 ~ Uniform(-10, 20)", "beta3 ~ Uniform(-10, 10)", "sigma ~ Uniform(0, 5)",
        ],
        {"C": ["T"], "year": ["T"]}, {"T": "n"}, {"t": "T"}, ints=("C",),
    ),
    "wells_data-wells_interaction_c_model": Spec(
        [
            "switched[n] ~ Bernoulli-Logit(alpha + beta[1] * c_dist[n] + beta[2] * c_ars[n]"
            " + beta[3] * c_dist[n] * c_ars[n])",
            "c_dist[n] = (dist[n] - mean(dist)) / 100", "c_ars[n] = arsenic[n] - mean(arsenic)",
            "alpha ~ Flat()", "beta[k] ~ Flat()",
        ],
        {"switched": ["N"], "dist": ["N"], "arsenic": ["N"]}, {"N": "N", "K": 3}, {"n": "N", "k": "K"},
        axes={"beta": ["K"], "c_dist": ["N"], "c_ars": ["N"]}, ints=("switched",),
    ),
    "dogs-dogs": Spec(
        [
            "y[j, t] ~ Bernoulli-Logit(beta[1] + beta[2] * avoid[j, t] + beta[3] * shock[j, t])",
            "avoid[j, t] = avoid[j, t - 1] + 1 - y[j, t - 1] | j in J, t in 2..n_trials",
            "shock[j, t] = shock[j, t - 1] + y[j, t - 1] | j in J, t in 2..n_trials",
            "avoid[j, 1] = 0 | j in J", "shock[j, 1] = 0 | j in J", "beta[k] ~ Normal(0, 100)",
        ],
        {"y": ["J", "T"]}, {"J": "n_dogs", "T": "n_trials", "K": 3}, {"j": "J", "t": "T", "k": "K"},
        axes={"beta": ["K"], "avoid": ["J", "T"], "shock": ["J", "T"]}, ints=("y",),
    ),
    "irt_2pl-irt_2pl": Spec(
        [
            "y[i, j] ~ Bernoulli-Logit(a[i] * (theta[j] - b[i]))", "theta[j] ~ Normal(0, sigma_theta)",
            "a[i] ~ LogNormal(0, sigma_a)", "b[i] ~ Normal(mu_b, sigma_b)", "mu_b ~ Normal(0, 5)",
            "sigma_theta ~ Half-Cauchy(2)", "sigma_a ~ Half-Cauchy(2)", "sigma_b ~ Half-Cauchy(2)",
        ],
        {"y": ["I", "J"]}, {"I": "I", "J": "J"}, {"i": "I", "j": "J"},
        axes={"theta": ["J"], "a": ["I"], "b": ["I"]}, ints=("y",),
    ),
    "arK-arK": Spec(
        [
            "y[t] ~ Normal(alpha + sum(beta[k] * y[t - k] for k in K), sigma) | t in K + 1..T", "alpha ~ Normal(0, 10)",
            "beta[k] ~ Normal(0, 10)", "sigma ~ Half-Cauchy(2.5)",
        ],
        {"y": ["T"]}, {"T": "T", "K": "K"}, {"t": "T", "k": "K"}, axes={"beta": ["K"]},
        supports={"sigma": Support(lower=number(0))},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPECS)
def test_published_log_densities(name):
    folder = FOLDER / name
    if not folder.is_dir():
        pytest.skip("no folder of points beside this checkout")
    spec = SPECS[name]
    made = model(
        "yardstick", spec.lines, data=spec.data, sets=spec.sets, letters=spec.letters, axes=spec.axes, ints=spec.ints,
        supports=spec.supports,
    )  # fmt: skip
    data = json.loads((folder / "data.json").read_text())
    points = json.loads((folder / "points.json").read_text())["points"]
    want = np.array([point["log_density"] for point in points])
    got = np.array([log_density(made, point["values"], data)[0] for point in points])
    difference = got - want
    assert np.abs(difference - np.median(difference)).max() < 1e-12 * np.abs(got).max()
