"""``--parameterization``: which statements it is about, and that the model stays what it is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm, t

import hiercomp
from hiercomp.model.ir import RandomStmt

TEXT = """
y_i ~ Normal(theta[g[i]] + u[g[i]] + a[g[i]] + b[g[i]] * x_i, s)
theta_j ~ Normal(mu, tau) centered
u_j ~ StudentT(4, 0, tau * scale_j)
(a_j, b_j) ~ MultiNormal((mu, 1), diag(sd) * Omega * diag(sd)) for j in 1..3
sd_k ~ Half-Normal(0, 2) for k in 1..2
mu ~ Normal(0, 5)
tau, s ~ Half-Normal(0, 2)
Omega ~ LKJ(2)
"""
DATA = {"y": [1.0, 2.0, 0.5, 3.0], "x": [0.1, 1.0, -1.0, 2.0], "g": [1, 2, 3, 1], "scale": [1.0, 2.0, 1.5]}
POINT = {
    "theta": [0.3, -1.2, 0.8], "u": [0.1, 0.2, -0.7], "a_b_joint": [[0.4, 0.9], [1.1, -0.2], [0.0, 0.5]],
    "sd": [0.7, 1.3], "mu": 0.4, "tau": 0.6, "s": 1.1, "Omega": [[1.0, 0.3], [0.3, 1.0]],
}  # fmt: skip


def centering(program: hiercomp.Program) -> dict[str, str]:
    return {s.common.label: s.centering for s in program.model().statements if isinstance(s, RandomStmt)}


def test_all_group_effects_and_nothing_else() -> None:
    program = hiercomp.load(TEXT, data=DATA, parameterization="non-centered")
    found = centering(program)
    assert {name for name, word in found.items() if word == "non-centered"} == {"theta", "u", "a_b_joint"}
    assert {item.name for item in program.plan().params} >= {"theta_raw", "u_raw", "a_b_joint_raw", "sd", "mu"}
    assert program.warnings() == ()
    assert "non-centered" not in centering(program.parameterized("centered")).values()
    assert program.parameterized(None).parameterization == "non-centered"


def test_centered_undoes_what_statements_say() -> None:
    text = "y_i ~ Normal(theta_i, 1)\ntheta_i ~ Normal(mu, 2) non-centered\nmu ~ Normal(0, 1)\n"
    program = hiercomp.load(text)
    assert "theta_raw" in program.stan()
    assert "theta_raw" not in program.parameterized("centered").stan()
    assert program.parameterized("centered").stan() == hiercomp.load(text.replace(" non-centered", "")).stan()


def test_what_cannot_be_non_centered_is_left_and_said() -> None:
    text = """
y_i ~ Normal(p_i + c[g[i]] + d[g[i]] + z_i, r_i)
p_i ~ Beta(m, 2)
c_j ~ Normal(m, 1) truncated to [0, ]
d_k ~ Normal(m, 1) for k in 1..2 ordered
r_i ~ LogNormal(m, 1)
z_i ~ Normal(m, 1)
m ~ Half-Normal(0, 1)
"""
    program = hiercomp.load(text, parameterization="non-centered")
    said = program.warnings()
    assert {item.code for item in said} == {"N80"}
    assert [item.message.split("`")[1] for item in said] == ["p", "c", "d", "r"]
    assert [item.found for item in said] == ["Beta", "bounds", "bounds", "LogNormal"]
    assert {name for name, word in centering(program).items() if word} == {"z"}


def test_states_follow_one_another_unless_a_statement_says_so() -> None:
    text = """
y_t ~ Normal(x_t, 1)
x_1 ~ Normal(0, 1)
x_t ~ Normal(x_{t-1}, s) for t in 2..T {0}
s ~ Half-Normal(0, 1)
"""
    for word, raw in (("", False), ("centered", True), ("non-centered", True)):
        program = hiercomp.load(text.replace("{0}", word), parameterization="non-centered")
        assert ("x_raw" in program.stan()) is raw


def test_a_location_of_zero_is_not_added() -> None:
    text = "y_i ~ Normal(u_i, 1)\nu_i ~ Normal(0, tau)\ntau ~ Half-Normal(0, 1)\n"
    assert "u = tau * u_raw;" in hiercomp.load(text, parameterization="non-centered").stan()


def test_densities_are_those_of_the_specs_own_unknowns() -> None:
    """At values of the effects both are one number; at standardised values it is more by the log of the scales."""
    centered, non_centered = (
        hiercomp.load(TEXT, data=DATA, parameterization=word) for word in ("centered", "non-centered")
    )
    (one,) = hiercomp.density(centered, [POINT])
    (two,) = hiercomp.density(non_centered, [POINT])
    assert one == pytest.approx(two, rel=1e-13)
    sd, tau, mu = np.array(POINT["sd"]), POINT["tau"], POINT["mu"]
    scale = tau * np.array(DATA["scale"])
    factor = np.diag(sd) @ np.linalg.cholesky(POINT["Omega"])
    away = np.array(POINT["a_b_joint"]) - [mu, 1.0]
    raw = {
        "theta_raw": ((np.array(POINT["theta"]) - mu) / tau).tolist(),
        "u_raw": (np.array(POINT["u"]) / scale).tolist(),
        "a_b_joint_raw": np.linalg.solve(factor, away.T).T.tolist(),
    }
    kept = {name: value for name, value in POINT.items() if f"{name}_raw" not in raw}
    (standard,) = hiercomp.density(non_centered, [kept | raw])
    logs = 3 * math.log(tau) + np.log(scale).sum() + 3 * np.linalg.slogdet(factor)[1]
    assert standard - logs == pytest.approx(two, rel=1e-13)
    lower = standard - sum(norm.logpdf(np.ravel(raw[name])).sum() for name in ("theta_raw", "a_b_joint_raw"))
    upper = one - norm.logpdf(POINT["theta"], mu, tau).sum()
    upper -= sum(-0.5 * z @ z - np.log(2 * np.pi) for z in np.array(raw["a_b_joint_raw"]))
    upper += 3 * np.linalg.slogdet(factor)[1]
    lower, upper = lower - t.logpdf(raw["u_raw"], 4).sum(), upper - t.logpdf(POINT["u"], 4, 0, scale).sum()
    assert lower == pytest.approx(upper, rel=1e-12)


@pytest.mark.parametrize(("left_out", "named"), [("theta", "theta"), ("mu", "mu")])
def test_points_that_lack_an_unknown(left_out: str, named: str) -> None:
    program = hiercomp.load(TEXT, data=DATA, parameterization="non-centered")
    with pytest.raises(hiercomp.SpecError, match=f"no value of `{named}`"):
        hiercomp.density(program, [{name: value for name, value in POINT.items() if name != left_out}])


def test_a_wrong_length_is_said_of_the_effect_itself() -> None:
    program = hiercomp.load(TEXT, data=DATA, parameterization="non-centered")
    with pytest.raises(hiercomp.SpecError, match="`theta` has another shape"):
        hiercomp.density(program, [POINT | {"theta": [1.0]}])
