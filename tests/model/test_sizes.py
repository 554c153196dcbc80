"""Sizes, places and limits: whole numbers where whole numbers are meant, and how much is too much."""

from __future__ import annotations

import pytest

import hiercomp
from hiercomp.model.explain import show
from hiercomp.model.ir import Role
from tests.model.reading import attempt, codes, resolved


def test_lags_that_vary() -> None:
    text = "y_t ~ Normal(sum(b_k * y_{{t-k}} for k in 1..K), 1) for t in {}..T\nb_k ~ Normal(0, 1)\n"
    data = {"y": [1.0, 2.0, 3.0, 4.0], "K": 2}
    assert codes(text.format(3), data) == []
    assert codes(text.format(2), data) == ["H17"]
    assert resolved(text.format(3), data).symbol("y").axes == ("t",)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("y_i ~ Normal(0, 1) for i in 1..2.5", "H17", "a range begins and ends at whole numbers"),
        ("y_i ~ Normal(0, 1) for i in 1..1e5", "H17", "a range begins and ends at whole numbers"),
        ("i in 1..2.5\ny_i ~ Normal(0, 1)", "H17", "a range begins and ends at whole numbers"),
        ("y ~ Normal(sum(1/k for k in 1..2.5), 1)", "H17", "a range begins and ends at whole numbers"),
        ("y_i ~ Normal(0, 1) for i in 1..0", "H17", "this range is empty"),
        ("y_i ~ Normal(0, 1) for i in 1..3000000000", "H17", "this range is too long"),
        ("y_i ~ Normal(0, 1) for i in 1..0/0", "H27", "the size of an index set is a whole number"),
        ("y_i ~ Normal(0, 1) for i in 1..1e308*10", "H27", "the size of an index set is a whole number"),
        ("y_i ~ Normal(0, 1) for i in 1..-3", "H27", "the size of an index set is a whole number"),
        ("y_i ~ Normal(0, 1) for i in 1..J^2", "H27", "the size of an index set is not sure to be a whole number"),
        ("y_i ~ Normal(0, 1) for i in 1..J/2", "H27", "the size of an index set is not sure to be a whole number"),
        ("J = 2.5\ny_i ~ Normal(0, 1) for i in 1..J", "H27", "the size of an index set is a whole number"),
    ],
)
def test_a_range_holds_a_whole_number_of_members(text: str, code: str, words: str) -> None:
    _, diagnostics = attempt(f"{text}\n")
    (found,) = diagnostics.errors
    assert (found.code, found.message) == (code, words)


@pytest.mark.parametrize(("size", "code"), [(2.5, "H27"), (-1, "H27"), (1e20, "H27"), ([1, 2], "H6"), ("x", "H60")])
def test_a_size_in_the_data_is_a_whole_number(size: object, code: str) -> None:
    _, diagnostics = attempt("y_i ~ Normal(0, 1) for i in 1..J\n", {"J": size, "y": [1, 2, 3]})
    assert [item.code for item in diagnostics.errors] == [code]


def test_names_in_the_end_of_a_declared_range_are_data() -> None:
    text = "i in 1..2*J\ny_i ~ Normal(0, 1)\n"
    assert {item.name: item.role for item in resolved(text).symbols}["J"] is Role.DATA
    (found,) = resolved(text, {"J": 2, "y": [1, 2, 3, 4]}).index_sets
    assert (show(found.size) if found.size else "", found.length) == ("2 * J", 4)


def test_what_a_size_is_made_of_is_whole_too() -> None:
    text = "K = 2 * J + M\nx_k ~ Normal(0, 1) for k in 1..K\ny ~ Normal(sum(x), s)\ns = J / 2"
    model = resolved(text, {"J": 3, "M": 1, "y": 1.5})
    assert {item.name: item.elem for item in model.symbols if not item.axes} == {
        "J": "int", "M": "int", "K": "int", "s": "real", "y": "real"
    }  # fmt: skip
    assert "int K = 2 * J + M;" in hiercomp.load(text, data={"J": 3, "M": 1, "y": 1.5}).stan()


def test_a_prior_is_asked_for_with_the_index_of_its_use() -> None:
    text = "y_i ~ Normal(sum(X_ip * beta_p for p in 1..2), 1)"
    (found,) = attempt(text, {"y": [1, 2], "X": [[1, 2], [2, 3]]})[1].errors
    assert found.code == "H2"
    assert "`beta_p ~ Normal(0, 1)`" in found.help


def test_a_size_worked_out_is_written_as_a_number() -> None:
    (found,) = resolved("i in 1..2^3\ny_i ~ Normal(0, 1)\n").index_sets
    assert (show(found.size) if found.size else "", found.length) == ("8", 8)


@pytest.mark.parametrize("place", ["-1", "-3 + 2", "4", "2 * 2", "-2147483649"])
def test_no_place_is_counted_from_the_end(place: str) -> None:
    """Python takes -1 for the last element."""
    assert codes(f"y_i ~ Normal(m_{{{place}}}, 1)\nm_j ~ Normal(0, 1) for j in 1..3\n") == ["H17"]
    assert codes("y_i ~ Normal(m_{4 - 2}, 1)\nm_j ~ Normal(0, 1) for j in 1..3\n") == []


def test_a_model_full_of_errors_stops_after_a_hundred() -> None:
    found = codes("".join(f"y{n}_i ~ Nromal(b{n}, 1)\n" for n in range(1000)))
    assert found.count("H8") == 100
    assert found.count("H41") == 1
    undefined = "".join(f"y_{{i,{n}}} ~ Normal(B{n}, 1)\n" for n in range(1, 1000))
    assert len(codes(undefined, {"x": [1, 2]})) == 101


def test_models_stand_on_each_other_a_hundred_deep_at_most() -> None:
    text = "model m1\n  y_i ~ Normal(m, 1)\n  m ~ Normal(0, 1)\n"
    text += "".join(f"model m{n} extends m{n - 1}\n  m ~ Normal({n}, 1)\n" for n in range(2, 102))
    assert resolved(text, name="m100").extends == "m99"
    assert [item.code for item in attempt(text, name="m101")[1].items] == ["H41"]
