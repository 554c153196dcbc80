"""Any of our trees (AST, model, plan) as indented text, for people: what ``build --emit`` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, cast

from hiercomp.source import Source, Span

_WIDTH = 100
_MAX_INDENT = 60  # an absurdly deep tree must not print mostly spaces


def dump(node: object) -> str:
    """Return the tree of `node`: a class and its fields, children indented; short nodes stand on one line.

    Spans and sources are left out, and fields that are empty or hold their default, so that what is there is what was
    said. The text depends on nothing but the values. Deep trees cost no stack.
    """
    lines: list[str] = []
    # Each entry is still to print: its indent, what stands before it on the line, and the value.
    waiting: list[tuple[int, str, object]] = [(0, "", node)]
    short = _short_forms(node)
    while waiting:
        depth, lead, value = waiting.pop()
        indent = "  " * min(depth, _MAX_INDENT)
        line = short.get(id(value)) if _has_parts(value) else _leaf(value)
        if line is not None and len(indent) + len(lead) + len(line) <= _WIDTH:
            lines.append(f"{indent}{lead}{line}")
            continue
        lines.append(f"{indent}{lead}{_title(value) if line is None or _has_parts(value) else line}")
        waiting.extend((depth + 1, label, part) for label, part in reversed(_parts(value)))
    return "\n".join(lines)


def _short_forms(root: object) -> dict[int, str]:
    """Return the one-line form of every node that has one no longer than a line, by identity, children first."""
    order: list[object] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if _has_parts(node):
            order.append(node)
            waiting.extend(part for _, part in _parts(node))
    short: dict[int, str] = {}
    for node in reversed(order):
        texts: list[str] = []
        room = _WIDTH
        for label, part in _parts(node):
            text = short.get(id(part)) if _has_parts(part) else _leaf(part)
            room -= len(text or "") + len(label) + 2
            if text is None or room < 0:
                break
            texts.append(label + text)
        else:
            inner = ", ".join(texts)
            short[id(node)] = f"[{inner}]" if _is_list(node) else f"{_title(node)}({inner})"
    return short


def _is_list(value: object) -> bool:
    return isinstance(value, (tuple, list))


def _has_parts(value: object) -> bool:
    return _is_list(value) or isinstance(value, Mapping) or (is_dataclass(value) and not isinstance(value, type))


def _parts(value: object) -> list[tuple[str, object]]:
    """Return the children of a node with the words before them."""
    if isinstance(value, Mapping):
        return [(f"{key}: ", part) for key, part in cast(Mapping[object, object], value).items()]
    if _is_list(value):
        return [("", part) for part in cast(list[object], value)]
    if not is_dataclass(value) or isinstance(value, type):
        return []
    return [
        (f"{field.name} = ", part)
        for field, part in ((field, getattr(value, field.name)) for field in fields(value))
        if not isinstance(part, (Span, Source)) and not _is_default(field, part)
    ]


def _is_default(field: Any, part: object) -> bool:
    return part is None or part in ("", ()) or (type(part) is type(field.default) and part == field.default)


def _title(value: object) -> str:
    if _is_list(value):
        count = len(cast(list[object], value))
        return f"{count} item{'s' if count != 1 else ''}"
    return "mapping" if isinstance(value, Mapping) else type(value).__name__


def _leaf(value: object) -> str:
    return str(value.value) if isinstance(value, Enum) else repr(value)
