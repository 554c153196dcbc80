"""Text to surface tree and back: the only package that knows how the notation is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiercomp.syntax.parsing import parse
from hiercomp.syntax.reading import read_source

if TYPE_CHECKING:
    from hiercomp.syntax.ast import Spec

__all__ = ["format_spec", "parse", "read_source"]


def format_spec(spec: Spec) -> str:
    """Return `spec` as the text of a ``.hier`` file; parsing that text gives an equal spec."""
    from hiercomp.syntax import formatting  # noqa: PLC0415  a build does not pay for the formatter

    return formatting.format_spec(spec)
