"""What the grammar wanted where a parse stopped, in words a statistician uses."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.diagnostics import Diagnostic
from hiercomp.source import Span
from hiercomp.syntax import problems
from hiercomp.syntax.grammar import StuckError
from hiercomp.syntax.mending import mending
from hiercomp.syntax.tokens import OPERAND_ENDS, RESERVED_TYPES, Tok

_MAKES_STATEMENT = frozenset({"EQ", "TILDE", "PLUSEQ"})
_VALUE = "a value such as mu, 2.5 or exp(x)"
_DISTRIBUTION = "a distribution such as Normal(0, 1)"


def explain(problem: StuckError, tokens: Sequence[Tok]) -> Diagnostic:
    """Return the diagnostic for a parse of `tokens` that stopped: what was expected, what was found, what to do."""
    found = problem.found
    at = len(tokens) if found.type == "$END" else next(n for n, token in enumerate(tokens) if token is found)
    before = tokens[at - 1] if at else None
    wanted = _expected(_sensible(problem.expected, tokens[:at]), before, _depth(tokens[:at]))
    return _special(problem, tokens, at) or Diagnostic(
        "H36",
        _message(found, before),
        found.span,
        expected=wanted,
        found=_found(found),
        help=mending(tokens, at, found, wanted),
    )


def _special(problem: StuckError, tokens: Sequence[Tok], at: int) -> Diagnostic | None:
    """Mistakes that deserve their own message."""
    found = problem.found
    seen = {token.type for token in tokens[:at]}
    following = tokens[at + 1].type if at + 1 < len(tokens) else ""
    inside = _depth(tokens[:at]) > 0
    header = tokens[0].type
    before = tokens[at - 1] if at else None
    if tokens[0].text == "[" and not seen & _MAKES_STATEMENT:
        return problems.headers.note_alone(Span(found.source, tokens[0].start, tokens[-1].end))
    if header == "MODEL" and at <= 3:
        return problems.headers.header_name(Span(found.source, tokens[min(1, at - 1)].start, tokens[-1].end))
    if (
        found.type in RESERVED_TYPES
        and not inside
        and (following in _MAKES_STATEMENT or (at == 0 and _equality(tokens)))
    ):
        return problems.headers.reserved(found)
    if before is not None and before.type in RESERVED_TYPES and found.text in {"==", "=", "~"} and not inside:
        return problems.headers.reserved(before)
    signs = {"EQ", "NEXT_EQ", "TILDE", "NEXT_TILDE"}
    if found.type in signs and not inside and seen & _MAKES_STATEMENT and before and before.type not in signs:
        return _second_sign(found, "TILDE" in seen, term="PLUSEQ" in seen)
    if found.type == "EQ" and inside:
        return Diagnostic(
            "H36",
            "`=` defines; it cannot stand inside these brackets",
            found.span,
            expected="`==` to compare",
            found="`=`",
            help="write `==` for a condition; a definition stands on a line of its own",
        )
    if not seen & _MAKES_STATEMENT and header not in _HEADERS and not inside:
        return _no_statement(found, tokens, at)
    return None


_HEADERS = frozenset({"FIT", "DATA", "MODEL", "STUDY", "DEF", "DESIGN", "LEVELS"})


def _second_sign(found: Tok, distribution: bool, *, term: bool) -> Diagnostic:
    if found.type == "NEXT_EQ" and term:
        return Diagnostic(
            "H46",
            "a term of the log density has no further pieces",
            found.span,
            expected="one term, and when it counts",
            found=f"`{found.text}`",
            help="write a statement for each piece: `log_density += ... if ...`",
        )
    if (found.type in {"EQ", "NEXT_EQ"}) == distribution:
        first, second = ("~", "=") if distribution else ("=", "~")
        return Diagnostic(
            "H46",
            f"a statement with `{first}` cannot go on with `{second}`",
            found.span,
            expected=f"every piece to begin with `{first}`",
            found=f"`{second}`",
            help="write two statements",
        )
    sign = found.text
    return Diagnostic(
        "H38",
        f"two `{sign}` in one statement",
        found.span,
        expected="one definition on a line" if sign == "=" else "one distribution on a line",
        found=f"a second `{sign}`",
        help="write two statements; a further piece begins a line of its own"
        + ("; equality in a condition is `==`" if sign == "=" else ""),
    )


def _no_statement(found: Tok, tokens: Sequence[Tok], at: int) -> Diagnostic | None:
    if at == 0:
        if found.type in {"EQ", "NEXT_EQ", "TILDE", "NEXT_TILDE", *RESERVED_TYPES}:
            return Diagnostic(
                "H37",
                "this line continues a statement, but none stands above it",
                found.span,
                expected="a statement such as `theta_i = mu + tau * eta_i`",
                found=_found(found),
                help="write the first line of the statement above, or a name in front",
            )
        return None
    if tokens[at - 1].type not in OPERAND_ENDS:
        return None
    arrow = next((n for n, token in enumerate(tokens[:at]) if _is_arrow(token, tokens[n + 1 : at])), -1)
    if arrow >= 0:
        span, help_ = Span(found.source, tokens[arrow].start, tokens[arrow + 1].end), "a definition is written with `=`"
        return _not_a_statement(span, f"`{span.text}`", help_)
    span = Span(found.source, tokens[0].start, max(found.end, tokens[at - 1].end))
    if "IN" in {token.type for token in tokens[:at]}:
        help_ = "a range is written `1..N`"
    else:
        help_ = "text that is no statement begins with # (a heading) or stands in a note: `[...]`"
    return _not_a_statement(span, _found(found), help_)


def _is_arrow(token: Tok, following: Sequence[Tok]) -> bool:
    return token.text == "<" and bool(following) and following[0].text == "-" and following[0].start == token.end


def _not_a_statement(span: Span, found: str, help_: str) -> Diagnostic:
    expected = "`~` with a distribution or `=` with a value after the name"
    return Diagnostic("H37", "this is not a statement", span, expected=expected, found=found, help=help_)


def is_prose(tokens: Sequence[Tok]) -> bool:
    """Say whether a line that could not be cut cleanly is a sentence: it begins with two words and defines nothing."""
    if len(tokens) < 2 or any(token.type in _MAKES_STATEMENT for token in tokens):
        return False
    return all(token.text[:1].isalpha() and token.type != "FUNC" for token in tokens[:2]) and tokens[0].type == "NAME"


def prose(tokens: Sequence[Tok]) -> Diagnostic:
    """Return the diagnostic for a sentence among the statements."""
    span = Span(tokens[0].source, tokens[0].start, tokens[-1].end)
    return _not_a_statement(span, "a sentence", "text begins with # (a heading) or stands in a note: `[...]`")


def _equality(tokens: Sequence[Tok]) -> bool:
    return len(tokens) > 1 and tokens[1].text == "=="


def _depth(tokens: Sequence[Tok]) -> int:
    depth = 0
    for token in tokens:
        depth += token.type in {"LPAR", "LSQB", "LSUB", "LIVL"}
        depth -= token.type in {"RPAR", "RSQB", "RBRACE", "RIVL"}
    return depth


def _found(found: Tok) -> str:
    match found.type:
        case "$END":
            return "the end of the statement"
        case "NAME":
            return f"the name `{found.span.text}`"
        case "FUNC":
            return f"the call `{found.span.text}(`"
        case "NUMBER":
            return f"the number `{found.span.text}`"
        case kind if kind in RESERVED_TYPES and found.text.isalpha():
            return f"the word `{found.span.text}`"
        case _:
            return f"`{found.span.text}`"


def _message(found: Tok, before: Tok | None) -> str:
    if found.type == "$END":
        return "the statement ends too early"
    if before is not None and before.type in OPERAND_ENDS and found.type in {"NAME", "FUNC", "NUMBER", "LPAR", "ROOT"}:
        return "two values stand side by side"
    return f"{_found(found)} cannot stand here"


def _sensible(expected: frozenset[str], before: Sequence[Tok]) -> frozenset[str]:
    """Leave out what the grammar allows and the builder refuses: operators after a distribution."""
    last = max((n for n, token in enumerate(before) if token.type in _SECTIONS), default=-1)
    after_distribution = last >= 0 and before[last].type in {"TILDE", "NEXT_TILDE"} and len(before) > last + 1
    return expected - {"OP"} if after_distribution and _depth(before) == 0 else expected


_SECTIONS = frozenset({"TILDE", "NEXT_TILDE", "EQ", "NEXT_EQ", "IF", "WHERE", "FOR"})


def _expected(expected: frozenset[str], before: Tok | None, depth: int) -> str:
    if "NUMBER" in expected and "NAME" in expected and "FUNC" in expected:
        if before is not None and before.type in {"TILDE", "NEXT_TILDE"}:
            return _DISTRIBUTION
        return _VALUE
    wanted: list[str] = []
    if "OP" in expected:
        wanted.append("an operator such as + or *")
    if depth > 0 and "COMMA" in expected:
        expected -= {"EQ"}  # after the first word of an argument: true, but not what is missing
    wanted += [phrase for types, phrase in _PHRASES if types & expected and (depth > 0 or phrase not in _INNER)]
    if depth == 0 and "$END" in expected:
        wanted.append("the end of the statement")
    return wanted[0] if len(wanted) == 1 else ", ".join(wanted[:-1]) + f" or {wanted[-1]}" if wanted else ""


_PHRASES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"COMMA"}), "a comma"),
    (frozenset({"RPAR"}), "a closing bracket `)`"),
    (frozenset({"RSQB"}), "a closing bracket `]`"),
    (frozenset({"RBRACE"}), "a closing brace `}`"),
    (frozenset({"RIVL"}), "the interval's closing bracket `]`"),
    (frozenset({"LIVL"}), "an interval such as [0, 1]"),
    (frozenset({"LPAR"}), "an opening bracket `(`"),
    (frozenset({"IN"}), "`in` with a range or a set, as in `i in 1..N`"),
    (frozenset({"TO"}), "`to` with an interval, as in `truncated to [0, ]`"),
    (frozenset({"SIDE"}), "`above`, `below`, `to` or `up to`"),
    (frozenset({"WORD"}), "a word such as KNOWN, observed or positive"),
    (frozenset({"REL"}), "`is`, `in` or a comparison"),
    (frozenset({"NAME"}), "a name"),
    (frozenset({"NUMBER"}), "a number"),
    (frozenset({"STRING"}), "a file name in quotes"),
    (frozenset({"COLON"}), "a colon"),
    (frozenset({"EQ"}), "`=`"),
    (frozenset({"WHERE"}), "a clause such as `where`"),
)
_INNER = frozenset({"a comma"})
