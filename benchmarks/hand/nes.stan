// As in kidscore_interaction.stan: a regression of ten rows, which have the least-squares fit, in place of N.
data {
  int<lower=0> N;
  vector[N] partyid7;
  vector[N] real_ideo;
  vector[N] race_adj;
  array[N] int<lower=1, upper=4> age_discrete;
  vector[N] educ1;
  vector[N] gender;
  vector[N] income;
}
transformed data {
  int K = 9;
  matrix[N, K] X;
  for (n in 1 : N) {
    X[n] = [1, real_ideo[n], race_adj[n], age_discrete[n] == 2, age_discrete[n] == 3, age_discrete[n] == 4, educ1[n],
            gender[n], income[n]];
  }
  vector[K] projected = qr_thin_Q(X)' * partyid7;
  real rss = dot_self(partyid7 - qr_thin_Q(X) * projected);
  matrix[K + 1, K] R = append_row(qr_thin_R(X), rep_row_vector(0, K));
  vector[K + 1] z = append_row(projected, sqrt(rss));
  int rest = N - K - 1;
}
parameters {
  vector[9] beta;
  real<lower=0> sigma;
}
model {
  z ~ normal_id_glm(R, 0, beta, sigma);
  target += -rest * log(sigma);
}
