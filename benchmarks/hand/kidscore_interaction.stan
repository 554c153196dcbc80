// The data enter through the least-squares fit alone: with X = Q R and z = Q' y,
//   |y - X beta|^2 = |z - R beta|^2 + rss,
// a regression of five rows in place of N. The fifth row holds rss.
data {
  int<lower=0> N;
  vector[N] kid_score;
  vector[N] mom_hs;
  vector[N] mom_iq;
}
transformed data {
  matrix[N, 4] X = append_col(append_col(rep_vector(1, N), mom_hs), append_col(mom_iq, mom_hs .* mom_iq));
  vector[4] projected = qr_thin_Q(X)' * kid_score;
  real rss = dot_self(kid_score - qr_thin_Q(X) * projected);
  matrix[5, 4] R = append_row(qr_thin_R(X), rep_row_vector(0, 4));
  vector[5] z = append_row(projected, sqrt(rss));
  int rest = N - 5;
}
parameters {
  vector[4] beta;
  real<lower=0> sigma;
}
model {
  sigma ~ cauchy(0, 2.5);
  z ~ normal_id_glm(R, 0, beta, sigma);
  target += -rest * log(sigma);
}
