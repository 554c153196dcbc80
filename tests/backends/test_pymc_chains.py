"""Hidden Markov chains in PyMC modules: a log likelihood for each series, and replicates of whole series."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import pymc as pm
import pytensor
import pytest
from numpy.typing import NDArray

import hiercomp
from hiercomp import reference
from hiercomp.backends.pymc import emit
from hiercomp.plan import make_plan

pytestmark = pytest.mark.engine

MOVES = np.array([[0.8, 0.2], [0.3, 0.7]])
START = np.array([0.9, 0.1])
RATE = np.array([1.0, 6.0])
# A single series, several with covariates and transitions of their own, members of an index set, emissions one by one.
TEXT = """
y ~ HMM(initial = begin, transition = P, emission = Normal(mu_k, s_k))
c_i ~ HMM(initial = begin, transition = Q_i, emission = Poisson(rate_k * exp(b * x_t)))
g ~ HMM(transition = P, emission = Categorical(p_k))
z_i ~ HMM(initial = begin, transition = P, emission = (Normal(0, 1), Cauchy(mu[2], 2))) weighted by w_i
mu_k ~ Normal(0, 3) for k in 1..2
s_k ~ Half-Normal(1) for k in 1..2
rate_k ~ Gamma(2, 1) for k in 1..2
b ~ Normal(0, 1)
p_k ~ Dirichlet(1, 1, 1) for k in 1..2
"""
DATA: dict[str, Any] = {
    "begin": START.tolist(), "P": MOVES.tolist(), "Q":
    [MOVES.tolist(), [[0.5, 0.5], [0.1, 0.9]], [[0.9, 0.1], [0.9, 0.1]]],
    "y": [0.3, -1.0, 2.5, 4.0, 0.0], "x": [0.5, -0.5, 0.0, 1.0], "c": [[0, 1, 7, 3], [2, 2, 0, 9], [5, 1, 0, 0]],
    "g": [1, 3, 2, 2, 1], "z": [[0.1, 2.0], [-1.0, 0.4], [3.0, 3.0]], "w": [2.0, 0.5, 1.0],
}  # fmt: skip
POINT: dict[str, NDArray[np.float64]] = {
    "mu": np.array([-1.0, 3.0]), "s": np.array([0.7, 1.5]), "rate": RATE, "b": np.array(0.4),
    "p": np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]]),
}  # fmt: skip


@pytest.fixture(scope="module")
def built() -> Generator[Any]:
    """Give the reference's model and the PyMC model with its unknowns at `POINT`."""
    model = hiercomp.load(TEXT, data=DATA, name="chains.hier").model()
    space: dict[str, Any] = {"__name__": "chains"}
    exec(compile(emit(make_plan(model)).text, "chains", "exec"), space)
    # Compiled once and run once or for small arrays: optimisation would take longer than it saves.
    with pytensor.config.change_flags(mode="FAST_COMPILE", traceback__limit=0):
        yield model, pm.do(space["build_model"](model.data()), POINT)


def test_log_likelihoods_of_every_series(built: Any) -> None:
    model, at_point = built
    names = ("y", "c", "g", "z")
    compiled = at_point.compile_fn(at_point.logp(vars=[at_point[name] for name in names], sum=False))
    for name, found in zip(names, compiled({}), strict=True):
        expected = reference.log_lik(model, POINT)[name]
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_replicates_follow_their_states(built: Any) -> None:
    _, at_point = built
    drawn = dict(zip("ycgz", pm.draw([at_point[name] for name in "ycgz"], draws=6000, random_seed=5), strict=True))
    assert drawn["y"].shape == (6000, 5)
    state, chances = START, [START]
    for _ in range(4):
        state = state @ MOVES
        chances.append(state)
    means = np.array(chances) @ POINT["mu"]
    np.testing.assert_allclose(drawn["y"].mean(axis=0), means, atol=0.15)
    # Neighbours go together as their states do: an independent draw for each position would have no covariance.
    joint = np.einsum("i,ij,i,j", chances[1], MOVES, POINT["mu"], POINT["mu"]) - means[1] * means[2]
    assert abs(joint) > 0.5
    assert np.cov(drawn["y"][:, 1], drawn["y"][:, 2])[0, 1] == pytest.approx(joint, abs=0.2)
    # Every series moves by its own matrix, and counts keep their covariate.
    second = [START @ np.array(moves) for moves in DATA["Q"]]
    wanted = [chance @ RATE * np.exp(0.4 * DATA["x"][1]) for chance in second]
    np.testing.assert_allclose(drawn["c"][:, :, 1].mean(axis=0), wanted, rtol=0.06)
    assert drawn["c"].dtype.kind == "i"
    # Nothing is said of the first state of `g`: any may be it. PyMC counts from 0.
    first = [(drawn["g"][:, 0] == k).mean() for k in range(3)]
    np.testing.assert_allclose(first, POINT["p"].mean(axis=0), atol=0.03)
    assert drawn["z"].shape == (6000, 3, 2)
    assert np.median(np.abs(drawn["z"][:, :, 0])) < 1.2
