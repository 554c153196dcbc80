"""Sums and the like over groups of different sizes, against sums written out; both forms of data mean the same."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

import hiercomp
from hiercomp import reference
from tests.backends.pymc_parts import evaluated

GROUPS = [[1, 3], [2, 4, 1], [5, 2], [1, 2, 3, 4], [3]]
SPEC = """
y_m ~ Normal(total_m + most_m - least_m + middle_m + lse_m + times_m + 0.1 * size_m, 1)
total_m = sum(b_r * x_r for r in choices_m)
most_m = max(b_r for r in choices_m)
least_m = min(b_r for r in choices_m)
middle_m = mean(b_r^2 for r in choices_m)
lse_m = log_sum_exp(eta_{cell[m], r} for r in choices_m)
times_m = prod(b_r for r in choices_m)
size_m = count(b_r for r in choices_m)
eta_{j,r} ~ Normal(0, 1)
b_r ~ Normal(0, 1)
"""
DATA = {"choices": GROUPS, "y": [0.2, 0.5, 1.1, -0.4, 0.8], "x": [0.5, 1.5, -0.3, 0.2, 0.9], "cell": [1, 2, 1, 2, 2]}
RNG = np.random.default_rng(4)
POINT = {"eta": RNG.normal(size=(2, 5)), "b": RNG.normal(size=5)}


def program(data):
    return hiercomp.load(SPEC, name="groups.hier", data=data)


def expected():
    b, x, eta = POINT["b"], np.array(DATA["x"]), POINT["eta"]
    members = [np.array(group) - 1 for group in GROUPS]
    return {
        "total": [(b[at] * x[at]).sum() for at in members],
        "most": [b[at].max() for at in members],
        "least": [b[at].min() for at in members],
        "middle": [(b[at] ** 2).mean() for at in members],
        "lse": [special.logsumexp(eta[c - 1][at]) for c, at in zip(DATA["cell"], members, strict=True)],
        "times": [b[at].prod() for at in members],
        "size": [len(at) for at in members],
    }


def test_values_are_those_of_loops():
    found = reference.derive(program(DATA).model(), POINT)
    for name, want in expected().items():
        np.testing.assert_allclose(found[name], want, rtol=1e-14, err_msg=name)


def test_rows_in_any_order_are_groups_like_lists(tmp_path):
    rows = [(m, r) for m, group in enumerate(GROUPS, 1) for r in group]
    rows = [rows[at] for at in (4, 0, 6, 2, 9, 1, 3, 8, 5, 7, 10, 11)]
    (tmp_path / "long.csv").write_text("m,choices\n" + "".join(f"{m},{r}\n" for m, r in rows))
    (tmp_path / "groups.hier").write_text(f'data "long.csv"\ndata "rest.json"\n{SPEC}')
    rest = {name: value for name, value in DATA.items() if name != "choices"}
    (tmp_path / "rest.json").write_text(str(rest).replace("'", '"'))
    long = reference.derive(hiercomp.load(tmp_path / "groups.hier").model(), POINT)
    for name, want in expected().items():
        np.testing.assert_allclose(long[name], want, rtol=1e-14, err_msg=name)


def test_lists_of_one_length_are_groups_too():
    even = {**DATA, "choices": [[1, 3], [2, 4], [5, 2], [1, 2], [3, 3]]}
    found = reference.derive(program(even).model(), POINT)
    want = [POINT["b"][[r - 1 for r in group]].max() for group in even["choices"]]
    np.testing.assert_array_equal(found["most"], want)


def pymc_total(text):
    return evaluated(text, program(DATA).model().data(), [POINT]).total[0]


@pytest.mark.engine
def test_pymc_agrees_and_a_wrong_filling_does_not():
    parts = expected()
    mean = sum(np.array(parts[name]) for name in ("total", "most", "middle", "lse", "times")) - parts["least"]
    mean = mean + 0.1 * np.array(parts["size"])
    want = stats.norm.logpdf(DATA["y"], mean).sum() + sum(stats.norm.logpdf(POINT[name]).sum() for name in POINT)
    text = program(DATA).pymc()
    assert pymc_total(text) == pytest.approx(want, rel=1e-13)
    # Members of other groups counted in, and a group that ends one early.
    for right, wrong in (
        ("places, 0), inside", "places, 0), places >= 0"),
        ("places <= last", "places < last"),
        ("- sizes - first)[group]", "- sizes)[group]"),
    ):
        assert right in text
        assert pymc_total(text.replace(right, wrong)) != pytest.approx(want, rel=1e-9)


def test_stan_costs_what_the_groups_hold():
    """No array of the program has the rectangle's size: positions and segments only."""
    text = program(DATA).stan()
    assert "choices[choices_first[m]:choices_final[m]]" in text
    assert program(DATA).model().data()["choices"] == (1, 3, 2, 4, 1, 5, 2, 1, 2, 3, 4, 3)
