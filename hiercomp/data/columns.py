"""From what a reader found (text cells, or nested lists of Python values) to columns, or to the reasons why not."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import cast

from hiercomp.data import faults
from hiercomp.data.faults import NUMBER, WHOLE, Place
from hiercomp.data.table import Column, Groups, Table, Value, unravel
from hiercomp.diagnostics import Diagnostic
from hiercomp.records import record, replace
from hiercomp.source import Span

_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "."})
_INFINITE = frozenset({"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"})
_TRUTH = {"true": True, "false": False}
_EXACT = 2**53
_INT_MAX = 2**31 - 1
_MAX_AXES = 8
_MAX_DIGITS = 400  # longer runs of digits are too large for any float, and slow to read


@record
class Ragged:
    """Lists of different lengths: no column, for the reason given, but groups."""

    fault: Diagnostic
    groups: Groups


@record
class Gappy:
    """Numbers some of which are missing: no column, for the reason given, unless what is missing is unknown."""

    fault: Diagnostic
    column: Column


type Result = Column | Ragged | Gappy | tuple[Diagnostic, ...]


class Columns:
    """Columns under way to a table: those that can be used, and those that cannot, with the reason."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.sound: dict[str, Column] = {}
        self.faulty: dict[str, tuple[Diagnostic, ...]] = {}
        self.groups: dict[str, Groups] = {}
        self.gaps: dict[str, Column] = {}

    def add(self, name: str, result: Result, place: Place, *, twice: bool = False) -> None:
        """Take up a column; `twice` says that its name stands for more than one, so that none can be meant."""
        if twice:
            self.sound.pop(name, None)
            self.groups.pop(name, None)
            self.gaps.pop(name, None)
            self.faulty[name] = (faults.same_name(name, place),)
        elif isinstance(result, Column):
            self.sound[name] = result
        elif isinstance(result, Ragged):
            self.faulty[name], self.groups[name] = (result.fault,), result.groups
        elif isinstance(result, Gappy):
            self.faulty[name], self.gaps[name] = (result.fault,), result.column
        else:
            self.faulty[name] = result

    def table(self) -> Table:
        return Table(self.file, self.sound, self.faulty, self.groups, self.gaps)


def whole(text: str) -> int | float:
    """Read digits; what no float can hold becomes infinite, which `from_values` refuses."""
    return int(text) if len(text) <= _MAX_DIGITS else math.inf


def from_cells(name: str, cells: Sequence[str], place: Place) -> Result:
    """Make a column of a table's text cells.

    Whole numbers written without a point make a column of integers. If any cell is text the column is text: then
    every cell is kept as written, and only empty ones are missing.
    """
    if all(map(WHOLE.fullmatch, cells)):
        return from_values(name, [whole(cell) for cell in cells], place)
    bare = [cell.strip() for cell in cells]
    words = {cell.lower() for cell in bare if not NUMBER.fullmatch(cell)}
    rest = words - _MISSING - _INFINITE
    numbers = len(words) < len({cell.lower() for cell in bare})
    if rest and (numbers or not rest <= _TRUTH.keys()):
        return from_values(name, [cell or None for cell in bare], place)
    return from_values(name, [_number(cell) for cell in bare], place)


def _number(cell: str) -> int | float | bool | None:
    if WHOLE.fullmatch(cell):
        return whole(cell)
    if NUMBER.fullmatch(cell):
        return float(cell)
    word = cell.lower()
    if word in _INFINITE:
        return math.inf
    return _TRUTH.get(word)


def from_values(name: str, raw: object, place: Place) -> Result:
    """Make a column of a number, a text, or nested lists of them; ``None`` and not-a-number are missing values."""
    shaped = _shape(name, raw, place)
    if isinstance(shaped, Diagnostic):
        groups = _groups(name, raw, place)
        return Ragged(shaped, groups) if groups is not None else (shaped,)
    lengths, leaves = shaped
    if all(isinstance(leaf, (int, float)) for leaf in leaves):
        return _numbers(name, cast(list[int | float], leaves), lengths, place)
    if all(isinstance(leaf, str) for leaf in leaves):
        # JSON can spell half a character, which no file can hold.
        texts = enumerate(cast(list[str], leaves))
        broken = next((p for p, text in texts if not text.isascii() and re.search("[\ud800-\udfff]", text)), None)
        if broken is not None:
            return (faults.not_text(name, unravel(broken, lengths), place),)
        return Column(name, _nest([str(leaf) for leaf in leaves], lengths), lengths, "str", place)
    return _mixed(name, leaves, lengths, place)


def _groups(name: str, raw: object, place: Place) -> Groups | None:
    """Return lists of numbers or of texts as groups; None where anything else is in them."""
    lists = cast(list[object], raw) if isinstance(raw, list | tuple) else []
    if not lists or not all(isinstance(item, list | tuple) for item in lists):
        return None
    rows = [cast(list[object], item) for item in lists]
    if any(isinstance(item, list | tuple) for row in rows for item in row):
        return None
    sizes = tuple(map(len, rows))

    def locate(index: tuple[int, ...]) -> Span | None:
        if not index:
            return place.locate(())
        left = index[0]
        for number, size in enumerate(sizes):
            if left < size:
                return place.locate((number, left))
            left -= size
        return None

    members = from_values(name, [item for row in rows for item in row], replace(place, locate=locate, rows=False))
    return Groups(members, sizes) if isinstance(members, Column) and len(members.lengths) == 1 else None


def _shape(name: str, raw: object, place: Place) -> tuple[tuple[int, ...], list[object]] | Diagnostic:
    """Return the lengths of the axes and the elements in order. Level by level, so that depth costs no stack."""
    lengths: list[int] = []
    level: list[object] = [raw]
    while any(isinstance(item, list | tuple) for item in level):
        first = level[0]
        wanted = len(cast(list[object], first)) if isinstance(first, list | tuple) else -1
        for position, item in enumerate(level):
            found = len(cast(list[object], item)) if isinstance(item, list | tuple) else -1
            if found != wanted:
                index = unravel(position, lengths)
                return faults.ragged(name, index, _count(wanted), _count(found), place)
        lengths.append(wanted)
        if len(lengths) > _MAX_AXES:
            return faults.not_data(name, (), f"lists nested more than {_MAX_AXES} deep", place)
        level = [part for item in level for part in cast(list[object], item)]
    return tuple(lengths), level


def _count(length: int) -> str:
    return "no list" if length < 0 else f"a list of {length}"


def _nest(leaves: Sequence[Value], lengths: tuple[int, ...]) -> Value:
    if not lengths:
        return leaves[0]
    level = tuple(leaves)
    outer = 1
    sizes = [outer := outer * length for length in lengths[:-1]]
    for count, length in zip(reversed(sizes), reversed(lengths[1:]), strict=True):
        level = tuple(level[start * length : (start + 1) * length] for start in range(count))
    return level


def _numbers(
    name: str, leaves: list[int | float], lengths: tuple[int, ...], place: Place, absence: str = "NaN"
) -> Result:
    """Make a column of numbers; missing ones are not-a-number, written as `absence` says."""
    real = any(isinstance(leaf, float) and not math.isnan(leaf) for leaf in leaves)
    found: list[Diagnostic] = []
    absent = [p for p, leaf in enumerate(leaves) if leaf != leaf]  # noqa: PLR0124
    if absent:
        found.append(faults.missing(name, [unravel(p, lengths) for p in absent], absence, place))
    # Also a whole number in a column of reals must not lose digits when it becomes a float.
    large = [p for p, leaf in enumerate(leaves) if (abs(leaf) > _EXACT if isinstance(leaf, int) else math.isinf(leaf))]
    if large:
        first = leaves[large[0]]
        words = str(first)[:60] if isinstance(first, int) else "a number beyond all floats, or infinity"
        found.append(faults.not_held(name, [unravel(p, lengths) for p in large], words, place))
    if absent and not large and lengths and len(absent) < len(leaves):
        elem = "real" if real else "int"
        return Gappy(found[0], Column(name, _nest(leaves, lengths), lengths, elem, place, missing=tuple(absent)))
    if found:
        return tuple(found)
    if real:
        return Column(name, _nest([float(leaf) for leaf in leaves], lengths), lengths, "real", place)
    if any(abs(leaf) > _INT_MAX for leaf in leaves):
        remark = "whole numbers beyond 2^31 - 1 are read as real numbers"
        return Column(name, _nest([float(leaf) for leaf in leaves], lengths), lengths, "real", place, remark)
    return Column(name, _nest([int(leaf) for leaf in leaves], lengths), lengths, "int", place)


def _mixed(name: str, leaves: list[object], lengths: tuple[int, ...], place: Place) -> Result:
    """Say what is wrong with elements that are neither all numbers nor all text."""
    if all(leaf is None or isinstance(leaf, int | float) for leaf in leaves):
        numbers = [math.nan if leaf is None else leaf for leaf in cast(list[int | float | None], leaves)]
        return _numbers(name, numbers, lengths, place, "")
    absent = [p for p, leaf in enumerate(leaves) if leaf is None or (isinstance(leaf, float) and math.isnan(leaf))]
    found: list[Diagnostic] = []
    if absent:
        found.append(faults.missing(name, [unravel(p, lengths) for p in absent], "", place))
    strange = [p for p, leaf in enumerate(leaves) if leaf is not None and not isinstance(leaf, int | float | str)]
    if strange:
        leaf = leaves[strange[0]]
        words = "an object" if isinstance(leaf, dict) else f"a value of type {type(leaf).__name__}"
        found.append(faults.not_data(name, unravel(strange[0], lengths), words, place))
    texts = [p for p, leaf in enumerate(leaves) if isinstance(leaf, str)]
    if texts and any(isinstance(leaf, int | float) for leaf in leaves):
        at = texts[0]
        found.append(faults.text_and_numbers(name, unravel(at, lengths), str(leaves[at]), place))
    return tuple(found)
