"""Every program that can be emitted is accepted by every stanc there is, in both forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from hiercomp import load
from hiercomp.backends.stan import emit, emit_terms
from hiercomp.catalog import DISTRIBUTIONS, FUNCTIONS
from hiercomp.catalog.schema import Unsupported
from hiercomp.expr import number
from hiercomp.model.ir import Model
from hiercomp.plan import make_plan
from tests.backends.stancs import complaints, stancs
from tests.plan import models
from tests.plan.models import model
from tests.plan.zoo import ZOO
from tests.reference.oracle import every_case

pytestmark = pytest.mark.skipif(not stancs(), reason="no stanc on this machine")

_SCHOOLS = (models.noncentered, models.adaptive, models.robust, models.precision, models.covariates)


def _accept(spec: Model, folder: Path) -> None:
    plan = make_plan(spec)
    for text in (emit(plan).text, emit_terms(plan)):
        for stanc in stancs():
            assert complaints(stanc, text, folder) == "", text


@pytest.mark.parametrize("make", _SCHOOLS, ids=lambda make: make.__name__)
def test_eight_schools(make, tmp_path):
    _accept(make(), tmp_path)


@pytest.mark.parametrize("spec", ZOO, ids=lambda spec: spec.name)
def test_zoo(spec, tmp_path):
    _accept(spec, tmp_path)


def test_a_wrong_program_is_refused(tmp_path):
    for stanc in stancs():
        assert "not in scope" in complaints(stanc, "model { target += nowhere; }", tmp_path)


# Arguments of each kind: unknowns, so that density and draws have to take what they will get.
_ARGUMENTS = {
    "real": "r{}",
    "positive": "p{}",
    "nonnegative": "p{}",
    "unit": "u{}",
    "count": "n{}",
    "positive int": "n{}",
    "int": "n{}",
}


def _row_model(name: str) -> Model:
    """Return a model that uses a row for scalars and vectors, truncated, under a condition, and for predictions."""
    row = DISTRIBUTIONS[name]

    def said(index: str) -> str:
        return f"{name}({', '.join(_ARGUMENTS[param.support].format(index) for param in row.params)})"

    lines = [f"r{i} ~ Normal(0, 1)" for i in ("[i]", "0")] + [f"p{i} ~ Half-Normal(1)" for i in ("[i]", "0")]
    lines += [f"u{i} ~ Beta(2, 2)" for i in ("[i]", "0")]
    if row.improper:
        return model("row", [f"q ~ {name}()", f"w[i] ~ {name}()", *lines], data={"y": []}, sets={"n": "N"})
    vector, scalar = said("[i]"), said("0")
    lines += [f"y ~ {scalar}", f"a[i] ~ {scalar}", f"v[i] ~ {vector}", f"new ~ {scalar}", f"news[i] ~ {vector}"]
    lines += [f"c[i] ~ {vector} if n[i] == 1 otherwise {vector}", f"d[i] ~ {vector} if n0 == 1 otherwise {scalar}"]
    if row.has_cdf and name != "Uniform":
        for number_, clause in enumerate(("2..", "..2", "1..2")):
            lines += [f"t{number_}[i] ~ {vector} | truncated {clause}", f"s{number_} ~ {scalar} | truncated {clause}"]
            lines += [f"k{number_}[i] ~ {said('0').replace('p0', '3').replace('u0', '0.5').replace('r0', '2')}"]
            lines[-1] += f" | truncated {clause}"
    arrays = ("a", "v", "c", "d", "t0", "t1", "t2", "k0", "k1", "k2")
    return model(
        "row",
        lines,
        data={**{key: ["n"] for key in arrays}, "y": [], "s0": [], "s1": [], "s2": [], "n": ["n"], "n0": []},
        ints=["n", "n0"],
        sets={"n": "N"},
        letters={"i": "n"},
        predictions=["new", "news"],
    )


@pytest.mark.parametrize("name", [row.name for row in DISTRIBUTIONS.values() if not row.multivariate])
def test_catalogue_rows(name, tmp_path):
    row = DISTRIBUTIONS[name]
    if isinstance(row.stan, Unsupported):
        pytest.skip(row.stan.reason)
    _accept(_row_model(name), tmp_path)


@pytest.mark.parametrize("argument", ["1", "k[1]", "k[i]", "x[i]", "x[1]"])
def test_functions(argument, tmp_path):
    lines = ["y[i] ~ Normal(m, 1)", "m ~ Normal(0, 1)", "k[i] ~ Poisson(3)"]
    for row in FUNCTIONS.values():
        if not row.elementwise or isinstance(row.stan, Unsupported):
            continue
        first = [argument, *["1 / 2"] * (row.arity - 1)]
        for number_, args in enumerate((first, first[::-1], [argument] * row.arity)):
            call = f"{row.name}({', '.join(args)})"
            lines += [f"a{number_}_{row.name}[i] = {call} / k[1] + k[i] / {call}"]
            lines += [f"b{number_}_{row.name} = m + {call.replace('[i]', '[1]')} / k[1]"]
    data = {"x": ["n"], "y": ["n"], "k": ["n"]}
    _accept(model("function", lines, data=data, ints=["k"], sets={"n": "N"}, letters={"i": "n"}), tmp_path)


def test_reductions(tmp_path):
    lines = ["y ~ Normal(m, 1)", "m ~ Normal(0, 1)", "b[i] ~ Normal(0, 1)", "k[i] ~ Poisson(1)", "K[i,j] ~ Poisson(1)"]
    for row in FUNCTIONS.values():
        if row.reduction and not isinstance(row.stan, Unsupported):
            lines += [f"{row.name}_{arg} = {row.name}({arg}) / 3" for arg in ("x", "k", "X", "K", "b")]
            lines += [f"{row.name}_{arg}_i[i] = {row.name}({arg}[i]) / 3" for arg in ("X", "K")]
    data = {"x": ["n"], "k": ["n"], "X": ["n", "j"], "K": ["n", "j"], "y": []}
    sets, letters = {"n": "N", "j": "J"}, {"i": "n", "j": "j"}
    spec = model("reduction", lines, data=data, ints=["k", "K"], sets=sets, letters=letters, axes={"b": ["n"]})
    _accept(spec, tmp_path)


def test_numbers(tmp_path):
    lines = ["y ~ Normal(m, 1)", "m ~ Normal(99999999999, 1e-30)", "a = 2147483648 / 7", "b = -3", "c = (-3) ** 2"]
    _accept(model("numbers", lines, data={"y": []}, supports={}), tmp_path)
    assert number(1e300).text == "1e+300"


def test_what_loops_prepare_alike_is_prepared_once(tmp_path: Path) -> None:
    """Local variables of loops that are joined: two autoregressions, one of which feeds two observed series."""
    text = load(
        "y_t ~ Normal(a + sum(b_k * y_{t-k} for k in 1..K), 1) for t in K+1..T\n"
        "z_t ~ Normal(a + sum(b_k * z_{t-k} for k in 1..K), 1) for t in K+1..T where z is observed\n"
        "w_t ~ Poisson(exp(a + sum(b_k * z_{t-k} for k in 1..K))) for t in K+1..T\n"
        "a, b_k ~ Normal(0, 1)\n"
    ).stan()
    generated = text.partition("generated quantities")[2]
    assert generated.count("total += b[k] * y[t - k];") == 1
    for stanc in stancs():
        assert complaints(stanc, text, tmp_path) == "", text


@pytest.mark.parametrize("name", ["computed_trials", "vectors_that_hidden_states_emit", "counts_summed_by_hand"])
def test_whole_numbers_that_are_computed_and_densities_in_expressions(name, tmp_path):
    case = next(case for case in every_case() if case.name == name)
    _accept(load(case.spec, data=case.data, name=name).model(), tmp_path)
