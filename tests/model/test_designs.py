"""Design matrices against what R gives for the same factors, and polynomials against NumPy's QR."""

from __future__ import annotations

import numpy as np
import pytest

import hiercomp
from hiercomp.model.designs import orthogonal

DATA = {
    "y": [1.5, 2.5, 0.5, 2.0, 1.0],
    "drug": ["placebo", "active", "placebo", "other", "active"],
    "sex": ["m", "f", "f", "m", "m"],
    "dose": [0.0, 1.0, 0.5, 2.0, 4.0],
    "site": [10, 2, 10, 2, 3],
}


def design(coding: str) -> tuple[list[str], np.ndarray]:
    text = f"design X = {coding}\ny_i ~ Normal(X_i * b, 1)\nb_{{p}} ~ Normal(0, 1)\n"
    model = hiercomp.load(text, name="design.hier", data=DATA).model()
    values = np.array(model.symbol("X").value)
    assert model.symbol("b").axes == model.symbol("X").axes[1:]
    return list(model.index_set(model.symbol("b").axes[0]).labels or ()), values


CASES = [
    # contr.treatment of R: levels active, other, placebo; the first is the reference.
    ("treatment(drug)", ["drug[other]", "drug[placebo]"], [[0, 1], [0, 0], [0, 1], [1, 0], [0, 0]]),
    (
        'treatment(drug, reference = "placebo")',
        ["drug[active]", "drug[other]"],
        [[0, 0], [1, 0], [0, 0], [0, 1], [1, 0]],
    ),
    # contr.sum of R: the last level is -1 everywhere.
    ("sum(drug)", ["drug[active]", "drug[other]"], [[-1, -1], [1, 0], [-1, -1], [0, 1], [1, 0]]),
    (
        "dummy(drug)",
        ["drug[active]", "drug[other]", "drug[placebo]"],
        [[0, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]],
    ),
    ("treatment(1, sex, dose)", ["1", "sex[m]", "dose"], [[1, 1, 0], [1, 0, 1], [1, 0, 0.5], [1, 1, 2], [1, 1, 4]]),
    # Whole numbers are sorted as numbers: 2, 3, 10.
    ("treatment(factor(site))", ["site[3]", "site[10]"], [[0, 1], [0, 0], [0, 1], [0, 0], [1, 0]]),
    ("treatment(site)", ["site"], [[10], [2], [10], [2], [3]]),
    (
        "treatment(drug:sex)",
        ["drug[other]:sex[m]", "drug[placebo]:sex[m]"],
        [[0, 1], [0, 0], [0, 0], [1, 0], [0, 0]],
    ),
    (
        "treatment(sex * dose)",
        ["sex[m]", "dose", "sex[m]:dose"],
        [[1, 0, 0], [0, 1, 0], [0, 0.5, 0], [1, 2, 2], [1, 4, 4]],
    ),
    (
        "treatment(powers(dose, 2))",
        ["powers(dose)[1]", "powers(dose)[2]"],
        [[0, 0], [1, 1], [0.5, 0.25], [2, 4], [4, 16]],
    ),
    ("sum(sex) + treatment(drug)", ["sex[f]", "drug[other]", "drug[placebo]"],
     [[-1, 0, 1], [1, 0, 0], [1, 0, 1], [-1, 1, 0], [-1, 0, 0]]),
]  # fmt: skip


@pytest.mark.parametrize(("coding", "labels", "values"), CASES)
def test_codings(coding, labels, values):
    found_labels, found = design(coding)
    assert found_labels == labels
    np.testing.assert_array_equal(found, values)


def test_orthogonal_polynomials_are_those_of_qr():
    """R's poly is the Q of the centred powers, with rising highest powers."""
    x = np.random.default_rng(2).normal(3, 2, size=40)
    q, r = np.linalg.qr(np.vander(x - x.mean(), 5, increasing=True))
    want = (q * np.sign(np.diag(r)))[:, 1:]
    np.testing.assert_allclose(np.array(orthogonal(x.tolist(), 4)).T, want, atol=1e-12)
    labels, values = design("treatment(poly(dose, 2))")
    assert labels == ["poly(dose)[1]", "poly(dose)[2]"]
    np.testing.assert_allclose(values.T @ values, np.eye(2), atol=1e-14)
    np.testing.assert_allclose(values.sum(axis=0), 0, atol=1e-14)


def test_a_design_is_in_the_data_file_and_explained():
    text = "design X = treatment(drug)\ny_i ~ Normal(X_i * b, 1)\nb_{p} ~ Normal(0, 1)\n"
    model = hiercomp.load(text, name="design.hier", data=DATA).model()
    assert model.data()["X"] == ((0, 1), (0, 0), (0, 1), (1, 0), (0, 0))
    assert model.symbol("X").why == "design X = treatment(drug)"
    assert "drug" not in model.data()


def test_without_data_a_design_is_a_matrix_of_known_data():
    text = "design X = treatment(drug)\ny_i ~ Normal(X_i * b, 1)\nb_{p} ~ Normal(0, 1)\n"
    assert "matrix[N_i, N_p] X;" in hiercomp.load(text, name="design.hier").stan()


def test_a_later_model_may_code_anew():
    text = (
        "model a\n  design X = treatment(drug)\n  y_i ~ Normal(X_i * b, 1)\n  b_{p} ~ Normal(0, 1)\n"
        "model c extends a\n  design X = sum(drug)\n"
    )
    program = hiercomp.load(text, name="design.hier", data=DATA)
    assert program.model("a").data()["X"] != program.model("c").data()["X"]


def test_centring_and_counting():
    text = "y_i ~ Normal(b * z_i, 1)\nz = (dose - mean(dose)) / sd(dose)\nb ~ Normal(0, 1 / n)\nn = count(y)\n"
    from hiercomp import reference

    found = reference.derive(hiercomp.load(text, name="design.hier", data=DATA).model(), {"b": 0.0})
    dose = np.array(DATA["dose"])
    np.testing.assert_allclose(found["z"], (dose - dose.mean()) / dose.std(ddof=1), rtol=1e-14)
    assert found["n"] == 5
