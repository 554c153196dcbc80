"""All rats are weighed at the same times, whose mean is xbar: their mean weights and slopes are sufficient."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt


def build_model(data):
    rats, xbar = int(data["N"]), float(data["xbar"])
    rat = np.asarray(data["rat"]) - 1
    x, y = np.asarray(data["x"], float) - xbar, np.asarray(data["y"], float)
    times, sxx = np.bincount(rat, minlength=rats), np.bincount(rat, x * x, rats)
    if np.ptp(times) or np.ptp(sxx) or np.any(np.bincount(rat, x, rats)):
        raise ValueError("the rats are not weighed at the same times, or xbar is not the mean of these")
    weight, slope = np.bincount(rat, y, rats) / times, np.bincount(rat, x * y, rats) / sxx
    rss = np.sum((y - weight[rat] - slope[rat] * x) ** 2)
    with pm.Model(check_bounds=False) as model:
        mu_alpha = pm.Normal("mu_alpha", 0, 100)
        mu_beta = pm.Normal("mu_beta", 0, 100)
        sigma_y = pm.HalfFlat("sigma_y")
        sigma_alpha = pm.HalfFlat("sigma_alpha")
        sigma_beta = pm.HalfFlat("sigma_beta")
        alpha = pm.Normal("alpha", mu_alpha, sigma_alpha, shape=rats)
        beta = pm.Normal("beta", mu_beta, sigma_beta, shape=rats)
        squares = rss + pt.sum(times[0] * (weight - alpha) ** 2 + sxx[0] * (slope - beta) ** 2)
        pm.Potential("likelihood", -y.size * pt.log(sigma_y) - 0.5 * squares / sigma_y**2)
    return model
