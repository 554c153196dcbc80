"""What Stan code statements become: vectorised where that is possible, loops where not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hiercomp import load
from hiercomp.backends.stan import emit, emit_terms
from hiercomp.model.ir import Support
from hiercomp.plan import make_plan
from tests.backends.stancs import complaints, stancs
from tests.plan.models import model, noncentered
from tests.plan.zoo import BY_NAME, ZOO

_SETS = {"sets": {"n": "N", "j": "J", "p": "P"}, "letters": {"i": "n", "j": "j", "p": "p"}}
_DATA = {"y": ["n"], "Y": ["n", "j"], "x": ["n"], "X": ["n", "p"], "g": ["n"], "k": ["n"], "c": [], "yj": ["j"]}
_AXES = {"b": ["p"], "a": ["j"], "B": ["j", "p"], "t": ["n"], "m": ["n"], "M": ["n", "j"]}
_INTS = ["g", "k"]


def _text(*lines: str, **more) -> str:
    priors = {"b[p]": "b", "a[j]": "a", "B[j,p]": "B", "t[i]": "t", "s": "s", "M[i,j]": "M"}
    said = " ".join(lines)
    known = [f"{lhs} ~ Flat()" for lhs, name in priors.items() if re.search(rf"\b{name}\b", said)]
    started = {re.split(r"[\[ ]", line)[0] for line in lines}
    known = [line for line in known if re.split(r"[\[ ]", line)[0] not in started]
    spec = model("m", [*lines, *known], data=_DATA, ints=_INTS, axes=_AXES, **{**_SETS, **more})
    return emit(make_plan(spec)).text


def _block(text: str, name: str) -> str:
    match = re.search(rf"^{name} \{{\n(.*?)^\}}", text, re.DOTALL | re.MULTILINE)
    return match[1] if match else ""


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("y[i] ~ Normal(s, 1)", "y ~ normal(s, 1);"),
        ("y[i] ~ Normal(s + t[i] * x[i], 1)", "y ~ normal(s + t .* x, 1);"),
        ("y[i] ~ Normal(s * x[i] / t[i], 1)", "y ~ normal(s * x ./ t, 1);"),
        ("y[i] ~ Normal(t[i] ** 2, x[i] ** s)", "y ~ normal(square(t), x .^ s);"),
        ("y[i] ~ Normal(-t[i] - (s - x[i]), 1)", "y ~ normal(-t - (s - x), 1);"),
        ("y[i] ~ Normal(a[g[i]], 1)", "y ~ normal(a[g], 1);"),
        ("y[i] ~ Normal(dot(X[i], b), 1)", "y ~ normal(X * b, 1);"),
        ("y[i] ~ Normal(dot(b, X[i]), 1)", "y ~ normal(X * b, 1);"),
        ("y[i] ~ Normal(dot(X[i], B[g[i]]), 1)", "y ~ normal(rows_dot_product(X, B[g]), 1);"),
        ("y[i] ~ Normal(sum(X[i,p] * b[p] for p in p), 1)", "y ~ normal(X * b, 1);"),
        ("y[i] ~ Normal(t[i-1], 1) | i in 2..N", "y[2:N] ~ normal(t[1:(N - 1)], 1);"),
        ("y[i] ~ Normal(t[i+1], 1) | i in 1..N-1", "y[1:(N - 1)] ~ normal(t[2:N], 1);"),
        ("y[1] ~ Normal(t[1], 1)", "y[1] ~ normal(t[1], 1);"),
        ("Y[i,j] ~ Normal(M[i,j], s)", "to_vector(Y) ~ normal(to_vector(M), s);"),
        ("Y[i,j] ~ Normal(t[i] + a[j], s)", "for (i in 1:N) {\n    Y[i] ~ normal(t[i] + a, s);\n  }"),
        ("Y[i,j] ~ Normal(t[i] + M[i,j], s)", "for (i in 1:N) {\n    Y[i] ~ normal(t[i] + M[i], s);\n  }"),
        ("Y[i,j] ~ Normal(t[i] * x[i], M[i,j])", "for (i in 1:N) {\n    Y[i] ~ normal(t[i] * x[i], M[i]);\n  }"),
        ("k[i] ~ Poisson(exp(s + x[i]))", "k ~ poisson_log(s + x);"),
        ("k[i] ~ Binomial(g[i], inv_logit(t[i]))", "k ~ binomial_logit(g, t);"),
        ("y[i] ~ Normal(g[i] / 2, 1)", "y ~ normal(g / 2, 1);"),
        ("y[i] ~ Normal(a[g[i]] + g[i] / 2, 1)", "y ~ normal(a[g] + to_vector(g) / 2, 1);"),
        ("y[i] ~ Normal(s, 1 / sqrt(t[i]))", "y ~ normal(s, inv_sqrt(t));"),
        ("y[i] ~ Normal(s, 2 / sqrt(t[i]))", "y ~ normal(s, 2 ./ sqrt(t));"),
        ("y[i] ~ Normal(s, 1 / sqrt(k[i]))", "y ~ normal(s, inv_sqrt(k));"),
        ("y[i] ~ Normal(abs(t[i]), 1)", "for (i in 1:N) {\n    y[i] ~ normal(abs(t[i]), 1);\n  }"),
        ("y[i] ~ Normal(i * s, 1)", "for (i in 1:N) {\n    y[i] ~ normal(i * s, 1);\n  }"),
        ("y[i] ~ Normal(s if x[i] > 0 else 1, 1)", "for (i in 1:N) {\n    y[i] ~ normal(x[i] > 0 ? s : 1, 1);\n  }"),
        ("c ~ Normal(mean(t[i] * x[i] for i in n), 1)", "c ~ normal(mean(t .* x), 1);"),
        ("c ~ Normal(sum(t[i] * x[i] for i in n), 1)", "c ~ normal(dot_product(t, x), 1);"),
        ("c ~ Normal(sum(t[i] ** 2 for i in n), 1)", "c ~ normal(sum(square(t)), 1);"),
        ("c ~ Normal(1 / 3 + s, 1)", "c ~ normal(1.0 / 3 + s, 1);"),
        ("c ~ Normal(N / 2, 1 / N)", "c ~ normal(N / 2.0, 1.0 / N);"),
        ("c ~ Normal(N / N, 1)", "c ~ normal(1.0 * N / N, 1);"),
        ("yj[j] ~ Normal(dot(B[j], X[1]), 1)", "yj ~ normal(B * X[1]', 1);"),
        ("sum(t[i] for i in n) ~ Normal(0, 0.001 * N)", "sum(t) ~ normal(0, 0.001 * N);"),
        ("log_density += t[i] * s | i in n", "target += sum(t * s);"),
        ("log_density += s | i in n", "target += N * s;"),
        (
            "log_density += max(s if t[i] > a[j] else a[j] for j in j) if x[i] > 0 else 0 | i in n",
            "for (i in 1:N) {\n    if (x[i] > 0) {\n      vector[J] each;\n      for (j in 1:J) {\n"
            "        each[j] = t[i] > a[j] ? s : a[j];\n      }\n      target += max(each);\n    }\n  }",
        ),
        ("c ~ Normal(0, 1)", "c ~ std_normal();"),
    ],
)
def test_terms(line, wanted):
    assert f"  {wanted}\n" in _block(_text(line), "model")


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["m[i] = s + t[i]"], "vector[N] m = s + t;"),
        (["m[i] = s"], "vector[N] m = rep_vector(s, N);"),
        (["m[1] = s", "m[i] = t[i] | i in 2..N"], "vector[N] m;\n  m[1] = s;\n  m[2:N] = t[2:N];"),
        (
            ["m[1] = s", "m[i] = m[i-1] + t[i] | i in 2..N"],
            "vector[N] m;\n  m[1] = s;\n  for (i in 2:N) {\n    m[i] = m[i - 1] + t[i];\n  }",
        ),
        (
            ["m[i] = s if s > 0 else t[i]"],
            "vector[N] m;\n  if (s > 0) {\n    m = rep_vector(s, N);\n  } else {\n    m = t;\n  }",
        ),
        (["m[i] = s if x[i] > 0 else t[i]"], "vector[N] m;\n  for (i in 1:N) {\n    m[i] = x[i] > 0 ? s : t[i];\n  }"),
        (
            ["W[i,j] = t[i] + a[j]", "m[i] = W[i,1]"],
            "matrix[N, J] W;\n  for (j in 1:J) {\n    W[:, j] = t + a[j];\n  }\n  vector[N] m = W[:, 1];",
        ),
        (["W[i,j] = M[i,j] * s", "m[i] = W[i,1]"], "matrix[N, J] W = M * s;\n  vector[N] m = W[:, 1];"),
        (
            ["m[i] = sum(M[i,j] ** 2 for j in j)"],
            "vector[N] m;\n  for (i in 1:N) {\n    m[i] = sum(square(M[i]));\n  }",
        ),
        (
            ["m[i] = max(s if t[i] > a[j] else a[j] for j in j)"],
            "vector[N] m;\n  for (i in 1:N) {\n    vector[J] each;\n    for (j in 1:J) {\n"
            "      each[j] = t[i] > a[j] ? s : a[j];\n    }\n    m[i] = max(each);\n  }",
        ),
        (
            ["m[i] = max(s if t[i] > a[j] else a[j] for j in j) if x[i] > 0 else s"],
            "vector[N] m;\n  for (i in 1:N) {\n    if (x[i] > 0) {\n      vector[J] each;\n      for (j in 1:J) {\n"
            "        each[j] = t[i] > a[j] ? s : a[j];\n      }\n      m[i] = max(each);\n"
            "    } else {\n      m[i] = s;\n    }\n  }",
        ),
    ],
)
def test_definitions(lines, wanted):
    text = _text("y[i] ~ Normal(m[i], 1)", *lines)
    assert wanted in _block(text, "transformed parameters")


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["s ~ Half-Cauchy(2)"], "real<lower=0> s;"),
        (["s ~ Uniform(c, c + 1)"], "real<lower=c, upper=c + 1> s;"),
        (["a[j] ~ Beta(2, 2)"], "vector<lower=0, upper=1>[J] a;"),
        (["b[p] ~ Uniform(0, 1)", "B[j,p] ~ Exponential(2)"], "matrix<lower=0>[J, P] B;"),
        (["t[i] ~ Uniform(x[i], x[i] + 2)"], "vector<lower=x, upper=x + 2>[N] t;"),
    ],
)
def test_parameters(lines, wanted):
    assert wanted in _block(_text(*lines, "y[i] ~ Normal(0, 1)"), "parameters")


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["k[i] ~ Poisson(3)"], "array[N] int<lower=0> k;"),
        (["k[i] ~ Bernoulli(0.5)"], "array[N] int<lower=0, upper=1> k;"),
        (["k[i] ~ Binomial(5, 0.5)"], "array[N] int<lower=0, upper=5> k;"),
        (["y[i] ~ LogNormal(0, 1)"], "vector<lower=0>[N] y;"),
        (["y[i] ~ Normal(a[g[i]], 1)"], "array[N] int<lower=1, upper=J> g;"),
        (["y[i] ~ Normal(x[i], 1)"], "int<lower=0> N;"),
    ],
)
def test_data_are_validated(lines, wanted):
    assert wanted in _block(_text(*lines), "data")


def test_pointwise_log_likelihoods_have_all_constants():
    text = _text("y[i] ~ Half-Normal(s)", "k[i] ~ Poisson(s) | truncated 1..")
    block = _block(text, "generated quantities")
    assert "log_lik_y[i] = log(2) + normal_lpdf(y[i] | 0, s);" in block
    assert "log_lik_k[i] = poisson_lpmf(k[i] | s) - log1m_exp(poisson_lpmf(0 | s));" in block
    assert block.count("for (i in 1:N) {") == 1


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("y[i] ~ Normal(t[i], s)", "array[N] real y_rep = normal_rng(t, s);"),
        ("y[i] ~ Normal(s, 1)", "array[N] real y_rep = normal_rng(rep_vector(s, N), 1);"),
        ("k[i] ~ Binomial(g[i], inv_logit(t[i]))", "array[N] int y_rep = binomial_rng(g, inv_logit(t));"),
        ("Y[i,j] ~ Normal(M[i,j], s)", "y_rep[i] = normal_rng(M[i], s);"),
        ("y[i] ~ Half-Cauchy(s)", "y_rep[i] = abs(cauchy_rng(0, s));"),
        ("y[i] ~ Normal(s, 1) | truncated 0..c", "y_rep[i] = normal_within_rng(s, 1, 0, c);"),
    ],
)
def test_replicates(line, wanted):
    assert wanted in _block(_text(line), "generated quantities")


_PRODUCTS = """
y_{j,r} ~ Normal(eta_{j,r}, 1)
eta_{j,r} = psi_{j,r}[2]
psi_{j,r} = softmax(PRODUCT)
beta_{j,k,d} ~ Normal(0, 1) for k in 1..3, d in 1..2
rho_{r,k,d} ~ Normal(0, 1) for k in 1..3, d in 1..2
s ~ Half-Normal(0, 1)
"""


@pytest.mark.parametrize(
    ("product", "before"),
    [
        ("beta_j * w_r", "matrix[N_r, 3] psi_product = w * beta[j]';"),
        ("s * (beta_j * w_r)", "matrix[N_r, 3] psi_product = w * beta[j]';"),
        ("rho_r * w_r", ""),  # the matrix is another one each time
        ("rho_r * v_j", ""),
    ],
)
def test_products_with_one_vector_after_the_other(product, before):
    data = {"y": [[0.0] * 4] * 2, "w": [[1.0, 2.0]] * 4, "v": [[1.0, 2.0]] * 2}
    text = load(_PRODUCTS.replace("PRODUCT", product), data=data, name="products.hier").stan()
    computed = _block(text, "transformed parameters")
    assert before in computed
    assert ("_product" in computed) == bool(before)


def test_predictions_may_be_used_in_arithmetic():
    text = emit(make_plan(BY_NAME["predict"])).text
    assert "vector[J] diff = to_vector(new_) - mu;" in text


def test_what_stays_out_of_the_model():
    text = emit(make_plan(BY_NAME["logit"])).text
    assert "  // b ~ Flat(); no idea\n" in text


@pytest.mark.parametrize("spec", ZOO, ids=lambda spec: spec.name)
def test_instrumented_form_is_the_same_program(spec):
    plan = make_plan(spec)
    program, terms = emit(plan), emit_terms(plan)
    inner, depth = [], 0
    for line in _block(terms, "model").splitlines():
        if re.fullmatch(r"  if \(hiercomp_term == 0 \|\| hiercomp_term == \d+\) \{", line):
            depth = 1
        elif line == "  }" and depth:
            depth = 0
        else:
            inner.append(line[2:] if depth else line)
    assert inner == _block(program.text, "model").splitlines()
    for name in ("transformed data", "parameters", "transformed parameters", "functions"):
        assert _block(terms, name) == _block(program.text, name)
    assert _block(terms, "data").endswith("  int<lower=0> hiercomp_term;\n")
    numbers = [int(number) for number in re.findall(r"hiercomp_term == (\d+)\)", terms)]
    assert numbers == list(range(1, len(program.labels) + 1))
    assert list(program.labels) == [term.origin.label for term in plan.terms]


@pytest.mark.parametrize("spec", ZOO, ids=lambda spec: spec.name)
def test_origins(spec):
    """Every line of a statement is traced to the statement; headings and braces of blocks are not."""
    program = emit(make_plan(spec))
    lines = program.text.split("\n")
    for number, span in program.origins.items():
        line = lines[number - 1]
        assert line.startswith("  ")
        words = set(re.findall(r"\w+", span.text)) | {"each", "total"}
        generated = re.findall(r"(?:log_lik|y_rep)_?\w*|\w+_raw", line)
        assert (
            generated
            or words & set(re.findall(r"\w+", line))
            or line.strip() in {"}", "{", "} else {"}
            or "for (" in line
        ), (
            line,
            span.text,
        )
    assert program.origins
    assert not {1, 2} & set(program.origins)


def test_origins_of_the_first_model():
    program = emit(make_plan(noncentered()))
    lines = program.text.split("\n")
    where = {
        line.strip(): program.origins[number].text for number, line in enumerate(lines, 1) if number in program.origins
    }
    assert where[
        "tau ~ cauchy(0, 10);  // Half-Cauchy(scale = 10); heavy tails let the data ask for a large tau"
    ].startswith("tau ~")
    assert where["vector[N_schools] theta = mu + tau * eta;"] == "theta[i] = mu + tau * eta[i]"
    assert where["y ~ normal(theta, sigma);"] == "y[i] ~ Normal(theta[i], sigma[i])"
    assert where["real mu;"].startswith("mu ~")
    assert where["log_lik[i] = normal_lpdf(y[i] | theta[i], sigma[i]);"].startswith("y[i] ~")


def test_emission_is_reproducible():
    assert emit(make_plan(noncentered())) == emit(make_plan(noncentered()))


def test_long_lines_are_broken_and_mean_the_same():
    terms = " + ".join(f"s * x[i] * {k} / (t[i] + {k})" for k in range(12))
    text = _text(f"y[i] ~ Normal({terms}, 1)")
    assert max(map(len, text.split("\n"))) <= 100
    joined = re.sub(r"\s+", " ", _block(text, "model"))
    assert joined.count("./ (t + ") == 12


def test_declared_supports_of_data():
    text = _text("y[i] ~ Normal(0, x[i])", supports={"x": Support()})
    assert "vector[N] x;" in text


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
