"""What the emission of one model knows: its names, their axes, and what the text has used so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from hiercomp.backends.printing import Code
from hiercomp.backends.pymc import naming
from hiercomp.backends.pymc.arrays import Array
from hiercomp.diagnostics import Diagnostic
from hiercomp.expr import Binder, Elem, Expr, Ref
from hiercomp.model.ir import IndexSet
from hiercomp.plan.ir import DefineStep, Plan, Stage
from hiercomp.records import record, state
from hiercomp.source import Span

if TYPE_CHECKING:
    from hiercomp.backends.pymc.forms import Statement

_MODULES = {"np", "pm", "pt", "special"}


TAKE_STAN = "build the Stan program alone (`--backend stan`)"


class CannotEmit(Exception):  # noqa: N818 - it is not an error of the program's own
    """One statement that has no PyMC form; the other statements are still looked at."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.message)


@record
class Symbol:
    """A name of the plan: its index sets, what it holds, and whether it depends on unknowns."""

    axes: tuple[str, ...]
    elem: Elem
    random: bool
    datum: bool = False


@record
class Segments:
    """Variables about groups in a row: the group of every member and its place in the list of all members, and the
    functions that give the log probability of what is picked in each group and draw it."""

    group: str
    place: str
    logp: str
    draw: str


@state
class Scope:
    """`variables` are Python's names, `strings` PyMC's, `dims` those of the axes; `derived` names have definitions.

    Filled on the way: `used` names (spec), `positions` (data used as an index, with the index sets selected from),
    `modules` (np, pm, pt, special), whether data are read (`reads`), the transforms of unknown matrices
    (`matrices`), `taken`, names that the model has no room for, and
    `groups`: by the names of where groups begin and end, those of the padded array of their members' positions and of
    the one that says which are members. `helpers` are functions of our own that the module turns out to need.
    `defined`: the definitions by their names, once asked for.
    `picked`: by the code of where groups begin and end, the `Segments` of them; `picks`: where members are picked.
    `extras` are the variables of the module's own, by what they would be called if nothing else were; `prepared`
    computes them, once from data; `pointwise`: some likelihoods have a form without a density for each observation.
    `samples`: by the names of variables of the model that are sampled in the place of an unknown, the unknown.
    """

    plan: Plan
    symbols: dict[str, Symbol]
    sets: dict[str, IndexSet]
    variables: dict[str, str]
    strings: dict[str, str]
    dims: dict[str, str]
    taken: set[str]
    derived: frozenset[str]
    position_names: dict[str, str]
    used: set[str] = field(default_factory=set[str])
    positions: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    modules: set[str] = field(default_factory=set[str])
    reads: bool = False
    matrices: set[str] = field(default_factory=set[str])
    groups: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict[tuple[str, str], tuple[str, str]])
    helpers: dict[str, str] = field(default_factory=dict[str, str])
    defined: dict[str, list[DefineStep]] = field(default_factory=dict[str, list[DefineStep]])
    picked: dict[tuple[str, str], Segments] = field(default_factory=dict[tuple[str, str], Segments])
    picks: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    extras: dict[str, str] = field(default_factory=dict[str, str])
    prepared: list[Statement] = field(default_factory=list["Statement"])
    pointwise: bool = False
    samples: dict[str, str] = field(default_factory=dict[str, str])

    def definitions(self, name: str) -> list[DefineStep]:
        """Return the steps that define a name."""
        if not self.defined:
            for step in self.plan.defines:
                self.defined.setdefault(step.name, []).append(step)
        return self.defined.get(name, [])

    def function(self, name: str) -> str:
        """Return the name of a target function as the module calls it, and see to its import."""
        name = name.replace("scipy.special.", "special.")
        root = name.split(".")[0]
        if root in _MODULES:
            self.modules.add(root)
        return name

    def size(self, name: str) -> Code:
        """Return code for the length of an index set."""
        size_name = self.sets[name].size_name
        self.used.add(size_name)
        return Code(self.variables[size_name])

    def position(self, name: str, selected_from: str) -> str:
        """Return the variable that holds the datum `name` counted from 0."""
        self.positions.setdefault(name, set()).add(selected_from)
        return self.position_names[name]

    def group(self, first: str, final: str) -> tuple[str, str]:
        """Return the variables of the padded positions of groups' members, and of which of them are members."""
        if (first, final) not in self.groups:
            taken = self._variables()
            stem = self.variables[first].removesuffix("_first")
            found = naming.unused(f"{stem}_at", taken), naming.unused(f"{stem}_in", taken)
            self.groups[first, final] = found
        return self.groups[first, final]

    def segments(self, stem: str, first: str, final: str, *, picks: bool) -> Segments:
        """Return the variables about groups that begin and end where `first` and `final` say, positions from 0.

        `picks`: those that pick members are needed too.
        """
        if picks:
            self.picks.add((first, final))
        if (first, final) not in self.picked:
            taken = self._variables()
            words = ("group", "place", "logp", "draw")
            self.picked[first, final] = Segments(*(naming.unused(f"{stem}_{word}", taken) for word in words))
            self.modules |= {"np", "pt"}
        return self.picked[first, final]

    def extra(self, wanted: str) -> str:
        """Return the name of a variable of the module's own: `wanted`, or one like it."""
        if wanted not in self.extras:
            self.extras[wanted] = naming.unused(wanted, self._variables())
        return self.extras[wanted]

    def sampled(self, name: str) -> tuple[str, str]:
        """Return names for what is sampled in the place of an unknown: the module's variable and the model's."""
        variable = self.extra(f"{self.variables[name]}_raw")
        string = self.string(f"{name}_raw")
        self.samples[string] = name
        return variable, string

    def _variables(self) -> set[str]:
        """Return the names that variables of the module have so far."""
        taken = {*self.variables.values(), *self.position_names.values(), *self.taken}
        taken |= {name for pair in self.groups.values() for name in pair} | {*self.extras.values()}
        taken |= {name for made in self.picked.values() for name in (made.group, made.place, made.logp, made.draw)}
        return taken

    def is_size(self, expr: Expr | None, name: str) -> bool:
        """Say whether `expr` is how long the index set `name` is."""
        item = self.sets[name]
        return expr is not None and (expr == item.size or (isinstance(expr, Ref) and expr.name == item.size_name))

    def is_size_item(self, item: IndexSet) -> bool:
        """Say whether the size of an index set is an integer of its own, which data decide."""
        return item.size is None or (isinstance(item.size, Ref) and item.size.name == item.size_name)

    def string(self, label: str) -> str:
        """Return a new name for a variable of the model, as near to `label` as can be."""
        name = naming.model_names((label,))[label]
        if name in self.taken:
            name = naming.unused(f"{name}_term", self.taken)
        self.taken.add(name)
        return name


def make_scope(plan: Plan) -> Scope:
    """Return the scope of a plan, with all names settled."""
    symbols: dict[str, Symbol] = {}
    for item in plan.data:
        symbols[item.name] = Symbol(item.axes, item.elem, random=False, datum=True)
    for item in plan.params:
        symbols[item.name] = Symbol(item.axes, "real", random=True)
    for step in plan.defines:
        symbols.setdefault(step.name, Symbol(step.axes, step.elem, random=step.stage is not Stage.DATA))
    for step in plan.predictions:
        if not step.of:
            symbols[step.name] = Symbol(step.axes, step.elem, random=True)
    sets = {item.name: item for item in plan.index_sets}
    variables = naming.variables([*symbols, *(item.size_name for item in plan.index_sets)])
    observed = [item.name for item in plan.data if item.observed]
    observed += plan.computed_outcomes()
    strings = naming.model_names([*observed, *(name for name, symbol in symbols.items() if symbol.random)])
    taken = set(variables.values())
    positions: dict[str, str] = {}
    lengths = {item.size_name for item in plan.index_sets}
    for item in plan.data:
        if item.elem == "int" and item.name not in lengths:
            positions[item.name] = naming.unused(f"{variables[item.name]}_idx", taken)
            taken.add(positions[item.name])
    derived = frozenset(step.name for step in plan.defines)
    dims = naming.dims(sets, strings.values())
    return Scope(plan, symbols, sets, variables, strings, dims, {*strings.values(), *dims.values()}, derived, positions)


@record
class Site:
    """Where an expression stands: the model, and the index variables in force, in the order of their axes.

    `groups` has the positions, counted from 0, of index variables that run over groups of different sizes.
    `given` are the parameters of the function that it stands in, if it does.
    """

    scope: Scope
    binders: tuple[Binder, ...] = ()
    groups: Mapping[str, Array] = field(default_factory=dict[str, Array])
    given: Mapping[str, Array] = field(default_factory=dict[str, Array])

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(binder.var for binder in self.binders)

    @property
    def own(self) -> tuple[str, ...]:
        """The index variables with an axis of their own; others go along with one of these."""
        return tuple(var for var in self.order if var not in self.groups or self.groups[var].outer == (var,))

    def binder(self, var: str) -> Binder:
        for item in self.binders:
            if item.var == var:
                return item
        raise KeyError(var)

    def inside(self, binders: Iterable[Binder]) -> Site:
        """Return the site of a comprehension's body: its variables become further axes, and hide others."""
        added = tuple(binders)
        hidden = {binder.var for binder in added}
        groups = {var: places for var, places in self.groups.items() if var not in hidden}
        return Site(
            self.scope, (*(binder for binder in self.binders if binder.var not in hidden), *added), groups, self.given
        )

    def function(self, name: str) -> str:
        """Return the name of a target function as the module calls it, and see to its import."""
        return self.scope.function(name)


def refuse(code: str, message: str, span: Span | None, help_text: str = TAKE_STAN) -> CannotEmit:
    """Return the error that ends the emission of one statement."""
    text = " ".join(span.text.split())[:60] if span is not None else ""
    return CannotEmit(
        Diagnostic(code, message, span, "something that PyMC has", f"`{text}`" if text else "an expression", help_text)
    )
