// The forward algorithm on the scale of probabilities. Densities are taken relative to that of the likelier state, so
// that no factor exceeds one, and the forward probabilities are scaled up every eight steps.
data {
  int<lower=0> N;
  int<lower=0> K;
  vector[N] y;
}
parameters {
  simplex[2] theta1;
  simplex[2] theta2;
  positive_ordered[2] mu;
}
model {
  real t11 = theta1[1];
  real t12 = theta1[2];
  real t21 = theta2[1];
  real t22 = theta2[2];
  real f1 = 1;
  real f2 = 1;
  vector[N] d = (mu[2] - mu[1]) * (y - 0.5 * (mu[1] + mu[2]));
  mu[1] ~ normal(3, 1);
  mu[2] ~ normal(10, 1);
  y ~ normal(mu[1], 1);
  for (t in 1 : N) {
    if (t > 1) {
      real g1 = fma(f1, t11, f2 * t21);
      f2 = fma(f1, t12, f2 * t22);
      f1 = g1;
    }
    if (d[t] > 0) {
      target += d[t];
      f1 *= exp(-d[t]);
    } else {
      f2 *= exp(d[t]);
    }
    if (t % 8 == 0) {
      real total = f1 + f2;
      target += log(total);
      f1 /= total;
      f2 /= total;
    }
  }
  target += log(f1 + f2);
}
