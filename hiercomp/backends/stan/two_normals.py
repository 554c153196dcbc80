"""Hidden Markov chains with two states that emit from normal distributions: the forward algorithm in scalars."""

from __future__ import annotations

from hiercomp.backends.printing import Code, call
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.values import algebra, column
from hiercomp.expr import VECTOR, Expr, Reduce, Stack, free_indices
from hiercomp.model.chains import all_lead_on, at_position
from hiercomp.model.ir import Dist
from hiercomp.plan.predictors import VECTOR_TYPE

# Logarithms of normal densities are quadratic: for both states, at all positions, they are one product of a matrix of
# data and few unknowns. A local variable of the model block would make that a matrix of unknowns, an argument does not.
POWERS: str = """
// 1, and the first and second powers of observations about their mean
matrix powers(vector y) {
  return append_col(append_col(rep_vector(1, rows(y)), y - mean(y)), square(y - mean(y)));
}
"""
_FORWARD: str = """
// log density of a series whose hidden states move on between two normal distributions; X are the
// powers of the observations about their mean `centre`. Densities are taken relative to that of
// the likelier state, so that no factor exceeds one, and the forward probabilities are scaled up
// when they get small
real two_normal_states(matrix X, real centre, vector start, matrix transition, vector mu, vector sigma) {
  int N = rows(X);
  matrix[3, 2] log_density;
  for (k in 1:2) {
    real m = mu[k] - centre;
    real p = inv_square(sigma[k]);
    log_density[ : , k] = [-0.5 * (log(2 * pi()) + p * square(m)) - log(sigma[k]), p * m, -0.5 * p]';
  }
  vector[N] log_odds = X * (log_density[ : , 2] - log_density[ : , 1]);
  array[N] int second;  // the second state is the likelier one
  real to11 = transition[1, 1];
  real to12 = transition[1, 2];
  real to21 = transition[2, 1];
  real to22 = transition[2, 2];
  real reached1 = start[1];
  real reached2 = start[2];
  real total = 0;
  for (n in 1:N) {
    if (n > 1) {
      real moved = fma(reached1, to11, reached2 * to21);
      reached2 = fma(reached1, to12, reached2 * to22);
      reached1 = moved;
    }
    second[n] = log_odds[n] > 0;
    if (second[n]) {
      reached1 *= exp(-log_odds[n]);
    } else {
      reached2 *= exp(log_odds[n]);
    }
    if (reached1 < 1e-100 && reached2 < 1e-100) {
      real scale = reached1 + reached2;
      total += log(scale);
      reached1 /= scale;
      reached2 /= scale;
    }
  }
  return total + log(reached1 + reached2) + (to_row_vector(second) * X) * log_density[ : , 2]
    + ((1 - to_row_vector(second)) * X) * log_density[ : , 1];
}
"""


def fits(dist: Dist, scope: Scope) -> bool:
    """Say whether a chain has two states that lead to each other and emit normally, at all positions alike."""
    assert dist.along is not None
    running = dist.parts[0].binder
    count = len(dist.parts) if running is None else scope.sets[running.set].length
    if count != 2 or (running is not None and (running.lo is not None or running.hi is not None)):
        return False
    plain = all(part.dist.row == "Normal" and _is_alone(part.dist) for part in dist.parts)
    values = [value for part in dist.parts for _, value in part.dist.args]
    alike = all(dist.along.var not in free_indices(value) for value in values)
    return plain and alike and all_lead_on(dict(dist.args)["transition"], scope.shapes)


def _is_alone(dist: Dist) -> bool:
    return not (dist.truncated or dist.parts or dist.censored is not None or dist.weight is not None)


def arguments(lhs: Expr, dist: Dist, frame: Frame, scope: Scope) -> tuple[Code, Code, Code]:
    """Return the series, and means and scales of both states, as vectors.

    Raises:
        CannotVectorise: one of them is no vector.
    """
    assert dist.along is not None
    series = column(algebra(compiled(at_position(lhs, dist), frame.with_over((dist.along,)), scope))).code
    given = [dict(part.dist.args) for part in dist.parts]
    mu, sigma = (_by_state(dist, [args[name] for args in given], frame, scope) for name in ("mean", "sd"))
    return series, mu, sigma


def log_density(series: Code, start: Code, transition: Code, mu: Code, sigma: Code, scope: Scope) -> Code:
    """Return the log density of one series; probabilities of states are no logarithms."""
    scope.helpers["powers"] = POWERS.strip().split("\n")
    scope.helpers["two_normal_states"] = _FORWARD.strip().split("\n")
    return call("two_normal_states", call("powers", series), call("mean", series), start, transition, mu, sigma)


def _by_state(dist: Dist, values: list[Expr], frame: Frame, scope: Scope) -> Code:
    """Return a parameter of both states as one vector."""
    running = dist.parts[0].binder
    if running is not None:
        every: Expr = Reduce(VECTOR, values[0], (running,), VECTOR_TYPE)
    else:
        every = Stack(tuple(values), VECTOR_TYPE)
    return column(algebra(compiled(every, frame.with_over(()), scope))).code
