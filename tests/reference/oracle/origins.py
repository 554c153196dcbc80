"""Ranges that begin at 0 or below, or end there."""

from __future__ import annotations

import numpy as np

from tests.reference.oracle.kit import HN, N, X, Y, case, pos, real


@case(
    """
y_t ~ Normal(s_t + m_t, sd)
s_0 ~ Normal(0, 10)
s_t ~ Normal(s_{t-1} + b * u_t, tau) for t in 1..T
m_0 = b
m_t = 0.5 * m_{t-1} + t * u_t for t in 1..T
b ~ Normal(0, 1)
sd, tau ~ Half-Normal(1)
""",
    {"y": Y, "u": X},
    s=real(6),
    b=real(),
    sd=pos(),
    tau=pos(),
)
def from_zero(p, d):
    s, b, m = p["s"], p["b"], [p["b"]]
    for t, u in enumerate(d["u"], 1):
        m.append(0.5 * m[-1] + t * u)
    walk = N(s[0], 0, 10) + N(s[1:], s[:-1] + b * d["u"], p["tau"])
    return N(d["y"], s[1:] + np.array(m[1:]), p["sd"]) + walk + N(b) + HN(p["sd"]) + HN(p["tau"])


@case(
    """
y_i ~ Normal(beta_0 + sum(beta_k * x_{i,k} for k in 1..K), 1)
z_i ~ Normal(sum(c_k * w_i^k for k in 0..2) + c[g_i] + c[0], 1)
q_k ~ Normal(c_k * v_k + k, 1) for k in 0..2
r_j ~ Normal(e_j * (j - 1), 1) for j in -1..1
beta_0 ~ Normal(0, 10)
beta_k ~ Normal(0, 1) for k in 1..K
c_k ~ Normal(0, 1 / (k + 1)) for k in 0..2
e_j ~ Normal(j, 1) for j in -1..1
""",
    {
        "y": Y, "x": [[1.0, 2.0], [0.0, 1.0], [2.0, 3.0], [1.0, 1.0], [0.5, 0.1]], "z": X, "w": Y,
        "g": [0, 2, 1, 0, 2], "q": [1.0, 2.0, 0.5], "v": [0.3, 1.0, 2.0], "r": [1.0, 0.0, 2.0],
    },
    beta=real(3),
    c=real(3),
    e=real(3),
)  # fmt: skip
def other_origins(p, d):
    beta, c, e, k = p["beta"], p["c"], p["e"], np.arange(3)
    powers = d["w"][:, None] ** k
    return (
        N(d["y"], beta[0] + d["x"] @ beta[1:])
        + N(d["z"], powers @ c + c[d["g"]] + c[0])
        + N(d["q"], c * d["v"] + k)
        + N(d["r"], e * (k - 2))
        + N(beta[0], 0, 10) + N(beta[1:]) + N(c, 0, 1 / (k + 1)) + N(e, k - 1)
    )  # fmt: skip
