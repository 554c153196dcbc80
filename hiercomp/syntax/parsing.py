"""The entry: a spec or a document, told apart by its name and, where that says nothing, by its fences."""

from __future__ import annotations

import re
from pathlib import PurePath

from hiercomp.diagnostics import Diagnostics
from hiercomp.source import Source
from hiercomp.syntax.ast import Spec
from hiercomp.syntax.specs import parse_spec

_DOCUMENTS = frozenset({".md", ".markdown", ".qmd", ".rmd", ".mdx"})
_FENCE = r"(?m)^[^\S\n]*(?:`{3}|~{3})"


def is_document(source: Source) -> bool:
    """Say whether `source` is a Markdown document rather than a spec."""
    suffix = PurePath(source.name).suffix.lower()
    return suffix in _DOCUMENTS or (suffix != ".hier" and re.search(_FENCE, source.text) is not None)


def parse(source: Source, diagnostics: Diagnostics) -> Spec:
    """Return the surface tree of a spec or document.

    Never raises: whatever is wrong goes to `diagnostics`, all of it together, and the statements at fault are missing
    from the result.
    """
    if is_document(source):
        from hiercomp.syntax.documents import parse_document  # noqa: PLC0415  a spec need not pay for it

        return parse_document(source, diagnostics)
    return parse_spec(source, diagnostics)
