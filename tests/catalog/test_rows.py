"""What has to hold of every row's words, signatures and trees."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest

from hiercomp.backends.pymc.naming import RESERVED
from hiercomp.catalog import (
    DISTRIBUTIONS,
    FUNCTIONS,
    Distribution,
    Signature,
    Unsupported,
    argument_name,
    find_distribution,
    find_function,
    match_signature,
    near_distributions,
    near_functions,
    written_signatures,
)
from hiercomp.catalog.parts import hoisted
from hiercomp.catalog.table import function_table, show, table
from hiercomp.expr import Expr, Op, Ref, names, number
from hiercomp.reference import densities
from hiercomp.reference.evaluate import Frame, evaluate

ROWS = list(DISTRIBUTIONS.values())


def by_name(row: Distribution) -> str:
    return row.name


def test_words_are_of_one_row_only():
    words = [word.replace("-", "").replace("_", "").lower() for row in ROWS for word in (row.name, *row.aliases)]
    assert len(words) == len(set(words))
    for func, arity in itertools.product([*FUNCTIONS.values()], (0, 1, 2)):
        others = [f for f in FUNCTIONS.values() if f.arity == arity and f.name != func.name]
        if func.arity == arity:
            assert not {func.name, *func.aliases} & {word for f in others for word in (f.name, *f.aliases)}


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("Half-Cauchy", "Half-Cauchy"), ("HalfCauchy", "Half-Cauchy"), ("half_cauchy", "Half-Cauchy"),
        ("Student-t", "StudentT"), ("StudentT", "StudentT"), ("student_t", "StudentT"), ("normal", "Normal"),
        ("Inverse-Gamma", "Inverse-Gamma"), ("InvGamma", "Inverse-Gamma"), ("DoubleExponential", "Laplace"),
        ("NegBinomial", "NegBinomial"), ("Negative-Binomial", "NegBinomial"), ("Half-Student-t", "Half-StudentT"),
    ],
)  # fmt: skip
def test_spellings_of_documents(word, name):
    row = find_distribution(word)
    assert row is not None
    assert row.name == name


def test_unknown_words_have_near_names():
    assert find_distribution("Nrmal") is None
    assert near_distributions("Nrmal")[0] == "Normal"
    assert near_distributions("HalfCauchi")[0] == "Half-Cauchy"
    assert near_distributions("zzzzzz") == []
    assert near_functions("sigmod")[0] == "inv_logit"


def test_functions_are_told_apart_by_arity():
    for word in ("min", "max", "log_sum_exp"):
        one, two = find_function(word, 1), find_function(word, 2)
        assert one is not None
        assert two is not None
        assert one.reduction
        assert two.elementwise
        assert find_function(word) == one
    assert find_function("sigmoid") == find_function("expit") == FUNCTIONS["inv_logit"]
    assert find_function("nothing") is None


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_signatures_fit_together(row):
    canonical = row.signatures[0]
    params = tuple(param.name for param in row.params)
    assert canonical.args == params
    arities = [len(signature.args) for signature in row.signatures if signature.positional]
    assert len(arities) == len(set(arities))
    known = {name for signature in row.signatures for name in signature.args}
    assert set(row.words.values()) <= known
    assert not set(row.words) & known
    for signature in row.signatures:
        made = DISTRIBUTIONS[signature.row] if signature.row else row
        assert set(signature.convert) == {param.name for param in made.params}
        assert len(signature.supports) == len(signature.args)
        free = frozenset().union(*(names(tree) for tree in signature.convert.values()))
        assert free == set(signature.args) - set(signature.fixed)
        if signature.positional:
            match = match_signature(row, len(signature.args))
            assert match is not None
            assert match.signature == signature
        match = match_signature(row, 0, list(reversed(signature.args)))
        if signature.args and not signature.fixed:
            assert match is not None
            assert match.names == tuple(reversed(signature.args))


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_trees_speak_of_parameters_and_the_variate_only(row):
    params = {param.name for param in row.params}
    spelled = [s for s in (row.stan, row.pymc, row.scipy, row.rng) if not isinstance(s, Unsupported)]
    trees: list[Expr] = [arg for spelling in spelled for arg in spelling.args]
    for tree in (*trees, row.lower, row.upper, row.finite_variance):
        assert tree is None or names(tree) <= params
    for tree in (row.log_density, row.log_cdf, row.log_ccdf, *row.parts.values()):
        assert tree is None or names(tree) <= {*params, "x", *NOISE}
    assert row.draw is None or names(row.draw) <= params | NOISE
    for spelling in (row.pymc, row.scipy):
        if not isinstance(spelling, Unsupported):
            assert len(spelling.keywords) == len(spelling.args)
    if row.fusion is not None:
        base = DISTRIBUTIONS[row.fusion.base]
        assert row.fusion.param in {param.name for param in base.params}
        assert row.fusion.argument in params
        # softmax is the function of a vector
        assert row.fusion.func in {*FUNCTIONS, "softmax"}


NOISE = {"uniform", "normal", "exponential"}


@pytest.mark.parametrize("row", [row for row in ROWS if row.own], ids=by_name)
def test_rows_that_targets_lack_have_all_that_is_emitted_of_them(row):
    assert row.log_density is not None
    assert row.draw is not None
    # A target's own distribution functions go with its own densities only.
    assert (row.log_cdf is not None and row.log_ccdf is not None) or not row.has_cdf
    words = [*(param.name for param in row.params), *row.parts, *NOISE, "x", "value", "rng", "size"]
    assert len(words) == len(set(words))
    assert not row.stan_vectorised or "stan" not in row.own
    if "pymc" in row.own:
        name = row.pymc.name
        assert {name, f"draw_{name}", f"start_{name}", f"{name}_log_cdf", f"{name}_log_ccdf"} <= RESERVED
    assert "a function of the program" in "".join(table()[ROWS.index(row)].values())


def test_parts_are_computed_once_and_in_order():
    a, b, x = (Ref(name) for name in "abx")
    z = Op("-", (x, a))
    part, tree = Op("*", (b, z)), Op("+", (Op("*", (b, z)), z))
    found, rest = hoisted(tree, {"z": z, "w": part, "unused": Op("/", (x, b))})
    assert [(name, show(expr)) for name, expr in found] == [("z", "x - a"), ("w", "b * z")]
    assert show(rest) == "w + z"


def test_supports_are_shown():
    shown = {row["name"]: row["support"] for row in table()}
    assert shown["Geometric"] == "1, 2, ..."
    assert shown["Poisson"] == "0, 1, 2, ..."
    assert shown["Binomial"] == "0..n"
    assert shown["Von-Mises"] == "[-3.141592653589793, 3.141592653589793]"


def test_mixed_arguments():
    gamma, normal, student = (DISTRIBUTIONS[name] for name in ("Gamma", "Normal", "StudentT"))
    match = match_signature(gamma, 1, ["scale"])
    assert match is not None
    assert match.names == ("shape", "scale")
    match = match_signature(normal, 0, ["sigma", "mu"])
    assert match is not None
    assert match.names == ("sd", "mean")
    assert match_signature(normal, 1) is None
    assert match_signature(normal, 2, ["sd"]) is None
    assert match_signature(normal, 0, ["mu", "mean"]) is None
    assert match_signature(normal, 0, ["mean", "colour"]) is None
    # Whether the second of two is a location or a scale would be a guess.
    assert match_signature(student, 2) is None
    assert match_signature(student, 1) is not None
    assert argument_name(student, "nu") == "df"
    assert argument_name(student, "sd") is None


MOMENTS = {"mean": "mean", "sd": "std", "var": "var", "median": "median"}


def converted(row: Distribution, signature: Signature, given: dict[str, float]) -> dict[str, np.ndarray]:
    frame = Frame({name: np.asarray(value) for name, value in given.items()}, {})
    return {name: evaluate(tree, frame) for name, tree in signature.convert.items()}


@pytest.mark.parametrize(
    ("row", "signature"),
    [
        pytest.param(row, signature, id=written_signatures(row)[place])
        for row in ROWS
        for place, signature in enumerate(row.signatures)
        if set(signature.args) & set(MOMENTS) and not row.improper and not row.multivariate
    ],
)
def test_signatures_by_moments_have_those_moments(row, signature):
    pool = {"mean": 0.3, "sd": 0.2, "var": 0.04, "median": 0.8}
    # Names that are moments by accident (the median of the variate, not of its logarithm) would fail here.
    given = {name: pool.get(name, 3.0) for name in signature.args}
    args = converted(row, signature, given)
    for name, method in MOMENTS.items():
        if name in given:
            assert float(densities._scipy(row, method, args)) == pytest.approx(given[name], rel=1e-12)


@pytest.mark.parametrize(
    ("name", "named", "params"),
    [
        ("Normal", {"mean": 1, "precision": 0.25}, {"mean": 1, "sd": 2}),
        ("Gamma", {"shape": 2, "scale": 10}, {"shape": 2, "rate": 0.1}),
        ("Gamma", {"mean": 6, "shape": 2}, {"shape": 2, "rate": 1 / 3}),
        ("Exponential", {"scale": 4}, {"rate": 0.25}),
        ("Beta", {"mean": 0.25, "kappa": 8}, {"alpha": 2, "beta": 6}),
        ("LogNormal", {"median": 1, "sdlog": 2}, {"meanlog": 0, "sdlog": 2}),
        ("NegBinomial", {"n": 3, "p": 0.25}, {"mean": 9, "phi": 3}),
        ("Bernoulli", {"logit": 0}, {"p": 0.5}),
        ("StudentT", {"df": 3, "scale": 2.5}, {"df": 3, "location": 0, "scale": 2.5}),
    ],
)
def test_signatures_convert(name, named, params):
    row = DISTRIBUTIONS[name]
    match = match_signature(row, 0, list(named))
    assert match is not None
    args = converted(row, match.signature, dict(zip(match.names, named.values(), strict=True)))
    assert {name: float(value) for name, value in args.items()} == pytest.approx(params)


def test_fused_rows_are_their_base():
    for row in ROWS:
        if row.fusion is None or row.multivariate:
            continue
        base = DISTRIBUTIONS[row.fusion.base]
        args = {"n": np.asarray(7), "phi": np.asarray(2.5), row.fusion.argument: np.asarray(0.4)}
        args = {param.name: args[param.name] for param in row.params}
        undone = dict(args)
        argument = undone.pop(row.fusion.argument)
        tree = FUNCTIONS[row.fusion.func]
        assert isinstance(tree.numpy, str)
        undone[row.fusion.param] = {"inv_logit": 1 / (1 + np.exp(-argument)), "exp": np.exp(argument)}[row.fusion.func]
        x = np.array([0.0, 1.0])
        np.testing.assert_allclose(
            densities.log_density(row, args, x), densities.log_density(base, undone, x), rtol=1e-12
        )


def test_tables_have_a_row_for_each():
    rows = table()
    assert [row["name"] for row in rows] == list(DISTRIBUTIONS)
    gamma = rows[list(DISTRIBUTIONS).index("Gamma")]
    assert gamma["signatures"].startswith("Gamma(shape, rate); Gamma(shape = , scale = )")
    assert gamma["stan"] == "gamma(shape, rate)"
    assert gamma["pymc"] == "pm.Gamma(alpha=shape, beta=rate)"
    assert gamma["reference"] == "scipy.stats.gamma(a=shape, scale=1 / rate)"
    assert all(value is not None for row in rows for value in row.values())
    assert [row["name"] for row in function_table()] == list(FUNCTIONS)


def test_trees_are_shown_with_the_brackets_they_need():
    a, b = Ref("a"), Ref("b")
    assert show(Op("*", (Op("+", (a, b)), number(2)))) == "(a + b) * 2"
    assert show(Op("-", (a, Op("-", (a, b))))) == "a - (a - b)"
    assert show(Op("neg", (Op("^", (a, b)),))) == "-a ^ b"


def test_near_names_are_quick():
    start = time.perf_counter()
    near_distributions("x" * 200)
    assert time.perf_counter() - start < 0.5
