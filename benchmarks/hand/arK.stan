// As in kidscore_interaction.stan: the lagged values are data, so the likelihood is a regression, here of K + 2 rows.
data {
  int<lower=0> K;
  int<lower=0> T;
  vector[T] y;
}
transformed data {
  int N = T - K;
  matrix[N, K + 1] X;
  X[ : , 1] = rep_vector(1, N);
  for (k in 1 : K) {
    X[ : , k + 1] = y[K + 1 - k : T - k];
  }
  vector[K + 1] projected = qr_thin_Q(X)' * y[K + 1 : T];
  real rss = dot_self(y[K + 1 : T] - qr_thin_Q(X) * projected);
  matrix[K + 2, K + 1] R = append_row(qr_thin_R(X), rep_row_vector(0, K + 1));
  vector[K + 2] z = append_row(projected, sqrt(rss));
  int rest = N - K - 2;
}
parameters {
  real alpha;
  vector[K] beta;
  real<lower=0> sigma;
}
model {
  vector[K + 1] coefficients = append_row(alpha, beta);
  coefficients ~ normal(0, 10);
  sigma ~ cauchy(0, 2.5);
  z ~ normal_id_glm(R, 0, coefficients, sigma);
  target += -rest * log(sigma);
}
