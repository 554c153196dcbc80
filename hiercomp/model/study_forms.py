"""The forms in which a study lays out its design, and the steps that they and its other statements become."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import field

from hiercomp.diagnostics import Diagnostics
from hiercomp.model import study_faults as faults
from hiercomp.records import record, replace
from hiercomp.source import Span
from hiercomp.syntax.ast import Apply, Arg, Define, Name, Number, Random, Range, Statement


@record
class Amount:
    """A whole number that the study states, or the name of one (a number of the study, or given from outside)."""

    value: int | str
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Factor:
    """``llm_j = crossed(6)``: a factor with numbered levels, or with those named in ``crossed(plain, expert)``."""

    name: str
    levels: Amount | tuple[str, ...]


@record
class Crossing:
    """All factors of one index: every combination of their levels once, the last factor's running fastest."""

    letter: str
    factors: tuple[Factor, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Units:
    """``cell_m = each(j, 20)``: so many units `letter` for each `of`, whose number is kept under `name`."""

    name: str
    letter: str
    of: str
    times: Amount
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Subsets:
    """``choices_m ~ Subset(R, 2, 4)``: for each unit a set of ``least..most`` of ``1..members``, every size as likely
    as every other and every set of one size as every other. `count` says how many, where no other step does."""

    name: str
    letter: str
    members: Amount
    least: Amount
    most: Amount
    count: Amount | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Ordinary:
    """Statements as in a model, each with the name it gives a value: distributions to draw from, definitions."""

    statements: tuple[tuple[str, Statement], ...]
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name, _ in self.statements))

    def without(self, names: Collection[str]) -> Ordinary:
        """Return what is left when these names need no statement."""
        return replace(self, statements=tuple(item for item in self.statements if item[0] not in names))


type Design = Crossing | Units | Subsets
type Step = Design | Ordinary


def names_of(step: Design) -> tuple[str, ...]:
    """Return the names that a step of the design gives values."""
    return tuple(factor.name for factor in step.factors) if isinstance(step, Crossing) else (step.name,)


def design_call(statement: Statement) -> Apply | None:
    """Return the call of a statement that lays out the design."""
    match statement:
        case Define(link="", pieces=(piece,)):
            call, known = piece.value, ("crossed", "each")
        case Random(pieces=(piece,)):
            call, known = piece.dist, ("Subset", "subset")
        case _:
            return None
    return call if isinstance(call, Apply) and call.func in known else None


def levels_of(call: Apply, diagnostics: Diagnostics) -> Amount | tuple[str, ...] | None:
    """Return how many levels ``crossed`` says a factor has, or which; None after H100."""
    values = [arg.value for arg in call.args if arg.name is None]
    if len(values) == len(call.args) == 1 and (amount := _amount(values[0])) is not None:
        return amount
    names = [value.ident for value in values if isinstance(value, Name) and not value.subs]
    if 2 <= len(names) == len(call.args) == len(set(names)):
        return tuple(names)
    diagnostics.add(faults.arguments(call, "`crossed(6)`, or the names of the levels, as in `crossed(plain, expert)`"))
    return None


def units_or_subsets(
    name: str, letter: str, call: Apply, statement: Statement, diagnostics: Diagnostics
) -> Units | Subsets | None:
    """Return the step that ``each`` or ``Subset`` stands for; None after H100."""
    if call.func == "each":
        given = _given(call.args, ("of", "times"))
        of, times = given.get("of"), _amount(given.get("times"))
        if len(given) == len(call.args) == 2 and isinstance(of, Name) and not of.subs and times is not None:
            return Units(name, letter, of.ident, times, statement.span)
        diagnostics.add(faults.arguments(call, "an index and a number: `each(j, 20)`, or `each(of = j, times = 20)`"))
        return None
    given = _given(call.args, ("of", "least", "most"))
    members, least, most = (_amount(given.get(word)) for word in ("of", "least", "most"))
    if len(given) != len(call.args) or members is None or least is None or (most is None and "most" in given):
        wanted = "how many there are to choose from, the least and the most to choose: `Subset(R, 2, 4)`"
        diagnostics.add(faults.arguments(call, wanted))
        return None
    count = None
    for binder in statement.clauses.binders:
        if binder.var == letter and isinstance(binder.domain, Range):
            count = _amount(binder.domain.hi)
    return Subsets(name, letter, members, least, most or least, count, statement.span)


def _given(args: Iterable[Arg], names: tuple[str, ...]) -> dict[str, object]:
    found: dict[str, object] = {}
    for place, arg in enumerate(args):
        name = arg.name or (names[place] if place < len(names) else "")
        if name in names:
            found.setdefault(name, arg.value)
    return found


def _amount(node: object) -> Amount | None:
    match node:
        case Number(value=int(value)) if value >= 0:
            return Amount(value, node.span)
        case Name(ident=ident, subs=()):
            return Amount(ident, node.span)
        case _:
            return None
