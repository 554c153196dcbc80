"""Hidden Markov chains: which state a series is in moves on by a transition matrix, and chooses how it is emitted."""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.catalog import find_distribution, is_mixture, match_signature, row_named, zero_words
from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import ROWS, Binder, Call, Expr, Index, Ref, Type
from hiercomp.model import surface
from hiercomp.model.dists import Slot, check_argument
from hiercomp.model.events import lower_arguments
from hiercomp.model.ir import Dist, Role
from hiercomp.model.lower import Lower
from hiercomp.model.mixtures import Mixed
from hiercomp.model.scope import Reach, Refused
from hiercomp.model.spread import free_letter
from hiercomp.model.work import Work
from hiercomp.records import replace
from hiercomp.syntax.ast import Apply, Arg, VectorLiteral
from hiercomp.syntax.ast import Expr as Ast

# The letter by which emissions know where in the series they are.
POSITION = "t"
_BY_HAND = (
    "sum the states out by the forward recursion: `a_{t,k} = log_sum_exp(a_{t-1,j} + log(P_{j,k}) for j in 1..K) + "
    "lp_{t,k}`, with `lp_{t,k} = logp(D(...), y_t)` of all that state k emits, and `log_density += log_sum_exp(a_T)`"
)
_NAMES = "name the arguments, the emission too: `HMM(transition = P, emission = Normal(mu_k, 1))`"
_SHAPE = "HMM(initial = p, transition = P, emission = D(a_k, b_k)), with or without `initial`"


def lower_chain(work: Work, node: Apply) -> Dist:
    """Return the distribution of a series along the last axis of what it is the distribution of.

    Raises `Refused` for what `lower_any` does, and for chains that are none: H6, H7, H9, H10, H26, H28.
    """
    context = work.context
    clauses = work.item.statement.clauses
    if clauses.truncated is not None:
        raise context.refuse(
            Diagnostic(
                "H28", "a hidden Markov chain cannot be truncated", clauses.truncated.span or node.span,
                "a distribution with a distribution function", f"`{node.func}`",
                "leave the bounds out, and let the states emit what lies within them, such as Gamma above zero",
            )
        )  # fmt: skip
    role = context.symbols[work.item.name].role if work.item.name is not None else None
    if role not in (Role.OBSERVED, Role.PREDICTION):
        raise context.refuse(
            Diagnostic(
                "H26", "hidden states are summed out of the density of data only", work.item.span,
                "one series that is observed",
                f"`{work.item.name}`, which is a {role}" if role else "several names, or an expression",
                "give the series as data" if role else _BY_HAND,
            )
        )  # fmt: skip
    return _Chain(work.low, node).lower()


class _Chain(Mixed):
    def __init__(self, low: Lower, node: Apply) -> None:
        super().__init__(low, node)
        context, self._outer = low.context, low
        emission = next((arg.value for arg in node.args if arg.name == "emission"), None)
        self._letter = POSITION
        uses = emission is not None and POSITION in self._free(emission)
        if uses:
            axis = context.letters.get(POSITION) or context.axes.letter(POSITION)
            self._low = low.inside()
            self._low.scope[POSITION] = Reach(axis, None, None, emission.span if emission is not None else None)
        else:
            self._letter = free_letter([POSITION], {*low.scope, *context.symbols}, [])
            axis = context.axes.fresh(letter=self._letter)
        self._along = Binder(self._letter, axis)

    def lower(self) -> Dist:
        node = self._node
        named = {arg.name: arg for arg in node.args}
        row = row_named("HMM")
        rest = tuple(arg for arg in node.args if arg.name != "emission")
        found = match_signature(row, 0, [arg.name or "" for arg in rest])
        if None in named or "emission" not in named or len(named) < len(node.args) or found is None:
            raise self._arguments(f"`{surface.show(node)}`", node, _NAMES)
        plain = Apply(node.func, rest, node.func_span, node.span)
        args = lower_arguments(self._outer, row, plain, found, scalar=True)
        values: dict[str, Expr] = {}
        for arg, name, value in args:
            for item in value.args if isinstance(value, Call) and value.func == ROWS else (value,):
                check_argument(self._context, Slot(row, arg, name, "simplex"), item)
            values[name] = value
        down, across = values["transition"].type.axes
        words = "rows and columns of a transition matrix are the states"
        if not self._context.axes.join(down, across, named["transition"].span or node.span, words):
            raise Refused
        self._context.reduced.append(down)
        parts = self._over(down, self._emissions(named["emission"]), None)
        kinds = {row_named(part.dist.row).kind for part in parts}
        if len(kinds) > 1:
            raise self._arguments(
                "whole numbers mixed with reals", node,
                "let every state emit counts (Poisson, NegBinomial), or every state reals", "emissions of one kind",
            )  # fmt: skip
        kind = "HMM" if kinds == {"continuous"} else "Discrete-HMM"
        shown = [f"{arg.name} = {surface.show(arg.value)}" for arg in rest]
        emitted = ", ".join(part.dist.written for part in parts)
        emitted = emitted if len(parts) == 1 else f"({emitted})"
        written = f"HMM({', '.join((*shown, f'emission = {emitted}'))})"
        chain = tuple((param.name, values[param.name]) for param in row.params if param.name in values)
        return Dist(kind, chain, written, span=node.span, parts=tuple(parts), along=self._along)

    def _emissions(self, arg: Arg) -> list[Apply]:
        items = list(arg.value.items) if isinstance(arg.value, VectorLiteral) else [arg.value]
        found: list[Apply] = []
        for item in items:
            known = isinstance(item, Apply) and (
                is_mixture(item.func) or zero_words(item.func) is not None or find_distribution(item.func) is not None
            )
            if not isinstance(item, Apply) or not known:
                shown = surface.show(item)
                raise self._arguments(
                    f"`{shown}`, which is no distribution", item,
                    f"write what a state emits, such as `Normal({shown}_k, 1)` with the states as k",
                )  # fmt: skip
            row = find_distribution(item.func)
            if row is not None and row.event_rank:
                raise self._context.refuse(
                    Diagnostic(
                        "H26", "what a hidden state emits is one number", item.span or arg.span,
                        "a distribution of numbers", f"`{row.name}`, whose values are vectors",
                        _BY_HAND,
                    )
                )  # fmt: skip
            found.append(item)
        return found

    def _arguments(self, found: str, where: Ast, hint: str, wanted: str = _SHAPE) -> Refused:
        message = "a hidden Markov chain has a transition matrix and a distribution that its states emit"
        return self._context.refuse(Diagnostic("H9", message, where.span or self._node.span, wanted, found, hint))


def at_position(lhs: Expr, dist: Dist) -> Ref:
    """Return the element of a series at the position that the emissions of its chain know."""
    assert isinstance(lhs, Ref)
    assert dist.along is not None
    return replace(lhs, subs=(*lhs.subs, Index(dist.along.var)), type=Type(lhs.type.elem, lhs.type.axes[1:]))


def all_lead_on(transition: Expr, shapes: Mapping[str, str]) -> bool:
    """Say whether every state leads to every other: rows that are unknown have no zeros.

    `shapes` has the shape of the support of each unknown, such as "simplex".
    """
    rows = transition.args if isinstance(transition, Call) and transition.func == ROWS else (transition,)
    return all(isinstance(row, Ref) and shapes.get(row.name) == "simplex" for row in rows)
