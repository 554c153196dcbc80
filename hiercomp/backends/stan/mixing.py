"""Mixtures of two Normal distributions, whose log odds are quadratic in the observations."""

from __future__ import annotations

from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.indexing import extent
from hiercomp.backends.stan.rows import stem
from hiercomp.backends.stan.scope import Frame, Scope
from hiercomp.plan.ir import TermStep, TwoNormals

_SUM: str = """
// mixtures of two normal distributions: log(w f1 + (1 - w) f2) = log(w f1) + log(1 + exp(d)),
// where d is quadratic in y; as log(1 + exp(d)) = d + log(1 + exp(-d)), the answers of this
// logistic regression on y and y^2 are free to choose: those for which no term is large
real normal_mixture_sum(data matrix X, data real centre, real w, vector mu, vector sigma) {
  int N = rows(X);
  vector[2] m = mu - centre;
  vector[2] p = inv_square(sigma);
  real c = log(sigma[1]) - log(sigma[2]) - logit(w) + 0.5 * (p[1] * square(m[1]) - p[2] * square(m[2]));
  vector[2] s = [p[2] * m[2] - p[1] * m[1], 0.5 * (p[1] - p[2])]';
  real disc = square(s[1]) - 4 * s[2] * c;
  real low = negative_infinity();
  real high = positive_infinity();
  // d is positive between low and high, or outside of them
  int outside = s[2] > 0;
  if (s[2] == 0) {
    if (s[1] != 0) {
      low = -c / s[1];
    }
    outside = s[1] < 0 || (s[1] == 0 && c < 0);
  } else if (disc > 0) {
    real q = -0.5 * (s[1] + (s[1] > 0 ? sqrt(disc) : -sqrt(disc)));
    low = fmin(q / s[2], c / q);
    high = fmax(q / s[2], c / q);
  } else {
    outside = !outside;
  }
  array[N] int answers;
  for (n in 1:N) {
    answers[n] = (X[n, 1] > low && X[n, 1] < high) != outside;
  }
  return N * (log(w) - log(sigma[1])) - 0.5 * p[1] * (sum(X[ : , 2]) + N * square(m[1]))
    + sum(answers) * c + (to_row_vector(answers) * X) * s - bernoulli_logit_glm_lpmf(answers | X, c, s);
}
"""


def prepared(step: TermStep, scope: Scope) -> list[str]:
    """Return the statements that compute the observations about their mean and the squares of these."""
    scope.helpers["normal_mixture_sum"] = _SUM.strip().split("\n")
    (binder,) = step.binders
    centre, matrix = scope.extra(f"{stem(step)}_mean"), scope.extra(f"{stem(step)}_X")
    variate = compiled(step.lhs, Frame(step.binders), scope).code.text
    return [
        f"real {centre} = mean({variate});",
        f"matrix[{extent(binder, scope, compiled)}, 2] {matrix}"
        f" = append_col({variate} - {centre}, square({variate} - {centre}));",
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
