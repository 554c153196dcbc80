"""Codes of the plan and the Stan backend: what the notation can say and a program cannot."""

from __future__ import annotations

from hiercomp.codes.info import CodeInfo

ROWS: tuple[CodeInfo, ...] = (
    CodeInfo(
        "H80",
        "nothing in Stan to say it with",
        "Stan lacks the distribution or the function, or an operation on whole arrays has no counterpart there. The "
        "reason is given with the message. A quantity that is used without its subscripts is often the cause: "
        "`y_i ~ Normal(theta_i, 1)` can be said where `y ~ Normal(theta, 1)` cannot.",
    ),
    CodeInfo(
        "H81",
        "definitions that take turns",
        "Two quantities need each other element by element, as in `a_t = b_{t-1}` and `b_t = a_t + 1`. Programs "
        "compute one name after the other, so put one definition into the other: `b_t = b_{t-1} + 1`.",
    ),
    CodeInfo(
        "H82",
        "statement that cannot be non-centered",
        "Non-centering writes an unknown as location + scale * standardised unknown. That needs a distribution with a "
        "location and a scale on the whole line, such as `Normal(mu, tau)`, without truncation or other bounds, and an "
        "unknown: data are what they are.",
    ),
    CodeInfo(
        "H83",
        "bound that cannot be declared",
        "Unknowns are declared, with their bounds, before anything is computed from them, so a bound consists of data "
        "and unknowns (definitions are written out where that is possible). Bounds that differ from element to element "
        "are vectors for vectors, and one number for everything else.",
    ),
    CodeInfo(
        "N80",
        "effect that stays centered",
        "`--parameterization non-centered` is for all group effects that can be written as location + scale * "
        "standardised unknown. This one cannot: its distribution has no location and scale on the whole line, or it is "
        "bounded, truncated or ordered. It is emitted as it stands, and the model is the same.",
    ),
)
