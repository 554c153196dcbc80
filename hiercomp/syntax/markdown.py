"""As much of Markdown as matters here: headings, bold labels, fenced blocks and the comments above them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from hiercomp.records import record
from hiercomp.source import Source, Span

_FENCE = re.compile(r"[^\S\n]*(?:>[^\S\n]?)*[^\S\n]*(`{3,}|~{3,})[^\S\n]*([^\n]*?)[^\S\n]*$")
_ATX = re.compile(r"[^\S\n]{0,3}(#{1,6})(?:[^\S\n]+(.*?))?(?:[^\S\n]+#+)?[^\S\n]*$")
_SETEXT = re.compile(r"[^\S\n]{0,3}(=+|-{2,})[^\S\n]*$")
_LABEL = re.compile(r"[^\S\n]*(?:[-*+][^\S\n]+|[0-9]+[.)][^\S\n]+)?(\*\*|__)(?=\S)(.+?)(?<=\S)\1[^\S\n]*:?[^\S\n]*$")
_NO_PARAGRAPH = re.compile(r"[^\S\n]*(?:[#>|*+-]|[0-9]+[.)]|$)")
_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_ATTRIBUTES = re.compile(r"\{[^{}]*\}\s*$")
_COMMENT = re.compile(r"<!--\s*hier\s*:\s*(.*?)\s*-->", re.DOTALL)
_COMMENT_BEGINS = re.compile(r"[^\S\n]*<!--")
_LABEL_LEVEL = 7


@record
class Title:
    """A heading (level 1 to 6) or a bold label on a line of its own (level 7)."""

    level: int
    text: str
    span: Span


@record
class Comment:
    """``<!-- hier: ... -->``: what stands after the colon, and where."""

    text: str
    span: Span
    inner: Span


@record
class Fence:
    """A fenced block: the first word of its language line, its content, and the titles above it, outermost first."""

    language: str
    content: Span
    opener: Span
    titles: tuple[Title, ...]
    comments: tuple[Comment, ...]
    closed: bool


def fences(source: Source) -> tuple[tuple[Fence, ...], tuple[Comment, ...]]:
    """Return the fenced blocks of a document, and the ``hier`` comments that stand above none of them."""
    reader = _Reader(source)
    return tuple(reader.fences()), tuple(reader.orphans)


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.titles: list[Title] = []
        self.comments: list[Comment] = []
        self.orphans: list[Comment] = []
        self.paragraph: tuple[int, int] | None = None

    def fences(self) -> Iterator[Fence]:
        pos = self._front_matter()
        while pos < len(self.text):
            end = self._line_end(pos)
            line = self.text[pos:end].rstrip("\r")
            opener = _FENCE.match(line)
            if opener is not None and not (opener[1][0] == "`" and "`" in opener[2]):
                fence, pos = self._fence(pos, end, opener)
                yield fence
                continue
            if _COMMENT_BEGINS.match(line):
                pos = self._comment(pos)
                continue
            if line.strip():
                self._text(line, pos, end)
            else:
                self.paragraph = None
            pos = end + 1
        self._orphan()

    def _line_end(self, pos: int) -> int:
        end = self.text.find("\n", pos)
        return len(self.text) if end < 0 else end

    def _front_matter(self) -> int:
        """Skip the settings at the top of a document, where # begins a comment."""
        if not re.match(r"---[^\S\n]*\n", self.text):
            return 0
        end = re.compile(r"^(?:---|\.\.\.)[^\S\n]*$", re.MULTILINE).search(self.text, 4)
        return end.end() + 1 if end else 0

    def _fence(self, pos: int, end: int, opener: re.Match[str]) -> tuple[Fence, int]:
        mark = opener[1]
        close = re.compile(
            rf"^[^\S\n]*(?:>[^\S\n]?)*[^\S\n]*{re.escape(mark[0])}{{{len(mark)},}}[^\S\n]*$", re.MULTILINE
        )
        start = min(end + 1, len(self.text))
        found = close.search(self.text, start)
        stop = found.start() if found else len(self.text)
        fence = Fence(
            _language(opener[2]),
            Span(self.source, start, max(start, stop)),
            Span(self.source, pos + opener.start(1), pos + len(opener[0])),
            tuple(self.titles),
            tuple(self.comments),
            found is not None,
        )
        self.comments = []
        self.paragraph = None
        return fence, self._line_end(found.end()) + 1 if found else len(self.text)

    def _comment(self, pos: int) -> int:
        start = self.text.index("<!--", pos)
        close = self.text.find("-->", start)
        stop = close + 3 if close >= 0 else len(self.text)
        found = _COMMENT.match(self.text, start, stop)
        if found is not None:
            inner = Span(self.source, found.start(1), found.end(1))
            self.comments.append(Comment(found[1], Span(self.source, start, stop), inner))
        self.paragraph = None
        return self._line_end(stop) + 1

    def _text(self, line: str, pos: int, end: int) -> None:
        self._orphan()
        underline = _SETEXT.match(line)
        if underline is not None and self.paragraph is not None:
            start, stop = self.paragraph
            self._title(1 if underline[1][0] == "=" else 2, self.text[start:stop], start, stop)
        elif (heading := _ATX.match(line)) is not None:
            self._title(len(heading[1]), heading[2] or "", pos, end)
        elif (label := _LABEL.match(line)) is not None and "**" not in label[2]:
            self._title(_LABEL_LEVEL, label[2], pos, end)
        else:
            self.paragraph = None if _NO_PARAGRAPH.match(line) else (pos, end)
            return
        self.paragraph = None

    def _title(self, level: int, text: str, start: int, end: int) -> None:
        title = _plain(text)
        while self.titles and self.titles[-1].level >= level:
            self.titles.pop()
        if title:
            self.titles.append(Title(level, title, Span(self.source, start, end)))

    def _orphan(self) -> None:
        self.orphans += self.comments
        self.comments = []


def _language(info: str) -> str:
    words = info.strip().strip("{}").strip().lstrip(".").split()
    return words[0].lower() if words else ""


def _plain(text: str) -> str:
    """Return a heading without its markup."""
    text = _ATTRIBUTES.sub("", _LINK.sub(r"\1", text))
    text = html.unescape(text.replace("**", "").replace("__", "").replace("`", "").replace("*", ""))
    return " ".join(text.split()).rstrip(":").strip()
