"""Every kind of statement in every backend, and a wrong version of each found out, with the statement named.

What is emitted is resolved from the wrong text, what the reference evaluates from the right one; names and labels are
alike. Right and wrong versions of all kinds stand in one model, each under names of its own (``@`` becomes a prefix).
"""

from __future__ import annotations

from typing import Any

import pytest

from hiercomp.engines import choose_stan
from tests.conformance.kinds import Kind, blamed, faulty_labels, resolved, right_and_wrong
from tests.engines.conftest import without_optimisation

pytestmark = pytest.mark.engine


MU, TAU = "@mu ~ Normal(0, 3)", "@tau ~ Half-Normal(0, 2)"
KINDS = (
    Kind("index dropped", (MU, TAU), "@z_i ~ Normal(@mu, s_i)", "@z_i ~ Normal(@mu, s[1])", "@z"),
    Kind("sd for variance", (MU,), "@z_i ~ Normal(@mu, s_i)", "@z_i ~ Normal(mean = @mu, var = s_i)", "@z"),
    Kind("rate for scale", (TAU,), "@w_i ~ Exponential(rate = @tau)", "@w_i ~ Exponential(scale = @tau)", "@w"),
    Kind("nested index", ("@a_j ~ Normal(0, 1)",), "@z_i ~ Normal(@a[g[i]], 1)", "@z_i ~ Normal(@a[h[i]], 1)", "@z"),
    Kind(
        "literal index",
        ("@a_j ~ Normal(0, 1)",),
        "@z_i ~ Normal(@a[1] - 2 * @a[2], s_i)",
        "@z_i ~ Normal(@a[2] - 2 * @a[1], s_i)",
        "@z",
    ),
    Kind(
        "term of a definition dropped",
        (MU, TAU, "@e_i ~ Normal(0, 1)", "@z_i ~ Normal(@t_i, s_i)"),
        "@t_i = @mu + @tau * @e_i",
        "@t_i = @tau * @e_i",
        "@z",
    ),
    Kind("link", (MU, "@k_i ~ Poisson(@r_i)"), "log(@r_i) = @mu + 0.1 * s_i", "@r_i = (@mu + 0.1 * s_i)^2", "@k"),
    Kind(
        "pieces exchanged",
        (MU, TAU, "@z_i ~ Normal(@t_i, 1)"),
        "@t_i = @mu if @tau > 1\n  = @mu * @tau if @tau <= 1",
        "@t_i = @mu if @tau <= 1\n  = @mu * @tau if @tau > 1",
        "@z",
    ),
    Kind(
        "rate of a smooth switch",
        (MU, TAU, "@z_i ~ Normal(@t_i, 1)"),
        "@t_i = @mu if @tau > 1\n  = @mu * @tau if @tau <= 1 smoothly(2)",
        "@t_i = @mu if @tau > 1\n  = @mu * @tau if @tau <= 1 smoothly(1)",
        "@z",
    ),
    Kind(
        "case of a distribution lost",
        (MU,),
        "@z_i ~ Normal(@mu, 1) if g_i = 1\n  ~ Cauchy(@mu, 1) otherwise",
        "@z_i ~ Cauchy(@mu, 1) if g_i = 1\n  ~ Cauchy(@mu, 1) otherwise",
        "@z",
    ),
    Kind(
        "truncation lost", (MU, TAU), "@w_i ~ Normal(@mu, 2) truncated to [0, ]", "@w_i ~ Normal(@mu, 2)", "@w"
    ),
    Kind(
        "truncation at the wrong end",
        (MU, TAU),
        "@u_i ~ Normal(@mu, 2) truncated to [0, 3]",
        "@u_i ~ Normal(@mu, 2) truncated to [0, ]",
        "@u",
    ),
    Kind(
        "a discrete unknown with the probabilities of another value",
        ("@m_k ~ Normal(0, 1) for k in 1..2", "@z_i ~ Normal(@m[@d_i], 1)", "@p ~ Beta(2, 1)"),
        "@d_i ~ Categorical(@p, 1 - @p)",
        "@d_i ~ Categorical(1 - @p, @p)",
        "@d",
    ),
    Kind(
        "a discrete unknown of each group",
        (MU, "@d_k ~ Bernoulli(inv_logit(@mu)) for k in 1..3"),
        "@z_i ~ Normal(@mu * @d[g[i]], 1)",
        "@z_i ~ Normal(@mu * @d[h[i]], 1)",
        "@d",
    ),
    Kind(
        "counts in a table",
        ("@l_{i,m} ~ Normal(0, 1)",),
        "@c_{i,m} ~ Poisson(exp(@l_{i,m} * X_{i,m}))",
        "@c_{i,m} ~ Poisson(exp(@l_{i,m} * X_{i,1}))",
        "@c",
    ),
    Kind(
        "row", ("@b_p ~ Normal(0, 5) for p in 1..3",), "@z_i ~ Normal(X_i * @b, 1)", "@z_i ~ Normal(X[1] * @b, 1)", "@z"
    ),
    Kind(
        "sum one short",
        ("@b_p ~ Normal(0, 5)",),
        "@z_i ~ Normal(sum(X_{i,p} * @b_p for p in 1..3), 1)",
        "@z_i ~ Normal(sum(X_{i,p} * @b_p for p in 1..2), 1)",
        "@z",
    ),
    Kind(
        "scale of a soft constraint",
        ("@e_i ~ Normal(0, 1)", "@z_i ~ Normal(@e_i, 1)"),
        "sum(@e_i for i in 1..6) ~ Normal(0, 0.01)",
        "sum(@e_i for i in 1..6) ~ Normal(0, 0.02)",
        "soft",
    ),
    Kind("added term", (MU, "@z_i ~ Normal(@mu, 1)"), "log_density += -@mu^2", "log_density += @mu", "added"),
    Kind(
        "density of another group",
        (TAU, "@z_i ~ Normal(@l_i, 1)"),
        "@l_i = logp(Gamma(2, @tau), s_i) + logp(Poisson(@tau * v[g[i]]), h_i)",
        "@l_i = logp(Gamma(2, @tau), s_i) + logp(Poisson(@tau * v[h[i]]), h_i)",
        "@z",
    ),
    Kind(
        "density between other ends",
        (TAU, "@z_i ~ Normal(exp(@l_i), 1)"),
        "@l_i = logp(Uniform(0, @tau), s_i)",
        "@l_i = logp(Uniform(0, 2 * @tau), s_i)",
        "@z",
    ),
    Kind(
        "scale of non-centered effects",
        (MU, TAU, "@z_i ~ Normal(@e_i, 1)"),
        "@e_i ~ Normal(@mu, @tau) non-centered",
        "@e_i ~ Normal(@mu, @tau^2) non-centered",
        "@z",
    ),
    Kind("range of a random walk", (TAU, "@a_1 ~ Normal(0, 1)", "@z_i ~ Normal(@a_i, 1)"),
         "@a_i ~ Normal(@a_{i-1}, @tau) for i in 2..6", "@a_i ~ Normal(@a_{1}, @tau) for i in 2..6", "@a_2"),
    Kind(
        "weights of a mixture exchanged",
        (MU, "@p ~ Beta(2, 3)"),
        "@z_i ~ Mixture((@p, 1 - @p), Normal(@mu, 1), Cauchy(0, 2))",
        "@z_i ~ Mixture((1 - @p, @p), Normal(@mu, 1), Cauchy(0, 2))",
        "@z",
    ),
    Kind(
        "weights of a mixture lost",
        ("@r_j ~ Gamma(2, 1) for j in 1..3",),
        "@k_i ~ Mixture(v, Poisson(@r_j))",
        "@k_i ~ Mixture((0.34, 0.33, 0.33), Poisson(@r[1]), Poisson(@r[2]), Poisson(@r[3]))",
        "@k",
    ),
    Kind(
        "transition matrix turned",
        (MU, "@p ~ Beta(2, 3)", "@q ~ Beta(2, 3)"),
        "@z ~ HMM(transition = ((@p, 1 - @p), (@q, 1 - @q)), emission = (Normal(@mu, 1), Cauchy(0, 2)))",
        "@z ~ HMM(transition = ((1 - @q, @q), (1 - @p, @p)), emission = (Normal(@mu, 1), Cauchy(0, 2)))",
        "@z",
    ),
    Kind(
        "first state lost",
        ("@r_j ~ Gamma(2, 1) for j in 1..3", "@m_j ~ Dirichlet(2, 2, 2) for j in 1..3"),
        "@k ~ HMM(initial = v, transition = @m, emission = Poisson(@r_j * s_t)) weighted by 2",
        "@k ~ HMM(transition = @m, emission = Poisson(@r_j * s_t)) weighted by 2",
        "@k",
    ),
    Kind(
        "scales of two states exchanged",
        (MU, TAU, "@m_j ~ Dirichlet(2, 1) for j in 1..2"),
        "@z ~ HMM(initial = (0.3, 0.7), transition = @m, emission = (Normal(@mu, @tau), Normal(2 * @mu, 0.4)))",
        "@z ~ HMM(initial = (0.3, 0.7), transition = @m, emission = (Normal(@mu, 0.4), Normal(2 * @mu, @tau)))",
        "@z",
    ),
    Kind(
        "kernel of another kind",
        (TAU, "@l ~ Gamma(2, 1)", "@z_i ~ Normal(@f_i, 1)"),
        "@f ~ GP(0, matern52(s, alpha = @tau, length = @l), jitter = 0.01) non-centered",
        "@f ~ GP(0, matern32(s, alpha = @tau, length = @l), jitter = 0.01) non-centered",
        "@z",
    ),
    Kind(
        "variance for the noise of a process",
        (MU, TAU, "@l ~ Gamma(2, 1)"),
        "@z ~ GP(@mu, exp_quad(s, 1, @l) + periodic(s, alpha = 1, length = @l, period = 3), noise = @tau)",
        "@z ~ GP(@mu, exp_quad(s, 1, @l) + periodic(s, alpha = 1, length = @l, period = 3), noise = sqrt(@tau))",
        "@z",
    ),
    Kind(
        "censored on the other side",
        ("@a ~ Gamma(2, 1)", "@b ~ Gamma(2, 1)"),
        "@w_i ~ Weibull(@a, @b) censored above lim_i",
        "@w_i ~ Weibull(@a, @b) censored below lim_i",
        "@w",
    ),
    Kind(
        "censoring lost", (MU, TAU), "@z_i ~ Normal(@mu, @tau) censored to [-1.1, 2]", "@z_i ~ Normal(@mu, @tau)", "@z"
    ),
    Kind(
        "interval of another length",
        (MU,),
        "@w_i ~ LogNormal(@mu, 1) censored up to up_i",
        "@w_i ~ LogNormal(@mu, 1) censored up to lim_i",
        "@w",
    ),
    Kind("weight lost", (MU,), "@z_i ~ Normal(@mu, 1) weighted by s_i", "@z_i ~ Normal(@mu, 1)", "@z"),
    Kind(
        "hurdle for zero inflation",
        ("@p ~ Beta(2, 3)", "@r ~ Gamma(2, 1)"),
        "@k_i ~ ZeroInflatedPoisson(@p, @r)",
        "@k_i ~ HurdlePoisson(@p, @r)",
        "@k",
    ),
    Kind(
        "probability of a zero the other way round",
        (MU, "@r ~ Gamma(2, 1)"),
        "@k_i ~ Hurdle(inv_logit(@mu), NegBinomial(@r, 2))",
        "@k_i ~ Hurdle(1 - inv_logit(@mu), NegBinomial(@r, 2))",
        "@k",
    ),
    Kind(
        "completed predictor read at other rows",
        (MU, "@x_i ~ Normal(@mu, 1)"),
        "@z_i ~ Normal(@mu * @x_i, 1)",
        "@z_i ~ Normal(@mu * @x[h[i]], 1)",
        "@z",
    ),
    Kind("scale of what is missing", (MU,), "@x_i ~ Normal(@mu, s_i)", "@x_i ~ Normal(@mu, 1)", "@x_missing"),
)  # fmt: skip

Y = {
    "z": [1.5, -2.0, 0.3, 4.0, 2.2, -1.1],
    "w": [0.4, 2.0, 1.3, 50.0, 0.01, 7.5],
    "u": [0.4, 2.0, 1.3, 2.9, 0.01, 0.5],
    "k": [0, 3, 1, 7, 2, 5],
    "x": [1.5, None, 0.3, None, 2.2, -1.1],
    "c": [[0, 3, 1], [7, 2, 5], [1, 1, 0], [4, 9, 2], [0, 0, 1], [3, 1, 6]],
}
DATA: dict[str, Any] = {
    "s": [1.0, 2.0, 0.5, 3.0, 1.5, 0.8],
    "v": [0.2, 0.3, 0.5],
    "lim": [0.4, 3.0, 1.3, 9.0, 0.5, 7.5],
    "up": [0.5, 2.0, 2.3, 51.0, 0.02, 8.0],
    "g": [1, 2, 1, 3, 2, 3],
    "h": [2, 2, 1, 3, 1, 3],
    "X": [[1.0, 0.5, -1.0], [0.0, 2.0, 1.0], [1.5, -0.5, 0.2], [2.0, 1.0, -2.0], [0.3, 0.1, 0.9], [-1.0, 0.4, 0.6]],
}


# Rewriting a graph takes PyTensor more than proportionally longer and larger, so PyMC gets a few kinds at a time.
GROUPS = [KINDS[start : start + 7] for start in range(0, len(KINDS), 7)]


@pytest.mark.parametrize(("side", "kinds"), [("stan", KINDS), *(("pymc", group) for group in GROUPS)])
def test_kinds(side: str, kinds: tuple[Kind, ...], request: pytest.FixtureRequest) -> None:
    right, wrong = right_and_wrong(kinds, Y, DATA, side)
    engine = request.getfixturevalue("unoptimised" if side == "stan" else "pymc")
    found = blamed(right, wrong, engine, side)
    at_fault = faulty_labels(kinds, right, "wrong")
    assert {name: label for name, label in at_fault.items() if label not in found} == {}
    assert all(label.startswith("wrong") for label in found if "q" in label), found
    if side == "pymc":
        assert found & set(faulty_labels(kinds, right, "right").values()) == set()


@pytest.mark.conformance
def test_right_kinds_embedded() -> None:
    # Each engine takes minutes to compile both versions, and what is right in one Stan need not be in another.
    model = resolved(KINDS, Y, DATA, "right", mutated=False)
    assert blamed(model, model, without_optimisation(choose_stan("embedded")), "stan") == set()
