"""From surface expressions to resolved ones: every name a symbol, every subscript an index, every value a rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from hiercomp.catalog import FUNCTIONS, find_distribution, find_function, near_functions
from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.expr import BOOL, INT, REAL, Binder, Call, Const, Elem, Expr, Index, Op, Reduce, Ref, Stack, Type
from hiercomp.model import surface
from hiercomp.model.intervals import constant, interval
from hiercomp.model.near import did_you_mean
from hiercomp.model.ranges import last_position, reach
from hiercomp.model.scope import BoundCheck, Context, Reach, Refused, Sym
from hiercomp.model.subscripts import check_position
from hiercomp.source import Span
from hiercomp.syntax.ast import Apply, Binary, Comprehension, Name, Number, Unary, VectorLiteral
from hiercomp.syntax.ast import Expr as Ast

_LOGIC = frozenset({"and", "or"})
_COMPARE = frozenset({"<", "<=", ">", ">=", "==", "!="})
_PRODUCTS = frozenset({"dot", "matvec", "vecmat", "matmul"})
_COMPREHENSIONS = frozenset({"sum", "prod", "mean", "min", "max", "log_sum_exp", "count"})
_PI = Const(3.141592653589793, "3.141592653589793")


@dataclass(slots=True)
class Lower:
    """Lowers the expressions of one statement. `scope` has its index variables; comprehensions add theirs."""

    context: Context
    scope: dict[str, Reach] = field(default_factory=dict[str, Reach])

    def expr(self, node: Ast, *, scalar: bool = False) -> Expr:
        """Return the resolved expression. With `scalar`, one number is wanted, which decides open ranks of known data.

        Raises `Refused` once what is wrong has been said.
        """
        match node:
            case Number():
                return _const(node)
            case Name():
                return self.name(node)
            case Unary(op="+", arg=arg):
                return self.expr(arg, scalar=scalar)
            case Unary(op=op, arg=arg, span=span):
                value = self.expr(arg, scalar=scalar)
                if op == "not":
                    return Op("not", (value,), BOOL, span)
                return Op("neg", (value,), value.type, span)
            case Binary(op="*" | "dot", left=left, right=right, span=span):
                return self._product(left, right, span, scalar=scalar)
            case Binary():
                return self._elementwise(node, scalar=scalar)
            case Apply():
                return self._apply(node, scalar=scalar)
            case Comprehension():
                return self._comprehension(node)
            case VectorLiteral(items=items, span=span):
                parts = tuple(self.scalar(item) for item in items)
                axis = self.context.axes.fresh("a list of values")
                self.context.axes.facts(axis).literals.append(len(items))
                return Stack(parts, Type("real", (axis,)), span)
            case _:
                assert_never(node)

    def scalar(self, node: Ast) -> Expr:
        """Return the resolved expression, which has to be one number. H6 where it is an array."""
        value = self.expr(node, scalar=True)
        if value.type.axes:
            raise self.context.refuse(self._not_scalar(node, value))
        return value

    def _not_scalar(self, node: Ast, value: Expr) -> Diagnostic:
        sets = " and ".join(self.context.axes.facts(axis).words() for axis in value.type.axes)
        whole = next(
            (n for n, _ in surface.walk(node) if isinstance(n, Name) and self._rank_left(n) > 0), None
        )
        base = self.context.reader.base(whole) if whole is not None else ""
        sym = self.context.symbols.get(base)
        letters = self.context.axes.facts(value.type.axes[0]).letters
        hint = ""
        if whole is not None:
            hint = f"give `{surface.show(whole)}` an index"
            hint += f", such as `{surface.show(whole)}_{letters[0]}`" if letters and not whole.subs else ""
            hint += f", or sum over it: `sum({surface.show(whole)})`"
        return Diagnostic(
            "H6",
            f"one number is wanted here, and `{surface.show(node)}` is an array",
            node.span,
            "one number",
            f"an array over {sets}",
            hint,
            secondary=(Label(sym.span, f"`{base}` has an index here"),) if sym is not None and sym.span else (),
        )

    def _rank_left(self, node: Name) -> int:
        base, subs = self.context.reader.subs(node)
        sym = self.context.symbols.get(base)
        return len(sym.axes) - len(subs) if sym is not None and sym.axes is not None else 0

    # --- names ---------------------------------------------------------------------------------------------------

    def name(self, node: Name) -> Expr:
        context = self.context
        base, subs = context.reader.subs(node)
        if not subs and base in self.scope:
            return Index(base, span=node.span)
        if not subs and context.reader.is_index(base) and base not in context.symbols:
            raise context.refuse(_no_range(base, node, self.scope))
        if base in context.faulty:
            raise Refused
        sym = context.symbols.get(base)
        if sym is None:
            return _PI  # the one name that may stand undefined
        sym.referenced = True
        if sym.axes is None:
            raise Refused  # its own definition failed
        if len(subs) > len(sym.axes):
            raise context.refuse(_too_many_subscripts(node, base, subs, sym))
        lowered = tuple(self._subscript(node, sym, place, sub) for place, sub in enumerate(subs))
        rest = tuple(sym.axes[len(subs) :])
        sym.looks += 1
        return Ref(base, lowered, Type(sym.elem, rest), node.span)

    def _subscript(self, node: Name, sym: Sym, place: int, sub: Ast) -> Expr:
        context = self.context
        assert sym.axes is not None
        axis = sym.axes[place]
        value = self.expr(sub, scalar=True)
        if value.type.axes:
            raise context.refuse(_vector_subscript(node, sub, context))
        var, shift = _shifted(value)
        if var is not None:
            run = self.scope[var]
            if not context.axes.join(axis, run.node, node.span, f"`{surface.show(node)}` has the index `{var}`"):
                raise Refused
            if shift:
                _check_shift(context, axis, run, shift, node, sub)
            return value
        check_position(context, axis, value, sub, node)
        return value

    # --- operators ------------------------------------------------------------------------------------------------

    def _elementwise(self, node: Binary, *, scalar: bool) -> Expr:
        left, right = self.expr(node.left, scalar=scalar), self.expr(node.right, scalar=scalar)
        axes = self._spread(node, left, right)
        op = node.op
        assert op != "dot"
        if op in _COMPARE or op in _LOGIC:
            return Op(op, (left, right), Type("bool", axes), node.span)
        elem: Elem = "int" if op in "+-*" and left.type.elem == right.type.elem == "int" else "real"
        return Op(op, (left, right), _type(elem, axes), node.span)

    def _spread(self, node: Binary, left: Expr, right: Expr) -> tuple[str, ...]:
        a, b = left.type.axes, right.type.axes
        if not a or not b:
            return a or b
        if len(a) != len(b):
            raise self.context.refuse(
                Diagnostic(
                    "H6",
                    f"`{surface.show(node)}` puts arrays of different ranks together",
                    node.span,
                    "a number and an array, or two arrays of one rank",
                    f"`{surface.show(node.left)}` with {_axes_words(len(a))} and "
                    f"`{surface.show(node.right)}` with {_axes_words(len(b))}",
                )
            )
        words = f"`{surface.show(node)}` goes element by element"
        if not all([self.context.axes.join(x, y, node.span, words) for x, y in zip(a, b, strict=True)]):
            raise Refused
        return a

    def _product(self, left: Ast, right: Ast, span: Span | None, *, scalar: bool) -> Expr:
        one, two = self.expr(left), self.expr(right)
        if scalar and len(one.type.axes) + len(two.type.axes) == 1:
            # Known data that was never seen as a whole: where one number is wanted, `X_i * beta` is a dot product.
            open_side, other = (left, two) if not one.type.axes else (right, one)
            if self._grow(open_side, other.type.axes[0]):
                one, two = self.expr(left), self.expr(right)
        return self._multiply(one, two, Binary("*", left, right, span))

    def _grow(self, node: Ast, axis: str) -> bool:
        """Give open data one more axis, the one given. False where `node` is no such thing."""
        if not isinstance(node, Name):
            return False
        base, subs = self.context.reader.subs(node)
        sym = self.context.symbols.get(base)
        if sym is None or not sym.open or sym.looks > 1 or sym.axes is None or len(sym.axes) != len(subs):
            return False
        new = self.context.axes.fresh(base)
        sym.axes.append(new)
        sym.open = False
        self.context.axes.join(new, axis, node.span, f"`{surface.show(node)}` is part of a product")
        return True

    def _multiply(self, one: Expr, two: Expr, node: Binary) -> Expr:
        a, b = one.type.axes, two.type.axes
        if not a or not b:
            elem: Elem = "int" if one.type.elem == two.type.elem == "int" else "real"
            return Op("*", (one, two), _type(elem, a or b), node.span)
        kinds = {(1, 1): "dot", (2, 1): "matvec", (1, 2): "vecmat", (2, 2): "matmul"}
        func = kinds.get((len(a), len(b)))
        if func is None:
            raise self.context.refuse(
                Diagnostic(
                    "H6", f"there is no product `{surface.show(node)}`", node.span, "vectors or matrices",
                    f"an array with {_axes_words(len(a))} and one with {_axes_words(len(b))}",
                )
            )  # fmt: skip
        if not self.context.axes.join(a[-1], b[0], node.span, f"`{surface.show(node)}` is a product over one index"):
            raise Refused
        return Call(func, (one, two), Type("real", (*a[:-1], *b[1:])), node.span)

    # --- calls ----------------------------------------------------------------------------------------------------

    def _apply(self, node: Apply, *, scalar: bool) -> Expr:
        context = self.context
        row = find_function(node.func, len(node.args))
        if row is None:
            raise context.refuse(_no_function(node, context))
        named = next((arg for arg in node.args if arg.name), None)
        if row.arity != len(node.args) or named is not None:
            found = f"an argument called `{named.name}`" if named else f"{len(node.args)} arguments"
            wanted = f"{row.arity} argument{'s' if row.arity != 1 else ''} without names"
            raise context.refuse(
                Diagnostic("H9", f"`{node.func}` does not take these arguments", node.span, wanted, found)
            )
        asts = [arg.value for arg in node.args]
        if row.name in _PRODUCTS:
            return self._multiply(self.expr(asts[0]), self.expr(asts[1]), Binary("*", asts[0], asts[1], node.span))
        if row.name == "transpose":
            value = self.expr(asts[0])
            if len(value.type.axes) != 2:
                raise context.refuse(
                    Diagnostic("H6", "only a matrix can be transposed", node.span, "a matrix",
                               f"an array with {_axes_words(len(value.type.axes))}")
                )  # fmt: skip
            return Call(row.name, (value,), Type(value.type.elem, value.type.axes[::-1]), node.span)
        if row.reduction:
            return self._reduction(node, row.name, asts[0])
        values = [self.expr(ast, scalar=scalar) for ast in asts]
        axes = values[0].type.axes if values else ()
        for value, ast in zip(values[1:], asts[1:], strict=True):
            axes = self._spread(Binary("+", asts[0], ast, node.span), Const(0, "0", Type("real", axes)), value)
        self._check_domain(node, row.domain, values)
        return Call(row.name, tuple(values), _type("real", axes), node.span)

    def _check_domain(self, node: Apply, domain: str, values: list[Expr]) -> None:
        if domain == "real":
            return
        intervals = self.context.intervals
        for arg, value in zip(node.args, values, strict=True):
            low, high = interval(value, intervals)
            one = constant(value, intervals)
            bad = high < 0 or (domain == "positive" and one == 0) or (domain == "unit" and low > 1)
            if bad:
                raise self.context.refuse(
                    Diagnostic(
                        "H10",
                        f"`{node.func}` has no value here",
                        arg.span or node.span,
                        f"a {DOMAIN_WORDS[domain]}",
                        f"`{surface.show(arg.value)}`" + (f", which is {one:g}" if one is not None else ""),
                    )
                )

    def _reduction(self, node: Apply, func: str, arg: Ast) -> Expr:
        value = self.expr(arg)
        if not value.type.axes and isinstance(arg, Name):
            sym = self.context.symbols.get(self.context.reader.base(arg))
            if sym is not None and sym.open:
                self._grow(arg, self.context.axes.fresh(sym.name))
                value = self.expr(arg)
        if not value.type.axes:
            raise self.context.refuse(
                Diagnostic(
                    "H6",
                    f"`{node.func}` is of many numbers, and `{surface.show(arg)}` is one",
                    arg.span or node.span,
                    "an array, or a range to go over",
                    "one number",
                    f"write `{node.func}(... for i in 1..N)`, or leave the index out to mean the whole array",
                )
            )
        elem: Elem = "int" if func == "count" else "real"
        return Call(func, (value,), Type(elem), node.span)

    def _comprehension(self, node: Comprehension) -> Expr:
        context = self.context
        row = find_function(node.func)
        if row is not None and not row.reduction:
            row = next((r for r in (FUNCTIONS.get(node.func),) if r is not None and r.reduction), None)
        if row is None or row.name not in _COMPREHENSIONS:
            raise context.refuse(
                Diagnostic(
                    "H13", f"`{node.func}` does not go over a range", node.span,
                    f"one of {', '.join(sorted(_COMPREHENSIONS))}", f"`{node.func}(... for ...)`",
                    did_you_mean(near_functions(node.func)),
                )
            )  # fmt: skip
        inner = Lower(context, dict(self.scope))
        binders: list[Binder] = []
        for binder in node.binders:
            if binder.var in inner.scope:
                raise context.refuse(_bound_twice(binder.var, binder.span or node.span, inner.scope[binder.var].span))
            run = reach(context, binder)
            inner.scope[binder.var] = run
            context.reduced.append(run.node)
            binders.append(inner.binder(binder.var))
        body = inner.scalar(node.body)
        return Reduce(row.name, body, tuple(binders), INT if row.name == "count" else REAL, node.span)

    def binder(self, var: str) -> Binder:
        """Return the binder of an index variable in scope. Its set is a node until all sets are named."""
        run = self.scope[var]
        lo = self.scalar(run.lo) if run.lo is not None else None
        hi = self.scalar(run.hi) if run.hi is not None else None
        return Binder(var, run.node, lo, hi)


DOMAIN_WORDS: Mapping[str, str] = {
    "positive": "number above zero",
    "nonnegative": "number that is not negative",
    "unit": "number between 0 and 1",
    "count": "whole number that is not negative",
    "positive int": "whole number above zero",
    "int": "whole number",
    "real": "number",
}


def _type(elem: Elem, axes: tuple[str, ...]) -> Type:
    if axes:
        return Type(elem, axes)
    return INT if elem == "int" else REAL


def _const(node: Number) -> Const:
    text = repr(node.value) if node.percent else node.text
    return Const(node.value, text, INT if isinstance(node.value, int) else REAL, node.span)


def _axes_words(count: int) -> str:
    return "no index" if not count else f"{count} ind{'ex' if count == 1 else 'ices'}"


def _shifted(value: Expr) -> tuple[str | None, int]:
    """Return the index variable and what is added to it, for `t`, `t - 1` and `t + 2`; else None."""
    match value:
        case Index(var=var):
            return var, 0
        case Op(op="+" | "-" as op, args=(Index(var=var), Const(value=int(step)))):
            return var, step if op == "+" else -step
        case _:
            return None, 0


def _check_shift(context: Context, axis: str, run: Reach, shift: int, node: Name, sub: Ast) -> None:
    lo = run.lo.value if isinstance(run.lo, Number) else 1 if run.lo is None else None
    past, hi = last_position(run)
    words = f"`{surface.show(node)}`"
    context.bounds_to_check.append(
        BoundCheck(
            axis,
            int(lo) + shift if lo is not None else None,
            hi + shift if hi is not None else None,
            past + shift,
            sub.span or node.span,
            words,
        )
    )


def _no_range(letter: str, node: Name, scope: Mapping[str, Reach]) -> Diagnostic:
    there = f"the indices {', '.join(f'`{name}`' for name in scope)}" if scope else "no index on the left"
    return Diagnostic(
        "H5",
        f"the index `{letter}` has no range here",
        node.span,
        f"`{letter}` on the left side, or a range for it",
        there,
        f"sum over it, `sum(... for {letter} in 1..N)`, leave it out to mean the whole array, "
        f"or put `{letter}` on the left",
    )


def _bound_twice(var: str, span: Span | None, first: Span | None) -> Diagnostic:
    return Diagnostic(
        "H24",
        f"the index `{var}` is given a range twice",
        span,
        "another letter for the inner range",
        f"`{var}` inside a range of `{var}`",
        "which of the two is meant inside cannot be told",
        secondary=(Label(first, f"`{var}` is already an index here"),) if first else (),
    )


def _too_many_subscripts(node: Name, base: str, subs: tuple[Ast, ...], sym: Sym) -> Diagnostic:
    assert sym.axes is not None
    rank = len(sym.axes)
    label = (Label(sym.span, f"`{base}` is {'one number' if not rank else 'an array'} here"),) if sym.span else ()
    where = "data" if sym.datum is not None and not sym.use.definitions else "definition"
    shown = surface.show(node)
    hint = ""
    if where == "definition" and not rank:
        hint = f"define it with its index, `{shown} ~ ...`, or use it without: `{base}`"
    return Diagnostic(
        "H6",
        f"`{base}` is used with {_axes_words(len(subs))}, but its {where} has {_axes_words(rank)}",
        node.span,
        f"`{base}` with {_axes_words(rank)}" if rank else f"`{base}` alone",
        f"`{shown}`",
        hint,
        secondary=label,
    )


def _vector_subscript(node: Name, sub: Ast, context: Context) -> Diagnostic:
    base = context.reader.base(node)
    inner = surface.show(sub)
    return Diagnostic(
        "H6",
        f"`{inner}` is an array, and a subscript is one number",
        sub.span or node.span,
        "one whole number",
        f"the array `{inner}`",
        f"write `{base}[{inner}[n]]` for each n",
    )


def _no_function(node: Apply, context: Context) -> Diagnostic:
    if find_distribution(node.func) is not None:
        return Diagnostic(
            "H13", f"`{node.func}` is a distribution, not a function", node.func_span or node.span,
            "a function", f"`{node.func}(...)` inside an expression", "a distribution stands after `~`",
        )  # fmt: skip
    if node.func in context.symbols:
        return Diagnostic(
            "H13", f"`{node.func}` is a quantity, not a function", node.func_span or node.span, "a function",
            f"`{node.func}(...)`", f"a product needs its sign: `{node.func} * (...)`",
        )  # fmt: skip
    return Diagnostic(
        "H13", f"there is no function `{node.func}`", node.func_span or node.span, "a function of the language",
        f"`{node.func}`", did_you_mean(near_functions(node.func)),
    )  # fmt: skip
