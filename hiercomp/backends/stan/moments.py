"""Normal likelihoods whose coefficients of groups are standardised unknowns, scaled and shifted: sums over the groups
come first, scales and locations after them."""

from __future__ import annotations

from hiercomp.backends.printing import PRODUCT, SUM, Code, infix
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import size
from hiercomp.backends.stan.reductions import loop
from hiercomp.backends.stan.rows import row, row_count, stem
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.expr import Op
from hiercomp.plan.ir import LeastSquares, TermStep


def prepared(step: TermStep, form: LeastSquares, scope: Scope) -> list[str]:
    """Return the statements that compute, once from data, a fit that all groups share and, for each group, the sums of
    squares and products of its rows about that."""
    assert form.mean.members is not None
    assert form.mean.group is not None
    groups = size(form.mean.members.set, scope, compiled).text
    named = _Names(step, scope)
    common, triangle, x, rest, at = (named(word) for word in ("common", "triangle", "x", "rest", "at"))
    offset = form.mean.offset
    before: list[str] = []
    observed = step.lhs if offset is None else Op("-", (step.lhs, offset))
    value = compiled(observed, Frame((), before), scope).code
    whole, features = row(form.mean, observed, before, scope), row(form.mean, None, before, scope)
    group = compiled(form.mean.group, Frame((), before), scope).code.text
    added = [
        *before,
        f"int {at} = {group};",
        f"row_vector[2] {x} = {features};",
        f"real {rest} = {infix('-', value, Code(f'{x} * {common}', PRODUCT), SUM).text};",
        *(
            f"{named(word)}[{at}] += {product};"
            for word, product in (
                ("11", f"square({x}[1])"),
                ("12", f"{x}[1] * {x}[2]"),
                ("22", f"square({x}[2])"),
                ("1", f"{x}[1] * {rest}"),
                ("2", f"{x}[2] * {rest}"),
            )
        ),
        f"{named('squares')} += square({rest});",
    ]
    same = [f"int {named('same')} = distance({named('12')}, {named('22')}) == 0;"]
    return [
        "// what that takes of each group, about a fit that all groups share",
        *(f"vector[{groups}] {named(word)} = rep_vector(0, {groups});" for word in ("11", "12", "22", "1", "2")),
        f"real {named('squares')} = 0;",
        f"vector[2] {common} = [0, 0]';",
        "{",
        f"  matrix[3, 3] {triangle} = rep_matrix(0, 3, 3);",
        *(
            f"  {line}"
            for line in loop(step.binders, [*before, f"{triangle} = add_row({triangle}, {whole});"], scope, compiled)
        ),
        *(
            line
            for place, fitted in (
                (2, f"{triangle}[2, 3]"),
                (1, f"({triangle}[1, 3] - {triangle}[1, 2] * {common}[2])"),
            )
            for line in (
                f"  if ({triangle}[{place}, {place}] > 0) {{",
                f"    {common}[{place}] = {fitted} / {triangle}[{place}, {place}];",
                "  }",
            )
        ),
        *(f"  {line}" for line in loop(step.binders, added, scope, compiled)),
        "}",
        *(f"real {named(f'sum_{word}')} = sum({named(word)});" for word in ("11", "12", "22")),
        f"vector[{groups}] {named('root')} = sqrt({named('11')});",
        *(same if form.indicator else []),
    ]


def density(step: TermStep, form: LeastSquares, scope: Scope) -> list[str]:
    """Return the statements that add the log density of all rows, up to a constant.

    The squares of ``y - x1 (l1 + s1 u1) - x2 (l2 + s2 u2)``, multiplied out.
    """
    assert form.mean.members is not None
    groups = size(form.mean.members.set, scope, compiled).text
    named = _Names(step, scope)
    frame = Frame((form.mean.members,))
    units = [compiled(effect.standard, frame, scope).code.text for effect in form.effects]
    scales = [compiled(effect.scale, Frame(), scope).code.at_least(PRODUCT) for effect in form.effects]
    locations = [compiled(effect.location, Frame(), scope).code for effect in form.effects]
    scale = compiled(form.scale, Frame(), scope).code.text
    (first, second), (s1, s2) = units, scales
    moved = named("moved")
    m1, m2 = (f"{moved}_{place}" for place in (1, 2))
    crossed, squared, total = named("crossed"), named("squared"), named("total")
    again = [  # a predictor of zeros and ones is its own square
        f"vector[{groups}] {squared} = {crossed};",
        f"if (!{named('same')}) {{",
        f"  {squared} = {named('22')} .* {second};",
        "}",
    ]
    return [
        "{",
        "  // sums over the groups come before locations and scales of their effects",
        *(
            f"  real {name} = {infix('-', location, Code(named('common') + f'[{place}]'), SUM).text};"
            for place, (name, location) in enumerate(zip((m1, m2), locations, strict=True), start=1)
        ),
        f"  vector[{groups}] {crossed} = {named('12')} .* {second};",
        *(
            f"  {line}"
            for line in (again if form.indicator else [f"vector[{groups}] {squared} = {named('22')} .* {second};"])
        ),
        f"  real {total} = {named('squares')} + {named('sum_11')} * square({m1}) + {named('sum_22')} * square({m2})"
        f" + 2 * {named('sum_12')} * {m1} * {m2}"
        f" + square({s1}) * dot_self({named('root')} .* {first}) + square({s2}) * dot_product({squared}, {second})"
        f" + 2 * ({s1} * ({m1} * dot_product({named('11')}, {first}) + {m2} * dot_product({named('12')}, {first})"
        f" - dot_product({named('1')}, {first})) + {s2} * ({m1} * sum({crossed}) + {m2} * sum({squared})"
        f" - dot_product({named('2')}, {second}) + {s1} * dot_product({crossed}, {first})));",
        f"  target += lmultiply(-{row_count(step, scope)}, {scale}) - 0.5 * {total} * inv_square({scale});",
        "}",
    ]


class _Names:
    """The program's own names for quantities about the observations of a step."""

    def __init__(self, step: TermStep, scope: Scope) -> None:
        self._stem = stem(step)
        self._scope = scope

    def __call__(self, word: str) -> str:
        return self._scope.extra(f"{self._stem}_{word}")
