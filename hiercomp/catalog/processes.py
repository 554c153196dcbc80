"""Gaussian processes at finitely many points: normal vectors whose covariance is a matrix of kernels."""

from __future__ import annotations

from hiercomp.catalog.building import canonical, decomposed, signature
from hiercomp.catalog.multivariate import MULTI_NORMAL_CHOLESKY
from hiercomp.catalog.schema import ParamSupport, Signature
from hiercomp.catalog.trees import TWO, add, call, number, power, ref
from hiercomp.expr import Expr
from hiercomp.records import replace

# Added to the variances of a process without noise where the spec does not say: the matrix of a smooth kernel is
# singular to rounding.
JITTER = number(1e-6)

_ROW = MULTI_NORMAL_CHOLESKY.name


def _given(*more: str) -> Signature:
    """The signature with these arguments behind the mean and the kernel."""
    added: Expr = JITTER
    if "noise" in more:
        noise = power(ref("noise"), TWO)
        added = add(noise, ref("jitter")) if "jitter" in more else noise
    elif "jitter" in more:
        added = ref("jitter")
    args: dict[str, ParamSupport] = {"mean": "real", "kernel": "real"}
    for name in more:
        args[name] = "positive"
    return signature(
        args,
        {"mean": ref("mean"), "cholesky": call("cholesky", call("add_diag", ref("kernel"), added))},
        positional=not more,
        axes={"mean": ("k",), "kernel": ("k", "k")},
        row=_ROW,
    )


GAUSSIAN_PROCESS = replace(
    MULTI_NORMAL_CHOLESKY,
    name="Gaussian-Process",
    aliases=("GP",),
    signatures=(
        replace(canonical(*MULTI_NORMAL_CHOLESKY.params, positional=False), row=_ROW),
        _given(),
        _given("noise"),
        _given("jitter"),
        _given("noise", "jitter"),
    ),
    words={"mu": "mean", "m": "mean", "cov": "kernel", "covariance": "kernel", "sigma": "noise", "sd": "noise"},
    limits=decomposed(),
    doc="a function's values at the points of a kernel, with independent noise (a standard deviation) where that is "
    "given; jitter, 1e-6 where neither is given, is added to the variances",
)

ROWS = (GAUSSIAN_PROCESS,)
