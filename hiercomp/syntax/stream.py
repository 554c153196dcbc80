"""What the lexer has found so far: tokens, notes, problems, and the brackets that are open."""

from __future__ import annotations

from hiercomp.diagnostics import Diagnostic
from hiercomp.records import record
from hiercomp.source import Source, Span
from hiercomp.syntax import problems
from hiercomp.syntax.tokens import Tok

MAX_NESTING = 64
_MOST_PROBLEMS = 3
_AFTER_NOTE = frozenset(
    {"WHERE", "FOR", "IF", "OTHERWISE", "TRUNCATED", "CENSORED", "WEIGHTED", "CENTERING", "MODIFIER", "SMOOTHLY"}
)
_CLOSERS = {"(": ")", "[": "]", "{": "}", "|": "|"}
_CLOSING = {"index": "RSQB", "subscript": "RBRACE", "interval": "RIVL"}


@record
class Note:
    """A note; `target` is the name it follows with a space between, where it might be an index of it."""

    text: str
    span: Span
    target: Tok | None = None


class TokenStream:
    """The tokens of one statement while they are cut.

    `last` is the type of the last token (``NOTE`` after a note); `stack` holds the brackets still open, each with its
    role; a `dead` stream takes nothing more.
    """

    __slots__ = ("after_note", "dead", "last", "notes", "problems", "source", "stack", "tokens")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens: list[Tok] = []
        self.notes: list[Note] = []
        self.problems: list[Diagnostic] = []
        self.stack: list[tuple[Tok, str]] = []
        self.last = ""
        self.dead = False
        self.after_note = False

    def emit(self, type_: str, text: str, start: int, end: int) -> Tok:
        """Add a token; return it."""
        token = Tok(type_, text, self.source, start, end)
        if self.after_note:
            self.after_note = False
            if type_ not in _AFTER_NOTE:
                self.report(problems.lexical.after_note(self.notes[-1], token))
        self.tokens.append(token)
        self.last = type_
        return token

    def report(self, diagnostic: Diagnostic) -> None:
        """Keep a diagnostic, unless the statement has enough of them or one of its kind."""
        alike = any(item.message == diagnostic.message for item in self.problems)
        if len(self.problems) < _MOST_PROBLEMS and not alike:
            self.problems.append(diagnostic)

    def span(self, start: int, end: int) -> Span:
        """Return the span from `start` to `end`."""
        return Span(self.source, start, end)

    def push(self, opener: Tok, role: str) -> None:
        """Open a bracket: a group, call, mixture (a call with distributions in it), index, subscript or interval."""
        if len(self.stack) >= MAX_NESTING:
            self.problems[:] = [problems.lexical.too_deep(opener, MAX_NESTING)]
            self.dead = True
            self.stack.clear()
            return
        self.stack.append((opener, role))

    def close(self, bracket: str, start: int) -> None:
        """Close the innermost bracket; its role says which token the closing one is."""
        span = self.span(start, start + 1)
        if not self.stack:
            self.report(problems.lexical.unopened(bracket, span))
            return
        opener, role = self.stack.pop()
        wanted = _CLOSERS[opener.text]
        if bracket != wanted and not (role == "interval" and bracket in ")]"):
            self.report(problems.lexical.mismatched(opener, bracket, wanted, span))
        type_ = _CLOSING.get(role, "RPAR")
        self.emit(type_, bracket, start, start + 1)

    def add_note(self, text: str, start: int, end: int, target: Tok | None) -> None:
        """Keep a note; `target` is the name before it, if the note could be an index of that."""
        self.notes.append(Note(" ".join(text.split()), self.span(start, end), target))
        if not self.stack:
            self.last = "NOTE"
