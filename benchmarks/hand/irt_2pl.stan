// A generalised linear model for each item, with the abilities as its predictor: the slopes are taken item by item, not
// answer by answer.
data {
  int<lower=0> I;
  int<lower=0> J;
  array[I, J] int<lower=0, upper=1> y;
}
parameters {
  real<lower=0> sigma_theta;
  vector[J] theta;
  real<lower=0> sigma_a;
  vector<lower=0>[I] a;
  real mu_b;
  real<lower=0> sigma_b;
  vector[I] b;
}
model {
  matrix[J, 1] ability = to_matrix(theta);
  vector[I] intercept = -a .* b;
  [sigma_theta, sigma_a, sigma_b] ~ cauchy(0, 2);
  theta ~ normal(0, sigma_theta);
  a ~ lognormal(0, sigma_a);
  mu_b ~ normal(0, 5);
  b ~ normal(mu_b, sigma_b);
  for (i in 1 : I) {
    y[i] ~ bernoulli_logit_glm(ability, intercept[i], a[i : i]);
  }
}
