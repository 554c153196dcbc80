"""What can be wrong with data: one constructor for each finding; `hiercomp.codes` explains them at length."""

# ruff: noqa: D103 (the names of the constructors say what they are for)

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hiercomp.diagnostics import Diagnostic
from hiercomp.records import record
from hiercomp.source import Span

# Narrower than float(): no underscores, no digits of other scripts, no words.
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
WHOLE = re.compile(r"[+-]?[0-9]+")
_SHOWN = 4


def nowhere(index: tuple[int, ...]) -> Span | None:  # noqa: ARG001
    """Locate values that no text holds (Parquet, Python objects)."""
    return None


@record
class Place:
    """Where a column was read.

    `locate` maps a 0-based index to its span (``()`` is the name), or to None where no text holds it; `declared` is
    the statement of the spec that names the file; `rows` says whether the first axis counts rows of a table.
    """

    file: str
    locate: Callable[[tuple[int, ...]], Span | None]
    declared: Span | None = None
    rows: bool = True

    def of(self, index: tuple[int, ...]) -> Span | None:
        return self.locate(index) or self.declared

    def words(self, name: str) -> str:
        """Name the column, and the file too where no span of it will be shown."""
        kind = "column" if self.rows else "data"
        return f"{kind} `{name}`" + ("" if self.locate(()) else f" of {self.file}")

    def where(self, indices: Sequence[tuple[int, ...]]) -> str:
        """Say ``row 3``, ``rows 3, 5``, ``element [2, 1]``; long lists are cut; a single value needs no more words."""
        if indices[0] == ():
            return "its only value"
        word = "row" if self.rows and all(len(index) == 1 for index in indices) else "element"
        numbers = [", ".join(str(i + 1) for i in index) for index in indices[:_SHOWN]]
        if word == "element":
            numbers = [f"[{number}]" for number in numbers]
        more = len(indices) - len(numbers)
        plural = "s" if len(indices) > 1 else ""
        return f"{word}{plural} {', '.join(numbers)}" + (f" and {more} more" if more else "")


def is_number(text: str) -> bool:
    """Whether a cell is a number as data files write it."""
    return NUMBER.fullmatch(text.strip()) is not None


def quoted(text: str) -> str:
    """Return `text` in quotes, short and without control characters."""
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:41])
    return f'"{shown[:40]}…"' if len(text) > 40 else f'"{shown}"'


def no_file(path: str, span: Span | None, near: Sequence[str]) -> Diagnostic:
    start = "the current folder" if span is None else "the folder of the spec"
    hint = f"the folder has {', '.join(near)}" if near else f"a relative path starts at {start}"
    return Diagnostic("H50", f"there is no data file {path}", span, "a CSV, JSON or Parquet file", "no such file", hint)


def unreadable(path: str, span: Span | None, found: str) -> Diagnostic:
    hint = {
        "a folder": f"name the data file that is in it: {path}/...",
        "something that is not a file": "save the data in a file first, such as data.csv",
        "file name too long": "shorten the name of the file, or move it nearer",
        "embedded null byte": "take the null byte out of the name of the file",
        "permission denied": "let this user read the file, or copy it",
    }.get(found, f"copy {path} to a folder that can be read")
    return Diagnostic("H51", f"the data file {path} cannot be read", span, "a file that can be read", found, hint)


def unknown_kind(path: str, span: Span | None, suffix: str) -> Diagnostic:
    return Diagnostic(
        "H52",
        f"the kind of the data file {path} is not known",
        span,
        "a name that ends in .csv, .tsv, .json or .parquet",
        f"the ending {suffix}" if suffix else "no ending",
        "the ending of its name says how a file is read",
    )


def not_utf8(path: str, span: Span | None, byte: int) -> Diagnostic:
    return Diagnostic(
        "H53",
        f"the data file {path} is not UTF-8 text",
        span,
        "text in UTF-8",
        f"the byte 0x{byte:02x}",
        "save it as UTF-8 (spreadsheets call this `CSV UTF-8`)",
    )


def empty(path: str, span: Span | None, found: str) -> Diagnostic:
    wanted, hint = "a line of column names and a line for each row", "write the names first: `y,sigma`, then `28,15`"
    if path.endswith(".json"):
        wanted, hint = "an object with a list for each name", 'write for example {"y": [28, 8], "sigma": [15, 10]}'
    elif path.endswith(".parquet"):
        wanted, hint = "columns with at least one row", "write it again from a data frame that has columns and rows"
    elif found.startswith("names"):
        hint = "add a line below it for each row, with a value for each name"
    return Diagnostic("H54", f"the data file {path} holds no data", span, wanted, found, hint)


def bad_csv(path: str, span: Span | None, expected: str, found: str, hint: str) -> Diagnostic:
    return Diagnostic("H55", f"the data file {path} is not a table that can be read", span, expected, found, hint)


def bad_json(path: str, span: Span | None, expected: str, found: str, hint: str) -> Diagnostic:
    return Diagnostic("H56", f"the data file {path} is not valid JSON", span, expected, found, hint)


def row_length(row: int, span: Span, header: Span, *, expected: int, found: int, more: int) -> Diagnostic:
    also = f"; {more} more {'row differs' if more == 1 else 'rows differ'}" if more else ""
    return Diagnostic(
        "H57",
        f"row {row} has {'fewer' if found < expected else 'more'} cells than there are columns",
        span,
        f"{expected} cells, as line {header.line} has names",
        f"{found}{also}",
        "a cell that holds a separator stands in double quotes"
        if found > expected
        else "add what is missing; a cell without a value keeps its separator: `B,,10`",
    )


def same_name(name: str, place: Place) -> Diagnostic:
    return Diagnostic(
        "H58",
        f"two columns are called `{name}`",
        place.of(()),
        "one column of each name that is used",
        f"a second `{name}`",
        "rename one of them in the data file",
    )


def missing(name: str, indices: Sequence[tuple[int, ...]], found: str, place: Place) -> Diagnostic:
    span = place.locate(indices[0])
    if span is not None and not found:
        found = quoted(span.text) if span.text.strip() else "an empty cell"
        found = "a row without this key" if span.text.startswith("{") else found
    return Diagnostic(
        "H59",
        f"{place.words(name)} has no value in {place.where(indices)}",
        place.of(indices[0]),
        "a number or text in every row" if place.rows else "a number or text for every element",
        found,
        "leave the rows without values out, fill them in, or say how they are distributed (`~`): then they are unknown",
    )


def text_and_numbers(name: str, index: tuple[int, ...], text: str, place: Place) -> Diagnostic:
    return Diagnostic(
        "H60",
        f"{place.words(name)} holds numbers and text: {place.where([index])} is text",
        place.of(index),
        "only numbers, or only text",
        quoted(text),
        "write it without quotes"
        if is_number(text)
        else f"write a number instead, or put the numbers of `{name}` in quotes if they are labels",
    )


def text_for_number(name: str, index: tuple[int, ...], text: str, count: int, place: Place) -> Diagnostic:
    bare = text.strip()
    help_ = "a column of labels may hold text, but the spec uses this one as numbers"
    if is_number(bare):
        help_ = "write it without quotes"
    elif re.fullmatch(r"[+-]?[0-9]*,[0-9]+", bare):
        help_ = "write a decimal point, not a comma"
    at = place.where([index]) if index else "its only value"
    return Diagnostic(
        "H60",
        f"{place.words(name)} is used as numbers, but {at} holds text",
        place.of(index),
        "a number",
        quoted(text) + (f", and {count - 1} more that are no numbers" if count > 1 else ""),
        help_,
    )


def ragged(name: str, index: tuple[int, ...], expected: str, found: str, place: Place) -> Diagnostic:
    at = f"element [{', '.join(str(i + 1) for i in index)}]"
    return Diagnostic(
        "H61",
        f"the lists in {place.words(name)} do not have one length: {at} differs",
        place.of(index),
        expected,
        found,
        "write ragged groups in long form: one row for each member, with a column that says its group",
    )


def not_data(name: str, index: tuple[int, ...], found: str, place: Place) -> Diagnostic:
    at = f" in {place.where([index])}" if index else ""
    hint = f"write `{name}` as a number, text or a list, or take it out of the data"
    if found == "an object":
        hint = f"give what is in `{name}` names of its own, beside `{name}`"
    elif found.startswith("lists nested"):
        hint = f"write `{name}` in long form: one row for each value, with a column for each index"
    return Diagnostic(
        "H62",
        f"{place.words(name)} holds something that is neither a number nor text{at}",
        place.of(index),
        "a number, text, or lists of these",
        found,
        hint,
    )


def not_text(name: str, index: tuple[int, ...], place: Place) -> Diagnostic:
    at = f" in {place.where([index])}" if index else ""
    return Diagnostic(
        "H62",
        f"{place.words(name)} holds half a character{at}",
        place.of(index),
        "text that can be written as UTF-8",
        "one half of a surrogate pair",
        "write the character itself, or both halves",
    )


def not_a_table(path: str, span: Span | None, found: str) -> Diagnostic:
    return Diagnostic(
        "H62",
        f"the data file {path} does not hold named data",
        span,
        "an object whose keys are names, or a list of objects, one for each row",
        found,
        'give what it holds a name, such as {"y": [28, 8]}',
    )


def not_held(name: str, indices: Sequence[tuple[int, ...]], found: str, place: Place) -> Diagnostic:
    return Diagnostic(
        "H63",
        f"{place.words(name)} has a number that cannot be held exactly in {place.where(indices)}",
        place.of(indices[0]),
        "a finite number; whole numbers up to 2^53",
        found,
        "numbers that only tell things apart (identifiers) can be text",
    )


def no_names(path: str, span: Span | None, found: str) -> Diagnostic:
    return Diagnostic(
        "H64",
        f"the first line of {path} holds numbers where the names of the columns should be",
        span,
        "the names of the columns",
        found,
        "put a line with the names of the columns at the top",
    )


def no_pyarrow(path: str, span: Span | None) -> Diagnostic:
    return Diagnostic(
        "H65",
        f"the data file {path} needs the package pyarrow to be read",
        span,
        "pyarrow, which reads Parquet",
        "no such package",
        "pip install 'hiercomp[parquet]', or save the data as CSV",
    )


def bad_parquet(path: str, span: Span | None, words: str) -> Diagnostic:
    return Diagnostic(
        "H66",
        f"the data file {path} is not a Parquet file that can be read",
        span,
        "a Parquet file, as `to_parquet` of a data frame writes it",
        words,
        "write it again, or give it the ending of what it is (.csv, .tsv, .json)",
    )
