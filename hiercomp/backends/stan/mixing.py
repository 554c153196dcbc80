"""Mixtures of two Normal distributions, whose log odds are quadratic in the observations."""

from __future__ import annotations

from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import extent
from hiercomp.backends.stan.rows import stem
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.backends.stan.two_normals import POWERS
from hiercomp.plan.ir import TermStep, TwoNormals

_SUM: str = """
// mixtures of two normal distributions: log(w f1 + (1 - w) f2) = log(w f1) + log(1 + exp(d)),
// where d is quadratic in y; X are the powers 0 to 2 of y about its mean `centre`; in
// log(1 + exp(d)) = max(d, 0) + log(1 + exp(-|d|)) no term is large, and the second one is a
// logistic regression on X of answers that are all 0
real normal_mixture_sum(data matrix X, data real centre, real w, vector mu, vector sigma) {
  int N = rows(X);
  vector[2] m = mu - centre;
  vector[2] p = inv_square(sigma);
  vector[3] s = [
    log(sigma[1]) - log(sigma[2]) - logit(w) + 0.5 * (p[1] * square(m[1]) - p[2] * square(m[2])),
    p[2] * m[2] - p[1] * m[1], 0.5 * (p[1] - p[2])
  ]';
  // the roots of d, without derivatives for every y: d is positive between them, or outside
  real disc = square(s[2]) - 4 * s[3] * s[1];
  real low = negative_infinity();
  real high = positive_infinity();
  int outside = s[3] > 0;
  if (s[3] == 0) {
    if (s[2] != 0) {
      low = -s[1] / s[2];
    }
    outside = s[2] < 0 || (s[2] == 0 && s[1] < 0);
  } else if (disc > 0) {
    real q = -0.5 * (s[2] + (s[2] > 0 ? sqrt(disc) : -sqrt(disc)));
    low = fmin(q / s[3], s[1] / q);
    high = fmax(q / s[3], s[1] / q);
  } else {
    outside = !outside;
  }
  array[N] int second;  // the second component is the likelier one
  for (n in 1:N) {
    second[n] = (X[n, 2] > low && X[n, 2] < high) != outside;
  }
  return N * (log(w) - log(sigma[1])) - 0.5 * p[1] * (sum(X[ : , 3]) + N * square(m[1]))
    + (to_row_vector(second) * X) * s
    - bernoulli_logit_glm_lpmf(rep_array(0, N)
        | diag_pre_multiply(1 - 2 * to_vector(second), X), 0, s);
}
"""


def prepared(step: TermStep, scope: Scope) -> list[str]:
    """Return the statements that compute the observations about their mean and the squares of these."""
    scope.helpers["powers"] = POWERS.strip().split("\n")
    scope.helpers["normal_mixture_sum"] = _SUM.strip().split("\n")
    (binder,) = step.binders
    centre, matrix = scope.extra(f"{stem(step)}_mean"), scope.extra(f"{stem(step)}_X")
    variate = compiled(step.lhs, Frame(step.binders), scope).code.text
    return [
        f"real {centre} = mean({variate});",
        f"matrix[{extent(binder, scope, compiled)}, 3] {matrix} = powers({variate});",
    ]


def density(step: TermStep, form: TwoNormals, scope: Scope) -> list[str]:
    """Return the statement that adds the log density of all rows, up to a constant."""
    centre, matrix = scope.extra(f"{stem(step)}_mean"), scope.extra(f"{stem(step)}_X")
    weight = compiled(form.weight, Frame(), scope).code.text
    pairs = [
        f"[{', '.join(compiled(part, Frame(), scope).code.text for part in pair)}]'"
        for pair in (form.means, form.scales)
    ]
    return [f"target += normal_mixture_sum({matrix}, {centre}, {weight}, {pairs[0]}, {pairs[1]});"]
