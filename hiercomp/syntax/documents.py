"""Documents: which fenced blocks of a Markdown text are models, what they are called, and what is said above them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from hiercomp.diagnostics import Diagnostics
from hiercomp.records import record, replace
from hiercomp.source import Source, Span
from hiercomp.syntax import problems
from hiercomp.syntax.ast import DataDecl, Define, FitDecl, ModelBlock, Spec
from hiercomp.syntax.markdown import Comment, Fence, fences
from hiercomp.syntax.naming import Named, name_blocks
from hiercomp.syntax.specs import MOST_ERRORS, Region, check_notes, model_name, read_region

_TILDE = re.compile(r"(?:^|\s)[~∼](?=\s)")
_DIRECTIVE = re.compile(r"\s*(\w+)\s*(?:\"([^\"]*)\"|'([^']*)'|([^;]*?))\s*(?:;|$)")


@record
class _Directives:
    """What the ``hier`` comments above a fence say."""

    extends: str = ""
    extends_span: Span | None = None
    data: tuple[DataDecl, ...] = ()
    name: str = ""
    name_span: Span | None = None
    skip: bool = False


@record
class _Block:
    fence: Fence
    region: Region
    directives: _Directives
    random: bool


def parse_document(source: Source, diagnostics: Diagnostics) -> Spec:
    """Return the models and fragments in the fenced blocks of `source`.

    A block is read if its fence has no language or ``hier``. What is wrong with it is reported where it is a model
    beyond doubt: tagged, or mostly made of statements; a block without a tag that merely holds a ``~`` is left alone
    with a warning.
    """
    found, orphans = fences(source)
    for comment in orphans:
        diagnostics.add(problems.documents.orphan_comment(comment.span))
    blocks: list[_Block] = []
    for fence in found:
        if not fence.closed and fence.language in {"", "hier"}:
            diagnostics.add(problems.documents.unclosed_fence(fence.opener))
        if fence.language in {"", "hier"}:
            directives = _directives(fence.comments, diagnostics)
            block = None if directives.skip else _read(fence, directives, source, diagnostics)
            if block is not None:
                blocks.append(block)
        else:
            for comment in fence.comments:
                diagnostics.add(problems.documents.comment_elsewhere(comment.span, fence.language))
    if not blocks and not diagnostics.errors:
        diagnostics.add(problems.documents.no_blocks(source))
    return _spec(source, blocks, diagnostics)


def _read(fence: Fence, directives: _Directives, source: Source, diagnostics: Diagnostics) -> _Block | None:
    """Read one fence; None where it turns out not to be a model or a fragment of one."""
    region = read_region(source, fence.content.start, fence.content.end)
    tagged = fence.language == "hier" or bool(fence.comments)
    statements = list(region.statements())
    random = any(not isinstance(statement, Define) for statement in statements)
    if region.problems and not tagged:
        beyond_doubt = (random or region.meant) and 2 * (region.broken - region.meant) <= region.lines
        if not beyond_doubt:
            if random or region.meant or _TILDE.search(fence.content.text):
                diagnostics.add(problems.documents.left_alone(fence.opener, region.problems[0]))
            return None
    if not statements and not region.problems and region.study is None:
        if tagged and not region.blocks:
            diagnostics.add(problems.documents.empty_fence(fence.opener))
        if not region.blocks:
            return None
    diagnostics.extend(region.problems)
    diagnostics.extend(islice(check_notes(region, source), MOST_ERRORS))
    return _Block(fence, region, directives, random or bool(region.problems) or bool(region.blocks))


def _spec(source: Source, blocks: list[_Block], diagnostics: Diagnostics) -> Spec:
    names = _names(source, blocks, diagnostics)
    models: list[ModelBlock] = []
    only_when_named: list[str] = []
    fit: FitDecl | None = None
    study: ModelBlock | None = None
    for block, named in zip(blocks, names, strict=True):
        made = list(_models(block, named))
        models += made
        if not block.random:
            only_when_named += [model.name for model in made]
        if block.region.fit is not None:
            if fit is not None:
                diagnostics.add(problems.headers.twice("`fit:`", block.region.fit.span, fit.span))
            fit = block.region.fit
        if block.region.study is not None:
            made_study = block.region.study.finish()
            if study is not None:
                diagnostics.add(problems.headers.twice("`study`", made_study.span, study.span))
            study = made_study
    seen: dict[str, Span | None] = {}
    for model in models:
        if model.name in seen:
            diagnostics.add(problems.headers.twice(f"the model `{model.name}`", model.name_span, seen[model.name]))
        seen[model.name] = model.name_span
    return Spec(source, tuple(models), fit=fit, document=True, only_when_named=tuple(only_when_named), study=study)


def _names(source: Source, blocks: list[_Block], diagnostics: Diagnostics) -> list[Named]:
    """Name blocks in three rounds, so that a fragment never takes a model's name from it."""
    fallback = model_name(source.name)
    taken: set[str] = set()
    names: dict[int, Named] = {}
    for number, block in enumerate(blocks):
        wanted = block.directives.name
        if wanted:
            if wanted in taken:
                diagnostics.add(problems.headers.twice(f"the name `{wanted}`", block.directives.name_span, None))
            titles = block.fence.titles
            names[number] = Named(wanted, titles[-1].text if titles else "")
            taken.add(wanted)
    for random in (True, False):
        chosen = [
            n for n, block in enumerate(blocks) if n not in names and block.random == random and not block.region.blocks
        ]
        found = name_blocks([blocks[n].fence.titles for n in chosen], taken, fallback)
        names.update(zip(chosen, found, strict=True))
    for number, block in enumerate(blocks):
        titles = block.fence.titles
        names.setdefault(number, Named("", titles[-1].text if titles else ""))
    return [names[number] for number in range(len(blocks))]


def _models(block: _Block, named: Named) -> Iterator[ModelBlock]:
    """Yield the models of one fence: itself, or those whose headers stand in it."""
    region, directives = block.region, block.directives
    common = tuple(region.common.statements)
    data = (*directives.data, *region.common.data)
    indices = tuple(region.common.indices)
    if not region.blocks and not common and region.study is not None:
        return
    if not region.blocks:
        place = block.fence.titles[-1].span if block.fence.titles else block.fence.opener
        span = common[0].span if common else block.fence.opener
        yield ModelBlock(
            named.name,
            common,
            extends=directives.extends,
            title=named.title,
            indices=indices,
            data=data,
            name_span=directives.name_span or place,
            extends_span=directives.extends_span,
            span=span,
            functions=tuple(region.common.functions),
            designs=tuple(region.common.designs),
        )
        return
    for model in region.models:
        yield replace(
            model,
            statements=(*common, *model.statements),
            extends=model.extends or directives.extends,
            extends_span=model.extends_span or directives.extends_span,
            title=named.title,
            data=(*data, *model.data),
            indices=(*indices, *model.indices),
            functions=(*region.common.functions, *model.functions),
            designs=(*region.common.designs, *model.designs),
        )


def _directives(comments: tuple[Comment, ...], diagnostics: Diagnostics) -> _Directives:
    """Read ``extends NAME; data FILE; name NAME; skip``."""
    said = _Directives()
    for comment in comments:
        pos = comment.inner.start
        while pos < comment.inner.end:
            found = _DIRECTIVE.match(comment.span.source.text, pos, comment.inner.end)
            if found is None:
                diagnostics.add(problems.documents.comment_wrong(Span(comment.span.source, pos, comment.inner.end)))
                break
            word = found[1]
            group = next((n for n in (2, 3, 4) if found[n] is not None), 4)
            value = found[group].strip()
            span = Span(comment.span.source, found.start(1), max(found.end(1), found.end(group)))
            value_span = Span(comment.span.source, found.start(group), found.end(group))
            said_next = _say(said, word, value, value_span)
            if said_next is None:
                diagnostics.add(problems.documents.comment_wrong(span))
            else:
                said = said_next
            pos = found.end()
    return said


def _say(said: _Directives, word: str, value: str, span: Span) -> _Directives | None:
    name = value.replace("-", "_")
    match word:
        case "extends" if name.isidentifier() and name.isascii() and not said.extends:
            return replace(said, extends=name, extends_span=span)
        case "name" if name.isidentifier() and name.isascii() and name[0] != "_" and not said.name:
            return replace(said, name=name, name_span=span)
        case "data" if value:
            return replace(said, data=(*said.data, DataDecl(value, span=span)))
        case "skip" if not value:
            return replace(said, skip=True)
        case _:
            return None
