// Houses of one county on one kind of floor have one mean. The likelihood is quadratic in the effects, so that what it
// needs of the 919 houses are weights of the effects, of their squares and of their products, county by county.
data {
  int<lower=0> N;
  int<lower=0> J;
  array[N] int<lower=1, upper=J> county_idx;
  array[N] int<lower=0, upper=1> floor_measure;
  vector[N] log_radon;
}
transformed data {
  vector[J] n = rep_vector(0, J);
  vector[J] n1 = rep_vector(0, J);
  vector[J] s = rep_vector(0, J);
  vector[J] s1 = rep_vector(0, J);
  real centre = mean(log_radon);
  for (i in 1 : N) {
    int j = county_idx[i];
    n[j] += 1;
    n1[j] += floor_measure[i];
    s[j] += log_radon[i] - centre;
    s1[j] += floor_measure[i] * (log_radon[i] - centre);
  }
  vector[J] root_n = sqrt(n);
  real ss = dot_self(log_radon - centre);
  real S1 = sum(s1);
  real N1 = sum(n1);
}
parameters {
  real<lower=0> sigma_y;
  real<lower=0> sigma_alpha;
  real<lower=0> sigma_beta;
  vector[J] alpha_raw;
  vector[J] beta_raw;
  real mu_alpha;
  real mu_beta;
}
model {
  real m = mu_alpha - centre;
  vector[J] upstairs = n1 .* beta_raw;
  // sum of (y - m - f mu_beta - sigma_alpha a - f sigma_beta b)^2, with y about its mean
  real squares = ss + N * square(m) + N1 * mu_beta * (mu_beta + 2 * m) - 2 * S1 * mu_beta
                 + square(sigma_alpha) * dot_self(root_n .* alpha_raw)
                 + square(sigma_beta) * dot_product(upstairs, beta_raw)
                 + 2 * (sigma_alpha * (m * dot_product(n, alpha_raw) + mu_beta * dot_product(n1, alpha_raw)
                                       - dot_product(s, alpha_raw))
                        + sigma_beta * ((m + mu_beta) * sum(upstairs) - dot_product(s1, beta_raw)
                                        + sigma_alpha * dot_product(upstairs, alpha_raw)));
  sigma_y ~ normal(0, 1);
  sigma_alpha ~ normal(0, 1);
  sigma_beta ~ normal(0, 1);
  alpha_raw ~ std_normal();
  beta_raw ~ std_normal();
  mu_alpha ~ normal(0, 10);
  mu_beta ~ normal(0, 10);
  target += -N * log(sigma_y) - 0.5 * squares * inv_square(sigma_y);
}
