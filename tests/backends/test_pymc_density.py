"""Generated modules as they run: densities against the reference and SciPy, checks of data, the main part."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import hiercomp
from hiercomp import reference
from hiercomp.backends.pymc import emit
from hiercomp.catalog import DISTRIBUTIONS
from hiercomp.catalog.schema import Unsupported
from hiercomp.expr import Const, Index, Ref, number
from hiercomp.model.ir import Dist, Support
from hiercomp.plan import make_plan, parameterise
from tests.backends.pymc_parts import evaluated, load, normal, pairs
from tests.catalog.points import arguments
from tests.plan import models
from tests.plan.models import model
from tests.plan.zoo import BY_NAME, ZOO

pytestmark = pytest.mark.engine

SIZES = {"N": 5, "J": 3, "K": 2, "P": 2, "T": 6, "N_schools": 8}
SCHOOLS = {"y": [28, 8, -3, 7, -1, 1, 18, 12], "sigma": [15, 10, 16, 11, 9, 11, 10, 18]}
PRINTABLE = [item for item in ZOO if item.name not in {"reduce"}]


def some_data(plan, rng):
    """Return data of the right shapes and within the bounds that the plan states."""
    values = {}
    for item in plan.data:
        if item.size_of:
            values[item.name] = SIZES[item.name]
            continue
        shape = tuple(SIZES[plan.index_set(axis).size_name] for axis in item.axes)
        if item.elem == "real":
            values[item.name] = rng.uniform(0.6, 2, size=shape).tolist()
            continue
        upper = item.support.upper
        high = 2 if upper is None else upper.value if isinstance(upper, Const) else SIZES.get(upper.name, 2)
        low = 0 if item.support.lower is None else item.support.lower.value
        trials = 5 if item.name == "n" else 0
        values[item.name] = (trials + rng.integers(int(low), int(high) + 1, size=shape)).tolist()
    return values


def some_case(plan, spec):
    """Return data and two points at which every term is finite."""
    rng = np.random.default_rng(20260101)
    for _ in range(200):
        data = some_data(plan, rng)
        points = [reference.wide_point(spec, rng, 1.0, data) for _ in range(2)]
        with np.errstate(all="ignore"):
            if all(np.isfinite(reference.log_density(spec, point, data)[0]) for point in points):
                return data, points
    raise AssertionError(spec.name)


def densities(program, data, points, *, gradients=False):
    return evaluated(
        program.text,
        data,
        points,
        gradients=gradients,
        renames=program.renames,
        labels=program.labels,
        terms=program.terms,
    )


def largest_error(spec, program, data, points):
    """Return the largest error of a term of a program against the reference, relative to the term."""
    found = densities(program, data, points)
    worst = 0.0
    for number_, point in enumerate(points):
        terms = reference.log_density(spec, point, data)[1]
        assert set(terms) == set(program.labels)
        for label, want in terms.items():
            got = found.terms[label][number_]
            assert np.isfinite(want), label
            worst = max(worst, abs(got - want) / max(1, abs(want)))
    return worst


@pytest.mark.parametrize("spec", [*PRINTABLE, models.adaptive()], ids=lambda item: item.name)
def test_every_term_has_the_density_of_the_reference(spec):
    plan, spec = make_plan(spec), parameterise(spec)
    data, points = some_case(plan, spec)
    assert largest_error(spec, emit(plan), data, points) < 1e-12


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("crossed", "a[:, None] + b", "a[:, None]"),
        ("nested", "alpha[county_idx]", "alpha[0]"),
        ("ar", "mu[:-1]", "mu[1:]"),
        ("soft", "N * pt.log(s)", "pt.log(s)"),
        ("trunc", "sigma=s), lower=0, upper=10", "sigma=s), lower=0"),
        ("cases", "c == 0, 0, 1", "c == 0, 1, 0"),
        ("nested", "lam=1", "lam=1.001"),
        ("counts", "logit_p=eta[:, None]", "p=pm.math.sigmoid(eta[:, None]) ** 1.001"),
    ],
)
def test_a_wrong_module_is_noticed(name, right, wrong):
    spec = BY_NAME[name]
    plan, spec = make_plan(spec), parameterise(spec)
    program = emit(plan)
    assert right in program.text
    data, points = some_case(plan, spec)
    broken = replace(program, text=program.text.replace(right, wrong, 1))
    assert largest_error(spec, broken, data, points) > 1e-6


def test_every_row_of_the_catalogue_is_printed_as_it_is_meant():
    lines, data, point = [], {}, {}
    for number_, row in enumerate(DISTRIBUTIONS.values()):
        if isinstance(row.pymc, Unsupported) or row.multivariate:
            continue
        args = {name: float(f"{value:.4g}") for name, value in arguments(row)[1].items()}
        args = {name: int(value) if value == int(value) else value for name, value in args.items()}
        lines.append(f"x{number_} ~ {row.name}({', '.join(map(repr, args.values()))})")
        if row.improper:
            value = 1.7
        else:
            arrays = {name: np.asarray(value) for name, value in args.items()}
            value = float(reference.densities.draw(row, arrays, np.random.default_rng(number_), ()))
        (data if row.kind == "discrete" else point)[f"x{number_}"] = int(value) if row.kind == "discrete" else value
    spec = model("rows", lines, data=dict.fromkeys(data, ()))
    assert len(lines) > 25
    assert largest_error(spec, emit(make_plan(spec)), data, [point]) < 1e-8


def test_schools_against_scipy():
    """The one check here that leans on nothing of the project but the module itself."""
    import pytensor

    module = load(emit(make_plan(models.noncentered())).text)
    built = module.build_model(SCHOOLS)
    eta, mu, tau = np.linspace(-1.2, 1.7, 8), 4.4, 6.1
    with pytensor.config.change_flags(cast_policy="numpy+floatX", mode="FAST_COMPILE"):
        terms = [*built.free_RVs, *built.observed_RVs]
        got = built.compile_logp(vars=terms, sum=False, jacobian=False)(
            {"mu": mu, "eta": eta, "tau_log__": np.log(tau)}
        )
    want = {
        "mu": stats.norm.logpdf(mu, 0, 20),
        "tau": stats.halfcauchy.logpdf(tau, 0, 10),
        "eta": stats.norm.logpdf(eta),
        "y": stats.norm.logpdf(SCHOOLS["y"], mu + tau * eta, SCHOOLS["sigma"]),
    }
    for term, value in zip(terms, got, strict=True):
        np.testing.assert_allclose(value, want[term.name], rtol=1e-14)


def test_coords_are_labels_where_the_data_have_them():
    module = load(emit(make_plan(models.noncentered())).text)
    labelled = module.build_model(SCHOOLS | {"schools": list("ABCDEFGH")})
    assert labelled.coords == {"schools": tuple("ABCDEFGH")}
    assert labelled.named_vars_to_dims == dict.fromkeys(("eta", "theta", "y"), ("schools",))
    assert module.build_model(SCHOOLS).coords == {"schools": tuple(range(1, 9))}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sigma": [1.0] * 7}, "sigma has shape (7,), expected (8,)"),
        ({"sigma": [-1.0] + [1.0] * 7}, "sigma has values outside of [0, inf]"),
        ({"sigma": [float("nan")] + [1.0] * 7}, "sigma has values that are not finite numbers"),
        ({"sigma": ["a"] * 8}, "sigma has values that are not finite numbers"),
        ({"sigma": 3.0}, "sigma has shape (), expected (8,)"),
        ({"y": [[1.0], [2.0]]}, "y has shape (2, 1), expected (None,)"),
    ],
    ids=range(6),
)
def test_bad_data_are_refused(change, words):
    module = load(emit(make_plan(models.noncentered())).text)
    with pytest.raises(ValueError, match=r"sigma|y") as caught:
        module.build_model(SCHOOLS | change)
    assert str(caught.value) == words


def test_missing_and_fractional_data_are_refused():
    plan = make_plan(BY_NAME["nested"])
    module = load(emit(plan).text)
    good = some_data(plan, np.random.default_rng(1))
    module.build_model(good)
    for change, words in (
        ({"county": [1, 2, 3, 1.5, 1]}, "county has values that are not whole numbers"),
        ({"county": [0, 1, 2, 3, 1]}, "county has values outside of [1, 3]"),
        ({"county": [4, 1, 2, 3, 1]}, "county has values outside of [1, 3]"),
    ):
        with pytest.raises(ValueError, match="county") as caught:
            module.build_model(good | change)
        assert str(caught.value) == words
    with pytest.raises(ValueError, match=r"^x is missing from the data$"):
        module.build_model({name: value for name, value in good.items() if name != "x"})


@pytest.mark.parametrize("bounds", [{"upper": number(3)}, {"lower": number(2)}], ids=["below", "above"])
def test_a_flat_unknown_starts_and_stays_within_one_bound(bounds):
    plan = pairs(["m", "y"])
    flat = replace(plan.terms[0], dist=Dist("Flat", (), "Flat()"))
    plan = replace(plan, params=(replace(plan.params[0], support=Support(**bounds)),), terms=(flat, plan.terms[1]))
    built = load(emit(plan).text).build_model({"y": [0.5, 1.0]})
    assert np.isfinite(list(built.point_logps().values())).all()


def test_names_that_clash_with_the_module_work():
    names = ["lambda", "data", "model", "np", "pm", "coords", "p", "len", "chain", "tau_log__", "read", "y"]
    program = emit(pairs(names, index_set="p"))
    built = load(program.text).build_model({"y": [0.5, 1.0]})
    assert [item.name for item in built.free_RVs] == [program.renames.get(name, name) for name in names[:-1]]
    point = {name: [0.1, 0.2] for name in names[:-1]}
    terms = densities(program, {"y": [0.5, 1.0]}, [point]).terms
    assert terms["tau_log__"][0] == pytest.approx(stats.norm.logpdf([0.1, 0.2]).sum(), rel=1e-14)


def test_literals_keep_double_precision():
    i = Index("i")
    plan = pairs(["m", "y"])
    tenth = Ref("m", (i,))
    prior = replace(plan.terms[0], dist=Dist("Half-Cauchy", (("scale", number(10)),), "Half-Cauchy(10)"))
    y = replace(plan.terms[1], dist=normal(tenth, number(0.1)))
    param = replace(plan.params[0], support=Support(lower=number(0)))
    program = emit(replace(plan, params=(param,), terms=(prior, y)))
    found = densities(program, {"y": [0.5, 1.0]}, [{"m": [0.3, 0.7]}])
    assert found.terms["m"][0] == pytest.approx(stats.halfcauchy.logpdf([0.3, 0.7], scale=10).sum(), rel=1e-15)
    assert found.terms["y"][0] == pytest.approx(stats.norm.logpdf([0.5, 1.0], [0.3, 0.7], 0.1).sum(), rel=1e-14)


@pytest.mark.slow
def test_it_samples_when_it_is_run(tmp_path):
    plan = replace(
        make_plan(BY_NAME["predict"]),
        settings=(("chains", 2), ("warmup", 60), ("draws", 50), ("target_accept", 0.9), ("max_treedepth", 8)),
    )
    (tmp_path / "predict_pymc.py").write_text(emit(plan).text, encoding="utf-8")
    data = {"y": [0.3, 1.2, 2.0], "J": 2}
    (tmp_path / "predict.data.json").write_text(json.dumps(data), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, tmp_path / "predict_pymc.py"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "r_hat" in done.stdout
    import xarray

    with xarray.open_datatree(tmp_path / "predict_pymc.nc") as tree:
        assert set(tree["posterior"].data_vars) == {"mu", "s"}
        assert tree["posterior"].sizes == {"chain": 2, "draw": 50}
        assert set(tree["log_likelihood"].data_vars) == set(tree["posterior_predictive"].data_vars) == {"y"}
        assert set(tree["predictions"].data_vars) == {"new", "diff", "hn"}


@pytest.mark.parametrize("clause", ["censored above 25", "weighted by w_{i,j}", "if g_{i,j} = 1"])
def test_a_variable_that_keeps_the_shape_of_its_arguments_has_one_density_for_each_value(clause):
    times = [[12.0, 1.0, 21.0], [25.0, 25.0, 23.0]]
    data = {"t": times, "w": [[1.0, 2.0, 1.0], [0.5, 0.5, 1.0]], "g": [[1, 2, 1], [1, 1, 1]]}
    spec = f"t_{{i,j}} ~ Weibull(r, b_i) {clause}\nb_i ~ Gamma(2, 0.1)\nr ~ Gamma(2, 2)\n"
    found = hiercomp.density(hiercomp.load(spec, data=data), [{"b": [11.0, 20.0], "r": 1.5}], backend="pymc")
    scale = np.array([[11.0], [20.0]])
    law = stats.weibull_min(1.5, scale=scale)
    terms = {
        "censored above 25": np.where(np.array(times) >= 25, law.logsf(times), law.logpdf(times)),
        "weighted by w_{i,j}": np.array(data["w"]) * law.logpdf(times),
        "if g_{i,j} = 1": (np.array(data["g"]) == 1) * law.logpdf(times),
    }
    prior = stats.gamma.logpdf(scale, 2, scale=10).sum() + stats.gamma.logpdf(1.5, 2, scale=0.5)
    assert found == [pytest.approx(terms[clause].sum() + prior)]


@pytest.mark.parametrize(
    ("prior", "start"),
    [
        ("Cauchy(0, 5) truncated to [0, ]", "initval=np.full(N_j, 1)"),
        ("StudentT(4, 0, 1) where b_j > 0", "initval=np.full(N_j, 1)"),
        ("Laplace(0, 1) truncated to [, 0]", "initval=np.full(N_j, -1)"),
        ("Cauchy(0, 1) truncated to [3, 4]", "initval=np.full(N_j, 3.5)"),
        ("Logistic(0, 1) truncated to [low_j, ]", "initval=np.full(N_j, low + 1)"),
        ("Cauchy(0, 1) truncated to [low_j, 1 + t]", 'initval="prior"'),
    ],
)
def test_sampling_begins_inside_of_what_a_distribution_is_cut_to(prior, start):
    spec = f"y_i ~ Normal(b[g[i]], t)\nb_j ~ {prior}\nt ~ Half-Normal(0, 1)\n"
    program = hiercomp.load(spec, data={"y": [1.0, 2.0, 0.5], "g": [1, 2, 2], "low": [0.0, 0.5]}, name="cut.hier")
    text = program.pymc()
    assert start in " ".join(text.split())

    def begin(text):
        data = {"y": [1.0, 2.0, 0.5], "g": [1, 2, 2], "low": [0.0, 0.5], "N_j": 2}
        return load(text).build_model(data).initial_point()

    assert all(np.isfinite(value).all() for value in begin(text).values())
    # PyMC's own choice is at the bound.
    assert not all(np.isfinite(value).all() for value in begin(text.replace(start, "initval=None")).values())
