"""The resolved model: every name with its role, index sets and support, every statement with its one meaning.

Values of bound data are plain nested tuples (row first) of int, float or str: building must not pay for NumPy.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Any, Literal

from hiercomp.catalog.schema import Shape
from hiercomp.expr import Binder, Elem, Expr
from hiercomp.records import record
from hiercomp.source import Span

type Value = int | float | str | tuple[Value, ...]


class Role(StrEnum):
    DATA = "data"
    OBSERVED = "observed"
    PARAMETER = "parameter"
    DERIVED = "derived"
    CONSTANT = "constant"
    PREDICTION = "prediction"
    SUMMED = "summed out"


@record
class IndexSet:
    """What a letter ranges over.

    `name` is the spec's (``schools``) or, where it has none, the letter (``i``) or the name and axis it belongs to
    (``delta_dim_0``). `size_name` is the name of the integer that holds its length (``N`` for ``1..N``, else
    ``N_schools``). `size` is None when only data can tell (`length` is then known once data is bound); `labels` come
    from a data column named like the set, else are None and positions 1..N serve.
    """

    name: str
    size_name: str
    size: Expr | None = None
    length: int | None = None
    labels: tuple[str, ...] | None = None
    why: str = ""


@record
class Support:
    """Where values lie; bounds are expressions (of data, constants and other unknowns). `shape` names the constrained
    space of an event with axes of its own."""

    lower: Expr | None = None
    upper: Expr | None = None
    shape: Shape = ""


@record
class Symbol:
    """A name with everything inferred about it. `event_rank` trailing axes belong to the distribution's own event."""

    name: str
    role: Role
    axes: tuple[str, ...]
    elem: Elem
    support: Support
    why: str
    event_rank: int = 0
    value: Value | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Censoring:
    """What an observation says where it is not exact. Bounds are scalars of data and constants, one per observation.

    With ``limits`` a value at `upper` or beyond counts as P(Y >= upper), one at `lower` or below as P(Y <= lower). With
    ``interval`` the observation is the lower end of what is known: where `upper` lies above it the value is somewhere
    in between, (observation, upper], where the two are equal it is exact.
    """

    kind: Literal["limits", "interval"]
    lower: Expr | None = None
    upper: Expr | None = None


@record
class Part:
    """A component of a mixture and its weight (a probability, on its own scale). With `binder` it stands for a
    component for every member of a set, and `weight` and the component mention its variable."""

    weight: Expr
    dist: Dist
    binder: Binder | None = None


@record
class Dist:
    """A catalogue row with its canonical arguments. `written` is the reading shown to people, built from the spec's own
    arguments with the names of the signature used: ``Gamma(shape = 2, rate = 0.1)``.

    A mixture (the rows ``Mixture`` and ``Discrete-Mixture``) has `parts` and no arguments. A hidden Markov chain
    (``HMM`` and ``Discrete-HMM``) has a part of weight 1 for each state beside its `transition` and, if anything is
    said of the first state, `initial`; `along` binds the position in the series, which parts may mention. `censored`
    says what observations at a limit count for; `weight` is how often an observation counts: its log density is
    multiplied by it.
    """

    row: str
    args: tuple[tuple[str, Expr], ...]
    written: str
    lower: Expr | None = None
    upper: Expr | None = None
    span: Span | None = field(default=None, compare=False, repr=False)
    parts: tuple[Part, ...] = ()
    censored: Censoring | None = None
    weight: Expr | None = None
    along: Binder | None = None

    @property
    def truncated(self) -> bool:
        return self.lower is not None or self.upper is not None

    @property
    def compound(self) -> bool:
        """Whether the density is more than a call of a row's own function."""
        return bool(self.parts) or self.censored is not None or self.weight is not None


@record
class Common:
    """What every statement carries. `label` is unique in the model and names the statement's term (``y``, ``mu``,
    ``log_density_1``); `text` is the statement as the spec wrote it, without its note, on one line."""

    label: str
    binders: tuple[Binder, ...]
    section: str = ""
    note: str = ""
    text: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class RandomStmt:
    """``lhs ~ dist``; `cases` are (condition on data, dist) pairs before the `dist` that holds otherwise.

    `lhs` is a `Ref` for a random quantity, any other expression for a soft constraint.
    """

    common: Common
    lhs: Expr
    dist: Dist
    cases: tuple[tuple[Expr, Dist], ...] = ()
    centering: Literal["", "centered", "non-centered"] = ""


@record
class DefineStmt:
    """``name[subs] = value``. Links are undone already (`log(x) = e` is `x = exp(e)`); `smoothly` is already blended:
    its weight is a definition of its own, ``NAME_weight``, that stands before."""

    common: Common
    name: str
    subs: tuple[Expr, ...]
    value: Expr


@record
class AddStmt:
    """``log_density += value``, summed over the binders."""

    common: Common
    value: Expr


type Stmt = RandomStmt | DefineStmt | AddStmt


@record
class Member:
    """A statement whose density depends on an element of a discrete unknown. In `stmt` the derived quantities between
    them are written out. `subs` is the element: index variables of the statement, or a column that picks it; nothing
    where there is one for all. Where a column picks, `segment` names the data that list the observations of every
    element, one after the other, and where those of each begin and end, if data are bound.
    """

    stmt: RandomStmt
    subs: tuple[Expr, ...]
    segment: tuple[str, str, str] | None = None


@record
class Latent:
    """A discrete unknown (its role is ``summed out``), with what its elements are summed out of.

    Its values are as many whole numbers as the index set `values` has members, from `first` on.
    """

    name: str
    prior: RandomStmt
    values: str
    first: int
    members: tuple[Member, ...]


@record
class Model:
    """A resolved model. `order` lists the indices of `statements` so that what a definition needs comes before it;
    `statements` themselves are in the order of the spec. `settings` are those of ``fit:``. `plain` programs have each
    likelihood as it is stated, whatever it costs."""

    name: str
    title: str
    note: str
    source_name: str
    index_sets: tuple[IndexSet, ...]
    symbols: tuple[Symbol, ...]
    statements: tuple[Stmt, ...]
    order: tuple[int, ...]
    bound: bool
    settings: tuple[tuple[str, int | float], ...] = ()
    dropped: tuple[str, ...] = ()
    extends: str = ""
    latent: tuple[Latent, ...] = ()
    plain: bool = False

    # A replaced model may share these with the one it was made from, so each says what it was built of.
    _found: dict[int, tuple[object, dict[str, Any]]] = field(
        default_factory=dict[int, tuple[object, dict[str, Any]]], compare=False, repr=False
    )

    def symbol(self, name: str) -> Symbol:
        """Return the symbol called `name`; `KeyError` where there is none."""
        return self._by_name(self.symbols)[name]

    def index_set(self, name: str) -> IndexSet:
        """Return the index set called `name`; `KeyError` where there is none."""
        return self._by_name(self.index_sets)[name]

    def _by_name(self, items: tuple[Symbol, ...] | tuple[IndexSet, ...]) -> dict[str, Any]:
        known = self._found.get(id(items))
        if known is None or known[0] is not items:
            known = self._found[id(items)] = (items, {item.name: item for item in items})
        return known[1]

    def data(self) -> dict[str, Value]:
        """Return the bound values of all data and observed names, and of the sizes that data decided."""
        values: dict[str, Value] = {item.name: item.value for item in self.symbols if item.value is not None}
        for item in self.index_sets:
            if item.length is not None and item.size_name not in values:
                values[item.size_name] = item.length
        return values
