"""The plan: a model in the order and the pieces that any backend prints. Indices stay symbolic: whether a statement
becomes a loop, a vector expression or a broadcast is the backend's affair; what is computed when is decided here."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Literal

from hiercomp.expr import Binder, Elem, Expr, Ref
from hiercomp.model.ir import Dist, IndexSet, Support
from hiercomp.records import record
from hiercomp.source import Span


class Stage(StrEnum):
    """When a quantity can be computed: once from data, at every evaluation, or only for kept draws."""

    DATA = "data"
    PARAMETER = "parameter"
    GENERATED = "generated"


@record
class Origin:
    """Where a step comes from. `section` is the spec's heading, `note` its note, `reading` what convention was used
    (``Gamma(shape = 2, rate = 0.1)``, only where conventions differ or defaults were filled in), `text` the statement.
    `remarks` are what the passes did to it, for people."""

    label: str
    section: str = ""
    note: str = ""
    reading: str = ""
    text: str = ""
    remarks: tuple[str, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class DataItem:
    """A datum, or a size (`size_of` names the index set). `support` bounds become constraints that validate.
    `event_rank` trailing axes belong to the event of its distribution."""

    name: str
    elem: Elem
    axes: tuple[str, ...]
    support: Support
    observed: bool
    origin: Origin
    size_of: str = ""
    event_rank: int = 0


@record
class ParamItem:
    """An unknown that is sampled. `event_rank` trailing axes belong to the event.

    `binders` bind the index variables that its bounds mention: one for each leading axis, in order.
    """

    name: str
    axes: tuple[str, ...]
    event_rank: int
    support: Support
    origin: Origin
    binders: tuple[Binder, ...] = ()


@record
class DefineStep:
    """``name[subs] = value`` for all binders; the name has the axes given. Where one name is defined over several
    ranges, there are several steps, adjacent, in dependency order; `first` marks the one that declares it.

    `turn` is the index variable along which elements need earlier ones, empty where none do. Names that need each
    other's earlier elements have the steps of all of them adjacent, and the last of these steps, those with a `cycle`
    (the names), run together: all of them at one position of their `turn`, then at the next; its range is the same.
    """

    name: str
    axes: tuple[str, ...]
    elem: Elem
    support: Support
    subs: tuple[Expr, ...]
    binders: tuple[Binder, ...]
    value: Expr
    stage: Stage
    first: bool
    origin: Origin
    turn: str = ""
    cycle: tuple[str, ...] = ()


@record
class Predictor:
    """What a row's mean has of one coefficient: `coefficient` times `feature`, which is of data alone; without a
    coefficient it is the feature. With `binder` they are one for each member of a set, and may mention its variable."""

    coefficient: Expr | None
    feature: Expr
    binder: Binder | None = None


@record
class Linear:
    """A mean that is linear in unknowns: the sum of `predictors`, and of `offset`, which is of data alone.

    Coefficients may differ between groups of rows: `group` picks the group of a row, and `members` binds the variable
    that coefficients mention.
    """

    predictors: tuple[Predictor, ...]
    offset: Expr | None = None
    group: Expr | None = None
    members: Binder | None = None


@record
class Effect:
    """A coefficient of groups: `location`, and `scale` times the group's element of `standard`, which is Normal(0, 1).
    Location and scale are the same for all groups."""

    location: Expr
    scale: Expr
    standard: Expr


@record
class LeastSquares:
    """A Normal likelihood of rows whose mean is linear in unknowns and whose sd, `scale`, is the same for all of them.

    Rows enter it by their sums of squares and products alone, so that as few rows with the same sums will do: in each
    group as many as there are predictors, and one more for the observations.

    `orthogonal`: in the data that are bound, the products of different predictors sum to zero in each group, as they do
    where groups are observed at the same times about their mean. Rows then have one coefficient each.

    With `effects` (at most two, one for each predictor) all squares and products can be summed before they are scaled
    and shifted, and in the data that are bound few digits are lost in that. `indicator`: there, the second predictor is
    1 or 0 where the first one is 1, so that its square is its product with the first one.
    """

    mean: Linear
    scale: Expr
    orthogonal: bool = False
    effects: tuple[Effect, ...] = ()
    indicator: bool = False


@record
class Regression:
    """A likelihood of rows whose location, on the scale of the link, is `rest` and what is `linear` in coefficients
    that all rows share; without predictors it is `rest` alone. `parameter` is the catalogue's name of the location.

    With `counted` predictors are whole numbers and nothing else differs between rows, so that equal rows are many and
    their number, and the sum of their observations, are enough.
    """

    parameter: str
    linear: Linear
    rest: Expr | None
    counted: bool = False


@record
class TwoNormals:
    """A likelihood of rows that are mixtures of two Normal distributions, the same for all rows.

    The log odds of the components are quadratic in the observation.
    """

    weight: Expr
    means: tuple[Expr, Expr]
    scales: tuple[Expr, Expr]


@record
class ByPrecision:
    """Normal elements, each with its `mean`, that share a `precision`: Stan needs neither its root nor the sd's."""

    mean: Expr
    precision: Expr


type Form = LeastSquares | Regression | TwoNormals | ByPrecision


@record
class TermStep:
    """``lhs ~ dist`` for all binders. `kind`: prior of a parameter, likelihood of observed data, or a soft constraint
    on an expression. `constant_normaliser`: a truncation's normaliser does not depend on unknowns.

    `form` is another form of the sum over all binders, which costs less than the sum of its terms.
    """

    lhs: Expr
    dist: Dist
    cases: tuple[tuple[Expr, Dist], ...]
    binders: tuple[Binder, ...]
    kind: Literal["prior", "likelihood", "soft"]
    constant_normaliser: bool
    origin: Origin
    form: Form | None = None


@record
class AddStep:
    """``log_density += value``, summed over the binders."""

    value: Expr
    binders: tuple[Binder, ...]
    origin: Origin


@record
class PredictStep:
    """A random quantity that is only drawn, in generated quantities: a prediction, or ``y_rep`` of observed ``y``
    (`of` is then ``y``; the name is ``y_rep`` when the model observes one name, ``y_rep_NAME`` when several).

    ``name[subs] ~ dist`` for all binders; where one name is drawn piece by piece, there are several steps.
    """

    name: str
    of: str
    axes: tuple[str, ...]
    elem: Elem
    dist: Dist
    cases: tuple[tuple[Expr, Dist], ...]
    binders: tuple[Binder, ...]
    origin: Origin
    subs: tuple[Expr, ...] = ()
    event_rank: int = 0


@record
class LogLikStep:
    """The pointwise log-likelihood of the observed term with this label: ``log_lik`` when there is one, else
    ``log_lik_NAME``."""

    name: str
    term: TermStep
    axes: tuple[str, ...]


@record
class Plan:
    """`defines` are in dependency order, all stages together; `terms` are in the order of the spec.

    `generated` has the definitions of stage ``generated`` and the predictions once more, in an order in which they can
    be computed one after the other. `plain` is the model's.
    """

    model: str
    title: str
    note: str
    source_name: str
    index_sets: tuple[IndexSet, ...]
    data: tuple[DataItem, ...]
    params: tuple[ParamItem, ...]
    defines: tuple[DefineStep, ...]
    terms: tuple[TermStep | AddStep, ...]
    predictions: tuple[PredictStep, ...]
    log_lik: tuple[LogLikStep, ...]
    settings: tuple[tuple[str, int | float], ...] = ()
    generated: tuple[DefineStep | PredictStep, ...] = ()
    plain: bool = False

    def computed_outcomes(self) -> list[str]:
        """Return the names that have a distribution and are computed from data."""
        likely = [step.lhs for step in self.terms if isinstance(step, TermStep) and step.kind == "likelihood"]
        data = {item.name for item in self.data}
        return list(dict.fromkeys(lhs.name for lhs in likely if isinstance(lhs, Ref) and lhs.name not in data))

    def index_set(self, name: str) -> IndexSet:
        for item in self.index_sets:
            if item.name == name:
                return item
        raise KeyError(name)
