"""One model by hand, in Stan, in PyMC and in closed form; it has one of everything that engines can get wrong.

Eight schools, non-centered, with an interval-bounded unknown, integer data, two observed names, a term that is no
distribution, a matrix, an unknown called as Python's `lambda`, and a switch that makes the program reject every point.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from hiercomp.engines.base import ProgramInput

STAN = """\
data {
  int<lower=0> N_schools;
  vector[N_schools] y;
  vector<lower=0>[N_schools] sigma;
  array[N_schools] int<lower=0> k;
  int<lower=0, upper=1> refuse;
}
parameters {
  vector[N_schools] eta;
  real mu;
  real<lower=0> tau;
  real<lower=-1, upper=1> rho;
  real<lower=0> lambda_;
}
transformed parameters {
  vector[N_schools] theta = mu + tau * eta;
}
model {
  if (refuse == 1) reject("told to refuse");
  y ~ normal(theta, sigma);
  k ~ poisson(lambda_);
  eta ~ std_normal();
  mu ~ normal(0, 20);
  tau ~ cauchy(0, 10);
  lambda_ ~ gamma(2, 0.1);
  target += -0.5 * square(mu - rho);
}
generated quantities {
  vector[N_schools] log_lik_y;
  vector[N_schools] log_lik_k;
  array[N_schools] real y_rep_y = normal_rng(theta, sigma);
  matrix[2, 3] grid;
  real later = normal_rng(mu, 1);
  for (i in 1:N_schools) {
    log_lik_y[i] = normal_lpdf(y[i] | theta[i], sigma[i]);
    log_lik_k[i] = poisson_lpmf(k[i] | lambda_);
  }
  for (i in 1:2) for (j in 1:3) grid[i, j] = 10 * i + j + 0 * mu;
}
"""

TERMS = {
    "y": "y ~ normal(theta, sigma);",
    "k": "k ~ poisson(lambda_);",
    "eta": "eta ~ std_normal();",
    "mu": "mu ~ normal(0, 20);",
    "tau": "tau ~ cauchy(0, 10);",
    "lambda": "lambda_ ~ gamma(2, 0.1);",
    "near": "target += -0.5 * square(mu - rho);",
}

PYMC = '''\
"""The same in PyMC."""
import numpy as np
import pymc as pm


def build_model(data, predict=False):
    y, sigma, k = (np.asarray(data[name]) for name in ("y", "sigma", "k"))
    if np.any(sigma < 0):
        raise ValueError("sigma is negative")
    with pm.Model(coords={"schools": data["schools"]}) as model:
        lambda_ = pm.Gamma("lambda_", alpha=2, beta=0.1)
        rho = pm.Uniform("rho", -1, 1)
        mu = pm.Normal("mu", 0, 20)
        tau = pm.HalfCauchy("tau", 10)
        eta = pm.Normal("eta", dims="schools")
        theta = pm.Deterministic("theta", mu + tau * eta, dims="schools")
        pm.Deterministic("grid", np.array([[11, 12, 13], [21, 22, 23]]) + 0 * mu)
        pm.Normal("y", theta, sigma, observed=y, dims="schools")
        pm.Poisson("k", lambda_, observed=k, dims="schools")
        pm.Potential("nearness", -0.5 * (mu - rho) ** 2)
        if predict:
            pm.Normal("later", mu, 1)
    return model
'''

SCHOOLS = list("ABCDEFGH")
Y = [28, 8, -3, 7, -1, 1, 18, 12]
SIGMA = [15.0, 10, 16, 11, 9, 11, 10, 18]
K = [3, 0, 5, 2, 2, 1, 7, 4]


def instrumented() -> str:
    """Return STAN with the switch that keeps one term."""
    text = STAN.partition("generated quantities")[0].replace("refuse;\n}", "refuse;\n  int hiercomp_term;\n}")
    for number, line in enumerate(TERMS.values(), start=1):
        assert line in text
        text = text.replace(line, f"if (hiercomp_term == 0 || hiercomp_term == {number}) {line}")
    return text


def program(backend: str, **changes: Any) -> ProgramInput:
    """Return the program of ``stan`` or ``pymc`` as the layers above would hand it over."""
    fields: dict[str, Any] = {
        "name": "schools",
        "text": STAN if backend == "stan" else PYMC,
        "data": {"N_schools": 8, "y": Y, "sigma": SIGMA, "k": K, "refuse": 0, "schools": SCHOOLS},
        "dims": dict.fromkeys(("y", "sigma", "k", "eta", "theta"), ("schools",)) | {"grid": ("rows", "columns")},
        "coords": {"schools": SCHOOLS, "rows": ["r1", "r2"], "columns": [1, 2, 3]},
        "renames": {"lambda": "lambda_"},
        "unknowns": ("eta", "mu", "tau", "rho", "lambda"),
        "labels": tuple(TERMS),
        "terms_text": instrumented() if backend == "stan" else "",
        "observed": ("y", "k"),
        "terms": {} if backend == "stan" else {"near": ("nearness",), "lambda": ("lambda_",)},
        "predicted": ("later",),
    }
    return ProgramInput(**(fields | changes))


POINTS: list[dict[str, Any]] = [
    {"eta": list(np.linspace(-1, 1, 8)), "mu": 3.3, "tau": 2.7, "rho": 0.25, "lambda": 2.5},
    {"eta": [0.1, -2, 3, 0, 1.5, -0.3, 2, 1], "mu": -17.0, "tau": 41.0, "rho": -0.999, "lambda": 0.01},
    {"eta": [30.0] * 8, "mu": 1e4, "tau": 1e-3, "rho": 0.0, "lambda": 300.0},
]


def truth(point: dict[str, Any], half: float = 0.0) -> dict[str, float]:
    """Return the terms by SciPy; `half` is added to that of tau, whose normaliser the two backends keep apart."""
    theta = point["mu"] + point["tau"] * np.asarray(point["eta"])
    rate = point["lambda"]
    return {
        "y": stats.norm(theta, SIGMA).logpdf(Y).sum(),
        "k": stats.poisson(rate).logpmf(K).sum(),
        "eta": stats.norm.logpdf(point["eta"]).sum(),
        "mu": stats.norm(0, 20).logpdf(point["mu"]),
        "tau": stats.cauchy(0, 10).logpdf(point["tau"]) + half,
        "lambda": stats.gamma(2, scale=10).logpdf(rate),
        "near": -0.5 * (point["mu"] - point["rho"]) ** 2,
    }


def slopes(point: dict[str, Any]) -> dict[str, float]:
    """Return the gradient in closed form, by coordinate: logarithms of tau and lambda, a logit of rho."""
    eta, mu, tau, rho, rate = (point[name] for name in ("eta", "mu", "tau", "rho", "lambda"))
    eta = np.asarray(eta)
    pull = (np.asarray(Y) - mu - tau * eta) / np.square(SIGMA)
    found = {f"eta[{i + 1}]": pull[i] * tau - eta[i] for i in range(8)}
    found["mu"] = pull.sum() - mu / 400 - (mu - rho)
    found["tau"] = tau * ((pull * eta).sum() - 2 * tau / (tau**2 + 100))
    found["rho"] = (mu - rho) * (1 + rho) * (1 - rho) / 2
    found["lambda"] = sum(K) - 8 * rate + 1 - 0.1 * rate
    return found
