"""When the generated code should say how a distribution's arguments were read."""

from __future__ import annotations

import re

from hiercomp.catalog import row_named
from hiercomp.model.ir import Dist

_ARGUMENT = re.compile(r"(?:\(|, )(\w+) = ")


def reading(dist: Dist) -> str:
    """Return the reading of a distribution where it could be taken for another one, else nothing.

    That is where the catalogue knows of other conventions, where a half-distribution is spelt as a full one, and where
    the spec used other arguments than the canonical ones. A normal given by its sd needs no explanation.
    """
    if dist.parts:
        return "; ".join(dict.fromkeys(filter(None, (reading(part.dist) for part in dist.parts))))
    row = row_named(dist.row)
    converted = is_converted(dist)
    if row.name == "Normal" and not converted:
        return ""
    return dist.written if row.half or row.conventions or converted else ""


def is_converted(dist: Dist) -> bool:
    """Tell whether the spec gave the arguments in other terms than the catalogue's own."""
    if dist.parts:
        return any(is_converted(part.dist) for part in dist.parts)
    canonical = {param.name for param in row_named(dist.row).params}
    return not set(_ARGUMENT.findall(dist.written)) <= canonical
