"""The grammar, loaded once per process: its tables come from a cache in the user's cache folder where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Literal, cast

from lark import Lark, Token, UnexpectedToken
from lark.lexer import Lexer

from hiercomp.resources import cache_dir, resource_dir
from hiercomp.source import Source
from hiercomp.syntax.builder import Builder
from hiercomp.syntax.tokens import Tok

type Start = Literal["statement", "note"]


class StuckError(Exception):
    """The grammar has no way on: `found` (``$END`` at the end) is in the way, `expected` could have stood there."""

    def __init__(self, found: Tok, expected: frozenset[str]) -> None:
        super().__init__(found.type)
        self.found = found
        self.expected = expected


class _NoLexer(Lexer):
    """Lark asks for a lexer; tokens are fed one by one instead."""

    def __init__(self, lexer_conf: object) -> None:
        del lexer_conf

    def lex(self, lexer_state: object, parser_state: object) -> Iterator[Token]:  # pyright: ignore[reportIncompatibleMethodOverride]
        del lexer_state, parser_state
        return iter(())


@cache
def _parser() -> Lark:
    text = (resource_dir("grammar") / "statement.lark").read_text(encoding="utf-8")
    starts: list[Start] = ["statement", "note"]
    folder = cache_dir("grammar")
    return Lark(
        text,
        parser="lalr",
        lexer=_NoLexer,
        start=starts,
        transformer=cast(Any, Builder()),
        maybe_placeholders=False,
        cache=str(folder / "statement.lark.cache") if folder else False,
    )


def run(tokens: Sequence[Tok], source: Source, start: Start = "statement") -> object:
    """Return what the builder makes of `tokens`; raise `StuckError`, or the builder's own `RejectedError`."""
    # Lark's annotations leave the types of its states open.
    parser = cast(Any, _parser())
    state = parser.parse_interactive(None, start).parser_state
    last = tokens[-1].end if tokens else 0
    end = Tok("$END", "", source, last, last)
    try:
        for token in tokens:
            state.feed_token(token)
        return state.feed_token(end, is_end=True)
    except UnexpectedToken as error:
        found = cast(Tok, error.token)
        raise StuckError(found, _wanted(tokens, found, start)) from None


def _wanted(tokens: Sequence[Tok], found: Tok, start: Start) -> frozenset[str]:
    """Return the terminals that could have stood where `found` is.

    What Lark's error names is too much: it comes from a table that does not tell which bracket is open.
    """
    interactive = cast(Any, _parser()).parse_interactive(None, start)
    for token in tokens:
        if token is found:
            break
        interactive.parser_state.feed_token(token)
    return frozenset(interactive.accepts())
