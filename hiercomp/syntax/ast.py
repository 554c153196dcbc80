"""The surface syntax tree: what was written, before any name has a meaning. Frozen; spans do not count as content."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from hiercomp.records import record
from hiercomp.source import Source, Span

# --- expressions ---------------------------------------------------------------------------------------------------


@record
class Number:
    """A literal. `text` is normalised ASCII (``.5`` is ``0.5``); `percent` marks ``95%`` (value 0.95)."""

    value: int | float
    text: str
    percent: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Name:
    """An identifier as written (normalised: ``θ₁`` is ``theta_1``), with the subscripts in braces or brackets.

    `ident` may end in letters that turn out to be indices (``theta_i``, ``x_ij``): only the whole spec can tell.
    Items of ``x_{i,j}``, ``x[i, j]`` and ``alpha_{county[n]}`` are in `subs`.
    """

    ident: str
    subs: tuple[Expr, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Text:
    """Text in quotes, which a column of text may be equal to: ``if group[n] == "treated"``."""

    value: str
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Whole:
    """The place of an index that is left empty: ``x[, j]`` is a column, ``x[i, ]`` a row."""

    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Unary:
    op: Literal["-", "+", "not"]
    arg: Expr
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Binary:
    """`·` is ``dot``; ``^``, ``**``, ``²`` are all ``^``; ``≤`` is ``<=``; in a condition ``=`` is ``==``."""

    op: Literal["+", "-", "*", "/", "^", "dot", "<", "<=", ">", ">=", "==", "!=", "and", "or"]
    left: Expr
    right: Expr
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Arg:
    value: Expr
    name: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Apply:
    """``f(a, name = b)``, functions and distributions alike; `func` is the word as written (``Half-Cauchy``)."""

    func: str
    args: tuple[Arg, ...]
    func_span: Span | None = field(default=None, compare=False, repr=False)
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Range:
    """``1..N``. Once everything is counted from 1, `origin` is what the spec counts the first member of the set as."""

    lo: Expr
    hi: Expr
    span: Span | None = field(default=None, compare=False, repr=False)
    origin: int = field(default=1, compare=False, repr=False)


@record
class Interval:
    """``[a, b]`` after ``in``, ``to`` and ``outside``; one side may be open."""

    lo: Expr | None
    hi: Expr | None
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class ForBinder:
    """``i in schools``, ``t in 2..T``: `domain` is a `Name` or a `Range`."""

    var: str
    domain: Name | Range
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Comprehension:
    """``sum(x_i for i in 1..N if g_i == 2)``: the only argument of the call `func`, which is empty where brackets of
    their own, ``(x_i for i in 1..N)``, make a vector."""

    func: str
    body: Expr
    binders: tuple[ForBinder, ...]
    condition: Expr | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class VectorLiteral:
    """``(a, b)``: two or more items in round brackets."""

    items: tuple[Expr, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


type Expr = Number | Text | Whole | Name | Unary | Binary | Apply | Comprehension | VectorLiteral

# --- clauses -------------------------------------------------------------------------------------------------------


@record
class Otherwise:
    span: Span | None = field(default=None, compare=False, repr=False)


type Condition = Expr | Otherwise


@record
class Fact:
    """One fact of a ``where``: ``sigma_i are KNOWN``, ``tau > 0``, ``b in [0, 1]``, ``w is a simplex``.

    `kind` is ``known``, ``observed``, ``compare`` (`op`, `value`), ``interval`` (`interval`) or ``is`` (`word`:
    simplex, positive, integer, ordered, ...).
    """

    subject: Name
    kind: Literal["known", "observed", "compare", "interval", "is"]
    op: Literal["<", "<=", ">", ">=", "==", "!="] | None = None
    value: Expr | None = None
    interval: Interval | None = None
    word: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Censored:
    """``censored above c``, ``below c``, ``to [a, b]`` (limits: one or both of `lo` and `hi`); ``up to u`` (`interval`:
    the observation is the lower end of what is known, `hi` the upper)."""

    lo: Expr | None = None
    hi: Expr | None = None
    interval: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Clauses:
    """What may follow a statement, in any order; ``modifiers`` holds the words ordered and sum-to-zero."""

    facts: tuple[Fact, ...] = ()
    binders: tuple[ForBinder, ...] = ()
    truncated: Interval | None = None
    centering: Literal["centered", "non-centered"] | None = None
    modifiers: tuple[str, ...] = ()
    censored: Censored | None = None
    weight: Expr | None = None
    note: str = ""
    note_span: Span | None = field(default=None, compare=False, repr=False)


# --- statements ----------------------------------------------------------------------------------------------------


@record
class DistPiece:
    dist: Apply
    condition: Condition | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Random:
    """``lhs ~ Dist(args)``; several pieces where the distribution depends on a condition on data. One piece with a
    condition says nothing of the elements at which it does not hold.

    `lhs` is a `Name` for a random quantity; any other expression adds the term to the log density.
    """

    lhs: Expr
    pieces: tuple[DistPiece, ...]
    clauses: Clauses
    section: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class ExprPiece:
    value: Expr
    condition: Condition | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class Define:
    """``name = expr``; with `link` ``log(name) = expr``; several pieces where piecewise; `smoothly` is the rate."""

    target: Name
    pieces: tuple[ExprPiece, ...]
    clauses: Clauses
    link: str = ""
    smoothly: Expr | None = None
    section: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class AddTerm:
    """``log_density += expr``, where there is a condition for the elements at which it holds."""

    value: Expr
    clauses: Clauses
    condition: Expr | None = None
    section: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


type Statement = Random | Define | AddTerm

# --- the spec ------------------------------------------------------------------------------------------------------


@record
class DataDecl:
    """``data "schools.csv"  [note]``. `heading` (here and below) is the comment right above the line."""

    path: str
    note: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)
    heading: str = ""


@record
class IndexDecl:
    """``i in schools`` or ``i in 1..N`` at the margin: what this letter ranges over in the whole spec or model."""

    binder: ForBinder
    note: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)
    heading: str = ""


@record
class Coding:
    """``treatment(llm, prompt:x, reference = "a")``: how the factors of each term become columns. Each term is one
    expression, or several whose columns are multiplied with each other."""

    kind: str
    terms: tuple[tuple[Expr, ...], ...]
    reference: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@record
class DesignDecl:
    """``design X = treatment(llm) + sum(prompt)``: a matrix that is computed from columns of the data, once."""

    name: str
    codings: tuple[Coding, ...]
    note: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)
    heading: str = ""


@record
class LevelsDecl:
    """``levels rating = "low" < "medium" < "high"``: the order of the texts of a column."""

    name: str
    levels: tuple[str, ...]
    note: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)
    heading: str = ""


type ColumnDecl = DesignDecl | LevelsDecl


@record
class FunctionDecl:
    """``def f(x, a) = expr``: a call means the expression, with its arguments in the places of the parameters."""

    name: str
    params: tuple[str, ...]
    body: Expr
    note: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)
    heading: str = ""


@record
class FitDecl:
    """``fit: 4 chains, 1000 warmup, 2000 draws, target_accept 0.95, max_treedepth 12``: keys chains, warmup, draws,
    target_accept, max_treedepth, seed."""

    settings: tuple[tuple[str, int | float], ...]
    span: Span | None = field(default=None, compare=False, repr=False)
    heading: str = ""
    note: str = ""


@record
class ModelBlock:
    """One model: statements under ``model NAME [extends BASE]``, or a whole spec or fence without such a line.

    `title` is the heading a document block stands under; `span` is the header's (or the first statement's).
    """

    name: str
    statements: tuple[Statement, ...]
    extends: str = ""
    note: str = ""
    title: str = ""
    indices: tuple[IndexDecl, ...] = ()
    data: tuple[DataDecl, ...] = ()
    name_span: Span | None = field(default=None, compare=False, repr=False)
    extends_span: Span | None = field(default=None, compare=False, repr=False)
    span: Span | None = field(default=None, compare=False, repr=False)
    heading: str = ""
    functions: tuple[FunctionDecl, ...] = ()
    designs: tuple[ColumnDecl, ...] = ()


@record
class Spec:
    """A parsed spec or document. `common` are statements above the first ``model`` line: they belong to every model.

    In a document (`document` True) every block is a `ModelBlock`; `only_when_named` lists blocks that consist of ``=``
    definitions only and are built only when asked for by name. `study` says how data are simulated; it is no model.
    """

    source: Source = field(compare=False, repr=False)
    models: tuple[ModelBlock, ...]
    common: tuple[Statement, ...] = ()
    data: tuple[DataDecl, ...] = ()
    indices: tuple[IndexDecl, ...] = ()
    fit: FitDecl | None = None
    document: bool = False
    only_when_named: tuple[str, ...] = ()
    functions: tuple[FunctionDecl, ...] = ()
    designs: tuple[ColumnDecl, ...] = ()
    study: ModelBlock | None = None
