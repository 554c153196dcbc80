"""The surface tree back to a spec: the inverse of `parse`, in one fixed style."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import assert_never

from hiercomp.records import record, replace
from hiercomp.source import Span
from hiercomp.syntax.ast import (
    AddTerm,
    Coding,
    ColumnDecl,
    Define,
    Expr,
    FitDecl,
    LevelsDecl,
    ModelBlock,
    Random,
    Spec,
    Statement,
)
from hiercomp.syntax.printing import binder, clauses, condition, expression, quoted
from hiercomp.syntax.specs import model_name, names_in

_INDENT = "  "
_FARTHEST_NOTE = 72
_LONGEST_BRACKETED = 3000
_BLANK_LINE = re.compile(r"\n[^\S\n]*\r?\n")
_WORD = re.compile(r"[^\W\d]\w*")
_ENDS_IN_NAME = re.compile(r"(?:[^\W\d]\w*|[\]}])$")


@record
class _Line:
    """A line without its note; a note in brackets that consists of `names` would be read as an index."""

    text: str
    note: str = ""
    names: frozenset[str] = frozenset()


def format_spec(spec: Spec) -> str:
    """Return `spec` as the text of a ``.hier`` file; parsing that text gives an equal spec.

    The models of a document come out as the models of a spec, their titles as notes: of the document only its models
    are left.
    """
    chunks: list[str] = []
    implied = _implied(spec)
    names = _names(spec)
    writer = _Writer(names)
    writer.declarations(spec)
    if spec.fit is not None:
        writer.fit(spec.fit)
    writer.statements(spec.models[0].statements if implied else spec.common)
    chunks.append(_align(writer.lines, ""))
    if spec.study is not None:
        chunks.append(_block(spec.study, "study", names))
    for model in () if implied else spec.models:
        header = f"model {model.name}" + (f" extends {model.extends}" if model.extends else "")
        chunks.append(_block(model, header, names))
    return "\n".join(chunk for chunk in chunks if chunk)


def _implied(spec: Spec) -> bool:
    """Say whether the spec is one model that needs no header: its file gives it its name."""
    if len(spec.models) != 1 or spec.common or spec.document:
        return False
    model = spec.models[0]
    plain = not (model.extends or model.note or model.title or model.heading or model.indices or model.data)
    return plain and model.name_span is None and bool(model.statements) and model.name == model_name(spec.source.name)


def _names(spec: Spec) -> frozenset[str]:
    blocks = [*spec.models, *([spec.study] if spec.study is not None else [])]
    statements = (*spec.common, *(statement for block in blocks for statement in block.statements))
    return names_in(statements, (*spec.indices, *(decl for block in blocks for decl in block.indices)))


def _block(model: ModelBlock, header: str, names: frozenset[str]) -> str:
    writer = _Writer(names)
    writer.declarations(model)
    writer.statements(model.statements)
    title = _align([_Line(header, model.note or model.title)], "")
    heading = f"# {model.heading}\n" if model.heading else ""
    return heading + title + _align(writer.lines, _INDENT)


class _Writer:
    """Collects lines; a heading is written where the section changes. None stands for a blank line."""

    def __init__(self, names: frozenset[str]) -> None:
        self.lines: list[_Line | None] = []
        self._names = names
        self._section = ""

    def declarations(self, part: Spec | ModelBlock) -> None:
        for item in part.data:
            self._declaration(item.heading, f"data {_path(item.path)}", item.note)
        for item in part.indices:
            self._declaration(item.heading, binder(item.binder), item.note)
        for item in part.functions:
            head = f"def {item.name}({', '.join(item.params)})"
            self._declaration(item.heading, f"{head} = {expression(item.body)}", item.note)
        for item in part.designs:
            self._declaration(item.heading, _column(item), item.note)

    def fit(self, fit: FitDecl) -> None:
        settings = ", ".join(_setting(name, value) for name, value in fit.settings)
        self._declaration(fit.heading, f"fit: {settings}", fit.note)

    def _declaration(self, heading: str, text: str, note: str) -> None:
        if heading:
            self._heading(heading)
        self.lines.append(_Line(text, note))

    def _heading(self, text: str) -> None:
        if self.lines:
            self.lines.append(None)
        self.lines.append(_Line(f"# {text}".rstrip()))
        self._section = text

    def statements(self, statements: Sequence[Statement]) -> None:
        before: Span | None = None
        for statement, left in _together(statements):
            if statement.section != self._section:
                self._heading(statement.section)
            elif self.lines and (before is None or _blank_between(before, statement.span)):
                self.lines.append(None)
            self.lines += _statement(statement, left, self._names)
            before = statement.span


def _together(statements: Sequence[Statement]) -> Iterator[tuple[Statement, tuple[Expr, ...]]]:
    """Yield statements, each with its left sides: what one line stood for (``a, b ~ Flat()``) is one line again."""
    groups: list[list[Statement]] = []
    for statement in statements:
        before = groups[-1][-1] if groups else None
        alike = isinstance(statement, Random) and isinstance(before, Random) and statement.span is not None
        if alike and before is not None and statement.span is before.span:
            groups[-1].append(statement)
        else:
            groups.append([statement])
    for first, *more in groups:
        facts = tuple(fact for item in (first, *more) for fact in item.clauses.facts)
        left = tuple(item.lhs for item in (first, *more) if isinstance(item, Random))
        yield replace(first, clauses=replace(first.clauses, facts=facts)) if more else first, left


def _blank_between(before: Span, after: Span | None) -> bool:
    if after is None or after.source is not before.source:
        return False
    return _BLANK_LINE.search(before.source.text, before.end, after.start) is not None


def _path(path: str) -> str:
    return f"'{path}'" if '"' in path else f'"{path}"'


def _column(item: ColumnDecl) -> str:
    if isinstance(item, LevelsDecl):
        return f"levels {item.name} = {' < '.join(map(quoted, item.levels))}"
    return f"design {item.name} = {' + '.join(map(_coding, item.codings))}"


def _coding(coding: Coding) -> str:
    terms = [":".join(expression(factor) for factor in term) for term in coding.terms]
    if coding.reference is not None:
        terms.append(f"reference = {_path(coding.reference)}")
    return f"{coding.kind}({', '.join(terms)})"


def _setting(name: str, value: int | float) -> str:
    return f"{name} {value}" if name in {"target_accept", "max_treedepth", "seed"} else f"{value} {name}"


def _statement(statement: Statement, left: tuple[Expr, ...], names: frozenset[str]) -> Iterator[_Line]:
    note = statement.clauses.note
    match statement:
        case AddTerm(value=value, condition=held):
            tail = clauses(statement.clauses, None)
            text = " ".join(filter(None, (f"log_density += {expression(value)}", condition(held), tail)))
            yield _Line(text, note, names)
        case Define(target=target, link=link, pieces=pieces, smoothly=rate):
            name = expression(target)
            lhs = f"{link}({name})" if link else name
            rows = [(expression(piece.value), condition(piece.condition)) for piece in pieces]
            yield from _pieces(f"{lhs} =", rows, _Line(clauses(statement.clauses, rate), note, names))
        case Random(pieces=pieces):
            rows = [(expression(piece.dist), condition(piece.condition)) for piece in pieces]
            text = ", ".join(map(expression, left))
            # A line that begins with a sign would continue the one above.
            text = f"({text})" if text[0] in "-+" else text
            yield from _pieces(f"{text} ~", rows, _Line(clauses(statement.clauses, None), note))
        case _:
            assert_never(statement)


def _pieces(start: str, rows: list[tuple[str, str]], tail: _Line) -> Iterator[_Line]:
    """Lay pieces out in columns: signs below signs, conditions below conditions; `tail` ends the last line."""
    wide = max(len(value) for value, _ in rows)
    for number, (value, when) in enumerate(rows):
        sign = start if number == 0 else start[-1].rjust(len(start))
        parts = [f"{sign} {value.ljust(wide) if when else value}", when]
        if number < len(rows) - 1:
            yield _Line("  ".join(filter(None, parts)))
        else:
            yield _Line("  ".join(filter(None, (*parts, tail.text))), tail.note, tail.names)


def _align(lines: Sequence[_Line | None], indent: str) -> str:
    """Return the text of `lines`, the notes of neighbouring lines in one column."""
    out: list[str] = []
    start = 0
    while start < len(lines):
        stop = start
        while stop < len(lines) and lines[stop] is not None:
            stop += 1
        group = [line for line in lines[start:stop] if line is not None]
        noted = [len(line.text) for line in group if line.note and len(line.text) <= _FARTHEST_NOTE]
        column = max(noted, default=0) + 2
        out += [indent + line.text + (_note(line, column) if line.note else "") for line in group]
        if stop < len(lines):
            out.append("")
        start = stop + 1
    return "".join(f"{line}\n" for line in out)


def _note(line: _Line, column: int) -> str:
    """A note in brackets, or after a # where brackets would end it early or make an index of it."""
    gap = " " * max(column - len(line.text), 2)
    if _could_index(line) or not _balanced(line.note) or len(line.note) > _LONGEST_BRACKETED:
        return f"{gap}# {line.note}"
    return f"{gap}[{line.note}]"


def _could_index(line: _Line) -> bool:
    if not (line.names and _ENDS_IN_NAME.search(line.text)):
        return False
    words: list[str] = _WORD.findall(line.note)
    return all(word in line.names or not word.isascii() for word in words)


def _balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if depth < 0:
            return False
    return depth == 0
