"""What the passes over statements share: symbols under way, the index variables in scope, and how errors stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from hiercomp.diagnostics import Diagnostic, Diagnostics
from hiercomp.expr import Elem
from hiercomp.model.axes import Axes
from hiercomp.model.binding import Binding, Datum
from hiercomp.model.draft import Draft, NameUse
from hiercomp.model.ir import Role, Support
from hiercomp.model.letters import Reader
from hiercomp.records import record, state
from hiercomp.source import Span
from hiercomp.syntax.ast import Expr as Ast

type Interval = tuple[float, float]

WHOLE_LINE: Interval = (float("-inf"), float("inf"))


MOST_ERRORS = 100


def enough(diagnostics: Diagnostics, span: Span | None) -> bool:
    """Say whether there are so many errors that more would not help; the first time this is reported itself (H41)."""
    if diagnostics.error_count < MOST_ERRORS:
        return False
    if diagnostics.error_count == MOST_ERRORS:
        message = f"more than {MOST_ERRORS} errors; the rest of the model was not looked at"
        diagnostics.add(
            Diagnostic("H41", message, span, "fewer errors", f"{MOST_ERRORS} and more", "mend those above first")
        )
    return True


class Refused(Exception):  # noqa: N818  (a signal inside the passes, never shown)
    """The statement cannot be looked at further; what there is to say has been said."""


@state
class Sym:
    """A symbol under way. `axes` are nodes; None where only the right side can tell (`theta = mu + tau * eta`).

    `event_rank` of the last axes belong to its distribution's event, or to the space that it lies in.
    `open` marks known data of which nothing is bound: its rank may still grow, as long as it was only looked at once.
    """

    name: str
    role: Role
    why: str
    use: NameUse
    axes: list[str] | None
    elem: Elem = "real"
    datum: Datum | None = None
    event_rank: int = 0
    open: bool = False
    looks: int = 0
    support: Support = field(default_factory=Support)
    linear: bool = True
    referenced: bool = False
    span: Span | None = None

    @property
    def random(self) -> bool:
        return self.role in (Role.PARAMETER, Role.DERIVED, Role.PREDICTION, Role.SUMMED) or self.gaps

    @property
    def gaps(self) -> bool:
        """Whether some of its values are missing in the data, and so unknown."""
        return self.datum is not None and bool(self.datum.missing)


@record
class Reach:
    """What an index variable runs over in a statement: the node of its set, and the part of it that is stated.

    Over a group, it runs over the places of the group in the list `member`, which has what it stands for. `moving`:
    the part depends on another index.
    """

    node: str
    lo: Ast | None = None
    hi: Ast | None = None
    span: Span | None = None
    member: str = ""
    moving: bool = False


@record
class BoundCheck:
    """A subscript to be checked once sizes are known: from `lo` to `hi`, counted from 1.

    `hi` None is the end of the index set, plus `past`; of the set `within`, where that is given. `datum` are the
    subscripts where data hold them, none of which is less than `lo`, or than 1; `less` is the node of an index set
    whose length goes off `lo`. `whole`: the set has to end at `hi`.
    """

    node: str
    lo: int | None
    hi: int | None
    past: int
    span: Span | None
    words: str
    datum: Datum | None = None
    less: str = ""
    within: str = ""
    whole: bool = False


@state
class Context:
    """The state of the passes over one model's statements.

    `letters`: the nodes of letters whose meaning the spec states; `ambiguous`: those it states several of.
    `order`: the numbers of the statements, what is needed first; `places`: the names as the text mentions them.
    `intervals`: where the values of each name lie. `factors`: columns of text that pick elements, with the node of the
    set they pick from. `lowered`: names some statement of which is resolved. `reduced`: what comprehensions run over.
    `continued`: ranges that others go on from, and where these end (see `hiercomp.model.ranges.continued`).
    `soft`: there are soft constraints, so that it matters what is linear. `groups`: by the name that lists the members
    of groups, those of where each group begins and ends in the list; `picked`: the node of what the members are of.
    `picking`: by the name of an unknown that picks members of an index set, the node of that.
    `stops`: some names stop short of a size. `fixed`: unknowns some elements of which have a definition.
    `indicators`: by the names of data that say where a column has a text, the column and the text.
    `firsts`: by name and axis, what the spec counts from where that is not 1.
    `columns`: what the columns of the matrices that the spec designs are called.
    """

    draft: Draft
    reader: Reader
    binding: Binding
    axes: Axes
    diagnostics: Diagnostics
    symbols: dict[str, Sym]
    faulty: set[str]
    letters: Mapping[str, str]
    ambiguous: set[str]
    order: list[int]
    places: dict[str, int] = field(default_factory=dict[str, int])
    intervals: dict[str, Interval] = field(default_factory=dict[str, Interval])
    factors: dict[str, str] = field(default_factory=dict[str, str])
    bounds_to_check: list[BoundCheck] = field(default_factory=list[BoundCheck])
    lowered: set[str] = field(default_factory=set[str])
    reduced: list[str] = field(default_factory=list[str])
    continued: Mapping[tuple[str, str], Ast] = field(default_factory=dict[tuple[str, str], Ast])
    soft: bool = False
    groups: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    picked: dict[str, str] = field(default_factory=dict[str, str])
    picking: dict[str, str] = field(default_factory=dict[str, str])
    fixed: frozenset[str] = frozenset()
    supports: dict[str, Support] = field(default_factory=dict[str, Support])
    indicators: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    firsts: Mapping[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])
    stops: bool = False
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def failed(self) -> bool:
        """Whether there is an error in this model."""
        return self.diagnostics.error_count > 0

    def refuse(self, diagnostic: Diagnostic) -> Refused:
        self.diagnostics.add(diagnostic)
        return Refused()
