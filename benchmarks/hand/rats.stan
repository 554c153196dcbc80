// All rats are weighed at the same times, whose mean is xbar. So a rat's mean weight and its least-squares slope are
// independent, with standard deviations sigma_y / sqrt(times) and sigma_y / sqrt(sum (x - xbar)^2), and sufficient.
data {
  int<lower=0> N;
  int<lower=0> Npts;
  array[Npts] int<lower=1, upper=N> rat;
  vector[Npts] x;
  vector[Npts] y;
  real xbar;
}
transformed data {
  vector[N] n = rep_vector(0, N);
  vector[N] sx = rep_vector(0, N);
  vector[N] sxx = rep_vector(0, N);
  vector[N] mean_weight = rep_vector(0, N);
  vector[N] slope = rep_vector(0, N);
  real rss = 0;
  for (i in 1 : Npts) {
    n[rat[i]] += 1;
    sx[rat[i]] += x[i] - xbar;
    sxx[rat[i]] += square(x[i] - xbar);
    mean_weight[rat[i]] += y[i];
    slope[rat[i]] += (x[i] - xbar) * y[i];
  }
  if (min(n) != max(n) || min(sxx) != max(sxx) || min(sx) != 0 || max(sx) != 0) {
    reject("the rats are not weighed at the same times, or xbar is not the mean of these");
  }
  mean_weight ./= n;
  slope ./= sxx;
  for (i in 1 : Npts) {
    rss += square(y[i] - mean_weight[rat[i]] - slope[rat[i]] * (x[i] - xbar));
  }
  real per_mean = inv_sqrt(n[1]);
  real per_slope = inv_sqrt(sxx[1]);
  int rest = Npts - 2 * N;
}
parameters {
  vector[N] alpha;
  vector[N] beta;
  real mu_alpha;
  real mu_beta;
  real<lower=0> sigma_y;
  real<lower=0> sigma_alpha;
  real<lower=0> sigma_beta;
}
model {
  mu_alpha ~ normal(0, 100);
  mu_beta ~ normal(0, 100);
  alpha ~ normal(mu_alpha, sigma_alpha);
  beta ~ normal(mu_beta, sigma_beta);
  mean_weight ~ normal(alpha, per_mean * sigma_y);
  slope ~ normal(beta, per_slope * sigma_y);
  target += -rest * log(sigma_y) - 0.5 * rss * inv_square(sigma_y);
}
