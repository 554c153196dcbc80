data {
  int<lower=0> I;
  array[I] int<lower=0> n;
  array[I] int<lower=0> N;
  vector[I] x1;
  vector[I] x2;
}
transformed data {
  matrix[I, 4] X = append_col(append_col(rep_vector(1, I), x1), append_col(x2, x1 .* x2));
}
parameters {
  real alpha0;
  real alpha1;
  real alpha12;
  real alpha2;
  real<lower=0> tau;
  vector[I] b;
}
model {
  vector[4] alpha = [alpha0, alpha1, alpha2, alpha12]';
  alpha ~ normal(0, 1000);
  tau ~ gamma(0.001, 0.001);
  b ~ normal(0, inv_sqrt(tau));
  n ~ binomial_logit(N, X * alpha + b);
}
