// Houses of one county on one kind of floor have one mean. So their number, their mean and the sum of squares about it
// are sufficient: 145 rows in place of 919, each scaled by the root of its number of houses.
data {
  int<lower=0> N;
  int<lower=0> J;
  array[N] int<lower=1, upper=J> county_idx;
  array[N] int<lower=0, upper=1> floor_measure;
  vector[N] log_radon;
}
transformed data {
  array[2] vector[J] n = rep_array(rep_vector(0, J), 2);
  array[2] vector[J] centre = rep_array(rep_vector(0, J), 2);
  real rss = 0;
  for (i in 1 : N) {
    n[floor_measure[i] + 1, county_idx[i]] += 1;
    centre[floor_measure[i] + 1, county_idx[i]] += log_radon[i];
  }
  int cells = 0;
  int upstairs = 0;
  for (f in 1 : 2) {
    for (j in 1 : J) {
      if (n[f, j] > 0) {
        cells += 1;
        upstairs += f == 2;
        centre[f, j] /= n[f, j];
      }
    }
  }
  for (i in 1 : N) {
    rss += square(log_radon[i] - centre[floor_measure[i] + 1, county_idx[i]]);
  }
  array[cells] int county;
  vector[cells] root_n;
  vector[cells] z;
  {
    int cell = 0;
    for (f in 1 : 2) {
      for (j in 1 : J) {
        if (n[f, j] > 0) {
          cell += 1;
          county[cell] = j;
          root_n[cell] = sqrt(n[f, j]);
          z[cell] = root_n[cell] * centre[f, j];
        }
      }
    }
  }
  int ground = cells - upstairs;
  array[ground] int on_ground = county[1 : ground];
  array[upstairs] int above = county[ground + 1 : cells];
  int rest = N - cells;
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
  vector[J] alpha = mu_alpha + sigma_alpha * alpha_raw;
  sigma_y ~ normal(0, 1);
  sigma_alpha ~ normal(0, 1);
  sigma_beta ~ normal(0, 1);
  alpha_raw ~ std_normal();
  beta_raw ~ std_normal();
  mu_alpha ~ normal(0, 10);
  mu_beta ~ normal(0, 10);
  z ~ normal(root_n .* append_row(alpha[on_ground], alpha[above] + (mu_beta + sigma_beta * beta_raw[above])), sigma_y);
  target += -rest * log(sigma_y) - 0.5 * rss * inv_square(sigma_y);
}
