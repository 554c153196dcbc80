"""Distributions with axes of their own, right and wrong, in every backend; and derivatives along paths."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.kinds import Kind, blamed, faulty_labels, right_and_wrong

pytestmark = pytest.mark.engine

KINDS = (
    Kind(
        "concentration of a simplex",
        ("@x_i ~ Normal(@t[1], 1)",),
        "@t ~ Dirichlet(2, 1, 0.7)",
        "@t ~ Dirichlet(2, 0.7, 1)",
        "@t",
    ),
    Kind(
        "one concentration for all",
        ("@x_i ~ Normal(@t[g[i], h[i]], 1)",),
        "@t_k ~ Dirichlet(0.7) for k in 1..3",
        "@t_k ~ Dirichlet(1.4) for k in 1..3",
        "@t",
    ),
    Kind(
        "probabilities of another group",
        ("@t_k ~ Dirichlet(2, 1, 3) for k in 1..3",),
        "@g_i ~ Categorical(@t[g[i]])",
        "@g_i ~ Categorical(@t[h[i]])",
        "@g",
    ),
    Kind("probabilities for log odds", ("@a_k ~ Normal(0, 1) for k in 1..3",),
         "@g_i ~ Categorical(logits = @a)", "@g_i ~ Categorical(logits = 2 * @a)", "@g"),
    Kind("a dropped cutpoint of a logistic",
         ("@c_k ~ Normal(0, 2) for k in 1..2 ordered", "@b ~ Normal(0, 1)"),
         "@g_i ~ OrderedLogistic(@b * w_i, @c)", "@g_i ~ OrderedLogistic(@b * w_i, (@c[1], @c[1] + 1))", "@g"),
    Kind("a dropped cutpoint of a probit",
         ("@c_k ~ Normal(0, 2) for k in 1..2 ordered", "@b ~ Normal(0, 1)"),
         "@g_i ~ OrderedProbit(@b * w_i, @c)", "@g_i ~ OrderedProbit(@b * w_i, (@c[1], @c[1] + 1))", "@g"),
    Kind("counts with the probabilities of another row",
         ("@t_k ~ Dirichlet(2, 1, 3) for k in 1..3",),
         "@n_i ~ Multinomial(m_i, @t[g[i]])", "@n_i ~ Multinomial(m_i, @t[h[i]])", "@n"),
    Kind("counts with another concentration",
         ("@a ~ Gamma(2, 1)",),
         "@n_i ~ DirichletMultinomial(m_i, @a)", "@n_i ~ DirichletMultinomial(m_i, 2 * @a)", "@n"),
    Kind("order with another scale", ("@x_i ~ Normal(@c[g[i]], 1)",),
         "@c_k ~ Normal(0, 2) for k in 1..3 ordered", "@c_k ~ Normal(0, 4) for k in 1..3 ordered", "@c"),
    Kind("positive order by its parts",
         ("@x_i ~ Normal(@c[g[i]], 1)", "@c[1] ~ Normal(1, 1) where @c is positive ordered", "@c[2] ~ Normal(3, 1)"),
         "@c[3] ~ Normal(5, 1)", "@c[3] ~ Normal(5, 2)", "@c_3"),
    Kind("a uniform simplex", ("@p ~ Flat() where @p is a simplex",),
         "@g_i ~ Categorical(@p)", "@g_i ~ Categorical(@p) if g_i = 1\n  ~ Categorical(0.2, 0.3, 0.5) otherwise", "@g"),
    Kind("a covariance for its factor", ("@m_k ~ Normal(0, 1) for k in 1..2",),
         "@v_i ~ MultiNormal(@m, cholesky = F)", "@v_i ~ MultiNormal(@m, F * transpose(F) * F * transpose(F))", "@v"),
    Kind("variances for standard deviations", ("@s_k ~ Half-Normal(1) for k in 1..2", "@R ~ LKJ(2)"),
         "@v_i ~ MultiNormal(mean = 0, sd = @s, corr = @R)",
         "@v_i ~ MultiNormal(mean = 0, sd = (@s[1]^2, @s[2]^2), corr = @R)", "@v"),
    Kind("no correlation", ("@s_k ~ Half-Normal(1) for k in 1..2", "@R ~ LKJ(2)"),
         "@v_i ~ MultiNormal((0, x_i), diag(@s) * @R * diag(@s))",
         "@v_i ~ MultiNormal((0, x_i), diag(@s) * diag(@s) + 0 * @R)", "@v"),
    Kind("another concentration", ("@v_i ~ MultiNormal(0, @R)",), "@R ~ LKJ(2)", "@R ~ LKJ(1)", "@R"),
    Kind("a factor's prior for a matrix's", ("@v_i ~ MultiNormal(mean = 0, cholesky = @L)",),
         "@L ~ LKJCholesky(2)", "@L ~ LKJCholesky(2.5)", "@L"),
    Kind("scale matrix for covariance", ("@b_k ~ Normal(0, 1) for k in 1..2",),
         "@v_i ~ MultiStudentT(5, @b, S)", "@v_i ~ MultiStudentT(5, @b, 5 / 3 * S)", "@v"),
    Kind("means of other groups", ("@v_i ~ MultiNormal(@b_{g[i]}, S)",), "@b_k ~ MultiNormal((1, 2), S) for k in 1..3",
         "@b_k ~ MultiNormal((2, 1), S) for k in 1..3", "@b"),
    Kind("another scale of a covariance", ("@v_i ~ MultiNormal(0, @V)",),
         "@V ~ Inverse-Wishart(5, S)", "@V ~ Inverse-Wishart(5, 2 * S)", "@V"),
    Kind("an inverse for its matrix", ("@v_i ~ MultiNormal(0, @V[g[i]])",),
         "@V_k ~ Wishart(5, S) for k in 1..3", "@V_k ~ Inverse-Wishart(5, S) for k in 1..3", "@V"),
    Kind("a covariance of constant density", ("@V ~ Flat() where @V is a covariance matrix",),
         "@v_i ~ MultiNormal(0, @V)", "@v_i ~ MultiNormal(0, 2 * @V)", "@v"),
    Kind("a zero sum with variances", ("@x_i ~ Normal(@a[g[i]], 1)", "@t ~ Half-Normal(1)"),
         "@a_k ~ Normal(0, @t) for k in 1..3 sum-to-zero", "@a_k ~ Normal(0, @t^2) for k in 1..3 sum-to-zero", "@a"),
    Kind("a zero sum with other tails", ("@x_i ~ Normal(@a[g[i]], 1)",),
         "@a_k ~ StudentT(4, 0, 2) for k in 1..3 where @a sums to zero",
         "@a_k ~ Normal(0, 2 * k) for k in 1..3 where @a sums to zero", "@a"),
    Kind("another direction", ("@u ~ Flat() where @u is a unit vector",),
         "@x_i ~ Normal(@u[1] * x_i + @u[2] * w_i, 1)", "@x_i ~ Normal(@u[2] * x_i + @u[1] * w_i, 1)", "@x"),
    Kind("a direction that is preferred", ("@x_i ~ Normal(@u[1] * x_i + @u[2] * w_i, 1)",),
         "@u_k ~ Normal(0.5, 1) for k in 1..2 where @u is a unit vector",
         "@u_k ~ Normal(0.5, 2) for k in 1..2 where @u is a unit vector", "@u"),
    Kind("one vector under several means",
         ("@b_{k,d} ~ Normal(0, 1) for k in 1..3, d in 1..2", "@x_i ~ Normal(@l[g[i]], 1)"),
         "@l_k = logp(MultiNormal(@b_k, S), q)", "@l_k = logp(MultiNormal(@b_1, S), q)", "@x"),
)  # fmt: skip
OBSERVED: dict[str, Any] = {
    "x": [0.4, 2.0, 1.3, 0.9, 0.01, -0.5],
    "g": [1, 3, 2, 2, 3, 1],
    "n": [[3, 0, 1], [2, 2, 2], [0, 0, 4], [1, 5, 2], [0, 1, 0], [7, 0, 2]],
    "v": [[1.0, 2.0], [0.5, 0.2], [0.1, -1.0], [2.0, 1.0], [0.0, 0.4], [0.7, -0.2]],
}
DATA: dict[str, Any] = {
    "x": [0.1, 0.4, -1.0, 2.0, 0.3, 1.0],
    "F": [[1.2, 0.0], [0.4, 0.7]],
    "S": [[2.0, 0.5], [0.5, 1.0]],
    "q": [0.4, -0.3],
    "g": [1, 2, 1, 3, 2, 3],
    "h": [2, 2, 1, 3, 1, 3],
    "w": [0.2, -1.1, 3.0, -4.0, 0.7, 12.0],
    "m": [4, 6, 4, 8, 1, 9],
}


# Rewriting a graph takes PyTensor more than proportionally longer and larger, so PyMC gets a few kinds at a time.
GROUPS = [KINDS[start : start + 3] for start in range(0, len(KINDS), 3)]


@pytest.mark.parametrize(("side", "kinds"), [("stan", KINDS), *(("pymc", group) for group in GROUPS)])
def test_wrong_versions_are_found_out(side: str, kinds: tuple[Kind, ...], request: pytest.FixtureRequest) -> None:
    right, wrong = right_and_wrong(kinds, OBSERVED, DATA, side)
    engine = request.getfixturevalue("unoptimised" if side == "stan" else "pymc")
    found = blamed(right, wrong, engine, side)
    assert found == set(faulty_labels(kinds, right, "wrong").values())
