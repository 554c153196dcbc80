"""The project's own spec, resolved, against sums written out with SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit

from hiercomp.data import load
from hiercomp.diagnostics import Diagnostics
from hiercomp.model import resolve
from hiercomp.reference import inside, log_density, simulate, wide_point
from hiercomp.syntax import parse, read_source

Y = np.array([28, 8, -3, 7, -1, 1, 18, 12.0])
SIGMA = np.array([15, 10, 16, 11, 9, 11, 10, 18.0])
N = stats.norm.logpdf


def switched(p):
    low = p["mu"] + 4 * p["eta"] * (p["tau"] / 3)
    return p["mu"] + p["tau"] * p["eta"] if p["tau"] > 3 else low


def blended(p):
    weight = expit((p["tau"] - 3) * 2)
    return weight * (p["mu"] + p["tau"] * p["eta"]) + (1 - weight) * (p["mu"] + 4 * p["eta"] * (p["tau"] / 3))


def hierarchy(p):
    return {"eta": N(p["eta"]).sum(), "mu": N(p["mu"], 0, 20), "tau": stats.halfcauchy.logpdf(p["tau"], 0, 10)}


def around(theta):
    return lambda p, x: {"y": N(Y, theta(p), SIGMA).sum(), **hierarchy(p)}


def plain(p):
    return p["mu"] + p["tau"] * p["eta"]


TERMS = {
    "noncentered": around(plain),
    "skeptical": lambda p, x: {
        "y": N(Y, plain(p), SIGMA).sum(),
        "eta": N(p["eta"]).sum(),
        "mu": N(p["mu"], 8, 5),
        "tau": stats.halfnorm.logpdf(p["tau"], 0, 5),
    },
    "adaptive": around(switched),
    "adaptive_smooth": around(blended),
    "pooled": lambda p, x: {"y": N(Y, p["mu"], SIGMA).sum(), "mu": N(p["mu"], 0, 20)},
    "robust": lambda p, x: {
        **hierarchy(p),
        "y": stats.t.logpdf(Y, p["nu"], plain(p), SIGMA).sum(),
        "nu": stats.gamma.logpdf(p["nu"], 2, scale=10),
    },
    "precision": lambda p, x: {
        "y": N(Y, p["mu"] + p["beta"] / SIGMA**2, SIGMA).sum(),
        "mu": N(p["mu"], 0, 20),
        "beta": N(p["beta"], 0, 1000),
    },
    "covariates": lambda p, x: {
        "y": N(Y, p["mu"] + x @ p["beta"], SIGMA).sum(),
        "mu": N(p["mu"], 0, 20),
        "beta": N(p["beta"], 0, 5).sum(),
    },
}


@pytest.fixture(scope="module")
def spec(specs):
    return parse(read_source(specs / "eight_schools.hier"), Diagnostics())


@pytest.fixture(scope="module")
def table(specs):
    return load(specs / "data" / "eight_schools.csv", Diagnostics())


@pytest.mark.parametrize("name", TERMS)
def test_terms_are_those_of_the_document(spec, table, name):
    made = resolve(spec, name, [table], Diagnostics())
    assert made is not None
    x = np.column_stack([table.columns["X_1"].value, table.columns["X_2"].value])
    rng = np.random.default_rng(len(name))
    for scale in (0.5, 2.0, 4.0):
        for point in (simulate(made, rng), wide_point(made, rng, scale)):
            total, terms = log_density(made, point)
            assert terms == pytest.approx(TERMS[name](point, x), rel=1e-12, abs=1e-12)
            assert total == pytest.approx(sum(terms.values()), rel=1e-14)
            assert inside(made, point)
