"""Choices among the members of groups, and vectors from comprehensions, against loops over the groups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import special, stats

import hiercomp
from hiercomp import reference
from hiercomp.model.explain import explain
from tests.backends.pymc_parts import evaluated

GROUPS = [[1, 3], [2, 4, 1], [5], [4, 3, 2, 1], [3, 5]]
MENUS = [2, 2, 4, 1, 5, 4]
SPEC = """
y_m ~ Categorical(softmax(alpha_{cell[m]} * eta_{cell[m], r} for r in choices_m))
z_n ~ Categorical(logits = (b * x_r + a * t_n for r in choices_{menu[n]}))
k_n ~ Categorical(softmax(eta_{1,r} * t_n for r in 1..R))
alpha_j ~ Half-Normal(5)
eta_{j,r} ~ Normal(0, 1)
a, b ~ Normal(0, 1)
"""
DATA = {
    "choices": GROUPS, "cell": [1, 2, 1, 2, 2], "y": [2, 3, 1, 4, 1], "menu": MENUS, "z": [3, 1, 4, 2, 2, 1],
    "k": [1, 5, 2, 2, 3, 4], "x": [0.5, 1.5, -0.3, 0.2, 0.9], "t": [0.1, 2.0, -1.0, 0.4, 1.2, -0.7], "R": 5,
}  # fmt: skip
VECTORS = """
y ~ Normal(sum(v), 1)
y2 ~ Normal(sum(p) + sum(q) + sum(u), 1)
v = (b_k^2 for k in 1..3)
p = softmax(2 * b_k for k in 1..3)
q = cumsum(b_k for k in 1..3)
u = (c for k in 1..3)
c ~ Normal(0, 1)
b_k ~ Normal(0, 1) for k in 1..3
"""
RNG = np.random.default_rng(9)
POINT = {"alpha": np.array([0.7, 3.0]), "eta": RNG.normal(size=(2, 5)), "a": 0.3, "b": -1.2}
# Of the far alternative in every group the probability is below the smallest number.
FAR = {**POINT, "alpha": np.array([900.0, 2000.0])}
# The same of choices from one set for all.
FARTHER = {**POINT, "eta": 500 * POINT["eta"]}


def model(data=DATA):
    return hiercomp.load(SPEC, name="choices.hier", data=data).model()


def expected(point):
    eta, x, t = point["eta"], np.array(DATA["x"]), np.array(DATA["t"])
    members = [np.array(group) - 1 for group in GROUPS]
    cells = zip(DATA["cell"], members, strict=True)
    menus = zip(MENUS, t, strict=True)
    parts = {
        "y": [special.log_softmax(point["alpha"][c - 1] * eta[c - 1][at]) for c, at in cells],
        "z": [special.log_softmax(point["b"] * x[members[g - 1]] + point["a"] * s) for g, s in menus],
        "k": [special.log_softmax(eta[0] * s) for s in t],
    }
    found = {name: sum(row[at - 1] for row, at in zip(rows, DATA[name], strict=True)) for name, rows in parts.items()}
    priors = stats.norm.logpdf([point["a"], point["b"]]).sum() + stats.norm.logpdf(eta).sum()
    return found, priors + stats.halfnorm.logpdf(point["alpha"], scale=5).sum()


@pytest.mark.parametrize("point", [POINT, FAR, FARTHER])
def test_densities_are_those_of_loops(point):
    total, terms = reference.log_density(model(), point)
    want, priors = expected(point)
    for name, value in want.items():
        assert terms[name] == pytest.approx(value, rel=1e-13)
    assert total == pytest.approx(sum(want.values()) + priors, rel=1e-13)


def test_draws_are_places_in_their_groups():
    made = model()
    rng = np.random.default_rng(3)
    draws = [reference.simulate(made, rng, given=POINT).observed for _ in range(4000)]
    y = np.array([draw["y"] for draw in draws])
    for at, group in enumerate(GROUPS):
        c = DATA["cell"][at] - 1
        chances = special.softmax(POINT["alpha"][c] * POINT["eta"][c][np.array(group) - 1])
        counts = np.bincount(y[:, at], minlength=len(group) + 1)
        assert counts.size == len(group) + 1
        assert counts[0] == 0
        np.testing.assert_allclose(counts[1:] / len(draws), chances, atol=5 * np.sqrt(0.25 / len(draws)))


def test_a_vector_over_an_index_set_is_that_of_its_elements():
    loaded = hiercomp.load(VECTORS, name="vectors.hier", data={"y": 0.1, "y2": 0.3})
    b = np.array([0.2, -1.0, 0.5])
    found = reference.derive(loaded.model(), {"b": b, "c": 1.5})
    for name, want in {"v": b**2, "p": special.softmax(2 * b), "q": np.cumsum(b), "u": np.full(3, 1.5)}.items():
        np.testing.assert_allclose(found[name], want, rtol=1e-14, err_msg=name)
    assert "rep_vector(c, 3)" in loaded.stan()


def test_stan_takes_segments_and_hoists_what_members_share():
    text = hiercomp.load(SPEC, name="choices.hier", data=DATA).stan()
    assert "eta[cell[m], choices[choices_first[m]:choices_final[m]]]" in text
    assert "choices_first[menu[n]]:choices_final[menu[n]]" in text


def test_explain_says_what_is_counted():
    why = next(row.why for row in explain(model()) if row.name == "y")
    assert "the place of what is picked in its group, `choices[m]`, counted from 1" in why


def pymc_densities(text, point):
    return evaluated(text, model().data(), [point], gradients=True)


@pytest.mark.engine
def test_pymc_agrees_with_slopes_where_probabilities_underflow_and_wrong_segments_do_not():
    text = hiercomp.load(SPEC, name="choices.hier", data=DATA).pymc()
    want, priors = expected(POINT)
    found = pymc_densities(text, POINT)
    assert found.total[0] == pytest.approx(sum(want.values()) + priors, rel=1e-13)
    step = 1e-6

    def total(eta):
        parts, rest = expected({**FAR, "eta": eta})
        return sum(parts.values()) + rest

    far = pymc_densities(text, FAR)
    slopes = dict(zip(far.names, far.gradient[0], strict=True))
    for j, r in ((0, 2), (1, 0), (1, 3)):
        moved = np.zeros((2, 5))
        moved[j, r] = step
        numeric = (total(FAR["eta"] + moved) - total(FAR["eta"] - moved)) / (2 * step)
        assert slopes[f"eta[{j + 1},{r + 1}]"] == pytest.approx(numeric, rel=1e-5, abs=1e-5)
    farther = pymc_densities(text, FARTHER)
    want, priors = expected(FARTHER)
    assert farther.total[0] == pytest.approx(sum(want.values()) + priors, rel=1e-13)
    # The first row decides `k`: a probability that underflows has a slope all the same.
    slopes = dict(zip(farther.names, farther.gradient[0], strict=True))
    for r in range(5):
        moved = np.zeros((2, 5))
        moved[0, r] = 1e-3
        sides = [expected({**FARTHER, "eta": FARTHER["eta"] + sign * moved}) for sign in (1, -1)]
        up, down = (sum(parts.values()) + rest for parts, rest in sides)
        assert slopes[f"eta[1,{r + 1}]"] == pytest.approx((up - down) / 2e-3, rel=1e-7)
    # Members of the first group in the place of all others, picks from the end, and sums over all groups.
    for right, wrong in (
        ("- sizes - first)[group]\n", "- sizes)[group]\n"),
        ("logits[start + pt", "logits[start + sizes - 1 - pt"),
        ("pt.zeros(len(sizes))[group]", "pt.zeros(len(sizes))[group * 0]"),
    ):
        assert right in text
        assert pymc_densities(text.replace(right, wrong), POINT).total[0] != pytest.approx(found.total[0], rel=1e-9)


def test_a_place_is_no_number_of_a_member():
    with pytest.raises(hiercomp.SpecError, match="H17"):
        model({**DATA, "y": [3, 3, 1, 4, 1]})
    assert replace(model(), name="same").data()["y"] == (2, 3, 1, 4, 1)
