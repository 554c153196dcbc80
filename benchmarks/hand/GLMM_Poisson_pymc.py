import numpy as np
import pymc as pm
import pytensor.tensor as pt


def build_model(data):
    counts, year = np.asarray(data["C"], float), np.asarray(data["year"], float)
    year2, year3 = year**2, year**3
    with pm.Model(check_bounds=False) as model:
        alpha = pm.Uniform("alpha", -20, 20)
        beta1 = pm.Uniform("beta1", -10, 10)
        beta2 = pm.Uniform("beta2", -10, 20)
        beta3 = pm.Uniform("beta3", -10, 10)
        sigma = pm.Uniform("sigma", 0, 5)
        eps = pm.Normal("eps", 0, sigma, shape=year.size)
        eta = alpha + beta1 * year + beta2 * year2 + beta3 * year3 + eps
        pm.Potential("likelihood", pt.sum(counts * eta - pt.exp(eta)))
    return model
