import numpy as np
import pymc as pm


def build_model(data):
    y, sigma = np.asarray(data["y"], float), np.asarray(data["sigma"], float)
    with pm.Model(check_bounds=False) as model:
        mu = pm.Normal("mu", 0, 5)
        tau = pm.HalfCauchy("tau", 5)
        theta = pm.Normal("theta", mu, tau, shape=y.size)
        pm.Normal("y", theta, sigma, observed=y)
    return model
