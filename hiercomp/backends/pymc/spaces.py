"""Unknowns whose elements lie in a constrained space together: PyMC's transforms, and where sampling starts."""

from __future__ import annotations

from hiercomp.backends.pymc.forms import shape
from hiercomp.backends.pymc.scope import Scope
from hiercomp.plan.ir import ParamItem

_TRANSFORMS = {"ordered": "ordered", "positive ordered": "Ordered(positive=True)", "simplex": "simplex"}


def in_space(param: ParamItem, scope: Scope) -> tuple[str, ...]:
    """Return the keyword arguments that hold an unknown in its space; nothing where it has none."""
    if param.support.shape not in _TRANSFORMS:
        return ()
    transform = scope.function("pm.distributions.transforms.") + _TRANSFORMS[param.support.shape]
    size = scope.size(param.axes[-1]).text
    if param.support.shape == "simplex":
        start = f"{scope.function('np.full')}({shape(param.axes, scope)}, 1 / {size})"
    else:
        start = f"{scope.function('np.arange')}(1.0, {size} + 1)"
        if len(param.axes) > 1:
            start = f"{scope.function('np.broadcast_to')}({start}, {shape(param.axes, scope)})"
    return f"default_transform={transform}", f"initval={start}"
