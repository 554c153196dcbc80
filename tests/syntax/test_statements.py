"""Statements and their clauses, models and declarations."""

from __future__ import annotations

from pathlib import Path

import pytest

from hiercomp.diagnostics import Diagnostics
from hiercomp.source import Source
from hiercomp.syntax import parse, read_source
from hiercomp.syntax.ast import (
    AddTerm,
    Apply,
    Arg,
    Binary,
    Clauses,
    Comprehension,
    Define,
    ExprPiece,
    Fact,
    ForBinder,
    Interval,
    Name,
    Number,
    Otherwise,
    Random,
    Range,
    Spec,
    Statement,
    VectorLiteral,
)


def spec(text: str, name: str = "t.hier") -> Spec:
    diagnostics = Diagnostics()
    found = parse(Source(name, text), diagnostics)
    assert diagnostics.items == [], "\n".join(item.render() for item in diagnostics.items)
    return found


def one(text: str) -> Statement:
    (statement,) = spec(text).models[0].statements
    return statement


def n(value: int) -> Number:
    return Number(value, str(value))


def facts(text: str) -> tuple[Fact, ...]:
    return one(f"y ~ Normal(0, 1) where {text}").clauses.facts


def compare(name: str, op: object, value: object) -> Fact:
    return Fact(Name(name), "compare", op, value)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sigma_i are KNOWN", (Fact(Name("sigma_i"), "known"),)),
        ("a, b are known", (Fact(Name("a"), "known"), Fact(Name("b"), "known"))),
        ("a is known, b is observed", (Fact(Name("a"), "known"), Fact(Name("b"), "observed"))),
        ("tau > 0", (compare("tau", ">", n(0)),)),
        ("0 < tau", (compare("tau", ">", n(0)),)),
        ("0 < b <= 1", (compare("b", ">", n(0)), compare("b", "<=", n(1)))),
        ("b > 0 and < 1", (compare("b", ">", n(0)), compare("b", "<", n(1)))),
        ("b is known and > 0", (Fact(Name("b"), "known"), compare("b", ">", n(0)))),
        ("b = 3", (compare("b", "==", n(3)),)),
        ("b in [0, 1 - a]", (Fact(Name("b"), "interval", interval=Interval(n(0), Binary("-", n(1), Name("a")))),)),
        ("b ∈ [0, ]", (Fact(Name("b"), "interval", interval=Interval(n(0), None)),)),
        ("b is in (0, 1)", (Fact(Name("b"), "interval", interval=Interval(n(0), n(1))),)),
        ("w is a simplex", (Fact(Name("w"), "is", word="simplex"),)),
        ("w is Non-Negative", (Fact(Name("w"), "is", word="non-negative"),)),
        ("R is a correlation matrix and tau > 0", (
            Fact(Name("R"), "is", word="correlation matrix"), compare("tau", ">", n(0)))),
    ],
)  # fmt: skip
def test_facts(text: str, found: tuple[Fact, ...]) -> None:
    assert facts(text) == found


def test_all_clauses_at_once_and_in_any_order() -> None:
    first = one("y_i ~ Normal(m, s) where s is known for i in 1..N truncated to [0, ] non-centered [note]")
    second = one("y_i ~ Normal(m, s) noncentered truncated to [0, ]\n for i in 1..N [note]\n where s is known")
    assert first == second
    clauses = first.clauses
    assert clauses.binders == (ForBinder("i", Range(n(1), Name("N"))),)
    assert clauses.truncated == Interval(n(0), None)
    assert clauses.centering == "non-centered"
    assert one("c ~ Normal(0, 5) ordered centered").clauses.modifiers == ("ordered",)


def test_piecewise_definition() -> None:
    statement = one("x_i = a if t > c\n    = b if t < 0 [note]\n    = d otherwise  smoothly(2)")
    assert isinstance(statement, Define)
    assert [piece.value for piece in statement.pieces] == [Name("a"), Name("b"), Name("d")]
    assert statement.pieces[2].condition == Otherwise()
    assert statement.smoothly == n(2)
    assert statement.clauses.note == "note"


def test_piecewise_distribution() -> None:
    statement = one("y_i ~ Normal(0, 1) if c_i = 0\n    ~ Cauchy(0, 1) otherwise")
    assert isinstance(statement, Random)
    assert statement.pieces[0].condition == Binary("==", Name("c_i"), n(0))


@pytest.mark.parametrize("link", ["log", "logit", "probit", "cloglog", "sqrt"])
def test_links(link: str) -> None:
    statement = one(f"{link}(p_i) = a + b")
    assert isinstance(statement, Define)
    assert (statement.link, statement.target) == (link, Name("p_i"))


def test_terms_of_the_log_density() -> None:
    assert one("log_density += -x^2 [soft]") == AddTerm(
        one("z = -x^2").pieces[0].value,
        one("mu = 0 [soft]").clauses,  # pyright: ignore
    )
    soft = one("sum(phi_i for i in 1..N) ~ Normal(0, 0.001 * N)")
    assert isinstance(soft, Random)
    assert soft.lhs == Comprehension("sum", Name("phi_i"), (ForBinder("i", Range(n(1), Name("N"))),))


def test_several_at_once() -> None:
    statement = one("(a_g, b_g) ~ MultiNormal((mu_a, mu_b), diag(s) * Omega * diag(s)) for g in groups")
    assert isinstance(statement, Random)
    assert statement.lhs == VectorLiteral((Name("a_g"), Name("b_g")))


def test_named_arguments() -> None:
    statement = one("y ~ Normal(mean = 0, var = v)")
    assert isinstance(statement, Random)
    assert statement.pieces[0].dist == Apply("Normal", (Arg(n(0), "mean"), Arg(Name("v"), "var")))


def test_nested_comprehension() -> None:
    statement = one("s = sum(x_{i,j} for i in 1..N, j in members_i)")
    assert isinstance(statement, Define)
    value = statement.pieces[0].value
    assert isinstance(value, Comprehension)
    assert value.binders == (ForBinder("i", Range(n(1), Name("N"))), ForBinder("j", Name("members_i")))


def test_the_parts_of_a_spec() -> None:
    found = spec(
        "# The data\n"
        'data "a b.csv" [columns y]\n'
        "data 'c.json'\n"
        "i, j in schools\n"
        "fit: 4 chains, 1000 warmup, 2000 draws, target_accept 0.95, max_treedepth = 12, seed 3 [slow]\n"
        "z = 1\n"
        "\n"
        "# Title\n"
        "model first  [a note]\n"
        "  t in 2..T\n"
        '  data "own.csv"\n'
        "  # A section\n"
        "  # of two lines\n"
        "  y ~ Normal(0, 1)\n"
        "model second extends first\n"
        "x = 3\n"
    )
    assert [(item.path, item.note, item.heading) for item in found.data] == [
        ("a b.csv", "columns y", "The data"), ("c.json", "", "")
    ]  # fmt: skip
    assert [item.binder for item in found.indices] == [
        ForBinder("i", Name("schools")), ForBinder("j", Name("schools"))
    ]  # fmt: skip
    assert found.fit is not None
    assert dict(found.fit.settings) == {
        "chains": 4, "warmup": 1000, "draws": 2000, "target_accept": 0.95, "max_treedepth": 12, "seed": 3
    }  # fmt: skip
    assert len(found.common) == 1
    first, second = found.models
    assert (first.name, first.note, first.heading, first.extends) == ("first", "a note", "Title", "")
    assert first.statements[0].section == "A section of two lines"
    assert [item.path for item in first.data] == ["own.csv"]
    assert first.indices[0].binder == ForBinder("t", Range(n(2), Name("T")))
    assert (second.extends, second.statements[0].section) == ("first", "")


def test_a_spec_without_headers_is_named_after_its_file() -> None:
    assert spec("y ~ Normal(0, 1)\n", "folder/My eight-schools.v2.hier").models[0].name == "my_eight_schools"
    assert spec("y ~ Normal(0, 1)\n", "<text>").models[0].name == "text"


def test_headings() -> None:
    found = spec("# A\na = 1\n## B ##\nb = 1\n# ----\nc = 1\n#\nd = 1\n")
    assert [statement.section for statement in found.models[0].statements] == ["A", "B ##", "B ##", ""]


def test_the_project_s_spec(specs: Path) -> None:
    diagnostics = Diagnostics()
    found = parse(read_source(specs / "eight_schools.hier"), diagnostics)
    assert diagnostics.items == []
    assert [(model.name, model.extends, len(model.statements)) for model in found.models] == [
        ("noncentered", "", 5), ("skeptical", "noncentered", 2), ("adaptive", "noncentered", 3),
        ("adaptive_smooth", "adaptive", 1), ("pooled", "", 2), ("robust", "noncentered", 2),
        ("precision", "noncentered", 2), ("covariates", "noncentered", 2),
    ]  # fmt: skip


def test_a_byte_order_mark_and_lone_returns(tmp_path: Path) -> None:
    (tmp_path / "bom.hier").write_bytes(b"\xef\xbb\xbfa = 1\rb = 2\r\nc = 3\n")
    source = read_source(tmp_path / "bom.hier")
    diagnostics = Diagnostics()
    assert len(parse(source, diagnostics).models[0].statements) == 3
    assert diagnostics.items == []
    assert source.text.startswith("a = 1")


def test_one_slip_does_not_swallow_what_follows() -> None:
    for slip in (
        "a ~ Normal(0, 1",
        "a = (1 +",
        "a ~ Normal(0,",
        "a = f(1 [note",
        "a ~ N(0) [note",
        "a =",
        "a ~",
        "a = b +",
    ):
        diagnostics = Diagnostics()
        found = parse(Source("t.hier", f"{slip}\nb ~ Normal(0, 1)\nc = 3\n"), diagnostics)
        names = [getattr(item, "lhs", None) or getattr(item, "target", None) for item in found.models[0].statements]
        assert names == [Name("b"), Name("c")], slip
        assert len(diagnostics.items) == 1, slip


def test_several_quantities_of_one_distribution() -> None:
    lines = spec("a_i, b ~ Normal(0, s) where b > 0, a_i < 9, s is known  [alike]\n").models[0].statements
    assert [statement.lhs for statement in lines if isinstance(statement, Random)] == [Name("a_i"), Name("b")]
    assert [statement.clauses.note for statement in lines] == ["alike", "alike"]
    known, below, above = Fact(Name("s"), "known"), compare("a_i", "<", n(9)), compare("b", ">", n(0))
    assert [statement.clauses.facts for statement in lines] == [(below, known), (above,)]
    assert one("a ~ Normal(0, s) where b > 0, a < 9, s is known") == Random(
        Name("a"),
        lines[0].pieces if isinstance(lines[0], Random) else (),
        lines[0].clauses.__class__(facts=(above, compare("a", "<", n(9)), known)),
    )


def test_equality_in_brackets_of_its_own_compares() -> None:
    indicator = Binary("==", Name("g_i"), n(2))
    assert one("x_i = b * (g_i = 2)") == one("x_i = b * [g_i = 2]") == one("x_i = b * (g_i == 2)")
    assert one("x_i = (g_i = 2)") == Define(Name("x_i"), (ExprPiece(indicator),), Clauses())
