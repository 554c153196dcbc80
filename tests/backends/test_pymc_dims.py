"""Dims of square matrices: no array with coordinates can have one dim twice."""

from __future__ import annotations

import hiercomp

SPEC = "y_i ~ Normal(a[g[i], h[i]], 1)\na_{j,k} ~ Normal(0, 1) for j in 1..K, k in 1..K\n"


def test_the_second_axis_of_a_square_matrix_has_a_dim_of_its_own() -> None:
    text = hiercomp.load(SPEC, name="square.hier").pymc()
    assert 'dims=("j", "j_2")' in text
    assert '"j": range(1, K + 1), "j_2": range(1, K + 1)' in text


def test_other_arrays_have_the_dims_of_their_sets() -> None:
    text = hiercomp.load(SPEC.replace("k in 1..K", "k in 1..L"), name="wide.hier").pymc()
    assert 'dims=("j", "k")' in text
    assert "_2" not in text
