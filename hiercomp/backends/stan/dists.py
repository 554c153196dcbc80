"""Distributions: sampling statements, densities of single observations, draws."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.printing import ATOM, COMPARE, PRODUCT, SUM, TERNARY, Code, call, infix
from hiercomp.backends.stan.exprs import arithmetic, compiled
from hiercomp.backends.stan.indexing import extent, shifted
from hiercomp.backends.stan.own import add_own
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.truncation import SURE, cdf_bounds, log_count_mass, log_mass
from hiercomp.backends.stan.values import CannotVectorise, Value, algebra, column, negated, refuse, scalar
from hiercomp.catalog import row_named
from hiercomp.catalog.schema import Distribution, Spelling, Unsupported
from hiercomp.catalog.trees import ZERO
from hiercomp.expr import Const, Expr, Ref, names, substitute
from hiercomp.model.ir import Censoring, Dist
from hiercomp.records import replace


def _spelling(row: Distribution, spelling: Spelling | Unsupported, dist: Dist, what: str, scope: Scope) -> Spelling:
    if isinstance(spelling, Unsupported):
        raise refuse(f"Stan has no {what} {row.name}", dist.span, spelling.reason, "use another distribution")
    if "stan" in row.own:
        from hiercomp.backends.stan import formulas  # noqa: PLC0415 - few models have one

        (formulas.add_generator if what.startswith("generator") else formulas.add_density)(row, scope)
    add_own(spelling.name, scope)
    return spelling


def _arguments(dist: Dist, spelling: Spelling, frame: Frame, scope: Scope) -> list[Value]:
    """Return the arguments of a call; what has to be an integer stays one."""
    row = row_named(dist.row)
    values = dict(dist.args)
    counts = {param.name for param in row.params if param.counts}
    found: list[Value] = []
    for tree in spelling.args:
        value = compiled(substitute(tree, values), frame, scope)
        if isinstance(tree, Ref) and tree.name in counts:
            if value.lead:
                _check_stored(values[tree.name])
            found.append(value)
        else:
            found.append(value if value.form == "other" else algebra(value))
    return found


def _check_stored(count: Expr) -> None:
    """Raise `CannotVectorise` where whole numbers are computed: Stan has no arithmetic of arrays of them."""
    if not isinstance(count, Ref):
        raise CannotVectorise


def _variate(lhs: Expr, row: Distribution, frame: Frame, scope: Scope) -> Value:
    value = compiled(lhs, frame, scope)
    if row.kind == "discrete" and value.lead:
        _check_stored(lhs)
    return value


def _flat(values: Sequence[Value]) -> list[Value]:
    """Return matrices as long vectors: univariate densities take vectors.

    Stan goes through a matrix column by column and through an array row by row; beside arrays matrices are turned.
    """
    by_rows = any(value.rank > 1 and value.form == "array" for value in values)
    found: list[Value] = []
    for value in values:
        if value.rank < 2:
            found.append(value)
        elif value.form == "matrix":
            code = Code(f"{value.code.at_least(ATOM)}'") if by_rows else value.code
            found.append(Value(call("to_vector", code), "vector", value.elem, 1, 1))
        elif value.form == "array" and value.elem == "int":
            found.append(Value(call("to_array_1d", value.code), "array", "int", 1, 1))
        else:
            raise CannotVectorise
    return found


def _aligned(row: Distribution, variate: Value, args: Sequence[Value]) -> tuple[Value, list[Value]]:
    """Return a variate and its arguments as one vectorised call takes them."""
    if row.multivariate:
        # Arguments with axes of their own are the same for all variates of one call, or arrays of vectors as these are;
        # every variate has its own number.
        several = variate.form == "other" and variate.lead == variate.own == 1
        if any(arg.form == "other" and not (several and arg.lead == arg.own == 1) for arg in args):
            raise CannotVectorise
        if variate.lead and not row.stan_vectorised:
            raise CannotVectorise
        if row.event_axes and variate.lead and not several:
            raise CannotVectorise
        numbers = [arg for arg in args if not arg.own]
        if any(arg.own and arg.lead and arg.form != "other" for arg in args):
            raise CannotVectorise
        if any(arg.lead if row.event_axes else arg.lead != variate.lead or arg.lead > 1 for arg in numbers):
            raise CannotVectorise
        return _flat([variate])[0] if not row.event_rank else column(variate), [column(arg) for arg in args]
    if row.kind == "continuous":
        variate = algebra(variate)
    ranked = [value for value in (variate, *args) if value.rank]
    if len({(value.lead, value.rank) for value in ranked}) > 1 or (ranked and not variate.rank):
        raise CannotVectorise
    if ranked and not row.stan_vectorised:
        raise CannotVectorise
    flat = _flat([variate, *args])
    return flat[0], flat[1:]


def _is(value: Expr | None, number: int) -> bool:
    return isinstance(value, Const) and value.value == number


def density(
    lhs: Expr, dist: Dist, frame: Frame, scope: Scope, *, constant_normaliser: bool, declared: bool
) -> list[str]:
    """Return the statements that add the log density of `lhs`; constants that depend on no unknown may be dropped.

    What is `declared` lies within its bounds.
    """
    if dist.compound:
        if frame.over:
            raise CannotVectorise
        beyond = [] if declared else _beyond_bounds(lhs, dist, frame, scope)
        return [*beyond, f"target += {log_density(lhs, dist, scope, frame).text};"]
    row = row_named(dist.row)
    spelling = _spelling(row, row.stan, dist, "density of", scope)
    if not spelling.name:
        return []
    value = _variate(lhs, row, frame, scope)
    if value.lead < len(frame.over):
        raise CannotVectorise
    variate, args = _aligned(row, value, _arguments(dist, spelling, frame, scope))
    spelled = [substitute(tree, dict(dist.args)) for tree in spelling.args]
    standard = spelling.name == "normal" and _is(spelled[0], 0) and _is(spelled[1], 1)
    name = "std_normal" if standard else spelling.name
    text = f"{variate.code.at_least(SUM)} ~ {call(name, *(() if standard else (arg.code for arg in args))).text}"
    if not dist.truncated or constant_normaliser:
        return [f"{text};"]
    mass = log_mass(dist, frame, scope)
    if mass is None:
        if variate.rank:
            raise CannotVectorise
        low, high = cdf_bounds(dist, frame, scope)
        return [f"{text} T[{low}, {high}];"]
    if mass == SURE:
        return [f"{text};"]
    beyond = [] if declared else _beyond_bounds(lhs, dist, frame, scope)
    return [*beyond, f"{text};", f"target += {negated(_times(mass, variate, frame, scope))};"]


def _beyond_bounds(lhs: Expr, dist: Dist, frame: Frame, scope: Scope) -> list[str]:
    """Return the statements that make the density zero where `lhs` lies beyond bounds that are unknowns.

    Normalisers know nothing of the variate. Data beyond other bounds are refused when they are read.
    """
    lines: list[str] = []
    for bound, word, sign in ((dist.lower, "min", "<"), (dist.upper, "max", ">")):
        if bound is None or names(bound) <= scope.known:
            continue
        variate, limit = compiled(lhs, frame, scope), compiled(bound, frame, scope)
        if limit.rank:
            variate, limit = arithmetic("-", variate, limit), scalar("0")
        code = call(word, variate.code) if variate.rank else variate.code
        lines += [f"if ({infix(sign, code, limit.code, COMPARE).text}) {{", "  target += negative_infinity();", "}"]
    return lines


def _times(mass: Value, variate: Value, frame: Frame, scope: Scope) -> Code:
    """Return the sum of a log normaliser over all elements of the variate."""
    if mass.rank:
        return call("sum", mass.code)
    if not variate.rank:
        return mass.code
    if len(frame.over) == 1:
        count = extent(frame.over[0], scope, compiled)
        number = Code(count, SUM) if " " in count else Code(count)
    else:
        number = call("num_elements", variate.code)
    return infix("*", number, mass.code, PRODUCT)


def log_density(lhs: Expr, dist: Dist, scope: Scope, frame: Frame) -> Code:
    """Return the log density of one observation, with all constants. A running mixture needs lines before it."""
    if dist.weight is not None:
        value = log_density(lhs, replace(dist, weight=None), scope, frame)
        return infix("*", compiled(dist.weight, frame, scope).code, value, PRODUCT)
    if dist.censored is not None:
        within = _censored(lhs, replace(dist, lower=None, upper=None), dist.censored, scope, frame)
        mass = _closed_mass(dist, frame, scope) if dist.truncated else SURE
        return within if mass == SURE else infix("-", within, mass.code, SUM)
    if dist.along is not None:
        from hiercomp.backends.stan import chains  # noqa: PLC0415

        return chains.log_density(lhs, dist, scope, frame, log_density)
    if dist.parts:
        from hiercomp.backends.stan import mixtures  # noqa: PLC0415

        return mixtures.log_density(lhs, dist, scope, frame, log_density)
    row = row_named(dist.row)
    spelling = _spelling(row, row.stan, dist, "density of", scope)
    if not spelling.name:
        return Code("0")
    variate, args = _aligned(row, _variate(lhs, row, frame, scope), _arguments(dist, spelling, frame, scope))
    suffix = "lpmf" if row.kind == "discrete" else "lpdf"
    result = Code(f"{spelling.name}_{suffix}({variate.code.text} | {', '.join(arg.code.text for arg in args)})")
    if row.half and not dist.truncated:
        return infix("+", Code("log(2)"), result, SUM)
    if not dist.truncated:
        return result
    mass = log_mass(dist, frame, scope)
    if mass is not None:
        result = infix("+", Code("log(2)"), result, SUM) if row.half else result
        return result if mass == SURE else infix("-", result, mass.code, SUM)
    return infix("-", result, _stan_mass(row, dist, args, frame, scope), SUM)


def _censored(lhs: Expr, dist: Dist, censored: Censoring, scope: Scope, frame: Frame) -> Code:
    """Return the log density, or where an observation is at a limit the log probability of lying there or beyond."""
    exact = replace(dist, censored=None)
    result = log_density(lhs, exact, scope, frame)
    variate = compiled(lhs, frame, scope).code.at_least(SUM)
    cases: list[tuple[str, Expr | None, Expr | None]] = []
    if censored.kind == "interval":
        cases.append((">", lhs, censored.upper))
    else:
        cases += [("<=", None, censored.lower)] if censored.lower is not None else []
        cases += [(">=", censored.upper, None)] if censored.upper is not None else []
    for sign, low, high in reversed(cases):
        mass = _closed_mass(replace(exact, lower=low, upper=high), frame, scope)
        limit = _single(high if low is None or high is not None else low, frame, scope)
        sides = (limit, sign, variate) if censored.kind == "interval" else (variate, sign, limit)
        result = Code(f"{' '.join(sides)} ? {mass.code.at_least(SUM)} : {result.at_least(TERNARY)}", TERNARY)
    return result


def _closed_mass(dist: Dist, frame: Frame, scope: Scope) -> Value:
    """Return the log probability of an interval whose row has both tails in closed form."""
    if row_named(dist.row).kind == "discrete":
        return log_count_mass(dist, frame, scope)
    mass = log_mass(dist, frame, scope)
    assert mass is not None
    return mass


def _single(expr: Expr | None, frame: Frame, scope: Scope) -> str:
    assert expr is not None
    return compiled(expr, frame, scope).code.at_least(SUM)


def _stan_mass(row: Distribution, dist: Dist, args: list[Value], frame: Frame, scope: Scope) -> Code:
    """Return the log probability of the interval by Stan's own distribution functions, as ``T[a, b]`` has it."""
    assert isinstance(row.stan, Spelling)
    low, high = cdf_bounds(dist, frame, scope)
    given = ", ".join(arg.code.text for arg in args)
    below = low if row.kind == "continuous" or not low else shifted(Code(low, SUM), -1).text

    def at(word: str, bound: str) -> str:
        assert isinstance(row.stan, Spelling)
        return f"{row.stan.name}_{word}({bound} | {given})"

    if not high and row.kind == "discrete" and row.lower == ZERO and _is(dist.lower, 1):
        # One minus the probability of zero: Stan's own distribution function loses it where it is small.
        suffix = f"{row.stan.name}_lpmf(0 | {given})"
        return call("log1m_exp", suffix)
    if not high:
        return Code(at("lccdf", below))
    if not low:
        return Code(at("lcdf", high))
    return call("log_diff_exp", at("lcdf", high), at("lcdf", below))


def draw(dist: Dist, frame: Frame, scope: Scope) -> Value:
    """Return a call of a ``_rng`` function: one draw, or, where the frame is vectorised, an array of them."""
    if dist.censored is not None:
        return _limited(draw(replace(dist, censored=None), frame, scope), dist.censored, frame, scope)
    if dist.truncated:
        from hiercomp.backends.stan.within import draw_within  # noqa: PLC0415

        return draw_within(dist, frame, scope)
    if dist.parts:
        from hiercomp.backends.stan import mixtures  # noqa: PLC0415

        return mixtures.draw(dist, frame, scope, draw)
    row = row_named(dist.row)
    spelling = _spelling(row, row.rng, dist, "generator of draws for", scope)
    if not spelling.name:
        raise refuse(f"nothing can be drawn from {row.name}", dist.span, row.doc, "use a proper distribution")
    args = [column(arg) if row.multivariate else arg for arg in _arguments(dist, spelling, frame, scope)]
    elem = "int" if row.kind == "discrete" else "real"
    code = _rng(spelling, args)
    if not frame.over:
        if not row.multivariate and any(arg.rank for arg in args):
            raise CannotVectorise
        result = call("abs", code) if row.half else code
        form = ("scalar", "vector" if elem == "real" else "array", "matrix")[row.event_rank]
        return Value(result, form, elem, 0, row.event_rank)
    ranked = [arg for arg in args if arg.rank]
    if row.half or row.multivariate or not row.stan_vectorised or len(frame.over) > 1:
        raise CannotVectorise
    if any((arg.lead, arg.rank) != (1, 1) for arg in ranked):
        raise CannotVectorise
    if not ranked:
        whole_numbers = all(param.counts for param in row.params)
        code = _rng(spelling, _spread(args, frame, scope, whole_numbers=whole_numbers))
    return Value(code, "array", elem, 1, 1)


def _limited(value: Value, censored: Censoring, frame: Frame, scope: Scope) -> Value:
    """Return a draw as it would be observed: no further than the limits."""
    if censored.kind == "interval":
        return value
    if value.rank:
        raise CannotVectorise
    # Of integers, Stan's fmax and fmin make reals.
    words = ("max", "min") if value.elem == "int" else ("fmax", "fmin")
    for word, end in zip(words, (censored.lower, censored.upper), strict=True):
        if end is not None:
            value = Value(call(word, value.code, _single(end, frame, scope)), elem=value.elem)
    return value


def _rng(spelling: Spelling, args: Sequence[Value]) -> Code:
    return call(f"{spelling.name}_rng", *(arg.code for arg in args))


def _spread(args: list[Value], frame: Frame, scope: Scope, *, whole_numbers: bool) -> list[Value]:
    """Return the arguments with one of them repeated: that is how ``_rng`` functions learn how many draws to make."""
    count = extent(frame.over[0], scope, compiled)
    for place, arg in enumerate(args):
        if arg.elem == "real":
            return [*args[:place], Value(call("rep_vector", arg.code, count), "vector"), *args[place + 1 :]]
    if not args:
        raise CannotVectorise
    word = "rep_array" if whole_numbers else "rep_vector"
    return [Value(call(word, args[0].code, count), "vector"), *args[1:]]
