"""Finite mixtures: components listed, or one for every member of the set that the weights range over."""

from __future__ import annotations

from collections.abc import Iterator

from hiercomp.catalog import find_distribution, is_mixture, row_named, zero_words
from hiercomp.catalog.schema import Distribution
from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.expr import INT, REAL, Binder, Const, Expr, Index, Op, Ref, number
from hiercomp.model import surface
from hiercomp.model.axes import Extent
from hiercomp.model.dists import Slot, check_argument, lower_dist
from hiercomp.model.faults import indices
from hiercomp.model.intervals import constant, interval
from hiercomp.model.ir import Dist, Part, Value
from hiercomp.model.lower import Lower
from hiercomp.model.parts import changed
from hiercomp.model.scope import Context, Reach, Refused
from hiercomp.model.spread import element_of, free_letter
from hiercomp.model.supports import ONE
from hiercomp.records import replace
from hiercomp.syntax.ast import Apply, Arg, Comprehension, Interval, Name, VectorLiteral
from hiercomp.syntax.ast import Expr as Ast

_ZERO_WORDS = frozenset({"pi", "zi", "hu"})
_SHAPES = "Mixture((w1, w2), D1(...), D2(...)) or Mixture(w, D(a_k, b_k))"
# Weights of data may have been rounded.
_TOLERANCE = 1e-6


def lower_any(low: Lower, node: Apply, truncated: Interval | None, *, scalar: bool) -> Dist:
    """Return the distribution that a spec writes, a mixture or one of a single row.

    Raises `Refused` for what `lower_dist` does, and for mixtures that are none: H6, H7, H9, H10, H28.
    """
    zeros = zero_words(node.func)
    if not is_mixture(node.func) and zeros is None:
        return lower_dist(low, node, truncated, scalar=scalar)
    if truncated is not None:
        raise low.context.refuse(
            Diagnostic(
                "H28", "a mixture cannot be truncated", truncated.span or node.span,
                "a distribution with a distribution function", f"`{node.func}`",
                "leave the bounds out, and take components that lie within them, such as Gamma above zero",
            )
        )  # fmt: skip
    return Mixed(low, node).lower() if zeros is None else _with_zeros(low, node, *zeros)


def _with_zeros(low: Lower, node: Apply, word: str, base: str) -> Dist:
    """Return a distribution with further zeros (inflated), or whose zeros have a probability of their own (hurdle)."""
    context = low.context
    named = next((arg for arg in node.args if arg.name in _ZERO_WORDS), None)
    first = named or next((arg for arg in node.args if arg.name is None), None)
    rest = tuple(arg for arg in node.args if arg is not first)
    inner = rest[0].value if not base and len(rest) == 1 else Apply(base, rest, node.func_span, node.span)
    row = find_distribution(inner.func) if isinstance(inner, Apply) else None
    fits = row is not None and row.has_cdf and (row.kind == "discrete" or word == "Hurdle")
    if first is None or not isinstance(inner, Apply) or row is None or not fits:
        raise context.refuse(
            Diagnostic(
                "H9", f"`{node.func}` takes the probability of a zero and then a distribution", node.span,
                "ZeroInflated(pi, Poisson(rate)), ZeroInflatedPoisson(pi, rate), Hurdle(pi, D(...)) and the like",
                f"`{surface.show(node)}`", _zeros_hint(node, first, inner, row),
            )
        )  # fmt: skip
    weight = low.scalar(first.value)
    check_argument(context, Slot(row, first, "probability of a zero", "unit"), weight)
    dist = lower_dist(low, inner, None, scalar=True)
    if word == "Hurdle":
        # A count that is no zero is one or more; a real number is never just zero.
        at_least = replace(number(1), type=INT) if row.kind == "discrete" else None
        dist = replace(dist, lower=at_least)
    one = replace(number(1), type=INT)
    parts = (Part(weight, Dist("Zero", (), "Zero")), Part(Op("-", (one, weight), REAL), dist))
    written = f"{word}(pi = {surface.show(first.value)}, {dist.written})"
    kind = "Discrete-Mixture" if row.kind == "discrete" else "Mixture"
    return Dist(kind, (), written, span=node.span, parts=parts)


def _zeros_hint(node: Apply, first: Arg | None, inner: Ast, row: Distribution | None) -> str:
    pi = surface.show(first.value) if first is not None else "pi"
    if row is not None and row.kind == "continuous" and row.has_cdf:
        return f"zeros of a real number have a probability of their own: `Hurdle({pi}, {surface.show(inner)})`"
    return f"write what holds besides the zeros: `{node.func}({pi}, Poisson(rate))`"


class Mixed:
    """What the components of one distribution have in common: their weights, and what they run over."""

    def __init__(self, low: Lower, node: Apply) -> None:
        self._low = low
        self._context: Context = low.context
        self._node = node

    def lower(self) -> Dist:
        node = self._node
        if len(node.args) < 2 or any(arg.name is not None for arg in node.args):
            raise self._arguments(
                f"`{surface.show(node)}`", node,
                "leave the names of the arguments out" if len(node.args) > 1 else "add a distribution for each weight",
            )  # fmt: skip
        first, *rest = (arg.value for arg in node.args)
        components: list[Apply] = []
        for item in rest:
            if not isinstance(item, Apply) or not (is_mixture(item.func) or find_distribution(item.func)):
                shown = surface.show(item)
                raise self._arguments(
                    f"`{shown}`, which is no distribution", item, f"write the component: `Normal({shown}_k, 1)`"
                )
            components.append(item)
        if isinstance(first, VectorLiteral):
            parts = self._listed([self._low.scalar(item) for item in first.items], components, first)
        else:
            weights = self._low.expr(first)
            if not weights.type.axes and self._low.grow(first, self._context.axes.fresh("the weights of a mixture")):
                weights = self._low.expr(first)
            if len(weights.type.axes) != 1:
                raise self._context.refuse(
                    Diagnostic(
                        "H6", "the weights of a mixture are one vector", first.span or node.span, "one index",
                        indices(len(weights.type.axes)), "write them out, `(w, 1 - w)`, or leave their last index out",
                    )
                )  # fmt: skip
            self._check_data(weights, first)
            parts = self._over(weights.type.axes[0], components, weights)
        rows = [row_named(part.dist.row) for part in parts]
        if any(row.event_rank for row in rows):
            raise self._context.refuse(
                Diagnostic(
                    "H26", "the components of a mixture are distributions of numbers", node.span,
                    "a distribution of numbers for each weight", "a distribution whose values are vectors",
                    "give each vector the component it comes from, which is summed out: `z_n ~ Categorical(w)` and "
                    "`y_n ~ MultiNormal(mu[z_n], Sigma[z_n])`",
                )
            )  # fmt: skip
        kinds = {row.kind for row in rows}
        if len(kinds) > 1:
            raise self._arguments(
                "whole numbers mixed with reals", node,
                "take counts for all components (Poisson, NegBinomial), or reals for all", "components of one kind",
            )  # fmt: skip
        row = "Mixture" if kinds == {"continuous"} else "Discrete-Mixture"
        written = ", ".join((surface.show(first), *(part.dist.written for part in parts)))
        return Dist(row, (), f"Mixture({written})", span=node.span, parts=tuple(parts))

    def _arguments(self, found: str, where: Ast, hint: str, wanted: str = _SHAPES) -> Refused:
        message = "a mixture is written with its weights first and then its components"
        return self._context.refuse(Diagnostic("H9", message, where.span or self._node.span, wanted, found, hint))

    def _component(self, low: Lower, node: Apply, *, scalar: bool = True) -> Dist:
        return lower_any(low, node, None, scalar=scalar)

    def _over(self, axis: str, components: list[Apply], weights: Expr | None) -> list[Part]:
        """Return the components over the members of a set: one that runs, or one for each."""
        if len(components) == 1:
            return [self._running(axis, components[0], weights)]
        return self._picked(axis, components, weights)

    # --- components listed

    def _listed(self, weights: list[Expr], components: list[Apply], where: Ast) -> list[Part]:
        if len(weights) != len(components):
            raise self._context.refuse(
                Diagnostic(
                    "H7", "a mixture has a weight for each component", where.span or self._node.span,
                    f"{len(components)} weights", f"{len(weights)}",
                    "leave a component out, or split a weight: of 3, the last is the rest, `(u, v, 1 - u - v)`"
                    if len(weights) < len(components)
                    else "leave a weight out, or add the component that it belongs to",
                )
            )  # fmt: skip
        self._check_sum(weights, where)
        dists = [self._component(self._low, item) for item in components]
        return [Part(weight, dist) for weight, dist in zip(weights, dists, strict=True)]

    def _picked(self, axis: str, components: list[Apply], weights: Expr | None) -> list[Part]:
        """Return the parts of a mixture whose weights are one vector, and its components several."""
        count = len(components)
        self._context.axes.facts(axis).extents.append(Extent("the components of a mixture", 0, count, self._node.span))
        dists = [self._component(self._low, item) for item in components]
        places = [Const(place, str(place), INT) for place in range(1, count + 1)]
        return [
            Part(ONE if weights is None else self._element(weights, place), dist)
            for place, dist in zip(places, dists, strict=True)
        ]

    # --- a component for every member of a set

    def _running(self, axis: str, component: Apply, weights: Expr | None) -> Part:
        """Return the components for all members of a set; without weights each counts once."""
        context = self._context
        letters = list(dict.fromkeys(self._free(component)))
        if len(letters) > 1:
            raise self._arguments(
                f"components that vary with {' and '.join(f'`{letter}`' for letter in letters)}", component,
                f"put the other index on the left side, as `{letters[0]}` of what has this distribution",
                "a component with one index of its own, that of the weights",
            )  # fmt: skip
        inner, letter = self._low.inside(), letters[0] if letters else ""
        if letter:
            node = context.letters.get(letter) or context.axes.letter(letter)
            words = "the weights of a mixture and its components run alike"
            if not context.axes.join(axis, node, component.span, words):
                raise Refused
            inner.scope[letter] = Reach(node, None, None, component.span)
        dist = self._component(inner, component, scalar=bool(letter))
        if not letter:
            letter = free_letter(context.axes.facts(axis).letters, {*self._low.scope, *context.symbols}, _values(dist))
            dist = self._elements(dist, axis, letter, component)
        context.reduced.append(axis)
        weight = ONE if weights is None else self._element(weights, Index(letter))
        return Part(weight, dist, Binder(letter, axis))

    def _elements(self, dist: Dist, axis: str, letter: str, component: Apply) -> Dist:
        """Return the component at one member of the set, where whole vectors are its arguments."""
        context = self._context
        if all(not value.type.axes for value in _values(dist)):
            raise self._arguments(
                "one component for all weights", component,
                "give an argument the index of the weights: `Normal(mu_k, 1)`", "components that differ",
            )  # fmt: skip

        def part(value: Expr) -> Expr:
            if not value.type.axes:
                return value
            words = "the weights of a mixture and its components run alike"
            if len(value.type.axes) != 1:
                raise self._arguments(
                    f"an argument with {indices(len(value.type.axes))}", component,
                    "write the component with its indices: `Normal(mu_{n,k}, 1)`", "one index",
                )  # fmt: skip
            if not context.axes.join(axis, value.type.axes[0], value.span, words):
                raise Refused
            return self._element(value, Index(letter))

        return changed(dist, part)

    def _element(self, value: Expr, place: Expr) -> Expr:
        return element_of(self._context, value, (place,), self._node.span)

    def _free(self, root: Ast) -> Iterator[str]:
        """Yield the index letters of a component that nothing binds yet."""
        reader = self._context.reader
        bound = {b.var for node, _ in surface.walk(root) if isinstance(node, Comprehension) for b in node.binders}
        for node, _ in surface.walk(root):
            if not isinstance(node, Name):
                continue
            base, subs = reader.subs(node)
            words = [base] if not subs else [sub.ident for sub in subs if isinstance(sub, Name)]
            for word in words:
                known = word in self._context.symbols or word in self._low.scope or word in bound
                if reader.is_index(word) and not known:
                    yield word

    # --- weights

    def _check_sum(self, weights: list[Expr], where: Ast) -> None:
        """Report weights that cannot be probabilities, or that are known and do not sum to one (H10)."""
        intervals = self._context.intervals
        values = [constant(weight, intervals) for weight in weights]
        total = sum(value for value in values if value is not None)
        wrong = next((w for w in weights if interval(w, intervals)[0] > 1 or interval(w, intervals)[1] < 0), None)
        if wrong is None and (None in values or abs(total - 1) <= _TOLERANCE):
            return
        found = "a weight outside of [0, 1]" if wrong is not None else f"a sum of {total:g}"
        raise self._weights(where, found)

    def _check_data(self, weights: Expr, where: Ast) -> None:
        """Report the first row of weights in the data that does not sum to one (H10)."""
        sym = self._context.symbols.get(weights.name) if isinstance(weights, Ref) else None
        if sym is None or sym.datum is None or sym.datum.elem == "str":
            return
        for index, row in _rows(sym.datum.value, len(sym.datum.lengths) - 1):
            numbers = [float(item) for item in row if isinstance(item, int | float)]
            if min(numbers, default=0.0) < 0 or abs(sum(numbers) - 1) > _TOLERANCE:
                found = f"a sum of {sum(numbers):g}" if min(numbers, default=0.0) >= 0 else "a negative weight"
                place = sym.datum.span((*index, 0))
                raise self._weights(where, f"{found} in the data", (Label(place, "these values"),) if place else ())

    def _weights(self, where: Ast, found: str, labels: tuple[Label, ...] = ()) -> Refused:
        return self._context.refuse(
            Diagnostic(
                "H10", "the weights of a mixture are probabilities", where.span or self._node.span,
                "numbers from 0 to 1 that sum to 1", found, "for the rest of one weight: `(w, 1 - w)`",
                secondary=labels,
            )
        )  # fmt: skip


def _values(dist: Dist) -> list[Expr]:
    return [value for _, value in dist.args]


def _rows(value: Value, depth: int) -> Iterator[tuple[tuple[int, ...], tuple[Value, ...]]]:
    """Yield the vectors that a value holds along its last axis, each with its index."""
    if not isinstance(value, tuple):
        return
    if depth == 0:
        yield (), value
        return
    for place, part in enumerate(value):
        for index, row in _rows(part, depth - 1):
            yield (place, *index), row
