"""Ranges that end where another index stands: they go with it, and never over the whole set."""

from __future__ import annotations

import numpy as np
import pytest

import hiercomp
from hiercomp import reference
from hiercomp.diagnostics import SpecError

SUMS = """y_t ~ Normal(total_t, 1)
total_t = {reduction}
e_t ~ Normal(0, 1)
"""
E = [1.0, -2.0, 4.0, 0.5]


@pytest.mark.parametrize(
    ("reduction", "expected"),
    [
        ("sum(e_k for k in 1..t)", np.cumsum(E)),
        ("max(e_k for k in 1..t)", np.maximum.accumulate(E)),
        ("sum(e_k for k in 1..t-1)", [0.0, *np.cumsum(E)[:-1]]),
        ("sum(e_{t-k} for k in 1..t-1)", [0.0, *np.cumsum(E)[:-1]]),
        ("sum(e_k for k in 1..t, l in 1..k)", np.cumsum([1 * 1.0, 2 * -2.0, 3 * 4.0, 4 * 0.5])),
    ],
)
def test_up_to_another_index(reduction: str, expected: list[float]) -> None:
    program = hiercomp.load(SUMS.format(reduction=reduction), data={"y": [0.0] * len(E)})
    derived = reference.derive(program.model(), {"e": E})
    np.testing.assert_allclose(derived["total"], expected)
    for backend in (program.stan, program.pymc):
        assert "N_t" not in backend()
    exact, pymc = (hiercomp.density(program, [{"e": E}, {"e": E[::-1]}], backend=b) for b in ("reference", "pymc"))
    np.testing.assert_allclose(exact[0] - exact[1], pymc[0] - pymc[1], rtol=1e-12)


@pytest.mark.parametrize("reduction", ["sum(e_k for k in 1..t+1)", "sum(e_{t-k} for k in 1..t)"])
def test_beyond_the_set(reduction: str) -> None:
    with pytest.raises(SpecError) as caught:
        hiercomp.load(SUMS.format(reduction=reduction)).model()
    assert [item.code for item in caught.value.diagnostics] == ["H17"]


def test_a_column_that_ends_ranges_is_no_size() -> None:
    text = "y_t ~ Normal(sum(e_k for k in 1..{end}), 1)\ne_k ~ Normal(0, 1) for k in 1..4\n"
    data = {"y": [0.0, 0.0, 0.0], "last": [1, 4, 2]}
    programs = [
        hiercomp.load(text.format(end=end), data=data, name="ends") for end in ("last_t", "last[t]", "last_{t}")
    ]
    assert len({program.stan() for program in programs}) == 1
    derived = reference.log_density(programs[0].model(), {"e": E})[0]
    sums = np.cumsum(E)[[0, 3, 1]]
    assert derived == pytest.approx(-0.5 * (np.sum(sums**2) + np.sum(np.square(E))) - 3.5 * np.log(2 * np.pi))
    for last, code in (([1, 5, 2], "H17"), ([1, -1, 2], "H17")):
        with pytest.raises(SpecError) as caught:
            hiercomp.load(text.format(end="last_t"), data={**data, "last": last}).model()
        assert {item.code for item in caught.value.diagnostics} == {code}


def test_stan_loops_where_a_range_may_be_empty() -> None:
    text = SUMS.format(reduction="sum(e_k for k in 1..t-1) + prod(e_k for k in 1..t)")
    program = hiercomp.load(text).stan()
    assert "for (k in 1:(t - 1))" in program
    assert "e[1:(t - 1)]" not in program
    assert "e[1:t]" in program
