data {
  int<lower=0> N;
  array[N] int<lower=0, upper=1> switched;
  vector[N] dist;
  vector[N] arsenic;
}
transformed data {
  vector[N] c_dist = (dist - mean(dist)) / 100;
  vector[N] c_arsenic = arsenic - mean(arsenic);
  matrix[N, 3] X = append_col(append_col(c_dist, c_arsenic), c_dist .* c_arsenic);
}
parameters {
  real alpha;
  vector[3] beta;
}
model {
  switched ~ bernoulli_logit_glm(X, alpha, beta);
}
