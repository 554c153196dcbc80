// Trials with equal predictors are one binomial observation.
data {
  int<lower=0> n_dogs;
  int<lower=0> n_trials;
  array[n_dogs, n_trials] int<lower=0, upper=1> y;
}
transformed data {
  array[n_trials, n_trials] int trials = rep_array(0, n_trials, n_trials);
  array[n_trials, n_trials] int shocks = rep_array(0, n_trials, n_trials);
  int cells = 0;
  for (j in 1 : n_dogs) {
    int shock = 0;
    for (t in 1 : n_trials) {
      int avoid = t - 1 - shock;
      cells += trials[avoid + 1, shock + 1] == 0;
      trials[avoid + 1, shock + 1] += 1;
      shocks[avoid + 1, shock + 1] += y[j, t];
      shock += y[j, t];
    }
  }
  matrix[cells, 3] X;
  array[cells] int n;
  array[cells] int s;
  {
    int cell = 0;
    for (a in 1 : n_trials) {
      for (b in 1 : n_trials) {
        if (trials[a, b] > 0) {
          cell += 1;
          X[cell] = [1, a - 1, b - 1];
          n[cell] = trials[a, b];
          s[cell] = shocks[a, b];
        }
      }
    }
  }
}
parameters {
  vector[3] beta;
}
model {
  beta ~ normal(0, 100);
  s ~ binomial_logit(n, X * beta);
}
