"""Formulas filled in by the catalogue, without what a person would not have written: ``(2 / 1)^2`` is 4."""

from __future__ import annotations

from hiercomp.expr import INT, REAL, Call, Choose, Const, Expr, Op, rebuild, substitute
from hiercomp.model.ir import Dist, RandomStmt
from hiercomp.plan.draft import Draft
from hiercomp.plan.readings import is_converted
from hiercomp.records import replace

# Numbers are worked out only where the result can be written exactly in so many digits.
_DIGITS = 6


def tidy_arguments(draft: Draft) -> Draft:
    """Tidy the arguments of distributions that the spec gave in other terms than the catalogue's own."""
    statements = tuple(
        replace(stmt, dist=_tidied(stmt.dist), cases=tuple((when, _tidied(dist)) for when, dist in stmt.cases))
        if isinstance(stmt, RandomStmt) and (is_converted(stmt.dist) or any(is_converted(d) for _, d in stmt.cases))
        else stmt
        for stmt in draft.statements
    )
    return replace(draft, statements=statements)


def _tidied(dist: Dist) -> Dist:
    if not is_converted(dist):
        return dist
    parts = tuple(replace(part, dist=_tidied(part.dist)) for part in dist.parts)
    return replace(dist, args=tuple((name, tidy(value)) for name, value in dist.args), parts=parts)


def tidy(expr: Expr) -> Expr:
    """Return an expression without needless zeros and ones, and with sums of plain numbers worked out."""
    expr = rebuild(expr, tidy)
    match expr:
        case Op(op="+" | "-" | "*" | "/" | "^" as sign, args=(Const() as left, Const() as right)):
            return _number(sign, left, right) or expr
        case Op(op="-", args=(Const(value=0), right)):
            return Op("neg", (right,), right.type)
        case Op(op="+", args=(Const(value=0), rest)) | Op(op="*", args=(Const(value=1), rest)):
            return rest
        case Op(op="+" | "-", args=(rest, Const(value=0))) | Op(op="*" | "/" | "^", args=(rest, Const(value=1))):
            return rest
        case _:
            return expr


def settled(tree: Expr, x: Const) -> Expr:
    """Return a tree of the catalogue at the variate `x`, with what that decides decided: which piece holds, what of two
    numbers is the larger."""
    return tidy(_settled(substitute(tree, {"x": x})))


def _settled(tree: Expr) -> Expr:
    tree = rebuild(tree, _settled)
    match tree:
        case Call(func="fmax", args=(Const() as left, Const() as right)):
            return left if left.value >= right.value else right
        case Choose(cases=cases, otherwise=otherwise):
            open_cases: list[tuple[Expr, Expr]] = []
            for when, value in cases:
                holds = _holds(when)
                if holds:
                    return Choose(tuple(open_cases), value) if open_cases else value
                if holds is None:
                    open_cases.append((when, value))
            return Choose(tuple(open_cases), otherwise) if open_cases else otherwise
        case _:
            return tree


def _holds(when: Expr) -> bool | None:
    """Say whether a comparison of two numbers is true; None where it is of anything else."""
    match when:
        case Op(op="<", args=(Const() as left, Const() as right)):
            return left.value < right.value
        case Op(op=">=", args=(Const() as left, Const() as right)):
            return left.value >= right.value
        case _:
            return None


def _number(sign: str, left: Const, right: Const) -> Const | None:
    """Return the result of an operation on two numbers, if it is short and exact."""
    from fractions import Fraction  # noqa: PLC0415  (few specs need it, and it brings decimal along)

    try:
        first, second = Fraction(left.text), Fraction(right.text)
        result = {
            "+": lambda: first + second,
            "-": lambda: first - second,
            "*": lambda: first * second,
            "/": lambda: first / second,
            "^": lambda: first**second if second.denominator == 1 and abs(second) < 10 else Fraction(1, 3),
        }[sign]()
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    if not isinstance(result, Fraction) or result * 10**_DIGITS != int(result * 10**_DIGITS):
        return None
    if abs(result) >= 10**_DIGITS:
        return None
    if result.denominator == 1:
        return Const(int(result), str(int(result)), INT)
    return Const(float(result), repr(float(result)), REAL)
