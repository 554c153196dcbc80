"""What can be wrong with an expression: one constructor for each finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hiercomp.catalog import find_distribution, near_distributions, near_functions
from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.model import surface
from hiercomp.model.near import did_you_mean
from hiercomp.model.scope import Context, Sym
from hiercomp.source import Span
from hiercomp.syntax.ast import Apply, Binary, Name, Text, Whole
from hiercomp.syntax.ast import Expr as Ast

DOMAIN_WORDS: Mapping[str, str] = {
    "positive": "number above zero",
    "nonnegative": "number that is not negative",
    "unit": "number between 0 and 1",
    "count": "whole number that is not negative",
    "positive int": "whole number above zero",
    "int": "whole number",
    "real": "number",
    "simplex": "vector of probabilities that sum to one",
    "ordered": "vector of numbers each of which is above the one before",
    "corr": "correlation matrix",
    "cov": "covariance matrix",
    "cholesky corr": "Cholesky factor of a correlation matrix",
    "cholesky cov": "Cholesky factor of a covariance matrix",
}


def indices(count: int) -> str:
    """Say ``no index``, ``1 index``, ``2 indices``."""
    return "no index" if not count else f"{count} ind{'ex' if count == 1 else 'ices'}"


def misplaced(node: Text | Whole) -> Diagnostic:
    """Say that text or an empty place stands where a value has to (H11, H26)."""
    if isinstance(node, Text):
        return Diagnostic(
            "H11", "text is only compared with a column of text", node.span,
            "a column of text on the other side of `==` or `!=`", f"`{surface.show(node)}`",
            'write the comparison with the column alone, `(arm_i == "treated")`, which counts as 1 or 0',
        )  # fmt: skip
    return Diagnostic(
        "H26", "this place cannot be empty", node.span, "an index", "nothing",
        "give the place an index: a letter, a number, or a column of data",
    )  # fmt: skip


def text_as_number(node: Name, sym: Sym) -> Diagnostic:
    """Say that a column of text is used as if it were numbers (H60)."""
    assert sym.datum is not None
    label = sym.datum.header
    return Diagnostic(
        "H60", f"`{sym.name}` holds text, and is used as a number here", node.span, "a number",
        f"`{surface.show(node)}`, a column of text",
        f'pick with it, `a[{surface.show(node)}]`, or compare it with text, `({surface.show(node)} == "...")`',
        secondary=(Label(label, "the column"),) if label is not None else (),
    )  # fmt: skip


def no_range(letter: str, node: Name, scope: Iterable[str], usual: str, *, column: bool = False) -> Diagnostic:
    """Say that an index on the right has no range (H5)."""
    listed = ", ".join(f"`{name}`" for name in scope)
    there = f"the indices {listed}" if listed else "no index on the left"
    hint = f"sum over it, `sum(... for {usual})`, leave it out to mean the whole array, or put `{letter}` on the left"
    if column:
        hint = f"to pick with the column `{letter}`, give the statement an index: `y_i ~ ... a[{letter}[i]] ...`"
    return Diagnostic(
        "H5",
        f"the index `{letter}` has no range here",
        node.span,
        f"`{letter}` on the left side, or a range for it",
        there,
        hint,
    )


def bound_twice(var: str, span: Span | None, first: Span | None) -> Diagnostic:
    """Say that an inner range takes the letter of an outer one (H24)."""
    return Diagnostic(
        "H24",
        f"the index `{var}` is given a range twice",
        span,
        "another letter for the inner range",
        f"`{var}` inside a range of `{var}`",
        "use another letter for one of them, in its range and inside it",
        secondary=(Label(first, f"`{var}` is already an index here"),) if first else (),
    )


def too_many_subscripts(node: Name, base: str, subs: tuple[Ast, ...], sym: Sym) -> Diagnostic:
    """Say that a name has more subscripts than axes (H6)."""
    assert sym.axes is not None
    rank = len(sym.axes)
    label = (Label(sym.span, f"`{base}` is {'one number' if not rank else 'an array'} here"),) if sym.span else ()
    where = "data" if sym.datum is not None and not sym.use.definitions else "definition"
    shown = surface.show(node)
    from hiercomp.model.hints import fewer_subscripts  # noqa: PLC0415

    hint = f"define it with its index, `{shown} ~ ...`, or use it without: `{base}`"
    if where == "data" or rank:
        hint = fewer_subscripts(node, base, subs, rank, where)
    return Diagnostic(
        "H6",
        f"`{base}` is used with {indices(len(subs))}, but its {where} has {indices(rank)}",
        node.span,
        f"`{base}` with {indices(rank)}" if rank else f"`{base}` alone",
        f"`{shown}`",
        hint,
        secondary=label,
    )


def two_products(node: Binary) -> Diagnostic:
    """Say that a product of two whole vectors may be one number, or a number for each element (H6)."""
    left, right = surface.show(node.left), surface.show(node.right)
    return Diagnostic(
        "H6",
        f"`{surface.show(node)}` may be the dot product, or go element by element",
        node.span,
        "`·` between the vectors, or an index at each of them",
        "two whole vectors, with `*` between them",
        f"write `{left} · {right}` for the dot product, or go element by element: `x_i * z_i`",
    )


def vector_subscript(node: Name, sub: Ast, context: Context) -> Diagnostic:
    """Say that a subscript is an array (H6)."""
    base = context.reader.base(node)
    inner = surface.show(sub)
    return Diagnostic(
        "H6",
        f"`{inner}` is an array, and a subscript is one number",
        sub.span or node.span,
        "one whole number",
        f"the array `{inner}`",
        f"write `{base}[{inner}[n]]` for each n",
    )


def no_function(node: Apply, context: Context) -> Diagnostic:
    """Say that a word is no function (H13)."""
    if find_distribution(node.func) is not None:
        return Diagnostic(
            "H13", f"`{node.func}` is a distribution, not a function", node.func_span or node.span,
            "a function", f"`{node.func}(...)` inside an expression", "a distribution stands after `~`",
        )  # fmt: skip
    if node.func in context.symbols:
        return Diagnostic(
            "H13", f"`{node.func}` is a quantity, not a function", node.func_span or node.span, "a function",
            f"`{node.func}(...)`", f"a product needs its sign: `{node.func} * (...)`",
        )  # fmt: skip
    return Diagnostic(
        "H13", f"there is no function `{node.func}`", node.func_span or node.span, "a function of the language",
        f"`{node.func}`", _said_otherwise(node.func) or did_you_mean(near_functions(node.func))
        or f"define it above the models: `def {node.func}(x) = ...`",
    )  # fmt: skip


_PRODUCTS = {
    "quad_form_diag": "diag(tau) * Omega * diag(tau)", "diag_pre_multiply": "diag(tau) * L",
    "multiply_lower_tri_self_transpose": "L * transpose(L)",
}  # fmt: skip


def _said_otherwise(func: str) -> str:
    """Return how to say what a program has a function for and a spec has not."""
    if func in _PRODUCTS:
        return f"write the product: `{_PRODUCTS[func]}`"
    match func.rpartition("_")[2]:
        case "lpdf" | "lpmf" | "pdf" | "pmf" | "logpdf" | "logpmf":
            return "name the distribution and then the value: `logp(Normal(m, s), x)`"
        case "cdf" | "ccdf" | "lcdf" | "lccdf":
            return (
                "behind a distribution say `censored above c` or `truncated to [a, b]`; "
                "of a normal, `Phi((x - m) / s)` and `log_Phi(...)` are functions"
            )
        case _:
            return ""


def no_distribution(node: Apply) -> Diagnostic:
    """Say that a word is no distribution (H8)."""
    return Diagnostic(
        "H8", f"there is no distribution `{node.func}`", node.func_span or node.span,
        "a distribution of `hiercomp catalog`", f"`{node.func}`", did_you_mean(near_distributions(node.func))
        or "`hiercomp catalog` lists them; `log_density += ...` states any other by its log density",
    )  # fmt: skip
