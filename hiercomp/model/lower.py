"""From surface expressions to resolved ones: every name a symbol, every subscript an index, every value a rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import assert_never

from hiercomp.catalog import FUNCTIONS
from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.expr import BOOL, INT, REAL, Binder, Call, Const, Elem, Expr, Index, Op, Ref, Type
from hiercomp.model import surface
from hiercomp.model.faults import (
    indices,
    misplaced,
    no_range,
    text_as_number,
    too_many_subscripts,
    two_products,
    vector_subscript,
)
from hiercomp.model.ranges import last_position
from hiercomp.model.scope import BoundCheck, Context, Reach, Refused, Sym
from hiercomp.records import replace, state
from hiercomp.source import Span
from hiercomp.syntax.ast import Apply, Binary, Comprehension, Name, Number, Text, Unary, VectorLiteral, Whole
from hiercomp.syntax.ast import Expr as Ast

_LOGIC = frozenset({"and", "or"})
_COMPARE = frozenset({"<", "<=", ">", ">=", "==", "!="})
_PI = Const(3.141592653589793, "3.141592653589793")


@state
class Lower:
    """Lowers the expressions of one statement. `scope` has its index variables; comprehensions add theirs.
    `picks`: what is lowered picks an element.
    """

    context: Context
    scope: dict[str, Reach] = field(default_factory=dict[str, Reach])
    picks: bool = False

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
            case Binary(op="*" | "dot"):
                return self._product(node, scalar=scalar)
            case Binary():
                return self._elementwise(node, scalar=scalar)
            case Text() | Whole():
                raise self.context.refuse(misplaced(node))
            case Apply() | Comprehension() | VectorLiteral():
                from hiercomp.model.calls import called  # noqa: PLC0415

                return called(self, node, scalar=scalar)
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
        whole = next((n for n, _ in surface.walk(node) if isinstance(n, Name) and self._rank_left(n) > 0), None)
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
            index = Index(base, span=node.span)
            member = self.scope[base].member
            return Ref(member, (index,), INT, node.span) if member else index
        if not subs and context.reader.is_index(base) and base not in context.symbols:
            raise context.refuse(
                no_range(base, node, self.scope, self._usual_range(base), column=base in context.binding)
            )
        if base in context.faulty:
            raise Refused
        sym = context.symbols.get(base)
        if sym is None:
            return _PI  # the one name that may stand undefined
        if sym.datum is not None and sym.datum.elem == "str" and not self.picks:
            raise context.refuse(text_as_number(node, sym))
        sym.referenced = True
        if sym.axes is None:
            raise Refused  # its own definition failed
        if len(subs) > len(sym.axes):
            raise context.refuse(too_many_subscripts(node, base, subs, sym))
        if any(isinstance(sub, Whole) for sub in subs):
            from hiercomp.model.columns import column, without_last  # noqa: PLC0415  (few models have empty places)

            subs = without_last(subs)
            if any(isinstance(sub, Whole) for sub in subs):
                sym.looks += 1
                return column(self, node, sym, subs)
        lowered = tuple(self.subscript(node, sym, place, sub) for place, sub in enumerate(subs))
        rest = tuple(sym.axes[len(subs) :])
        sym.looks += 1
        return Ref(base, lowered, Type(sym.elem, rest), node.span)

    def _usual_range(self, letter: str) -> str:
        """Write the range that the letter has elsewhere."""
        node = self.context.letters.get(letter)
        words = self.context.axes.facts(node).words().strip("`") if node is not None else "1..N"
        return f"{letter} in {words}"

    def subscript(self, node: Name, sym: Sym, place: int, sub: Ast) -> Expr:
        """Return what picks an element along one axis of a name. H6, H7, H17."""
        context = self.context
        assert sym.axes is not None
        axis = sym.axes[place]
        around, self.picks = self.picks, True
        value = self.expr(sub, scalar=True)
        self.picks = around
        if value.type.axes:
            raise context.refuse(vector_subscript(node, sub, context))
        var, shift = _shifted(value)
        if var is not None:
            run = self.scope[var]
            if context.firsts and context.axes.facts(axis).first != context.axes.facts(run.node).first:
                # One of them is counted from elsewhere, so that these are different sets.
                past, last = last_position(run)
                first, by = int(run.lo.value) if isinstance(run.lo, Number) else 1, shift or 0
                end, within = (None, run.node) if last is None else (last + by, "")
                words = f"`{surface.show(node)}`"
                check = BoundCheck(axis, first + by, end, past + by, node.span, words, within=within)
                context.bounds_to_check.append(check)
                return value
            longer = sym.datum is not None and context.axes.facts(run.node).size is not None
            if shift is not None and (longer or context.stops) and not context.axes.same(axis, run.node):
                from hiercomp.model.stops import fit_data, within  # noqa: PLC0415  (few models have such ranges)

                if longer:
                    fit_data(context, sym, place, axis, run, shift)
                if within(context, axis, run, shift):
                    return value
            if not context.axes.join(axis, run.node, node.span, f"`{surface.show(node)}` has the index `{var}`"):
                raise Refused
            if shift is None:
                back = _looks_back(value, run, axis, self.scope, sub.span or node.span)
                context.bounds_to_check += [replace(check, words=f"`{surface.show(node)}`") for check in back]
            elif run.moving:
                from hiercomp.model.moving import check_shift  # noqa: PLC0415  (few models have such ranges)

                check_shift(self, run, shift, axis, surface.show(node), sub.span or node.span)
            elif shift or last_position(run)[0] > 0:
                check = _check_shift(run, shift, axis, surface.show(node), sub.span or node.span)
                context.bounds_to_check.append(check)
            return value
        from hiercomp.model.subscripts import check_position  # noqa: PLC0415

        check_position(context, axis, value, sub, node)
        if isinstance(value, Ref) and value.name in context.groups:
            words = f"`{surface.show(node)}` picks with the members of `{value.name}`"
            if not context.axes.join(axis, context.picked.setdefault(value.name, axis), node.span, words):
                raise Refused
        return value

    # --- operators ------------------------------------------------------------------------------------------------

    def _elementwise(self, node: Binary, *, scalar: bool) -> Expr:
        if isinstance(node.left, Text) or isinstance(node.right, Text):
            from hiercomp.model.texts import compared  # noqa: PLC0415  (few models have text)

            return compared(self, node)
        left, right = self.expr(node.left, scalar=scalar), self.expr(node.right, scalar=scalar)
        axes = self.spread(node, left, right)
        op = node.op
        assert op != "dot"
        if op in _COMPARE or op in _LOGIC:
            return Op(op, (left, right), Type("bool", axes), node.span)
        if self.context.indicators:
            left, right = self._counted(left), self._counted(right)
        elem: Elem = "int" if op in "+-*" and left.type.elem == right.type.elem == "int" else "real"
        return Op(op, (left, right), _type(elem, axes), node.span)

    def _counted(self, truth: Expr) -> Expr:
        """Return the comparison of a column with text as what it counts as: data that are 0 or 1."""
        match truth:
            case Op(op="==" | "!=" as op, args=(Ref(name=name) as value, _)) if name in self.context.indicators:
                return value if op == "==" else Op("-", (Const(1, "1", INT), value), value.type, truth.span)
            case _:
                return truth

    def spread(self, node: Binary, left: Expr, right: Expr) -> tuple[str, ...]:
        """Return the axes of an element-wise operation, joined; a scalar spreads. H6 where ranks differ."""
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
                    f"`{surface.show(node.left)}` with {indices(len(a))} and "
                    f"`{surface.show(node.right)}` with {indices(len(b))}",
                    "write their elements, with an index for each axis, as in `a_i + C_{i,j}`",
                )
            )
        words = f"`{surface.show(node)}` goes element by element"
        if not all(self.context.axes.join(x, y, node.span, words) for x, y in zip(a, b, strict=True)):
            raise Refused
        return a

    def _product(self, node: Binary, *, scalar: bool) -> Expr:
        left, right = node.left, node.right
        one, two = self._counted(self.expr(left)), self._counted(self.expr(right))
        if scalar and len(one.type.axes) + len(two.type.axes) == 1:
            # Known data that was never seen as a whole: where one number is wanted, `X_i * beta` is a dot product.
            open_side, other = (left, two) if not one.type.axes else (right, one)
            if self.grow(open_side, other.type.axes[0]):
                one, two = self.expr(left), self.expr(right)
        vectors = len(one.type.axes) == len(two.type.axes) == 1
        if node.op == "*" and vectors and not scalar and not self._with_subscripts(node):
            raise self.context.refuse(two_products(node))
        return self.multiply(one, two, Binary("*", left, right, node.span))

    def _with_subscripts(self, node: Ast) -> bool:
        return any(isinstance(part, Name) and self.context.reader.subs(part)[1] for part, _ in surface.walk(node))

    def grow(self, node: Ast, axis: str) -> bool:
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

    def multiply(self, one: Expr, two: Expr, node: Binary) -> Expr:
        """Return the product: of scalars, of a scalar and an array, or over an index (dot, matvec, vecmat, matmul)."""
        a, b = one.type.axes, two.type.axes
        if not a or not b:
            elem: Elem = "int" if one.type.elem == two.type.elem == "int" else "real"
            return Op("*", (one, two), _type(elem, a or b), node.span)
        if len(a) == len(b) == 2 and _is_kernel(one) and _is_kernel(two):
            # Covariances of a product of two independent processes, element by element.
            return Op("*", (one, two), Type("real", self.spread(node, one, two)), node.span)
        kinds = {(1, 1): "dot", (2, 1): "matvec", (1, 2): "vecmat", (2, 2): "matmul"}
        func = kinds.get((len(a), len(b)))
        if func is None:
            raise self.context.refuse(
                Diagnostic(
                    "H6", f"there is no product `{surface.show(node)}`", node.span, "vectors or matrices",
                    f"an array with {indices(len(a))} and one with {indices(len(b))}",
                    "sum over the index that they share: `sum(a_{i,j,k} * b_k for k in 1..K)`",
                )
            )  # fmt: skip
        if not self.context.axes.join(a[-1], b[0], node.span, f"`{surface.show(node)}` is a product over one index"):
            raise Refused
        return Call(func, (one, two), Type("real", (*a[:-1], *b[1:])), node.span)

    def inside(self) -> Lower:
        """Return what lowers the body of a comprehension: the same scope, to be added to."""
        return Lower(self.context, dict(self.scope))

    def binder(self, var: str) -> Binder:
        """Return the binder of an index variable in scope. Its set is a node until all sets are named."""
        run = self.scope[var]
        lo = self.scalar(run.lo) if run.lo is not None else None
        hi = self.scalar(run.hi) if run.hi is not None else None
        if run.moving:
            from hiercomp.model.moving import check_end  # noqa: PLC0415  (few models have such ranges)

            for end, value in ((run.lo, lo), (run.hi, hi)):
                if end is not None and value is not None:
                    check_end(self.context, run, end, value, last=value is hi)
        return Binder(var, run.node, lo, hi)


def _is_kernel(expr: Expr) -> bool:
    """Say whether a matrix is written as kernels, or as sums and products of them."""
    match expr:
        case Call(func=func):
            return func in FUNCTIONS and bool(FUNCTIONS[func].kernel)
        case Op(op="+" | "*", args=args):
            return any(map(_is_kernel, args)) and all(_is_kernel(arg) or not arg.type.axes for arg in args)
        case _:
            return False


def _type(elem: Elem, axes: tuple[str, ...]) -> Type:
    if axes:
        return Type(elem, axes)
    return INT if elem == "int" else REAL


def _const(node: Number) -> Const:
    text = repr(node.value) if node.percent else node.text
    return Const(node.value, text, INT if isinstance(node.value, int) else REAL, node.span)


def _shifted(value: Expr) -> tuple[str | None, int | None]:
    """Return the index variable and what is added to it: for `t`, `t - 1`, `t + 2`, and `t - k` (None: it varies)."""
    match value:
        case Index(var=var):
            return var, 0
        case Op(op="+" | "-" as op, args=(Index(var=var), Const(value=int(step)))):
            return var, step if op == "+" else -step
        case Op(op="+" | "-", args=(Index(var=var), Index())):
            return var, None
        case _:
            return None, 0


def _looks_back(value: Expr, run: Reach, axis: str, scope: Mapping[str, Reach], span: Span | None) -> list[BoundCheck]:
    """Return what has to hold for `t - k`: the first `t` lies beyond the largest `k`, also where `t` itself ends it."""
    match value:
        case Op(op="-", args=(Index(var=var), Index(var=by))) if (short := _short_of(scope[by].hi, var)) is not None:
            return [] if short > 0 else [BoundCheck(axis, 0, None, 0, span, "")]
        case Op(op="-", args=(_, Index(var=by))) if run.lo is None or isinstance(run.lo, Number):
            lo = int(run.lo.value) if isinstance(run.lo, Number) else 1
            return [BoundCheck(axis, lo, None, 0, span, "", less=scope[by].node)]
        case _:
            return []


def _short_of(end: Ast | None, var: str) -> int | None:
    """Return how far short of an index a range ends at the least, None where it is not said: 1 for ``min(t-1, K)``."""
    match end:
        case Name(ident=word, subs=()) if word == var:
            return 0
        case Binary(op="-", left=Name(ident=word, subs=()), right=Number(value=int(less))) if word == var:
            return less
        case Apply(func="min" | "fmin", args=args):
            found = [short for arg in args if (short := _short_of(arg.value, var)) is not None]
            return max(found, default=None)
        case _:
            return None


def _check_shift(run: Reach, shift: int, axis: str, shown: str, span: Span | None) -> BoundCheck:
    """Return what has to hold for `t - 1`, `t + 2`: the range, shifted, stays inside the index set."""
    lo = run.lo.value if isinstance(run.lo, Number) else 1 if run.lo is None else None
    past, hi = last_position(run)
    first = int(lo) + shift if lo is not None else None
    return BoundCheck(axis, first, hi + shift if hi is not None else None, past + shift, span, f"`{shown}`")
