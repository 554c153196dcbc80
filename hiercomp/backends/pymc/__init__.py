"""PyMC modules from plans."""

from hiercomp.backends.pymc.program import emit

__all__ = ["emit"]
