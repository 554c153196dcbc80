"""Names in Greek and other letters, and what is written as superscripts and subscripts."""

from __future__ import annotations

from collections.abc import Iterator

from hiercomp.syntax.stream import TokenStream
from hiercomp.syntax.symbols import SUBSCRIPT_SIGNS, SUBSCRIPTS, SUPERSCRIPT_SIGNS, SUPERSCRIPTS, plain_letters


def unicode_name(text: str, start: int, eol: int) -> tuple[str, int]:
    """Return the plain spelling of the name at `start` and where it ends; an empty name where there is none.

    A run of subscript characters is joined with an underscore (``θ₁`` is ``theta_1``), unless it holds a sign
    (``xₜ₋₁``): that run is an index and is left for the caller.
    """
    parts: list[str] = []
    end = start
    while end < eol:
        char = text[end]
        if char in SUBSCRIPTS:
            stop = end
            while stop < eol and (text[stop] in SUBSCRIPTS or text[stop] in SUBSCRIPT_SIGNS):
                stop += 1
            run = text[end:stop]
            if not parts or any(char in SUBSCRIPT_SIGNS for char in run):
                break
            parts.append("_" if not parts[-1].endswith("_") else "")
            parts.extend(SUBSCRIPTS[char] for char in run)
            end = stop
            continue
        letters = plain_letters(char)
        if not letters or (not parts and not letters[0].isalpha()):
            break
        parts.append(letters)
        end += 1
    return "".join(parts), end


def subscript_parts(text: str, start: int, end: int) -> Iterator[tuple[str, str, int, int]]:
    """Yield the names, numbers and signs of a subscript run: (name, sign, start, end)."""
    pos = start
    while pos < end:
        if text[pos] in SUBSCRIPT_SIGNS:
            yield "", SUBSCRIPT_SIGNS[text[pos]], pos, pos + 1
            pos += 1
            continue
        stop = pos
        digit = SUBSCRIPTS[text[pos]].isdigit()
        while stop < end and text[stop] in SUBSCRIPTS and SUBSCRIPTS[text[stop]].isdigit() == digit:
            stop += 1
        yield "".join(SUBSCRIPTS[char] for char in text[pos:stop]), "", pos, stop
        pos = stop


def superscript(stream: TokenStream, start: int, eol: int) -> int:
    """``x²`` is ``x^2`` and ``x⁻¹`` is ``x^-1``: the power sign has no width of its own."""
    text = stream.source.text
    end = start
    stream.emit("OP", "^", start, start + 1)
    if text[end] in SUPERSCRIPT_SIGNS:
        sign = SUPERSCRIPT_SIGNS[text[end]]
        stream.emit("MINUS" if sign == "-" else "PLUS", sign, end, end + 1)
        end += 1
    first = end
    while end < eol and text[end] in SUPERSCRIPTS:
        end += 1
    if end > first:
        stream.emit("NUMBER", "".join(SUPERSCRIPTS[char] for char in text[first:end]), first, end)
    return end


def subscript_index(stream: TokenStream, start: int, eol: int) -> int:
    """``xₜ₋₁`` is ``x_{t-1}``: the braces have no width of their own."""
    text = stream.source.text
    end = start
    while end < eol and (text[end] in SUBSCRIPTS or text[end] in SUBSCRIPT_SIGNS):
        end += 1
    if end == start:
        return start
    stream.emit("LSUB", "{", start, start)
    for name, sign, first, last in subscript_parts(text, start, end):
        if sign:
            stream.emit("PLUS" if sign == "+" else "MINUS", sign, first, last)
        else:
            stream.emit("NUMBER" if name.isdigit() else "NAME", name, first, last)
    stream.emit("RBRACE", "}", end, end)
    return end
