"""Number literals: the value, and a normalised ASCII text that generated code can show as it is."""

from __future__ import annotations

from hiercomp.syntax.ast import Number
from hiercomp.syntax.tokens import Tok

_LONGEST_INTEGER = 18  # digits that surely fit 64 bits


def literal(token: Tok) -> Number:
    """Return the number that `token` writes: ``.5`` is ``0.5``, ``2.`` is ``2.0``, ``1E+3`` ``1e3``, ``95%`` 0.95."""
    percent = token.text.endswith("%")
    mantissa, _, exponent = token.text.rstrip("%").lower().partition("e")
    whole, dot, fraction = mantissa.partition(".")
    whole = whole.lstrip("0") or "0"
    if percent:
        return _percent(whole, fraction, exponent, token)
    if not dot and not exponent and len(whole) <= _LONGEST_INTEGER:
        return Number(int(whole), whole, False, token.span)
    text = f"{whole}.{fraction or '0'}" if dot or not exponent else whole
    if exponent:
        text = f"{text}e{int(exponent)}"
    return Number(float(text), text, False, token.span)


def _percent(whole: str, fraction: str, exponent: str, token: Tok) -> Number:
    """Move the decimal point, in text, so that 95% is exactly what 0.95 is."""
    digits = whole.rjust(3, "0")
    text = f"{digits[:-2].lstrip('0') or '0'}.{(digits[-2:] + fraction).rstrip('0') or '0'}"
    if exponent:
        text = f"{text}e{int(exponent)}"
    return Number(float(text), text, True, token.span)


def percent_text(text: str) -> str:
    """Return the percentage whose fraction is `text`: the inverse of reading ``95%``."""
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = fraction.ljust(2, "0")
    shifted = (whole + fraction[:2]).lstrip("0") or "0"
    rest = fraction[2:].rstrip("0")
    return shifted + (f".{rest}" if rest else "") + (f"e{exponent}" if exponent else "") + "%"
