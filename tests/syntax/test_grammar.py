"""The table of the grammar comes from a cache where there is one; what is read by it is what Lark reads."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lark import Lark, UnexpectedToken
from lark.lexer import Lexer

from hiercomp.diagnostics import Diagnostics
from hiercomp.resources import resource_dir
from hiercomp.source import Source
from hiercomp.syntax import grammar, parse, table
from hiercomp.syntax.builder import Builder
from hiercomp.syntax.tokens import Tok


def forget() -> None:
    table.table.cache_clear()
    grammar._methods.cache_clear()


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget()
    yield
    forget()


def parses() -> bool:
    diagnostics = Diagnostics()
    spec = parse(Source("t.hier", "mu ~ Normal(0, 1)\n"), diagnostics)
    return not diagnostics.items and len(spec.models[0].statements) == 1


def use(monkeypatch: pytest.MonkeyPatch, folder: Path | None) -> None:
    monkeypatch.setattr(table, "cache_dir", lambda name: folder)


def test_the_cache_is_written_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, tmp_path)
    assert parses()
    (written,) = tmp_path.iterdir()
    before = written.stat().st_mtime_ns
    forget()
    assert parses()
    assert written.stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"half", b"[]", b"{}", b"\xff"])
def test_a_damaged_cache_is_not_trusted(damage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, tmp_path)
    assert parses()
    (written,) = tmp_path.iterdir()
    whole = written.read_bytes()
    written.write_bytes(whole[: len(whole) // 2] if damage == b"half" else damage)
    forget()
    assert parses()


@pytest.mark.parametrize("there", [True, False])
def test_a_place_that_cannot_be_written(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    use(monkeypatch, tmp_path / "file" if there else None)
    assert parses()
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""


class NoLexer(Lexer):
    def __init__(self, lexer_conf: object) -> None:
        del lexer_conf

    def lex(self, lexer_state: object, parser_state: object) -> Iterator[Any]:
        return iter(())


def read_by_lark(lark: Lark, tokens: list[Tok], source: Source) -> object:
    """Return what Lark makes of the tokens, or the terminals that it would have taken instead of the one in the way."""
    state: Any = lark.parse_interactive(None, "statement")
    at = tokens[-1].end if tokens else 0
    for token in [*tokens, Tok("$END", "", source, at, at)]:
        wanted = frozenset(state.accepts())
        try:
            result = state.parser_state.feed_token(token, is_end=token.type == "$END")
        except UnexpectedToken:
            return token.type, token.start, wanted
    return result


def read_by_table(tokens: list[Tok], source: Source) -> object:
    try:
        return grammar.run(tokens, source)
    except grammar.StuckError as error:
        return error.found.type, error.found.start, error.expected


def shown(result: object) -> object:
    """Return a complaint, or else a result as text: not all that a builder makes can be compared."""
    return result if isinstance(result, tuple) else re.sub(r"0x[0-9a-f]+", "", repr(result))


def test_lark_reads_the_same(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole statements, cut ones and shuffled ones: the same tree, or the same complaint."""
    seen: list[list[Tok]] = []
    run = grammar.run

    def listen(tokens: list[Tok], source: Source, start: grammar.Start = "statement") -> object:
        seen.append(list(tokens))
        return run(tokens, source, start)

    monkeypatch.setattr("hiercomp.syntax.statements.run", listen)
    source = Source("t.hier", (specs / "eight_schools.hier").read_text(encoding="utf-8"))
    parse(source, Diagnostics())
    more = Source(
        "more.hier",
        "eta_{cell[m], r} ~ Normal(a * -b_{j} ^ 2, (1, 2)) for r in choices_m, m in 1..M where 0 < s_m < 1 and p is a "
        "simplex truncated to [0, ]\nlog(x) = sum(f(y, k = 2) for i in 1..N) if not a == b and c\n  = 1 otherwise\n",
    )
    parse(more, Diagnostics())
    assert len(seen) > 30
    text = (resource_dir("grammar") / "statement.lark").read_text(encoding="utf-8")
    builder: Any = Builder()
    lark = Lark(
        text, parser="lalr", lexer=NoLexer, start=list(table.STARTS), transformer=builder, maybe_placeholders=False
    )
    rng = random.Random(1)
    compared = 0
    for tokens in seen:
        for cut in {*range(0, len(tokens), 3), len(tokens)}:
            part = tokens[:cut]
            for words in (part, rng.sample(part, len(part)), [*part, rng.choice(tokens)]):
                try:
                    wanted = read_by_lark(lark, words, source)
                except Exception as error:  # the builder refuses: then it has to refuse in both
                    with pytest.raises(type(error)):
                        read_by_table(words, source)
                    continue
                assert shown(read_by_table(words, source)) == shown(wanted)
                compared += 1
    assert compared > 400
