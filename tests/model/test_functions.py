"""Functions of the spec: a call means what the expression in its place would mean, and nothing of it leaks."""

from __future__ import annotations

import pytest

import hiercomp
from hiercomp.diagnostics import SpecError


def programs(text: str) -> tuple[str, str]:
    """Return both programs, without the lines that have the name of the spec and the comments."""
    program = hiercomp.load(text, name="example.hier")
    return program.stan(), program.pymc()


SAME = [
    # What is called, and the same written out.
    ("def f(x, a) = a * x^2", "y_i ~ Normal(f(z_i, b) + f(2, 3), 1)", "y_i ~ Normal(b * z_i^2 + 3 * 2^2, 1)"),
    ("def f(x) = x + 1", "y_i ~ Normal(f(f(b)), 1)", "y_i ~ Normal(b + 1 + 1, 1)"),
    ("def f(x) = 2 * g(x)\ndef g(x) = exp(x)", "y_i ~ Normal(f(b), 1)", "y_i ~ Normal(2 * exp(b), 1)"),
    ("def f(x, i) = x_i", "y_i ~ Normal(b * f(z, i) * f(z, 2), 1)", "y_i ~ Normal(b * z_i * z_2, 1)"),
    ("def f(x, y) = x - y", "y_i ~ Normal(f(y = b, x = z_i), 1)", "y_i ~ Normal(z_i - b, 1)"),
    ("def f(s) = Normal(b, s)", "y_i ~ f(2)", "y_i ~ Normal(b, 2)"),
    ("def half() = 0.5", "y_i ~ Normal(b, half())", "y_i ~ Normal(b, 0.5)"),
    ("def f(x) = x", "y_i ~ Normal(b, 1) truncated to [f(0), ]", "y_i ~ Normal(b, 1) truncated to [0, ]"),
    ("def n() = 3", "y_i ~ Normal(b * sum(z_k for k in 1..n()), 1)", "y_i ~ Normal(b * sum(z_k for k in 1..3), 1)"),
]
DATA = "b ~ Normal(0, 1)\nz_i ~ Normal(0, 1) where z is observed\n"


@pytest.mark.parametrize(("functions", "called", "written"), SAME)
def test_a_call_is_the_expression(functions: str, called: str, written: str) -> None:
    assert programs(f"{functions}\n{called}\n{DATA}") == programs(f"{written}\n{DATA}")


def test_letters_of_a_function_are_its_own() -> None:
    """The body's i is neither the statement's nor the argument's."""
    stan, _ = programs(
        "def total(v, a) = sum(v_i * a for i in 1..N)\n"
        "y_i ~ Normal(total(z, x_i) + sum(total(w, u_k) for k in 1..3), 1) for i in 1..N\n"
        "z_i ~ Normal(0, 1)\nw_i ~ Normal(0, 1)\nu_k ~ Normal(0, 1) for k in 1..3\n"
    )
    written, _ = programs(
        "y_i ~ Normal(sum(z_{i2} * x_i for i2 in 1..N) + sum(sum(w_{i2} * u_k for i2 in 1..N) for k in 1..3), 1) "
        "for i in 1..N\nz_i ~ Normal(0, 1)\nw_i ~ Normal(0, 1)\nu_k ~ Normal(0, 1) for k in 1..3\n"
    )
    assert stan == written


def test_a_letter_that_is_a_name_elsewhere_is_not_taken() -> None:
    text = "def total(v) = sum(v_i for i in 1..N)\ny_i ~ Normal(total(z) * i2, 1) for i in 1..N\ni2 ~ Normal(0, 1)\n"
    assert "i3" in hiercomp.load(text, name="example.hier").stan() or "sum(z)" in programs(text)[0]


def test_a_model_may_define_a_function_anew() -> None:
    text = (
        "def f(x) = x\nmodel a\n  y_i ~ Normal(f(mu), 1)\n  mu ~ Normal(0, 1)\n"
        "model b extends a\n  def f(x) = x^3\n  y_i ~ Normal(f(mu), 1)\n"
    )
    program = hiercomp.load(text, name="example.hier")
    assert "mu^3" not in program.stan("a")
    assert "mu^3" in program.stan("b")


def test_a_function_may_not_grow_without_end() -> None:
    """Thirty doublings are short to write and would be a billion terms."""
    lines = ["def f0(x) = x + x"] + [f"def f{k}(x) = f{k - 1}(f{k - 1}(x))" for k in range(1, 31)]
    with pytest.raises(SpecError) as caught:
        programs("\n".join(lines) + "\ny_i ~ Normal(f30(mu), 1)\nmu ~ Normal(0, 1)\n")
    assert {item.code for item in caught.value.diagnostics if item.severity == "error"} == {"H41"}


def test_def_is_a_name_where_no_function_begins() -> None:
    stan, _ = programs("y_i ~ Normal(def, 1)\ndef ~ Normal(0, 1)\n")
    assert "real def" in stan
