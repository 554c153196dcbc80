"""What the emission of one model knows: its names, how they are held, what its index variables are called."""

from __future__ import annotations

from dataclasses import field

from hiercomp.backends.stan.containers import Container
from hiercomp.backends.stan.naming import unused
from hiercomp.expr import Binder, Expr, free_indices
from hiercomp.model.ir import IndexSet
from hiercomp.records import record, replace, state


@record
class Held:
    """A name of the plan: what it is called, how it is held, what its elements are."""

    name: str
    container: Container
    elem: str


@state
class Scope:
    """`held` are the names of the plan, `loops` what index variables are called; both by the spec's names.

    `samples` has the names of the coordinates that are sampled in the place of an unknown. `helpers` collects the
    functions that the program turns out to need, by name, and `extras` are the names of quantities of its own, by what
    they would be called if nothing else were. `shapes` has the shape of the support of each unknown. `plain` is
    the plan's. `known` are the names of data and of what is computed from them; `indicators` has, once these are there,
    the names of comparisons along an index set, and the lines that fill them.
    """

    held: dict[str, Held]
    sets: dict[str, IndexSet]
    loops: dict[str, str]
    taken: frozenset[str]
    samples: dict[str, str] = field(default_factory=dict[str, str])
    helpers: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    extras: dict[str, str] = field(default_factory=dict[str, str])
    shapes: dict[str, str] = field(default_factory=dict[str, str])
    plain: bool = False
    known: frozenset[str] = frozenset()
    indicators: dict[tuple[Expr, str], tuple[str, list[str]]] | None = None

    def extra(self, wanted: str) -> str:
        """Return the name of a quantity that the program has for itself: `wanted`, or one like it."""
        if wanted not in self.extras:
            self.extras[wanted] = unused(wanted, self.taken | frozenset(self.extras.values()))
        return self.extras[wanted]


@record
class Frame:
    """Where an expression stands: inside loops over some index variables, vectorised over others.

    Lines that have to run before the statement are collected in `before`; None means that there is no place for any.
    `locals` are the local variables in use.
    """

    over: tuple[Binder, ...] = ()
    before: list[str] | None = None
    locals: list[str] = field(default_factory=list[str])

    def with_over(self, over: tuple[Binder, ...]) -> Frame:
        """Return the frame of an inner expression that is vectorised over `over`."""
        return replace(self, over=over)

    def fresh(self, wanted: str, scope: Scope) -> str:
        """Return a name for a local variable, and keep it."""
        name = unused(wanted, scope.taken | frozenset(scope.extras.values()) | frozenset(self.locals))
        self.locals.append(name)
        return name


def depends(expr: Expr, frame: Frame) -> bool:
    """Tell whether `expr` mentions an index variable that is vectorised."""
    return bool(frame.over) and not free_indices(expr).isdisjoint(binder.var for binder in frame.over)
