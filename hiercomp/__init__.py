"""hiercomp: hierarchical models from the notation of a proposal to Stan and PyMC, shown to be the same model.

    >>> import hiercomp
    >>> program = hiercomp.load("specs/eight_schools.hier")
    >>> print(program.stan("noncentered"))
    >>> report = hiercomp.check(program, models=["noncentered"])

The names below are the public interface; they are imported when first used, so that ``import hiercomp`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hiercomp.api import Program as Program
    from hiercomp.api import build as build
    from hiercomp.api import check as check
    from hiercomp.api import density as density
    from hiercomp.api import fit as fit
    from hiercomp.api import load as load
    from hiercomp.api import simulate as simulate
    from hiercomp.diagnostics import Diagnostic as Diagnostic
    from hiercomp.diagnostics import SpecError as SpecError

__version__ = "0.1.0"

__all__ = ["Diagnostic", "Program", "SpecError", "__version__", "build", "check", "density", "fit", "load", "simulate"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'hiercomp' has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    home = "hiercomp.diagnostics" if name in {"Diagnostic", "SpecError"} else "hiercomp.api"
    return getattr(importlib.import_module(home), name)
