"""Densities, terms and gradients of all engines against SciPy and closed forms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hiercomp import load, reference
from hiercomp.engines.base import EngineError
from hiercomp.workflow.subject import subject
from tests.engines.programs import POINTS, TERMS, program, slopes, truth

pytestmark = pytest.mark.engine

OUTSIDE = [POINTS[0] | {"tau": -1.0}, POINTS[0] | {"rho": 1.5}]


def _agree(found: Any, half: float, constant: float) -> None:
    assert set(found.terms) == set(TERMS)
    for at, point in enumerate(POINTS):
        terms = truth(point, half)
        for label, value in terms.items():
            assert found.terms[label][at] == pytest.approx(value, rel=1e-12, abs=1e-12), label
        assert found.total[at] == pytest.approx(sum(terms.values()) + constant, rel=1e-12)
        wanted = slopes(point)
        assert set(found.names) == set(wanted)
        for column, name in enumerate(found.names):
            assert found.gradient[at, column] == pytest.approx(wanted[name], rel=1e-8, abs=1e-8), name
            if name in {"tau", "lambda"}:
                assert found.unconstrained[at, column] == pytest.approx(np.log(point[name]), rel=1e-12)


def test_stan_is_scipy(stan: Any) -> None:
    found = stan.densities(program("stan"), POINTS)
    _agree(found, 0.0, 0.0)
    assert found.messages == ()


def test_pymc_is_scipy(pymc: Any) -> None:
    # PyMC's half-Cauchy is normalised, and its uniform is log(1/2), where Stan's program has neither.
    found = pymc.densities(program("pymc"), POINTS)
    _agree(found, np.log(2), np.log(0.5))
    assert found.messages == ()


def test_gradients_are_those_of_each_other(stan: Any, pymc: Any) -> None:
    ours, theirs = stan.densities(program("stan"), POINTS), pymc.densities(program("pymc"), POINTS)
    order = [theirs.names.index(name) for name in ours.names]
    np.testing.assert_allclose(ours.gradient, theirs.gradient[:, order], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(ours.unconstrained, theirs.unconstrained[:, order], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("backend", ["stan", "pymc"])
def test_where_the_density_is_zero(backend: str, request: pytest.FixtureRequest, cmdstan: Any, pymc: Any) -> None:
    engine = {"stan": cmdstan, "pymc": pymc}[backend]
    found = engine.densities(program(backend), [POINTS[0] | {"lambda": 0.0}, *OUTSIDE])
    assert found.total.tolist() == [-np.inf] * 3
    assert found.terms["k"][0] == -np.inf
    assert found.terms["y"][0] == pytest.approx(truth(POINTS[0])["y"], rel=1e-12)
    assert np.isnan(found.gradient[1:]).all()
    assert [message.partition(":")[0] for message in found.messages] == ["point 2", "point 3"]
    assert "tau" in found.messages[0] or "schools.stan', line 11" in found.messages[0]


def test_a_wrong_program_is_seen(pymc: Any) -> None:
    """The check of the checks: a variance where an sd should be changes the density, the gradient and that term."""
    wrong = program("pymc", text=program("pymc").text.replace('"mu", 0, 20', '"mu", 0, 400'))
    found, right = pymc.densities(wrong, POINTS), pymc.densities(program("pymc"), POINTS)
    with pytest.raises(AssertionError, match="mu"):
        _agree(found, np.log(2), np.log(0.5))
    assert not np.allclose(found.terms["mu"], right.terms["mu"], rtol=1e-3)
    assert np.array_equal(found.terms["y"], right.terms["y"])
    assert not np.allclose(found.total, right.total, rtol=1e-9)
    assert not np.allclose(found.gradient, right.gradient, rtol=1e-6)


def test_data_that_do_not_fit(cmdstan: Any) -> None:
    with pytest.raises(EngineError) as caught:
        cmdstan.densities(program("stan", data={"N_schools": 8}), POINTS)
    assert (caught.value.stage, caught.value.program) == ("data", "schools")
    assert "y, sigma, k, refuse" in caught.value.output
    given = dict(program("stan").data)
    with pytest.raises(EngineError, match="k is declared int"):
        cmdstan.densities(program("stan", data=given | {"k": [0.5] * 8}), POINTS)
    with pytest.raises(EngineError) as caught:
        cmdstan.densities(program("stan", data=given | {"sigma": [-1.0] * 8}), POINTS)
    assert (caught.value.stage, caught.value.line) == ("data", 4)
    assert "schools.stan" in caught.value.output
    assert "sigma" in caught.value.output


def test_points_that_do_not_fit(cmdstan: Any, pymc: Any) -> None:
    short = {name: value for name, value in POINTS[0].items() if name != "lambda"}
    for engine, backend in ((cmdstan, "stan"), (pymc, "pymc")):
        with pytest.raises(EngineError, match="no value for lambda"):
            engine.densities(program(backend), [short])
        with pytest.raises(EngineError, match="not a number"):
            engine.densities(program(backend), [POINTS[0] | {"mu": "much"}])


def test_whole_numbers_written_with_a_point_are_integers(cmdstan: Any) -> None:
    given = dict(program("stan").data)
    floats = program("stan", data=given | {"k": np.array(given["k"], dtype=float), "N_schools": 8.0})
    assert cmdstan.densities(floats, POINTS[:1]).total == cmdstan.densities(program("stan"), POINTS[:1]).total


def test_a_program_that_rejects_everything_has_density_zero(cmdstan: Any) -> None:
    found = cmdstan.densities(program("stan", data=dict(program("stan").data) | {"refuse": 1}), POINTS)
    assert found.total.tolist() == [-np.inf] * 3
    assert "told to refuse" in found.messages[0]


def test_pymc_modules_that_fail(pymc: Any) -> None:
    with pytest.raises(EngineError) as caught:
        pymc.prepare([program("pymc", text="import pymc\n\ndef build_model(data:\n")], densities=True)
    assert (caught.value.stage, caught.value.line) == ("load", 3)
    with pytest.raises(EngineError) as caught:
        pymc.prepare([program("pymc", data=dict(program("pymc").data) | {"sigma": [-1] * 8})], densities=True)
    assert (caught.value.line, caught.value.output) == (9, "ValueError: sigma is negative")
    with pytest.raises(EngineError, match="defines neither"):
        pymc.prepare([program("pymc", text="x = 1\n")], densities=True)
    with pytest.raises(EngineError, match="SystemExit"):
        pymc.prepare([program("pymc", text="raise SystemExit(3)\n")], densities=True)


def test_a_users_own_module_may_just_have_a_model(pymc: Any) -> None:
    text = "import pymc as pm\nwith pm.Model() as model:\n    x = pm.Normal('x', 0, 10)\n"
    own = program("pymc", text=text, labels=(), terms={}, unknowns=("x",), predicted=())
    found = pymc.densities(own, [{"x": 2.5}])
    assert found.terms == {}
    # To the last digits, which literals of eight bits would cost.
    assert found.total[0] == pytest.approx(-0.5 * 0.0625 - np.log(10) - 0.5 * np.log(2 * np.pi), rel=1e-15)


def test_a_label_without_a_variable_is_said(pymc: Any) -> None:
    with pytest.raises(EngineError, match="no variable or potential called nearness_2"):
        pymc.densities(program("pymc", terms={"near": ("nearness_2",), "lambda": ("lambda_",)}), POINTS)


def test_sums_of_more_operands_than_numpy_takes(pymc: Any) -> None:
    """The sum is one node with seventy operands, and so is its derivative by what all of them have in common."""
    names = [f"x{number}" for number in range(70)]
    lines = [*(f"{name} ~ Normal(0, 1)" for name in names), f"log_density += exp({' + '.join(names)} - m)"]
    model = load("\n".join(["m ~ Normal(0, 1)", *lines]) + "\n", name="wide.hier").model()
    point = dict.fromkeys(names, 0.01) | {"m": 0.7}
    found = pymc.densities(subject(model).inputs["pymc"], [point])
    assert found.messages == ()
    total, _ = reference.log_density(model, point)
    assert found.total[0] == pytest.approx(total, rel=1e-12)
    assert found.gradient[0, found.names.index("m")] == pytest.approx(-0.7 - 1.0, rel=1e-12)


def test_nothing_is_noted_about_where_variables_were_made(pymc: Any) -> None:
    import pytensor

    limit = pytensor.config.traceback__limit
    model = pymc._model(program("pymc"))
    assert model.free_RVs
    assert not any(getattr(variable.tag, "trace", []) for variable in model.free_RVs)
    assert pytensor.config.traceback__limit == limit > 0
