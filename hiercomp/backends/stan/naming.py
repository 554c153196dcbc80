"""What the names of a spec are called in the Stan program: themselves, wherever Stan and C++ let them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hiercomp.backends.stan.reserved import is_reserved

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_CALLED = re.compile(r"\b([A-Za-z]\w*)\(")


def called(text: str) -> frozenset[str]:
    """Return the names of the functions that a program calls: a variable of that name would hide the function."""
    return frozenset(_CALLED.findall("\n".join(line.partition("//")[0] for line in text.splitlines())))


def assign(names: Iterable[str], reserved: frozenset[str]) -> dict[str, str]:
    """Return a Stan identifier for each name; no two are equal, and those that can stay do so."""
    wanted = list(dict.fromkeys(names))
    chosen = {name: name for name in wanted if _is_free(name, reserved)}
    taken = set(chosen)
    for name in wanted:
        if name not in chosen:
            chosen[name] = unused(name, taken | reserved)
            taken.add(chosen[name])
    return {name: chosen[name] for name in wanted}


def _is_free(name: str, reserved: frozenset[str]) -> bool:
    return _PLAIN.fullmatch(name) is not None and name not in reserved and not is_reserved(name)


def unused(name: str, taken: Iterable[str]) -> str:
    """Return an identifier as near to `name` as can be that is none of `taken`."""
    occupied = frozenset(taken)
    stem = re.sub(r"[^A-Za-z0-9_]", "_", name).strip("_")
    stem = stem if stem[:1].isalpha() else f"x_{stem}".rstrip("_")
    if _is_free(stem, occupied):
        return stem
    if _is_free(f"{stem}_", occupied):
        return f"{stem}_"
    number = 2
    while not _is_free(f"{stem}_{number}", occupied):
        number += 1
    return f"{stem}_{number}"
