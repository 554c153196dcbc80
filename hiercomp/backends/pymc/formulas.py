"""Distributions of the catalogue that PyMC lacks, or computes less exactly: functions that modules get, made of the
row's own trees."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.printing import SUM, Code, call
from hiercomp.backends.pymc.arrays import Array, align
from hiercomp.backends.pymc.distributions import Spelled
from hiercomp.backends.pymc.expressions import expression
from hiercomp.backends.pymc.layout import lay_out
from hiercomp.backends.pymc.scope import Site
from hiercomp.catalog import row_named
from hiercomp.catalog.parts import hoisted
from hiercomp.catalog.schema import Distribution, Spelling
from hiercomp.expr import Expr, names, number, substitute
from hiercomp.records import replace

_NOISE = {
    "uniform": "rng.uniform(size=size)",
    "normal": "rng.normal(size=size)",
    "exponential": "rng.exponential(size=size)",
}
# Where such noise has as much on either side, or near that: what a draw then is serves as a start.
_MIDDLE = {"uniform": 0.5, "normal": 0.0, "exponential": 0.7}
_VALUE = "value"
_TRANSFORMS = "pm.distributions.transforms."


def spelled(row: Distribution, arrays: Sequence[Array], site: Site, outer: tuple[str, ...], rank: int) -> Spelled:
    """Return a ``CustomDist`` with the density of a row; its functions become part of the module."""
    assert row.log_density is not None
    assert row.draw is not None
    name = _name(row)
    never = f"-{site.function('np.inf')}"
    density = _function(
        name, f"Return the log density of {row.name}.", row.log_density, (never, never), row, site, ("<", ">")
    )
    site.scope.helpers[name] = f"{density}\n\n\n{_generator(row, site)}"
    texts = [_real(array, align(array, outer, rank).text) for array in arrays]
    args = (*texts, f"logp={name}", f"random=draw_{name}")
    return Spelled("CustomDist", args, any(array.random for array in arrays), row.name)


def with_tail(plain: Spelled, site: Site) -> Spelled:
    """Return such a distribution with the distribution function that truncation needs."""
    name = tail(row_named(plain.row), site, above=False)
    return replace(plain, args=(*plain.args, f"logcdf={name}"))


def tail(row: Distribution, site: Site, *, above: bool) -> str:
    """Return the name of the function for the log probability of one side; it becomes part of the module."""
    tree, word, sign = (row.log_ccdf, "log_ccdf", ">") if above else (row.log_cdf, "log_cdf", "<=")
    assert tree is not None
    name = f"{_name(row)}_{word}"
    ends = ("0", f"-{site.function('np.inf')}") if above else (f"-{site.function('np.inf')}", "0")
    # The end of a support is where truncation ends, too; the tree's own derivatives there may be no numbers.
    beyond = ("<=", ">=") if row.kind == "continuous" else ("<", ">")
    said = f"Return log P(X {sign} value) for {row.name}."
    site.scope.helpers[name] = _function(name, said, tree, ends, row, site, beyond)
    return name


def of_unknown(plain: Spelled, site: Site) -> tuple[str, ...]:
    """Return the keyword arguments that an unknown needs: where it starts, and how it is kept within the support."""
    row = row_named(plain.row)
    assert row.draw is not None
    name = f"start_{_name(row)}"
    params = [param.name for param in row.params]
    middle = substitute(row.draw, {word: number(value) for word, value in _MIDDLE.items()})
    start = expression(middle, Site(site.scope), {word: Array(Code(word), random=True) for word in params}).code
    said = f"Return a value in the middle of {row.name}, where sampling may start."
    lines = [f"return {site.function('pt.zeros_like')}(variable) + {start.at_least(SUM)}"]
    site.scope.helpers[name] = _text(name, ["variable", "size", *params], said, lines)
    return (f"support_point={name}", *_kept(row, params, site))


def _kept(row: Distribution, params: Sequence[str], site: Site) -> tuple[str, ...]:
    if row.lower is None and row.upper is None:
        return ()
    given = {word: Array(Code(word), random=True) for word in params}
    low, high = (
        "None" if end is None else expression(end, Site(site.scope), given).code.text for end in (row.lower, row.upper)
    )
    match (low, high):
        case ("0", "None"):
            transform = f"{_TRANSFORMS}log"
        case ("0", "1"):
            transform = f"{_TRANSFORMS}logodds"
        case _:
            inside = f"lambda rng, size, {', '.join(params)}: ({low}, {high})"
            transform = f"{_TRANSFORMS}Interval(bounds_fn={inside})"
    return (f"default_transform={site.function(transform)}",)


def _name(row: Distribution) -> str:
    assert isinstance(row.pymc, Spelling)
    return row.pymc.name


def _real(array: Array, text: str) -> str:
    """Return an argument as a real: PyTensor keeps whole numbers in few bits, and takes logarithms in as few."""
    if array.elem != "int" or array.random or not array.scalar:
        return text
    return f"{text}.0" if text.lstrip("-").isdigit() else f"float({text})"


def _function(
    name: str, said: str, tree: Expr, ends: tuple[str, str], row: Distribution, site: Site, beyond: tuple[str, str]
) -> str:
    """Return a function of the variate and the parameters.

    `ends` are its values below the support and above it, and `beyond` is how the variate compares with the ends there.
    """
    found, rest = hoisted(tree, row.parts)
    params = [param.name for param in row.params]
    given = {word: Array(Code(word), random=True) for word in (*params, *row.parts)}
    given["x"] = Array(Code(_VALUE), random=True)
    inner = Site(site.scope)
    lines = [f"{word} = {expression(part, inner, given).code.text}" for word, part in found]
    result = expression(rest, inner, given).code
    for sign, end, value in zip(beyond, (row.lower, row.upper), ends, strict=True):
        if end is not None:
            outside = f"{_VALUE} {sign} {expression(end, inner, given).code.text}"
            result = call(site.function("pt.switch"), outside, value, result)
    return _text(name, [_VALUE, *params], said, [*lines, f"return {result.text}"])


def _generator(row: Distribution, site: Site) -> str:
    assert row.draw is not None
    params = [param.name for param in row.params]
    found, rest = hoisted(row.draw, row.parts)
    noise = [word for word in _NOISE if word in names(row.draw)]
    given = {word: Array(Code(word)) for word in (*params, *row.parts, *noise)}
    inner = Site(site.scope)
    shapes = ", ".join(f"{site.function('np.shape')}({word})" for word in params)
    lines = [
        "if size is None:",
        f"    size = {site.function('np.broadcast_shapes')}({shapes})",
        *(f"{word} = {_NOISE[word]}" for word in noise),
        *(f"{word} = {expression(part, inner, given).code.text}" for word, part in found),
        f"return {expression(rest, inner, given).code.text}",
    ]
    return _text(f"draw_{_name(row)}", [*params, "rng=None", "size=None"], f"Return draws of {row.name}.", lines)


def _text(name: str, params: Sequence[str], said: str, lines: Sequence[str]) -> str:
    body = [text for line in lines for text in lay_out(line.lstrip(), 4 + len(line) - len(line.lstrip()))]
    return "\n".join((f"def {name}({', '.join(params)}):", f'    """{said}"""', *body))
