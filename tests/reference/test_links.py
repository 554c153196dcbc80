"""Log densities through a link, against decimal arithmetic of fifty digits."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import pytest

from hiercomp import load
from hiercomp.reference import derive, log_density

X, K, TRIALS = [0.0, 1.5, -2.0], [9, 4, 0], 9


def _binomial(a: float) -> float:
    with localcontext() as context:
        context.prec = 50
        total = Decimal(0)
        for x, k in zip(X, K, strict=True):
            p = 1 / (1 + (-(Decimal(a) + Decimal(x))).exp())
            total += Decimal(math.comb(TRIALS, k)).ln() + k * p.ln() + (TRIALS - k) * (1 - p).ln()
        return float(total)


def _poisson(a: float) -> float:
    with localcontext() as context:
        context.prec = 50
        terms = ((Decimal(a) + Decimal(x), k) for x, k in zip(X, K, strict=True))
        return float(sum((k * s - s.exp() - Decimal(math.factorial(k)).ln() for s, k in terms), Decimal(0)))


CASES = {
    "k_i ~ Binomial(9, inv_logit(a + x_i))": _binomial,
    "k_i ~ Binomial(9, p_i)\nlogit(p_i) = a + x_i": _binomial,
    "k_i ~ Poisson(exp(a + x_i))": _poisson,
    "k_i ~ Poisson(r_i)\nlog(r_i) = a + x_i": _poisson,
}


@pytest.mark.parametrize("lines", CASES)
@pytest.mark.parametrize("a", [-30.0, -1.0, 0.5, 20.0, 45.0])
def test_links_keep_the_digits(lines: str, a: float) -> None:
    model = load(f"{lines}\na ~ Normal(0, 1)\n", data={"k": K, "x": X}, name="t.hier").model()
    assert log_density(model, {"a": a})[1]["k"] == pytest.approx(CASES[lines](a), rel=1e-13)


def test_what_is_kept_for_the_density_is_no_quantity() -> None:
    text = "k_i ~ Binomial(9, p_i)\nlogit(p_i) = a + x_i\na ~ Normal(0, 1)\n"
    assert list(derive(load(text, data={"k": K, "x": X}, name="t.hier").model(), {"a": 0.0})) == ["p"]
