"""What the text of a module is like: formatted, clean, and nothing of a spec in it as code."""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from dataclasses import replace

import pytest

from hiercomp import load
from hiercomp.backends.names import rename
from hiercomp.backends.printing import ATOM, PRODUCT, SUM, Code, call, infix
from hiercomp.backends.pymc import emit
from hiercomp.backends.pymc.layout import LIMIT, lay_out, plain, quote
from hiercomp.diagnostics import SpecError
from hiercomp.expr import Index, Ref, number
from hiercomp.model.ir import Dist, Support
from hiercomp.plan import make_plan
from tests.backends.pymc_parts import normal, pairs
from tests.plan import models
from tests.plan.zoo import BY_NAME, ZOO

# `reduce` has a prior that depends on its own unknown.
M = Ref("m", (Index("i"),))
PRINTABLE = [item for item in ZOO if item.name not in {"reduce"}]
SCHOOLS = [models.noncentered(), models.adaptive(), models.robust(), models.precision(), models.covariates()]
HOSTILE = (
    '"""',
    "\\",
    '"); import os  # ',
    "line\nimport os",
    "\u2028import os",
    "\x00\x1b[31m",
    "{0} {{x}} %s",
    "{{ 1 / 0 }}{% raise %}",
    "*/ #include",
    "\ue0000\ue000",
    "'''" + '"' * 5,
)


def ruff(*arguments, text):
    command = [sys.executable, "-m", "ruff", *arguments, "--isolated", "--stdin-filename", "m_pymc.py", "-"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=False)


def body(text):
    return text[text.index("def build_model") : text.index("    return model")]


@pytest.mark.parametrize("model", [*PRINTABLE, *SCHOOLS], ids=lambda item: item.name)
def test_formatters_and_linters_leave_it_as_it_is(model):
    text = emit(make_plan(model)).text
    assert ruff("format", "--line-length", "100", text=text).stdout.decode() == text
    found = ruff("check", "--select", "E,F,W,I,B,UP,SIM,PIE", "--line-length", "100", "--ignore", "B905", text=text)
    assert found.returncode == 0, found.stdout.decode()


def test_it_reads_as_if_written_by_hand():
    assert body(emit(make_plan(models.noncentered())).text).endswith("""
    with pm.Model(coords=coords) as model:
        # Priors
        mu = pm.Normal("mu", mu=0, sigma=20)  # weakly informative on the grand mean
        # Half-Cauchy(scale = 10); heavy tails let the data ask for a large tau
        tau = pm.HalfCauchy("tau", beta=10)

        # Hierarchical structure
        eta = pm.Normal("eta", mu=0, sigma=1, dims="schools")  # standardized random effects
        theta = pm.Deterministic("theta", mu + tau * eta, dims="schools")

        # Data model
        pm.Normal("y", mu=theta, sigma=sigma, observed=y, dims="schools")
""")


@pytest.mark.parametrize(
    ("model", "line"),
    [
        ("nested", 'pm.Normal("y", mu=alpha[county_idx] + beta * x, sigma=s, observed=y, dims="n")'),
        ("crossed", "mu=a[:, None] + b,"),
        ("ar", "pm.logp(pm.Normal.dist(mu=phi * mu[:-1], sigma=s), mu[1:])"),
        ("three", "b[:, :, 0] + b[np.arange(N), :, g_idx]"),
        ("dotrow", "mu=X @ B.T,"),
        ("soft", 'pm.Potential("log_density_2", N * pt.log(s))'),
        ("trunc", 'pm.Truncated("y", pm.Normal.dist(mu=mu, sigma=s), lower=0, observed=y, dims="n")'),
        ("rowsum", "a + X @ b"),
        ("counts", "logit_p=eta[:, None]"),
    ],
)
def test_index_notation_becomes_whole_arrays(model, line):
    assert line in emit(make_plan(BY_NAME[model])).text


def test_every_line_knows_its_statement():
    model = models.noncentered()
    program = emit(make_plan(model))
    lines = program.text.split("\n")
    found = {lines[number - 1].strip(): span.text for number, span in program.origins.items()}
    line = 'theta = pm.Deterministic("theta", mu + tau * eta, dims="schools")'
    assert found[line] == "theta[i] = mu + tau * eta[i]"
    assert found['tau = pm.HalfCauchy("tau", beta=10)'].startswith("tau ~ Half-Cauchy(10)")
    assert program.labels == ("y", "eta", "mu", "tau")


def test_recursions_are_scans_over_what_can_be_computed_beforehand():
    text = emit(make_plan(BY_NAME["garch"])).text
    assert "return pt.sqrt(input_t + c * s_before**2)" in text
    assert "sequences=[a + b * (y[:-1] - m) ** 2]," in text


def test_predictions_stay_out_of_the_posterior():
    text = emit(make_plan(BY_NAME["predict"])).text
    assert "def build_model(data, predict=False):" in text
    drawn = text[text.index("if predict:") : text.index("    return model")]
    assert 'pm.Normal("new"' in drawn
    assert 'pm.Deterministic("diff", new - mu' in drawn
    assert 'var_names=["new", "diff", "hn"]' in text


def test_it_is_the_same_every_time():
    assert emit(make_plan(models.robust())) == emit(make_plan(models.robust()))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_notes_names_and_titles_change_nothing_but_text(text):
    harmless = emit(pairs(["a", "y"], notes={"note": "n", "section": "s"}, title="t", source_name="f", model="m"))
    notes = {"note": text, "section": text}
    attacked = emit(pairs(["a", "y"], notes=notes, title=text, source_name=text, model=text))

    def shape(program):
        tree = ast.parse(program.text)
        return [type(node) for node in ast.walk(tree)]

    assert shape(attacked) == shape(harmless)
    assert "\x00" not in attacked.text
    assert "\ue000" not in attacked.text
    assert len(attacked.text.split("\n")) <= len(harmless.text.split("\n")) + 6
    assert attacked.text.split("\n") == [*attacked.text.splitlines(), ""]


@pytest.mark.parametrize("name", [*HOSTILE, "x y", "1x", "", "é", "ﬁ"])
def test_a_name_cannot_become_code(name):
    names = [node.id for node in ast.walk(ast.parse(emit(pairs([name, "y"])).text)) if isinstance(node, ast.Name)]
    assert "os" not in names
    constants = ast.walk(ast.parse(emit(pairs([name, "y"])).text))
    assert any(isinstance(node, ast.Constant) and node.value == name for node in constants) or name.endswith("__")


def test_reserved_words_are_renamed_in_python_and_kept_in_the_model():
    program = emit(pairs(["lambda", "class", "data", "model", "np", "pm", "coords", "len", "y"]))
    assert program.renames == {}
    assert 'len_ = pm.Normal("len", mu=0, sigma=1, dims="i")' in program.text
    ast.parse(program.text)


def test_names_that_arviz_hides_are_renamed_in_the_model():
    program = emit(pairs(["chain", "tau_log__", "tau_log", "y"]))
    assert program.renames == {"chain": "chain_", "tau_log__": "tau_log_0"}


def test_a_dim_is_not_called_as_a_variable():
    text = emit(pairs(["p", "y"], index_set="p")).text
    assert 'coords = {"p_dim": range(1, N_p + 1)}' in text
    assert text.count('dims="p_dim"') == 2


def test_rename():
    assert rename(["a", "real", "real_", "int"], {"real", "int"}) == {
        "a": "a",
        "real": "real__",
        "real_": "real_",
        "int": "int_",
    }


def test_plain_and_quote():
    assert plain("a\tb\u2028c\u202ed\x00") == "a b c d"
    for text in (*HOSTILE, "a'b", 'a"b', "a'\"b"):
        assert ast.literal_eval(quote(text)) == text


NAMES = ["mu", "tau", "eta_raw", "sigma_cell", "beta_treatment", "very_long_name_of_a_coefficient", "x", "theta"]


def random_code(rng, depth):
    kind = rng.random()
    if depth == 0 or kind < 0.25:
        return Code(rng.choice(NAMES))
    if kind < 0.6:
        symbol = rng.choice("+-*/@")
        return infix(symbol, *(random_code(rng, depth - 1) for _ in "ab"), SUM if symbol in "+-" else PRODUCT)
    if kind < 0.7:
        return Code(f"{random_code(rng, depth - 1).at_least(ATOM)}[:, None]")
    count = rng.choice([1, 1, 2, 3])
    return call(rng.choice(["pt.exp", "pt.switch", "np.where"]), *(random_code(rng, depth - 1) for _ in range(count)))


def test_long_lines_are_broken_as_ruff_breaks_them():
    rng = random.Random(20260101)
    lines = []
    for _ in range(300):
        code = random_code(rng, rng.choice([2, 3, 4, 5])).text
        statement = rng.choice(
            [
                f'theta = pm.Deterministic("theta", {code}, dims="schools")',
                f'pm.Normal("y", mu={code}, sigma=sigma, observed=y, dims=("a", "b"))',
                f"mu = mu[1:].set({code})",
            ]
        )
        lines += lay_out(statement, 8, rng.choice(["", "a note", "a note that " + "goes on and " * 9]))
    text = "def f():\n    with m:\n" + "\n".join(lines) + "\n"
    assert max(map(len, lines)) <= LIMIT
    assert ruff("format", "--line-length", str(LIMIT), text=text).stdout.decode() == text


def test_the_formatter_would_notice():
    text = emit(make_plan(models.noncentered())).text.replace("mu + tau", "mu+tau")
    assert ruff("format", "--line-length", "100", text=text).stdout.decode() != text


def bounded(mean, **bounds):
    """A plan in which `where` bounds an unknown with a normal prior of the given mean."""
    plan = pairs(["m", "b", "y"])
    prior = replace(plan.terms[1], dist=normal(mean, number(2)))
    param = replace(plan.params[1], support=Support(**bounds))
    return replace(plan, params=(plan.params[0], param), terms=(plan.terms[0], prior, plan.terms[2]))


def test_a_bound_without_renormalising_is_a_truncation_where_that_is_the_same():
    text = emit(bounded(number(0), lower=number(0), upper=number(5))).text
    assert 'pm.Truncated("b", pm.Normal.dist(mu=0, sigma=2), lower=0, upper=5, dims="i")' in text
    with pytest.raises(SpecError) as caught:
        emit(bounded(Ref("m", (Index("i"),)), lower=number(0)))
    assert [item.code for item in caught.value.diagnostics] == ["H88"]


@pytest.mark.parametrize(
    ("bounds", "declared", "added"),
    [
        ({}, 'pm.Flat("b", dims="i")', ""),
        ({"lower": number(0)}, 'pm.HalfFlat("b", dims="i")', ""),
        ({"lower": number(0), "upper": number(1)}, 'pm.Uniform("b", lower=0, upper=1, dims="i")', ""),
        ({"lower": number(0), "upper": M}, 'pm.Uniform("b", lower=0, upper=m, dims="i")', "pt.log(m)"),
        ({"lower": M}, 'pm.Flat("b", dims="i")', "pt.switch(b > m, 0, -np.inf)"),
        ({"upper": number(3)}, "transforms.Interval(lower=None, upper=3)", ""),
    ],
    ids=range(6),
)
def test_constant_densities(bounds, declared, added):
    plan = bounded(number(0), **bounds)
    flat = replace(plan.terms[1], dist=Dist("Flat", (), "Flat()"))
    program = emit(replace(plan, terms=(plan.terms[0], flat, plan.terms[2])))
    assert declared in program.text
    assert (f'pm.Potential("b_bounds", {added})' in program.text) == bool(added)
    assert program.terms == ({"b": ("b", "b_bounds")} if added else {})


def test_an_unknown_called_like_the_variate_of_a_distribution_function_is_not_taken_for_it():
    spec = "y_i ~ Normal(x, 1) censored up to u_i\nx ~ Normal(0, 1)\n"
    model = load(spec, data={"y": [1.0, 2.0], "u": [2.0, 2.0]}, name="x.hier").model()
    assert "lambda x: pm.logcdf(pm.Normal.dist(), (x - x_1) / 1)" in emit(make_plan(model)).text
