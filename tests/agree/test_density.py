"""Densities compared: what must pass, what must not, against densities that SciPy gives."""

import json

import numpy as np
import pytest
from scipy import stats

from hiercomp.agree import compare_densities
from hiercomp.agree.rounding import Rounding, changes
from hiercomp.catalog.schema import Limit
from hiercomp.engines.base import Densities

POINTS = 24
Y = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])


def model(mu, tau, sigma=10.0, prior=None, link=np.log):
    """y ~ Normal(mu, sigma), mu ~ Normal(0, 20), tau ~ Exponential(rate 0.1); with its gradient in (mu, log tau)."""
    terms = {
        "y": stats.norm(mu[:, None], sigma).logpdf(Y).sum(axis=-1),
        "mu": stats.norm(0, 20).logpdf(mu),
        "tau": stats.expon(scale=10).logpdf(tau) if prior is None else prior(tau),
    }
    slope = ((Y - mu[:, None]) / sigma**2).sum(axis=-1) - mu / 400
    gradient = np.stack([slope, -0.1 * tau], axis=-1)
    return terms, gradient, np.stack([mu, link(tau)], axis=-1)


def densities(terms, gradient, at, names=("mu", "tau"), constant=0.0):
    return Densities(sum(terms.values()) + constant, terms, gradient, at, names)


@pytest.fixture
def points():
    rng = np.random.default_rng(7)
    return rng.normal(0, 20, POINTS), rng.exponential(10, POINTS)


def compare(stan, pymc, reference, **more):
    return compare_densities(stan, pymc, sum(reference.values()), reference, **more)


def test_equal_up_to_a_constant(points):
    parts = model(*points)
    result = compare(densities(*parts, constant=1234.5), densities(*parts), parts[0])
    assert result.verdict == "agree"
    assert result.max_error < 1e-14
    assert result.max_term_error == result.max_grad_error == 0
    assert (result.points, result.finite, result.reasons, result.remarks) == (POINTS, POINTS, (), ())
    keys = {"points", "max_error", "max_term_error", "max_grad_error", "verdict"}
    assert keys <= json.loads(json.dumps(result.as_dict(), allow_nan=False)).keys()


MUTANTS = {
    "sd for variance": ("mu", lambda mu, tau: stats.norm(0, np.sqrt(20)).logpdf(mu)),
    "rate for scale": ("tau", lambda mu, tau: stats.expon(scale=0.1).logpdf(tau)),
    "wrong scale": ("mu", lambda mu, tau: stats.norm(0, 20.001).logpdf(mu)),
    "dropped index": ("y", lambda mu, tau: len(Y) * stats.norm(mu, 10).logpdf(Y[0])),
    "dropped observation": ("y", lambda mu, tau: stats.norm(mu[:, None], 10).logpdf(Y[1:]).sum(axis=-1)),
    "dropped term": ("tau", lambda mu, tau: np.zeros(POINTS)),
    "truncation lost": ("tau", lambda mu, tau: stats.expon.logpdf(tau, scale=10) - np.log(tau + 1)),
}


@pytest.mark.parametrize("name", MUTANTS)
@pytest.mark.parametrize("backend", ["stan", "pymc"])
def test_wrong_programs_are_caught_and_named(points, name, backend):
    terms, gradient, at = model(*points)
    label, wrong = MUTANTS[name]
    mutant = densities(terms | {label: wrong(*points)}, gradient, at)
    sides = {"stan": densities(terms, gradient, at), "pymc": densities(terms, gradient, at)} | {backend: mutant}
    result = compare(sides["stan"], sides["pymc"], terms)
    assert result.verdict == "disagree"
    assert result.statements == (label,)
    assert result.worst_term[backend] == label
    assert result.reasons[0].startswith(f"{label}: {backend}")
    assert {(pair.first, pair.second) for pair in result.pairs if not pair.agree} >= {(backend, "reference")}


def test_small_prior_beside_a_large_likelihood(points):
    """A wrong prior is lost in the total's last digits, and found by its own term."""
    terms, gradient, at = model(*points, sigma=1e-6)
    terms["y"] = terms["y"] * 1e4
    wrong = terms | {"tau": terms["tau"] + 1e-6 * points[1]}
    result = compare(densities(wrong, gradient, at), densities(terms, gradient, at), terms)
    assert all(pair.agree for pair in result.pairs)
    assert result.verdict == "disagree"
    assert result.statements == ("tau",)


def test_one_huge_density_does_not_cover_for_the_others(points):
    """A user's own program has no terms; a wild prior draw must not set the scale for all points."""
    terms, gradient, at = model(*points)
    terms["y"][3] = -1e14
    wrong = Densities(sum(terms.values()) + 1e-3 * points[1], {}, gradient, at, ("mu", "tau"))
    result = compare(wrong, densities(terms, gradient, at), terms)
    assert result.max_error < 1e-12
    assert result.verdict == "disagree"
    assert "of the terms" in result.reasons[0]


def test_large_terms_do_not_spoil_the_offset(points):
    """Half of the points have terms of 1e9, known to 1e-7; the exact ones must still look exact."""
    terms, gradient, at = model(*points)
    terms["y"][: POINTS // 2] *= 1e7
    rounded = terms | {"y": terms["y"] * (1 + 2e-16 * np.random.default_rng(1).choice([-1, 1], POINTS)) + 3.0}
    result = compare(densities(rounded, gradient, at), densities(terms, gradient, at), terms)
    assert result.verdict == "agree"
    assert result.max_term_error < 1e-14


def test_zero_density_in_both_agrees_and_in_one_does_not(points):
    terms, gradient, at = model(*points)
    terms["tau"][5] = -np.inf
    same = compare(densities(terms, gradient, at), densities(terms, gradient, at), terms)
    assert (same.verdict, same.finite) == ("agree", POINTS - 1)
    wrong = terms | {"tau": np.where(np.arange(POINTS) == 5, -3.0, terms["tau"])}
    result = compare(densities(wrong, gradient, at), densities(terms, gradient, at), terms)
    assert result.verdict == "disagree"
    assert result.reasons[0] == "tau: the term is finite in only one of stan and the reference at point 6"
    assert result.max_error == np.inf
    assert json.loads(json.dumps(result.as_dict(), allow_nan=False))["max_error"] == "inf"


def test_nothing_finite_is_no_verdict(points):
    terms, gradient, at = model(*points)
    terms["tau"][:] = -np.inf
    result = compare(densities(terms, gradient, at), densities(terms, gradient, at), terms)
    assert result.verdict == "cannot say"
    assert result.reasons == (f"only 0 of {POINTS} points have finite log densities",)


def test_few_finite_points_are_reported(points):
    terms, gradient, at = model(*points)
    terms["tau"][:10] = np.nan
    result = compare(densities(terms, gradient, at), densities(terms, gradient, at), terms)
    assert result.verdict == "agree"
    assert result.remarks == (f"only 14 of {POINTS} points have finite log densities",)


def test_wrong_gradient_is_caught(points):
    terms, gradient, at = model(*points)
    wrong = gradient.copy()
    wrong[7, 1] *= 1 + 1e-6
    wrong[7, 1] += 1e-6
    result = compare(densities(terms, wrong, at), densities(terms, gradient, at), terms)
    assert result.verdict == "disagree"
    assert (result.gradient.name, result.gradient.point) == ("tau", 7)
    wrong[7, 1] = np.nan
    assert compare(densities(terms, wrong, at), densities(terms, gradient, at), terms).max_grad_error == np.inf


def test_gradients_are_matched_by_name(points):
    terms, gradient, at = model(*points)
    turned = Densities(sum(terms.values()), terms, gradient[:, ::-1], at[:, ::-1], ("tau", "mu"))
    assert compare(densities(terms, gradient, at), turned, terms).max_grad_error == 0


def test_coordinates_that_differ_are_not_compared_one_by_one(points):
    terms, gradient, at = model(*points)
    other = model(*points, link=np.sqrt)
    slope = np.stack([gradient[:, 0], -0.2 * np.sqrt(points[1])], axis=-1)
    stan, pymc = densities(terms, gradient, at), densities(terms, slope, other[2])
    result = compare(stan, pymc, terms)
    assert result.verdict == "cannot say"
    assert result.gradient.unmatched == ("tau",)
    along = -0.1 * points[1][:, None]
    assert compare(stan, pymc, terms, directional=(along, along)).verdict == "agree"
    assert compare(stan, pymc, terms, directional=(along, along * 1.0001 + 1)).verdict == "disagree"


def test_coordinates_lost_to_rounding_at_an_end_of_an_interval(points):
    terms, gradient, at = model(*points)
    moved = at.copy()
    moved[2, 1] *= 1 + 1e-5
    wrong = gradient.copy()
    wrong[2, 1] *= 1 + 1e-5
    result = compare(densities(terms, wrong, moved), densities(terms, gradient, at), terms)
    assert result.verdict == "agree"


def test_limits_of_the_catalogue_relax_their_own_term_only(points):
    terms, gradient, at = model(*points)
    rough = terms | {"tau": terms["tau"] * (1 + 1e-6 * np.sin(points[1]))}
    stan, pymc = densities(rough, gradient, at), densities(terms, gradient, at)
    limits = {"tau": (Limit("stan", "above 8 sd", 1e-5),)}
    assert compare(stan, pymc, terms).verdict == "disagree"
    result = compare(stan, pymc, terms, limits=limits)
    assert result.verdict == "agree"
    assert result.as_dict()["limits"] == [{"statement": "tau", "target": "stan", "domain": "above 8 sd", "error": 1e-5}]
    assert compare(pymc, stan, terms, limits=limits).verdict == "disagree"
    worse = densities(terms | {"mu": rough["tau"] - terms["tau"] + terms["mu"]}, gradient, at)
    assert compare(worse, pymc, terms, limits=limits).statements == ("mu",)


def test_infinite_limit_excuses_what_is_not_finite(points):
    terms, gradient, at = model(*points)
    lost = terms | {"tau": np.where(np.arange(POINTS) == 5, -np.inf, terms["tau"])}
    stan, pymc = densities(lost, gradient, at), densities(terms, gradient, at)
    assert compare(stan, pymc, terms).verdict == "disagree"
    assert compare(stan, pymc, terms, limits={"tau": (Limit("stan", "above 12 sd", np.inf),)}).verdict == "agree"


def test_one_backend_against_the_reference(points):
    parts = model(*points)
    result = compare(densities(*parts), None, parts[0])
    assert (result.verdict, result.max_grad_error, len(result.pairs)) == ("agree", None, 1)
    nothing = compare(None, None, parts[0])
    assert (nothing.verdict, nothing.max_error) == ("cannot say", None)


def test_programs_with_other_unknowns(points):
    parts = model(*points)
    assert compare(densities(*parts), densities(*parts), parts[0], same_points=False).verdict == "cannot say"


def test_missing_and_surplus_terms(points):
    terms, gradient, at = model(*points)
    fewer = {label: value for label, value in terms.items() if label != "tau"}
    lacking = Densities(sum(terms.values()), fewer, gradient, at, ("mu", "tau"))
    assert compare(lacking, densities(terms, gradient, at), terms).reasons == ("tau: stan has no such term",)
    surplus = Densities(sum(terms.values()), terms | {"extra": terms["mu"]}, gradient, at, ("mu", "tau"))
    assert compare(densities(terms, gradient, at), surplus, terms).verdict == "disagree"


def test_what_rounding_of_covariances_leaves_open_is_no_error(points):
    parts = model(*points)
    zero = np.zeros(POINTS)
    blur = zero.copy()
    blur[3] = 2e-6
    rounding = Rounding(blur, {"y": blur, "mu": zero, "tau": zero})
    terms, *rest = parts
    off = {**terms, "y": terms["y"] + np.where(np.arange(POINTS) == 3, 1e-6, 0.0)}
    assert compare(densities(off, *rest), None, terms).verdict == "disagree"
    result = compare(densities(off, *rest), None, terms, rounding=rounding)
    assert result.verdict == "agree"
    assert "y: a covariance is nearly singular at 1 of 24 points" in result.remarks[0]
    # Elsewhere, by more, or in another term it is one.
    for label, place, size in (("y", 4, 1e-6), ("y", 3, 1e-5), ("mu", 3, 1e-6)):
        wrong = {**terms, label: terms[label] + np.where(np.arange(POINTS) == place, size, 0.0)}
        found = compare(densities(wrong, *rest), None, terms, rounding=rounding)
        assert found.verdict == "disagree"
    # Derivatives may be off by that part of the largest one at the point.
    gradient = parts[1].copy()
    gradient[3] += 1e-7 * np.abs(gradient[3]).max()
    assert compare(densities(terms, gradient, parts[2]), densities(*parts), terms).verdict == "disagree"
    loose = Rounding(blur, {"y": 1e-6 * np.abs(terms["y"]), "mu": zero, "tau": zero})
    assert compare(densities(terms, gradient, parts[2]), densities(*parts), terms, rounding=loose).verdict == "agree"


def test_where_rounding_decides_whether_there_is_a_density_nothing_is_said():
    values, moved = np.array([1.0, np.nan, 2.0]), np.array([[1.0, np.nan, 2.0], [1.5, 3.0, np.nan]])
    assert changes(values, moved).tolist() == [0.5, np.inf, np.inf]


def test_derivatives_of_outcomes_that_are_nearly_certain(points):
    parts = model(*points)
    terms, gradient, at = parts
    certain = np.where(np.arange(POINTS) == 3, 1e-6, 0.0)
    limits = {"y": (Limit("stan", "derivatives of the wrong sign", certain=1e-9),)}
    wrong = gradient.copy()
    wrong[3] += 9e-7 * np.abs(wrong[3]).max()
    assert compare(densities(terms, wrong, at), densities(*parts), terms, limits=limits).verdict == "disagree"
    result = compare(densities(terms, wrong, at), densities(*parts), terms, limits=limits, certain=certain)
    assert (result.verdict, [label for label, _ in result.limits]) == ("agree", ["y"])
    # Elsewhere, by more, or of a density it is an error; and where nothing is nearly certain, nothing is said of it.
    for place, part in ((4, 9e-7), (3, 3e-6)):
        wrong = gradient.copy()
        wrong[place] += part * np.abs(wrong[place]).max()
        found = compare(densities(terms, wrong, at), densities(*parts), terms, limits=limits, certain=certain)
        assert found.verdict == "disagree"
    off = {**terms, "y": terms["y"] * (1 + 1e-6)}
    assert compare(densities(off, gradient, at), densities(*parts), terms, certain=certain).verdict == "disagree"
    assert compare(*[densities(*parts)] * 2, terms, limits=limits, certain=0 * certain).limits == ()
