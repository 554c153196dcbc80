"""Text of expressions with exactly the brackets they need."""

from __future__ import annotations

from hiercomp.records import record

# Binding strength, weakest first. Both targets agree on the order; they differ in how they spell the operators.
TERNARY, OR, AND, NOT, COMPARE, SUM, PRODUCT, UNARY, POWER, ATOM = range(10)


@record
class Code:
    """A piece of target code and how strongly its outermost operator binds."""

    text: str
    strength: int = ATOM

    def at_least(self, strength: int) -> str:
        """Return the text, in round brackets if it binds less strongly than `strength`."""
        return self.text if self.strength >= strength else f"({self.text})"


def infix(
    symbol: str,
    left: Code,
    right: Code,
    strength: int,
    *,
    right_associative: bool = False,
    associative: bool = True,
) -> Code:
    """Join two operands. The operand on the side that does not associate is bracketed at equal strength.

    Operators that do not chain at all (comparisons) say ``associative=False``.
    """
    left_min, right_min = (strength + 1, strength) if right_associative else (strength, strength + 1)
    left_min = left_min if associative else strength + 1
    return Code(f"{left.at_least(left_min)} {symbol} {right.at_least(right_min)}", strength)


def prefix(symbol: str, operand: Code, strength: int = UNARY) -> Code:
    """Put a prefix operator before its operand."""
    return Code(f"{symbol}{operand.at_least(strength)}", strength)


def call(function: str, *args: Code | str) -> Code:
    """A function call; arguments never need brackets of their own."""
    return Code(f"{function}({', '.join(arg.text if isinstance(arg, Code) else arg for arg in args)})")
