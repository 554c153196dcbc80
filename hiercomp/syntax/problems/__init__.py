"""What can be wrong with a text: one function for each finding. A sound text loads none of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from hiercomp.syntax.problems import documents, headers, lexical, statements

__all__ = ["documents", "headers", "lexical", "statements"]


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(name)
    return import_module(f"{__name__}.{name}")
