"""Meaning: from a parsed spec to a model in which every name has a role, axes and a support."""

from __future__ import annotations

from hiercomp.model.find import find_model, model_names
from hiercomp.model.ir import Model
from hiercomp.model.resolve import resolve

__all__ = ["Model", "find_model", "model_names", "resolve"]
