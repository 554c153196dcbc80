"""Tokens: what the lexer hands to the grammar. Their types are the terminals of ``grammar/statement.lark``."""

from __future__ import annotations

from hiercomp.source import Source, Span

# `is` and `are` differ only in how they read; both are the terminal IS.
RESERVED: dict[str, str] = {
    "where": "WHERE",
    "for": "FOR",
    "if": "IF",
    "otherwise": "OTHERWISE",
    "in": "IN",
    "is": "IS",
    "are": "IS",
    "and": "OP",
    "or": "OP",
    "not": "NOT",
}
RESERVED_TYPES = frozenset(RESERVED.values()) | {"FACT_AND"}

# Words that are special only where a name cannot stand: right after a complete value, or at the start of a line that
# continues a statement.
CLAUSE_WORDS: dict[str, str] = {
    "truncated": "TRUNCATED",
    "censored": "CENSORED",
    "weighted": "WEIGHTED",
    "weights": "WEIGHTED",
    "centered": "CENTERING",
    "centred": "CENTERING",
    "non-centered": "CENTERING",
    "non-centred": "CENTERING",
    "noncentered": "CENTERING",
    "noncentred": "CENTERING",
    "ordered": "MODIFIER",
    "sum-to-zero": "MODIFIER",
    "smoothly": "SMOOTHLY",
}

# Words that begin a construct which this version reads past but does not execute.
LATER_WORDS = ("abandon", "vary", "compare", "recover", "expect", "drop", "report")

LINKS = ("log", "logit", "probit", "cloglog", "sqrt")

OPERAND_ENDS = frozenset({"NAME", "NUMBER", "RPAR", "RSQB", "RBRACE", "STRING"})
VALUE_ENDS = OPERAND_ENDS | {
    "WORD", "OTHERWISE", "CENTERING", "MODIFIER", "RIVL", "NOTE", "STUDY"
}  # fmt: skip


class Tok:
    """A token: its terminal, its normalised text and where it stands."""

    __slots__ = ("end", "source", "start", "text", "type")

    def __init__(self, type_: str, text: str, source: Source, start: int, end: int) -> None:
        self.type = type_
        self.text = text
        self.source = source
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    def __repr__(self) -> str:
        return f"Tok({self.type}, {self.text!r})"
