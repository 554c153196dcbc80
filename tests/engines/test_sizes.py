"""Unknowns of a program that have other lengths than their values: Stan 2.27 says nothing of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hiercomp.engines.base import EngineError, ProgramInput
from hiercomp.engines.sizes import check_sizes

TEXT = """data { int K; }
parameters {
  real mu;  // simplex[K] theta;
  vector<lower=0>[K] theta;
  array[2] simplex[K] p;
  cholesky_factor_corr[K] L;
  corr_matrix[K] Omega;
  cov_matrix[K] Sigma;
  positive_ordered[K] c;
  matrix[2, K] lambda_;
}
"""
LENGTHS = {"mu": 1, "theta": 3, "p": 4, "L": 3, "Omega": 3, "Sigma": 6, "c": 3, "lambda_": 6}
SHAPES: dict[str, tuple[int, ...]] = {
    "mu": (), "theta": (3,), "p": (2, 3), "L": (3, 3), "Omega": (3, 3), "Sigma": (3, 3), "c": (3,), "lambda_": (2, 3),
}  # fmt: skip


def program() -> ProgramInput:
    return ProgramInput(name="own", text=TEXT, data={"K": 3}, dims={}, coords={}, renames={"lambda": "lambda_"})


def names(lengths: dict[str, int]) -> list[str]:
    return [f"{name}.{at + 1}" for name, length in lengths.items() for at in range(length)]


def point() -> dict[str, Any]:
    return {name: np.zeros(shape) for name, shape in SHAPES.items()}


def test_right_sizes() -> None:
    check_sizes(program(), names(LENGTHS), point())


@pytest.mark.parametrize("name", LENGTHS)
@pytest.mark.parametrize("by", [-1, 1])
def test_wrong_sizes(name: str, by: int) -> None:
    with pytest.raises(EngineError) as caught:
        check_sizes(program(), names({**LENGTHS, name: LENGTHS[name] + by}), point())
    assert caught.value.stage == "size"
    shown = name.rstrip("_")
    assert f"{shown} takes {LENGTHS[name]} number" in caught.value.output
    assert f"has {LENGTHS[name] + by} in the program" in caught.value.output
    assert caught.value.line == 3 + list(LENGTHS).index(name)
