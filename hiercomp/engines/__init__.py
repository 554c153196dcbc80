"""Engines: run Stan programs and PyMC modules and return results of one shape.

Nothing is imported before it is asked for, so that `hiercomp build` does not pay for NumPy or PyMC.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hiercomp.engines.base import Densities as Densities
    from hiercomp.engines.base import Engine as Engine
    from hiercomp.engines.base import EngineError as EngineError
    from hiercomp.engines.base import EngineInfo as EngineInfo
    from hiercomp.engines.base import EngineMissing as EngineMissing
    from hiercomp.engines.base import ProgramInput as ProgramInput
    from hiercomp.engines.base import SamplerSettings as SamplerSettings
    from hiercomp.engines.choice import choose_stan as choose_stan
    from hiercomp.engines.cmdstan import CmdStan as CmdStan
    from hiercomp.engines.embedded import EmbeddedStan as EmbeddedStan
    from hiercomp.engines.pymc_engine import PyMC as PyMC
    from hiercomp.engines.stanc import StancVerdict as StancVerdict
    from hiercomp.engines.stanc import stanc_check as stanc_check
    from hiercomp.engines.survey import doctor as doctor

_WHERE = {
    "CmdStan": "cmdstan",
    "Densities": "base",
    "EmbeddedStan": "embedded",
    "Engine": "base",
    "EngineError": "base",
    "EngineInfo": "base",
    "EngineMissing": "base",
    "ProgramInput": "base",
    "PyMC": "pymc_engine",
    "SamplerSettings": "base",
    "StancVerdict": "stanc",
    "choose_stan": "choice",
    "doctor": "survey",
    "stanc_check": "stanc",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
