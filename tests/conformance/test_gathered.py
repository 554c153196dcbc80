"""Products of looked-up elements: PyMC multiplies the arrays first where one has a definition of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hiercomp import load
from hiercomp.backends.pymc import emit
from hiercomp.plan import make_plan
from hiercomp.workflow.points import points_of
from hiercomp.workflow.subject import subject
from tests.conformance.test_forms import compared

pytestmark = pytest.mark.engine

SPEC = """
x_n ~ Normal(a[g[n]] * b[g[n], h[n]], 1)
y_n ~ Normal(d[h[n]] * b[g[n], h[n]] * a[g[n]] + b[1, h[n]] * d[h[n]], 1)
swapped_n ~ Normal(b[h[n], g[n]] * a[g[n]], 1)
twice_n ~ Normal(a[g[n]] * b[g[n], g[n]], 1)
given_n ~ Normal(a[g[n]] * e[g[n], h[n]], 1)
cross_{j,n} ~ Normal(a[g[n]] * b[g[n], j], 1)
others_n ~ Normal(d[g[n]] * b[h[n], h[n]], 1)
holed_n ~ Normal(a[g[n]] * f[g[n], h[n]], 1)
f_{j,k} = e_{j,k} + log(w_{j,k}) for j in 1..3, k in 1..3
b_{j,k} = exp(e_{j,k}) for j in 1..3, k in 1..3
e_{j,k} ~ Normal(0, 1)
a_j ~ Normal(0, 1) for j in 1..3
d_k ~ Normal(0, 1) for k in 1..3
"""
SERIES = [0.3, -1.2, 0.8, 1.9, -0.4]
DATA: dict[str, Any] = {
    "g": [1, 3, 2, 2, 3],
    "h": [2, 1, 3, 2, 3],
    "cross": [SERIES, SERIES[::-1], SERIES],
    "w": [[0.0, 1.0, 0.0], [0.0, 2.0, 1.0], [3.0, 0.0, 2.0]],
    **dict.fromkeys(("x", "y", "swapped", "twice", "given", "others", "holed"), SERIES),
}
WRONG = {
    "x": ("a[g[n]] * b[g[n], h[n]], 1", "a[h[n]] * b[g[n], h[n]], 1"),
    "y": ("d[h[n]] * b[g[n], h[n]] * a[g[n]]", "d[g[n]] * b[g[n], h[n]] * a[g[n]]"),
    "swapped": ("b[h[n], g[n]] * a[g[n]]", "b[h[n], g[n]] * a[h[n]]"),
}


def _model(text: str = SPEC) -> Any:
    return load(text, data=DATA, name="gathered.hier").model()


@pytest.mark.parametrize("wrong", [(), tuple(WRONG)])
def test_densities(wrong: tuple[str, ...], pymc: Any) -> None:
    text = SPEC
    for name in wrong:
        assert text.count(WRONG[name][0]) == 1
        text = text.replace(*WRONG[name])
    result = compared(_model(), _model(text), pymc, "pymc")
    assert result.verdict == ("disagree" if wrong else "agree"), result.reasons
    assert len(result.statements) == len(wrong)


def test_what_is_multiplied_first() -> None:
    text = emit(make_plan(_model())).text
    for product in (
        "(a[:, None] * b)[g_idx, h_idx]",
        "(d * b)[g_idx, h_idx] * a[g_idx]",
        "(b * a)[h_idx, g_idx]",
        "a[g_idx] * b[g_idx, g_idx]",
        "a[g_idx] * e[g_idx, h_idx]",
        "d[g_idx] * b[h_idx, h_idx]",
        "a[g_idx] * f[g_idx, h_idx]",
    ):
        assert product in text


def test_elements_that_nobody_looks_up_leave_slopes_alone(pymc: Any) -> None:
    made = subject(_model())
    found = pymc.densities(made.inputs["pymc"], points_of(made.sampled, seed=5)[:3])
    assert np.isfinite(found.gradient).all()
