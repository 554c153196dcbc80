"""Names that Stan reserves, notes that try to be code, brackets that are neither too few nor too many."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiercomp import load
from hiercomp.backends.stan import emit, emit_terms
from hiercomp.backends.stan.containers import container
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.layout import comment, plain
from hiercomp.backends.stan.naming import assign
from hiercomp.backends.stan.reserved import WORDS, is_reserved
from hiercomp.backends.stan.scope import Frame, Held, Scope
from hiercomp.expr import Const, Expr, Op, Ref, number
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


# --- brackets ------------------------------------------------------------------------------------------------------

NAMES = ("a", "b", "c")
VALUES = {"a": 1.75, "b": -0.6, "c": 2.3}
_SCOPE = Scope({name: Held(name, container((), "real"), "real") for name in NAMES}, {}, {}, frozenset(NAMES))

_leaves = st.one_of(
    st.sampled_from([Ref(name) for name in NAMES]), st.sampled_from([number(2), number(3), number(0.5), number(7)])
)


def _grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    binary = st.builds(lambda op, a, b: Op(op, (a, b)), st.sampled_from(["+", "-", "*", "/", "^"]), inner, inner)
    return st.one_of(binary, st.builds(lambda a: Op("neg", (a,)), inner))


EXPRESSIONS = st.recursive(_leaves, _grown, max_leaves=8)
_TOKEN = re.compile(r"\s*(\d+\.\d+|\d+|[a-z]|[-+*/^()])")
_BINDS = {"+": (5, 6), "-": (5, 6), "*": (7, 8), "/": (7, 8), "^": (12, 11)}
_PREFIX = 9


class _Reader:
    """Stan's precedences, read from its reference manual: ^ (right) over prefix signs over * / over + -."""

    def __init__(self, text: str) -> None:
        self.tokens = _TOKEN.findall(text)
        assert "".join(self.tokens) == re.sub(r"\s", "", text)
        self.place = 0

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def next(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1]

    def tree(self, strength: int = 0):
        token = self.next()
        if token == "(":
            left = self.tree()
            assert self.next() == ")"
        elif token == "-":
            left = ("neg", self.tree(_PREFIX))
        else:
            left = token
        while (sign := self.peek()) in _BINDS and _BINDS[sign][0] >= strength:
            self.next()
            left = (sign, left, self.tree(_BINDS[sign][1]))
        return left


def _read(text: str):
    reader = _Reader(text)
    tree = reader.tree()
    assert not reader.peek()
    return tree


def _tree(expr: Expr):
    match expr:
        case Const(text=text):
            return text
        case Ref(name=name):
            return name
        case Op(op="neg", args=(Op(op="neg", args=(inner,)),)):
            return _tree(inner)
        case Op(op=op, args=args):
            return (op, *map(_tree, args))
        case _:
            raise AssertionError(expr)


def _reals(tree):
    """Return a tree with whole numbers that were written as reals (to keep a quotient one of reals) as they were."""
    if isinstance(tree, tuple):
        return tuple(map(_reals, tree))
    return tree.removesuffix(".0")


def _without_promotion(tree):
    """Return a tree without the factor 1.0 that makes a quotient of integers one of reals."""
    if not isinstance(tree, tuple):
        return tree
    parts = tuple(map(_without_promotion, tree))
    return parts[2] if parts[0] == "*" and parts[1] == "1.0" else parts


@settings(max_examples=600)
@given(EXPRESSIONS)
def test_brackets_keep_the_value(expr):
    text = compiled(expr, Frame(), _SCOPE).code.text
    assert _reals(_without_promotion(_read(text))) == _tree(expr), text


@settings(max_examples=400)
@given(EXPRESSIONS)
def test_no_sign_is_taken_back(expr):
    """stanc 2.27 turns -(-x) into the decrement --x of C++, which changes x or does not compile."""

    def signs(tree):
        assert not (isinstance(tree, tuple) and tree[0] == "neg" and isinstance(tree[1], tuple) and tree[1][0] == "neg")
        for part in tree[1:] if isinstance(tree, tuple) else ():
            signs(part)

    signs(_read(compiled(expr, Frame(), _SCOPE).code.text))


@settings(max_examples=400)
@given(EXPRESSIONS)
def test_no_bracket_is_needless(expr):
    text = compiled(expr, Frame(), _SCOPE).code.text
    tree = _read(text)
    for start in [place for place, char in enumerate(text) if char == "("]:
        depth = 0
        for end in range(start, len(text)):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            if depth == 0:
                break
        bare = text[:start] + text[start + 1 : end] + text[end + 1 :]
        # A negative exponent reads better in brackets, and two signs in a row are not for people.
        if text[start + 1] == "-" and start and text[start - 1] in "^-":
            continue
        assert _read(bare) != tree, text


def test_the_reader_knows_the_precedences():
    assert _read("-a^b * c - a - b") == ("-", ("-", ("*", ("neg", ("^", "a", "b")), "c"), "a"), "b")
    assert _read("a^b^c") == ("^", "a", ("^", "b", "c"))
    assert _read("(a - b) * c") != _read("a - b * c")


@pytest.mark.parametrize("name", ["Normal", "LogNormal"])
def test_what_the_mass_between_bounds_calls_becomes_part_of_the_program(name: str) -> None:
    text = f"w_t ~ {name}(mu, 1) truncated to [0.5, c_t]\nmu ~ Normal(0, 1)\n"
    spec = load(text, name="interval.hier")
    lines = emit(make_plan(spec.model())).text
    assert lines.index("real log_Phi(real x)") < lines.index("_log_mass(real from")


def test_comparisons_of_data_are_vectors_filled_once() -> None:
    lines = "y_i ~ StudentT(4, a + b * (arm_i == 2) + c * (x_i > 0.5 and arm_i != 1), 1)\na, b, c ~ Normal(0, 1)\n"
    program = load(lines).stan()
    assert "arm_is_2[i] = arm[i] == 2;" in program
    assert "y ~ student_t(4, a + b * arm_is_2 + c * x_holds, 1);" in program.replace("arm_holds", "x_holds")
    # Of unknowns there is none, nor of a part of an index set.
    assert "_above_" not in load(lines.replace("arm_i == 2", "e_i > 0") + "e_i ~ Normal(0, 1)\n").stan()
    part = load("y_t ~ Normal(a * (x_t == 1), 1) for t in 2..T\na ~ Normal(0, 1)\n").stan()
    assert "x_is_1" not in part


def test_comparisons_that_want_one_name_get_two(tmp_path: Path) -> None:
    lines = "y_i ~ Normal(a * (x_i > 0.5) + b * (x_i > 0.7) + c * (not (x_i > 1) and x_i > 0), 1)\n"
    program = load(lines + "a, b, c ~ Normal(0, 1)\n").stan()
    found = re.findall(r"^  vector\[N\] (x_\w+);", program, re.MULTILINE)
    assert len(found) == len(set(found)) == 3
    for stanc in stancs():
        assert not complaints(stanc, program, tmp_path)


def test_counts_that_are_computed_are_integers(tmp_path: Path) -> None:
    lines = "n_{i,k} ~ Poisson(r_k)\nn_{i,k} = (u_i > c_k) * m_i + over_i\nover_i = 1 if u_i > 3\n = 0 otherwise\n"
    program = load(lines + "r_k ~ Gamma(2, 1)\n").stan()
    assert "array[N_i, N_k] int n;" in program
    assert "array[N_i] int over;" in program
    assert "array[N_i] int m;" in program
    assert "vector[N_i] u;" in program
    for stanc in stancs():
        assert not complaints(stanc, program, tmp_path)
