"""False alarms and power, on fewer simulations than benchmarks/false_alarms.py runs."""

import numpy as np
import pytest
from scipy import stats
from scipy.signal import lfilter

from hiercomp.agree.scores import compare_draws

PAIRS = 400
LIMIT = stats.norm.isf(0.01 / (2 * 7))

DISTRIBUTIONS = {
    "normal": lambda x: x,
    "lognormal": np.exp,
    "t3": lambda x: stats.t.ppf(stats.norm.cdf(x), 3),
}


def chains(seed, phi, pairs=PAIRS):
    rng = np.random.default_rng(seed)
    shape = (pairs, 4, 1000)
    start = phi ** np.arange(1, 1001) * rng.normal(size=(pairs, 4, 1))
    return lfilter([np.sqrt(1 - phi**2)], [1, -phi], rng.normal(size=shape), axis=-1) + start


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_false_alarms(name):
    """At a rate of 1 %, more than 12 alarms in 400 pairs have probability 0.0008."""
    shape = DISTRIBUTIONS[name]
    z = np.abs(compare_draws(shape(chains(1, 0.6)), shape(chains(2, 0.6))).z)
    assert (z.max(axis=0) > LIMIT).sum() <= 12
    # Standard errors that ignore the autocorrelation would be half as large.
    assert (2 * z.max(axis=0) > LIMIT).sum() > 60
    # Nor may z be too small: for what has all moments it has the spread of a normal deviate.
    regular = z if name == "normal" else z[2:]
    assert np.sqrt(np.mean(regular**2, axis=-1)) == pytest.approx(np.ones(len(regular)), abs=0.12)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@pytest.mark.parametrize("change", [lambda x, mean, sd: x + 0.3 * sd, lambda x, mean, sd: mean + 1.3 * (x - mean)])
def test_power(name, change):
    shape = DISTRIBUTIONS[name]
    mean, sd = {"normal": (0, 1), "lognormal": (np.exp(0.5), np.sqrt(np.expm1(1) * np.e)), "t3": (0, np.sqrt(3))}[name]
    z = np.abs(compare_draws(shape(chains(3, 0.6, 100)), change(shape(chains(4, 0.6, 100)), mean, sd)).z)
    # As in a command that compares 20 quantities of 8 models.
    assert (z.max(axis=0) > stats.norm.isf(0.01 / (2 * 7 * 160))).sum() >= 95
