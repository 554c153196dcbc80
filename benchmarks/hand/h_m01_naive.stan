// As programs in use have it: eta anew for each problem and alternative offered.
data {
  int<lower=1> J;
  int<lower=1> P;
  int<lower=2> K;
  int<lower=1> D;
  int<lower=2> R;
  int<lower=1> M;
  int<lower=1> O;
  matrix[J, P] X;
  array[R] vector[D] w;
  array[M] int<lower=1, upper=J> cell;
  array[M] int<lower=1> n_offered;
  array[O] int<lower=1, upper=R> offered;
  array[M] int<lower=1> y;
}
parameters {
  real gamma0;
  vector[P] gamma;
  real<lower=0> sigma_cell;
  vector[J] z;
  array[J] matrix[K, D] beta;
  simplex[K - 1] delta;
}
model {
  vector[J] alpha = exp(gamma0 + X * gamma + sigma_cell * z);
  vector[K] upsilon = append_row(0, cumulative_sum(delta));
  int first = 1;
  gamma0 ~ normal(3, 1);
  gamma ~ normal(0, 1);
  sigma_cell ~ normal(0, 0.5);
  z ~ std_normal();
  for (j in 1 : J) {
    to_vector(beta[j]) ~ std_normal();
  }
  for (m in 1 : M) {
    vector[n_offered[m]] eta;
    for (i in 1 : n_offered[m]) {
      eta[i] = dot_product(softmax(beta[cell[m]] * w[offered[first + i - 1]]), upsilon);
    }
    y[m] ~ categorical_logit(alpha[cell[m]] * eta);
    first += n_offered[m];
  }
}
