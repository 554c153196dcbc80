"""Houses of one county on one kind of floor have one mean: their number, mean and squares about it suffice."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt


def build_model(data):
    counties = int(data["J"])
    county, floor = np.asarray(data["county_idx"]) - 1, np.asarray(data["floor_measure"])
    y = np.asarray(data["log_radon"], float)
    cell = county + counties * floor
    houses = np.bincount(cell, minlength=2 * counties).astype(float)
    centre = np.bincount(cell, y, 2 * counties) / np.maximum(houses, 1)
    rss = np.sum((y - centre[cell]) ** 2)
    # A county without such houses weighs nothing, which costs less than to pick the others out.
    (n0, n1), (centre0, centre1) = houses.reshape(2, -1), centre.reshape(2, -1)
    with pm.Model(check_bounds=False) as model:
        sigma_y = pm.HalfNormal("sigma_y", 1)
        sigma_alpha = pm.HalfNormal("sigma_alpha", 1)
        sigma_beta = pm.HalfNormal("sigma_beta", 1)
        alpha_raw = pm.Normal("alpha_raw", 0, 1, shape=counties)
        beta_raw = pm.Normal("beta_raw", 0, 1, shape=counties)
        mu_alpha = pm.Normal("mu_alpha", 0, 10)
        mu_beta = pm.Normal("mu_beta", 0, 10)
        ground = mu_alpha + sigma_alpha * alpha_raw
        above = ground + mu_beta + sigma_beta * beta_raw
        squares = rss + pt.sum(n0 * (centre0 - ground) ** 2 + n1 * (centre1 - above) ** 2)
        pm.Potential("likelihood", -y.size * pt.log(sigma_y) - 0.5 * squares / sigma_y**2)
    return model
