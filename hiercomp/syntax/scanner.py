"""Lines to statements: which lines continue the one above, where a heading stands, where brackets were left open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hiercomp.records import record
from hiercomp.source import Source, Span
from hiercomp.syntax import problems
from hiercomp.syntax.lexer import StatementLexer
from hiercomp.syntax.tokens import CLAUSE_WORDS, OPERAND_ENDS, RESERVED

_INDENT = re.compile(r"[^\S\n]*")
_CONTINUING_SIGNS = frozenset("=~^*/+-<>!,)]}·⋅∙•×∗÷−–∼˜～≤⩽≥⩾≠∈∧∨")
_WORD = re.compile(r"[A-Za-z]+(?!\w)")
# Compiled where they are first asked, which few specs do.
_NON_CENTERED = r"[-‐‑–−]cent(?:er|re)ed\b"
_NOT_A_CLAUSE = r"[^\S\n]*(?:[=~∼]|\+=)|[\[(_]"
_DEFINES = r"[^\S\n]*(?:[~∼]|=(?!=)|\+=)"
_HEADER = r"(?:model|def|design|levels)[^\S\n]+[^\W\d]|fit[^\S\n]*:|data[^\S\n]+[\"'“]|study[^\S\n]*(?:\Z|[\[#])"
_SIGN = r"[^\S\n]*(?P<sign>~|∼|=(?!=)|\+=)"
_STATEMENT = re.compile(rf"(?:[^\W\d]\w*(?:[\[{{][^\]}}\n]*[\]}}])?|\([^()\n]*\)|[^\W\d]\w*\([^()\n]*\)){_SIGN}")
_UNFINISHED = frozenset(
    {"OP", "PLUS", "MINUS", "NOT", "EQ", "NEXT_EQ", "TILDE", "NEXT_TILDE", "COMMA", "REL", "FACT_AND"}
)


@record
class Heading:
    text: str
    span: Span


type Event = Heading | StatementLexer


def scan(source: Source, start: int, end: int) -> Iterator[Event]:
    """Yield the headings and statements of ``source.text[start:end]`` in order; every statement is cut into tokens."""
    return _Scanner(source, start, end).events()


class _Scanner:
    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.text = source.text
        self.start = start
        self.end = end
        self.open: StatementLexer | None = None
        self.heading: list[Span] = []
        self.blank = False
        self.later_indent = -1

    def events(self) -> Iterator[Event]:
        pos = self.start
        while pos < self.end:
            eol = self.text.find("\n", pos, self.end)
            eol = self.end if eol < 0 else eol
            found = _INDENT.match(self.text, pos, eol)
            first = found.end() if found else pos
            if first == eol:
                self.blank = True
                yield from self._headed()
            elif self.text[first] == "#":
                yield from self._flush(heading=False)
                self._add_heading(first, eol)
                self.blank = False
            else:
                yield from self._headed()
                yield from self._line(pos, first, eol)
                self.blank = False
                eol = self.resume
            pos = eol + 1
        yield from self._flush(heading=True)

    def _line(self, pos: int, first: int, eol: int) -> Iterator[Event]:
        indent = len(self.text[pos:first].expandtabs())
        self.resume = eol
        if 0 <= self.later_indent < indent:
            return
        self.later_indent = -1
        if self.open is None or not self._continues(self.open, first, eol):
            yield from self._flush(heading=False)
            self.open = StatementLexer(self.source)
        self.resume = self.open.line(first, eol, self.end)
        if self.open.later is not None:
            self.later_indent = indent

    def _flush(self, *, heading: bool) -> Iterator[Event]:
        if self.open is not None:
            if self.open.stack and not self.open.dead:
                self.open.problems.append(problems.lexical.unclosed(self.open.stack[-1][0]))
            yield self.open
            self.open = None
        if heading:
            yield from self._headed()

    def _add_heading(self, first: int, eol: int) -> None:
        """Take a comment line, unless it is decoration: a line of dashes."""
        words = self.text[first:eol].lstrip("#").strip()
        if not words or any(char.isalnum() for char in words):
            self.heading.append(Span(self.source, first, eol))

    def _headed(self) -> Iterator[Heading]:
        """Yield the heading above, if there is one; comment lines in a row are one heading."""
        if self.heading:
            text = " ".join(" ".join(span.text.lstrip("#").split()) for span in self.heading).strip()
            yield Heading(text, self.heading[0].to(self.heading[-1]))
            self.heading = []

    def _continues(self, lexer: StatementLexer, first: int, eol: int) -> bool:
        if lexer.later is not None:
            return False
        begins = _STATEMENT.match(self.text, first, eol)
        if lexer.stack:
            return not self._cuts(lexer, begins, first, eol)
        char = self.text[first]
        if char in _CONTINUING_SIGNS:
            return True
        if char == "[":
            return not self.blank
        word = _WORD.match(self.text, first, eol)
        if word is not None and self._clause(word[0], word.end(), eol):
            return True
        return lexer.last in _UNFINISHED and begins is None and not re.match(_HEADER, self.text[first:eol])

    def _clause(self, word: str, end: int, eol: int) -> bool:
        if word in RESERVED:
            # A reserved word that is defined is a mistake of its own, not a clause of the statement above.
            return word != "not" and not re.match(_DEFINES, self.text[end:eol])
        if not (word in CLAUSE_WORDS or word.startswith("non")):
            return False
        if word == "smoothly":
            return self.text[end : end + 1] == "("
        rest = self.text[end:eol]
        if word == "non" and (found := re.match(_NON_CENTERED, rest)):
            rest = rest[found.end() :]
        return re.match(_NOT_A_CLAUSE, rest) is None

    def _cuts(self, lexer: StatementLexer, begins: re.Match[str] | None, first: int, eol: int) -> bool:
        """Say whether a line inside open brackets is a new statement, so that one slip does not swallow the rest."""
        if re.match(_HEADER, self.text[first:eol]):
            return True
        if begins is not None:
            return begins["sign"] != "=" or lexer.last not in {"LPAR", "COMMA"}
        char = self.text[first]
        word = _WORD.match(self.text, first, eol)
        operand = char.isalnum() and not (word is not None and word[0] in RESERVED)
        return operand and lexer.last in OPERAND_ENDS
