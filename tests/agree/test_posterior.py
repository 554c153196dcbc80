"""Posteriors compared: verdicts on simulated fits whose truth is known."""

import json
from dataclasses import replace

import numpy as np
import pytest
from arviz_base import from_dict

from hiercomp.agree import compare_posteriors, judge, measure

SHAPE = (4, 1000)


def fit(rng, stats=None, shape=SHAPE, **variables):
    """A fit of independent normal draws of mu and theta, and whatever else is given."""
    draws = {"mu": rng.normal(size=shape), "theta": rng.normal(size=(*shape, 3))} | variables
    quiet = {"diverging": np.zeros(shape, dtype=bool), "energy": rng.normal(size=shape)}
    return from_dict(
        {"posterior": draws, "sample_stats": quiet | (stats or {})},
        dims={"theta": ["schools"]},
        coords={"schools": ["A", "B", "C"]},
    )


@pytest.fixture
def rng():
    return np.random.default_rng(21)


def test_equal_posteriors_agree(rng):
    result = compare_posteriors(fit(rng), fit(rng))
    assert result.verdict == "agree"
    assert result.reasons == ()
    assert result.comparisons == 4 * 7
    assert 0 < result.max_z < result.z_limit
    assert [item.name for item in result.comparison.quantities] == ["mu", "theta[A]", "theta[B]", "theta[C]"]
    found = json.loads(json.dumps(result.as_dict(), allow_nan=False))
    keys = {"verdict", "max_z", "quantities", "false_alarm_rate", "detectable_difference", "convergence"}
    assert keys <= found.keys()
    assert found["convergence"]["stan"]["max_rhat"] < 1.01


@pytest.mark.parametrize(
    ("change", "worst"),
    [
        (lambda x: x + 0.3, "mu"),
        (lambda x: x * 1.3, "mu"),
        (lambda x: np.where(x > 1.6, x + 1, x), "mu"),  # the upper tail alone
    ],
)
def test_differences_are_reported_and_named(rng, change, worst):
    result = compare_posteriors(fit(rng), fit(rng, mu=change(rng.normal(size=SHAPE))))
    assert result.verdict == "disagree"
    assert result.differing == (worst,)
    assert " of mu differs (" in result.reasons[0]


def test_a_difference_in_one_element_is_named_by_its_label(rng):
    theta = rng.normal(size=(*SHAPE, 3)) + np.array([0, 0.3, 0])
    assert compare_posteriors(fit(rng), fit(rng, theta=theta)).differing == ("theta[B]",)


def test_difference_of_the_size_said_to_be_detectable():
    """The mean shift that 'would have been noticed' is noticed in about 95 % of fits, and half of it is not."""
    noticed = {1.0: 0, 0.5: 0}
    for seed in range(60):
        rng = np.random.default_rng([5, seed])
        first, second = rng.normal(size=(2, *SHAPE))
        size = compare_posteriors(_one(first), _one(second)).detectable_difference
        assert size == pytest.approx((3.19 + 1.64) * np.sqrt(2 / 4000), rel=0.1)
        for part in noticed:
            noticed[part] += compare_posteriors(_one(first), _one(second + part * size)).verdict == "disagree"
    assert noticed[1.0] >= 50
    assert noticed[0.5] <= 30


def _one(draws):
    return from_dict({"posterior": {"x": draws}})


def test_limit_grows_with_all_that_a_command_compares(rng):
    first, second = fit(rng), fit(rng)
    alone = compare_posteriors(first, second)
    together = judge({str(k): measure(first, second) for k in range(8)})
    assert {item.comparisons for item in together.values()} == {8 * alone.comparisons}
    assert together["0"].z_limit > alone.z_limit
    assert together["0"].detectable_difference > alone.detectable_difference


def trend(shape):
    return np.linspace(-1, 1, shape[1]) * np.ones((shape[0], 1))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (lambda rng: {"mu": rng.normal(size=SHAPE) + np.array([[0.0], [0], [0], [2]])}, "R-hat of mu"),
        (lambda rng: {"mu": np.repeat(rng.normal(size=(4, 20)), 50, axis=1)}, "bulk ESS of mu"),
        (lambda rng: {"mu": rng.normal(size=SHAPE) + trend(SHAPE)}, "R-hat of mu"),
        (lambda rng: {"stats": {"diverging": rng.uniform(size=SHAPE) < 0.03}}, "of the draws diverged"),
        (lambda rng: {"stats": {"energy": np.cumsum(rng.normal(size=SHAPE), axis=1)}}, "E-BFMI"),
        (lambda rng: {"mu": np.where(rng.uniform(size=SHAPE) < 1e-3, np.nan, 1.0)}, "not numbers"),
    ],
)
@pytest.mark.parametrize("side", [0, 1])
def test_what_did_not_converge_is_inconclusive(rng, broken, words, side):
    fits = [fit(rng), fit(rng)]
    fits[side] = fit(rng, **broken(rng))
    result = compare_posteriors(*fits)
    assert result.verdict == "inconclusive"
    assert any(words in reason for reason in result.reasons)
    if words != "not numbers":
        assert any(reason.startswith(("stan", "pymc")[side]) for reason in result.reasons)


def test_low_tail_ess_is_inconclusive(rng):
    sticky = rng.normal(size=SHAPE)
    excursion = np.arange(1000) % 500 < 60
    sticky[:, excursion] = np.abs(sticky[:, excursion]) + 3
    found = compare_posteriors(fit(rng), fit(rng, mu=sticky))
    assert found.verdict == "inconclusive"
    assert any("tail ESS of mu" in reason for reason in found.reasons)


def test_differences_beside_doubts_are_not_judged(rng):
    result = compare_posteriors(fit(rng), fit(rng, mu=rng.normal(size=SHAPE) + 2 * np.arange(4)[:, None]))
    assert result.verdict == "inconclusive"
    assert result.reasons[-1].startswith("not judged: ")


def test_rhat_across_fits_is_a_doubt_not_an_alarm(rng):
    """Two fits at the edge of convergence have it above 1.01 by chance: it must neither agree nor alarm."""
    comparison = measure(fit(rng), fit(rng))
    edge = replace(comparison.quantities[0], rhat=1.011)
    result = judge({"m": replace(comparison, quantities=(edge, *comparison.quantities[1:]))})["m"]
    assert result.verdict == "inconclusive"
    assert result.reasons == ("R-hat of mu is 1.011 across both fits' chains, above 1.01",)


def test_constants_are_equal_or_not(rng):
    ones = np.ones(SHAPE)
    assert compare_posteriors(fit(rng, c=ones), fit(rng, c=ones * (1 + 1e-15))).verdict == "agree"
    assert compare_posteriors(fit(rng, c=ones * np.nan), fit(rng, c=ones * np.nan)).verdict == "agree"
    result = compare_posteriors(fit(rng, c=ones), fit(rng, c=ones * (1 + 1e-9)))
    assert (result.verdict, result.differing, result.max_z) == ("disagree", ("c",), np.inf)
    assert "value of c differs" in result.reasons[0]
    assert compare_posteriors(fit(rng, c=ones), fit(rng, c=rng.normal(size=SHAPE))).verdict == "disagree"


def test_rounding_is_no_difference(rng):
    """Sums that are zero but for rounding, in another order of summation; a small unknown is no rounding."""
    effects = rng.normal(size=(*SHAPE, 9))
    effects -= effects.mean(axis=-1, keepdims=True)
    result = compare_posteriors(
        fit(rng, s=effects.sum(axis=-1)), fit(rng, s=effects[..., ::-1].cumsum(axis=-1)[..., -1])
    )
    assert result.verdict == "agree"
    assert {item.name: item.compared for item in result.comparison.quantities}["s"] == "constant"
    small = [fit(rng, s=1e-14 * (rng.normal(size=SHAPE) + shift)) for shift in (0, 0.3)]
    assert compare_posteriors(*small).differing == ("s",)


def test_heavy_tails_are_compared_by_quantiles(rng):
    result = compare_posteriors(fit(rng, tau=rng.standard_cauchy(SHAPE)), fit(rng, tau=rng.standard_cauchy(SHAPE)))
    tau = next(item for item in result.comparison.quantities if item.name == "tau")
    assert tau.compared == "quantiles"
    assert not {"mean", "sd"} & tau.z.keys()
    assert result.verdict == "agree"
    wider = compare_posteriors(fit(rng, tau=rng.standard_cauchy(SHAPE)), fit(rng, tau=rng.standard_cauchy(SHAPE) * 1.3))
    assert wider.differing == ("tau",)


def test_known_lack_of_variance_is_respected(rng):
    found = measure(fit(rng), fit(rng), without_variance=["theta"])
    assert {item.name for item in found.quantities if item.compared == "quantiles"} == {f"theta[{k}]" for k in "ABC"}


def test_overflow_is_compared_by_quantiles(rng):
    with np.errstate(over="ignore"):
        fits = [fit(rng, x=np.exp(500 * rng.normal(size=SHAPE))) for _ in range(2)]
    result = compare_posteriors(*fits)
    assert result.verdict == "agree"
    assert result.comparison.quantities[-1].compared == "quantiles"
    json.dumps(result.as_dict(), allow_nan=False)


def test_names_and_shapes_that_do_not_match_are_listed(rng):
    first = fit(rng, extra=np.zeros(SHAPE), log_lik=np.zeros(SHAPE))
    second = fit(rng, theta=rng.normal(size=(*SHAPE, 3))[..., :2].repeat(2, axis=-1)[..., :3], y_rep_2=np.zeros(SHAPE))
    result = compare_posteriors(first, second)
    assert result.comparison.unmatched == ("extra is not in the fit of pymc",)
    other = from_dict({"posterior": {"mu": rng.normal(size=SHAPE), "theta": rng.normal(size=(*SHAPE, 2))}})
    assert compare_posteriors(fit(rng), other).comparison.unmatched == ("theta has shape (3,) in stan, (2,) in pymc",)
    nothing = compare_posteriors(fit(rng), other, names=["theta"])
    assert nothing.verdict == "inconclusive"
    assert "no quantity in common" in nothing.reasons[0]
    assert np.isnan(nothing.detectable_difference)


def test_fits_of_different_length(rng):
    assert compare_posteriors(fit(rng), fit(rng, shape=(2, 1500))).verdict == "agree"
