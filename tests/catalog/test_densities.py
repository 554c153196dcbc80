"""Every row in every target that runs in Python: the same density at the same points. tests/engines has Stan's turn."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, special, stats

from hiercomp.catalog import DISTRIBUTIONS, FUNCTIONS, Distribution, Unsupported
from hiercomp.catalog.building import named
from hiercomp.catalog.trees import ONE, div, mul, ref
from hiercomp.reference import densities
from hiercomp.reference.evaluate import Frame, evaluate
from tests.catalog.points import WITHOUT_QUANTILES, arguments, points

# Quantiles at 1e-30 are infinite for some arguments; what is compared is finite.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

ROWS = [row for row in DISTRIBUTIONS.values() if not row.multivariate]
PROPER = [row for row in ROWS if not row.improper]
CUMULATIVE = [row for row in PROPER if row.name not in WITHOUT_QUANTILES]
TOLERANCE = 1e-8


def by_name(row: Distribution) -> str:
    return row.name


def columns(row: Distribution, integer: bool = False) -> tuple[dict[str, np.ndarray], np.ndarray]:
    tried = points(row)
    whole = {"count", "int", "positive int"}
    args = {
        param.name: np.array(
            [point.args[param.name] for point in tried], dtype=int if param.support in whole else float
        )
        for param in row.params
    }
    return args, np.array([point.x for point in tried], dtype=int if integer and row.kind == "discrete" else float)


def term_errors(got: np.ndarray, want: np.ndarray) -> np.ndarray:
    return np.abs(got - want) / np.maximum(1.0, np.abs(want))


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_points_are_many_and_finite(row):
    args, x = columns(row)
    assert len(x) >= 15
    assert np.isfinite(densities.log_density(row, args, x)).all()


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_pymc_has_the_density_of_the_reference(row):
    import pymc as pm
    import pytensor
    import pytensor.tensor as pt

    from tests.catalog.pymc_trees import graph

    if isinstance(row.pymc, Unsupported):
        pytest.skip(row.pymc.reason)
    args, x = columns(row, integer=True)
    # What samplers compile: the stabilising rewrites are part of every optimised mode.
    mode = pytensor.compile.mode.get_mode("FAST_COMPILE").including("stabilize")
    with pytensor.config.change_flags(cast_policy="numpy+floatX"):
        inputs = {name: pt.vector(name, dtype=value.dtype) for name, value in args.items()}
        variate = pt.vector("variate", dtype=x.dtype)
        if "pymc" in row.own:
            term = graph(row.log_density, {**inputs, "x": variate})
        else:
            keywords = {key: graph(tree, inputs) for key, tree in zip(row.pymc.keywords, row.pymc.args, strict=True)}
            term = pm.logp(getattr(pm, row.pymc.name).dist(**keywords, shape=x.shape), variate)
        density = pytensor.function([*inputs.values(), variate], term, mode=mode, on_unused_input="ignore")
    got = density(*args.values(), x)
    errors = np.nan_to_num(term_errors(got, densities.log_density(row, args, x)), nan=np.inf)
    worst = int(np.argmax(errors))
    allowed = max([TOLERANCE, *(limit.error for limit in row.limits if limit.target == "pymc")])
    assert errors[worst] <= allowed, f"{points(row)[worst]}: {errors[worst]:.1e}"


MUTANTS = {
    "Normal": named("Normal", mu="mean", sigma=mul(ref("sd"), ref("sd"))),
    "Gamma": named("Gamma", alpha="shape", beta=div(ONE, ref("rate"))),
    "Half-Cauchy": named("Cauchy", alpha=ONE, beta="scale"),
    "NegBinomial": named("NegativeBinomial", mu="phi", alpha="mean"),
    "Bernoulli-Logit": named("Bernoulli", p="logit"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_spelling_is_caught(name):
    wrong = replace(DISTRIBUTIONS[name], pymc=MUTANTS[name])
    with pytest.raises((AssertionError, ValueError)):
        test_pymc_has_the_density_of_the_reference(wrong)


@pytest.mark.parametrize("row", [row for row in PROPER if row.log_density is not None], ids=by_name)
def test_own_expressions_are_the_density_of_scipy(row):
    args, x = columns(row)
    method = "logpmf" if row.kind == "discrete" else "logpdf"
    want = np.asarray(densities._scipy(row, method, args, x))
    got = densities.log_density(row, args, x)
    # SciPy cannot say 1 - p where p is within rounding of 1, so rarely the exacter of the two is ours.
    sound = np.isfinite(want) & (np.abs(want) < 30)
    assert sound.sum() >= 10
    assert term_errors(got[sound], want[sound]).max() < 1e-6


CLOSED_FORMS = {
    "Normal": lambda x, mean, sd: -((x - mean) ** 2) / (2 * sd**2) - math.log(sd) - math.log(2 * math.pi) / 2,
    "Half-Normal": lambda x, scale: math.log(2 / (scale * math.sqrt(2 * math.pi))) - x**2 / (2 * scale**2),
    "Cauchy": lambda x, location, scale: -math.log(math.pi * scale) - math.log1p(((x - location) / scale) ** 2),
    "Half-Cauchy": lambda x, scale: math.log(2 / (math.pi * scale)) - math.log1p((x / scale) ** 2),
    "StudentT": lambda x, df, location, scale: (
        math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.log(df * math.pi) / 2 - math.log(scale)
        - (df + 1) / 2 * math.log1p(((x - location) / scale) ** 2 / df)
    ),
    "Half-StudentT": lambda x, df, scale: (
        math.log(2) + math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.log(df * math.pi) / 2 - math.log(scale)
        - (df + 1) / 2 * math.log1p((x / scale) ** 2 / df)
    ),
    "LogNormal": lambda x, meanlog, sdlog: (
        -((math.log(x) - meanlog) ** 2) / (2 * sdlog**2) - math.log(x * sdlog) - math.log(2 * math.pi) / 2
    ),
    "Exponential": lambda x, rate: math.log(rate) - rate * x,
    "Gamma": lambda x, shape, rate: (
        shape * math.log(rate) - math.lgamma(shape) + (shape - 1) * math.log(x) - rate * x
    ),
    "Inverse-Gamma": lambda x, shape, scale: (
        shape * math.log(scale) - math.lgamma(shape) - (shape + 1) * math.log(x) - scale / x
    ),
    "Beta": lambda x, alpha, beta: (
        math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)
        + (alpha - 1) * math.log(x) + (beta - 1) * math.log1p(-x)
    ),
    "Laplace": lambda x, location, scale: -math.log(2 * scale) - abs(x - location) / scale,
    "Weibull": lambda x, shape, scale: (
        math.log(shape / scale) + (shape - 1) * math.log(x / scale) - (x / scale) ** shape
    ),
    "Pareto": lambda x, minimum, shape: math.log(shape) + shape * math.log(minimum) - (shape + 1) * math.log(x),
    "Scaled-Inverse-Chi-Squared": lambda x, df, scale: (
        df / 2 * math.log(df / 2) - math.lgamma(df / 2) + df * math.log(scale)
        - (df / 2 + 1) * math.log(x) - df * scale**2 / (2 * x)
    ),
    "Rayleigh": lambda x, scale: math.log(x) - 2 * math.log(scale) - x**2 / (2 * scale**2),
    "Skew-Normal": lambda x, location, scale, alpha: (
        math.log(2 / scale) + stats.norm.logpdf((x - location) / scale)
        + stats.norm.logcdf(alpha * (x - location) / scale)
    ),
    "Asymmetric-Laplace": lambda x, location, scale, quantile: (
        math.log(quantile * (1 - quantile) / scale)
        - (x - location) / scale * (quantile - (1 if x < location else 0))
    ),
    "Von-Mises": lambda x, location, kappa: (
        kappa * (math.cos(x - location) - 1) - math.log(2 * math.pi * special.i0e(kappa))
    ),
    "Generalized-Pareto": lambda x, location, scale, shape: (
        -math.log(scale) - (1 + 1 / shape) * math.log1p(shape * (x - location) / scale)
        if shape else -math.log(scale) - (x - location) / scale
    ),
    "Inverse-Gaussian": lambda x, mean, shape: (
        math.log(shape / (2 * math.pi * x**3)) / 2 - shape * (x - mean) ** 2 / (2 * mean**2 * x)
    ),
    "Frechet": lambda x, shape, scale: (
        math.log(shape / scale) - (1 + shape) * math.log(x / scale) - (x / scale) ** -shape
    ),
    "Log-Logistic": lambda x, scale, shape: (
        math.log(shape / scale) + (shape - 1) * math.log(x / scale) - 2 * math.log1p((x / scale) ** shape)
    ),
    "Gompertz": lambda x, shape, rate: math.log(rate) + shape * x - rate / shape * (math.exp(shape * x) - 1),
    "Kumaraswamy": lambda x, a, b: math.log(a * b) + (a - 1) * math.log(x) + (b - 1) * math.log1p(-(x**a)),
    "Bernoulli": lambda x, p: math.log(p) if x else math.log1p(-p),
    "Geometric": lambda x, p: math.log(p) + (x - 1) * math.log1p(-p),
    "Binomial": lambda x, n, p: (
        math.lgamma(n + 1) - math.lgamma(x + 1) - math.lgamma(n - x + 1) + x * math.log(p) + (n - x) * math.log1p(-p)
    ),
    "Poisson": lambda x, rate: x * math.log(rate) - rate - math.lgamma(x + 1),
    "NegBinomial": lambda x, mean, phi: (
        math.lgamma(x + phi) - math.lgamma(phi) - math.lgamma(x + 1)
        + phi * math.log(phi / (mean + phi)) + x * math.log(mean / (mean + phi))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_reference_has_the_density_of_the_textbook(name):
    row = DISTRIBUTIONS[name]
    args, x = columns(row)
    want = np.array([CLOSED_FORMS[name](point.x, **point.args) for point in points(row)])
    # Textbook forms cancel where terms are large, so the allowance is not ours.
    assert term_errors(densities.log_density(row, args, x), want).max() < 1e-7


def distribution_function(row, arrays):
    """Return P(X <= x) as the reference has it, by SciPy where SciPy would integrate for the logarithm."""
    if row.log_cdf is None and not row.reference_half:
        return lambda x: densities._scipy(row, "cdf", arrays, np.asarray(x))
    return lambda x: np.exp(densities.log_cdf(row, arrays, np.asarray(x)))


@pytest.mark.parametrize("row", CUMULATIVE, ids=by_name)
def test_draws_have_the_distribution_function(row):
    rng = np.random.default_rng(len(row.name))
    tried = 0
    for args in arguments(row)[:4]:
        arrays = {name: np.asarray(value) for name, value in args.items()}
        draws = densities.draw(row, arrays, rng, (2000,))
        if row.kind == "continuous":
            if np.isin(draws, densities.bounds(row, arrays)).any():
                continue  # so close to an end that draws round to it
            assert stats.kstest(draws, distribution_function(row, arrays)).pvalue > 1e-4
            tried += 1
        else:
            tried += 1
            for x in np.unique(draws)[:20]:
                share = distribution_function(row, arrays)(x)
                assert abs((draws <= x).mean() - share) < 5 * math.sqrt(max(share * (1 - share), 1e-3) / 2000)
    assert tried >= 2


@pytest.mark.parametrize("row", [row for row in CUMULATIVE if row.draw is not None], ids=by_name)
def test_draws_made_of_noise_have_the_distribution_function(row):
    rng = np.random.default_rng(len(row.name))
    noise = {
        "uniform": rng.uniform(size=2000),
        "normal": rng.normal(size=2000),
        "exponential": rng.exponential(size=2000),
    }
    tried = 0
    for args in arguments(row):
        arrays = {name: np.asarray(value) for name, value in args.items()}
        draws = evaluate(row.draw, Frame({**arrays, **noise}, {}))
        # Beyond these rounding of the draws, or of SciPy's tails, is what would be seen.
        if len(np.unique(draws)) == 2000 and np.abs(draws).min() > 1e-8 and np.abs(draws).max() < 1e9:
            assert stats.kstest(draws, distribution_function(row, arrays)).pvalue > 1e-4, args
            tried += 1
    assert tried >= 2


@pytest.mark.parametrize("row", CUMULATIVE, ids=by_name)
def test_tails_add_up_to_one(row):
    args, x = columns(row)
    below, above = densities.log_cdf(row, args, x), densities.log_ccdf(row, args, x)
    np.testing.assert_allclose(np.exp(below) + np.exp(above), 1.0, atol=1e-9)
    if row.kind == "discrete":
        step = np.exp(below) - np.exp(densities.log_cdf(row, args, x - 1))
        np.testing.assert_allclose(step, np.exp(densities.log_density(row, args, x)), atol=1e-9)


@pytest.mark.parametrize("row", [row for row in PROPER if row.log_cdf is not None], ids=by_name)
@pytest.mark.parametrize(("method", "tail"), [("logcdf", densities.log_cdf), ("logsf", densities.log_ccdf)])
def test_own_tails_are_those_of_scipy(row, method, tail):
    args, x = columns(row)
    got = tail(row, args, x)
    if row.reference_half:
        if method == "logcdf":
            return  # SciPy has no folded t, and 1 - 2 * sf is no measure for what is small
        want = densities._scipy(row, "logsf", args, x) + math.log(2)
    else:
        want = np.asarray(densities._scipy(row, method, args, x))
    # Beyond 1e-14 from one SciPy takes differences; what is small it has exactly, but for a few rows.
    sound = np.isfinite(want) & ((want > -20) | np.isin(row.name, ["Normal", "StudentT", "Cauchy", "Half-Cauchy"]))
    assert sound.sum() >= 8
    # Nothing is above the greatest count, and what is below zero, where many are expected, underflows in SciPy too.
    assert np.isfinite(got[np.isfinite(want)] if row.kind == "discrete" else got).all()
    assert term_errors(np.exp(got[sound]), np.exp(want[sound])).max() < 1e-9
    assert term_errors(got[sound], want[sound]).max() < 1e-6


@pytest.mark.parametrize("sd", [1.0, 1e-6])
def test_normal_tails_far_out(sd):
    z = np.array([1.0, 30.0, 37.0, 38.0, 100.0, 1e4, 1e6])
    args = {"mean": np.asarray(2.0), "sd": np.asarray(sd)}
    np.testing.assert_allclose(densities.log_ccdf(DISTRIBUTIONS["Normal"], args, 2 + sd * z), stats.norm.logsf(z), 1e-8)
    np.testing.assert_allclose(densities.log_cdf(DISTRIBUTIONS["Normal"], args, 2 - sd * z), stats.norm.logsf(z), 1e-8)
    above = densities.log_ccdf(DISTRIBUTIONS["Half-Normal"], {"scale": np.asarray(sd)}, sd * z)
    np.testing.assert_allclose(above, stats.norm.logsf(z) + math.log(2), 1e-10)


@pytest.mark.parametrize("df", [0.3, 1.0, 4.0, 60.0, 1e3, 1e6])
@pytest.mark.parametrize("z", [29.0, 31.0, 100.0, 1e4, 1e6])
def test_student_tails_far_out(df, z):
    """The tail is the density at z times the integral of what follows in units of it, which never underflows."""

    def relative(u):
        # t = z / u: the density there over the density at z, times dt / du.
        return z / u**2 * math.exp(-(df + 1) / 2 * (math.log1p((z / u) ** 2 / df) - math.log1p(z**2 / df)))

    args = {"df": np.asarray(df), "location": np.asarray(0.0), "scale": np.asarray(1.0)}
    nearest = 1 / (1 + 60 * (df + z**2) / (df + 1) / z**2) if df > 50 else 0.0
    integral, _ = integrate.quad(relative, nearest, 1, epsrel=1e-12, limit=500)
    want = stats.t.logpdf(z, df) + math.log(integral)
    assert densities.log_ccdf(DISTRIBUTIONS["StudentT"], args, np.asarray(z)) == pytest.approx(want, rel=1e-10)
    assert densities.log_cdf(DISTRIBUTIONS["StudentT"], args, np.asarray(-z)) == pytest.approx(want, rel=1e-10)
    half = densities.log_ccdf(DISTRIBUTIONS["Half-StudentT"], {"df": args["df"], "scale": args["scale"]}, np.asarray(z))
    assert half == pytest.approx(want + math.log(2), rel=1e-10)


@pytest.mark.parametrize(
    ("name", "args", "x", "want"),
    [
        ("Logistic", {"location": 0.0, "scale": 1.0}, 1e6, -1e6),
        ("Cauchy", {"location": 0.0, "scale": 1.0}, 1e6, -math.log(math.pi) - math.log(1e6)),
        ("Half-Cauchy", {"scale": 1.0}, 1e9, math.log(2 / math.pi) - math.log(1e9)),
        ("Gumbel", {"location": 0.0, "scale": 1.0}, 1e4, -1e4),
        ("Gumbel", {"location": 0.0, "scale": 1.0}, 30.0, -30 - math.exp(-30) / 2),
        ("Laplace", {"location": 0.0, "scale": 1.0}, 1e6, -1e6 - math.log(2)),
        ("Weibull", {"shape": 3.0, "scale": 1.0}, 1e3, -1e9),
        ("Pareto", {"minimum": 1.0, "shape": 1e3}, 1e6, -1e3 * math.log(1e6)),
    ],
)
def test_upper_tails_far_out(name, args, x, want):
    arrays = {key: np.asarray(value) for key, value in args.items()}
    assert densities.log_ccdf(DISTRIBUTIONS[name], arrays, np.asarray(x)) == pytest.approx(want, rel=1e-11)


def test_lower_tail_of_a_steep_weibull():
    args = {"shape": np.asarray(200.0), "scale": np.asarray(1.0)}
    assert densities.log_cdf(DISTRIBUTIONS["Weibull"], args, np.asarray(1e-3)) == pytest.approx(200 * math.log(1e-3))


# SciPy has the tails of the skew normal to a few digits only.
NODES, WEIGHTS = np.polynomial.legendre.leggauss(60)


@pytest.mark.parametrize(
    "row", [row for row in CUMULATIVE if row.kind == "continuous" and row.name != "Skew-Normal"], ids=by_name
)
@pytest.mark.parametrize("method", ["ppf", "isf"])
@pytest.mark.parametrize(("start", "stop"), [(0.3, 0.8), (1e-9, 1e-5), (1e-3, 0.7)])
def test_mass_between_bounds_is_the_integral_of_the_density(row, method, start, stop):
    compared = 0
    for args in arguments(row):
        arrays = {name: np.asarray(value) for name, value in args.items()}
        # Pieces of equal ratios of probability: within each the density is smooth (the median may be a corner),
        # unless it falls over many orders of magnitude within one.
        corner = float(args.get("quantile", 0.5))
        levels = np.sort([*np.geomspace(start, stop, 40), corner if method == "ppf" else 1 - corner])
        levels = levels[(levels >= start) & (levels <= stop)]
        ends = np.sort(densities._quantile(row, method, arrays, levels))
        fine = np.diff(ends) > 1e-9 * np.abs(ends[1:])
        steep = np.abs(np.diff(densities.log_density(row, arrays, ends))) > 5
        if not fine.all() or steep.any():
            continue
        middle, half = (ends[1:] + ends[:-1]) / 2, np.diff(ends) / 2
        x = middle[:, None] + half[:, None] * NODES
        density = densities.log_density(row, arrays, x)
        want = special.logsumexp(density + np.log(WEIGHTS * half[:, None]))
        got = densities.log_mass(row, arrays, ends[:1], ends[-1:])
        np.testing.assert_allclose(got, want, rtol=1e-8, atol=3e-7, err_msg=str(args))
        compared += 1
    assert compared


@pytest.mark.parametrize("row", PROPER, ids=by_name)
def test_density_ends_with_the_support(row):
    for args in arguments(row):
        arrays = {name: np.asarray(value) for name, value in args.items()}
        low, high = densities.bounds(row, arrays)
        beyond = np.array([end for end in (low - 1, high + 1) if np.isfinite(end)])
        assert (densities.log_density(row, arrays, beyond) == -np.inf).all()
        if row.kind == "discrete":
            assert densities.log_density(row, arrays, np.asarray(low + 0.5)) == -np.inf


def test_every_function_has_a_value_in_the_reference_and_in_pymc():
    import pytensor
    import pytensor.tensor as pt

    from hiercomp.expr import Call, Ref
    from tests.catalog.pymc_trees import call

    x = np.array([0.05, 0.3, 0.5, 0.75, 0.99])
    y = np.array([0.01, 0.2, 0.4, 0.3, 0.9])
    mode = pytensor.compile.mode.get_mode("FAST_COMPILE").including("stabilize")
    for row in FUNCTIONS.values():
        if not row.elementwise and not row.reduction:
            continue
        values = {"x": -x if row.name == "log1m_exp" else x, "y": y, "z": x * y}
        args = [Ref(name) for name in "xyz"[: row.arity]]
        got = evaluate(Call(row.name, tuple(args)), Frame(values, {}))
        with pytensor.config.change_flags(cast_policy="numpy+floatX"):
            inputs = [pt.dvector(name) for name in "xyz"[: row.arity]]
            other = pytensor.function(inputs, call(row.name, inputs), mode=mode)(*(values[i.name] for i in inputs))
        np.testing.assert_allclose(got, other, rtol=1e-12, err_msg=row.name)


@pytest.mark.parametrize("row", [row for row in FUNCTIONS.values() if row.inverse], ids=lambda row: row.name)
def test_inverses_undo(row):
    from hiercomp.expr import Call, Ref

    assert row.inverse in FUNCTIONS
    x = np.array([0.05, 0.3, 0.5, 0.75, 0.99])
    both = Call(row.inverse, (Call(row.name, (Ref("x"),)),))
    np.testing.assert_allclose(evaluate(both, Frame({"x": x}, {})), x, rtol=1e-12)
