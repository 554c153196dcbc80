"""Diagnostics of statements: left sides, distributions, pieces and clauses."""

from __future__ import annotations

from hiercomp.diagnostics import Diagnostic
from hiercomp.source import Span
from hiercomp.syntax.ast import Apply, Binary, Expr, Name, Number, VectorLiteral
from hiercomp.syntax.operators import covering
from hiercomp.syntax.problems.base import kind, quoted, second
from hiercomp.syntax.tokens import LINKS, Tok


def too_long(span: Span, limit: int, found: int) -> Diagnostic:
    """A chain of operations as long as a tree that is too deep."""
    return Diagnostic(
        "H41",
        "this expression is too long",
        span,
        expected=f"at most {limit} operations that depend on each other",
        found=f"{found}",
        help="give parts of it names of their own, or write a sum over an index: `sum(x_i for i in 1..N)`",
    )


def too_many_pieces(span: Span | None, count: int, limit: int) -> Diagnostic:
    """More pieces than anybody reads: programs nest one choice in the other."""
    return Diagnostic(
        "H41",
        "this statement has too many pieces",
        span,
        expected=f"at most {limit} pieces",
        found=f"{count} pieces",
        help="put the values into a column of the data, and pick from it with an index",
    )


def left_side(lhs: Expr) -> Diagnostic:
    """An equation that is not solved for a name."""
    wanted = "a name such as theta_i, or a link of one: " + ", ".join(f"{link}(p_i)" for link in LINKS)
    match lhs:
        case Number():
            help_ = "the name comes first: `x = 3`"
        case Apply():
            help_ = "only these functions can be inverted; define the name itself"
        case VectorLiteral():
            help_ = "define each name in a statement of its own"
        case _:
            help_ = "solve for one name and define that"
    return Diagnostic("H43", "this cannot be defined", lhs.span, expected=wanted, found=kind(lhs), help=help_)


def no_name(lhs: Expr) -> Diagnostic:
    """Something else than a name among the several in front of ``~``."""
    return Diagnostic(
        "H43",
        "one distribution for several quantities needs their names",
        lhs.span,
        expected="names separated by commas, as in `a, b ~ Normal(0, 1)`",
        found=kind(lhs),
        help="write a statement of its own for it",
    )


def several_defined(names: list[Expr]) -> Diagnostic:
    """``a, b = value``, which could mean a value for each or one for all."""
    first, last = names[0].span, names[-1].span
    return Diagnostic(
        "H43",
        "one definition defines one name",
        covering(first, last),
        expected="a name in front of `=`",
        found=f"{len(names)} names",
        help="define each name in a statement of its own; only `~` takes several: `a, b ~ Normal(0, 1)`",
    )


def too_many_names(span: Span | None, count: int, limit: int) -> Diagnostic:
    """More names in front of one ``~`` than anybody writes; each of them is a statement."""
    return Diagnostic(
        "H41",
        "this statement has too many names",
        span,
        expected=f"at most {limit} names in front of `~`",
        found=f"{count} names",
        help="make them one array: `a_k ~ Normal(0, 1) for k in 1..K`",
    )


def increment_target(lhs: Expr, sign: Tok) -> Diagnostic:
    """`+=` after anything but `log_density`."""
    return Diagnostic(
        "H43",
        "only `log_density` can be added to",
        lhs.span or sign.span,
        expected="`log_density += term`",
        found=quoted(lhs.span),
        help="define a name with `=`",
    )


def no_distribution(value: Expr, tilde: Tok) -> Diagnostic:
    """Something else than one distribution after `~`."""
    help_ = "a quantity that is computed is defined with `=` instead"
    if isinstance(value, Name) and not value.subs:
        help_ = f"a distribution has its arguments in brackets: `{value.ident}(...)`, also `Flat()`"
    elif isinstance(value, Binary):
        parts = [part for part in (value.left, value.right) if isinstance(part, Apply) and part.func[:1].isupper()]
        if parts:
            text = parts[0].span.text if parts[0].span is not None else f"{parts[0].func}(...)"
            help_ = (
                f"give that distribution to a name, `e ~ {text}`, and define with it what is computed: `= ... e ...`"
            )
    return Diagnostic(
        "H44",
        "no distribution stands after `~`",
        value.span or tilde.span,
        expected="a distribution such as Normal(0, 1)",
        found=kind(value),
        help=help_,
    )


def piece_without_condition(span: Span | None, *, last: bool) -> Diagnostic:
    """A piece that does not say when it holds."""
    return Diagnostic(
        "H46",
        "a piece of a piecewise statement has no condition",
        span,
        expected="`if` and a condition" + (", or `otherwise`" if last else ""),
        found="a piece that would always hold",
        help="end the last piece in `otherwise`" if last else "say when it holds, `if tau > 1`, or move it to the end",
    )


def otherwise_misplaced(span: Span | None, *, alone: bool) -> Diagnostic:
    """`otherwise` before the last piece, or as the only one."""
    if alone:
        return Diagnostic(
            "H46",
            "`otherwise` needs another piece before it",
            span,
            expected="a piece with `if` above",
            found="`otherwise` in the only piece",
            help="leave `otherwise` out, or write the piece with `if` first",
        )
    return Diagnostic(
        "H46",
        "`otherwise` must be the last piece",
        span,
        expected="pieces with `if`, and `otherwise` at the end",
        found="a piece below `otherwise`",
        help="move this piece to the end",
    )


def single_piece(span: Span | None) -> Diagnostic:
    """A condition without the other case."""
    return Diagnostic(
        "H46",
        "a statement with a condition needs a piece for every case",
        span,
        expected="a further line that begins with `=` (or `~`) and ends in `otherwise` or its own `if`",
        found="one piece, which says nothing of the other cases",
        help="add a line `= ... otherwise` below (or `~ ... otherwise`)",
    )


def smoothly_alone(span: Span) -> Diagnostic:
    """`smoothly` with nothing to blend."""
    return Diagnostic(
        "H46",
        "`smoothly` needs two pieces to blend",
        span,
        expected="a piece with `if` above",
        found="one piece",
        help="add the other piece, or leave `smoothly` out; it ends the last piece",
    )


def smoothly_early(span: Span) -> Diagnostic:
    """`smoothly` before the last piece."""
    return Diagnostic(
        "H46",
        "`smoothly` must stand at the end of the last piece",
        span,
        expected="`smoothly` after the last `otherwise` or `if`",
        found="a piece below it",
        help="move it to the last line",
    )


def smoothly_random(span: Span) -> Diagnostic:
    """`smoothly` between distributions."""
    return Diagnostic(
        "H46",
        "distributions cannot be blended with `smoothly`",
        span,
        expected="`smoothly` in a definition with `=`",
        found="`smoothly` behind `~`",
        help="define a piecewise parameter with `=` and use it in one distribution",
    )


def clause_twice(span: Span | None, first: Span | None) -> Diagnostic:
    """A clause that contradicts or repeats an earlier one."""
    return Diagnostic(
        "H47",
        "this clause is given twice",
        span,
        expected="each clause once",
        found="a second one",
        help="keep one of the two",
        secondary=second(first, "the first"),
    )


def fact_without_subject(found: Tok, where: Tok) -> Diagnostic:
    """A fact that opens a `where` without a name."""
    return Diagnostic(
        "H47",
        "this fact does not say what it is about",
        found.span,
        expected="a name after `where`, as in `where sigma_i are KNOWN`",
        found=quoted(found.span),
        help="name first what the fact is about",
        secondary=second(where.span, "the facts begin here") if where is not found else (),
    )


def fact_subject(subject: Expr) -> Diagnostic:
    """A fact about an expression."""
    return Diagnostic(
        "H47",
        "a fact is about a name",
        subject.span,
        expected="a name, as in `where tau > 0`",
        found=kind(subject),
        help="facts are joined by `and`; bound one name by others: `where b in [0, 1 - a]`",
    )


def no_domain(found: Expr) -> Diagnostic:
    """An index over something that is neither a set nor a range."""
    return Diagnostic(
        "H47",
        "an index needs a set or a range",
        found.span,
        expected="a range such as 1..N, or the name of an index set such as schools",
        found=kind(found),
        help="write `for i in 1..N`, with the number of members in the place of N",
    )
