"""Text to surface tree and back: the only package that knows how the notation is written down."""

from __future__ import annotations

from hiercomp.syntax.parsing import parse
from hiercomp.syntax.reading import read_source

__all__ = ["parse", "read_source"]
