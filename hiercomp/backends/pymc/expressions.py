"""Expressions as whole-array code: what one element is in the spec becomes the array of all elements."""

from __future__ import annotations

import re
from math import isinf
from typing import assert_never

from hiercomp.backends.printing import ATOM, COMPARE, NOT, POWER, PRODUCT, SUM, UNARY, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc import functions, indexing
from hiercomp.backends.pymc.arrays import Array, Given, align, union
from hiercomp.backends.pymc.scope import Site
from hiercomp.expr import Call, Choose, Const, Density, Expr, Index, Op, Reduce, Ref, Stack
from hiercomp.model.events import picked_axis
from hiercomp.model.ir import Dist

_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
# What formatters write around ** without blanks.
_HUGGED = r"-?[\d.]+(e[+-]?\d+)?|[^\W\d][\w.]*"
_BINDS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}
_NAMED = {"==": "pt.eq", "!=": "pt.neq"}
_LOGIC = {"and": "&", "or": "|"}


def expression(expr: Expr, site: Site, given: Given | None = None) -> Array:
    """Return the code of `expr` for all values of the frame's index variables at once.

    `given` has the arrays that names of a catalogue tree stand for. Raises `CannotEmit` where PyMC has no form for it.
    """
    match expr:
        case Const(value=value) if isinf(value):
            name = site.function("np.inf")
            return Array(Code(f"-{name}", UNARY) if value < 0 else Code(name))
        case Const():
            return Array(_number(expr), elem="int" if isinstance(expr.value, int) else "real")
        case Ref(name=name):
            if given is not None and name in given:
                return given[name]
            if name in site.given:
                return site.given[name]
            return indexing.reference(expr, site)
        case Index(var=var):
            return indexing.counted(site.binder(var), site)
        case Op():
            return _operation(expr, site, given)
        case Call(func=func, args=args):
            return functions.apply(func, [expression(arg, site, given) for arg in args], expr, site)
        case Reduce():
            from hiercomp.backends.pymc import comprehensions  # noqa: PLC0415

            return comprehensions.comprehension(expr, site, given)
        case Choose():
            return _choice(expr, site, given)
        case Stack(items=items):
            return functions.stack([expression(item, site, given) for item in items], expr, site)
        case Density():
            return _density(expr, site)
        case _:
            assert_never(expr)


def _density(expr: Density, site: Site) -> Array:
    """Return log densities, one for every combination of the index variables that they vary with."""
    from hiercomp.backends.pymc.distributions import spell  # noqa: PLC0415  (which imports this module)

    dist = Dist(expr.row, expr.args, "", span=expr.span)
    picked = picked_axis(dist)
    value = expression(expr.value, site) if picked is None else indexing.positions(expr.value, picked, site)
    outer = union((value, *(expression(arg, site) for _, arg in expr.args)), site.order)
    rank = len(value.inner)
    spelled = spell(dist, (), site, outer, rank)
    x = align(value, outer, rank)
    if rank and outer and not value.outer:
        # Of one vector without leading axes PyMC's joint normals return what it has under the first of many means.
        x = Code(f"{x.at_least(ATOM)}[None]")
    return Array(spelled.logp(x, site), outer, (), random=True)


def _number(expr: Const) -> Code:
    text = expr.text if _NUMBER.fullmatch(expr.text) and float(expr.text) == expr.value else repr(expr.value)
    if isinstance(expr.value, int) and not text.lstrip("-").isdigit():
        text = str(expr.value)
    text = text.lower()
    return Code(text, UNARY if text.startswith("-") else ATOM)


def _operation(expr: Op, site: Site, given: Given | None) -> Array:
    # Long sums are deep on their left; only the right operands are a matter for recursion.
    spine: list[Op] = []
    node: Expr = expr
    while isinstance(node, Op) and len(node.args) == 2:
        spine.append(node)
        node = node.args[0]
    if isinstance(node, Op):
        result = _unary(node, expression(node.args[0], site, given), site)
    elif given is None and (product := _gathered(spine[-1], site)) is not None:
        result = product
        spine.pop()
    else:
        result = expression(node, site, given)
    for step in reversed(spine):
        result = _binary(step, result, expression(step.args[1], site, given), site)
    return result


def _gathered(expr: Op, site: Site) -> Array | None:
    match expr:
        case Op(op="*", args=(Ref(subs=(_, *_) as one), Ref(subs=(_, *_) as other))) if len(one) != len(other):
            from hiercomp.backends.pymc import gathered  # noqa: PLC0415  (which imports this module; few need it)

            return gathered.product(expr, site)
        case _:
            return None


def _unary(expr: Op, operand: Array, site: Site) -> Array:
    if expr.op == "not":
        name = site.function("pt.invert" if operand.random else "np.logical_not")
        return Array(call(name, operand.code), operand.outer, operand.inner, operand.random, "bool")
    operand = numeric(operand, site)
    # Formatters make the order of -x**2 plain.
    minimum = ATOM if operand.code.strength == POWER else UNARY
    code = Code(f"-{operand.code.at_least(minimum)}", UNARY)
    return Array(code, operand.outer, operand.inner, operand.random, operand.elem)


def _binary(expr: Op, left: Array, right: Array, site: Site) -> Array:
    random = left.random or right.random
    outer = union((left, right), site.order)
    inner = left.inner or right.inner
    arithmetic = expr.op in "+-*/^"
    if arithmetic:
        left, right = numeric(left, site), numeric(right, site)
    a, b = align(left, outer, len(inner)), align(right, outer, len(inner))
    elem = "int" if left.elem == right.elem == "int" and expr.op != "/" else "real"
    match expr.op:
        case "+" | "-" | "*" | "/":
            return Array(join(expr.op, a, b, _BINDS[expr.op]), outer, inner, random, elem)
        case "^":
            return Array(_power(a, b, left, right, site), outer, inner, random, elem)
        case "==" | "!=" if random:
            return Array(call(site.function(_NAMED[expr.op]), a, b), outer, inner, random, "bool")
        case "<" | "<=" | ">" | ">=" | "==" | "!=":
            # Both operands above comparisons: Python would chain them.
            return compared(expr.op, left, right, site)
        case "and" | "or":
            code = Code(f"{_operand(a)} {_LOGIC[expr.op]} {_operand(b)}", NOT)
            return Array(code, outer, inner, random, "bool")
        case _:
            raise AssertionError(expr.op)


def compared(op: str, left: Array, right: Array, site: Site) -> Array:
    """Return a comparison by an operator of Python."""
    outer = union((left, right), site.order)
    inner = left.inner or right.inner
    a, b = (align(item, outer, len(inner)) for item in (left, right))
    # Both operands bind more strongly than comparisons: Python would chain those.
    code = join(op, Code(a.at_least(SUM)), Code(b.at_least(SUM)), COMPARE)
    return Array(code, outer, inner, left.random or right.random, "bool")


def _operand(code: Code) -> str:
    # & and | bind more strongly than comparisons.
    return code.at_least(ATOM)


def power(a: Code, b: Code) -> Code:
    """Return ``a**b`` as formatters write it."""
    base = a.at_least(ATOM)
    exponent = b.text if b.strength >= UNARY else f"({b.text})"
    if re.fullmatch(_HUGGED, base) and re.fullmatch(_HUGGED, exponent):
        return Code(f"{base}**{exponent}", POWER)
    return Code(f"{base} ** {exponent}", POWER)


def _power(a: Code, b: Code, left: Array, right: Array, site: Site) -> Code:
    whole = left.elem == right.elem == "int"
    if whole and not (left.random or right.random) and not (a.text.isdigit() or b.text.isdigit()):
        # NumPy refuses a whole number to a negative whole power.
        return call(site.function("np.float_power"), a, b)
    return power(a, b)


def numeric(array: Array, site: Site) -> Array:
    """Return a truth value as 1 or 0."""
    if array.elem != "bool":
        return array
    name = site.function("pt.switch" if array.random else "np.where")
    return Array(call(name, array.code, "1", "0"), array.outer, array.inner, array.random, "int")


def _choice(expr: Choose, site: Site, given: Given | None) -> Array:
    result = numeric(expression(expr.otherwise, site, given), site)
    for when, value in reversed(expr.cases):
        condition = expression(when, site, given)
        then = numeric(expression(value, site, given), site)
        parts = (condition, then, result)
        random = any(part.random for part in parts)
        outer = union(parts, site.order)
        inner = then.inner or result.inner
        name = site.function("pt.switch" if random else "np.where")
        code = call(name, *(align(part, outer, len(inner)) for part in parts))
        elem = "int" if then.elem == result.elem == "int" else "real"
        result = Array(code, outer, inner, random, elem)
    return result
