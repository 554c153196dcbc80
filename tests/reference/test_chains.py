"""Hidden Markov chains against the sum over all paths of states, which short series allow."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from scipy import special, stats

from hiercomp import load
from hiercomp.model.ir import Model
from hiercomp.reference import log_density, log_lik, simulate

Y = np.array([-3.0, 0.2, 1.0, 8.5, 0.4])
MOVES = np.array([[0.7, 0.2, 0.1], [0.1, 0.5, 0.4], [0.3, 0.3, 0.4]])
START = np.array([0.2, 0.5, 0.3])
MU = np.array([-1.0, 0.0, 3.0])
PRIOR = "mu_k ~ Normal(0, 1) for k in 1..3\n"


def made(text: str, **data: object) -> Model:
    return load(text, data=data, name="chain.hier").model()


def enumerated(emitted: np.ndarray, moves: np.ndarray, start: np.ndarray) -> float:
    """Return the log of the sum over all paths; `emitted` has a row for each position, a column for each state."""
    logs: list[float] = []
    for path in product(range(len(start)), repeat=len(emitted)):
        steps = [np.log(moves[a, b]) for a, b in pairwise(path)]
        seen = [emitted[place, state] for place, state in enumerate(path)]
        logs.append(float(np.log(start[path[0]]) + sum(steps) + sum(seen)))
    return float(special.logsumexp(logs))


def test_a_chain_with_and_without_a_first_state():
    emitted = stats.norm.logpdf(Y[:, None], MU, 1)
    for given, start in (("initial = p, ", START), ("", np.ones(3))):
        model = made(
            f"y ~ HMM({given}transition = P, emission = Normal(mu_k, 1))\n{PRIOR}",
            y=Y.tolist(), P=MOVES.tolist(), p=START.tolist(),
        )  # fmt: skip
        found = log_lik(model, {"mu": MU})["y"]
        assert found.shape == ()
        expected = enumerated(emitted, MOVES, start)
        assert float(found) == pytest.approx(expected, rel=1e-14)
        # The matrix the other way round, and the states in another order, are other models.
        assert abs(float(found) - enumerated(emitted, MOVES.T, start)) > 1e-3
        assert abs(float(found) - enumerated(emitted[:, ::-1], MOVES, start)) > 1e-3


@pytest.mark.parametrize("transition", ["(u, v)", "((0.9, 0.1), (1 - q, q))", "P"])
@pytest.mark.parametrize("emission", ["Poisson(rate_k)", "(Poisson(rate[1]), Poisson(rate[2]))", "Poisson(rate)"])
def test_the_ways_to_write_one(transition: str, emission: str):
    counts, rate = np.array([0, 4, 9, 1]), np.array([0.5, 6.0])
    moves = np.array([[0.9, 0.1], [0.4, 0.6]])
    model = made(
        f"c ~ HMM(transition = {transition}, emission = {emission})\nrate_k ~ Gamma(1, 1) for k in 1..2\n",
        c=counts.tolist(), u=[0.9, 0.1], v=[0.4, 0.6], q=0.6, P=moves.tolist(),
    )  # fmt: skip
    expected = enumerated(stats.poisson.logpmf(counts[:, None], rate), moves, np.ones(2))
    assert log_density(model, {"rate": rate})[1]["c"] == pytest.approx(expected, rel=1e-14)


def test_several_series_and_a_covariate_of_the_position():
    series, x = np.array([Y, Y[::-1] + 1]), np.array([0.0, 1.0, -1.0, 2.0, 0.5])
    model = made(
        f"y_j ~ HMM(initial = p, transition = P, emission = Normal(mu_k + b_j * x_t, 1))\n{PRIOR}b_j ~ Normal(0, 1)\n",
        y=series.tolist(), x=x.tolist(), P=MOVES.tolist(), p=START.tolist(),
    )  # fmt: skip
    b = np.array([0.5, -1.0])
    expected = [
        enumerated(stats.norm.logpdf(row[:, None], MU + (slope * x)[:, None], 1), MOVES, START)
        for row, slope in zip(series, b, strict=True)
    ]
    np.testing.assert_allclose(log_lik(model, {"mu": MU, "b": b})["y"], expected, rtol=1e-14)


def test_states_that_cannot_be_reached():
    moves = np.array([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5], [0.0, 0.0, 1.0]])
    model = made(
        f"y ~ HMM(initial = (1, 0, 0), transition = P, emission = Normal(mu_k, 1))\n{PRIOR}",
        y=Y.tolist(), P=moves.tolist(),
    )  # fmt: skip
    with np.errstate(divide="ignore"):
        expected = enumerated(stats.norm.logpdf(Y[:, None], MU, 1), moves, np.array([1.0, 0.0, 0.0]))
    assert float(log_lik(model, {"mu": MU})["y"]) == pytest.approx(expected, rel=1e-14)


def test_draws_move_between_states_as_the_matrix_says():
    model = made(
        f"y ~ HMM(initial = (0, 0, 1), transition = P, emission = Normal(mu_k, 0.1))\n{PRIOR}",
        y=np.zeros(20000).tolist(), P=MOVES.tolist(),
    )  # fmt: skip
    drawn = simulate(model, np.random.default_rng(5), given={"mu": [-10.0, 0.0, 10.0]}).observed["y"]
    states = np.round(drawn / 10).astype(int) + 1
    assert states[0] == 2
    counts = np.zeros((3, 3))
    np.add.at(counts, (states[:-1], states[1:]), 1)
    shares = counts / counts.sum(axis=1, keepdims=True)
    assert np.abs(shares - MOVES).max() < 4 * np.sqrt(0.25 / counts.sum(axis=1).min())
