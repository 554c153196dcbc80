"""What the catalogue's limits come to for a model: which apply, and where."""

import numpy as np
import pytest

import hiercomp
from hiercomp.workflow.expected import expected
from hiercomp.workflow.points import limits_of

LOG_ODDS = "a ~ Normal(0, 20)\n"


@pytest.mark.parametrize(
    "lines",
    [
        "y_n ~ Bernoulli(logit = a)",
        "y_n ~ Bernoulli(inv_logit(a))",
        "p = inv_logit(a)\ny_n ~ Bernoulli(p)",
    ],
)
def test_outcomes_that_are_nearly_certain(lines: str) -> None:
    made = hiercomp.load(f"{lines}\n{LOG_ODDS}", data={"y": [1, 1, 0]}).model()
    limits = limits_of(made)
    (limit,) = limits["y"]
    assert (limit.target, limit.certain) == ("stan", np.exp(-20.0))
    found = expected(made, [{"a": a} for a in (-25.0, 0.0, 19.9, 20.1, 25.0)], limits).certain
    # Stan has -exp(-x) where exp(-x) is right, for each of the outcomes that the log odds favour.
    np.testing.assert_allclose(found, [2 * np.exp(-25.0), 0, 0, 4 * np.exp(-20.1), 4 * np.exp(-25.0)], rtol=1e-8)


def test_probabilities_have_no_such_limit() -> None:
    made = hiercomp.load("y_n ~ Bernoulli(Phi(a))\na ~ Normal(0, 20)\n", data={"y": [1, 1, 0]}).model()
    assert limits_of(made) == {}


def test_successes_by_log_odds_have_the_limit_of_log_odds() -> None:
    spec = f"y_n ~ Binomial(5, inv_logit(a))\n{LOG_ODDS}"
    (limit,) = limits_of(hiercomp.load(spec, data={"y": [1, 4, 0]}).model())["y"]
    assert np.isinf(limit.error)
