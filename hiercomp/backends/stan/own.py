"""Densities that Stan 2.27 lacks, or computes less exactly than the others: functions that programs get."""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.backends.stan.calls import called
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.expr import Call, Const

# Stan 2.27 derives the logarithm of the normal distribution function, which its own function takes, to a few digits.
_ORDERED_NORMAL = """
// the log probability of a category of an ordered probit, by the tail that is nearer
real ordered_normal_lpmf(int y, real eta, vector cutpoints) {
  int last = num_elements(cutpoints);
  if (y == 1) {
    return log_Phi(cutpoints[1] - eta);
  } else if (y > last) {
    return log_Phi(eta - cutpoints[last]);
  } else if (cutpoints[y - 1] > eta) {
    return log_diff_exp(log_Phi(eta - cutpoints[y - 1]), log_Phi(eta - cutpoints[y]));
  }
  return log_diff_exp(log_Phi(cutpoints[y] - eta), log_Phi(cutpoints[y - 1] - eta));
}
"""

# Rising factorials by their logarithms, as in Mosimann (1962).
_POLYA_COUNTS = """
// the log probability of counts whose probabilities vary as a Dirichlet variate
real polya_counts_lpmf(array[] int y, vector concentration) {
  vector[num_elements(y)] counts = to_vector(y);
  return lgamma(sum(counts) + 1) + lgamma(sum(concentration)) - lgamma(sum(concentration) + sum(counts))
    + sum(lgamma(counts + concentration) - lgamma(concentration) - lgamma(counts + 1));
}
"""

_GEOMETRIC = """
// the log probability of the number of trials up to and including the first success
real geometric_trials_lpmf(int y, real p) {
  return y < 1 ? negative_infinity() : y == 1 ? log(p) : log(p) + (y - 1) * log1m(p);
}

int geometric_trials_rng(real p) {
  return 1 + (p < 1 ? neg_binomial_rng(1, p / (1 - p)) : 0);
}
"""

# The plane of vectors that sum to zero has one dimension less than these: so has the normaliser.
_ZERO_SUM_NORMAL = """
// the log density of independent normals of mean zero, given that they sum to zero
real zero_sum_normal_lpdf(vector x, real sd) {
  int free = num_elements(x) - 1;
  return -0.5 * dot_self(x) / square(sd) - free * (log(sd) + 0.5 * log(2 * pi()));
}
"""

# By the name of the density: its text, and the functions of the catalogue that it calls.
_OWN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "geometric_trials": (_GEOMETRIC, ()),
    "ordered_normal": (_ORDERED_NORMAL, ("log_Phi",)),
    "polya_counts": (_POLYA_COUNTS, ()),
    "zero_sum_normal": (_ZERO_SUM_NORMAL, ()),
}


def add_own(name: str, scope: Scope) -> None:
    """Add the density `name` to the functions of the program, where Stan has none."""
    if name not in _OWN or name in scope.helpers:
        return
    text, needed = _OWN[name]
    for function in needed:
        called(Call(function, (Const(0.0, "0"),)), Frame(), scope, compiled)
    scope.helpers[name] = text.strip().split("\n")
