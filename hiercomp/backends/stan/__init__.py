"""The Stan backend: a plan becomes a program that Stan 2.27 and every later version accept."""

from hiercomp.backends.stan.program import SELECTOR, emit, emit_terms

__all__ = ["SELECTOR", "emit", "emit_terms"]
