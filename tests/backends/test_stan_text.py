"""Names that Stan reserves, and notes that try to be code."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiercomp.backends.stan import emit, emit_terms
from hiercomp.backends.stan.layout import comment, plain
from hiercomp.backends.stan.naming import assign
from hiercomp.backends.stan.reserved import WORDS, is_reserved
from hiercomp.expr import Ref
from hiercomp.model.ir import Model
from hiercomp.plan import make_plan
from tests.backends.stancs import complaints, stancs
from tests.plan.models import model, noncentered

# --- names ---------------------------------------------------------------------------------------------------------


def _named(name: str) -> Model:
    """Return a small model in which one unknown has the name given, whatever it is."""
    spec = model(
        "m",
        [
            "y[i] ~ Normal(theta, q)",
            "w = exp(theta) + sum(y[i] for i in n)",
            "theta ~ Normal(w0, 1)",
            "q ~ Half-Normal(1)",
            "v[i] = theta + y[i] * q",
            "u[i] = theta * v[i] - 1",
            "log_density += w + sum(u[i] for i in n)",
        ],
        data={"y": ["n"], "w0": []},
        sets={"n": "N"},
        letters={"i": "n"},
    )
    return _renamed(spec, "theta", name)


def _renamed(spec: Model, old: str, new: str) -> Model:
    def change(expr):
        from hiercomp.expr import rebuild

        expr = rebuild(expr, change)
        return replace(expr, name=new) if isinstance(expr, Ref) and expr.name == old else expr

    def dist(item):
        return replace(item, args=tuple((word, change(value)) for word, value in item.args))

    statements = []
    for stmt in spec.statements:
        if hasattr(stmt, "lhs"):
            common = replace(stmt.common, label=new) if stmt.common.label == old else stmt.common
            statements.append(replace(stmt, lhs=change(stmt.lhs), dist=dist(stmt.dist), common=common))
        else:
            statements.append(replace(stmt, value=change(stmt.value)))
    symbols = tuple(replace(item, name=new) if item.name == old else item for item in spec.symbols)
    return replace(spec, statements=tuple(statements), symbols=symbols)


HARD = [
    "lambda",
    "real",
    "class",
    "offset",
    "for",
    "target",
    "array",
    "int",
    "var",
    "data",
    "model",
    "lower",
    "N_",
    "i",
    "sum",
    "exp",
    "normal",
    "normal_lpdf",
    "normal_rng",
    "std_normal",
    "to_vector",
    "add",
    "multiply",
    "square",
    "log_prob",
    "stan",
    "std",
    "hiercomp_term",
    "m_model",
    "lp__",
    "x__",
    "_x",
    "x_",
    "NULL",
    "M_PI",
    "EOF",
    "EXIT_FAILURE",
    "beta",
    "gamma",
    "mean",
    "jacobian",
    "tuple",
    "rep_vector",
    "dot_product",
    "each",
    "total",
    "größe",
    "naïve",
    "1x",
    "",
    "a b",
    "a;b",
    "}",
    "//",
    "/*",
    "#include",
    "x\n",
    "\u202ey",
    "{{ 7 }}",
    "%s",
    "π",
    "__",
    "auto",
    "pow",
]


@pytest.mark.parametrize("name", HARD, ids=ascii)
def test_any_name_compiles(name, tmp_path):
    plan = make_plan(_named(name))
    program = emit(plan)
    new = program.renames.get(name, name)
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", new)
    assert not new.endswith("__")
    assert f"real {new};" in program.text
    for stanc in stancs():
        assert complaints(stanc, program.text, tmp_path) == ""
        assert complaints(stanc, emit_terms(plan), tmp_path) == ""


@pytest.mark.parametrize("name", ["beta", "gamma", "mean", "sd", "theta", "phi", "i1", "N2", "size", "x_", "e"])
def test_names_that_can_stay_do(name):
    assert name not in emit(make_plan(_named(name))).renames


def test_loop_variables_give_way_to_names():
    text = emit(make_plan(_named("i"))).text
    assert "for (i_ in 1:N)" in text
    assert "real i;" in text


@given(st.lists(st.one_of(st.sampled_from(HARD), st.text(max_size=6)), unique=True, max_size=30))
def test_assigned_names(names):
    chosen = assign(names, frozenset({"hidden"}))
    assert list(chosen) == names
    assert len(set(chosen.values())) == len(names)
    for name, new in chosen.items():
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", new)
        assert not is_reserved(new)
        assert new != "hidden"
        assert name == new or is_reserved(name) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or name == "hidden"


def test_every_reserved_word_is_one_to_stanc_or_to_c(tmp_path):
    """The other way round: no name outside the list is refused, tried on the functions of Stan."""
    names = [name for name in ("exp", "normal", "gamma_q", "bernoulli_logit_glm", "Phi") if name not in WORDS]
    text = "parameters {\n" + "".join(f"  real {name};\n" for name in names) + "}\n"
    for stanc in stancs():
        assert complaints(stanc, text, tmp_path) == ""


# --- notes ---------------------------------------------------------------------------------------------------------

NASTY = [
    "*/ } model { target += 1e9; } /*",
    "// \n } model { target += 1e9; }",
    "a\rtarget += 1e9;",
    "a\u2028target += 1e9;",
    "a\u2029b\u0085c\x0bd\x0ce\x00f\x1bg",
    '"""quotes""" \'and\' \\ backslash \\n {braces} {{ 7 * 7 }} {% raw %} %s',
    "#include </etc/passwd>",
    "\u202etxet desrever\u202c",
    "lone surrogate \ud800",
    "ordinary π ≤ 3 – fine",
    "trailing backslash \\",
    "x" * 300,
    "word " * 80,
]


def _noted(text: str) -> Model:
    spec = noncentered()
    statements = tuple(replace(stmt, common=replace(stmt.common, note=text, section=text)) for stmt in spec.statements)
    return replace(spec, statements=statements, note=text, title=text, source_name=text)


def _code(text: str) -> list[str]:
    """Return the code of a program without comments, blanks and line breaks inside statements."""
    stripped = [line.partition("//")[0].strip() for line in text.split("\n")]
    return [line for line in stripped if line]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_notes_change_nothing_but_comments(text, tmp_path):
    clean, plan = make_plan(_noted("")), make_plan(_noted(text))
    assert _code(emit(plan).text) == _code(emit(clean).text)
    assert _code(emit_terms(plan)) == _code(emit_terms(clean))
    emit(plan).text.encode("utf-8")
    for stanc in stancs():
        assert complaints(stanc, emit(plan).text, tmp_path) == ""


@given(st.text())
def test_comments_are_whole_lines(text):
    for line in comment(text):
        assert line.startswith("// ")
        assert line.isprintable() or " " in line
        assert len(line.splitlines()) == 1
    assert plain(text).isprintable()
    assert len(plain(text).splitlines()) <= 1


def test_an_unmade_note_would_be_noticed():
    assert _code("  mu ~ normal(0, 1);  // note\ntarget += 1;") != _code("  mu ~ normal(0, 1);")
