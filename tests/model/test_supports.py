"""Supports of unknowns, canonical arguments, links, pieces, centering."""

from __future__ import annotations

import pytest

from hiercomp.expr import Binder, Call
from hiercomp.model.explain import show
from hiercomp.model.ir import Model
from tests.model.reading import codes, definition, random, resolved


def support(model: Model, name: str) -> tuple[str | None, str | None]:
    found = model.symbol(name).support
    return tuple(show(bound) if bound is not None else None for bound in (found.lower, found.upper))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("a ~ Normal(0, 1)", (None, None)),
        ("a ~ Half-Cauchy(0, 10)", ("0", None)),
        ("a ~ Beta(2, 2)", ("0", "1")),
        ("a ~ Uniform(2, 5)", ("2", "5")),
        ("a ~ Normal(0, 1) truncated to [1, ]", ("1", None)),
        ("a ~ Normal(0, 1) where a > 0", ("0", None)),
        ("a ~ Gamma(2, 1) where a < 4", ("0", "4")),
        ("a ~ Flat() where a in [0, 1]", ("0", "1")),
        ("a ~ Pareto(3, 1) truncated to [1, ]", ("3", None)),
    ],
)
def test_supports_of_unknowns(statement: str, wanted: tuple[str | None, str | None]) -> None:
    assert support(resolved(f"{statement}\ny_i ~ Normal(a, 1)\n"), "a") == wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("exp(a)", ("0", None)), ("inv_logit(a)", ("0", "1")), ("a^2", ("0", None)), ("a", (None, None)),
     ("-exp(a)", (None, "0")), ("sqrt(exp(a) + 1)", ("1", None)), ("1 - inv_logit(a)", ("0", "1"))],
)  # fmt: skip
def test_supports_of_derived_quantities(value: str, wanted: tuple[str | None, str | None]) -> None:
    assert support(resolved(f"y_i ~ Normal(d, 1)\nd = {value}\na ~ Normal(0, 1)\n"), "d") == wanted


def test_a_bound_may_depend_on_other_unknowns_where_the_prior_is_flat() -> None:
    model = resolved("y_i ~ Normal(a + b, 1)\na ~ Uniform(0, 1)\nb ~ Flat() where b in [0, 1 - a]\n")
    assert support(model, "b") == ("0", "1 - a")
    assert codes("y_i ~ Normal(a + b, 1)\na ~ Uniform(0, 1)\nb ~ Normal(0, 1) where b in [0, 1 - a]\n") == ["H20"]


@pytest.mark.parametrize(
    ("dist", "wanted"),
    [
        ("Normal(mean = 0, var = 4)", {"mean": "0", "sd": "sqrt(4)"}),
        ("Gamma(mean = 2, sd = 1)", {"shape": "(2 / 1) ^ 2", "rate": "2 / (1 ^ 2)"}),
        ("Half-Cauchy(0, 10)", {"scale": "10"}),
        ("student_t(3, 0, 1)", {"df": "3", "location": "0", "scale": "1"}),
    ],
)
def test_arguments_become_canonical(dist: str, wanted: dict[str, str]) -> None:
    stmt = random(resolved(f"a ~ {dist}\ny_i ~ Normal(a, 1)\n"), "a")
    assert {name: show(value) for name, value in stmt.dist.args} == wanted


@pytest.mark.parametrize(
    ("link", "inverse"),
    [("log", "exp"), ("logit", "inv_logit"), ("probit", "Phi"), ("cloglog", "inv_cloglog"), ("sqrt", "square")],
)
def test_links_are_undone(link: str, inverse: str) -> None:
    value = definition(resolved(f"y_i ~ Normal(a, 1)\n{link}(a) = b\nb ~ Normal(0, 1)\n"), "a").value
    assert isinstance(value, Call)
    assert value.func == inverse


@pytest.mark.parametrize(
    ("first", "second", "fine"),
    [
        ("b > 1", "b <= 1", True), ("b > 1", "1 >= b", True), ("b > 1", "not b > 1", True), ("b > 1", "b < 1", False),
        ("b == 1", "b != 1", True), ("b > 1 and c > 1", "b <= 1 or c <= 1", True), ("b < 2", "b > 1", True),
        ("b > 1", "b <= c", False), ("b > 1", "otherwise", True),
    ],
)  # fmt: skip
def test_pieces_cover_every_case(first: str, second: str, fine: bool) -> None:
    last = second if second == "otherwise" else f"if {second}"
    text = f"y_i ~ Normal(a, 1)\na = 1 if {first}\n  = 2 {last}\nb ~ Normal(0, 1)\nc ~ Normal(b, 1)\n"
    assert codes(text) == (["W2"] if fine else ["H18"])


def test_three_pieces_along_a_line() -> None:
    text = "y_i ~ Normal(a, 1)\na = 1 if b < 0\n  = 2 if b >= 0 and b < 1\n  = 3 if b >= {}\nb ~ Normal(0, 1)\n"
    assert codes(text.format(1)) == ["W2"]
    assert codes(text.format(1.5)) == ["H18"]


def test_a_distribution_may_depend_on_data() -> None:
    text = "y_i ~ Normal(mu, 1) if c_i == 0\n    ~ Normal(mu, 5) otherwise\nmu ~ Normal(0, 1)\n"
    stmt = random(resolved(text, {"y": [1.0, 2.0], "c": [0, 1]}), "y")
    assert [(show(when), dist.written) for when, dist in stmt.cases] == [("c[i] == 0", "Normal(mean = mu, sd = 1)")]


def test_soft_constraints_and_terms() -> None:
    text = "y_i ~ Normal(phi_i, 1)\nphi_i ~ Normal(0, 1)\nsum(phi_j for j in 1..N) ~ Normal(0, 0.001 * N)\n"
    model = resolved(text + "log_density += -0.5 * phi_i^2 for i in 1..N\n", {"y": [1.0, 2.0]})
    assert [stmt.common.label for stmt in model.statements] == ["y", "phi", "soft_1", "log_density_1"]
    assert model.statements[-1].common.binders == (Binder("i", model.symbol("y").axes[0]),)


def test_centering_is_recorded() -> None:
    text = "y_i ~ Normal(t_i, 1)\nt_i ~ Normal(mu, 2) non-centered\nmu ~ Normal(0, 1)\n"
    assert random(resolved(text), "t").centering == "non-centered"
