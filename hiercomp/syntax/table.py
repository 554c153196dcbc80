"""The parse table of the grammar: Lark makes it, once a machine; from then on it is read from the user's cache folder.

Only a machine that has no table yet imports Lark: its import takes longer than reading a spec.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, cast

from hiercomp.records import record
from hiercomp.resources import cache_dir, resource_dir

STARTS = ("statement", "note")
_FORMAT = 1


@record
class Rule:
    """What a reduction does: it takes `length` values and makes one for `origin`.

    `build` names the method that gets the values; it is empty where they are handed on as a list, to stand among the
    values of the rule above. `spread` are the positions of such lists. A rule with `alone` hands a single value on.
    """

    origin: str
    length: int
    build: str
    alone: bool
    spread: tuple[int, ...]


@record
class Table:
    """An LALR(1) table. In a state, a terminal or the origin of a rule maps to the state to shift to, or to ``~number``
    of the rule to reduce by. `starts` and `ends` are states, by the name of the start rule."""

    states: tuple[dict[str, int], ...]
    rules: tuple[Rule, ...]
    starts: dict[str, int]
    ends: dict[str, int]


@cache
def table() -> Table:
    """Return the table of ``grammar/statement.lark``."""
    text = (resource_dir("grammar") / "statement.lark").read_text(encoding="utf-8")
    folder = cache_dir("grammar")
    path = folder / "statement.json" if folder else None
    kept = _read(path, text) if path else None
    if kept is None:
        kept = compile_grammar(text)
        if path:
            _write(path, text, kept)
    return kept


def compile_grammar(text: str) -> Table:
    """Return the table that Lark makes of a grammar.

    Raises:
        ValueError: the grammar uses something of Lark's that the table has no place for.
    """
    from lark import Lark  # noqa: PLC0415
    from lark.lexer import Lexer  # noqa: PLC0415
    from lark.parsers.lalr_analysis import Shift  # noqa: PLC0415

    class NoLexer(Lexer):
        """Lark asks for a lexer; the table is all that is wanted of it."""

        def __init__(self, lexer_conf: object) -> None:
            del lexer_conf

        def lex(self, lexer_state: object, parser_state: object) -> Iterator[Any]:  # pyright: ignore
            del lexer_state, parser_state
            return iter(())

    lark = Lark(text, parser="lalr", lexer=NoLexer, start=list(STARTS), maybe_placeholders=False)
    # Lark's annotations leave open what is inside of a parser.
    made = cast(Any, lark).parser.parser._parse_table
    rules: dict[Any, int] = {}
    states: list[dict[str, int]] = [{} for _ in made.states]
    for number, row in made.states.items():
        for symbol, (action, target) in row.items():
            states[number][symbol] = target if action is Shift else ~rules.setdefault(target, len(rules))
    return Table(tuple(states), tuple(map(_rule, rules)), dict(made.start_states), dict(made.end_states))


def _rule(rule: Any) -> Rule:
    parts: list[Any] = rule.expansion
    if any(part.is_term and part.filter_out for part in parts) or any(rule.options.empty_indices):
        raise ValueError(f"the grammar leaves parts of {rule.origin.name} out; name its terminals")
    spread = tuple(at for at, part in enumerate(parts) if not part.is_term and part.name.startswith("_"))
    alone = bool(rule.options.expand1 and not rule.alias)
    name = str(rule.alias or rule.origin.name)
    built = not name.startswith("_") and not (alone and len(parts) == 1 and not spread)
    return Rule(str(rule.origin.name), len(parts), name if built else "", alone, spread)


def _read(path: Path, text: str) -> Table | None:
    """Return the table in the cache, None where there is none of this very grammar."""
    try:
        kept: Any = json.loads(path.read_bytes())
        if kept["format"] != _FORMAT or kept["grammar"] != text:
            return None
        rules = tuple(
            Rule(origin, length, build, alone, tuple(at)) for origin, length, build, alone, at in kept["rules"]
        )
        return Table(tuple(kept["states"]), rules, kept["starts"], kept["ends"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, text: str, made: Table) -> None:
    rules = [[rule.origin, rule.length, rule.build, rule.alone, rule.spread] for rule in made.rules]
    kept = {"format": _FORMAT, "grammar": text, "states": made.states, "rules": rules}
    kept |= {"starts": made.starts, "ends": made.ends}
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(json.dumps(kept, separators=(",", ":")), encoding="utf-8")
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
