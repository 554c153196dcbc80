"""Design matrices: ``design X = treatment(llm, prompt)`` computed from columns of the data, once, as plain numbers.

Factors are columns of text (or `factor(x)`, of whole numbers); their levels are in sorted order, as in R, pandas and
formulaic. Columns of numbers stand for themselves. The matrix has no intercept unless a term is ``1``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import fsum, sqrt

from hiercomp.data import Column
from hiercomp.data.faults import Place
from hiercomp.diagnostics import Diagnostic, Diagnostics
from hiercomp.model import surface
from hiercomp.model.binding import Binding
from hiercomp.model.near import NearNames, did_you_mean
from hiercomp.records import record
from hiercomp.source import Span
from hiercomp.syntax.ast import Apply, Arg, Binary, Coding, DesignDecl, Expr, Name, Number

MOST_CELLS = 10_000_000
_HIGHEST_POWER = 20

type Values = tuple[float, ...]


@record
class Columns:
    """Columns of a design: what each is called, and its values."""

    labels: tuple[str, ...]
    values: tuple[Values, ...]

    def times(self, other: Columns) -> Columns:
        """Return the products of each column with each of `other`, those of the first running fastest (as in R)."""
        labels = tuple(f"{one}:{two}" for two in other.labels for one in self.labels)
        values = tuple(
            tuple(x * y for x, y in zip(one, two, strict=True)) for two in other.values for one in self.values
        )
        return Columns(labels, values)


class _Refused(Exception):  # noqa: N818 - it only ends one design
    pass


def add_designs(
    designs: Iterable[DesignDecl], binding: Binding, diagnostics: Diagnostics
) -> dict[str, tuple[str, ...]]:
    """Add designs to bound data, the last one of each name, and return what their columns are called."""
    found: dict[str, tuple[str, ...]] = {}
    for design in {design.name: design for design in designs}.values():
        try:
            columns = _Designer(binding, diagnostics, design).columns()
        except _Refused:
            if design.name not in binding:
                binding.spoil(design.name)
            continue
        rows = tuple(zip(*columns.values, strict=True))
        whole = all(value == int(value) for row in rows for value in row)
        value = tuple(tuple(int(v) if whole else v for v in row) for row in rows)
        place = Place(f"the design {design.name}", lambda index, at=design.span: None if index else at)
        how = " ".join(design.span.text.split()) if design.span is not None else f"the design `{design.name}`"
        column = Column(design.name, value, (len(rows), len(columns.labels)), "int" if whole else "real", place)
        binding.add(column, how)
        found[design.name] = columns.labels
    return found


class _Designer:
    def __init__(self, binding: Binding, diagnostics: Diagnostics, design: DesignDecl) -> None:
        self.binding = binding
        self.diagnostics = diagnostics
        self.design = design
        self.referred: set[str] = set()

    def columns(self) -> Columns:
        """Return all columns, those of each coding in turn. H7 where lengths differ, H3 for a name that data have."""
        if self.design.name in self.binding:
            raise self._refuse(
                "H3", f"the design `{self.design.name}` is also a column of the data", self.design.span,
                "another name", f"`{self.design.name}` in {self.binding.files()}",
                f"give the design a name of its own: `design X_{self.design.name} = ...`",
            )  # fmt: skip
        parts = [part for coding in self.design.codings for part in self._coding(coding)]
        lengths = {len(values) for part in parts for values in part.values} - {-1}
        rows = max(lengths, default=0)
        if len(lengths - {0}) > 1:
            listed = " and ".join(str(length) for length in sorted(lengths - {0}))
            raise self._refuse(
                "H7", f"the columns of the design `{self.design.name}` have different lengths", self.design.span,
                "columns of one table", listed,
                "take columns that have a value in every row of one table",
            )  # fmt: skip
        parts = [_ones(rows) if part.labels == ("1",) else part for part in parts]
        labels = tuple(label for part in parts for label in part.labels)
        if len(labels) * rows > MOST_CELLS:
            raise self._refuse(
                "H41", f"the design `{self.design.name}` is too large", self.design.span, f"at most {MOST_CELLS} cells",
                f"{rows} rows and {len(labels)} columns",
                "pick a coefficient for each level with an index instead: `b[drug[n]]`",
            )  # fmt: skip
        if len(set(labels)) < len(labels):
            twice = next(label for label in labels if labels.count(label) > 1)
            raise self._refuse(
                "H3", f"the column `{twice}` is twice in the design `{self.design.name}`", self.design.span,
                "each term once", f"`{twice}` twice",
                f"leave out one of the terms that have `{twice}`; only `dummy` has a column for each level",
            )  # fmt: skip
        return Columns(labels, tuple(values for part in parts for values in part.values))

    def _coding(self, coding: Coding) -> list[Columns]:
        """Return the columns of each term. H9 where the reference is a level of no factor, or of several."""
        self.referred.clear()
        parts = [self._term(term, coding) for term in coding.terms]
        if coding.reference is not None and len(self.referred) != 1:
            listed = " and ".join(f"`{name}`" for name in sorted(self.referred))
            raise self._refuse(
                "H9", f"`{coding.reference}` is a level of {listed or 'no factor here'}", coding.span,
                "a level of one of the factors", f'reference = "{coding.reference}"',
                'factors with references of their own are coded apart: treatment(a, reference = "x") + treatment(b)',
            )  # fmt: skip
        return parts

    def _term(self, term: Sequence[Expr], coding: Coding) -> Columns:
        found = self._expr(term[0], coding)
        for factor in term[1:]:
            found = self._product(found, self._expr(factor, coding), coding)
        return found

    def _product(self, one: Columns, two: Columns, coding: Coding) -> Columns:
        if len(one.values[0]) != len(two.values[0]):
            raise self._refuse(
                "H7", "the factors of an interaction have different lengths", coding.span, "columns of one table",
                f"{len(one.values[0])} and {len(two.values[0])}",
                "take factors that have a value in every row of one table",
            )  # fmt: skip
        return one.times(two)

    def _expr(self, node: Expr, coding: Coding) -> Columns:
        match node:
            case Number(value=1):
                return _ones(0)
            case Name(subs=()):
                column = self._column(node)
                if column.elem == "str":
                    return self._coded(node.ident, column, coding, node.span)
                return Columns((node.ident,), (tuple(float(leaf) for leaf in column.leaves()),))
            case Apply(func="factor", args=(Arg(value=Name(subs=()) as name, name=None),)):
                return self._coded(name.ident, self._column(name), coding, node.span)
            case Apply(
                func="poly" | "powers" as func,
                args=(Arg(value=Name(subs=()) as name, name=None), Arg(value=Number(value=int(degree)), name=None)),
            ) if 1 <= degree <= _HIGHEST_POWER:
                return self._polynomial(func, name, degree)
            case Binary(op="*", left=left, right=right):
                one, two = self._expr(left, coding), self._expr(right, coding)
                both = self._product(one, two, coding)
                return Columns((*one.labels, *two.labels, *both.labels), (*one.values, *two.values, *both.values))
            case _:
                raise self._refuse(
                    "H9", f"`{surface.show(node)}` is no term of a design", node.span,
                    "a column, factor(x), poly(x, 3), powers(x, 3), an interaction a:b or a * b, or 1",
                    f"`{surface.show(node)}`", "compute other columns beforehand, in the data",
                )  # fmt: skip

    def _column(self, name: Name) -> Column:
        if name.ident not in self.binding:
            raise self._refuse(
                "H1", f"the data has no column `{name.ident}`", name.span, self.binding.columns(), f"`{name.ident}`",
                did_you_mean(NearNames(self.binding.names())(name.ident)),
            )  # fmt: skip
        datum = self.binding.use(name.ident, self.diagnostics, numbers=False)
        if datum is None:
            raise _Refused
        if len(datum.lengths) != 1:
            raise self._refuse(
                "H6", f"`{name.ident}` is no column", name.span, "one value for each row",
                f"{len(datum.lengths)} indices", "take a column of a table, or a list with a value for each row",
            )  # fmt: skip
        return datum.column

    def _coded(self, name: str, column: Column, coding: Coding, span: Span | None) -> Columns:
        leaves = list(column.leaves())
        levels = sorted(set(leaves)) if column.elem != "str" else sorted({str(leaf) for leaf in leaves})
        code = _CODINGS.get(coding.kind)
        if code is None:
            raise self._refuse(
                "H13", f"`{coding.kind}` is no coding of factors", coding.span, ", ".join(sorted(_CODINGS)),
                f"`{coding.kind}`", did_you_mean(NearNames(_CODINGS)(coding.kind))
                or "`treatment` compares the levels with a reference, `sum` with their mean, `dummy` has one for each",
            )  # fmt: skip
        words = [str(level) for level in levels]
        if len(levels) < 2 and coding.kind != "dummy":
            raise self._refuse("H9", f"`{name}` has one level only", span, "two levels or more", ", ".join(words),
                               f"leave `{name}` out: what is the same in every row is the intercept")  # fmt: skip
        at = 0 if coding.kind == "treatment" else len(words) - 1
        if coding.reference in words:
            at = words.index(coding.reference)
            self.referred.add(name)
        place = {level: number for number, level in enumerate(levels)}
        numbers = [place[leaf] for leaf in leaves]
        kept = [k for k in range(len(words)) if k != at or coding.kind == "dummy"]
        values = tuple(tuple(code(number, k, at) for number in numbers) for k in kept)
        return Columns(tuple(f"{name}[{words[k]}]" for k in kept), values)

    def _polynomial(self, func: str, name: Name, degree: int) -> Columns:
        column = self._column(name)
        if column.elem == "str":
            raise self._refuse(
                "H9", f"`{name.ident}` is text", name.span, "a column of numbers", "text",
                f"code its levels instead: `treatment({name.ident})`",
            )  # fmt: skip
        x = [float(leaf) for leaf in column.leaves()]
        labels = tuple(f"{func}({name.ident})[{k}]" for k in range(1, degree + 1))
        if func == "powers":
            return Columns(labels, tuple(tuple(value**k for value in x) for k in range(1, degree + 1)))
        if len(set(x)) <= degree:
            raise self._refuse(
                "H9", f"`{name.ident}` has too few different values for a polynomial of degree {degree}", name.span,
                f"more than {degree}", f"{len(set(x))}", f"take a degree of {max(len(set(x)) - 1, 1)} or less",
            )  # fmt: skip
        return Columns(labels, orthogonal(x, degree))

    def _refuse(self, code: str, message: str, span: Span | None, expected: str, found: str, advice: str) -> _Refused:
        self.diagnostics.add(Diagnostic(code, message, span or self.design.span, expected, found, advice))
        return _Refused()


def _ones(rows: int) -> Columns:
    return Columns(("1",), ((1.0,) * rows,))


def orthogonal(x: Sequence[float], degree: int) -> tuple[Values, ...]:
    """Return the polynomials of `x` of the degrees 1 to `degree`: orthogonal to each other and to a constant, of unit
    length, rising at their highest power, as R's `poly`. By the three-term recurrence of Forsythe (1957)."""
    centre = fsum(x) / len(x)
    shifted = [value - centre for value in x]
    before, now = [0.0] * len(x), [1.0] * len(x)
    norm_before, norm = 1.0, float(len(x))
    found: list[Values] = []
    for step in range(degree):
        alpha = fsum(value * p * p for value, p in zip(shifted, now, strict=True)) / norm
        beta = norm / norm_before if step else 0.0
        following = [(value - alpha) * p - beta * q for value, p, q in zip(shifted, now, before, strict=True)]
        before, now = now, following
        norm_before, norm = norm, fsum(p * p for p in now)
        found.append(tuple(p / sqrt(norm) for p in now))
    return tuple(found)


def _treatment(level: int, column: int, reference: int) -> float:  # noqa: ARG001
    return float(level == column)


def _sum(level: int, column: int, reference: int) -> float:
    return -1.0 if level == reference else float(level == column)


_CODINGS: dict[str, Callable[[int, int, int], float]] = {"treatment": _treatment, "dummy": _treatment, "sum": _sum}
