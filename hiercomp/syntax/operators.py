"""Operator precedence: a flat list of operands and operators to a tree, without recursion."""

from __future__ import annotations

from typing import Any, cast

from hiercomp.source import Span
from hiercomp.syntax.ast import Binary, Expr, Unary
from hiercomp.syntax.tokens import Tok

OR, AND, NOT, COMPARE, ADD, MULTIPLY, SIGN, POWER = range(1, 9)
ATOM = POWER + 1

BINARY: dict[str, int] = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), COMPARE),
    "+": ADD,
    "-": ADD,
    "*": MULTIPLY,
    "/": MULTIPLY,
    "dot": MULTIPLY,
    "^": POWER,
}
UNARY: dict[str, int] = {"-": SIGN, "+": SIGN, "not": NOT}


def covering(first: Span | None, last: Span | None) -> Span | None:
    """Return the span from the start of one to the end of the other, where both are known."""
    return None if first is None or last is None else Span(first.source, first.start, last.end)


class _Climb:
    """The two stacks of an operator-precedence parse.

    `links` remembers the last operand of a comparison that stands without brackets, so that ``a < b < c`` means
    ``a < b and b < c``.
    """

    def __init__(self) -> None:
        self.operands: list[Expr] = []
        self.operators: list[tuple[Tok, bool]] = []
        self.links: dict[int, Expr] = {}

    def reduce_to(self, level: int, *, right: bool = False) -> None:
        while self.operators:
            token, prefix = self.operators[-1]
            own = (UNARY if prefix else BINARY)[token.text]
            if own < level or (right and own == level):
                return
            self.reduce()

    def reduce(self) -> None:
        token, prefix = self.operators.pop()
        op = cast(Any, token.text)
        last = self.operands.pop()
        if prefix:
            self.operands.append(Unary(op, last, covering(token.span, last.span)))
            return
        first = self.operands.pop()
        span = covering(first.span, last.span)
        node: Expr
        shared = self.links.get(id(first)) if BINARY[token.text] == COMPARE else None
        if shared is not None:
            node = Binary("and", first, Binary(op, shared, last, covering(shared.span, last.span)), span)
        else:
            node = Binary(op, first, last, span)
        if BINARY[token.text] == COMPARE:
            self.links[id(node)] = last
        self.operands.append(node)


def climb(parts: list[Expr | Tok]) -> Expr:
    """Return the tree of `parts`, an alternation of operators (`Tok`) and operands as the grammar guarantees it.

    Powers bind tighter than signs and group to the right: ``-a^2`` is ``-(a^2)``, ``2^-b^c`` is ``2^(-(b^c))``.
    """
    state = _Climb()
    operand_next = True
    for part in parts:
        if not isinstance(part, Tok):
            state.operands.append(part)
            operand_next = False
        elif operand_next:
            state.operators.append((part, True))
        else:
            level = BINARY[part.text]
            state.reduce_to(level, right=level == POWER)
            state.operators.append((part, False))
            operand_next = True
    while state.operators:
        state.reduce()
    return state.operands[0]
