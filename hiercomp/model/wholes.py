"""What has to be whole: counts that are computed, and what whole numbers are made of."""

from __future__ import annotations

from hiercomp.model.draft import Draft, is_discrete
from hiercomp.model.letters import Reader
from hiercomp.syntax.ast import Apply, Binary, Comprehension, Define, Expr, Name, Number, Random, Unary

_OF_WHOLES = ("sum", "prod", "min", "max", "abs")
_TRUTHS = ("<", "<=", ">", ">=", "==", "!=", "and", "or")


def spread_integers(found: Draft, reader: Reader) -> None:
    """Mark what whole numbers are made of by sums, differences and products: a whole ``K = 2 * J`` needs a whole J."""
    _computed_outcomes(found, reader)
    pending = [use for use in found.names.values() if use.integer]
    while pending:
        for number in pending.pop().definitions:
            statement = found.items[number].statement
            if not isinstance(statement, Define):
                continue
            for piece in statement.pieces:
                for node in _terms(piece.value):
                    use = found.names.get(reader.base(node))
                    if use is not None and not use.integer and not any(_is_random(found, n) for n in use.definitions):
                        use.integer = True
                        pending.append(use)


def _computed_outcomes(found: Draft, reader: Reader) -> None:
    """Mark data that are computed and have a discrete distribution, whose left side is ``+y_i`` by now."""
    for item in found.items:
        match item.statement:
            case Random(lhs=Unary(op="+", arg=Name() as node)) if is_discrete(item.statement):
                use = found.names[reader.base(node)]
                if use.definitions and not any(_is_random(found, number) for number in use.definitions):
                    use.integer = True
            case _:
                pass


def _terms(root: Expr) -> list[Name]:
    """Return the names that an expression adds and multiplies; none where anything else is done to them."""
    terms: list[Name] = []
    pending = [root]
    while pending:
        match pending.pop():
            case Name() as node:
                terms.append(node)
            case Number(value=int()):
                pass
            case Binary(op=op, left=left, right=right):
                if op in ("+", "-", "*"):
                    pending += [left, right]
                elif op not in _TRUTHS:
                    return []
            case Unary(arg=arg):
                pending.append(arg)
            case Apply(func=func, args=args) if func in _OF_WHOLES:
                pending += [arg.value for arg in args]
            case Comprehension(func=func, body=body) if func in _OF_WHOLES:
                pending.append(body)
            case _:
                return []
    return terms


def _is_random(found: Draft, number: int) -> bool:
    return isinstance(found.items[number].statement, Random)
