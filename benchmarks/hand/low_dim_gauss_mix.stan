// log(theta f1 + (1 - theta) f2) = log(theta f1) + log(1 + exp(d)), with d quadratic in y: the first sum needs the mean
// and the variance of y alone, and the second is a logistic regression on y and y^2. Its answers are free to choose, as
// log(1 + exp(d)) = d + log(1 + exp(-d)); right and left of the mean, they keep it off -20, from where on Stan's function
// leaves out terms of 2e-9 and less. Where that does not hold, far from the posterior, the sum is taken term by term.
data {
  int<lower=0> N;
  vector[N] y;
}
transformed data {
  matrix[N, 2] X = append_col(y, y .* y);
  real y_mean = mean(y);
  real y_min = min(y);
  real y_max = max(y);
  real half_ss = 0.5 * dot_self(y - y_mean);
  real half_N = 0.5 * N;
  array[N] int right;
  row_vector[2] right_sum = [0, 0];
  for (n in 1 : N) {
    right[n] = y[n] > y_mean;
    right_sum += right[n] * X[n];
  }
  int n_right = sum(right);
}
parameters {
  ordered[2] mu;
  array[2] real<lower=0> sigma;
  real<lower=0, upper=1> theta;
}
model {
  real p1 = inv_square(sigma[1]);
  real p2 = inv_square(sigma[2]);
  real log_sigma = log(sigma[1]);
  real c = log_sigma - log(sigma[2]) - logit(theta) + 0.5 * (p1 * square(mu[1]) - p2 * square(mu[2]));
  vector[2] s = [p2 * mu[2] - p1 * mu[1], 0.5 * (p1 - p2)]';
  real turn = -0.5 * s[1] / s[2];
  real at_mean = c + (s[1] + s[2] * y_mean) * y_mean;
  mu ~ normal(0, 2);
  sigma ~ normal(0, 2);
  theta ~ beta(5, 5);
  target += N * (log(theta) - log_sigma) - p1 * (half_ss + half_N * square(y_mean - mu[1]));
  if (at_mean < 20 && at_mean > -20
      && c + (s[1] + s[2] * y_min) * y_min < 20 && c + (s[1] + s[2] * y_max) * y_max > -20
      && !(turn > y_min && turn < y_mean && c + 0.5 * s[1] * turn > 20)
      && !(turn > y_mean && turn < y_max && c + 0.5 * s[1] * turn < -20)) {
    target += n_right * c + right_sum * s - bernoulli_logit_glm_lpmf(right | X, c, s);
  } else {
    target += log1p_exp(c + X * s);
  }
}
