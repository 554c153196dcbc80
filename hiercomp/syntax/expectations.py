"""What the grammar wanted where a parse stopped, in words a statistician uses."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.diagnostics import Diagnostic
from hiercomp.source import Span
from hiercomp.syntax import problems
from hiercomp.syntax.grammar import SyntaxProblem
from hiercomp.syntax.tokens import OPERAND_ENDS, RESERVED, Tok

_RESERVED_TYPES = frozenset(RESERVED.values()) | {"FACT_AND"}
_VALUE = "a value such as mu, 2.5 or exp(x)"
_DISTRIBUTION = "a distribution such as Normal(0, 1)"


def explain(problem: SyntaxProblem, tokens: Sequence[Tok]) -> Diagnostic:
    """Return the diagnostic for a parse of `tokens` that stopped: what was expected, what was found, what to do."""
    found = problem.found
    at = len(tokens) if found.type == "$END" else next(n for n, token in enumerate(tokens) if token is found)
    before = tokens[at - 1] if at else None
    return _special(problem, tokens, at) or Diagnostic(
        "H36",
        _message(found, before),
        found.span,
        expected=_expected(problem.expected, before, _depth(tokens[:at])),
        found=_found(found),
        help=_help(found, before),
    )


def _special(problem: SyntaxProblem, tokens: Sequence[Tok], at: int) -> Diagnostic | None:
    """Mistakes that deserve their own message."""
    found = problem.found
    seen = {token.type for token in tokens[:at]}
    following = tokens[at + 1].type if at + 1 < len(tokens) else ""
    inside = _depth(tokens[:at]) > 0
    header = tokens[0].type
    if header == "MODEL" and at <= 3:
        return problems.header_name(Span(found.source, tokens[min(1, at - 1)].start, tokens[-1].end))
    if found.type == "CENSORED":
        return problems.later(found, "`censored`")
    if found.type in _RESERVED_TYPES and not inside and following in {"EQ", "TILDE", "PLUSEQ"}:
        return problems.reserved(found)
    if found.type in {"EQ", "NEXT_EQ", "TILDE", "NEXT_TILDE"} and not inside and seen & {"EQ", "TILDE", "PLUSEQ"}:
        return _second_sign(found, "TILDE" in seen)
    if found.type == "EQ" and inside:
        return Diagnostic(
            "H36",
            "`=` defines; it cannot stand inside these brackets",
            found.span,
            expected="`==` to compare",
            found="`=`",
        )
    if not seen & {"EQ", "TILDE", "PLUSEQ"} and header not in {"FIT", "DATA", "MODEL"} and not inside:
        return _no_statement(found, tokens, at)
    return None


def _second_sign(found: Tok, distribution: bool) -> Diagnostic:
    if found.type in {"NEXT_EQ", "NEXT_TILDE"} or (found.type == "EQ") == distribution:
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
        if found.type in {"EQ", "NEXT_EQ", "TILDE", "NEXT_TILDE", *_RESERVED_TYPES}:
            return Diagnostic(
                "H37",
                "this line continues a statement, but none stands above it",
                found.span,
                expected="a statement such as `theta_i = mu + tau * eta_i`",
                found=_found(found),
            )
        return None
    if tokens[at - 1].type not in OPERAND_ENDS:
        return None
    arrow = any(
        one.text == "<" and two.text == "-" and one.end == two.start
        for one, two in zip(tokens[:at], tokens[1:at], strict=False)
    )
    if "IN" in {token.type for token in tokens[:at]}:
        help_ = "a range is written `1..N`"
    elif arrow:
        help_ = "a definition is written with `=`, not `<-`"
    elif found.type == "COLON":
        help_ = "words that begin with a colon after them are no part of a model; use # for a heading"
    else:
        help_ = "text that is no statement begins with # (a heading) or stands in a note: `[...]`"
    return Diagnostic(
        "H37",
        "this is not a statement",
        found.span if arrow else Span(found.source, tokens[0].start, max(found.end, tokens[at - 1].end)),
        expected="`~` with a distribution or `=` with a value after the name",
        found=_found(found),
        help=help_,
    )


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
        case kind if kind in _RESERVED_TYPES and found.text.isalpha():
            return f"the word `{found.span.text}`"
        case _:
            return f"`{found.span.text}`"


def _message(found: Tok, before: Tok | None) -> str:
    if found.type == "$END":
        return "the statement ends too early"
    if before is not None and before.type in OPERAND_ENDS and found.type in {"NAME", "FUNC", "NUMBER", "LPAR", "ROOT"}:
        return "two values stand side by side"
    return f"{_found(found)} cannot stand here"


def _expected(expected: frozenset[str], before: Tok | None, depth: int) -> str:
    if "NUMBER" in expected and "NAME" in expected and "FUNC" in expected:
        if before is not None and before.type in {"TILDE", "NEXT_TILDE"}:
            return _DISTRIBUTION
        return _VALUE
    wanted: list[str] = []
    if "OP" in expected:
        wanted.append("an operator such as + or *")
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
    (frozenset({"WORD"}), "a word such as KNOWN, observed or positive"),
    (frozenset({"REL"}), "`is`, `in` or a comparison"),
    (frozenset({"NAME"}), "a name"),
    (frozenset({"NUMBER"}), "a number"),
    (frozenset({"STRING"}), "a file name in quotes"),
    (frozenset({"COLON"}), "a colon"),
    (frozenset({"WHERE"}), "a clause such as `where` or `for`"),
)
_INNER = frozenset({"a comma"})


def _help(found: Tok, before: Tok | None) -> str:
    words = {
        "else": "the last piece of a piecewise statement ends in `otherwise`",
        "then": "a piece is written `= value if condition`",
        "when": "a condition begins with `if`",
        "given": "a condition on data begins with `if`; known data are marked `where x is known`",
        "iid": "leave it out: statements over an index are independent",
        "with": "write a `where` clause, or a note in brackets: `[...]`",
    }
    if found.type == "NAME" and found.text in words:
        return words[found.text]
    if found.type == "COLON":
        return "a range is written `1..N`"
    if found.type in {"NAME", "FUNC", "LPAR"} and before is not None and before.type in OPERAND_ENDS:
        return "a product is written with `*`; a note stands in brackets: `[...]`"
    if found.type in _RESERVED_TYPES and (before is None or before.type not in OPERAND_ENDS):
        return f"`{found.span.text}` is a reserved word and cannot be a name"
    return ""
