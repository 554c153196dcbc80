"""Array code with named axes, so that broadcasting is decided by which axis is which and never by luck."""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.backends.printing import Code
from hiercomp.expr import Elem
from hiercomp.records import record


@record
class Array:
    """Code for an array, or for a scalar.

    `outer` are its leading axes, one for each index variable that it varies with, in the order of the statement;
    `inner` are the index sets of the trailing axes, those of a value that is itself a vector or a matrix. `random`
    says that it depends on unknowns: PyTensor rather than NumPy.
    """

    code: Code
    outer: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    random: bool = False
    elem: Elem = "real"

    @property
    def scalar(self) -> bool:
        return not self.outer and not self.inner


type Given = Mapping[str, Array]


def union(arrays: tuple[Array, ...], order: tuple[str, ...]) -> tuple[str, ...]:
    """Return the index variables that any of `arrays` varies with, in the order given."""
    found = {var for array in arrays for var in array.outer}
    return tuple(var for var in order if var in found)


def align(array: Array, outer: tuple[str, ...], rank: int) -> Code:
    """Return code that broadcasts to the axes `outer` followed by `rank` inner ones.

    Missing leading axes need nothing; those missing elsewhere are inserted with ``None``.
    """
    if array.scalar:
        return array.code
    slots = [":" if var in array.outer else "None" for var in outer]
    slots += [":" if array.inner else "None"] * rank
    while slots and slots[0] == "None":
        slots.pop(0)
    if "None" not in slots:
        return array.code
    return Code(f"{array.code.at_least(Code('').strength)}[{', '.join(slots)}]")


def transpose(code: Code, have: tuple[str, ...], want: tuple[str, ...], inner: int) -> Code:
    """Return `code` with its leading axes brought from the order `have` into the order `want`."""
    if have == want:
        return code
    base = code.at_least(Code("").strength)
    if inner == 0 and len(have) == 2:
        return Code(f"{base}.T")
    order = [*(have.index(var) for var in want), *range(len(have), len(have) + inner)]
    return Code(f"{base}.transpose({', '.join(map(str, order))})")
