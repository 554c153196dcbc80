"""What the lexer asks about the characters ahead: words with hyphens, names in other scripts, notes, numbers."""

from __future__ import annotations

import re
from math import isfinite

from hiercomp.syntax.symbols import HYPHENS

COMPLETE_FACTS = frozenset({"known", "observed", "given", "data"})

_BLANKS = re.compile(r"[^\S\n]*")
_HYPHENATED = re.compile(rf"[A-Za-z][A-Za-z0-9_]*(?:[{HYPHENS}][A-Za-z][A-Za-z0-9_]*)+")
_TO_HYPHEN = str.maketrans(dict.fromkeys(HYPHENS, "-"))
_BEGINS_NAME = re.compile(r"[^\S\n]+(?!in\b|is\b|are\b|where\b|for\b|if\b|and\b|or\b|otherwise\b)[^\W\d_]")
_BARE_PATH = r"[^\S\n]+(?!in\b|is\b|are\b|where\b|for\b|if\b)[\w./\\]*[\w/\\]"
_ENDS_LINE = re.compile(r"[^\S\n]*(?:\Z|[\[#])")
_BRACKET = re.compile(r"[\[\]]|\n[^\S\n]*(?=[\n#]|\Z)")
# A first part that only a distribution has: in an argument of Mixture, n-sum(x) is a difference.
_DISTRIBUTION_PREFIXES = frozenset(
    [
        "half",
        "student",
        "inverse",
        "inv",
        "log",
        "neg",
        "negative",
        "beta",
        "skew",
        "zero",
        "multi",
        "scaled",
        "double",
        "asymmetric",
        "exp",
    ]
)
_DISTRIBUTION_TAKERS = frozenset({"mixture", "truncated", "censored", "zeroinflated", "hurdle"})
# By the names that PyMC, Stan, SciPy and TensorFlow Probability have for it.
_LOG_DENSITIES = frozenset({"logp", "lpdf", "lpmf", "logpdf", "logpmf", "logprob"})


def skip_blanks(text: str, pos: int, eol: int) -> int:
    """Return where the blanks at `pos` end."""
    found = _BLANKS.match(text, pos, eol)
    return found.end() if found else pos


def next_is(text: str, pos: int, eol: int, wanted: str) -> bool:
    """Say whether the next character after blanks is `wanted`."""
    after = skip_blanks(text, pos, eol)
    return after < eol and text[after] == wanted


def begins_name(text: str, pos: int, eol: int) -> bool:
    """Say whether a name follows after a space: two words in a row begin only the lines that have a keyword."""
    return _BEGINS_NAME.match(text, pos, eol) is not None


def ends_line(text: str, pos: int, eol: int) -> bool:
    """Say whether nothing but a note or a comment follows."""
    return _ENDS_LINE.match(text, pos, eol) is not None


def begins_path(text: str, pos: int, eol: int) -> bool:
    """Say whether a file name follows, in quotes or (an error that deserves its own message) without."""
    after = skip_blanks(text, pos, eol)
    return text[after:eol].startswith(('"', "'", "“")) or re.match(_BARE_PATH, text[pos:eol]) is not None


def distribution(text: str, start: int, eol: int, *, anywhere: bool) -> tuple[str, int] | None:
    """Return a distribution's name with hyphens in it, as one word, and where it ends.

    `anywhere` is true right after ``~``, where a minus sign cannot be meant.
    """
    found = _HYPHENATED.match(text, start, eol)
    if found is None:
        return None
    word = found[0].translate(_TO_HYPHEN)
    first = word.partition("-")[0]
    if not anywhere:
        named = (len(first) > 1 and first.istitle()) or first.lower() in _DISTRIBUTION_PREFIXES
        if not (named and text[found.end() : found.end() + 1] == "("):
            return None
    return word, found.end()


def takes_distributions(func: str) -> bool:
    """Say whether distributions may stand among the arguments of `func`."""
    return func.lower().replace("-", "").replace("_", "") in _DISTRIBUTION_TAKERS or is_log_density(func)


def is_log_density(func: str) -> bool:
    """Say whether `func` is a word for the log density of a value, ``logp(Normal(m, s), x)``."""
    return func.lower().replace("_", "") in _LOG_DENSITIES


def balancing(text: str, start: int, limit: int) -> int:
    """Return the end of the note that opens at `start`, -1 if a blank line, a heading or `limit` comes first."""
    depth = 0
    for found in _BRACKET.finditer(text, start, limit):
        match found[0]:
            case "[":
                depth += 1
            case "]":
                depth -= 1
                if depth == 0:
                    return found.end()
            case _:
                return -1
    return -1


def finite(digits: str) -> bool:
    """Say whether a literal fits a double: neither infinite nor so small that it would silently become zero."""
    value = float(digits.rstrip("%"))
    mantissa = re.split("[eE]", digits)[0]
    return isfinite(value) and (value != 0 or not mantissa.strip("0.%"))
