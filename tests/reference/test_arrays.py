"""Functions of whole vectors against NumPy and SciPy, element by element, and the PyMC that is made of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import special

import hiercomp
from hiercomp import reference
from hiercomp.catalog import FUNCTIONS
from hiercomp.diagnostics import SpecError
from tests.backends.pymc_parts import evaluated

SPEC = """
y_n ~ Normal(eta_{cell[n], alt[n]} + q + total_n, 1)
psi_{j,r} = softmax(beta_j * w_r)
less_{j,r} = log_softmax(beta_j * w_r)
upsilon = cumsum(0, delta)
eta_{j,r} = psi_{j,r} · upsilon + less_{j,r} · upsilon
total = cumsum(x * a)
both_j = (c_j, a, delta)
q = sum(diagonal(diag(delta) * S)) + sum(both_j · (1, 2, 3, 4) for j in 1..2) + max(a, delta_1, 0.3)
beta_{j,k,d} ~ Normal(0, 1) for j in 1..2, k in 1..3, d in 1..2
delta_m ~ Gamma(2, 3) for m in 1..2
c_j ~ Normal(0, 1) for j in 1..2
a ~ Normal(0, 1)
S_{m,l} ~ Normal(0, 1) for m in 1..2, l in 1..2
"""
RNG = np.random.default_rng(8)
DATA = {
    "w": RNG.normal(size=(4, 2)).tolist(),
    "cell": [1, 2, 1],
    "alt": [4, 1, 3],
    "x": [0.3, 0.9, -2.0],
    "y": [0.2, 1.4, -0.6],
}
POINT = {
    "beta": RNG.normal(size=(2, 3, 2)),
    "delta": RNG.gamma(2, size=2),
    "c": RNG.normal(size=2),
    "a": 0.7,
    "S": RNG.normal(size=(2, 2)),
}


def loaded():
    return hiercomp.load(SPEC, name="arrays.hier", data=DATA).model()


def test_values_are_those_of_numpy_and_scipy():
    model = loaded()
    found = reference.derive(model, POINT)
    product = POINT["beta"] @ np.array(DATA["w"]).T  # (j, k, r)
    upsilon = np.array([0, POINT["delta"][0], POINT["delta"].sum()])
    psi = np.swapaxes(special.softmax(product, axis=1), 1, 2)
    np.testing.assert_allclose(found["upsilon"], upsilon, rtol=1e-15)
    np.testing.assert_allclose(found["psi"], psi, rtol=1e-14)
    np.testing.assert_allclose(found["less"], np.log(psi), rtol=1e-13)
    np.testing.assert_allclose(found["eta"], psi @ upsilon + np.log(psi) @ upsilon, rtol=1e-13)
    np.testing.assert_allclose(found["total"], 0.7 * np.array([0.3, 1.2, -0.8]), rtol=1e-14)
    both = np.array([[c, 0.7, *POINT["delta"]] for c in POINT["c"]])
    np.testing.assert_array_equal(found["both"], both)
    q = (POINT["delta"] * np.diag(POINT["S"])).sum() + (both @ [1, 2, 3, 4]).sum() + max(0.7, POINT["delta"][0])
    np.testing.assert_allclose(found["q"], q, rtol=1e-14)


def pymc_total(program):
    return evaluated(program.pymc(), DATA, [POINT]).total[0]


@pytest.mark.engine
def test_pymc_agrees_and_a_wrong_spelling_does_not(monkeypatch):
    total, _ = reference.log_density(loaded(), POINT)
    right = hiercomp.load(SPEC, name="arrays.hier", data=DATA)
    assert pymc_total(right) == pytest.approx(total, rel=1e-12)
    for name, wrong in (("cumsum", "pt.cumprod"), ("softmax", "pm.math.log_softmax")):
        with monkeypatch.context() as patch:
            patch.setitem(FUNCTIONS, name, replace(FUNCTIONS[name], pymc=wrong))
            assert abs(pymc_total(hiercomp.load(SPEC, name="arrays.hier", data=DATA)) - total) > 1e-3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("y_i ~ Normal(theta_i, 1)\ntheta_i = a + x\na ~ Normal(0, 1)", "H6"),  # an index left out on the right
        ("y_i ~ Normal(sum(softmax(a)), 1)\na ~ Normal(0, 1)", "H6"),
        ("y_i ~ Normal(sum(diagonal(x)), 1)\n", "H6"),
        ("y_k ~ Normal(v_k, 1)\nv = (v2, 1)\nv2 = (v, 1)", "H4"),
    ],
)
def test_ranks_are_checked(text, code):
    with pytest.raises(SpecError) as caught:
        hiercomp.load(text, name="arrays.hier", data={"y": [0.1, 0.2, 0.3], "x": [1.0, 2.0, 3.0]}).model()
    assert {item.code for item in caught.value.diagnostics if item.severity == "error"} == {code}
