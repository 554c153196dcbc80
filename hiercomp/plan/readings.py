"""When the generated code should say how a distribution's arguments were read."""

from __future__ import annotations

import re

from hiercomp.catalog import DISTRIBUTIONS
from hiercomp.model.ir import Dist

_ARGUMENT = re.compile(r"(?:\(|, )(\w+) = ")


def reading(dist: Dist) -> str:
    """Return the reading of a distribution where it could be taken for another one, else nothing.

    That is where the catalogue knows of other conventions, where a half-distribution is spelt as a full one, and where
    the spec used other arguments than the canonical ones. A normal given by its sd needs no explanation.
    """
    row = DISTRIBUTIONS[dist.row]
    canonical = {param.name for param in row.params}
    plain = set(_ARGUMENT.findall(dist.written)) <= canonical
    if row.name == "Normal" and plain:
        return ""
    return dist.written if row.half or row.conventions or not plain else ""
