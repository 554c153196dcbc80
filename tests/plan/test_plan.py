"""What a plan decides: stages, order, constraints, fused forms, outputs."""

from __future__ import annotations

import sys

import pytest

from hiercomp.diagnostics import SpecError
from hiercomp.expr import INT, Call, Const, Ref, names, number
from hiercomp.model.ir import Model, Support
from hiercomp.plan import make_plan, parameterise
from hiercomp.plan.ir import Stage, TermStep
from tests.plan.models import model, noncentered
from tests.plan.zoo import BY_NAME

_ONE = {"sets": {"n": "N"}, "letters": {"i": "n"}}


def _plan(lines, data=None, **more):
    return make_plan(model("m", lines, data=data or {"y": ["n"]}, **{**_ONE, **more}))


def test_order_of_the_spec_is_kept_where_dependencies_allow():
    plan = make_plan(noncentered())
    assert [item.name for item in plan.params] == ["eta", "mu", "tau"]
    assert [term.origin.label for term in plan.terms] == ["y", "eta", "mu", "tau"]
    plan = _plan(["c = a + b", "b = a + 1", "d = 2", "a ~ Normal(0, d)", "y[i] ~ Normal(c, 1)"])
    assert [step.name for step in plan.defines] == ["b", "c", "d"]


def test_stages():
    lines = [
        "k = 2",
        "x2[i] = k * x[i]",
        "m = a + 1",
        "only = m * 3",
        "y[i] ~ Normal(m * x2[i], 1)",
        "a ~ Normal(0, 1)",
    ]
    plan = _plan(lines, {"y": ["n"], "x": ["n"]})
    assert {step.name: step.stage for step in plan.defines} == {
        "k": Stage.DATA,
        "x2": Stage.DATA,
        "m": Stage.PARAMETER,
        "only": Stage.GENERATED,
    }


def test_what_depends_on_a_prediction_is_generated_after_it():
    plan = make_plan(BY_NAME["predict"])
    assert [step.name for step in plan.generated] == ["new", "diff", "hn", "y_rep"]
    late = _plan(
        ["late = early + 1", "early ~ Normal(m, 1)", "m ~ Normal(0, 1)", "y[i] ~ Normal(m, 1)"], predictions=["early"]
    )
    assert [step.name for step in late.generated] == ["early", "late", "y_rep"]


def _support(lines, name, **more) -> Support:
    plan = _plan([*lines, "y[i] ~ Normal(0, 1)"], **more)
    return next(item.support for item in plan.params if item.name == name)


def _values(support: Support):
    return tuple(bound.value if isinstance(bound, Const) else bound for bound in (support.lower, support.upper))


@pytest.mark.parametrize(
    ("line", "stated", "wanted"),
    [
        ("a ~ Normal(0, 1)", Support(), (None, None)),
        ("a ~ Half-Normal(1)", Support(), (0, None)),
        ("a ~ Beta(1, 2)", Support(), (0, 1)),
        ("a ~ Uniform(-1, 3)", Support(), (-1, 3)),
        ("a ~ Pareto(2, 1)", Support(), (2, None)),
        ("a ~ Normal(0, 1)", Support(number(0)), (0, None)),
        ("a ~ Half-Normal(1)", Support(number(2), number(5)), (2, 5)),
        ("a ~ Uniform(0, 3)", Support(number(-1), number(2)), (0, 2)),
        ("a ~ Normal(0, 1) | truncated 1..", Support(), (1, None)),
        ("a ~ Half-Cauchy(1) | truncated -1..7", Support(), (0, 7)),
    ],
)
def test_constraints(line, stated, wanted):
    assert _values(_support([line], "a", supports={"a": stated})) == wanted


def test_bounds_of_two_kinds_are_combined():
    support = _support(["a ~ Half-Normal(1)", "b ~ Exponential(1)"], "a", supports={"a": Support(Ref("b"))})
    assert support.lower == Call("fmax", (Ref("b"), number(0)))


def test_unknowns_come_after_those_that_bound_them():
    plan = _plan(["a ~ Uniform(0, b)", "b ~ Half-Normal(1)", "y[i] ~ Normal(a, 1)"])
    assert [item.name for item in plan.params] == ["b", "a"]


def test_definitions_in_bounds_are_written_out():
    plan = make_plan(BY_NAME["bounds"])
    lower = next(item.support.lower for item in plan.params if item.name == "d")
    assert lower is not None
    assert names(lower) == {"a", "s"}


def test_a_bound_that_cannot_be_written_out():
    lines = [
        "v[1] = a",
        "v[i] = v[i-1] + a | i in 2..N",
        "a ~ Normal(0, 1)",
        "b ~ Uniform(0, v[3])",
        "y[i] ~ Normal(b, 1)",
    ]
    with pytest.raises(SpecError) as caught:
        _plan(lines, axes={"v": ["n"]})
    assert [item.code for item in caught.value.diagnostics] == ["H83"]


def test_definitions_that_take_turns():
    lines = ["a[i] = b[i-1] | i in 2..N", "b[i] = a[i] + m", "m ~ Normal(0, 1)", "y[i] ~ Normal(a[i], 1)"]
    with pytest.raises(SpecError) as caught:
        _plan(lines, axes={"a": ["n"], "b": ["n"]})
    assert [item.code for item in caught.value.diagnostics] == ["H81"]


def test_recursions_start_before_they_go_on():
    plan = make_plan(BY_NAME["garch"])
    steps = [step for step in plan.defines if step.name == "s"]
    assert [bool(step.binders) for step in steps] == [False, True]
    assert [step.first for step in steps] == [True, False]


def test_non_centered():
    spec = BY_NAME["nested"]
    plan = make_plan(spec)
    assert plan.params[0].name == "alpha_raw"
    (step,) = plan.defines
    assert (step.name, step.stage, step.origin.note) == ("alpha", Stage.PARAMETER, "county effects")
    term = next(term for term in plan.terms if term.origin.label == "alpha_raw")
    assert isinstance(term, TermStep)
    assert dict(term.dist.args) == {"mean": number(0), "sd": number(1)}
    same = parameterise(spec)
    assert same.symbol("alpha").role == "derived"
    assert [stmt.common.label for stmt in same.statements].count("alpha_raw") == 1
    assert parameterise(noncentered()).statements == noncentered().statements


@pytest.mark.parametrize(
    "line",
    [
        "a ~ Gamma(1, 1) | non-centered",
        "a ~ Normal(0, s) | truncated 0.. | non-centered",
        "y[i] ~ Normal(0, s) | non-centered",
    ],
)
def test_what_cannot_be_non_centered(line):
    with pytest.raises(SpecError) as caught:
        _plan([line, "s ~ Half-Normal(1)"])
    assert [item.code for item in caught.value.diagnostics] == ["H82"]


def test_fused_where_written_and_where_defined():
    plan = make_plan(BY_NAME["logit"])
    assert isinstance(plan.terms[0], TermStep)
    assert plan.terms[0].dist.row == "Bernoulli-Logit"
    plan = make_plan(BY_NAME["counts"])
    assert isinstance(plan.terms[0], TermStep)
    assert plan.terms[0].dist.row == "Binomial-Logit"
    assert [(step.name, step.stage) for step in plan.defines] == [("p", Stage.GENERATED)]


def test_a_link_that_is_used_twice_is_not_seen_through():
    lines = ["p[i] = inv_logit(e[i])", "y[i] ~ Bernoulli(p[i])", "z[i] ~ Bernoulli(p[i])", "e[i] ~ Normal(0, 1)"]
    plan = _plan(lines, {"y": ["n"], "z": ["n"]})
    assert {term.dist.row for term in plan.terms if isinstance(term, TermStep)} == {"Bernoulli", "Normal"}


def test_a_link_that_one_element_has_otherwise_is_not_seen_through():
    lines = ["p[1] = exp(e)", "p[i] = exp(e * x[i]) | i in 2..N", "y[i] ~ Poisson(p[i])", "e ~ Normal(0, 1)"]
    for given in (lines, [*lines[1::-1], *lines[2:]]):
        plan = _plan(given, {"y": ["n"], "x": ["n"]}, axes={"p": ["n"]})
        assert {term.dist.row for term in plan.terms if isinstance(term, TermStep)} == {"Poisson", "Normal"}


def test_truncated_forms_are_not_fused():
    plan = _plan(["y[i] ~ Poisson(exp(e)) | truncated 1..", "e ~ Normal(0, 1)"])
    assert isinstance(plan.terms[0], TermStep)
    assert plan.terms[0].dist.row == "Poisson"


def test_normalisers():
    plan = make_plan(BY_NAME["trunc"])
    constant = {term.origin.label: term.constant_normaliser for term in plan.terms if isinstance(term, TermStep)}
    assert constant == {"y": False, "z": False, "k": False, "w": False, "mu": True, "s": True}


def test_elements():
    plan = make_plan(BY_NAME["nested"])
    items = {item.name: item for item in plan.data}
    assert items["x"].elem == "real"
    assert items["county"].elem == "int"
    assert _values(items["county"].support) == (1, Ref("J", (), INT))
    items = {item.name: item for item in make_plan(BY_NAME["cases"]).data}
    assert (items["c"].elem, items["d"].elem) == ("int", "real")


def test_an_integer_definition_keeps_its_sources_integers():
    lines = ["k = n1 + n2", "y[i] ~ Normal(a[k], 1)", "a[i] ~ Normal(0, 1)"]
    plan = _plan(lines, {"y": ["n"], "n1": [], "n2": []}, ints=["n1", "n2", "k"], axes={"a": ["n"]})
    assert {item.name: item.elem for item in plan.data if item.name != "y"} == {"N": "int", "n1": "int", "n2": "int"}


def test_every_part_of_an_integer_definition_keeps_its_sources_integers():
    lines = ["k[1] = n1", "k[i] = n2 | i in 2..N", "y[i] ~ Normal(a[k[i]], 1)", "a[i] ~ Normal(0, 1)"]
    shapes = {"k": ["n"], "a": ["n"]}
    plan = _plan(lines, {"y": ["n"], "n1": [], "n2": []}, ints=["n1", "n2", "k"], axes=shapes)
    assert {item.name: item.elem for item in plan.data if item.name != "y"} == {"N": "int", "n1": "int", "n2": "int"}


def test_outputs():
    plan = make_plan(noncentered())
    assert [step.name for step in plan.predictions] == ["y_rep"]
    assert [(step.name, step.axes) for step in plan.log_lik] == [("log_lik", ("schools",))]
    plan = make_plan(BY_NAME["trunc"])
    assert {step.name for step in plan.log_lik} == {"log_lik_y", "log_lik_z", "log_lik_k", "log_lik_w"}
    plan = _plan(["y[i] ~ Normal(y_rep, log_lik)", "y_rep ~ Normal(0, 1)", "log_lik ~ Half-Normal(1)"])
    assert [step.name for step in plan.predictions] == ["y_rep_"]
    assert [step.name for step in plan.log_lik] == ["log_lik_"]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("a ~ Normal(0, 1)", ""),
        ("a ~ Gamma(2, 0.1)", "Gamma(shape = 2, rate = 0.1)"),
        ("a ~ Half-Normal(2)", "Half-Normal(scale = 2)"),
        ("a ~ Uniform(0, 1)", ""),
        ("a ~ Student-t(4, 0, 1)", "StudentT(df = 4, location = 0, scale = 1)"),
    ],
)
def test_readings(line, wanted):
    plan = _plan([line, "y[i] ~ Normal(0, 1)"])
    assert plan.terms[0].origin.reading == wanted


def test_sizes_are_data_unless_the_spec_says_them():
    plan = _plan(
        ["y[i] ~ Normal(b[j], 1) | i in n, j in j", "b[j] ~ Normal(0, 1)"],
        sets={"n": "N", "j": 3},
        letters={"i": "n", "j": "j"},
    )
    assert [item.name for item in plan.data] == ["N", "y"]
    assert plan.data[0].size_of == "n"


def test_linear_in_the_number_of_statements():
    def steps(count: int) -> int:
        """Return how many functions are called and how often loops turn."""
        lines = [f"p{k}[i] = inv_logit(e{k})" for k in range(count)]
        lines += [f"y{k}[i] ~ Bernoulli(p{k}[i])" for k in range(count)]
        lines += [f"e{k} ~ Uniform(0, {'1' if not k else f'e{k - 1}'})" for k in range(count)]
        spec: Model = model("m", lines, data={f"y{k}": ["n"] for k in range(count)}, **_ONE)
        seen = 0

        def count_one(*_: object) -> None:
            nonlocal seen
            seen += 1

        watch = sys.monitoring
        watch.use_tool_id(watch.PROFILER_ID, "steps")
        for event in (watch.events.PY_START, watch.events.JUMP):
            watch.register_callback(watch.PROFILER_ID, event, count_one)
        watch.set_events(watch.PROFILER_ID, watch.events.PY_START | watch.events.JUMP)
        try:
            make_plan(spec)
        finally:
            watch.set_events(watch.PROFILER_ID, watch.events.NO_EVENTS)
            watch.free_tool_id(watch.PROFILER_ID)
        return seen

    few, many = steps(100), steps(1000)
    assert 9 * few < many < 11 * few


@pytest.mark.parametrize(
    ("written", "args", "wanted"),
    [
        ("Gamma(mean = 2, sd = 1)", ("(2 / 1) ** 2", "2 / 1 ** 2"), ("4", "2")),
        ("Gamma(mean = 2, sd = 3)", ("(2 / 3) ** 2", "2 / 3 ** 2"), None),
        ("Gamma(mean = 1, sd = 2)", ("(1 / 2) ** 2", "1 / 2 ** 2"), ("0.25", "0.25")),
        ("Gamma(shape = 1 / 2, rate = 4 / 2)", ("1 / 2", "4 / 2"), None),
    ],
)
def test_converted_arguments_are_worked_out_where_that_is_exact(written, args, wanted):
    from dataclasses import replace

    spec = model("m", [f"a ~ Gamma({', '.join(args)})", "y[i] ~ Normal(a, 1)"], data={"y": ["n"]}, **_ONE)
    first = spec.statements[0]
    spec = replace(spec, statements=(replace(first, dist=replace(first.dist, written=written)), *spec.statements[1:]))
    term = make_plan(spec).terms[0]
    assert isinstance(term, TermStep)
    found = tuple(value for _, value in term.dist.args)
    if wanted is None:
        assert not any(isinstance(value, Const) for value in found)
    else:
        assert tuple(value.text for value in found if isinstance(value, Const)) == wanted
