"""Which characters mean the same: Greek letters, subscripts and mathematical signs, each with its plain spelling."""

from __future__ import annotations

import unicodedata

_GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "omicron",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
]
_LOWER = "αβγδεζηθικλμνξοπρστυφχψω"
_UPPER = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"
_VARIANTS = {"ς": "sigma", "ϑ": "theta", "ϕ": "phi", "ϵ": "epsilon", "ϰ": "kappa", "ϱ": "rho", "ϖ": "pi", "µ": "mu"}

GREEK: dict[str, str] = {
    **dict(zip(_LOWER, _GREEK, strict=True)),
    **{char: name.capitalize() for char, name in zip(_UPPER, _GREEK, strict=True)},
    **_VARIANTS,
}

SUBSCRIPTS: dict[str, str] = {
    **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),
    **dict(zip("ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "aehijklmnoprstuvx", strict=True)),
    **dict(zip("ᵦᵧᵨᵩᵪ", ("beta", "gamma", "rho", "phi", "chi"), strict=True)),
}
SUBSCRIPT_SIGNS = {"₊": "+", "₋": "-"}
SUPERSCRIPTS: dict[str, str] = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
SUPERSCRIPT_SIGNS = {"⁺": "+", "⁻": "-"}

HYPHENS = "-\u2010\u2011\u2012\u2013\u2212"  # a hyphen inside a word such as Half-Cauchy, as word processors write it

# One character (or a few) to the token text that it stands for.
SIGNS: dict[str, str] = {
    "**": "^",
    "·": "dot",
    "⋅": "dot",
    "∙": "dot",
    "•": "dot",
    "×": "*",
    "∗": "*",
    "÷": "/",
    "∕": "/",
    "−": "-",
    "–": "-",
    "‐": "-",
    "‑": "-",
    "∼": "~",
    "˜": "~",
    "～": "~",
    "≤": "<=",
    "⩽": "<=",
    "≥": ">=",
    "⩾": ">=",
    "≠": "!=",
    "…": "..",
    "...": "..",
    "≡": "==",
}
WORD_SIGNS = {"∈": "in", "∧": "and", "∨": "or", "¬": "not"}


def plain_letters(char: str) -> str:
    """Return the ASCII letters or digits that `char` stands for inside a name, or nothing where it stands for none."""
    if char.isascii():
        return char if char.isalnum() or char == "_" else ""
    if char in GREEK:
        return GREEK[char]
    if char in SUPERSCRIPTS or char in SUBSCRIPTS:
        return ""
    # Mathematical italic and full-width letters; a letter with an accent stays one and is refused.
    compatible = unicodedata.normalize("NFKC", char)
    if compatible == char or len(compatible) != 1:
        return ""
    return GREEK.get(compatible, compatible if compatible.isascii() and compatible.isalnum() else "")


def describe(char: str) -> str:
    """Return the name of a character that has no meaning here, for a message: its sign, code point and name."""
    name = unicodedata.name(char, "")
    code = f"U+{ord(char):04X}"
    if char.isprintable() and not unicodedata.combining(char):
        return f"`{char}`" if char.isascii() else f"`{char}` ({code}{', ' + name.lower() if name else ''})"
    return f"{code} ({name.lower() or 'a control character'})"


def identifier(text: str, fallback: str) -> str:
    """Return `text` (a heading, a file name) as a lower-case identifier, `fallback` where nothing of it is left.

    Letters lose their accents, Greek ones are spelled out, everything else becomes one underscore.
    """
    plain: list[str] = []
    for char in unicodedata.normalize("NFKD", text):
        if unicodedata.combining(char) or char in "'’":
            continue
        letters = GREEK.get(char, char if char.isascii() and char.isalnum() else "_")
        plain.append(letters.lower())
    words = [word for word in "".join(plain).split("_") if word]
    if words and words[0].isdigit():
        # "2. Robust model" is named by its words, "2" by what it is.
        rest = words[next((n for n, word in enumerate(words) if not word.isdigit()), len(words)) :]
        words = rest or [fallback, *words]
    name = "_".join(words)[:_LONGEST_NAME].rstrip("_")
    if not name:
        return fallback
    return name if name[0].isalpha() else f"{fallback}_{name}"


_LONGEST_NAME = 80
