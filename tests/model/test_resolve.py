"""What is inferred: roles, index sets, shapes, supports, order, and the one meaning of each statement."""

from __future__ import annotations

from pathlib import Path

import pytest

from hiercomp.data import load
from hiercomp.diagnostics import Diagnostics
from hiercomp.expr import Binder, Call, Choose, Const, Index, Op, Ref, number, walk
from hiercomp.model import resolve
from hiercomp.model.explain import show
from hiercomp.model.ir import Role
from hiercomp.syntax import parse, read_source
from tests.model.reading import attempt, codes, definition, random, resolved, roles

ROOT = Path(__file__).parent.parent.parent
EIGHT = ROOT / "specs" / "eight_schools.hier"

# --- the eight models ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bound", [False, True])
@pytest.mark.parametrize("name", ["noncentered", "skeptical", "adaptive", "adaptive_smooth", "pooled", "robust",
                                  "precision", "covariates"])  # fmt: skip
def test_eight_models(name: str, bound: bool) -> None:
    found = Diagnostics()
    spec = parse(read_source(EIGHT), found)
    tables = [load(ROOT / "specs" / "data" / "eight_schools.csv", found)] if bound else []
    model = resolve(spec, name, [table for table in tables if table], found)
    assert model is not None
    assert {item.code for item in found.items} <= {"N1", "W2"}
    assert model.symbol("y").role is Role.OBSERVED
    schools = model.index_set("schools")
    assert schools.size_name == "N_schools"
    assert schools.length == (8 if bound else None)
    assert schools.labels == (tuple("ABCDEFGH") if bound else None)
    data = model.data()
    assert data.get("y") == ((28, 8, -3, 7, -1, 1, 18, 12) if bound else None)
    for symbol in model.symbols:
        for expr in (symbol.support.lower, symbol.support.upper):
            assert expr is None or isinstance(expr, Const)
    for stmt in model.statements:
        assert "#" not in repr(stmt).replace("# ", "")  # no set is left without its name
        assert stmt.common.text
    assert sorted(model.order) == list(range(len(model.statements)))


def test_order_has_what_is_needed_first() -> None:
    model = resolved(EIGHT.read_text(), name="adaptive_smooth")
    place = {model.statements[at].common.label: number for number, at in enumerate(model.order)}
    assert place["mu"] < place["theta"] < place["y"]
    assert place["threshold"] < place["theta_weight"] < place["theta"]


def test_a_model_that_extends_reads_in_the_order_of_its_base() -> None:
    model = resolved(EIGHT.read_text(), name="robust")
    assert [stmt.common.label for stmt in model.statements] == ["y", "nu", "theta", "eta", "mu", "tau"]
    assert [stmt.common.section for stmt in model.statements][:3] == ["Data model", "Data model",
                                                                      "Hierarchical structure"]  # fmt: skip
    assert random(model, "nu").dist.written == "Gamma(shape = 2, rate = 0.1)"
    assert model.extends == "noncentered"


def test_smooth_weight() -> None:
    model = resolved(EIGHT.read_text(), name="adaptive_smooth")
    assert show(definition(model, "theta_weight").value) == "inv_logit((tau - threshold) * 2)"
    value = definition(model, "theta").value
    assert isinstance(value, Op)
    assert value.op == "+"
    assert show(value.args[0]) == "theta_weight * (mu + (tau * eta[i]))"


def test_hard_pieces() -> None:
    model = resolved(EIGHT.read_text(), name="adaptive")
    value = definition(model, "theta").value
    assert isinstance(value, Choose)
    assert len(value.cases) == 1
    assert show(value.cases[0][0]) == "tau > threshold"


def test_a_matrix_of_numbered_columns() -> None:
    text = "y_i ~ Normal(X_i * beta, 1)\nbeta_p ~ Normal(0, 5) for p in 1..P\n"
    model = resolved(text, {"y": [1.0, 2.0], "X_1": [1, 2], "X_2": [3, 4], "X_3": [5, 6]})
    assert model.symbol("X").value == ((1, 3, 5), (2, 4, 6))
    assert model.symbol("X").axes == ("i", "p")
    assert model.data()["P"] == 3
    assert isinstance(random(model, "y").dist.args[0][1], Call)


def test_without_data_a_dot_product_gives_the_matrix_its_second_axis() -> None:
    model = resolved("y_i ~ Normal(a + X_i * beta, 1)\nbeta_p ~ Normal(0, 5) for p in 1..P\na ~ Normal(0, 1)\n")
    assert model.symbol("X").axes == ("i", "p")
    assert model.index_set("p").size_name == "P"


# --- roles --------------------------------------------------------------------------------------------------------


def test_roles_without_data() -> None:
    model = resolved("y_i ~ Normal(theta_i, s_i)\ntheta_i = c * a_i\na_i ~ Normal(0, 1)\nc = 2\n")
    assert roles(model) == {"y": "observed", "theta": "derived", "s": "data", "c": "constant", "a": "parameter"}


def test_roles_with_data() -> None:
    text = "y_i ~ Normal(m_i, 1)\nm_i = b * z_i\nz_i = (x_i - mean(x)) / sd(x)\nb ~ Normal(0, 1)\nw ~ Normal(b, 1)\n"
    model, found = attempt(text, {"y": [1.0, 2.0, 3.0], "x": [1.0, 2.0, 4.0], "unused": [1]})
    assert model is not None
    assert roles(model) == {"y": "observed", "m": "derived", "b": "parameter", "z": "constant", "x": "data",
                            "w": "prediction"}  # fmt: skip
    assert [item.code for item in found.items] == ["W1"]


def test_data_that_is_a_size() -> None:
    text = "y_i ~ Normal(mu, 1 / N) for i in 1..N\nmu ~ Normal(0, 1)\n"
    assert resolved(text, {"y": [1.0, 2.0], "N": 2}).symbol("N").value == 2
    assert resolved(text, {"y": [1.0, 2.0]}).symbol("N").value == 2
    assert codes(text, {"y": [1.0, 2.0], "N": 3}) == ["H7"]


def test_a_constant_that_is_a_size() -> None:
    model = resolved("K = 3\ny_i ~ Normal(sum(a_k for k in 1..K), 1)\na_k ~ Normal(0, 1)\n")
    assert model.index_set("k").length == 3


def test_discrete_and_continuous_elements() -> None:
    text = "r_i ~ Binomial(n_i, p)\ny_i ~ Normal(p, 1)\np ~ Beta(1, 1)\n"
    model = resolved(text, {"r": [1, 2], "n": [3, 4], "y": [5, 6]})
    assert {symbol.name: symbol.elem for symbol in model.symbols} == {"r": "int", "n": "int", "p": "real", "y": "real"}


def test_pi_needs_no_definition_unless_it_has_one() -> None:
    value = definition(resolved("y_i ~ Normal(a, 1)\na = 2 * pi * b\nb ~ Normal(0, 1)\n"), "a").value
    assert any(isinstance(node, Const) and node.value == pytest.approx(3.14159265358979) for node in walk(value))
    assert roles(resolved("y_i ~ Bernoulli(pi)\npi ~ Beta(1, 1)\n"))["pi"] == "parameter"


# --- letters ------------------------------------------------------------------------------------------------------


def names_in(text: str) -> set[str]:
    return {symbol.name for symbol in resolved(text).symbols}


def test_which_tails_are_indices() -> None:
    assert names_in("y_i ~ Normal(theta_i, sigma_cell)\n") == {"y", "theta", "sigma_cell"}
    assert names_in("y_ij ~ Normal(a_i + b_j, s_max)\n") == {"y", "a", "b", "s_max"}
    assert names_in("y_i ~ Normal(sum(a), x_min)\na_p ~ Normal(0, 1) for p in 1..P\n") == {"y", "a", "x_min"}
    assert names_in("y_{i,d} ~ Normal(m_d, gamma_0)\n") == {"y", "m", "gamma_0"}


def test_a_number_is_an_element_when_the_name_has_an_index_elsewhere() -> None:
    model = resolved("y_t ~ Normal(mu_t, g_1)\nmu_1 ~ Flat()\nmu_t ~ Normal(mu_{t-1}, 1) for t in 2..T\n")
    assert {symbol.name for symbol in model.symbols} == {"y", "mu", "g_1"}
    first = random(model, "mu_1")
    assert isinstance(first.lhs, Ref)
    assert [show(sub) for sub in first.lhs.subs] == ["1"]
    assert random(model, "mu_2").common.binders == (Binder("t", "t", number(2), None),)


def test_nested_indices() -> None:
    text = "y_n ~ Normal(alpha[county[n]], 1)\nalpha_j ~ Normal(0, 1) for j in 1..J\n"
    model = resolved(text, {"y": [1.0, 2.0, 3.0], "county": [1, 3, 1], "J": 3})
    assert show(random(model, "y").dist.args[0][1]) == "alpha[county[n]]"
    assert model.symbol("alpha").axes == ("j",)
    assert model.symbol("county").elem == "int"
    assert resolved(text).symbol("county").elem == "int"
    assert codes(text, {"y": [1.0, 2.0, 3.0], "county": [1, 4, 0], "J": 3}) == ["H17"]


def test_a_text_column_picks_by_label() -> None:
    text = "y_n ~ Normal(alpha[county[n]], 1)\nalpha_g ~ Normal(0, 1) for g in counties\n"
    model = resolved(text, {"y": [1.0, 2.0, 3.0], "county": ["b", "a", "b"]})
    assert model.index_set("counties").labels == ("a", "b")
    assert model.symbol("county").value == (2, 1, 2)


def test_index_sets_are_shared_through_axes() -> None:
    text = "y_i ~ Normal(a_i, 1)\na_j ~ Normal(0, 1)\nz_k ~ Normal(b_k, 1)\nb_k ~ Normal(0, 1)\n"
    model = resolved(text)
    assert model.symbol("a").axes == model.symbol("y").axes == ("i",)
    assert [(item.name, item.size_name) for item in model.index_sets] == [("i", "N_i"), ("k", "N_k")]


def test_one_undeclared_set_is_counted_by_n_unless_n_is_taken() -> None:
    assert resolved("y_i ~ Normal(0, 1)\n").index_sets[0].size_name == "N"
    assert resolved("y_i ~ Normal(N, 1)\n").index_sets[0].size_name == "N_i"


# --- whole arrays -------------------------------------------------------------------------------------------------


def test_statements_about_whole_arrays_are_written_out() -> None:
    model = resolved("theta = mu + tau * eta\neta_i ~ Normal(0, 1)\nmu ~ Normal(0, 1)\ntau ~ Half-Normal(1)\n"
                     "y ~ Normal(theta, 1)\n")  # fmt: skip
    stmt = definition(model, "theta")
    assert stmt.subs == (Index("i"),)
    assert show(stmt.value) == "mu + (tau * eta[i])"
    assert random(model, "y").common.binders == (Binder("i", "i"),)


def test_a_matrix_times_a_vector_is_written_out_by_rows() -> None:
    model = resolved("y ~ Normal(X * b, 1)\nb_p ~ Normal(0, 1) for p in 1..2\n", {"y": [1.0, 2.0, 3.0],
                     "X": [[1, 2], [3, 4], [5, 6]]})  # fmt: skip
    assert show(random(model, "y").dist.args[0][1]).startswith("dot(X[")


def test_a_joint_distribution_of_what_nothing_depends_on_is_that_of_data() -> None:
    law = "(u_i, v_i) ~ MultiNormal((a, a), V)\na ~ Normal(0, 1)\n"
    model = resolved(law)
    assert model.symbol("u").role is model.symbol("v").role is Role.DATA
    assert model.symbol("u_v_joint").role is Role.CONSTANT
    leaning = resolved(law + "y_i ~ Normal(u_i, 1)\n")
    assert leaning.symbol("u_v_joint").role is Role.PARAMETER


def test_counts_that_a_number_is_added_to_are_data_also_without_any_bound() -> None:
    model = resolved("n_i - 1 ~ Poisson(r)\ny_i ~ Binomial(n_i, p)\nr ~ Gamma(2, 1)\np ~ Beta(1, 1)\n")
    assert model.symbol("n").role is Role.DATA
    other = resolved("n - 1 ~ Exponential(r)\ny_i ~ StudentT(n, 0, 1)\nr ~ Gamma(2, 1)\n")
    assert other.symbol("n").role is Role.DERIVED
