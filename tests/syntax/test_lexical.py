"""The lexical rules: what a character means where it stands."""

from __future__ import annotations

import pytest

from hiercomp.diagnostics import Diagnostics
from hiercomp.source import Source
from hiercomp.syntax import parse
from hiercomp.syntax.ast import Apply, Binary, Define, Name, Number, Random, Statement, Unary, VectorLiteral
from hiercomp.syntax.symbols import identifier


def statements(text: str) -> tuple[Statement, ...]:
    diagnostics = Diagnostics()
    spec = parse(Source("t.hier", text), diagnostics)
    assert diagnostics.items == [], "\n".join(item.render() for item in diagnostics.items)
    return spec.models[0].statements


def one(text: str) -> Statement:
    (statement,) = statements(text)
    return statement


def value(text: str) -> object:
    statement = one(f"x = {text}")
    assert isinstance(statement, Define)
    return statement.pieces[0].value


def i(text: str) -> Name:
    return Name(text)


@pytest.mark.parametrize(
    ("unicode", "plain"),
    [
        ("θ₁", "theta_1"),
        ("τ", "tau"),
        ("σ_cell", "sigma_cell"),
        ("σ_θ", "sigma_theta"),
        ("x_{τ}", "x_{tau}"),
        ("Ω", "Omega"),
        ("ϕ", "phi"),
        ("θᵢⱼ", "theta_ij"),
        ("θᵢ", "theta_i"),
        ("mu_a₁", "mu_a_1"),
        ("𝜃 + ｘ", "theta + x"),
        ("a · b", "a ⋅ b"),
        ("a × b − c", "a * b - c"),
        ("a²", "a^2"),
        ("a³ + b¹⁰", "a**3 + b^10"),
        ("2⁻¹", "2^-1"),
        ("θ²", "theta^2"),
        ("√a", "sqrt(a)"),
        ("√(a + b)", "sqrt(a + b)"),
        ("xₜ₋₁", "x_{t-1}"),
        ("xᵢ₊₁", "x_{i+1}"),
        ("a ≤ b", "a <= b"),
        ("a ≥ b", "a >= b"),
        ("a ≠ b", "a != b"),
        ("a ∧ b", "a and b"),
        ("x_{i,j}", "x[i, j]"),
        ("alpha_{county[n]}", "alpha[county[n]]"),
        ("x[i][j]", "x[i, j]"),
        (".5 + 2.", "0.5 + 2.0"),
        ("007", "7"),
        ("1E+3", "1e3"),
        ("1 - [a / b]", "1 - (a / b)"),
        ("f([a, b])", "f((a, b))"),
        ("\u00a0a +\tb", "a + b"),
    ],
)
def test_two_spellings_mean_the_same(unicode: str, plain: str) -> None:
    assert value(unicode) == value(plain)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("-a^2", Unary("-", Binary("^", i("a"), Number(2, "2")))),
        ("2^-b^c", Binary("^", Number(2, "2"), Unary("-", Binary("^", i("b"), i("c"))))),
        ("a - b - c", Binary("-", Binary("-", i("a"), i("b")), i("c"))),
        ("a / b * c", Binary("*", Binary("/", i("a"), i("b")), i("c"))),
        ("-a * b", Binary("*", Unary("-", i("a")), i("b"))),
        ("a * -b", Binary("*", i("a"), Unary("-", i("b")))),
        ("a + b * c", Binary("+", i("a"), Binary("*", i("b"), i("c")))),
        ("a < b < c", Binary("and", Binary("<", i("a"), i("b")), Binary("<", i("b"), i("c")))),
        ("not a < b and c", Binary("and", Unary("not", Binary("<", i("a"), i("b"))), i("c"))),
        ("a or b and c", Binary("or", i("a"), Binary("and", i("b"), i("c")))),
        ("(a, b)", VectorLiteral((i("a"), i("b")))),
        ("95%", Number(0.95, "0.95", True)),
        ("0.5%", Number(0.005, "0.005", True)),
        ("a-b", Binary("-", i("a"), i("b"))),
    ],
)
def test_trees(text: str, tree: object) -> None:
    assert value(text) == tree


def test_a_bracketed_comparison_is_no_chain() -> None:
    assert value("(a < b) < c") == Binary("<", Binary("<", i("a"), i("b")), i("c"))


@pytest.mark.parametrize(
    "word", ["Half-Cauchy", "Student-t", "Inverse-Gamma", "Zero-Inflated-Poisson", "Half‑Normal", "half-normal"]
)
def test_distributions_with_hyphens(word: str) -> None:
    plain = word.replace("‑", "-")
    statement = one(f"y ~ {word}(0, 1)")
    assert isinstance(statement, Random)
    assert statement.pieces[0].dist.func == plain
    mixed = one(f"y ~ Mixture(w, {word}(0, 1), Normal(a-b, 1))")
    assert isinstance(mixed, Random)
    inner = mixed.pieces[0].dist.args[1].value
    assert isinstance(inner, Apply)
    assert inner.func == plain


def test_minus_before_a_call_is_a_minus() -> None:
    statement = one("y ~ Binomial(N-sum(x), p)")
    assert isinstance(statement, Random)
    assert isinstance(statement.pieces[0].dist.args[0].value, Binary)
    assert value("n-sum(x)") == value("n - sum(x)")
    in_mixture = one("y ~ Mixture(n-sum(x), Normal(0, 1))")
    assert isinstance(in_mixture, Random)
    assert isinstance(in_mixture.pieces[0].dist.args[0].value, Binary)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("mu ~ Normal(0, 1) [a note]", "a note"),
        ("mu ~ Normal(0, 1)[a note]", "a note"),
        ("mu ~ Normal(0, 1) [see [1] and [2]]", "see [1] and [2]"),
        ('mu ~ Normal(0, 1) [it\'s "quoted" (twice]', 'it\'s "quoted" (twice'),
        ("mu ~ Normal(0, 1) [values in [0, 1)]", "values in [0, 1)"),
        ("mu ~ Normal(0, 1)   # a comment", "a comment"),
        ("mu ~ Normal(0, 1) [runs on\n      and on]", "runs on and on"),
        ("mu ~ Normal(0, 1) [one]\n   where mu > 0 [two]", "one; two"),
        ("mu ~ Normal(0, 1)\n   [on its own line]", "on its own line"),
        ("mu ~ Normal(0,    # the mean\n      1)           # and the sd", "the mean; and the sd"),
        ("x = a [b c]", "b c"),
        ("x = 3 [tau]", "tau"),
        ("x = a [skeptical]", "skeptical"),
        ("mu ~ Normal(0, 1) []", ""),
        ("x = a[i] [the slope]", "the slope"),
        ('mu ~ Normal(0, 1) [*/ """ #include \\n {}]', '*/ """ #include \\n {}'),
    ],
)
def test_notes(text: str, note: str) -> None:
    assert one(text).clauses.note == note


@pytest.mark.parametrize(
    "text",
    [
        "theta\n  = mu + tau",
        "theta = mu\n  + tau",
        "theta = mu +\n  tau",
        "theta =\n  mu + tau",
        "theta = (mu\n\n + tau)",
        "theta = mu + tau\n  where tau > 0",
        "theta = mu + tau\n\n  for i in 1..N",
        "y ~ Normal(\n  mean = 0,\n  sd = 1\n)",
        "y\n  ~ Normal(0, 1)\n  truncated to [0, ]\n  non-centered",
        "y = sum(x_i\n  for i in 1..N)",
        "x = a if c > 0\n  = b otherwise\n    smoothly(2)",
    ],
)
def test_continuation_lines(text: str) -> None:
    one(text)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_breaks_and_tabs(newline: str) -> None:
    text = "mu\t~ Normal(0, 1)\t[note]\n\n# Heading\n\ttau = 3\n".replace("\n", newline)
    first, second = statements(text)
    assert first.clauses.note == "note"
    assert second.section == "Heading"


NAMES = [
    "data", "fit", "model", "design", "expect", "lambda", "real", "class", "to", "truncated", "ordered", "vary",
    "centered", "smoothly", "extends", "offset", "int", "def", "censored", "log_density", "a", "N", "T",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_words_that_are_good_names(name: str) -> None:
    first, second, third = statements(f"{name} ~ Normal(0, 1)\n{name}_i = {name} + 1\ny = {name}[i] - {name}\n")
    assert isinstance(first, Random)
    assert first.lhs == Name(name)
    assert isinstance(second, Define)
    assert second.target == Name(f"{name}_i")
    assert isinstance(third, Define)


def test_spans_are_true_to_the_text() -> None:
    text = "θᵢ ~ Normal(μ·τ², σ₁)\n"
    diagnostics = Diagnostics()
    source = Source("t.hier", text)
    statement = parse(source, diagnostics).models[0].statements[0]
    assert isinstance(statement, Random)
    spans = [arg.value.span.text for arg in statement.pieces[0].dist.args if arg.value.span]
    assert spans == ["μ·τ²", "σ₁"]
    assert statement.lhs.span is not None
    assert statement.lhs.span.text == "θᵢ"
    assert statement.span is not None
    assert statement.span.text == text.strip()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Model Class 2: Skeptical (Boundary-Aware)", "model_class_2_skeptical_boundary_aware"),
        ("2. Robust model", "robust_model"),
        ("42", "model_42"),
        ("Schätzung für τ", "schatzung_fur_tau"),
        ("日本", "model"),
        ("", "model"),
        ("A" * 200, "a" * 80),
    ],
)
def test_identifiers_from_headings(text: str, name: str) -> None:
    assert identifier(text, "model") == name


@pytest.mark.parametrize("text", ['data """', 'data "', 'log_density +" c[0.5]', "data '''x", '"" ""', 'a "" b'])
def test_quotes_out_of_place_are_reported(text: str) -> None:
    found = Diagnostics()
    parse(Source("t.hier", text + "\n"), found)
    assert found.errors


@pytest.mark.parametrize("char", ["_", "½", "٣", "\u0301", "?", "é", "\u200b", "@", "\U0001f600"])
def test_every_stray_character_gets_a_hint(char: str) -> None:
    found = Diagnostics()
    parse(Source("t.hier", f"x = {char} + 1\n"), found)
    for item in found.errors:
        assert item.expected
        assert item.found
        assert item.help
    assert found.errors


def test_a_statement_has_at_most_a_hundred_pieces() -> None:
    def codes(count: int) -> list[str]:
        pieces = "\n  = ".join(f"{number} if m > {number}" for number in range(count))
        found = Diagnostics()
        parse(Source("t.hier", f"t = {pieces}\n  = 1 otherwise\n"), found)
        return [item.code for item in found.items]

    assert codes(99) == []
    assert codes(100) == ["H41"]
