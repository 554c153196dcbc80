// The four treatments have one level each. The priors b ~ normal(0, 1 / sqrt(tau)) and tau ~ gamma(0.001, 0.001) are
// taken together: (I / 2 + 0.001 - 1) log(tau) - tau (0.001 + |b|^2 / 2).
data {
  int<lower=0> I;
  array[I] int<lower=0> n;
  array[I] int<lower=0> N;
  array[I] int<lower=0, upper=1> x1;
  array[I] int<lower=0, upper=1> x2;
}
transformed data {
  array[I] int group;
  for (i in 1 : I) group[i] = 1 + x1[i] + 2 * x2[i];
  real shape = 0.5 * I + 0.001 - 1;
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
  real both = alpha0 + alpha1;
  vector[4] level = [alpha0, both, alpha0 + alpha2, both + alpha2 + alpha12]';
  target += shape * log(tau) - tau * (0.001 + 0.5 * dot_self(b));
  [alpha0, alpha1, alpha2, alpha12] ~ normal(0, 1000);
  n ~ binomial_logit(N, level[group] + b);
}
