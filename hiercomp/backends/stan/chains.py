"""Hidden Markov chains: the states are summed out by the forward algorithm, and drawn one after the other."""

from __future__ import annotations

from hiercomp.backends.printing import ATOM, Code, call
from hiercomp.backends.stan import mixtures, two_normals
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import assignable, extent
from hiercomp.backends.stan.mixtures import Density, Draw
from hiercomp.backends.stan.naming import unused
from hiercomp.backends.stan.reductions import loop
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import CannotVectorise, Value, algebra, column, refuse
from hiercomp.expr import Expr
from hiercomp.model.chains import at_position
from hiercomp.model.ir import Dist

_FORWARD = (
    "// log density of a series whose hidden states move on; all are logarithms",
    "real {name}(vector start, matrix transition, matrix emitted) {{",
    "  int K = rows(emitted);",
    "  vector[K] reached = start + col(emitted, 1);",
    "  for (t in 2:cols(emitted)) {{",
    "    vector[K] moved;",
    "    for (k in 1:K) {{",
    "      vector[K] from = reached + col(transition, k);",
    "      // where no state leads to k, derivatives would be no numbers",
    "      moved[k] = max(from) == negative_infinity() ? negative_infinity() : log_sum_exp(from);",
    "    }}",
    "    reached = moved + col(emitted, t);",
    "  }}",
    "  return log_sum_exp(reached);",
    "}}",
)


def log_density(lhs: Expr, dist: Dist, scope: Scope, frame: Frame, density: Density) -> Code:
    """Return the log density of one series; `density` is that of an emission, which lines before put into a matrix.

    Raises:
        CannotVectorise: several series at once.
    """
    if frame.over:
        raise CannotVectorise
    if frame.before is None or dist.along is None:
        raise refuse("a hidden Markov chain needs a loop where Stan has no place for one", dist.span, "HMM", "")
    if not scope.plain and two_normals.fits(dist, scope):
        given = _initial(dist, frame, scope) or call("rep_vector", "1", "2")
        try:
            series, mu, sigma = two_normals.arguments(lhs, dist, frame, scope)
        except CannotVectorise:
            pass  # not whole vectors: position by position, as other emissions
        else:
            return two_normals.log_density(series, given, _matrix(dist, frame, scope), mu, sigma, scope)
    name = frame.fresh("emitted", scope)
    place, at = at_position(lhs, dist), scope.loops[dist.along.var]
    body: list[str] = []
    for number, part in enumerate(dist.parts, start=1):
        inner = Frame((), [], frame.locals)
        row = str(number) if part.binder is None else scope.loops[part.binder.var]
        lines = [f"{name}[{row}, {at}] = {density(place, part.dist, scope, inner).text};"]
        lines = [*(inner.before or ()), *lines]
        body += lines if part.binder is None else loop([part.binder], lines, scope, compiled)
    length = extent(dist.along, scope, compiled)
    frame.before.append(f"matrix[{_states(dist, scope)}, {length}] {name};")
    frame.before.extend(loop([dist.along], body, scope, compiled))
    given = _initial(dist, frame, scope)
    start = call("rep_vector", "0", _states(dist, scope)) if given is None else call("log", given)
    transition = call("log", _matrix(dist, frame, scope))
    return call(_helper(scope), start, transition, name)


def draw(lhs: Expr, dist: Dist, frame: Frame, scope: Scope, one: Draw) -> list[str]:
    """Return the statements that draw one series; `one` draws an emission. Without a first state all are as likely."""
    if frame.over:
        raise CannotVectorise
    assert frame.before is not None
    assert dist.along is not None
    state, at = frame.fresh("state", scope), scope.loops[dist.along.var]
    count = _states(dist, scope)
    start = _initial(dist, frame, scope) or call("rep_vector", Code(f"1.0 / {count}"), count)
    inner = Frame((), [], frame.locals)
    emitted = mixtures.drawn_by(state, dist, inner, scope, one)
    target = assignable(at_position(lhs, dist), inner, scope, compiled)
    frame.before.append(f"int {state} = categorical_rng({start.text});")
    body = [
        f"if ({at} > 1) {{",
        f"  {state} = categorical_rng({_row(dist, state, frame, scope).text});",
        "}",
        *(inner.before or ()),
        f"{target.code.text} = {emitted.code.text};",
    ]
    return loop([dist.along], body, scope, compiled)


def _states(dist: Dist, scope: Scope) -> str:
    running = dist.parts[0].binder
    return str(len(dist.parts)) if running is None else extent(running, scope, compiled)


def _initial(dist: Dist, frame: Frame, scope: Scope) -> Code | None:
    """Return the probabilities of the first state, None where nothing is said of it."""
    given = dict(dist.args).get("initial")
    return None if given is None else column(algebra(compiled(given, frame.with_over(()), scope))).code


def _transition(dist: Dist, frame: Frame, scope: Scope) -> Value:
    return compiled(dict(dist.args)["transition"], frame.with_over(()), scope)


def _matrix(dist: Dist, frame: Frame, scope: Scope) -> Code:
    """Return the transition matrix; an array of vectors, as simplexes are, is put into one before."""
    value = _transition(dist, frame, scope)
    if value.form == "matrix":
        return value.code
    assert frame.before is not None
    name, states, row = frame.fresh("moves", scope), _states(dist, scope), frame.fresh("from", scope)
    frame.before.append(f"matrix[{states}, {states}] {name};")
    text = f"{name}[{row}] = {value.code.at_least(ATOM)}[{row}]';"
    frame.before.extend([f"for ({row} in 1:{states}) {{", f"  {text}", "}"])
    return Code(name)


def _row(dist: Dist, state: str, frame: Frame, scope: Scope) -> Code:
    value = _transition(dist, frame, scope)
    text = f"{value.code.at_least(ATOM)}[{state}]"
    return Code(f"{text}'" if value.form == "matrix" else text)


def _helper(scope: Scope) -> str:
    """Return the name of the function with the forward algorithm; it becomes part of the program."""
    name = unused("log_forward", scope.taken)
    scope.helpers.setdefault(name, [line.format(name=name) for line in _FORWARD])
    return name
