"""How a statement that stops making sense may be mended: one short hint, with the words of the statement."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.syntax.tokens import OPERAND_ENDS, RESERVED_TYPES, Tok

_FOREIGN = {
    "else": "the last piece of a piecewise statement ends in `otherwise`",
    "then": "a piece is written `= value if condition`",
    "when": "a condition begins with `if`",
    "given": "a condition on data begins with `if`; known data are marked `where x is known`",
    "iid": "leave it out: statements over an index are independent",
    "with": "write a `where` clause, or a note in brackets: `[...]`",
}
_CLAUSES = frozenset({"CENSORED", "FIT", "FOR", "IF", "TRUNCATED", "WHERE"})
_OPENERS = frozenset({"LPAR", "LSQB", "LSUB", "LIVL"})
_CLOSERS = frozenset({"RPAR", "RSQB", "RBRACE", "RIVL"})
_DEFINES = frozenset({"EQ", "NEXT_EQ", "TILDE", "NEXT_TILDE"})
_OPERATORS = frozenset({"OP", "PLUS", "MINUS"})
_LONGEST = 30


def mending(tokens: Sequence[Tok], at: int, found: Tok, wanted: str) -> str:
    """Say what to write where a parse stopped.

    `found` is the token ``tokens[at]``, or the end of the statement; `wanted` says what the grammar would take there.
    """
    before = tokens[at - 1] if at else None
    return (
        _clause(tokens, at, found)
        or _slice(tokens, at, found)
        or _foreign(found, before)
        or (_no_value(tokens, at, found, before) if before is not None else "")
        or _place(found, wanted)
    )


def _clause(tokens: Sequence[Tok], at: int, found: Tok) -> str:
    """Mend a clause or a heading that is cut short."""
    last = next((token for token in reversed(tokens[:at]) if token.type in _CLAUSES), None)
    if last is None:
        return ""
    first, shown = tokens[at - 1] is last, found.span.text
    match last.type:
        case "CENSORED" if first:
            return f"write `censored above {shown}`" if found.type in {"NUMBER", "NAME"} else "write `censored above 3`"
        case "WHERE" if found.type == "$END":
            name = "tau" if first else tokens[at - 1].span.text
            return f"say what is known of it: `where {name} > 0`, `where {name} is known`"
        case "IF" if found.type == "$END" and first:
            return "write the condition, `if tau > 1`, or `otherwise` in the last piece"
        case "TRUNCATED" if found.type == "$END" or tokens[at - 1].type == "TO":
            return "write the interval: `truncated to [0, ]`"
        case "FOR" if first:
            return "write the index and its range: `for i in 1..N`"
        case "FIT":
            return "settings are separated by commas: `fit: 4 chains, 1000 draws`"
        case _:
            return ""


def _slice(tokens: Sequence[Tok], at: int, found: Tok) -> str:
    """Mend a part of an array that is written as a slice."""
    opened = [n for n, token in enumerate(tokens[:at]) if token.type in _OPENERS]
    for _ in [token for token in tokens[:at] if token.type in _CLOSERS]:
        opened = opened[:-1]
    if found.type not in {"COLON", "DOTDOT"} or not opened or tokens[opened[-1]].type not in {"LSQB", "LSUB"}:
        return ""
    name = tokens[opened[-1] - 1].span.text.rstrip("_")
    if tokens[at - 1].type != "NUMBER" and tokens[at - 1].type != "NAME":
        return f"leave the place empty to mean all of it: `{name}[, j]`, `{name}[i, ]`"
    return f"a part of `{name}` has a range of its own: `sum({name}_t for t in 2..T)`, or a definition `for t in 2..T`"


def _foreign(found: Tok, before: Tok | None) -> str:
    """Mend what other notations write."""
    after_value = before is not None and before.type in OPERAND_ENDS
    if found.type == "NAME" and found.text in _FOREIGN:
        return _FOREIGN[found.text]
    if found.type == "COLON":
        return "a range is written `1..N`"
    if found.type == "DOTDOT":
        return "a range stands after `in`: `for i in 1..N`"
    if found.type == "IN" and after_value:
        return "a fact about a name follows `where`: `where p in [0, 1]`"
    if found.type in {"NAME", "FUNC", "LPAR"} and after_value:
        return "a product is written with `*`; a note stands in brackets: `[...]`"
    if found.type in RESERVED_TYPES and found.span.text.isalpha() and not after_value:
        return f"`{found.span.text}` is a reserved word and cannot be a name"
    return ""


def _no_value(tokens: Sequence[Tok], at: int, found: Tok, before: Tok) -> str:
    """Mend a value that is missing between `before` and `found`, or two of them with nothing between."""
    shown = before.span.text
    if tokens[0].span.text == "log_density" and before.type in _OPERATORS and found.type == "EQ":
        return "add the term with its own sign: `log_density += -(...)`"
    if before.type in OPERAND_ENDS:
        if at > 1 and tokens[at - 2].type == "FOR" and found.type in {"NUMBER", "$END"}:
            return f"write `for {shown} in {_rest(tokens, at) or '1..N'}`"
        if found.type == "NUMBER":
            pair = f"{shown}, {found.span.text}" if before.type in {"NAME", "NUMBER"} else f", {found.span.text}"
            return f"write a comma between two values, `{pair}`, or an operator such as `*`"
        return ""
    if before.type in _DEFINES and found.type in _DEFINES:
        left = _left(tokens, at)
        return f"keep one of the two: `{left} = ...` is computed, `{left} ~ Normal(0, 1)` has a distribution"
    if found.type != "$END" and found.type not in _CLOSERS and found.type != "COMMA":
        return ""
    if before.type in {"TILDE", "NEXT_TILDE"}:
        return f"write its distribution: `{_left(tokens, at)} ~ Normal(0, 1)`"
    if before.type in {"EQ", "NEXT_EQ"}:
        return f"write its value: `{_left(tokens, at)} = ...`, or `{_left(tokens, at)} ~ ...` for an unknown"
    if before.type == "COMMA":
        return "write a value after the comma, or delete the comma"
    if before.type in {"LPAR", "LSQB", "LSUB"}:
        return f"write a value after `{shown}`"
    return f"write a value after `{shown}`, or delete `{shown}`" if before.type in _OPERATORS else ""


def _rest(tokens: Sequence[Tok], at: int) -> str:
    """Return the statement from a token on, as far as it is short; nothing where it ends."""
    if at == len(tokens):
        return ""
    text = " ".join(tokens[at].source.text[tokens[at].start : tokens[-1].end].split())
    return text if len(text) <= _LONGEST else f"{tokens[at].span.text}..."


def _left(tokens: Sequence[Tok], at: int) -> str:
    """Return what the statement is about, as it is written."""
    end = next((token.start for token in tokens[:at] if token.type in _DEFINES), tokens[0].end)
    text = " ".join(tokens[0].source.text[tokens[0].start : end].split())
    return text if 0 < len(text) <= _LONGEST else "x"


def _place(found: Tok, wanted: str) -> str:
    """Mend anything else: by what the grammar would take, the part that is most likely left out first."""
    first, _, example = wanted.partition(", as in ")
    if example:
        return f"write `{example.split('`')[1]}`"
    first = wanted if wanted.startswith("an interval") else first.partition(", ")[0].partition(" or ")[0]
    if found.type == "$END":
        return f"go on with {first}"
    return f"put {first} before `{found.span.text}`, or take `{found.span.text}` out"
