data {
  int<lower=0> n;
  array[n] int<lower=0> C;
  vector[n] year;
}
transformed data {
  matrix[n, 3] X = append_col(append_col(year, year .* year), year .* year .* year);
}
parameters {
  real<lower=-20, upper=20> alpha;
  real<lower=-10, upper=10> beta1;
  real<lower=-10, upper=20> beta2;
  real<lower=-10, upper=10> beta3;
  vector[n] eps;
  real<lower=0, upper=5> sigma;
}
model {
  eps ~ normal(0, sigma);
  C ~ poisson_log_glm(X, alpha + eps, [beta1, beta2, beta3]');
}
