"""Meaning: from a parsed spec to a model in which every name has a role, axes and a support."""

from __future__ import annotations

from hiercomp.model.explain import Row, explain
from hiercomp.model.find import find_model, model_names
from hiercomp.model.fragments import Fragment, Lack, fragments
from hiercomp.model.ir import Model
from hiercomp.model.resolve import resolve

__all__ = ["Fragment", "Lack", "Model", "Row", "explain", "find_model", "fragments", "model_names", "resolve"]
