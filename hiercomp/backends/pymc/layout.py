"""Long lines broken as the common Python formatters break them, and text that is safe in comments and strings."""

from __future__ import annotations

import re
import textwrap

LIMIT = 100
_CLOSERS = {")": "(", "]": "[", "}": "{"}
# Weakest first: a line breaks before its weakest operators.
_OPERATORS = (("==", "!=", "<=", ">=", "<", ">"), ("|",), ("&",), ("+", "-"), ("*", "/", "@"), ("**",))
# Strings, the parameters of a lambda (the commas between them part nothing), brackets, and what a mark begins with.
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^'\\]|\\.)*'|lambda [^:]*|[][(){} ,]")


def plain(text: str) -> str:
    """Return `text` on one line, without control characters and anything else that cannot be seen."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def quote(text: str) -> str:
    """Return a Python literal of the string `text`, in double quotes where that needs no escapes."""
    literal = repr(text)
    return f'"{literal[1:-1]}"' if literal[0] == "'" and '"' not in literal and "\\'" not in literal else literal


def docstring(text: str) -> str:
    """Return `text` so that it can stand inside triple double quotes."""
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def comment(text: str, indent: int) -> list[str]:
    """Return `text` as comment lines."""
    lead, words = " " * indent + "# ", plain(text)
    if words and len(lead) + len(words) <= LIMIT:
        return [lead + words]
    return textwrap.wrap(
        words, LIMIT, initial_indent=lead, subsequent_indent=lead, break_long_words=False, break_on_hyphens=False
    )


def lay_out(code: str, indent: int, note: str = "") -> list[str]:
    """Return the lines of one statement: on one line if it fits, else broken inside its brackets.

    `note` becomes a comment behind the statement where it fits there, else above it.
    """
    note = plain(note)
    line = " " * indent + code
    if note and len(line) + 4 + len(note) <= LIMIT:
        return [f"{line}  # {note}"]
    above = comment(note, indent) if note else []
    return above + ([line] if len(line) <= LIMIT else _statement(code, indent))


def _statement(code: str, indent: int) -> list[str]:
    pad = " " * indent
    cut = _find(code, (" = ",))
    if not cut:
        return _in_last_brackets(code, indent, "")
    start, mark = cut[0]
    head, value = code[: start + len(mark)], code[start + len(mark) :]
    weakest = _weakest(value)
    if len(weakest) <= 1 and value[-1] in _CLOSERS:
        lines = _in_last_brackets(code, indent, "")
        if all(len(line) <= LIMIT for line in lines):
            return lines
    if weakest:
        return [f"{pad}{head}(", *_element(value, indent + 4, ""), f"{pad})"]
    return _in_last_brackets(code, indent, "")


def _in_last_brackets(code: str, indent: int, tail: str) -> list[str]:
    """Break `code` inside the brackets that it ends with, if it does."""
    pad = " " * indent
    start = _last_open(code)
    if start is None or start + 2 >= len(code):
        return [pad + code + tail]
    if indent + start >= LIMIT and start > 0 and code[start - 1] in _CLOSERS:
        # What stands before a subscript is broken only where the line up to the subscript is too long.
        return _in_last_brackets(code[:start], indent, code[start:] + tail)
    head, body, close = code[: start + 1], code[start + 1 : -1], code[-1]
    return [pad + head, *_body(body, indent + 4), pad + close + tail]


def _body(body: str, indent: int) -> list[str]:
    if indent + len(body) <= LIMIT:
        return [" " * indent + body]
    commas = _find(body, (", ",))
    if not commas:
        return _element(body, indent, "")
    parts = _cut(body, [start for start, _ in commas], 2)
    return [line for part in parts for line in _element(part, indent, ",")]


def _element(code: str, indent: int, tail: str) -> list[str]:
    """Break one element of a bracket before its weakest operators, else inside its last brackets."""
    if indent + len(code) + len(tail) <= LIMIT:
        return [" " * indent + code + tail]
    weakest = _weakest(code)
    if not weakest:
        return _in_last_brackets(code, indent, tail)
    parts = _cut(code, weakest, 1)
    return [
        line
        for number, part in enumerate(parts)
        for line in _element(part, indent, tail if number == len(parts) - 1 else "")
    ]


def _cut(code: str, places: list[int], gap: int) -> list[str]:
    starts = [0, *(place + gap for place in places)]
    stops = [*places, len(code)]
    return [code[start:stop] for start, stop in zip(starts, stops, strict=True)]


def _weakest(code: str) -> list[int]:
    """Return the offsets of the blanks before the weakest operators outside of all brackets."""
    for operators in _OPERATORS:
        found = _find(code, tuple(f" {operator} " for operator in operators))
        if found:
            return [start for start, _ in found]
    return []


def _find(code: str, marks: tuple[str, ...]) -> list[tuple[int, str]]:
    """Return where any of `marks`, which begin with a blank or a comma, stands outside of brackets and strings."""
    found: list[tuple[int, str]] = []
    depth = 0
    for hit in _STRUCTURE.finditer(code):
        match hit[0]:
            case "(" | "[" | "{":
                depth += 1
            case ")" | "]" | "}":
                depth -= 1
            case " " | "," if depth == 0:
                place = hit.start()
                found += [(place, mark) for mark in marks if code.startswith(mark, place)]
            case _:
                pass
    return found


def _last_open(code: str) -> int | None:
    """Return where the bracket opens that the last character of `code` closes."""
    if code[-1] not in _CLOSERS:
        return None
    opened: list[int] = []
    last: int | None = None
    for hit in _STRUCTURE.finditer(code):
        if hit[0] in {"(", "[", "{"}:
            opened.append(hit.start())
        elif hit[0] in _CLOSERS:
            last = opened.pop()
    return last
