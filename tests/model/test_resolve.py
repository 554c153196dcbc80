"""What is inferred: roles, index sets, shapes, supports, order, and the one meaning of each statement."""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import hiercomp
from hiercomp.data import load
from hiercomp.data.objects import from_mapping
from hiercomp.diagnostics import Diagnostics
from hiercomp.expr import Binder, Call, Choose, Const, Index, Op, Ref, number, walk
from hiercomp.model import find_model, model_names, resolve
from hiercomp.model.draft import draft
from hiercomp.model.explain import explain, show
from hiercomp.model.fragments import fragments
from hiercomp.model.ir import DefineStmt, Model, RandomStmt, Role
from hiercomp.source import Source
from hiercomp.syntax import parse, read_source

ROOT = Path(__file__).parent.parent.parent
EIGHT = ROOT / "specs" / "eight_schools.hier"


def resolved(text: str, data: Mapping[str, Any] | None = None, name: str | None = None) -> Model:
    model, found = attempt(text, data, name)
    assert model is not None, "\n\n".join(item.render() for item in found.items)
    return model


def attempt(
    text: str, data: Mapping[str, Any] | None = None, name: str | None = None
) -> tuple[Model | None, Diagnostics]:
    found = Diagnostics()
    spec = parse(Source("t.hier", text), found)
    tables = [from_mapping(data, found)] if data is not None else []
    assert not found.errors, found.errors[0].render()
    return resolve(spec, name or model_names(spec)[-1], tables, found), found


def codes(text: str, data: Mapping[str, Any] | None = None) -> list[str]:
    return sorted(item.code for item in attempt(text, data)[1].items)


def definition(model: Model, name: str) -> DefineStmt:
    return next(stmt for stmt in model.statements if isinstance(stmt, DefineStmt) and stmt.name == name)


def random(model: Model, label: str) -> RandomStmt:
    return next(stmt for stmt in model.statements if isinstance(stmt, RandomStmt) and stmt.common.label == label)


def roles(model: Model) -> dict[str, str]:
    return {symbol.name: str(symbol.role) for symbol in model.symbols}


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


# --- supports and arguments ---------------------------------------------------------------------------------------


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


# --- documents ----------------------------------------------------------------------------------------------------

DOCUMENT = """## Model class 1: the standard

```
y_i ~ Normal(theta_i, sigma_i)    where sigma_i are KNOWN
theta_i = mu + tau * eta_i
eta_i ~ Normal(0, 1)
mu ~ Normal(0, 20)
tau ~ Half-Cauchy(0, 10)
```

**Option B: robust**
```
y_i ~ StudentT(nu, theta_i, sigma_i)
theta_i = mu + tau * eta_i
nu ~ Gamma(2, 0.1)  [degrees of freedom]
```

**Option C: precision**
```
theta_i = mu + beta * (1/sigma_i^2)
```
"""
SCHOOLS = {"y": [28, 8, -3], "sigma": [15, 10, 16]}


@pytest.mark.parametrize("data", [None, SCHOOLS])
def test_fragments_and_their_completion(data: dict[str, Any] | None) -> None:
    found = Diagnostics()
    spec = parse(Source("proposal.md", DOCUMENT), found)
    tables = [from_mapping(data, found)] if data else []
    robust, precision = fragments(spec, tables, found)
    assert {lack.name for lack in robust.lacks if lack.defined_by} == {"mu", "tau", "eta"}
    assert robust.complete == "proposal.md#option-b --extends model-class"
    assert [lack.name for lack in precision.lacks if not lack.defined_by] == ["beta"]
    assert [item.code for item in found.items] == ["N5", "N5"]
    assert resolve(spec, robust.name, tables, Diagnostics(), extends="model-class-1") is not None
    refused = Diagnostics()
    assert resolve(spec, robust.name, tables, refused) is None
    assert [item.code for item in refused.items] == ["H29"]
    faults = Diagnostics()
    assert resolve(spec, precision.name, tables, faults, extends="model-class-1") is None
    (error,) = faults.errors
    assert error.code == "H2"
    assert "`beta`" in error.message
    assert error.primary is not None
    assert error.primary.source.line(error.primary.line) == "theta_i = mu + beta * (1/sigma_i^2)"


def test_a_document_is_surveyed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a block is a fragment depends on all others, and every block asks."""
    drafts: list[object] = []
    module = import_module("hiercomp.model.fragments")  # the package has a function of that name

    def counted(*given: Any) -> Any:
        drafts.append(given)
        return draft(*given)

    monkeypatch.setattr(module, "draft", counted)
    program = hiercomp.load(
        "".join(f"## Block {n}\n```hier\ny_i ~ Normal({n}, 1)\n```\n" for n in range(30)), name="d.md"
    )
    assert len(program.resolve_all()) == 30
    assert len(drafts) <= 2 * 30  # each in the survey, and each when it is resolved


def test_find_model() -> None:
    found = Diagnostics()
    spec = parse(Source("t", "model ab_cd\n  y ~ Normal(0, 1)\nmodel ab_ce\n  y ~ Normal(0, 1)\n"), found)
    assert find_model(spec, "ab-cd", found) == "ab_cd"
    assert find_model(spec, "AB_CE", found) == "ab_ce"
    assert not found.items
    assert find_model(spec, "ab", found) is None
    assert find_model(spec, "x", found) is None
    assert [item.code for item in found.items] == ["H22", "H22"]


def test_explain_names_everything() -> None:
    rows = explain(resolved(EIGHT.read_text(), name="robust"))
    assert [row.name for row in rows] == ["y", "nu", "theta", "sigma", "mu", "tau", "eta", "schools"]
    assert all(row.role and row.why for row in rows)
    assert rows[1].reading == "Gamma(shape = 2, rate = 0.1)"


# --- cost ---------------------------------------------------------------------------------------------------------


def long_spec(count: int) -> str:
    lines = [f"a{k} ~ Normal(0, 1)\nb{k}_i = a{k} * x{k % 50}_i + exp(a{k})\nz{k}_i ~ Normal(b{k}_i, sigma_i)"
             for k in range(count // 3)]  # fmt: skip
    return "\n".join(lines) + "\n"


def test_time_is_linear_in_the_number_of_statements() -> None:
    def seconds(count: int) -> float:
        spec = parse(Source("t", long_spec(count)), Diagnostics())
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            assert resolve(spec, model_names(spec)[0], [], Diagnostics()) is not None
            best = min(best, time.process_time() - start)
        return best

    assert seconds(3000) < 4 * 2.5 * seconds(750)


def test_many_errors_cost_no_more_than_few() -> None:
    text = "".join(f"y{k}_i ~ Normal(mean_of_{k}, 1)\n" for k in range(3000))
    start = time.process_time()
    assert len(attempt(text, {"mean": [1.0]})[1].errors) == 101
    assert time.process_time() - start < 5


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
