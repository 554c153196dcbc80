"""Names that a target reserves give way; all others stay as the spec has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def rename(names: Iterable[str], reserved: Collection[str]) -> dict[str, str]:
    """Return a name for each of `names`: itself, or, where `reserved` has it, with underscores behind it.

    No two results are equal, and no result is reserved or takes the place of a name that could stay.
    """
    wanted = list(dict.fromkeys(names))
    taken = {*reserved, *wanted}
    chosen: dict[str, str] = {}
    for name in wanted:
        new = name
        if name in reserved:
            while new in taken:
                new += "_"
            taken.add(new)
        chosen[name] = new
    return chosen
