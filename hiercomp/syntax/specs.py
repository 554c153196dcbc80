"""Statements to models: which block a statement belongs to, under which heading it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import PurePath

from hiercomp.diagnostics import Diagnostic, Diagnostics
from hiercomp.records import replace
from hiercomp.source import Source, Span
from hiercomp.syntax import problems
from hiercomp.syntax.ast import (
    ColumnDecl,
    DataDecl,
    DesignDecl,
    FitDecl,
    FunctionDecl,
    IndexDecl,
    LevelsDecl,
    ModelBlock,
    Spec,
    Statement,
)
from hiercomp.syntax.headers import ModelHeader
from hiercomp.syntax.lexer import StatementLexer
from hiercomp.syntax.scanner import Heading, scan
from hiercomp.syntax.statements import Header, Node, ambiguous, build
from hiercomp.syntax.stream import Note
from hiercomp.syntax.symbols import identifier
from hiercomp.syntax.walk import expressions, mentioned

MOST_ERRORS = 100
STUDY = "study"
_INDEX_LETTERS = frozenset("ijklmnt")


class _Block:
    """A model while its lines are read; without a header it is the part of the spec above the first model."""

    __slots__ = ("data", "designs", "functions", "header", "heading", "indices", "statements")

    def __init__(self, header: Header | None = None, heading: str = "") -> None:
        self.header = header
        self.heading = heading
        self.statements: list[Statement] = []
        self.data: list[DataDecl] = []
        self.indices: list[IndexDecl] = []
        self.functions: list[FunctionDecl] = []
        self.designs: list[ColumnDecl] = []

    def finish(self) -> ModelBlock:
        assert self.header is not None
        header = self.header.header
        block = ModelBlock(
            STUDY,
            tuple(self.statements),
            note=self.header.note,
            indices=tuple(self.indices),
            data=tuple(self.data),
            name_span=header.span,
            span=header.span,
            heading=self.heading,
            functions=tuple(self.functions),
            designs=tuple(self.designs),
        )
        if not isinstance(header, ModelHeader):
            return block
        return replace(
            block,
            name=header.name.text,
            extends=header.base.text if header.base else "",
            name_span=header.name.span,
            extends_span=header.base.span if header.base else None,
            span=Span(header.span.source, header.span.start, (header.base or header.name).end),
        )


class Region:
    """What a stretch of text holds: a whole spec, or one fenced block of a document. `study` is apart from its models.

    `lines` counts the statements, `broken` those that could not be read, `meant` those among them that are a random
    quantity beyond doubt (``name ~ Word(``); `notes` are those that might be an index instead.
    """

    __slots__ = ("blocks", "broken", "common", "fit", "lines", "meant", "notes", "problems", "study")

    def __init__(self) -> None:
        self.common = _Block()
        self.blocks: list[_Block] = []
        self.study: _Block | None = None
        self.fit: FitDecl | None = None
        self.notes: list[Note] = []
        self.problems: list[Diagnostic] = []
        self.lines = self.broken = self.meant = 0

    @property
    def models(self) -> tuple[ModelBlock, ...]:
        return tuple(block.finish() for block in self.blocks)

    @property
    def parts(self) -> tuple[_Block, ...]:
        """All blocks, the study too."""
        return (self.common, *self.blocks, *([self.study] if self.study is not None else []))

    def statements(self) -> Iterator[Statement]:
        for block in (self.common, *self.blocks):
            yield from block.statements


def read_region(source: Source, start: int, end: int) -> Region:
    """Read ``source.text[start:end]``; what is wrong with it ends up in `problems`, statement by statement."""
    region = Region()
    block = outer = region.common
    section = pending = around = ""
    depth = 0
    for event in scan(source, start, end):
        place = event.span.start if isinstance(event, Heading) else _start(event)
        if block is region.study and _indent(source, place) <= depth:
            block, section = outer, around
        if isinstance(event, Heading):
            section = pending = event.text
            continue
        region.lines += 1
        node = build(event, section)
        if isinstance(node, list):
            region.problems += node
            region.broken += 1
            region.meant += _meant(event)
            if len(region.problems) >= MOST_ERRORS:
                place = node[-1].primary or Span(source, start, start)
                region.problems.append(problems.headers.too_many(place, MOST_ERRORS))
                break
            continue
        if isinstance(node, Header):
            around = section
            made = _Block(node, pending)
            section = ""
            if isinstance(node.header, ModelHeader):
                block = outer = made
                region.blocks.append(block)
            else:
                if region.study is not None:
                    region.problems.append(
                        problems.headers.twice("`study`", node.header.span, region.study.finish().span)
                    )
                depth = _indent(source, place)
                block = region.study = made
        else:
            _place(node, block, region, pending)
            region.notes += [note for note in event.notes if note.target is not None]
        pending = ""
    return region


def _start(lexer: StatementLexer) -> int:
    return lexer.tokens[0].start if lexer.tokens else lexer.notes[0].span.start if lexer.notes else 0


def _indent(source: Source, place: int) -> int:
    begin = source.text.rfind("\n", 0, place) + 1
    line = source.text[begin:place].expandtabs()
    return len(line) - len(line.lstrip())


def _meant(lexer: StatementLexer) -> bool:
    types = [token.type for token in lexer.tokens]
    return "TILDE" in types and types[0] == "NAME" and types[types.index("TILDE") + 1 :][:1] == ["FUNC"]


def _place(node: Node, block: _Block, region: Region, heading: str) -> None:
    match node:
        case DataDecl():
            block.data.append(replace(node, heading=heading) if heading else node)
        case DesignDecl() | LevelsDecl():
            block.designs.append(replace(node, heading=heading))
        case FunctionDecl():
            block.functions.append(replace(node, heading=heading))
        case FitDecl():
            if region.fit is not None:
                region.problems.append(problems.headers.twice("`fit:`", node.span, region.fit.span))
            region.fit = replace(node, heading=heading)
        case tuple():
            for item in node:
                if isinstance(item, IndexDecl):
                    block.indices.append(replace(item, heading=heading if item is node[0] else ""))
                else:
                    block.statements.append(item)
        case Header():
            raise AssertionError(node)


def names_in(statements: Iterable[Statement], indices: Iterable[IndexDecl]) -> frozenset[str]:
    """Return every name that could stand in an index: those mentioned, with and without their last part; letters."""
    names = set(_INDEX_LETTERS)
    for statement in statements:
        for name in mentioned(expressions(statement)):
            names.update((name.ident, name.ident.rpartition("_")[0]))
        names.update(binder.var for binder in statement.clauses.binders)
    names.update(decl.binder.var for decl in indices)
    return frozenset(names)


def check_notes(region: Region, source: Source) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each note that would also read as an index over names that the spec uses."""
    if not region.notes:
        return
    statements = [statement for block in region.parts for statement in block.statements]
    known = names_in(statements, (decl for block in region.parts for decl in block.indices))
    for note in region.notes:
        found = ambiguous(note, source, known)
        if found is not None:
            yield found


def model_name(source_name: str) -> str:
    """Return the name of the one model of a spec without ``model`` lines: that of its file, as an identifier."""
    return identifier(PurePath(source_name).name.partition(".")[0], "model")


def parse_spec(source: Source, diagnostics: Diagnostics) -> Spec:
    """Return the spec that `source` is; statements that cannot be read are left out and reported."""
    region = read_region(source, 0, len(source.text))
    diagnostics.extend(region.problems)
    diagnostics.extend(islice(check_notes(region, source), MOST_ERRORS))
    models, common = region.models, tuple(region.common.statements)
    if not models and common:
        models, common = (ModelBlock(model_name(source.name), common, span=common[0].span),), ()
    if not models and not region.problems:
        diagnostics.add(problems.headers.no_statements(source))
    diagnostics.extend(islice(_check_models(models, bool(common), bool(region.problems)), MOST_ERRORS))
    first = region.common
    return Spec(
        source,
        models,
        common,
        tuple(first.data),
        tuple(first.indices),
        region.fit,
        functions=tuple(first.functions),
        designs=tuple(first.designs),
        study=region.study.finish() if region.study is not None else None,
    )


def _check_models(models: tuple[ModelBlock, ...], common: bool, broken: bool) -> Iterator[Diagnostic]:
    first: dict[str, Span | None] = {}
    for model in models:
        if model.name in first:
            yield problems.headers.twice(f"the model `{model.name}`", model.name_span, first[model.name])
        first.setdefault(model.name, model.name_span)
        if not (model.statements or model.extends or common or broken):
            yield problems.headers.empty_model(model.name, model.name_span)
