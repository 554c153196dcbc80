"""The grammar is compiled once and then read from a cache; a parse that is stuck says what could stand there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from hiercomp.diagnostics import Diagnostics
from hiercomp.resources import resource_dir
from hiercomp.source import Source
from hiercomp.syntax import grammar, parse
from hiercomp.syntax.problems.base import RejectedError
from hiercomp.syntax.tokens import Tok


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    grammar.parser.cache_clear()
    yield
    grammar.parser.cache_clear()


def parses() -> bool:
    diagnostics = Diagnostics()
    spec = parse(Source("t.hier", "mu ~ Normal(0, 1)\n"), diagnostics)
    return not diagnostics.items and len(spec.models[0].statements) == 1


def use(monkeypatch: pytest.MonkeyPatch, folder: Path | None) -> None:
    monkeypatch.setattr(grammar, "cache_dir", lambda name: folder)


def test_the_cache_is_written_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, tmp_path)
    assert parses()
    (written,) = tmp_path.iterdir()
    before = written.stat().st_mtime_ns
    grammar.parser.cache_clear()
    assert parses()
    assert written.stat().st_mtime_ns == before


def test_another_grammar_is_not_read_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, tmp_path)
    assert parses()
    folder = tmp_path / "other"
    folder.mkdir()
    text = (resource_dir("grammar") / "statement.lark").read_text(encoding="utf-8")
    (folder / "statement.lark").write_text(
        text.replace("random: _exprs TILDE", "random: _exprs COLON"), encoding="utf-8"
    )
    monkeypatch.setattr(grammar, "resource_dir", lambda name: folder)
    grammar.parser.cache_clear()
    assert not parses()


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"half", b"[]", b"{}", b"\xff"])
def test_a_damaged_cache_is_not_trusted(damage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, tmp_path)
    assert parses()
    (written,) = tmp_path.iterdir()
    whole = written.read_bytes()
    written.write_bytes(whole[: len(whole) // 2] if damage == b"half" else damage)
    grammar.parser.cache_clear()
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


def stuck(tokens: list[Tok], source: Source) -> grammar.StuckError | None:
    """Return how far the grammar gets with the tokens; None if to their end."""
    with suppress(RejectedError):  # the builder refuses what the grammar takes
        try:
            grammar.run(tokens, source)
        except grammar.StuckError as error:
            return error
    return None


def test_what_is_expected_is_what_could_stand_there(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements cut short and shuffled: with an expected terminal the parse gets on, with any other it does not."""
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
    terminals = {token.type for tokens in seen for token in tokens} | {"$END"}
    rng = random.Random(1)
    wanted = unwanted = 0
    for tokens in rng.sample(seen, 20):
        words = rng.sample(tokens, len(tokens)) if rng.random() < 0.5 else tokens[: rng.randrange(len(tokens))]
        error = stuck(words, source)
        if error is None:
            continue
        at = len(words) if error.found.type == "$END" else words.index(error.found)
        for terminal in terminals:
            other = Tok(terminal, "1", source, 0, 1)
            after = stuck(words[:at] if terminal == "$END" else [*words[:at], other], source)
            gets_on = after is None or (after.found is not other and terminal != "$END")
            assert gets_on == (terminal in error.expected), (words[:at], terminal)
            wanted += gets_on
            unwanted += not gets_on
    assert wanted > 50
    assert unwanted > 50
