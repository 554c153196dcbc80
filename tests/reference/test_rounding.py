"""What rounding of covariances leaves open, against arithmetic of 60 digits."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest

from hiercomp import load
from hiercomp.reference import decomposes, log_density, rounded_densities
from hiercomp.reference.matrices import cholesky, rounded

X = [0.4 * k for k in range(16)]
SPEC = (
    "y ~ GP(0, exp_quad(x, alpha = a, length = l), noise = s)\n"
    "a ~ Half-Normal(1)\nl ~ Half-Normal(1)\ns ~ Half-Normal(1)"
)
Y = np.sin(X) + 0.1 * np.cos(np.arange(16) ** 2)


def exact(a: float, length: float, s: float, *, rounded_elements: bool) -> Decimal:
    """Return the log density without its constant: of the elements as they are, or rounded to doubles."""
    with localcontext(prec=60):
        x = [Decimal(value) for value in X]
        scale, step = Decimal(a) ** 2, Decimal(length)
        cov = [[scale * (-(((one - two) / step) ** 2) / 2).exp() for two in x] for one in x]
        if rounded_elements:
            cov = [[Decimal(float(value)) for value in row] for row in cov]
        for k in range(len(x)):
            cov[k][k] += Decimal(s) ** 2
        root: list[list[Decimal]] = []
        z: list[Decimal] = []
        total = Decimal(0)
        for i, row in enumerate(cov):
            made: list[Decimal] = []
            for j in range(i):
                made.append((row[j] - sum((made[k] * root[j][k] for k in range(j)), Decimal(0))) / root[j][j])
            made.append((row[i] - sum((value**2 for value in made), Decimal(0))).sqrt())
            root.append(made)
            z.append((Decimal(float(Y[i])) - sum((made[k] * z[k] for k in range(i)), Decimal(0))) / made[i])
            total -= made[i].ln() + z[i] ** 2 / 2
        return total


@pytest.mark.parametrize("s", [1.0, 1e-2, 1e-4, 1e-6])
def test_no_program_can_be_exacter_than_the_condition_of_the_matrix_lets_it(s):
    point = {"a": 1.3, "l": 2.0, "s": s}
    model = load(SPEC, data={"y": Y.tolist(), "x": X}, name="rounding.hier").model()
    term = log_density(model, point)[1]["y"]
    constant = -len(X) / 2 * np.log(2 * np.pi)
    true = float(exact(a=1.3, length=2.0, s=s, rounded_elements=False)) + constant
    apart = float(exact(a=1.3, length=2.0, s=s, rounded_elements=True)) + constant
    assert decomposes(model)
    open_ = float(np.abs(rounded_densities(model, [point])[1]["y"][:, 0] - term).max())
    # The rounding of the elements is to blame, not the decomposition: with exact arithmetic it moves the term as far.
    assert abs(term - true) < open_ + 1e-13 * abs(true)
    assert abs(apart - true) < open_ + 1e-13 * abs(true)
    condition = np.linalg.cond(1.3**2 * np.exp(-(np.subtract.outer(X, X) ** 2) / 8) + s**2 * np.eye(16))
    assert open_ < 1e-14 * condition * abs(true)
    if s <= 1e-4:
        assert abs(apart - true) > 1e-12 * abs(true)


def test_what_is_decomposed():
    joint = load("y ~ MultiNormal(m, S)\nm ~ Normal(0, 1)", data={"y": [1.0, 2.0], "S": [[2.0, 0], [0, 1]]}, name="a")
    assert decomposes(joint.model())
    assert not decomposes(load("y_i ~ Normal(m, 1)\nm ~ Normal(0, 1)", data={"y": [1.0]}, name="b").model())


def test_matrices_without_a_factor_have_none_and_others_keep_theirs():
    good, bad = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([[1.0, 2.0], [2.0, 1.0]])
    found = cholesky(np.stack([good, bad, [[1.0, 0.5], [0.0, 1.0]]]))
    assert found[0] == pytest.approx(np.linalg.cholesky(good))
    assert np.isnan(found[1:]).all()
    assert rounded(good, None) is good
    moved = rounded(np.stack([good, good]), 5)
    assert (moved == np.swapaxes(moved, -1, -2)).all()
    assert 0 < np.abs(moved / np.stack([good, good]) - 1).max() < 1e-15
