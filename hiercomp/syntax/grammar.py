"""The parser: Lark's, fed with the tokens that hiercomp's own lexer cuts, building as it reads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

from lark import Lark, UnexpectedToken

from hiercomp.resources import cache_dir, resource_dir
from hiercomp.source import Source
from hiercomp.syntax.builder import Builder
from hiercomp.syntax.tokens import Tok

if TYPE_CHECKING:
    from lark.parsers.lalr_interactive_parser import InteractiveParser

type Start = Literal["statement", "note"]


class StuckError(Exception):
    """The grammar has no way on: `found` (``$END`` at the end) is in the way, `expected` could have stood there."""

    def __init__(self, found: Tok, expected: frozenset[str]) -> None:
        super().__init__(found.type)
        self.found = found
        self.expected = expected


@cache
def parser() -> Lark:
    """Return the parser of ``grammar/statement.lark``; Lark keeps its table in the user's cache folder."""
    text = (resource_dir("grammar") / "statement.lark").read_text(encoding="utf-8")
    folder = cache_dir("grammar")
    transformer: Any = Builder()  # lark's annotation asks for a base class that it does not need
    return Lark(
        text,
        parser="lalr",
        lexer="basic",  # never asked for a token: the grammar declares its terminals without saying what they match
        start=["statement", "note"],
        transformer=transformer,
        maybe_placeholders=False,
        cache=str(folder / "statement.lark") if folder else False,
    )


def run(tokens: Sequence[Tok], source: Source, start: Start = "statement") -> object:
    """Return what the builder makes of `tokens`; raise `StuckError`, or the builder's own `RejectedError`."""
    last = tokens[-1].end if tokens else 0
    state = _begin(start)
    result: object = None
    for number, token in enumerate((*tokens, Tok("$END", "", source, last, last))):
        try:
            result = state.feed_token(cast(Any, token))
        except UnexpectedToken:
            raise StuckError(token, _wanted(tokens[:number], start)) from None
    return result


def _begin(start: Start) -> InteractiveParser:
    lark: Any = parser()  # the annotations of this method are not complete
    return lark.parse_interactive(start=start)


def _wanted(tokens: Sequence[Tok], start: Start) -> frozenset[str]:
    """Return the terminals that could stand after `tokens`.

    They are read again, since the parser that got stuck had already reduced in view of the token in its way.
    """
    state = _begin(start)
    for token in tokens:
        state.feed_token(cast(Any, token))
    return frozenset(cast(set[str], state.accepts()))
