"""Statements: vectorised as far as they go, in loops where they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from hiercomp.backends.printing import SUM
from hiercomp.backends.stan.dists import density
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import assignable, fit, size
from hiercomp.backends.stan.reductions import at_once, loop
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import CannotVectorise, Value, refuse
from hiercomp.expr import Binder, Call, Choose, Expr, Index, Reduce, Ref, free_indices, names, number, walk
from hiercomp.model.ir import Dist
from hiercomp.plan.ir import AddStep, DefineStep, TermStep
from hiercomp.source import Span

type Build = Callable[[Frame], list[str]]

# A piecewise value stays a ternary up to this length; beyond, it becomes if and else.
_TERNARY_LIMIT = 72


def over_all(binders: Sequence[Binder], build: Build, scope: Scope, span: Span | None, what: str) -> list[str]:
    """Return the statements that `build` makes, for all values of the binders.

    `build` is tried with the last two index variables vectorised, then with one, then with none.

    Raises:
        CannotEmit: it cannot be said even element by element.
    """
    for tier in _tiers(binders):
        found: list[list[str]] = []
        for over in tier:
            frame = Frame(tuple(over), [])
            try:
                body = build(frame)
            except CannotVectorise:
                continue
            rest = [binder for binder in binders if binder not in over]
            lines = [*(frame.before or ()), *body]
            if rest:
                lines = loop(rest, lines, scope, compiled)
            elif frame.before:
                lines = ["{", *(f"  {line}" for line in lines), "}"]
            found.append(lines)
        if found:
            return min(found, key=lambda lines: sum(line.count("'") for line in lines))
    raise refuse(
        f"{what} is about arrays in a way that has no Stan form",
        span,
        "an operation on whole arrays",
        "give every name all its subscripts",
    )


def _tiers(binders: Sequence[Binder]) -> Iterator[list[Sequence[Binder]]]:
    if len(binders) > 1:
        yield [binders[-2:]] if all(_free(binder, binders) for binder in binders[-2:]) else []
    if binders:
        yield [[binder] for binder in reversed(binders) if _free(binder, binders)]
    yield [[]]


def _free(binder: Binder, binders: Sequence[Binder]) -> bool:
    """Tell whether the ranges of the other binders leave a binder alone."""
    bounds = [bound for other in binders for bound in (other.lo, other.hi) if bound is not None]
    return not any(binder.var in free_indices(bound) for bound in bounds)


def _inside(frame: Frame, build: Build) -> list[str]:
    """Return the statements of one case, with what has to run before them."""
    if frame.before is None:
        return build(frame)
    inner = Frame(frame.over, [], frame.locals)
    body = build(inner)
    return [*(inner.before or ()), *body]


def _prepared(frame: Frame, before: int) -> bool:
    """Say whether there are more lines to run before the statement than there were."""
    return frame.before is not None and len(frame.before) > before


def _forget(frame: Frame, before: int, local: int) -> None:
    """Take back what a statement that is written otherwise wanted to run before it."""
    if frame.before is not None:
        del frame.before[before:]
    del frame.locals[local:]


def by_case(cases: Sequence[tuple[Expr, list[str]]], otherwise: list[str], frame: Frame, scope: Scope) -> list[str]:
    """Return statements under conditions, which have to be single truths."""
    if not cases:
        return otherwise
    lines: list[str] = []
    for place, (when, body) in enumerate(cases):
        condition = compiled(when, frame, scope)
        if condition.rank:
            raise CannotVectorise
        head = "if" if place == 0 else "} else if"
        lines += [f"{head} ({condition.code.text}) {{", *(f"  {line}" for line in body)]
    rest = ["} else {", *(f"  {line}" for line in otherwise)] if otherwise else []
    return [*lines, *rest, "}"]


def term(step: TermStep, scope: Scope) -> list[str]:
    """Return the statements that add a term to the log density."""
    if step.form is not None:
        from hiercomp.backends.stan import forms  # noqa: PLC0415  (few models have as many rows)

        if code := forms.density(step, step.form, scope):
            return code

    def one(dist: Dist, frame: Frame) -> list[str]:
        return density(
            step.lhs,
            dist,
            frame,
            scope,
            constant_normaliser=step.constant_normaliser,
            declared=step.kind == "prior",
        )

    def build(frame: Frame) -> list[str]:
        if not step.cases:
            return one(step.dist, frame)
        cases = [(when, _inside(frame, partial(one, dist))) for when, dist in step.cases]
        return by_case(cases, _inside(frame, partial(one, step.dist)), frame, scope)

    lines = over_all(step.binders, build, scope, step.origin.span, step.origin.label)
    # A flat density adds nothing, not even an empty loop.
    return lines if any(line.rstrip().endswith(";") for line in lines) else []


def added(step: AddStep, scope: Scope) -> list[str]:
    """Return the statement that adds an expression to the log density."""

    def one(value: Expr, frame: Frame) -> list[str]:
        found = compiled(value, frame, scope)
        return [f"target += {f'sum({found.code.text})' if found.rank else found.code.text};"]

    def build(frame: Frame) -> list[str]:
        if frame.over:
            total = Reduce("sum", step.value, frame.over)
            return [f"target += {at_once(total, frame.with_over(()), scope, compiled).code.text};"]
        before = len(frame.before or ()), len(frame.locals)
        line = one(step.value, frame)
        if not isinstance(step.value, Choose) or not _prepared(frame, before[0]):
            return line
        # Nothing is computed where the condition does not hold: derivatives of what is not finite there are no numbers.
        _forget(frame, *before)
        cases = [(when, _inside(frame, partial(one, value))) for when, value in step.value.cases]
        rest = step.value.otherwise
        return by_case(cases, [] if rest == number(0) else _inside(frame, partial(one, rest)), frame, scope)

    return over_all(step.binders, build, scope, step.origin.span, step.origin.label)


def assignment(step: DefineStep, scope: Scope) -> list[str]:
    """Return the statements that compute a defined name, or a part of it."""

    def build(frame: Frame) -> list[str]:
        if frame.over and not names(step.value).isdisjoint((step.name, *step.cycle)):
            raise CannotVectorise
        target = assignable(Ref(step.name, step.subs), frame, scope, compiled)
        if target.lead < len(frame.over):
            raise CannotVectorise
        return _assigned(target, step, step.value, frame, scope)

    if step.binders and any(isinstance(node, Call) and node.func == "matvec" for node in walk(step.value)):
        from hiercomp.backends.stan.hoisting import products_first  # noqa: PLC0415  (few models have such products)

        if hoisted := products_first(step, scope):
            before, inner = hoisted
            lines = [*before, *assignment(inner, scope)]
            *outer, _ = step.binders
            return loop(outer, lines, scope, compiled) if outer else ["{", *(f"  {line}" for line in lines), "}"]
    return over_all(step.binders, build, scope, step.origin.span, step.name)


def _assigned(target: Value, step: DefineStep, value: Expr, frame: Frame, scope: Scope) -> list[str]:
    if isinstance(value, Choose):
        before = len(frame.before or ()), len(frame.locals)
        try:
            line = _assign(target, step, value, frame, scope)
        except CannotVectorise:
            line = ""
        if line and not _prepared(frame, before[0]) and len(line) <= _TERNARY_LIMIT:
            return [line]
        _forget(frame, *before)

        def piece(part: Expr) -> list[str]:
            return _inside(frame, lambda inner: _assigned(target, step, part, inner, scope))

        return by_case([(when, piece(part)) for when, part in value.cases], piece(value.otherwise), frame, scope)
    return [_assign(target, step, value, frame, scope)]


def _assign(target: Value, step: DefineStep, value: Expr, frame: Frame, scope: Scope) -> str:
    result = fit(compiled(value, frame, scope), target)
    if result.form == "scalar" and target.rank:
        text = _repeated(target, step, result, scope)
    elif (result.form, result.lead, result.rank) != (target.form, target.lead, target.rank):
        raise CannotVectorise
    else:
        text = result.code.text
    if target.elem == "int" and result.elem == "real":
        raise refuse(
            f"{step.name} has to be an integer, but Stan computes it as a real",
            step.origin.span,
            "a real number",
            "give it as data",
        )
    return f"{target.code.text} = {text};"


def _repeated(target: Value, step: DefineStep, value: Value, scope: Scope) -> str:
    """Return one number repeated to fill a whole quantity."""
    if "[" in target.code.text:
        raise CannotVectorise
    sizes = ", ".join(size(axis, scope, compiled).text for axis in step.axes)
    word = {"vector": "rep_vector", "row": "rep_row_vector", "matrix": "rep_matrix", "array": "rep_array"}
    if target.form not in word:
        raise CannotVectorise
    return f"{word[target.form]}({value.code.text}, {sizes})"


def whole(step: DefineStep) -> bool:
    """Tell whether a step defines all of its name at once."""
    full = all(binder.lo is None and binder.hi is None for binder in step.binders)
    plain = [sub.var for sub in step.subs if isinstance(sub, Index)]
    return full and len(plain) == len(step.subs) == len(set(plain))


def constraint(lower: Expr | None, upper: Expr | None, binders: tuple[Binder, ...], rank: int, scope: Scope) -> str:
    """Return ``<lower=a, upper=b>``; bounds that vary with an index variable are vectors.

    Raises:
        CannotVectorise: a bound has no such form.
    """
    parts: list[str] = []
    for word, bound in (("lower", lower), ("upper", upper)):
        if bound is None:
            continue
        over = tuple(binder for binder in binders if binder.var in free_indices(bound))
        value = compiled(bound, Frame(over), scope)
        if value.rank and (value.rank != rank or value.form not in ("vector", "matrix")):
            raise CannotVectorise
        parts.append(f"{word}={value.code.at_least(SUM)}")
    return f"<{', '.join(parts)}>" if parts else ""
